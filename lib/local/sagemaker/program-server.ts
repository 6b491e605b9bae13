import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../containers/engine';
import type { ContainerAddress } from '../containers/way-in';
import type { ProcessEnd } from '../process-group';
import { PythonEnvironmentError } from '../python-environment';
import type { OnOutput, Running } from '../running';
import type { Invocation } from '../sagemaker-api';
import type { ContainerServer, ServedContainer, ServedFor, ServingAnswer } from './container-server';
import { cutAtStart, JobFailure, lastWords, LONGEST_REASON } from './failure-reason';
import type { JobLog } from './job-log';
import type { Machine } from './machine';
import { ModelClient } from './model-client';
import { bringModel, OptMl } from './opt-ml';

/** A model server that has been started. */
export interface StartedServer {
  readonly running: Pick<Running, 'end' | 'hasEnded' | 'stop'>;
  /** Where it listens, as soon as that is known; nothing when it has ended before. */
  readonly address: Promise<ContainerAddress | undefined>;
  /** It listens only when it is ready; any other is asked until it answers, as SageMaker asks. */
  readonly listensWhenReady: boolean;
  /** A text of its, as it would be in a container. */
  readonly asInside: (text: string) => string;
  /** Put after the sentence that it has not answered in time. */
  readonly hint: () => string;
  /** Why it could not be started, by how it has ended and what was said; nothing when it could. */
  readonly notStarted?: (end: ProcessEnd, said: string) => string | undefined;
}

/** A program with a model, from its start through its health checks to its end. */
export abstract class ProgramServer implements ContainerServer {
  protected readonly ml: OptMl;
  protected readonly abort = new AbortController();
  protected readonly client = new ModelClient();
  private started?: StartedServer;
  private comingUp?: Promise<void>;

  constructor(
    protected readonly servedFor: ServedFor,
    protected readonly served: ServedContainer,
    protected readonly machine: Machine,
    protected readonly log: JobLog,
    protected readonly folder: string,
  ) {
    this.ml = new OptMl(join(folder, 'opt', 'ml'));
  }

  /** @throws JobFailure with the reason why the model can't be served */
  public async start(): Promise<void> {
    try {
      await (this.comingUp = this.bringUp());
    } catch (error) {
      await this.stop(0);
      throw error instanceof PythonEnvironmentError || error instanceof EngineError ? new JobFailure(error.message) : error;
    }
  }

  public get isRunning(): boolean {
    return this.started !== undefined && !this.started.running.hasEnded;
  }

  public executionParameters(): Promise<Buffer | undefined> {
    return this.client.executionParameters();
  }

  public invoke(invocation: Invocation, timeout?: number): Promise<ServingAnswer> {
    return this.client.invoke(invocation, timeout);
  }

  /** Lets requests under way come to their end, for a while, then ends the program. */
  public async stop(drainMilliseconds: number): Promise<void> {
    this.abort.abort();
    await this.client.drain(drainMilliseconds);
    await this.started?.running.stop(GRACE);
    await this.comingUp?.catch(() => undefined);          // from here on nobody writes to the folder
    this.log.finish();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Starts the program; the model's data is there. @throws JobFailure, PythonEnvironmentError, EngineError: why it can't */
  protected abstract begin(onOutput: OnOutput): Promise<StartedServer>;

  /** @returns whether there is any */
  protected async bringModelData(): Promise<boolean> {
    const source = this.served.definition.ModelDataSource?.S3DataSource;
    const uri = this.served.definition.ModelDataUrl ?? source?.S3Uri;
    if (uri !== undefined) { await bringModel(this.machine.s3, uri, source?.CompressionType !== 'None', this.ml.model); }
    return uri !== undefined;
  }

  private async bringUp(): Promise<void> {
    let errors = '';
    const started = await this.begin((chunk, stream) => {
      this.log.append(chunk, stream);
      if (stream === 'stderr') { errors = (errors + chunk.toString()).slice(-64 * 1024); }
    });
    this.started = started;
    await this.waitUntilHealthy(started, () => errors);
  }

  private async waitUntilHealthy(started: StartedServer, errors: () => string): Promise<void> {
    const { running } = started;
    const limit = (this.servedFor.startupSeconds ?? DEFAULT_STARTUP_SECONDS) * 1000;
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    const tooLate = new Promise<undefined>((resolve) => { timer = setTimeout(() => { isLate = true; resolve(undefined); }, limit); });
    const goneOrLate = Promise.race([running.end.then(() => undefined), tooLate]);
    try {
      const address = await Promise.race([started.address, goneOrLate]);
      if (address !== undefined) { this.client.address = address; }
      while (address !== undefined && !running.hasEnded && !isLate && !this.abort.signal.aborted) {
        if (await Promise.race([this.client.isHealthy(), goneOrLate]) === true) { return; }
        if (started.listensWhenReady) { break; }
        await Promise.race([new Promise((resolve) => { setTimeout(resolve, PING_INTERVAL); }), goneOrLate]);
      }
    } finally {
      clearTimeout(timer);
    }
    this.abort.signal.throwIfAborted();
    throw new JobFailure(await this.whyUnhealthy(started, errors(), limit));
  }

  private async whyUnhealthy({ running, asInside, hint, notStarted }: StartedServer, errors: string, limit: number): Promise<string> {
    const end = running.hasEnded ? await running.end : undefined;
    const said = asInside(errors);
    const cannotStart = end && notStarted?.(end, said);
    if (cannotStart !== undefined) { return cutAtStart(this.cannotStart(cannotStart), LONGEST_REASON); }
    const head = `The ${this.served.name} container for ${this.servedFor.name} did not pass the ping health check. `;
    const why = end === undefined
      ? ['It did not answer within', `${limit / 1000} seconds.`, hint()].join(' ').trimEnd()
      : end.error ?? (lastWords(end, said, this.ml.base) || `It ended with exit code ${end.code}.`);
    return head + cutAtStart(why, LONGEST_REASON - head.length);
  }

  protected cannotStart(why: string): string {
    return `CannotStartContainerError. The container of ${this.servedFor.name} does not start with "docker run <image> serve": ${why}`;
  }
}

/** A model server has nothing to save. */
const GRACE = 3000;
const DEFAULT_STARTUP_SECONDS = 600;
const PING_INTERVAL = 100;
