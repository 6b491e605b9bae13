import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Invocation } from '../sagemaker-api';
import { JobLog } from './job-log';
import type { Machine } from './machine';
import { ModelServer, type ModelAnswer } from './model-server';
import type { VariantState } from './state-file';

/** An instance of a variant: the servers of its model, started again when they have died. */
export class Instance {
  /** One that is started again is still the same. */
  private readonly id = `i-0${randomBytes(8).toString('hex')}`;
  private server?: ModelServer;
  /** Being started again; all who ask meanwhile wait for the same. */
  private revival?: Promise<ModelServer>;
  private stopped = false;
  private idle: () => void = () => undefined;
  /** Requests under way. */
  public underway = 0;

  constructor(private readonly state: VariantState, private readonly endpointName: string, private readonly machine: Machine, private readonly folder: string) {}

  /** @throws JobFailure */
  public async start(): Promise<void> {
    await this.startServer();
  }

  /** Asks the model; one that has died is started again first, as SageMaker does with a container. Counted from the call on, so that nobody ends it meanwhile. */
  public async invoke(invocation: Invocation, timeout?: number): Promise<ModelAnswer> {
    this.underway += 1;
    try {
      return await this.ask(invocation, timeout);
    } finally {
      this.underway -= 1;
      if (this.underway === 0) { this.idle(); }
    }
  }

  /** Lets requests under way come to their end, for a while, then ends the processes. */
  public async stop(drainMilliseconds: number): Promise<void> {
    if (this.underway > 0 && drainMilliseconds > 0) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([new Promise<void>((resolve) => { this.idle = resolve; }), new Promise((resolve) => { timer = setTimeout(resolve, drainMilliseconds); })]);
      clearTimeout(timer);
    }
    this.stopped = true;
    await this.server?.stop(0);
  }

  private async ask(invocation: Invocation, timeout?: number): Promise<ModelAnswer> {
    const server = await this.alive();
    try {
      return await server.invoke(invocation, timeout);
    } catch (error) {
      // Nobody listens: it has died a moment ago, and has not seen the request.
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || this.stopped) { throw error; }
      await server.stop(0);
      return (await this.alive()).invoke(invocation, timeout);
    }
  }

  private alive(): Promise<ModelServer> {
    if (this.server !== undefined && (this.server.isRunning || this.stopped)) { return Promise.resolve(this.server); }
    this.revival ??= this.revive().finally(() => { this.revival = undefined; });
    return this.revival;
  }

  private async revive(): Promise<ModelServer> {
    await this.server?.stop(0);
    return this.startServer();
  }

  private async startServer(): Promise<ModelServer> {
    if (this.stopped) { throw new Error('the endpoint is ending'); }
    const { variant, model } = this.state;
    const name = variant.VariantName as string;
    const folder = join(this.folder, `${name}-${randomBytes(4).toString('hex')}`);
    const logOf = (suffix: string) => new JobLog(this.machine.logs.stream(`/aws/sagemaker/Endpoints/${this.endpointName}`, `${name}/${this.id}${suffix}`));
    const kind = this.state.isShadow === true ? 'shadow' : 'production';
    const megabytes = variant.ServerlessConfig?.MemorySizeInMB;
    const servedFor = {
      name: `${kind} variant ${name}`, startupSeconds: variant.ContainerStartupHealthCheckTimeoutInSeconds, instanceType: variant.InstanceType, memory: megabytes === undefined ? undefined : megabytes * 1024 * 1024,
    };
    const server = new ModelServer(servedFor, model, this.machine, logOf, folder);
    this.server = server;
    await server.start();
    return server;
  }
}
