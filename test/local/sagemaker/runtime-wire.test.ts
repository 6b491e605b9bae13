import { once } from 'node:events';
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AsyncInvocation, Invocation, SageMakerApi, SageMakerRuntimeApi } from '../../../lib/local/sagemaker-api';
import { sageMakerListener } from '../../../lib/local/sagemaker/listener';
import { crc32 } from '../../../lib/local/zip';

/** A runtime that remembers what it was asked, and answers in two parts. */
class RememberedRuntime implements SageMakerApi, SageMakerRuntimeApi {
  public readonly asked: Array<readonly [string, Invocation | AsyncInvocation]> = [];

  public call = () => Promise.reject(new Error('not asked here'));

  public async invoke(endpoint: string, { sink, ...invocation }: Invocation) {
    this.asked.push([endpoint, invocation]);
    sink?.begin('text/plain');
    sink?.part(Buffer.from('one '));
    sink?.part(Buffer.from('two'));
    return { body: Buffer.from('one two'), contentType: 'text/plain', variant: 'v', customAttributes: 'c=1' };
  }

  public invokeAsync(endpoint: string, invocation: AsyncInvocation) {
    this.asked.push([endpoint, invocation]);
    return { inferenceId: 'id', outputLocation: 's3://out/id.out', failureLocation: 's3://out/id-error.out' };
  }
}

const runtime = new RememberedRuntime();
const server = createServer((request, response) => {
  if (!sageMakerListener(runtime)(request, response)) { response.writeHead(404).end(); }
});
beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
}));

const post = (path: string, headers: Record<string, string>, body = '{}') => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/endpoints/e/${path}`, { method: 'POST', headers, body });

/** Reads messages as an SDK does: by their lengths, with their checksums. */
function messagesOf(stream: Buffer): Array<{ headers: Record<string, string>; payload: string }> {
  const messages = [];
  for (let at = 0; at < stream.length;) {
    const message = stream.subarray(at, at + stream.readUInt32BE(at));
    const headersLength = message.readUInt32BE(4);
    expect(message.readUInt32BE(8)).toBe(crc32(message.subarray(0, 8)));
    expect(message.readUInt32BE(message.length - 4)).toBe(crc32(message.subarray(0, -4)));
    const headers: Record<string, string> = {};
    for (let head = message.subarray(12, 12 + headersLength); head.length > 0;) {
      const name = head.subarray(1, 1 + (head[0] as number)).toString();
      const rest = head.subarray(1 + name.length);
      expect(rest[0]).toBe(7);
      headers[name] = rest.subarray(3, 3 + rest.readUInt16BE(1)).toString();
      head = rest.subarray(3 + rest.readUInt16BE(1));
    }
    messages.push({ headers, payload: message.subarray(12 + headersLength, -4).toString() });
    at += message.length;
  }
  return messages;
}

describe('the runtime on the wire', () => {
  test('passes on what an invocation says, and the answer\'s headers', async () => {
    const answer = await post('invocations', {
      'content-type': 'text/csv', 'accept': 'text/plain', 'x-amzn-sagemaker-target-variant': 'v', 'x-amzn-sagemaker-target-container-hostname': 'h', 'x-amzn-sagemaker-target-model': 'm.tar.gz',
      'x-amzn-sagemaker-custom-attributes': 'a=1', 'x-amzn-sagemaker-inference-id': 'i',
    }, '1,2');
    expect(runtime.asked.pop()).toEqual(['e', { body: Buffer.from('1,2'), contentType: 'text/csv', accept: 'text/plain', variant: 'v', targetContainer: 'h', targetModel: 'm.tar.gz', customAttributes: 'a=1', inferenceId: 'i' }]);
    expect([answer.headers.get('x-amzn-invoked-production-variant'), answer.headers.get('x-amzn-sagemaker-custom-attributes'), await answer.text()]).toEqual(['v', 'c=1', 'one two']);
  });

  test('answers part by part in the encoding of event streams', async () => {
    const answer = await post('invocations-response-stream', { 'content-type': 'text/csv', 'x-amzn-sagemaker-accept': 'text/plain' });
    expect([answer.headers.get('content-type'), answer.headers.get('x-amzn-sagemaker-content-type')]).toEqual(['application/vnd.amazon.eventstream', 'text/plain']);
    const headers = { ':message-type': 'event', ':event-type': 'PayloadPart', ':content-type': 'application/octet-stream' };
    expect(messagesOf(Buffer.from(await answer.arrayBuffer()))).toEqual([{ headers, payload: 'one ' }, { headers, payload: 'two' }]);
    expect(runtime.asked.pop()).toMatchObject(['e', { accept: 'text/plain' }]);
  });

  test('takes an asynchronous invocation, and says where its answer will be', async () => {
    const answer = await post('async-invocations', { 'x-amzn-sagemaker-inputlocation': 's3://in/a', 'x-amzn-sagemaker-content-type': 'text/csv', 'x-amzn-sagemaker-invocationtimeoutseconds': '5', 'x-amzn-sagemaker-requestttlseconds': '60' }, '');
    expect([answer.status, answer.headers.get('x-amzn-sagemaker-outputlocation'), answer.headers.get('x-amzn-sagemaker-failurelocation'), await answer.json()]).toEqual([202, 's3://out/id.out', 's3://out/id-error.out', { InferenceId: 'id' }]);
    expect(runtime.asked.pop()).toMatchObject(['e', { inputLocation: 's3://in/a', contentType: 'text/csv', timeoutSeconds: 5, waitSeconds: 60 }]);
    expect((await post('async-invocations', {})).status).toBe(400);
  });

  test('answers to what is too large, and to the next request on the same connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sent = (size: number) => new Promise<readonly [number | undefined, number | undefined]>((resolve, reject) => {
      const outgoing = httpRequest({ agent, port: (server.address() as AddressInfo).port, host: '127.0.0.1', method: 'POST', path: '/endpoints/e/invocations' }, (incoming) => {
        incoming.resume().on('end', () => resolve([incoming.statusCode, outgoing.socket?.localPort]));
      });
      outgoing.on('error', reject).end(Buffer.alloc(size));
    });
    try {
      const [status, port] = await sent(26 * 1024 * 1024);
      expect([status, port]).toEqual([413, expect.any(Number)]);
      expect(await sent(1)).toEqual([200, port]);
    } finally {
      agent.destroy();
    }
  });

  test('refuses by name what no endpoint here has', async () => {
    const answer = await post('invocations', { 'x-amzn-sagemaker-inference-component': 'c' });
    expect([answer.status, await answer.json()]).toEqual([400, { Message: 'Not supported by the local AWS: the header x-amzn-sagemaker-inference-component' }]);
    expect((await post('elsewhere', {})).status).toBe(404);
  });
});
