import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CreateModelInput, CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import { SYSTEM_CLOCK } from '../clock';
import { parseS3Uri } from '../s3-folder';
import type { ServingAnswer } from './container-server';
import { cutAtEnd, JobFailure } from './failure-reason';
import type { JobLog } from './job-log';
import type { JobRun, RunEnd } from './jobs';
import type { Machine } from './machine';
import { ModelServer } from './model-server';
import { definitionsOf } from './models';
import { objectsOf, type S3SourceObject } from './s3-source';
import { batchesOf, linesOf, RecordError, RecordProcessing } from './transform-records';

/** How the model is asked. */
interface Asking {
  readonly strategy: 'SingleRecord' | 'MultiRecord';
  readonly megabytes: number;
  readonly concurrent: number;
}

/** One execution of a transform job: the model server, the objects, the results. */
export class TransformRun implements JobRun {
  private readonly abort = new AbortController();
  private readonly server: ModelServer;
  private readonly processing: RecordProcessing;

  constructor(
    name: string,
    private readonly request: CreateTransformJobRequest,
    model: CreateModelInput,
    private readonly machine: Machine,
    log: JobLog,
    /** What SageMaker itself has to say about the data. */
    private readonly dataLog: JobLog,
    private readonly folder: string,
  ) {
    this.server = new ModelServer({ name: `transform job ${name}`, instanceType: request.TransformResources?.InstanceType }, withVariables(model, request), machine, () => log, join(folder, 'model'));
    this.processing = RecordProcessing.of(request.DataProcessing);
  }

