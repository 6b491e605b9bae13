import { randomUUID } from 'node:crypto';
import type { CaptureContentTypeHeader, DataCaptureConfig } from '@aws-sdk/client-sagemaker';
import { SYSTEM_CLOCK } from '../clock';
import { parseS3Uri } from '../s3-folder';
import type { Invocation } from '../sagemaker-api';
import type { Machine } from './machine';
import { Turns } from './turns';

/** How long records are collected before they are written as one object, in milliseconds. */
const COLLECTED = 500;

/** What endpoints were asked and have answered, as objects of JSON lines in the local S3. */
export class DataCapture {
  private readonly turns = new Turns<string>();
  /** By the prefix of the objects. */
  private readonly records = new Map<string, string[]>();
  private pending: (() => void) | undefined;

  constructor(private readonly machine: Machine) {}

  /** Takes down an invocation, if it is one of the sample. Failed ones are not captured. */
  take(config: DataCaptureConfig | undefined, endpoint: string, variant: string, invocation: Invocation, answer: { readonly status: number | undefined; readonly contentType: string; readonly body: Buffer }): void {
    if (config === undefined || config.EnableCapture === false || answer.status === undefined || answer.status >= 300) { return; }
    if (!this.turns.has(`${endpoint}/${variant}`, (config.InitialSamplingPercentage ?? 0) / 100)) { return; }
    const now = new Date(this.machine.clock.now());
    const modes = (config.CaptureOptions ?? []).map(({ CaptureMode }) => CaptureMode);
    const headers = config.CaptureContentTypeHeader;
    const record = {
      captureData: {
        ...modes.some((mode) => mode !== 'Output') && { endpointInput: part('INPUT', invocation.contentType, invocation.body, headers) },
        ...modes.some((mode) => mode !== 'Input') && { endpointOutput: part('OUTPUT', answer.contentType, answer.body, headers) },
      },
      eventMetadata: {
        eventId: randomUUID(),
        ...invocation.customAttributes !== undefined && { customAttributes: [invocation.customAttributes] },
        ...invocation.inferenceId !== undefined && { inferenceId: invocation.inferenceId },
        inferenceTime: `${now.toISOString().slice(0, 19)}Z`,
      },
      eventVersion: '0',
    };
    const [year, month, day, hour] = now.toISOString().split(/[-T:]/);
    const prefix = `${config.DestinationS3Uri?.replace(/\/*$/, '')}/${endpoint}/${variant}/${year}/${month}/${day}/${hour}/`;
    this.records.set(prefix, [...this.records.get(prefix) ?? [], JSON.stringify(record)]);
    this.pending ??= SYSTEM_CLOCK.after(COLLECTED, () => void this.flush());
  }

  /** Writes what has been collected. */
  async flush(): Promise<void> {
    this.pending?.();
    this.pending = undefined;
    const all = [...this.records];
    this.records.clear();
    const [, minute, second, millisecond] = /T\d\d:(\d\d):(\d\d)\.(\d{3})/.exec(new Date(this.machine.clock.now()).toISOString()) as unknown as string[];
    for (const [prefix, lines] of all) {
      const { bucket, key } = parseS3Uri(`${prefix}${minute}-${second}-${millisecond}-${randomUUID()}.jsonl`) as { bucket: string; key: string };
      await this.machine.s3.put(bucket, key, Buffer.from(`${lines.join('\n')}\n`)).catch((error: Error) => this.machine.log(`captured data can't be written to ${prefix}: ${error.message}`));
    }
  }
}

function part(mode: 'INPUT' | 'OUTPUT', contentType: string | undefined, body: Buffer, headers: CaptureContentTypeHeader | undefined) {
  const type = (contentType ?? '').split(';')[0]?.trim() ?? '';
  const encoding = headers?.CsvContentTypes?.includes(type) ? 'CSV' : headers?.JsonContentTypes?.includes(type) ? 'JSON' : 'BASE64';
  return { ...contentType !== undefined && { observedContentType: contentType }, mode, data: body.toString(encoding === 'BASE64' ? 'base64' : 'utf8'), encoding };
}
