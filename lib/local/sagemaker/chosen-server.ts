import { EngineError } from '../containers/engine';
import type { Invocation } from '../sagemaker-api';
import { ServiceError } from '../service-error';
import type { ContainerServer, ServedContainer, ServedFor, ServingAnswer } from './container-server';
import { JobFailure } from './failure-reason';
import type { JobLog } from './job-log';
import type { Machine } from './machine';
import { MultiModelContainer } from './multi-model-container';
import { MultiModelServer } from './multi-model-server';
import { checkServedAsProcess } from './process-serving-rules';
import { ServingContainer } from './serving-container';
import { ServingProcess } from './serving-process';

/** Serves a container of a model: in a container where its image can be had, otherwise as a process. */
export class ChosenServer implements ContainerServer {
  private readonly abort = new AbortController();
  private chosen?: ContainerServer;

  constructor(private readonly servedFor: ServedFor, private readonly served: ServedContainer, private readonly machine: Machine, private readonly log: JobLog, private readonly folder: string) {}

  public get isRunning(): boolean {
    return this.chosen?.isRunning ?? false;
  }

  public async start(): Promise<void> {
    this.chosen = await this.choose();
    await this.chosen.start();
  }

  public invoke(invocation: Invocation, timeout?: number): Promise<ServingAnswer> {
    return this.started.invoke(invocation, timeout);
  }

  public executionParameters(): Promise<Buffer | undefined> {
    return this.started.executionParameters();
  }

  public async stop(drainMilliseconds: number): Promise<void> {
    this.abort.abort();
    if (this.chosen === undefined) { return this.log.finish(); }
    await this.chosen.stop(drainMilliseconds);
  }

  private get started(): ContainerServer {
    if (this.chosen === undefined) { throw new Error('the model is not loaded'); }
    return this.chosen;
  }

  private async choose(): Promise<ContainerServer> {
    const { servedFor, served, machine, log, folder } = this;
    const why = whyNotAsProcess(served, machine);
    const image = await this.image(why !== undefined);
    this.abort.signal.throwIfAborted();
    const isMultiModel = served.definition.Mode === 'MultiModel';
    if (image !== undefined && machine.containers !== undefined) {
      return isMultiModel ? new MultiModelContainer(servedFor, served, machine, log, folder, machine.containers, image) : new ServingContainer(servedFor, served, machine, log, folder, machine.containers, image);
    }
    if (why !== undefined) { throw new JobFailure(why); }
    return isMultiModel ? new MultiModelServer(servedFor, served, machine, log, folder) : new ServingProcess(servedFor, served, machine, log, folder);
  }

  private async image(isNeeded: boolean): Promise<string | undefined> {
    try {
      return await this.machine.containers?.image(this.served.definition.Image as string, { isNeeded, log: (line) => this.log.note(line), signal: this.abort.signal });
    } catch (error) {
      this.abort.signal.throwIfAborted();
      throw error instanceof EngineError ? new JobFailure(error.message) : error;
    }
  }
}

function whyNotAsProcess({ definition }: ServedContainer, machine: Machine): string | undefined {
  try {
    checkServedAsProcess(definition, machine);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) { return error.message; }
    throw error;
  }
}
