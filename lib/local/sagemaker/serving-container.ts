import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ContainerProcess, type Mount } from '../containers/container-process';
import type { Containers } from '../containers/containers';
import { wayIn, type WayIn } from '../containers/way-in';
import type { OnOutput } from '../running';
import type { ServedContainer, ServedFor } from './container-server';
import { engineRefusal } from './failure-reason';
import { gpusHere, memoryHere } from './instance-here';
import type { JobLog } from './job-log';
import { endpointFromContainer } from './job-network';
import { letRead } from './left-files';
import { awsVariables, type Machine } from './machine';
import { ProgramServer, type StartedServer } from './program-server';
import { servingScriptOf } from './script';

/** A model server as SageMaker has it: the image run with the argument `serve`, listening at port 8080 in its container. */
export class ServingContainer extends ProgramServer {
  private wayIn?: WayIn;

  /** @param image as the engine knows it */
  constructor(servedFor: ServedFor, served: ServedContainer, machine: Machine, log: JobLog, folder: string, protected readonly containers: Containers, private readonly image: string) {
    super(servedFor, served, machine, log, folder);
  }

  public override async stop(drainMilliseconds: number): Promise<void> {
    await super.stop(drainMilliseconds);
    await this.wayIn?.close();
  }

  protected async begin(onOutput: OnOutput): Promise<StartedServer> {
    const mounts = await this.mounts();
    // Isolation cuts the container off, but for what SageMaker asks it.
    const way = this.wayIn = await wayIn(this.containers, PORT, this.served.isIsolated);
    const { engine } = this.containers;
    const gpus = await gpusHere(engine, [this.servedFor.instanceType], 'the model is served', (line) => this.log.note(line));
    this.abort.signal.throwIfAborted();
    const running = new ContainerProcess(engine, {
      name: this.containers.name('serving'), label: this.containers.label, folder: this.machine.folder, image: this.image, args: ['serve'],
      environment: this.environment(), mounts, hostname: this.served.hasNeighbours ? this.served.name : undefined,
      memory: this.servedFor.memory ?? memoryHere(this.servedFor.instanceType), gpus, ...way.spec,
    }, onOutput);
    return {
      running,
      address: way.address(running),
      listensWhenReady: false,
      asInside: (text) => text,
      hint: () => `It must listen at port ${PORT}, at 0.0.0.0.`,
      notStarted: engineRefusal,
    };
  }

  /** Brings what the container is to find. The model's data is read-only, as at SageMaker; without any, the image keeps what it has there. */
  protected async mounts(): Promise<Mount[]> {
    await this.ml.make([this.ml.code, this.ml.model]);
    const hasModel = await this.bringModelData();
    const hasCode = await this.bringCode();
    await letRead(this.ml.model);
    return hasModel || hasCode ? [{ from: this.ml.model, to: '/opt/ml/model', readOnly: true }] : [];
  }

  protected environment(): Record<string, string> {
    const { definition, hasNeighbours } = this.served;
    return {
      ...this.awsVariables(),
      ...hasNeighbours && { SAGEMAKER_BIND_TO_PORT: String(PORT) },
      ...definition.Environment,
      ...isInS3(definition.Environment) && { SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
    };
  }

  private awsVariables(): Record<string, string> {
    const { machine, containers: { engine } } = this;
    if (this.served.isIsolated) { return { AWS_REGION: machine.region }; }
    const { AWS_ENDPOINT_URL_S3, S3_ENDPOINT_URL, ...others } = awsVariables({ ...machine, s3Endpoint: endpointFromContainer(engine, machine.s3Endpoint) });
    // On a bridge of this machine's own nobody listens for it; a virtual machine's has a way to 127.0.0.1 outside.
    return engine.sharesHostNetwork ? others : { ...others, AWS_ENDPOINT_URL_S3: AWS_ENDPOINT_URL_S3 as string, S3_ENDPOINT_URL: S3_ENDPOINT_URL as string };
  }

  /** A script's archive in S3 goes where AWS's toolkits look for code that is there already: the container needs no S3. */
  private async bringCode(): Promise<boolean> {
    const script = servingScriptOf(this.served.definition.Environment);
    if (script === undefined || !isInS3(this.served.definition.Environment)) { return false; }
    await this.ml.bringCode(this.machine.s3, script);
    const folder = join(this.ml.model, 'code');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await cp(this.ml.code, folder, { recursive: true, verbatimSymlinks: true });
    return true;
  }
}

const isInS3 = (environment: Readonly<Record<string, string>> | undefined) => servingScriptOf(environment)?.directory?.startsWith('s3://') === true;
const PORT = 8080;
