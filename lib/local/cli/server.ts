import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { endpointVariables, isAlive, readServerInfo } from '../server-file';
import type { ServerInfo } from '../server-file';
import { CommandError } from './output';

const READY_WITHIN = 60_000;
const OTHER_READY_WITHIN = 3000;

/** The local AWS of a state folder, as commands speak to it. */
export class Server {
  private constructor(public readonly info: ServerInfo) {}

  /** The one that runs; nothing when there is none. */
  static async running(state: string): Promise<Server | undefined> {
    const info = readServerInfo(state);
    if (info === undefined) { return undefined; }
    const server = new Server(info);
    // The number of a process that is gone may be another one's by now.
    return await server.command<{ pid: number }>('ping').then(({ pid }) => pid === info.pid, () => false) ? server : undefined;
  }

  /** The one that runs, or a new one in the background, which outlives the command. */
  static async started(state: string, program: string): Promise<Server> {
    const running = await Server.running(state);
    if (running !== undefined) { return running; }
    mkdirSync(state, { recursive: true, mode: 0o700 });       // data, code and logs are nobody else's
    const file = join(state, 'server.err');
    const log = openSync(file, 'w');
    const child = spawn(process.execPath, [program, state], { detached: true, stdio: ['ignore', 'ignore', log] });
    closeSync(log);
    child.unref();
    let until = Date.now() + READY_WITHIN;
    // Another command may have started one at the same time, which is getting ready.
    child.once('exit', () => { until = Date.now() + OTHER_READY_WITHIN; });
    while (Date.now() < until) {
      const server = await Server.running(state);
      if (server !== undefined) { return server; }
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    throw new CommandError(`the local AWS could not be started: ${readFileSync(file, 'utf8').trim() || 'it did not get ready in time'}`);
  }

  /** A command of the control API. @throws CommandError with the server's own words */
  async command<T>(name: string, input: object = {}): Promise<T> {
    const { status, body } = await this.send('POST', `/control/${name}`, { authorization: `Bearer ${this.info.token}` }, Buffer.from(JSON.stringify(input)));
    const answer = JSON.parse(body.toString()) as T & { readonly message?: string };
    if (status !== 200) { throw new CommandError(answer.message ?? `HTTP ${status}`); }
    return answer;
  }

  /** An HTTP request to the API port. */
  send(method: string, path: string, headers: { readonly [name: string]: string }, content: Buffer): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: Buffer }> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: this.info.apiPort, method, path, headers: { ...headers, 'content-length': content.length } }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }));
        answer.on('error', reject);
      });
      outgoing.on('error', (error) => reject(new CommandError(`the local AWS (process ${this.info.pid}) has ended, or does not answer: ${error.message}`)));
      outgoing.end(content);
    });
  }

  /** Ends it, and waits until its process is gone. */
  async stop(): Promise<void> {
    await this.command('stop').catch(() => undefined);
    for (const until = Date.now() + 30_000; isAlive(this.info.pid);) {
      if (Date.now() > until) { throw new CommandError(`the local AWS (process ${this.info.pid}) does not end`); }
      await new Promise((resolve) => { setTimeout(resolve, 25); });
    }
  }
}

/** For a shell. */
export const endpointsText = (info: ServerInfo) => Object.entries(endpointVariables(info)).map(([name, url]) => `${name}=${url}`).join(' ');
