import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { Mark } from './mark';

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** One more pipe, number 3, that the process writes to. */
  readonly reportPipe?: boolean;
  /** All that it starts ends with it, in whichever session that is, and with this process, also when that is killed. */
  readonly isMarked?: boolean;
  /** Every chunk of standard output and standard error, as it comes. */
  readonly onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
}

/** How a process ended: an exit code, or the signal that ended it as a negative number, as Python counts. */
export interface ProcessEnd {
  readonly code: number;
  /** Why it could not be started at all. */
  readonly error?: string;
  /** What its code may mean. */
  readonly remark?: string;
}

/** A program and whatever it starts, as one group that can be ended as a whole. No shell reads the command. */
export class ProcessGroup {
  /** Resolves when the program has ended and all it wrote has been read. Never rejects. */
  public readonly end: Promise<ProcessEnd>;
  private readonly child: ChildProcess;
  private ended = false;

  constructor(command: readonly string[], options: ProcessOptions) {
    const mark = options.isMarked === true ? new Mark() : undefined;
    const stdio: StdioOptions = ['pipe', 'pipe', 'pipe', ...(options.reportPipe === true ? ['pipe' as const] : [])];
    // `detached` makes it the leader of a group of its own.
    this.child = spawn(command[0] as string, command.slice(1), { cwd: options.cwd, env: { ...options.env, ...mark?.variables }, stdio, detached: true });
    // A process that has ended already, or that never reads, makes writing to it fail; that is no concern of ours.
    this.child.stdin?.on('error', () => undefined);
    for (const stream of ['stdout', 'stderr'] as const) {
      this.child[stream]?.on('data', (chunk: Buffer) => options.onOutput?.(chunk, stream));
    }
    this.end = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.ended = true;
        resolve({ code: 127, error: error.message });
      });
      // Not 'close': a grandchild that has inherited the pipes could hold it back for ever.
      this.child.on('exit', (code, signal) => {
        this.ended = true;
        this.signal('SIGKILL');                              // what the program left behind in its group
        mark?.end();                                         // and outside of it
        const done = () => {
          clearTimeout(timer);
          // Once more: one that was just replacing its program could not be seen.
          mark?.end();
          resolve({ code: code ?? -signalNumber(signal) });
        };
        const timer = setTimeout(done, 1000);
        this.child.on('close', done);
      });
    });
    live.add(this);
    const forget = this.child.pid === undefined ? undefined : mark?.endWithThis(-this.child.pid);
    void this.end.then(() => {
      live.delete(this);
      forget?.();
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  get input(): Writable {
    return this.child.stdin as Writable;
  }

  get report(): Readable {
    return this.child.stdio[3] as Readable;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) { signalGroup(this.child.pid, signal); }
  }

  /** SIGTERM, and SIGKILL when that was not enough. Resolves when the process has ended. */
  async stop(graceMilliseconds: number): Promise<ProcessEnd> {
    if (!this.ended) { this.signal('SIGTERM'); }
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMilliseconds);
    try {
      return await this.end;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Groups that this process has started and that still run: ended with it, should it leave by `process.exit`. */
const live = new Set<ProcessGroup>();
process.on('exit', () => live.forEach((group) => group.signal('SIGKILL')));

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 };
const signalNumber = (signal: NodeJS.Signals | null) => SIGNAL_NUMBERS[signal ?? ''] ?? 1;
