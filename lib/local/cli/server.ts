import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { endpointVariables, ENDING, isAlive, LOCKED, readServerInfo } from '../server-file';
import type { ServerInfo } from '../server-file';
import { lockOf, ownersOf } from '../state-lock';
import { CommandError } from './output';

const READY_WITHIN = 60_000;
/** How often it is looked whether it is ready, in milliseconds. */
const LOOK = 10;
/** So long it may cut connections before it is taken for something else, in milliseconds. */
const RESETS_WITHIN = 5_000;

/** The local AWS was not there any more, or was about to end: nothing has come of what it was asked. */
export class ServerEnded extends CommandError {}

/** The connection has ended before the answer. */
class ConnectionCut extends CommandError {}

const FAILURES: { readonly [code: string]: typeof CommandError } = { ECONNREFUSED: ServerEnded, ECONNRESET: ConnectionCut, EPIPE: ConnectionCut };

/** The local AWS of a state folder, as commands speak to it. */
export class Server {
  /** What runs jobs and endpoints, in a sentence. */
  public runsIn = '';
  private mode = '';

  private constructor(public readonly info: ServerInfo) {}

  /** The one that runs; nothing when there is none. */
  static async running(state: string): Promise<Server | undefined> {
    const info = readServerInfo(state);
    if (info === undefined) { return undefined; }
    const server = new Server(info);
    for (const until = Date.now() + RESETS_WITHIN; ;) {
      try {
        const { pid, runsIn = '', mode = '' } = await server.command<{ pid?: number; runsIn?: string; mode?: string }>('ping');
        Object.assign(server, { runsIn, mode });
        // The number of a process that is gone may be another one's by now.
        return pid === info.pid ? server : undefined;
      } catch (error) {
        // A connection that is cut says nothing about the process behind it; a port that nobody has does.
        if (!(error instanceof ConnectionCut) || !isAlive(info.pid) || Date.now() > until) { return undefined; }
      }
      await new Promise((resolve) => { setTimeout(resolve, LOOK); });
    }
  }

  /** The one that runs, waited for where one is being started, or is ending; nothing when there is none. */
  static async settled(state: string): Promise<Server | undefined> {
    for (const until = Date.now() + READY_WITHIN; ;) {
      const server = await Server.running(state);
      if (server !== undefined || ownersOf(lockOf(state)).length === 0 || Date.now() > until) { return server; }
      await new Promise((resolve) => { setTimeout(resolve, LOOK); });
    }
  }

  /**
   * The one that runs, or a new one in the background, which outlives the command.
   *
   * @param mode what is to run jobs and endpoints. @default - that of the one that runs, or of CDK_SAGEMAKER_LOCAL_MODE
   * @throws CommandError when one is busy that runs in another mode
   */
  static async started(state: string, program: string, mode?: string): Promise<Server> {
    const running = await Server.running(state);
    if (running !== undefined && (mode === undefined || mode === running.mode)) { return running; }
    // Nothing is lost: stacks stay as they are, endpoints are served again.
    if (running !== undefined && !await running.stop('busy')) {
      throw new CommandError(`the local AWS of ${state} is at work in mode ${running.mode}: wait until its jobs have ended, or end them, before it can go on in mode ${String(mode)}`);
    }
    mkdirSync(state, { recursive: true, mode: 0o700 });       // data, code and logs are nobody else's
    for (const until = Date.now() + READY_WITHIN; ;) {
      const child = begun(state, program, mode);
      for (;;) {
        const server = await Server.running(state);
        if (server !== undefined) { return server; }
        if (child.exitCode !== null || child.signalCode !== null) { break; }
        if (Date.now() > until) { throw cantStart(state, 'it did not get ready in time'); }
        await new Promise((resolve) => { setTimeout(resolve, LOOK); });
      }
      // Another one has the folder: it gets ready, or it is ending.
      if (child.exitCode !== LOCKED || Date.now() > until) { throw cantStart(state, `its process has ended with ${child.signalCode ?? `exit code ${String(child.exitCode)}`}`); }
      const other = await Server.running(state);
      if (other !== undefined) { return other; }
    }
  }

  /** A command of the control API. @throws CommandError with the server's own words */
  async command<T>(name: string, input: object = {}): Promise<T> {
    const { status, body } = await this.send('POST', `/control/${name}`, { authorization: `Bearer ${this.info.token}` }, Buffer.from(JSON.stringify(input)));
    const answer = JSON.parse(body.toString()) as T & { readonly name?: string; readonly message?: string };
    if (status !== 200) { throw new (answer.name === ENDING ? ServerEnded : CommandError)(answer.message ?? `HTTP ${status}`); }
    return answer;
  }

  /** An HTTP request to the API port. */
  send(method: string, path: string, headers: { readonly [name: string]: string }, content: Buffer): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: Buffer }> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        // A connection of its own: one that is kept may be closed at the other end, unseen by a process that was busy.
        agent: false, host: '127.0.0.1', port: this.info.apiPort, method, path, headers: { ...headers, 'content-length': content.length },
      }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }));
        answer.on('error', reject);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => reject(new (FAILURES[error.code ?? ''] ?? CommandError)(`the local AWS (process ${this.info.pid}) has ended, or does not answer: ${error.message}`)));
      outgoing.end(content);
    });
  }

  /**
   * Ends it, and waits until its process is gone.
   *
   * @param unless `needed`: there is a stack, or another command has come; `busy`: something is under way
   * @returns whether it ends
   */
  async stop(unless: 'needed' | 'busy'): Promise<boolean> {
    const { ends } = await this.command<{ ends: boolean }>('stop', { unless }).catch(() => ({ ends: true }));
    if (!ends) { return false; }
    for (const until = Date.now() + 30_000; isAlive(this.info.pid);) {
      if (Date.now() > until) { throw new CommandError(`the local AWS (process ${this.info.pid}) does not end`); }
      await new Promise((resolve) => { setTimeout(resolve, LOOK); });
    }
    return true;
  }
}

/** A process in the background that outlives the command. */
function begun(state: string, program: string, mode = process.env.CDK_SAGEMAKER_LOCAL_MODE): ChildProcess {
  const log = openSync(errorsOf(state), 'w');
  const child = spawn(process.execPath, [program, state, 'until-unneeded'], { detached: true, stdio: ['ignore', 'ignore', log], env: { ...process.env, CDK_SAGEMAKER_LOCAL_MODE: mode } });
  closeSync(log);
  child.unref();
  return child;
}

const errorsOf = (state: string) => join(state, 'server.err');
const cantStart = (state: string, why: string) => new CommandError(`the local AWS could not be started: ${readFileSync(errorsOf(state), 'utf8').trim() || why}`);

/** For a shell. */
export const endpointsText = (info: ServerInfo) => Object.entries(endpointVariables(info)).map(([name, url]) => `${name}=${url}`).join(' ');
