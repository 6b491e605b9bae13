import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tag } from '@aws-sdk/client-sagemaker';
import type { JobMember } from '../job-progress';
import { signalGroup } from '../process-group';
import { startOfProcess } from '../process-start';
import { ServiceError, Unsupported, validationException } from '../service-error';
import { cutAtEnd, LONGEST_REASON } from './failure-reason';
import type { JobLog } from './job-log';
import { page, type ListInput, type ListRow } from './listing';
import { arnOf, type Machine } from './machine';
import type { JobRecord, StateFile } from './state-file';

export type Answer = Record<string, unknown>;
const TERMINAL: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped']);
/** Why a job failed that was under way when everything ended. */
export const LOST = 'InternalServerError: The local AWS was stopped while the job ran, and its process with it.';
export const hasEnded = (job: JobRecord) => TERMINAL.has(job.status);
export const date = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : new Date(milliseconds));

/** How a run came to its end. */
export interface RunEnd {
  /** Why the job failed; nothing when it ended well or was stopped. */
  readonly reason?: string;
}

/** What a job does while it is under way. */
export interface JobRun {
  /** Asks it to end; it may still leave what it has. */
  stop(): void;
  /** Ends it at once; nothing is left. */
  kill(): Promise<void>;
}

/** What a job has said, as its readers see it. */
export type JobOutput = Pick<JobLog, 'linesFrom' | 'finish'>;

/** Why a job was stopped. */
export type StopCause = 'Stopped' | 'MaxRuntimeExceeded' | 'MaxWaitTimeExceeded';

/** What one kind of job is called, where SageMaker's kinds differ in nothing else. */
export interface JobWords {
  /** In ARNs, for instance `training-job`. */
  readonly arn: string;
  /** In sentences. */
  readonly noun: string;
  /** Begins the names of members and operations, for instance `TrainingJob`. */
  readonly member: JobMember;
  /** Where its records are in the state. */
  readonly state: 'trainingJobs' | 'tuningJobs' | 'transformJobs' | 'processingJobs';
  /** Below the machine's folder, a folder a job. */
  readonly folder: string;
  readonly taken: (name: string, arn: string) => string;
  readonly notFound: (name: string, operation: 'Describe' | 'Stop' | 'Delete') => ServiceError;
}

interface UnderWay {
  readonly run: JobRun;
  done: Promise<void>;
  stopAs?: StopCause;
  cancelLimit?: () => void;
}

/** The jobs of one kind: their records, their states, and the runs under way. What such a job does is the subclass's. */
export abstract class Jobs<R extends JobRecord, E extends RunEnd = RunEnd> {
  protected closed = false;
  private readonly runs = new Map<string, UnderWay>();

  constructor(protected readonly machine: Machine, protected readonly file: StateFile, private readonly words: JobWords) {}

  protected get jobs(): Record<string, R> {
    return this.file.state[this.words.state] as Record<string, JobRecord> as Record<string, R>;
  }

  public list(input: ListInput): Answer {
    return page(`${this.words.member}Summaries`, Object.entries(this.jobs).map(([name, job]): ListRow => ({
      name, created: job.created, modified: job.modified, status: job.status,
      summary: {
        [`${this.words.member}Name`]: name,
        [`${this.words.member}Arn`]: job.arn,
        [`${this.words.member}Status`]: job.status,
        CreationTime: new Date(job.created),
        LastModifiedTime: new Date(job.modified),
        ...this.summary(name, job),
      },
    })), input);
  }

  public stop(given: string): Answer {
    const [name, job] = this.entry(given, 'Stop');
    if (hasEnded(job)) { throw validationException(`The request was rejected because the ${this.words.noun} is in status ${job.status}.`); }
    this.stopAs(name, 'Stopped');
    return {};
  }

  public async delete(given: string): Promise<Answer> {
    const [name, job] = this.entry(given, 'Delete');
    if (!hasEnded(job)) {
      throw new ServiceError('ResourceInUse', `The ${this.words.noun} ${job.arn} is in status ${job.status}; only a job in a terminal status can be deleted.`);
    }
    delete this.jobs[name];
    delete this.file.state.tags[job.arn];
    this.file.save();
    await rm(this.folderOf(name), { recursive: true, force: true });
    return {};
  }

  public logLines(name: string, from = 0): { readonly lines: string[]; readonly next: number } {
    const log = Object.hasOwn(this.jobs, name) ? this.logOf(name) : undefined;
    return log?.linesFrom(from) ?? { lines: [], next: from };
  }

  public get isAtRest(): boolean {
    return Object.values(this.jobs).every(hasEnded);
  }

  /** Goes on with what a former process of this folder left: nobody ran its jobs meanwhile. */
  public recover(): void {
    for (const [name, job] of Object.entries(this.jobs).filter(([, each]) => !hasEnded(each))) {
      // Its process may have outlived a crash; the number alone could be another one's by now.
      if (job.process?.start !== undefined && startOfProcess(job.process.pid) === job.process.start) { signalGroup(job.process.pid, 'SIGKILL'); }
      if (job.status === 'Stopping') {
        this.end(name, 'Stopped', 'Stopped', {} as E);
      } else if (this.mayGoOn(job)) {
        this.start(name);
      } else {
        this.end(name, 'Failed', 'Failed', { reason: LOST } as E);
      }
    }
  }

  /** Whether a job failed since a former process of this folder ended, and its program with it. */
  public isLost(name: string): boolean {
    return Object.hasOwn(this.jobs, name) && this.jobs[name]?.reason === LOST;
  }

