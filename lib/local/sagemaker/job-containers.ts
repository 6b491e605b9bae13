import { lstat, readdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { hasGpus } from '../../limits/instance-memory';
import { ContainerProcess, type ContainerSpec, type Mount } from '../containers/container-process';
import type { Containers } from '../containers/containers';
import type { Engine } from '../containers/engine';
import type { ProcessEnd } from '../process-group';
import { cannotStartContainer, reasonOfEntrypoint } from './failure-reason';
import type { HostLogs } from './host-logs';
import type { Host } from './hosts';
import { gpusHere, memoryHere } from './instance-here';
import { JobNetwork } from './job-network';
import { awsVariables, type Machine } from './machine';
import type { Program } from './program-run';

export interface JobContainersProps {
  readonly containers: Containers;
  readonly machine: Machine;
  readonly logs: HostLogs;
  readonly jobName: string;
  /** As the engine has it. */
  readonly image: string;
  /** As the request has it. */
  readonly imageUri: string;
  readonly entrypoint?: readonly string[];
  readonly args?: readonly string[];
  readonly hosts: readonly Host[];
  readonly isIsolated: boolean;
}

/** Of one of them. */
export interface HostContainer {
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  readonly failureFile?: string;
}

/** The containers of a job, one a host, and the network that they share. */
export class JobContainers {
  /** @throws EngineError: why they can't be run */
  public static async open(props: JobContainersProps): Promise<JobContainers> {
    const { containers, machine, hosts, logs, jobName, isIsolated } = props;
    const canHaveGpus = await gpusHere(containers.engine, hosts.map(({ instanceType }) => instanceType), 'the job runs', (line) => logs.note(line));
    const network = await JobNetwork.open({ containers, jobName, hosts, isIsolated, s3Endpoint: machine.s3Endpoint });
    if (hosts.length > 1 && !isIsolated) { logs.note(`${hosts.length} hosts have a network of their own here, without a way out: neither S3 nor anything else is reached from them.`); }
    return new JobContainers(props, network, canHaveGpus);
  }

  private constructor(private readonly props: JobContainersProps, private readonly network: JobNetwork, private readonly canHaveGpus: boolean) {}

  /** What resourceconfig.json calls the network. */
  public get interfaceName(): string {
    return this.network.interfaceName;
  }

  public program(host: Host, { mounts, environment, failureFile }: HostContainer): Program {
    const { containers, machine, logs, jobName, image, entrypoint, args } = this.props;
    const memory = memoryHere(host.instanceType);
    const spec: ContainerSpec = {
      name: containers.name(`${jobName}-${host.name}`),
      label: containers.label,
      folder: machine.folder,
      image, entrypoint, args, mounts,
      environment: { ...this.awsVariables(), ...environment },
      memory,
      // As Linux has it for a machine.
      sharedMemory: Math.floor((memory ?? totalmem()) / 2),
      gpus: this.canHaveGpus && hasGpus(host.instanceType),
      ...this.network.of(host),
    };
    return {
      log: logs.host(host.name),
      host: host.name,
      failureFile,
      start: (onOutput) => new ContainerProcess(containers.engine, spec, onOutput),
      reasonOf: (end, said) => this.reasonOf(end, said),
    };
  }

  /** When they have ended. */
  public close(): Promise<void> {
    return this.network.close();
  }

  private awsVariables(): Record<string, string> {
    const { machine, hosts, isIsolated } = this.props;
    const { s3Endpoint } = this.network;
    if (s3Endpoint !== undefined) { return awsVariables({ ...machine, s3Endpoint }); }
    return isIsolated || hosts.length === 1 ? { AWS_REGION: machine.region } : { AWS_REGION: machine.region, AWS_DEFAULT_REGION: machine.region };
  }

  private reasonOf(end: ProcessEnd, said: string): string {
    const { imageUri, entrypoint, args } = this.props;
    return cannotStartContainer(end, said, ['docker run', imageUri, ...entrypoint ?? [], ...args ?? []].join(' ')) ?? reasonOfEntrypoint(end, said, '/opt/ml');
  }
}

export interface FolderToTake {
  readonly engine: Engine;
  readonly label: string;
  readonly image: string;
  readonly folder: string;
  readonly log: (line: string) => void;
  /** @default the user of this process */
  readonly uid?: number;
}

/** Makes a folder's files ours that a container has written as another user, of which we could neither read nor remove all. */
export async function takeOver({ engine, label, image, folder, log, uid = process.getuid?.() }: FolderToTake): Promise<void> {
  if (uid === undefined || uid === 0 || !await hasFilesOfOthers(folder, uid)) { return; }
  // The folder itself is ours, by whatever number the container knows us.
  const script = 'chown -R "$(stat -c %u:%g "$0")" "$0"';
  await engine.call(['run', '--rm', '--label', label, '--network', 'none', '--pull', 'never', '--security-opt', 'label=disable', '--user', '0', '--volume', `${folder}:/job`, '--entrypoint', '/bin/sh', image, '-c', script, '/job'])
    .catch((error: Error) => log(`Files in ${folder} belong to another user, and stay so: ${error.message}`));
}

async function hasFilesOfOthers(folder: string, uid: number): Promise<boolean> {
  for (const name of await readdir(folder).catch(() => [])) {
    const info = await lstat(join(folder, name)).catch(() => undefined);
    if (info !== undefined && (info.uid !== uid || (info.isDirectory() && await hasFilesOfOthers(join(folder, name), uid)))) { return true; }
  }
  return false;
}
