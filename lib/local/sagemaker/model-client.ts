import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ContainerAddress } from '../containers/way-in';
import type { AnswerSink, Invocation } from '../sagemaker-api';
import type { ServingAnswer } from './container-server';

/** A request to a model server. */
export interface ModelRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds. @default what the runtime API gives a container */
  readonly timeout?: number;
  /** Gets the parts of a good answer as they come. */
  readonly sink?: AnswerSink;
}

/** Speaks to a model server as SageMaker does, and knows when nothing is under way. */
export class ModelClient {
  /** Set as soon as it is known. */
  public address: ContainerAddress = { host: '127.0.0.1', port: 0 };
  private underway = 0;
  private idle: () => void = () => undefined;

  /** Whether it says that it is healthy. Never rejects. */
  public async isHealthy(): Promise<boolean> {
    return this.send({ method: 'GET', path: '/ping', timeout: PING_TIMEOUT }).then(({ status }) => status === 200, () => false);
  }

  /** How it wants to be asked by a batch transform, if it says so. */
  public async executionParameters(): Promise<Buffer | undefined> {
    const answer = await this.send({ method: 'GET', path: '/execution-parameters' }).catch(() => undefined);
    return answer?.status === 200 ? answer.body : undefined;
  }

  /** Sends one request to the model. */
  public invoke({ body, contentType, accept, customAttributes, sink }: Invocation, timeout?: number, path = '/invocations', more: Readonly<Record<string, string>> = {}): Promise<ServingAnswer> {
    const headers = {
      ...contentType !== undefined && { 'Content-Type': contentType }, ...accept !== undefined && { Accept: accept }, ...customAttributes !== undefined && { [CUSTOM_ATTRIBUTES]: customAttributes }, ...more,
    };
    return this.whileBusy(() => this.send({ method: 'POST', path, body, headers, timeout, sink }));
  }

  /** Work that `drain` waits for. */
  public async whileBusy<T>(work: () => Promise<T>): Promise<T> {
    this.underway += 1;
    try {
      return await work();
    } finally {
      this.underway -= 1;
      if (this.underway === 0) { this.idle(); }
    }
  }

  /** Waits until nothing is under way, but no longer than this. */
  public async drain(milliseconds: number): Promise<void> {
    if (this.underway === 0 || milliseconds <= 0) { return; }
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise<void>((resolve) => { this.idle = resolve; }), new Promise((resolve) => { timer = setTimeout(resolve, milliseconds); })]);
    clearTimeout(timer);
  }

  /** Rejects when it has not answered to the end. */
  public send({ method, path, body = Buffer.alloc(0), headers = {}, timeout = INVOCATION_TIMEOUT, sink }: ModelRequest): Promise<ServingAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({ ...this.address, method, path, agent: false, timeout, headers: { ...headers, 'Content-Length': body.length } });
      let failure: Error | undefined;
      let hasAnswer = false;
      outgoing.on('timeout', () => outgoing.destroy(new Error('Your invocation timed out while waiting for a response from the container.')));
      // Listened to for as long as the connection lasts: what follows an answer may be an error too, but then the answer itself says whether it is whole.
      outgoing.on('error', (error) => {
        failure ??= error;
        if (!hasAnswer) { reject(error); }
      });
      outgoing.on('close', () => { if (!hasAnswer) { reject(new Error('The container has closed the connection without an answer.')); } });
      outgoing.on('response', (incoming) => {
        hasAnswer = true;
        answerOf(incoming, sink).then(resolve, (error: NodeJS.ErrnoException) => reject(failure ?? (error.code === 'ECONNRESET' ? new Error('The container has closed the connection in the middle of its answer.') : error)));
      });
      outgoing.end(body);
    });
  }
}

async function answerOf(incoming: IncomingMessage, sink: AnswerSink | undefined): Promise<ServingAnswer> {
  const { statusCode: status = 500, headers: { 'content-type': contentType = 'application/octet-stream' } } = incoming;
  const isStreamed = sink !== undefined && status < 300;
  if (isStreamed) { sink.begin(contentType); }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (isStreamed) { sink.part(chunk); }
    chunks.push(chunk);
  }
  return { status, contentType, body: Buffer.concat(chunks), customAttributes: incoming.headers[CUSTOM_ATTRIBUTES.toLowerCase()] as string | undefined };
}

const CUSTOM_ATTRIBUTES = 'X-Amzn-SageMaker-Custom-Attributes';
/** What the runtime API gives a container. */
const INVOCATION_TIMEOUT = 60_000;
/** What SageMaker gives a container for a health check. */
const PING_TIMEOUT = 2000;
