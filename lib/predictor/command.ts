import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Deserializer, mediaType } from './deserializer';
import { PredictorError } from './errors';
import { deserializerNamed, serializerNamed } from './formats';
import { readJson } from './json';
import { NumpyArray } from './npy';
import { Predictor } from './predictor';
import type { ClientOptions } from './predictor-options';
import { Serializer } from './serializer';
import { textOf } from './sequence';

/** The options of `cdk-sagemaker invoke` and `cdk-sagemaker local invoke`. */
export interface InvokeOptions {
  readonly body?: string;
  readonly data?: string;
  readonly file?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly serializer?: string;
  readonly deserializer?: string;
  readonly variant?: string;
  readonly model?: string;
  readonly container?: string;
  readonly component?: string;
  readonly attributes?: string;
  readonly inferenceId?: string;
  readonly stream?: boolean;
  readonly async?: boolean;
  readonly inputLocation?: string;
  readonly upload?: string;
  readonly wait?: string;
  readonly json?: boolean;
}

export interface InvokeTarget extends ClientOptions {
  readonly endpointName: string;
}

/** Where the answer goes, and where what is sent comes from. */
export interface Surface {
  readonly out: { write(chunk: string | Uint8Array): boolean; once(event: 'drain', listener: () => void): unknown };
  readonly err: { write(text: string): boolean };
  /** @returns undefined where a person would have to type it */
  readonly input: () => Uint8Array | undefined;
}

const PROCESS: Surface = { out: process.stdout, err: process.stderr, input: () => (process.stdin.isTTY ? undefined : readFileSync(0)) };
const usage = (message: string) => new PredictorError('UsageError', message);

/** Asks an endpoint, and prints its answer. @param target which endpoint, once the options are known to make sense @throws PredictorError */
export async function invoke(options: InvokeOptions, target: () => Promise<InvokeTarget>, surface: Surface = PROCESS): Promise<void> {
  const seconds = checked(options);
  const serializer = options.serializer === undefined ? Serializer.bytes('application/json') : serializerNamed(options.serializer);
  const deserializer = options.deserializer === undefined ? undefined : deserializerNamed(options.deserializer);
  const { endpointName, ...client } = await target();
  const predictor = new Predictor<any, Uint8Array>(endpointName, { ...client, serializer, deserializer: Deserializer.bytes(deserializer?.accept ?? '') });
  const printer = new Printer(options.json === true, deserializer, surface);
  try {
    await (options.async === true ? leave(predictor, options, seconds, printer, surface) : options.stream === true ? stream(predictor, options, printer, surface) : ask(predictor, options, printer, surface));
  } finally {
    predictor.close();
  }
}

const common = ({ contentType, accept, attributes, inferenceId }: InvokeOptions) => ({ contentType, accept, customAttributes: attributes, inferenceId });
const targeted = (options: InvokeOptions) => ({ ...common(options), targetVariant: options.variant, targetModel: options.model, targetContainer: options.container, inferenceComponent: options.component });

async function ask(predictor: Predictor<any, Uint8Array>, options: InvokeOptions, printer: Printer, surface: Surface): Promise<void> {
  const { body, contentType, invokedVariant, customAttributes } = await predictor.invoke(inputOf(options, surface), targeted(options));
  await printer.answer(body, contentType, { endpoint: predictor.endpointName, contentType, variant: invokedVariant, attributes: customAttributes });
}

async function stream(predictor: Predictor<any, Uint8Array>, options: InvokeOptions, printer: Printer, surface: Surface): Promise<void> {
  const parts = await predictor.predictStream(inputOf(options, surface), targeted(options));
  for await (const part of options.json === true ? parts.texts() : parts) { await printer.part(part); }
}

async function leave(predictor: Predictor<any, Uint8Array>, options: InvokeOptions, seconds: number | undefined, printer: Printer, surface: Surface): Promise<void> {
  const { inputLocation, upload } = options;
  const data = inputLocation === undefined ? inputOf(options, surface) : undefined;
  const handle = await predictor.predictAsync({ ...common(options), inputLocation, upload, data });
  const { inferenceId, outputLocation, failureLocation } = handle;
  const about = { endpoint: predictor.endpointName, inferenceId, outputLocation, failureLocation };
  if (seconds === undefined) { return printer.document(about, outputLocation); }
  if (options.json !== true) { surface.err.write(`the answer will be at ${outputLocation}\n`); }
  const { body, contentType } = await handle.awaited({ timeoutSeconds: seconds, pollSeconds: Math.min(5, Math.max(0.2, seconds / 60)) });
  await printer.answer(body, contentType, { ...about, contentType });
}