  /** Rejects only when something is wrong here, not with the job. */
  public async run(): Promise<RunEnd> {
    try {
      await rm(this.folder, { recursive: true, force: true });
      await this.serve();
      const asking = await this.asking();
      const objects = await objectsOf(this.machine.s3, this.request.TransformInput?.DataSource?.S3DataSource ?? {});
      return { reason: await this.transform(objects, asking) };
    } catch (error) {
      if (this.abort.signal.aborted) { return {}; }
      if (error instanceof JobFailure) { return { reason: error.message }; }
      throw error;
    } finally {
      await this.server.stop(0);
      this.dataLog.finish();
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  /** Nothing of a job that is stopped is stored. */
  public stop(): void {
    this.abort.abort();
    void this.server.stop(0);
  }

  public async kill(): Promise<void> {
    this.abort.abort();
    await this.server.stop(0);
  }

  private async serve(): Promise<void> {
    this.abort.signal.throwIfAborted();
    await this.server.start().catch((error: Error) => {
      throw error instanceof JobFailure ? new JobFailure(`${/^(Failed to download|The image |Not supported)/.test(error.message) ? 'ClientError' : 'AlgorithmError'}: ${error.message}`) : error;
    });
    this.abort.signal.throwIfAborted();
  }

  /** The request overrules what the container says of itself. */
  private async asking(): Promise<Asking> {
    const { MaxConcurrentTransforms, MaxPayloadInMB, BatchStrategy } = this.request;
    const said = parametersOf(await this.server.executionParameters());
    const strategy = BatchStrategy ?? (/^single_?record$/i.test(String(said.BatchStrategy)) ? 'SingleRecord' : 'MultiRecord');
    const asking: Asking = {
      strategy,
      megabytes: MaxPayloadInMB ?? numberOf(said.MaxPayloadInMB) ?? 6,
      concurrent: MaxConcurrentTransforms || numberOf(said.MaxConcurrentTransforms) || 1,
    };
    this.dataLog.note(`[sagemaker logs]: MaxConcurrentTransforms=${asking.concurrent}, MaxPayloadInMB=${asking.megabytes}, BatchStrategy=${asVariable(strategy)}`);
    return asking;
  }

  /** Goes on with other objects after one that has failed; stores those that have not. The answer is why the job failed. */
  private async transform(objects: readonly S3SourceObject[], asking: Asking): Promise<string | undefined> {
    const { bucket, key: folder } = parseS3Uri(this.request.TransformOutput?.S3OutputPath as string) as { bucket: string; key: string };
    await mkdir(join(this.folder, 'results'), { recursive: true });
    const results: Array<{ readonly key: string; readonly file: string }> = [];
    let reason: string | undefined;
    for (const [nth, object] of objects.entries()) {
      this.abort.signal.throwIfAborted();
      try {
        const file = join(this.folder, 'results', String(nth));
        await writeFile(file, await this.resultOf(object, asking));
        results.push({ key: `${folder.replace(/\/*$/, folder === '' ? '' : '/')}${object.name}.out`, file });
      } catch (error) {
        this.abort.signal.throwIfAborted();
        if (!(error instanceof JobFailure)) { throw error; }
        const [, kind, why] = /^(\w+): (.*)$/s.exec(error.message) as unknown as [string, string, string];
        for (const line of why.split('\n')) { this.dataLog.note(`[sagemaker logs]: ${object.bucket}/${object.key}: ${line}`); }
        reason ??= `${kind}: See job logs for more information. s3://${object.bucket}/${object.key}: ${why}`;
      }
    }
    this.abort.signal.throwIfAborted();
    try {
      for (const { key, file } of results) { await this.machine.s3.put(bucket, key, createReadStream(file), { contentType: this.request.TransformOutput?.Accept }); }
    } catch (error) {
      reason ??= `ClientError: Output upload failed: ${(error as Error).message}`;
    }
    return reason;
  }

  private async resultOf({ bucket, key }: S3SourceObject, asking: Asking): Promise<Buffer> {
    const { TransformInput: input, TransformOutput: output } = this.request;
    let content = await this.machine.s3.get(bucket, key);
    if (input?.CompressionType === 'Gzip') {
      content = await promisify(gunzip)(content).catch((error: Error) => { throw new JobFailure(`ClientError: Unable to decompress as Gzip: ${error.message}`); });
    }
    const end = output?.AssembleWith === 'Line' ? '\n' : '';
    try {
      const records = content.length === 0 ? [] : input?.SplitType === 'Line' ? linesOf(content) : [content];
      const batches = batchesOf(records, asking.strategy, asking.megabytes * 1024 * 1024);
      const answers = await inParallel(batches, asking.concurrent, (batch) => this.answerTo(batch));
      return Buffer.concat(answers.flatMap((answer) => [answer, Buffer.from(end)]));
    } catch (error) {
      throw error instanceof RecordError ? new JobFailure(`ClientError: ${error.message}`) : error;
    }
  }

  private async answerTo(batch: readonly Buffer[]): Promise<Buffer> {
    const contentType = this.request.TransformInput?.ContentType;
    const answer = await this.ask(this.processing.request(batch, contentType));
    return this.processing.answer(batch, contentType, answer.body, this.request.TransformOutput?.Accept ?? answer.contentType);
  }

  /** Asks again when the model can't answer, not when it refuses what it was sent. */
  private async ask(body: Buffer): Promise<ServingAnswer> {
    const { InvocationsMaxRetries: retries = 3, InvocationsTimeoutInSeconds: seconds = 600 } = this.request.ModelClientConfig ?? {};
    for (let attempt = 0; ; attempt += 1) {
      this.abort.signal.throwIfAborted();
      const { TransformInput: input, TransformOutput: output } = this.request;
      const { status, message, answer } = await this.server.invoke({ body, contentType: input?.ContentType, accept: output?.Accept }, seconds * 1000)
        .then((given) => ({ status: given.status, message: given.body.toString(), answer: given }), (error: Error) => ({ status: undefined, message: error.message, answer: undefined }));
      if (answer !== undefined && answer.status < 300) { return answer; }
      const isRefused = status !== undefined && status < 500;
      if (isRefused || attempt >= retries || !this.server.isRunning) { throw new JobFailure(failure(status, message.replaceAll(join(this.folder, 'model'), ''))); }
      await SYSTEM_CLOCK.sleep(RETRY_PAUSE);
    }
  }
}

/** What batch transform tells a container about itself. */
function withVariables(model: CreateModelInput, request: CreateTransformJobRequest): CreateModelInput {
  const { MaxPayloadInMB: payload, BatchStrategy: strategy, MaxConcurrentTransforms: concurrent } = request;
  const given = {
    SAGEMAKER_BATCH: 'True',
    ...payload === undefined ? {} : { SAGEMAKER_MAX_PAYLOAD_IN_MB: String(payload) },
    ...strategy === undefined ? {} : { SAGEMAKER_BATCH_STRATEGY: asVariable(strategy) },
    SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(concurrent || 1),
  };
  const containers = definitionsOf(model).map((container) => ({ ...container, Environment: { ...given, ...container.Environment, ...request.Environment } }));
  return { ...model, PrimaryContainer: undefined, Containers: containers };
}

function failure(status: number | undefined, message: string): string {
  if (status === undefined) { return `AlgorithmError: ${message}`; }
  return `${status < 500 ? 'ClientError' : 'AlgorithmError'}: Bad HTTP status received from algorithm: ${status}\n${cutAtEnd(message.trim(), 600)}`.trimEnd();
}

function parametersOf(body: Buffer | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(body));
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

/** The results in the order of the items, so many at a time; the first that fails ends it. */
async function inParallel<T, U>(items: readonly T[], most: number, work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  let next = 0;
  let hasFailed = false;
  const worker = async () => {
    while (next < items.length && !hasFailed) {
      const at = next++;
      results[at] = await work(items[at] as T).catch((error: Error) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, worker));
  const failed = workers.find((each) => each.status === 'rejected');
  if (failed !== undefined) { throw (failed as PromiseRejectedResult).reason; }
  return results;
}

const asVariable = (strategy: string) => (strategy === 'SingleRecord' ? 'SINGLE_RECORD' : 'MULTI_RECORD');
const numberOf = (value: unknown) => (Number.isFinite(Number(value ?? NaN)) ? Number(value) : undefined);
const RETRY_PAUSE = 100;
