import { randomUUID } from 'node:crypto';
import type { AsyncInferenceConfig } from '@aws-sdk/client-sagemaker';
import { parseS3Uri } from '../s3-folder';
import type { AsyncInvocation, AsyncInvocationAnswer, InvocationAnswer } from '../sagemaker-api';
import { ServiceError } from '../service-error';
import { JobLog } from './job-log';
import type { Machine } from './machine';

interface Job {
  readonly id: string;
  readonly invocation: AsyncInvocation;
  readonly output: string;
  readonly failure?: string;
  readonly queued: number;
  readonly ask: (body: Buffer) => Promise<InvocationAnswer>;
}

/** How many are asked at once where the configuration does not say. */
const CONCURRENT = 4;
const LONGEST_WAIT_SECONDS = 21_600;

/** The requests that wait for an asynchronous endpoint. In memory: what waits when the local AWS ends is not answered. */
export class AsyncQueue {
  private readonly waiting: Job[] = [];
  private running = 0;
  private closed = false;

  constructor(private readonly endpointName: string, private readonly machine: Machine) {}

  /** @throws ServiceError for a location that is none */
  add(config: AsyncInferenceConfig, invocation: AsyncInvocation, ask: Job['ask']): AsyncInvocationAnswer {
    if (parseS3Uri(invocation.inputLocation)?.key === undefined) { throw new ServiceError('ValidationError', `InputLocation must be the s3:// URI of an object, got ${invocation.inputLocation}.`); }
    const id = randomUUID();
    const { S3OutputPath: outputs, S3FailurePath: failures } = config.OutputConfig ?? {};
    const output = `${folder(outputs as string)}${id}.out`;
    const failure = failures === undefined ? undefined : `${folder(failures)}${id}-error.out`;
    this.waiting.push({ id, invocation, output, failure, queued: this.machine.clock.now(), ask });
    this.work(config.ClientConfig?.MaxConcurrentInvocationsPerInstance ?? CONCURRENT);
    return { inferenceId: invocation.inferenceId ?? id, outputLocation: output, failureLocation: failure };
  }

  close(): void {
    this.closed = true;
    this.waiting.length = 0;
  }

  private work(most: number): void {
    while (this.running < most && this.waiting.length > 0) {
      const job = this.waiting.shift() as Job;
      this.running += 1;
      void this.answer(job).catch((error: Error) => this.machine.log(`${this.endpointName}: ${error.stack}`)).finally(() => {
        this.running -= 1;
        this.work(most);
      });
    }
  }

  private async answer({ id, invocation, output, failure, queued, ask }: Job): Promise<void> {
    const log = new JobLog(this.machine.logs.stream(`/aws/sagemaker/Endpoints/${this.endpointName}`, 'asynchronous-requests'));
    try {
      if (this.machine.clock.now() - queued > (invocation.waitSeconds ?? LONGEST_WAIT_SECONDS) * 1000) { throw new Error('The request has waited longer than its time to live.'); }
      const { bucket, key } = parseS3Uri(invocation.inputLocation) as { bucket: string; key: string };
      const body = await this.machine.s3.get(bucket, key).catch((error: Error) => { throw new Error(`Failed to download ${invocation.inputLocation}: ${error.message}`); });
      const answer = await ask(body);
      await this.put(output, answer.body, answer.contentType);
      log.note(`${id}: ${output}`);
    } catch (error) {
      if (this.closed) { return; }
      const { message } = error as Error;
      log.note(`${id}: ${message}`);
      if (failure !== undefined) { await this.put(failure, Buffer.from(String((error as ServiceError).details?.OriginalMessage ?? message)), 'text/plain'); }
    }
  }

  private put(uri: string, body: Buffer, contentType: string): Promise<unknown> {
    const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
    return this.machine.s3.put(bucket, key, body, { contentType });
  }
}

const folder = (uri: string) => uri.replace(/\/*$/, '/');
