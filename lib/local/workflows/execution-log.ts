import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** What an execution was started with. */
export interface ExecutionHead {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** An event of the history, its details as Step Functions has them. */
export interface HistoryEvent {
  readonly id: number;
  readonly time: number;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** How each end is called in the history. */
export const ENDS: { readonly [type: string]: ExecutionStatus } = { ExecutionSucceeded: 'SUCCEEDED', ExecutionFailed: 'FAILED', ExecutionTimedOut: 'TIMED_OUT', ExecutionAborted: 'ABORTED' };

/** A machine that looks at something again and again has more to say than anybody reads. */
const MOST_BYTES = 512 * 1024;
/** Of each machine. */
const MOST_EXECUTIONS = 200;

/** What has happened in one execution: a line of a file each, so that it can be read after a restart. */
export class ExecutionLog {
  public readonly events: HistoryEvent[] = [];
  private bytes = 0;

  private constructor(public readonly head: ExecutionHead, private readonly file: string | undefined) {}

  /** Begins the log of a new execution; the oldest of the folder go. @param folder of the machine. @default - nothing is written */
  public static begin(head: ExecutionHead, folder: string | undefined): ExecutionLog {
    const log = new ExecutionLog(head, folder === undefined ? undefined : join(folder, `${head.name}.jsonl`));
    if (folder !== undefined) { mkdirSync(folder, { recursive: true }); }
    log.write(head);
    return log;
  }

  /** The executions of a machine, the oldest first. One whose file is damaged is left out. */
  public static all(folder: string): ExecutionLog[] {
    let names: string[];
    try { names = readdirSync(folder); } catch { return []; }
    const logs = names.filter((name) => name.endsWith('.jsonl')).flatMap((name) => ExecutionLog.read(join(folder, name)) ?? []);
    logs.sort((a, b) => a.head.started - b.head.started);
    for (const old of logs.splice(0, Math.max(0, logs.length - MOST_EXECUTIONS))) { rmSync(old.file as string, { force: true }); }
    return logs;
  }

  private static read(file: string): ExecutionLog | undefined {
    const lines = readFileSync(file, 'utf8').split('\n').flatMap((line) => {
      // The last one may have been cut off.
      try { return [JSON.parse(line) as unknown]; } catch { return []; }
    });
    const [head, ...events] = lines as [ExecutionHead | undefined, ...HistoryEvent[]];
    if (typeof head?.executionArn !== 'string') { return undefined; }
    const log = new ExecutionLog(head, file);
    log.events.push(...events);
    return log;
  }

  get status(): ExecutionStatus { return ENDS[this.end?.type ?? ''] ?? 'RUNNING'; }

  /** The event that ended it. */
  get end(): HistoryEvent | undefined {
    const last = this.events.at(-1);
    return last !== undefined && Object.hasOwn(ENDS, last.type) ? last : undefined;
  }

  add(type: string, time: number, details: Readonly<Record<string, unknown>>): void {
    if (this.bytes > MOST_BYTES && !Object.hasOwn(ENDS, type)) { return; }
    const event = { id: this.events.length + 1, time, type, details };
    this.events.push(event);
    this.write(event);
  }

  private write(line: object): void {
    const text = `${JSON.stringify(line)}\n`;
    this.bytes += text.length;
    if (this.file !== undefined) { appendFileSync(this.file, text); }
  }
}
