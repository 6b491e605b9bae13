import { EngineError } from '../containers/engine';
import type { Invocation } from '../sagemaker-api';
import type { ContainerServer, ServedContainer, ServedFor, ServingAnswer } from './container-server';
import { JobFailure } from './failure-reason';
import type { JobLog } from './job-log';
import type { Machine } from './machine';
import { MultiModelContainer } from './multi-model-container';
import { MultiModelServer } from './multi-model-server';
import { checkServedAsProcess } from './process-serving-rules';
import { ServingContainer } from './serving-container';
import { ServingProcess } from './serving-process';
import { imageToRun } from './where-to-run';

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
    const isMultiModel = served.definition.Mode === 'MultiModel';
    const image = await this.image();
    this.abort.signal.throwIfAborted();
    if (image === undefined || machine.containers === undefined) { return isMultiModel ? new MultiModelServer(servedFor, served, machine, log, folder) : new ServingProcess(servedFor, served, machine, log, folder); }
    const Server = isMultiModel ? MultiModelContainer : ServingContainer;
    return new Server(servedFor, served, machine, log, folder, machine.containers, image);
  }

  private async image(): Promise<string | undefined> {
    const { served: { definition }, machine, log, abort: { signal } } = this;
    try {
      return await imageToRun({ machine, signal, whose: '', imageUri: definition.Image as string, checkAsProcess: () => checkServedAsProcess(definition, machine), log: (line) => log.note(line) });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof EngineError ? new JobFailure(error.message) : error;
    }
  }
}
