import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { types } from 'node:util';
import { fromCbor, toCbor } from './cbor';
import { ServiceError } from './service-error';

/** Answers one operation of a service that speaks AWS JSON 1.0 or 1.1. */
export type Operation = (operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** A listener that takes a request or leaves it to the next one. */
export type PartialListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/** How requests and answers are written. */
interface Wire {
  readonly operation: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly decode: (body: Buffer) => unknown;
  readonly encode: (value: object) => Buffer;
}

/**
 * A service on the wire: `X-Amz-Target: <prefix>.<operation>`, JSON in and out, times as seconds since 1970, errors as
 * `{__type, message}`. It speaks Smithy's RPC v2 with CBOR too, which SDKs prefer where they may (CloudWatch's do).
 *
 * @param prefix for instance `SageMaker` or `AWSStepFunctions`
 */
export function awsJsonListener(prefix: string, operation: Operation, log: (line: string) => void = () => undefined): PartialListener {
  return (request, response) => {
    const wire = request.method === 'POST' ? jsonWire(request, prefix) ?? cborWire(request, prefix) : undefined;
    if (wire === undefined) { return false; }
    const errorBody = (error: ServiceError) => ({ __type: error.name, message: error.message, ...error.details });
    void answering(response, log, errorBody, async () => {
      requireLocalCaller(request);
      const body = await bodyOf(request);
      const input = body.length === 0 ? {} : wire.decode(body);
      if (typeof input !== 'object' || input === null || Array.isArray(input)) { throw new ServiceError('SerializationException', 'The request is not an object'); }
      send(response, 200, wire.headers, wire.encode(await operation(wire.operation, input as Record<string, unknown>)));
    }, wire);
    return true;
  };
}

/** Runs what answers a request; whatever it throws is answered as a service's error, in JSON unless told otherwise. */
export async function answering(
  response: ServerResponse, log: (line: string) => void, errorBody: (error: ServiceError) => object, answer: () => Promise<void>,
  wire: Pick<Wire, 'headers' | 'encode'> = { headers: { 'Content-Type': 'application/json' }, encode: toJson },
): Promise<void> {
  try {
    await answer();
  } catch (error) {
    const known = error instanceof ServiceError;
    if (!known) { log((error as Error).stack ?? String(error)); }
    const failure = known ? error : new ServiceError('InternalFailure', (error as Error).message, 500);
    if (response.headersSent) {
      response.destroy();
    } else {
      send(response, failure.status, { ...wire.headers, 'x-amzn-ErrorType': failure.name }, wire.encode(errorBody(failure)));
    }
  }
}

export function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: Buffer): void {
  response.writeHead(status, { ...headers, 'Content-Length': body.length, 'x-amzn-RequestId': randomUUID() });
  response.end(body);
}

/**
 * The whole body. One that is too large is read to its end too, but not kept: its client gets the answer, and can go on with the connection.
 *
 * @throws ServiceError when it is larger than `most` bytes
 */
export async function bodyOf(request: IncomingMessage, most = 32 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) { chunks.length = 0; } else { chunks.push(chunk); }
  }
  if (size > most) { throw new ServiceError('RequestEntityTooLarge', `The request is larger than ${most} bytes.`, 413); }
  return Buffer.concat(chunks);
}

/**
 * A page in a browser can send requests to this machine, under a name of its own that resolves to 127.0.0.1 or under ours.
 * No SDK says on behalf of which page it asks, and browsers always say so when they change something.
 *
 * @throws ServiceError when the Host header names another host, or a page of a browser asks
 */
export function requireLocalCaller(request: IncomingMessage): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!/^(127(\.\d+){3}|localhost|\[::1\]|([^.:]+\.)+localhost)$/.test(host)) {
    throw new ServiceError('AccessDeniedException', `The local AWS answers to this machine only, not to host ${request.headers.host}`, 403);
  }
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined || (site !== undefined && site !== 'none')) {
    throw new ServiceError('AccessDeniedException', `The local AWS answers to programs, not to pages of a browser (${origin ?? `Sec-Fetch-Site: ${String(site)}`})`, 403);
  }
}

function jsonWire(request: IncomingMessage, prefix: string): Wire | undefined {
  const target = String(request.headers['x-amz-target'] ?? '');
  if (!target.startsWith(`${prefix}.`)) { return undefined; }
  const headers = { 'Content-Type': request.headers['content-type'] ?? 'application/x-amz-json-1.1' };
  return { operation: target.slice(prefix.length + 1), headers, decode: parsed, encode: toJson };
}

export const CBOR_WIRE: Omit<Wire, 'operation'> = { headers: { 'Content-Type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }, decode: fromCbor, encode: toCbor };

function cborWire(request: IncomingMessage, prefix: string): Wire | undefined {
  const [, service, operation] = /^\/service\/(\w+)\/operation\/(\w+)$/.exec(request.url ?? '') ?? [];
  if (service !== prefix || operation === undefined || request.headers['smithy-protocol'] !== 'rpc-v2-cbor') { return undefined; }
  return { operation, ...CBOR_WIRE };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ServiceError('SerializationException', 'The request is not JSON');
  }
}

const toJson = (value: object) => Buffer.from(JSON.stringify(onTheWire(value)));

function onTheWire(value: unknown): unknown {
  if (types.isDate(value)) { return value.getTime() / 1000; }
  if (Array.isArray(value)) { return value.map(onTheWire); }
  if (typeof value === 'object' && value !== null) { return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, onTheWire(member)])); }
  return value;
}
