import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Invocation } from '../sagemaker-api';
import { ServiceError } from '../service-error';
import type { ContainerServer, ServedContainer, ServedFor, ServingAnswer } from './container-server';
import { JobFailure } from './failure-reason';
import type { JobLog } from './job-log';
import type { Machine } from './machine';
import { ServingProcess } from './serving-process';

/** How many models are loaded at once; the one that was asked longest ago goes first. */
const MOST_LOADED = 8;
const DRAIN = 60_000;

/** A multi-model container without a container: a process for each artifact below its prefix, loaded when it is first asked. */
export class MultiModelServer implements ContainerServer {
  /** By artifact, the one asked last at the end. */
  private readonly loaded = new Map<string, Promise<ServingProcess>>();
  private stopped = false;

  constructor(private readonly servedFor: ServedFor, private readonly served: ServedContainer, private readonly machine: Machine, private readonly log: JobLog, private readonly folder: string) {}

  public get isRunning(): boolean { return !this.stopped; }

  /** Nothing is loaded before it is asked. */
  public start(): Promise<void> { return Promise.resolve(); }

  public executionParameters(): Promise<undefined> { return Promise.resolve(undefined); }

  public async invoke(invocation: Invocation, timeout?: number): Promise<ServingAnswer> {
    return (await this.model(targetModelOf(invocation))).invoke(invocation, timeout);
  }

  public async stop(drainMilliseconds: number): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.loaded.values()].map((model) => model.then((process) => process.stop(drainMilliseconds), () => undefined)));
    this.log.finish();
  }

  private async model(name: string): Promise<ServingProcess> {
    const loading = this.loaded.get(name) ?? this.load(name);
    this.loaded.delete(name);
    this.loaded.set(name, loading);
    this.unloadOldest();
    try {
      const process = await loading;
      if (process.isRunning) { return process; }
      this.forget(name, loading);
      return await this.model(name);                                  // has died: loaded again
    } catch (error) {
      this.forget(name, loading);
      throw error instanceof JobFailure ? loadFailure(name, error) : error;
    }
  }

  private async load(name: string): Promise<ServingProcess> {
    const definition = { ...this.served.definition, Mode: 'SingleModel' as const, ModelDataUrl: `${this.served.definition.ModelDataUrl?.replace(/\/?$/, '/')}${name}` };
    const process = new ServingProcess(this.servedFor, { ...this.served, definition }, this.machine, this.log, join(this.folder, `model-${randomBytes(4).toString('hex')}`));
    this.log.note(`Loading model ${name}`);
    await process.start();
    return process;
  }

  private unloadOldest(): void {
    const [[name, model] = []] = this.loaded;
    if (this.loaded.size <= MOST_LOADED || name === undefined || model === undefined) { return; }
    this.loaded.delete(name);
    this.log.note(`Unloading model ${name}`);
    void model.then((process) => process.stop(DRAIN), () => undefined);
  }

  private forget(name: string, loading: Promise<ServingProcess>): void {
    if (this.loaded.get(name) === loading) { this.loaded.delete(name); }
  }
}

/** Which model a request is for. @throws ServiceError */
export function targetModelOf({ targetModel }: Invocation): string {
  if (targetModel === undefined) { throw new ServiceError('ValidationError', 'TargetModel must be specified for a multi-model endpoint.'); }
  return targetModel;
}

export function loadFailure(name: string, { message }: JobFailure): ServiceError {
  return new ServiceError('ModelError', `Failed to load model ${name}: ${message}`, 424, { OriginalStatusCode: 500, OriginalMessage: message });
}
