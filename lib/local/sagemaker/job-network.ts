import { networkInterfaces } from 'node:os';
import { ClusterNetwork } from '../containers/cluster-network';
import type { ContainerSpec } from '../containers/container-process';
import type { Containers } from '../containers/containers';
import type { Engine } from '../containers/engine';
import type { Host } from './hosts';

export interface JobNetworkProps {
  readonly containers: Containers;
  readonly jobName: string;
  readonly hosts: readonly Host[];
  readonly isIsolated: boolean;
  /** Where this machine has S3. */
  readonly s3Endpoint: string;
}

/** How the containers of a job reach one another and this machine. */
export class JobNetwork {
  /** @throws EngineError: why there is none */
  public static async open(props: JobNetworkProps): Promise<JobNetwork> {
    const { containers, jobName, hosts } = props;
    return new JobNetwork(props, hosts.length === 1 ? undefined : await ClusterNetwork.create(containers, jobName, hosts.map(({ name }) => name)));
  }

  /** What resourceconfig.json calls it. */
  public readonly interfaceName: string;
  /** S3 as the containers reach it; nothing where they don't. */
  public readonly s3Endpoint?: string;
  private readonly network: 'none' | 'host' | 'bridge';

  private constructor({ containers: { engine }, isIsolated, s3Endpoint }: JobNetworkProps, private readonly cluster?: ClusterNetwork) {
    this.network = isIsolated ? 'none' : wayOut(engine);
    this.interfaceName = cluster !== undefined || this.network === 'bridge' ? 'eth0' : this.network === 'none' ? 'lo' : interfaceHere();
    this.s3Endpoint = isIsolated || cluster !== undefined ? undefined : endpointFromContainer(engine, s3Endpoint);
  }

  public of(host: Host): Pick<ContainerSpec, 'network' | 'hostname' | 'hosts'> {
    return { network: this.cluster?.place(host.name) ?? this.network, hostname: host.name, hosts: this.cluster?.addresses ?? { [host.name]: '127.0.0.1' } };
  }

  /** When its containers are gone. */
  public async close(): Promise<void> {
    await this.cluster?.remove();
  }
}

/** The network by which a container reaches what this machine reaches. */
export const wayOut = (engine: Engine) => (engine.sharesHostNetwork ? 'host' : 'bridge');

/** An endpoint at 127.0.0.1 of this machine, as a container on that network has it. */
export function endpointFromContainer(engine: Engine, endpoint: string): string {
  return engine.sharesHostNetwork ? endpoint : endpoint.replace('//127.0.0.1', `//host.${engine.name === 'podman' ? 'containers' : 'docker'}.internal`);
}

/** As on an instance where there is one of that name. */
function interfaceHere(): string {
  const names = Object.entries(networkInterfaces()).filter(([, addresses]) => addresses?.some(({ internal }) => !internal) === true).map(([name]) => name);
  return names.includes('eth0') ? 'eth0' : names[0] ?? 'lo';
}