/** Results on standard output: the answer as it came, or as one document. */
class Printer {
  constructor(private readonly isJson: boolean, private readonly deserializer: Deserializer<any> | undefined, private readonly surface: Surface) {}

  async answer(body: Uint8Array, contentType: string, about: object): Promise<void> {
    const value: unknown = this.deserializer?.deserialize(body, contentType);
    if (this.isJson) { return this.document({ ...about, ...(this.deserializer === undefined ? asText(body) : { body: value }) }, ''); }
    if (this.deserializer !== undefined) { return this.write(`${typeof value === 'string' ? value : inJson(value)}\n`); }
    await this.write(body);
    // What is no text would be broken by a newline.
    if (body.at(-1) !== 10 && /^text\/|json|csv|xml|^$/.test(mediaType(contentType))) { await this.write('\n'); }
  }

  part(part: string | Uint8Array): Promise<void> { return this.write(this.isJson ? `${JSON.stringify({ part })}\n` : part); }

  document(document: object, text: string): Promise<void> { return this.write(`${this.isJson ? inJson(document, 2) : text}\n`); }

  private async write(chunk: string | Uint8Array): Promise<void> {
    if (!this.surface.out.write(chunk)) { await once(this.surface.out as never, 'drain'); }
  }
}

function asText(body: Uint8Array): object {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(body) };
  } catch {
    return { bodyBase64: Buffer.from(body).toString('base64') };
  }
}

/** For reading: what JSON has no word for is a text. */
const inJson = (value: unknown, indent?: number) => JSON.stringify(value instanceof NumpyArray ? value.toNested() : value, (_, member: unknown) => {
  if (member instanceof NumpyArray) { return member.toNested() as unknown; }
  if (typeof member === 'bigint') { return Number.isSafeInteger(Number(member)) ? Number(member) : String(member); }
  return typeof member === 'number' && !Number.isFinite(member) ? String(member) : member;
}, indent);

/** With a serializer it is a value in JSON; without one, bytes. */
function inputOf(options: InvokeOptions, surface: Surface): unknown {
  const text = options.body ?? options.data;
  const bytes = text !== undefined ? Buffer.from(text) : options.file !== undefined ? fileAt(options.file) : surface.input();
  if (bytes === undefined) { throw usage('nothing to send: pass --data, --file, or something on standard input'); }
  return options.serializer === undefined ? bytes : readJson(textOf(bytes), 'what is to be serialized');
}

function fileAt(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw usage(`--file can't be read: ${(error as Error).message}`);
  }
}

/** What can't be meant. @returns how long an answer is waited for, in seconds */
function checked(options: InvokeOptions): number | undefined {
  const sources = (['body', 'data', 'file', 'inputLocation'] as const).filter((name) => options[name] !== undefined).map(optionName);
  if (sources.length > 1) { throw usage(`${sources.join(' and ')} both say what to send: give one of them`); }
  const late = (['inputLocation', 'upload', 'wait'] as const).find((name) => options[name] !== undefined);
  if (late !== undefined && options.async !== true) { throw usage(`${optionName(late)} is for asynchronous endpoints: add --async`); }
  const only = (['stream', 'variant', 'model', 'container', 'component'] as const).find((name) => options[name] !== undefined && options[name] !== false);
  if (only !== undefined && options.async === true) { throw usage(`${optionName(only)} can't be asked of an asynchronous endpoint`); }
  if (options.stream === true && options.deserializer !== undefined) { throw usage('--stream prints the parts as they come, --deserializer reads a whole answer: give one of them'); }
  if (options.wait !== undefined && !/^[1-9]\d{0,5}$/.test(options.wait)) { throw usage(`--wait must be a number of seconds, got ${options.wait}`); }
  return options.wait === undefined ? undefined : Number(options.wait);
}

const optionName = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
