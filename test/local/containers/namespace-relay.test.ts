import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { NamespaceRelay } from '../../../lib/local/containers/namespace-relay';
import { isAlive, processesWith } from '../support/processes';
import { until } from '../support/sagemaker-bench';

// Only root may enter a namespace.
const withRights = process.platform === 'linux' && process.geteuid?.() === 0 ? describe : describe.skip;

async function get(socketPath: string): Promise<string> {
  const outgoing = request({ socketPath, path: '/', agent: false }).end();
  const [incoming] = await once(outgoing, 'response') as [IncomingMessage];
  return (await incoming.toArray()).join('');
}

withRights('A relay into a network namespace', () => {
  // A process of its own stands for the container; its namespace is this one's.
  async function withRelay(work: (relay: NamespaceRelay) => Promise<void>): Promise<void> {
    const server = createServer((_, response) => { response.end('heard'); }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const contained = spawn('sleep', ['60']);
    try {
      await work(await NamespaceRelay.open([], contained.pid!, (server.address() as AddressInfo).port));
    } finally {
      contained.kill('SIGKILL');
      server.close();
    }
  }

  test('carries requests to a port in it, and is gone when it is closed', () => withRelay(async (relay) => {
    expect(await Promise.all([get(relay.socketPath), get(relay.socketPath)])).toEqual(['heard', 'heard']);
    const [{ pid } = { pid: 0 }] = processesWith(relay.socketPath);
    expect(isAlive(pid)).toBe(true);
    relay.close();
    await until(() => Promise.resolve(isAlive(pid) || existsSync(dirname(relay.socketPath))), (isLeft) => !isLeft);
  }));

  test('says why a namespace can\'t be entered', async () => {
    await expect(NamespaceRelay.open([], 2 ** 30, 80)).rejects.toThrow(/The container without a network can't be entered: nsenter: .*No such file/);
  });
});
