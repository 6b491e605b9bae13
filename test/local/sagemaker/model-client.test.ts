import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { ModelClient } from '../../../lib/local/sagemaker/model-client';

/** Asks a container that answers every request with these bytes, and then does something to the connection. */
async function asked(bytes: string, then: (connection: Socket) => void = () => undefined, timeout = 60_000) {
  const server = createServer((connection) => {
    connection.on('error', () => undefined);
    connection.once('data', () => connection.write(bytes, () => setTimeout(() => then(connection), 50)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connections = new Set<Socket>();
  server.on('connection', (connection) => connections.add(connection));
  const client = new ModelClient();
  client.address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const parts: string[] = [];
  const sink = { begin: (type: string) => { parts.push(type); }, part: (chunk: Buffer) => { parts.push(chunk.toString()); } };
  try {
    const answer = await client.send({ method: 'POST', path: '/invocations', body: Buffer.from('x'), timeout }).then(({ status, body }) => [status, body.toString()], (error: Error) => error.message);
    const streamed = await client.send({ method: 'POST', path: '/invocations', body: Buffer.from('x'), timeout, sink }).then(({ status }) => status, (error: Error) => error.message);
    // What comes after the answer is still to come.
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    return { answer, streamed, parts, isHealthy: await client.isHealthy() };
  } finally {
    connections.forEach((connection) => connection.destroy());
    await new Promise((resolve) => server.close(resolve));
  }
}

const TEN = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: text/plain\r\n\r\n0123456789';

describe('A model server that breaks the rules of HTTP', () => {
  test('has not answered when it resets the connection, or closes it, in the middle of its answer', async () => {
    expect(await asked(TEN, (connection) => connection.resetAndDestroy())).toEqual({ answer: 'read ECONNRESET', streamed: 'read ECONNRESET', parts: ['text/plain', '0123456789'], isHealthy: false });
    const closed = 'The container has closed the connection in the middle of its answer.';
    expect(await asked(TEN, (connection) => connection.end())).toMatchObject({ answer: closed, streamed: closed, isHealthy: false });
  });

  test('has not answered when it falls silent in the middle of its answer, or sends chunks that are none', async () => {
    const silent = 'Your invocation timed out while waiting for a response from the container.';
    expect(await asked(TEN, undefined, 200)).toMatchObject({ answer: silent, streamed: silent, isHealthy: false });
    expect(await asked('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nzz\r\n')).toMatchObject({ answer: 'Parse Error: Invalid character in chunk size', isHealthy: false });
  });

  test('has answered when it sends more than it has announced', async () => {
    expect(await asked('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA')).toEqual({ answer: [200, 'ok'], streamed: 200, parts: ['application/octet-stream', 'ok'], isHealthy: true });
    expect(await asked('HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody')).toMatchObject({ answer: [204, ''], streamed: 204, isHealthy: false });
  });

  test('has not answered when it closes the connection at once, says what is no HTTP, or wants to speak something else', async () => {
    expect(await asked('', (connection) => connection.end())).toMatchObject({ answer: 'socket hang up', isHealthy: false });
    expect(await asked('hello\r\n\r\n')).toMatchObject({ answer: expect.stringContaining('Parse Error'), isHealthy: false });
    expect(await asked('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', undefined, 200)).toMatchObject({ answer: expect.stringMatching(/closed the connection without an answer|timed out/), isHealthy: false });
  });
});
