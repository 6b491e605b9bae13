import { EngineError } from '../containers/engine';
import type { ProcessEnd } from '../process-group';
import { PythonEnvironmentError } from '../python-environment';
import { runProcess, type OnOutput, type Running } from '../running';
import { JobFailure, reasonFromFile } from './failure-reason';
import type { HostLogs } from './host-logs';
import type { JobLog } from './job-log';
import type { JobRun, RunEnd } from './jobs';
import { readLeft } from './left-files';
import type { Machine } from './machine';

/** A job's program, ready to be started: on each of its hosts, one. */
export interface Program {
  readonly log: JobLog;
  /** Which of several hosts it runs on. */
  readonly host?: string;
  /** What it writes to say why it has failed. */
  readonly failureFile?: string;
  readonly start: (onOutput: OnOutput) => Running;
  /** Why it has failed, by what it said last. */
  readonly reasonOf: (end: ProcessEnd, said: string) => string;
}

/** A program as a process of this machine. */
export interface ProcessProgram extends Omit<Program, 'start'> {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly workingFolder: string;
}

export function processProgram({ command, environment, workingFolder, ...program }: ProcessProgram): Program {
  return { ...program, start: (onOutput) => runProcess(command, { cwd: workingFolder, env: environment, onOutput }) };
}

export interface RunEvents {
  readonly preparing: () => void;
  readonly running: () => void;
  readonly started: (process: { readonly pid: number; readonly start?: string }) => void;
  readonly leaving: () => void;
}

/** One execution of a job that is a program, on one host or on several: inputs, the program, outputs. */
export abstract class ProgramRun<E extends RunEnd> implements JobRun {
  protected readonly abort = new AbortController();
  protected stopped = false;
  private running: readonly Running[] = [];
  private killed = false;

  constructor(protected readonly machine: Machine, protected readonly logs: HostLogs) {}

  /** Rejects only when something is wrong here, not with the job. */
  public async run(events: RunEvents): Promise<E> {
    try {
      events.preparing();
      const reason = await this.reasonOf(async () => {
        const programs = await this.prepare();
        events.running();
        return this.execute(programs, events);
      });
      if (this.killed) { return {} as E; }
      events.leaving();
      return await this.leave(reason);
    } finally {
      await this.release();
    }
  }

  /** SIGTERM, and SIGKILL after the grace; `run` then goes on to leave what is there. */
  public stop(): void {
    this.stopped = true;
    this.abort.abort();
    this.running.forEach((each) => void each.stop(this.machine.stopGrace));
  }

  /** Ends the program at once; nothing is uploaded. */
  public async kill(): Promise<void> {
    this.killed = true;
    this.abort.abort();
    this.running.forEach((each) => each.kill());
    await Promise.all(this.running.map(({ end }) => end));
  }

  /** Brings everything to its place. @throws JobFailure, PythonEnvironmentError, EngineError: why the program can't run */
  protected abstract prepare(): Promise<readonly Program[]>;

  /** Uploads what the program has left, and cleans up. */
  protected abstract leave(reason: string | undefined): Promise<E>;

  /** Gives back what was taken for the run, however it has ended. */
  protected async release(): Promise<void> {}

  /** Why something has failed that is the job's matter, if it did. */
  private async reasonOf(work: () => Promise<string | undefined>): Promise<string | undefined> {
    try {
      return await work();
    } catch (error) {
      if (this.killed || (this.stopped && !(error instanceof JobFailure))) { return undefined; }
      if (error instanceof PythonEnvironmentError || error instanceof EngineError) { return `ClientError: ${error.message}`; }
      if (error instanceof JobFailure) { return error.message; }
      throw error;
    }
  }

  /** Runs the programs to their end; the answer is why the first of them failed, if one did. It ends the others too. */
  private async execute(programs: readonly Program[], events: RunEvents): Promise<string | undefined> {
    this.abort.signal.throwIfAborted();
    let reason: Promise<string> | undefined;
    const said = programs.map(() => ({ stdout: '', stderr: '' }));
    this.running = programs.map((program, index) => program.start((chunk, stream) => {
      program.log.append(chunk, stream);
      const own = said[index] as Said;
      own[stream] = (own[stream] + chunk.toString()).slice(-64 * 1024);
    }));
    const [first] = this.running;
    if (first?.process !== undefined) { events.started(first.process); }
    await Promise.all(this.running.map(async (run, index) => {
      const end = await run.end;
      const program = programs[index] as Program;
      program.log.finish();
      if (this.stopped || end.code === 0 || reason !== undefined) { return; }
      reason = ownReason(program, programs, end, said[index] as Said);
      const others = this.running.filter((other) => other !== run && !other.hasEnded);
      if (others.length > 0) { this.logs.note(`${program.host} has failed with exit code ${end.code}: the other hosts are told to end, and have ${this.machine.stopGrace / 1000} seconds for it.`); }
      others.forEach((other) => void other.stop(this.machine.stopGrace));
    }));
    return reason;
  }
}

/** The end of what a program has written. */
type Said = Record<'stdout' | 'stderr', string>;

/** What a host has written to say why; otherwise what the one that has failed said last. */
async function ownReason(failed: Program, programs: readonly Program[], end: ProcessEnd, { stdout, stderr }: Said): Promise<string> {
  for (const { failureFile } of [failed, ...programs]) {
    const own = failureFile === undefined ? '' : await readLeft(failureFile);
    if (own.trim() !== '') { return reasonFromFile(own, end.code < 0 ? 128 - end.code : end.code); }
  }
  return failed.reasonOf(end, stderr.trim() === '' ? stdout : stderr);
}
