import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

/** The point of sending; tests stand here. */
export type Send = (call: HttpCall) => Promise<HttpReply>;

const PATIENCE_MS = 20_000;

export const sendOverHttp: Send = (call) => new Promise((resolve, reject) => {
  const url = new URL(call.url);
  const open = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const headers = { ...call.headers, 'content-length': String(Buffer.byteLength(call.body)) };
  const outgoing = open(url, { method: call.method, headers, timeout: PATIENCE_MS }, (reply) => {
    const chunks: Buffer[] = [];
    reply.on('data', (chunk: Buffer) => chunks.push(chunk));
    reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
    reply.on('error', reject);
  });
  outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('no answer in time'), { name: 'TimeoutError' })));
  outgoing.on('error', reject);
  outgoing.end(call.body);
});