  /** Ends every process; the records stay as they are, for whoever opens the folder next. */
  public async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.runs.values()].map(async ({ run, done, cancelLimit }) => {
      cancelLimit?.();
      await run.kill();
      await done;
    }));
  }

  /** Runs a job that is recorded. */
  protected abstract start(name: string): void;
  /** What a list says of a job beside what it says of any. */
  protected abstract summary(name: string, job: R): Answer;
  /** Writes down what has come of a job, its status aside. */
  protected abstract settled(name: string, job: R, outcome: StopCause | 'Completed' | 'Failed', end: E): void;
  protected abstract logOf(name: string): JobOutput | undefined;

  /** Whether a job may run again after a restart. */
  protected mayGoOn(_job: R): boolean {
    return false;
  }

  /** Tells that a job is being stopped. */
  protected stopping(_job: R, _cause: StopCause): void {}

  /** @throws ServiceError for a name that is taken; upper and lower case are the same */
  protected requireFree(name: string): string {
    const arn = arnOf(this.machine, this.words.arn, name);
    const taken = Object.values(this.jobs).find((job) => job.arn === arn);
    if (taken !== undefined) { throw new ServiceError('ResourceInUse', this.words.taken(name, taken.arn)); }
    return arn;
  }

  /** Checks a request. What is refused because it can't run on this machine is no matter where it is not to be run. @throws ServiceError */
  protected check(name: string, rules: () => void): void {
    try {
      rules();
    } catch (error) {
      if (!(error instanceof Unsupported) || this.machine.interference?.isScripted(this.words.member, name) !== true) { throw error; }
    }
  }

  protected add(name: string, record: R, tags: readonly Tag[] | undefined): void {
    this.jobs[name] = record;
    if ((tags ?? []).length > 0) { this.file.state.tags[record.arn] = [...tags ?? []]; }
    this.start(name);
    this.file.save();
  }

  /** Follows a run to its end. */
  protected follow(name: string, run: JobRun, work: () => Promise<E>): void {
    const underWay: UnderWay = { run, done: Promise.resolve() };
    this.runs.set(name, underWay);
    underWay.done = work().then((end) => this.settle(name, end), (error: Error) => {
      this.machine.log(`${name}: ${error.stack}`);
      this.settle(name, { reason: `InternalServerError: ${error.message}` } as E);
    }).finally(() => {
      underWay.cancelLimit?.();
      this.runs.delete(name);
    });
  }

  /** From now on the job has so many seconds. */
  protected limit(name: string, seconds: number): void {
    const underWay = this.runs.get(name);
    if (underWay !== undefined) { underWay.cancelLimit = this.machine.clock.after(seconds * 1000, () => this.stopAs(name, 'MaxRuntimeExceeded')); }
  }

  protected unlimit(name: string): void {
    this.runs.get(name)?.cancelLimit?.();
  }

  protected startedAs(name: string, process: JobRecord['process']): void {
    this.find(name).process = process;
    this.file.save();
  }

  protected stopAs(name: string, cause: StopCause): void {
    const running = this.runs.get(name);
    const job = this.jobs[name];
    if (running === undefined || job === undefined || job.status !== 'InProgress') { return; }
    running.stopAs = cause;
    job.status = 'Stopping';
    this.changed(job);
    this.stopping(job, cause);
    running.run.stop();
  }

  /** When it has ended, or everything has. */
  protected whenDone(name: string): Promise<void> {
    return this.runs.get(name)?.done ?? Promise.resolve();
  }

  protected changed(job: R): void {
    job.modified = this.machine.clock.now();
    this.file.save();
  }

  protected find(given: string): R {
    return this.entry(given, 'Describe')[1];
  }

  /** The name as it was given at first, and the record. */
  protected entry(given: string, operation: 'Describe' | 'Stop' | 'Delete'): [string, R] {
    const arn = arnOf(this.machine, this.words.arn, given);
    const found = Object.hasOwn(this.jobs, given) ? [given, this.jobs[given] as R] as [string, R] : Object.entries(this.jobs).find(([, each]) => each.arn === arn);
    if (found === undefined) { throw this.words.notFound(given, operation); }
    return found;
  }

  protected folderOf(name: string): string {
    return join(this.machine.folder, this.words.folder, name);
  }

  private settle(name: string, end: E): void {
    if (this.closed) { return; }
    const stopAs = this.runs.get(name)?.stopAs;
    if (stopAs !== undefined) {
      this.end(name, 'Stopped', stopAs, { ...end, reason: undefined });
    } else {
      this.end(name, end.reason === undefined ? 'Completed' : 'Failed', end.reason === undefined ? 'Completed' : 'Failed', end);
    }
  }

  private end(name: string, status: JobRecord['status'], outcome: StopCause | 'Completed' | 'Failed', end: E): void {
    const job = this.find(name);
    job.status = status;
    job.reason = end.reason === undefined ? undefined : cutAtEnd(end.reason, LONGEST_REASON);
    job.process = undefined;
    this.logOf(name)?.finish();
    this.settled(name, job, outcome, end);
    this.changed(job);
  }
}

/** What kinds other than training jobs answer when there is no such job. */
export const noSuchJob = (name: string, operation: 'Describe' | 'Stop' | 'Delete') => new ServiceError(
  operation === 'Delete' ? 'ResourceNotFound' : 'ValidationException', `Could not find requested job with name: ${name}`);
export const jobNameTaken = (_name: string, arn: string) => `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`;
