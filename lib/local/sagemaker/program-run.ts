import { readFile } from 'node:fs/promises';
import { EngineError } from '../containers/engine';
import type { ProcessEnd } from '../process-group';
import { PythonEnvironmentError } from '../python-environment';
import { runProcess, type OnOutput, type Running } from '../running';
import { JobFailure, reasonFromFile } from './failure-reason';
import type { JobLog } from './job-log';
import type { JobRun, RunEnd } from './jobs';
import type { Machine } from './machine';

/** A job's program, ready to be started. */
export interface Program {
  readonly start: (onOutput: OnOutput) => Running;
  /** Why it has failed, by what it said last. */
  readonly reasonOf: (end: ProcessEnd, said: string) => string;
}

/** A program as a process of this machine. */
export interface ProcessProgram extends Pick<Program, 'reasonOf'> {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly workingFolder: string;
}

export function processProgram({ command, environment, workingFolder, reasonOf }: ProcessProgram): Program {
  return { reasonOf, start: (onOutput) => runProcess(command, { cwd: workingFolder, env: environment, onOutput }) };
}

export interface RunEvents {
  readonly preparing: () => void;
  readonly running: () => void;
  readonly started: (process: { readonly pid: number; readonly start?: string }) => void;
  readonly leaving: () => void;
}

/** One execution of a job that is a program: inputs, the program, outputs. */
export abstract class ProgramRun<E extends RunEnd> implements JobRun {
  protected readonly abort = new AbortController();
  protected stopped = false;
  private process?: Running;
  private killed = false;

  constructor(protected readonly machine: Machine, protected readonly log: JobLog, private readonly failureFile?: string) {}

  /** Rejects only when something is wrong here, not with the job. */
  public async run(events: RunEvents): Promise<E> {
    let reason: string | undefined;
    try {
      events.preparing();
      const program = await this.prepare();
      events.running();
      reason = await this.execute(program, events);
    } catch (error) {
      if (this.killed) { return {} as E; }
      if (error instanceof PythonEnvironmentError || error instanceof EngineError) {
        reason = `ClientError: ${error.message}`;
      } else if (error instanceof JobFailure) {
        reason = error.message;
      } else if (!this.stopped) {
        throw error;
      }
    }
    if (this.killed) { return {} as E; }
    events.leaving();
    return this.leave(reason);
  }

  /** SIGTERM, and SIGKILL after the grace; `run` then goes on to leave what is there. */
  public stop(): void {
    this.stopped = true;
    this.abort.abort();
    void this.process?.stop(this.machine.stopGrace);
  }

  /** Ends the process at once; nothing is uploaded. */
  public async kill(): Promise<void> {
    this.killed = true;
    this.abort.abort();
    this.process?.kill();
    await this.process?.end;
  }

  /** Brings everything to its place. @throws JobFailure, PythonEnvironmentError, EngineError: why the program can't run */
  protected abstract prepare(): Promise<Program>;

  /** Uploads what the program has left, and cleans up. */
  protected abstract leave(reason: string | undefined): Promise<E>;

  /** Runs the program to its end; the answer is why it failed, if it did. */
  private async execute(program: Program, events: RunEvents): Promise<string | undefined> {
    this.abort.signal.throwIfAborted();
    let errors = '';
    const run = program.start((chunk, stream) => {
      this.log.append(chunk, stream);
      if (stream === 'stderr') { errors = (errors + chunk.toString()).slice(-64 * 1024); }
    });
    this.process = run;
    if (run.process !== undefined) { events.started(run.process); }
    const end = await run.end;
    this.log.finish();
    return this.stopped || end.code === 0 ? undefined : this.reasonOf(end, program, errors);
  }

  private async reasonOf(end: ProcessEnd, program: Program, errors: string): Promise<string> {
    const own = this.failureFile === undefined ? '' : await readFile(this.failureFile, 'utf8').catch(() => '');
    if (own.trim() !== '') { return reasonFromFile(own, end.code < 0 ? 128 - end.code : end.code); }
    return program.reasonOf(end, errors.trim() === '' ? this.log.tail() : errors);
  }
}
