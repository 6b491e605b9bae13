import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { types } from 'node:util';
import { ServiceError } from './service-error';

/** Answers one operation of a service that speaks AWS JSON 1.0 or 1.1. */
export type Operation = (operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** A listener that takes a request or leaves it to the next one. */
export type PartialListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * A service on the wire: `X-Amz-Target: <prefix>.<operation>`, JSON in and out, times as seconds since 1970, errors as
 * `{__type, message}`.
 *
 * @param prefix for instance `SageMaker` or `AWSStepFunctions`
 */
export function awsJsonListener(prefix: string, operation: Operation, log: (line: string) => void = () => undefined): PartialListener {
  return (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (request.method !== 'POST' || !target.startsWith(`${prefix}.`)) { return false; }
    const type = request.headers['content-type'] ?? 'application/x-amz-json-1.1';
    void answering(response, log, (error) => ({ __type: error.name, message: error.message, ...error.details }), async () => {
      requireLocalCaller(request);
      const body = (await bodyOf(request)).toString();
      const answer = await operation(target.slice(prefix.length + 1), body === '' ? {} : parsed(body));
      send(response, 200, { 'Content-Type': type }, Buffer.from(JSON.stringify(onTheWire(answer))));
    });
    return true;
  };
}

/** Runs what answers a request; whatever it throws is answered as a service's error, in JSON. */
export async function answering(response: ServerResponse, log: (line: string) => void, errorBody: (error: ServiceError) => object, answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    const known = error instanceof ServiceError;
    if (!known) { log((error as Error).stack ?? String(error)); }
    const failure = known ? error : new ServiceError('InternalFailure', (error as Error).message, 500);
    if (response.headersSent) {
      response.destroy();
    } else {
      send(response, failure.status, { 'Content-Type': 'application/json', 'x-amzn-ErrorType': failure.name }, Buffer.from(JSON.stringify(errorBody(failure))));
    }
  }
}

export function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: Buffer): void {
  response.writeHead(status, { ...headers, 'Content-Length': body.length, 'x-amzn-RequestId': randomUUID() });
  response.end(body);
}

/** The whole body. @throws ServiceError when it is larger than `most` bytes */
export async function bodyOf(request: IncomingMessage, most = 32 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) { throw new ServiceError('RequestEntityTooLarge', `The request is larger than ${most} bytes.`, 413); }
    chunks.push(chunk);
  }
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

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) { return value as Record<string, unknown>; }
  } catch {
    // Told below.
  }
  throw new ServiceError('SerializationException', 'The request is not a JSON object');
}

function onTheWire(value: unknown): unknown {
  if (types.isDate(value)) { return value.getTime() / 1000; }
  if (Array.isArray(value)) { return value.map(onTheWire); }
  if (typeof value === 'object' && value !== null) { return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, onTheWire(member)])); }
  return value;
}
