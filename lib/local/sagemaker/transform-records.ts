import type { DataProcessing } from '@aws-sdk/client-sagemaker';
import { PathError, RecordPath } from './record-path';

/** Records that can't be sent, or answers that can't be brought together with them: the job's fault, not the model's. */
export class RecordError extends Error {}

/** Lines, each with the newline that ends it. */
export function linesOf(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < content.length;) {
    const newline = content.indexOf(10, from);
    const to = newline < 0 ? content.length : newline + 1;
    lines.push(content.subarray(from, to));
    from = to;
  }
  return lines;
}

/**
 * The records of each request: one, or as many as fit.
 *
 * @param mostBytes of a request; 0 for no limit
 * @throws RecordError for a record that doesn't fit in one
 */
export function batchesOf(records: readonly Buffer[], strategy: 'SingleRecord' | 'MultiRecord', mostBytes: number): Buffer[][] {
  const batches: Buffer[][] = [];
  let size = Infinity;
  for (const record of records) {
    if (mostBytes > 0 && record.length > mostBytes) {
      throw new RecordError(`Too much data for max payload size: a record has ${record.length} bytes, a request at most ${mostBytes}`);
    }
    const fits = strategy === 'MultiRecord' && (mostBytes === 0 ? batches.length > 0 : size + record.length <= mostBytes);
    if (fits) { batches.at(-1)!.push(record); } else { batches.push([record]); }
    size = fits ? size + record.length : record.length;
  }
  return batches;
}

type Format = 'csv' | 'jsonlines' | 'json';

/** The format of records that filters and joins understand. */
export function formatOf(mediaType: string | undefined): Format | undefined {
  const type = (mediaType ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'text/csv') { return 'csv'; }
  return type === 'application/json' ? 'json' : ['application/jsonlines', 'application/x-jsonlines', 'application/jsonl'].includes(type) ? 'jsonlines' : undefined;
}

/** What of a record is sent, and what of it is written with the answer. */
export class RecordProcessing {
  /** @throws PathError for a filter that is no path */
  public static of(processing: DataProcessing | undefined): RecordProcessing {
    return new RecordProcessing(new RecordPath(processing?.InputFilter ?? '$'), new RecordPath(processing?.OutputFilter ?? '$'), processing?.JoinSource === 'Input');
  }

  private constructor(private readonly input: RecordPath, private readonly output: RecordPath, private readonly joins: boolean) {}

  /** Whether answers are written as they come. */
  public get isNone(): boolean {
    return this.input.isAll && this.output.isAll && !this.joins;
  }

  /** The body of a request. @throws RecordError */
  public request(batch: readonly Buffer[], contentType: string | undefined): Buffer {
    if (this.input.isAll) { return Buffer.concat(batch); }
    const format = required(contentType, 'ContentType');
    return Buffer.from(rowsOf(batch, format).map((row) => written(filtered(this.input, row), format)).join('\n'));
  }

  /** What is written for an answer. @throws RecordError */
  public answer(batch: readonly Buffer[], contentType: string | undefined, body: Buffer, answeredType: string | undefined): Buffer {
    if (this.output.isAll && !this.joins) { return body; }
    const format = required(answeredType, 'Accept');
    const sent = this.joins ? rowsOf(batch, required(contentType, 'ContentType')) : [];
    // One document may have several lines; of several documents each has one.
    const answers = rowsOf(format === 'json' && sent.length > 1 ? linesOf(body) : [body], format);
    if (this.joins && answers.length !== sent.length) { throw new RecordError(`Unable to join: the model answered ${sent.length} records with ${answers.length}`); }
    if (this.joins && (format === 'csv') !== (formatOf(contentType) === 'csv')) {
      throw new RecordError(`Unable to join: the records are ${contentType}, the answers ${answeredType}`);
    }
    return Buffer.from(answers.map((each, nth) => written(filtered(this.output, this.joins ? joined(sent[nth], each, format) : each), format)).join('\n'));
  }
}

/** A row is a list of cells in CSV, a value in JSON. */
function rowsOf(records: readonly Buffer[], format: Format): unknown[] {
  const texts = format === 'json' ? records.map(String) : records.flatMap((record) => record.toString().split(/\r?\n/));
  return texts.filter((text) => text.trim() !== '').map((text) => {
    if (format === 'csv') { return cellsOf(text); }
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new RecordError(`Unable to parse data as ${format}: ${(error as Error).message}`);
    }
  });
}

/** Cells as they are written, quotes included. */
function cellsOf(line: string): string[] {
  if (line.split('"').length % 2 === 0) { return line.split(','); }                  // a quote that nobody closes is a letter
  return line.match(/(?:"(?:[^"]|"")*"|[^,"])+|(?<=^|,)(?=,|$)/g) ?? [''];
}

function written(value: unknown, format: Format): string {
  return format !== 'csv' ? JSON.stringify(value) : Array.isArray(value) ? value.flat().join(',') : String(value);
}

function joined(sent: unknown, answer: unknown, format: Format): unknown {
  if (format === 'csv') { return [...sent as string[], ...answer as string[]]; }
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? { ...sent, SageMakerOutput: answer } : { SageMakerInput: sent, SageMakerOutput: answer };
}

function filtered(path: RecordPath, row: unknown): unknown {
  try {
    return path.of(row);
  } catch (error) {
    if (!(error instanceof PathError)) { throw error; }
    throw new RecordError(error.message);
  }
}

function required(mediaType: string | undefined, what: string): Format {
  const format = formatOf(mediaType);
  if (format === undefined) { throw new RecordError(`Filters and joins are for text/csv, application/json and application/jsonlines, and the ${what} is ${mediaType}`); }
  return format;
}
