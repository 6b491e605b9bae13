import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Several are sent one after the other. */
  readonly body?: string | Uint8Array | readonly Uint8Array[];
  /** The connection ends without an answer. */
  readonly hangUp?: boolean;
}

/** What stands for the runtime API and for S3: notes what it is sent, and answers as it is told. */
export class RuntimeServer {
  public static async open(): Promise<RuntimeServer> {
    const received: Received[] = [];
    const self = {} as { server: RuntimeServer };
    const http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const got = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
        received.push(got);
        const { status = 200, headers = {}, body = '', hangUp = false } = self.server.answer(got, received.length);
        if (hangUp) { request.socket.destroy(); return; }
        response.writeHead(status, headers);
        for (const part of Array.isArray(body) ? body as Uint8Array[] : []) { response.write(part); }
        response.end(Array.isArray(body) ? undefined : body as string | Uint8Array);
      });
    });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    self.server = new RuntimeServer(http, received);
    return self.server;
  }

  /** @param count which request it is, from 1 */
  public answer: (request: Received, count: number) => Answer = () => ({});

  private constructor(private readonly http: Server, public readonly received: Received[]) {}

  public get url(): string { return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`; }

  public get last(): Received { return this.received.at(-1) as Received; }

  public reset(): void {
    this.received.length = 0;
    this.answer = () => ({});
  }

  public async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => { this.http.close(resolve); });
  }
}

export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** An error as services that speak REST and JSON answer it. */
export const refusal = (status: number, name: string, body: object): Answer => ({ status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': name }, body: JSON.stringify(body) });

/** A part of an answer, as the event stream of the runtime API frames it. */
export const payloadPart = (bytes: string | Uint8Array): Buffer => event({ ':message-type': 'event', ':event-type': 'PayloadPart', ':content-type': 'application/octet-stream' }, Buffer.from(bytes));

/** An error in the middle of an answer. */
export const streamError = (type: string, body: object): Buffer => event({ ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' }, Buffer.from(JSON.stringify(body)));

/** vnd.amazon.eventstream: lengths, a checksum of them, headers, the payload, a checksum of all. */
function event(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const written = Buffer.concat(Object.entries(headers).map(([name, value]) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(value));
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]);
  }));
  const prelude = Buffer.concat([uint32(written.length + payload.length + 16), uint32(written.length)]);
  const message = Buffer.concat([prelude, uint32(crc32(prelude)), written, payload]);
  return Buffer.concat([message, uint32(crc32(message))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
