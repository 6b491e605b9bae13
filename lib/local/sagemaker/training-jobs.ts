import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateTrainingJobRequest, UpdateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { ServiceError, unsupported, validationException } from '../service-error';
import { signalGroup, startOfProcess } from '../process-group';
import { cutAtEnd, LONGEST_REASON } from './failure-reason';
import { JobLog } from './job-log';
import { page, type ListInput } from './listing';
import { arnOf, type Machine } from './machine';
import { finalMetrics } from './metrics';
import type { StateFile, TrainingJobRecord } from './state-file';
import { DEFAULT_MAX_RUNTIME, checkTrainingJob, leftOut } from './training-job-rules';
import { TrainingRun, type RunEnd } from './training-run';

type Answer = Record<string, unknown>;
const LOG_GROUP = '/aws/sagemaker/TrainingJobs';
const TERMINAL: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped']);

/** The training jobs of the local SageMaker: their records, their states, and the runs under way. */
export class TrainingJobs {
  private readonly runs = new Map<string, { readonly run: TrainingRun; readonly done: Promise<void>; stopAs?: 'Stopped' | 'MaxRuntimeExceeded' }>();
  private closed = false;

  constructor(private readonly machine: Machine, private readonly file: StateFile) {}

  private get jobs(): Record<string, TrainingJobRecord> {
    return this.file.state.trainingJobs;
  }

  public create(request: CreateTrainingJobRequest): Answer {
    checkTrainingJob(request, this.machine);
    const name = request.TrainingJobName as string;
    const arn = arnOf(this.machine, 'training-job', name);
    const taken = Object.values(this.jobs).find((job) => job.arn === arn);
    if (taken !== undefined) {
      throw new ServiceError('ResourceInUse', 'Training job names must be unique within an AWS account and region, '
        + `and a training job with this name already exists (${taken.arn})`);
    }
    const { Tags, ...rest } = request;
    const now = this.machine.clock.now();
    this.jobs[name] = { arn, request: rest as CreateTrainingJobRequest, status: 'InProgress', secondaryStatus: '', transitions: [], created: now, modified: now, attempts: 0 };
    if ((Tags ?? []).length > 0) { this.file.state.tags[arn] = [...Tags ?? []]; }
    this.start(name);
    return { TrainingJobArn: arn };
  }

  public describe(name: string): Answer {
    const job = this.find(name);
    const { request } = job;
    const ended = TERMINAL.has(job.status);
    const seconds = job.trainingStart === undefined || job.trainingEnd === undefined ? undefined : Math.round((job.trainingEnd - job.trainingStart) / 1000);
    return {
      ...request,
      TrainingJobName: request.TrainingJobName,
      TrainingJobArn: job.arn,
      ModelArtifacts: job.artifact === undefined ? undefined : { S3ModelArtifacts: job.artifact },
      TrainingJobStatus: job.status,
      SecondaryStatus: job.secondaryStatus,
      FailureReason: job.reason,
      StoppingCondition: { MaxRuntimeInSeconds: DEFAULT_MAX_RUNTIME, ...request.StoppingCondition },
      OutputDataConfig: { KmsKeyId: '', CompressionType: 'GZIP', ...request.OutputDataConfig },
      EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
      EnableInterContainerTrafficEncryption: request.EnableInterContainerTrafficEncryption ?? false,
      EnableManagedSpotTraining: request.EnableManagedSpotTraining ?? false,
      CreationTime: new Date(job.created),
      LastModifiedTime: new Date(job.modified),
      TrainingStartTime: date(job.trainingStart),
      TrainingEndTime: date(job.trainingEnd),
      TrainingTimeInSeconds: seconds,
      BillableTimeInSeconds: ended ? seconds : undefined,
      SecondaryStatusTransitions: job.transitions.map((each) => ({ Status: each.status, StartTime: new Date(each.start), EndTime: date(each.end), StatusMessage: each.message })),
      FinalMetricDataList: job.metrics?.map((metric) => ({ ...metric, Timestamp: new Date(metric.Timestamp) })),
    };
  }

  public list(input: ListInput): Answer {
    const rows = Object.entries(this.jobs).map(([name, job]) => ({ name, created: job.created, modified: job.modified, status: job.status, summary: {
      TrainingJobName: name,
      TrainingJobArn: job.arn,
      CreationTime: new Date(job.created),
      TrainingEndTime: date(job.trainingEnd),
      LastModifiedTime: new Date(job.modified),
      TrainingJobStatus: job.status,
      SecondaryStatus: job.secondaryStatus,
    } }));
    return page('TrainingJobSummaries', rows, input);
  }

  public stop(name: string): Answer {
    const job = this.find(name);
    if (TERMINAL.has(job.status)) { throw validationException(`The request was rejected because the training job is in status ${job.status}.`); }
    this.stopAs(job.request.TrainingJobName as string, 'Stopped');
    return {};
  }

  public async delete(given: string): Promise<Answer> {
    const job = this.find(given, 'ResourceNotFound');
    const name = job.request.TrainingJobName as string;
    if (!TERMINAL.has(job.status)) {
      throw new ServiceError('ResourceInUse', `The training job ${job.arn} is in status ${job.status}; only a job in a terminal status can be deleted.`);
    }
    delete this.jobs[name];
    delete this.file.state.tags[job.arn];
    this.file.save();
    await rm(this.folderOf(name), { recursive: true, force: true });
    return {};
  }

  /** Keep-alive of a pool that a process has none of, and settings of a profiler and a debugger that are not there. */
  public update(input: UpdateTrainingJobRequest): Answer {
    const job = this.find(input.TrainingJobName as string, 'ResourceNotFound');
    const unknown = Object.keys(input).find((member) => !['TrainingJobName', 'ResourceConfig', 'ProfilerConfig', 'ProfilerRuleConfigurations', 'RemoteDebugConfig'].includes(member));
    if (unknown !== undefined) { throw unsupported(`${unknown} of UpdateTrainingJob`); }
    if (input.ResourceConfig !== undefined && job.status !== 'Completed') {
      throw validationException('KeepAlivePeriodInSeconds can only be updated for a job in status Completed with a warm pool.');
    }
    if ((input.ProfilerConfig !== undefined || input.RemoteDebugConfig !== undefined) && job.status !== 'InProgress') {
      throw validationException(`The request was rejected because the training job is in status ${job.status}.`);
    }
    const request = job.request as unknown as Record<string, Record<string, unknown>>;
    for (const member of ['ResourceConfig', 'ProfilerConfig', 'RemoteDebugConfig'] as const) {
      if (input[member] !== undefined) { request[member] = { ...request[member], ...input[member] }; }
    }
    job.modified = this.machine.clock.now();
    this.file.save();
    return { TrainingJobArn: job.arn };
  }

  public logLines(name: string, from = 0): { readonly lines: string[]; readonly next: number } {
    return Object.hasOwn(this.jobs, name) ? this.logOf(name).linesFrom(from) : { lines: [], next: from };
  }

  /** Goes on with what a former process of this folder left: nobody ran its jobs meanwhile. */
  public recover(): void {
    for (const [name, job] of Object.entries(this.jobs).filter(([, each]) => !TERMINAL.has(each.status))) {
      // Its process may have outlived a crash; the number alone could be another one's by now.
      if (job.process?.start !== undefined && startOfProcess(job.process.pid) === job.process.start) { signalGroup(job.process.pid, 'SIGKILL'); }
      const retries = job.request.RetryStrategy?.MaximumRetryAttempts ?? 0;
      if (job.status === 'InProgress' && job.attempts <= retries) {
        this.start(name);
      } else if (job.status === 'Stopping') {
        this.end(name, 'Stopped', 'Stopped', {});
      } else {
        this.end(name, 'Failed', 'Failed', { reason: 'InternalServerError: The local AWS was stopped while the job ran, and its process with it.' });
      }
    }
  }

  /** Ends every process; the records stay as they are, for whoever opens the folder next. */
  public async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.runs.values()].map(async ({ run, done }) => {
      await run.kill();
      await done;
    }));
  }

  private start(name: string): void {
    const job = this.find(name);
    const again = job.attempts > 0;
    job.attempts += 1;
    this.move(job, again ? 'Restarting' : 'Starting', again ? 'Restarting the job after an internal error' : 'Preparing the instances for training');
    const log = this.logOf(name);
    const missing = again ? [] : leftOut(job.request);
    if (missing.length > 0) { log.note(`The local SageMaker runs this job without ${missing.join(', ')}.`); }
    const run = new TrainingRun(name, job.arn, job.request, this.machine, log, this.folderOf(name));
    let cancelLimit: () => void = () => undefined;
    const done = run.run({
      downloading: () => {
        job.trainingStart ??= this.machine.clock.now();
        this.move(job, 'Downloading', 'Downloading input data');
        const limit = (job.request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME) * 1000;
        cancelLimit = this.machine.clock.after(limit, () => this.stopAs(name, 'MaxRuntimeExceeded'));
      },
      training: () => this.move(job, 'Training', 'Training image download completed. Training in progress.'),
      started: (process) => {
        job.process = process;
        this.file.save();
      },
      uploading: () => {
        cancelLimit();
        job.trainingEnd = this.machine.clock.now();
        if (job.status !== 'Stopping') { this.move(job, 'Uploading', 'Uploading generated training model'); }
      },
    }).then((end) => this.settle(name, end), (error: Error) => {
      this.machine.log(`${name}: ${error.stack}`);
      this.settle(name, { reason: `InternalServerError: ${error.message}` });
    }).finally(() => {
      cancelLimit();
      this.runs.delete(name);
    });
    this.runs.set(name, { run, done });
  }

  private stopAs(name: string, stopAs: 'Stopped' | 'MaxRuntimeExceeded'): void {
    const running = this.runs.get(name);
    const job = this.jobs[name];
    if (running === undefined || job === undefined || job.status !== 'InProgress') { return; }
    running.stopAs = stopAs;
    job.status = 'Stopping';
    this.move(job, 'Stopping', stopAs === 'Stopped' ? 'Stopping the training job' : 'Training job reached MaxRuntimeInSeconds');
    running.run.stop();
  }

  private settle(name: string, end: RunEnd): void {
    if (this.closed) { return; }
    const stopAs = this.runs.get(name)?.stopAs;
    if (stopAs !== undefined) {
      this.end(name, 'Stopped', stopAs, { artifact: end.artifact });
    } else if (end.reason !== undefined) {
      this.end(name, 'Failed', 'Failed', end);
    } else {
      this.end(name, 'Completed', 'Completed', end);
    }
  }

  private end(name: string, status: TrainingJobRecord['status'], secondaryStatus: string, end: RunEnd): void {
    const job = this.find(name);
    const now = this.machine.clock.now();
    job.trainingEnd ??= job.trainingStart === undefined ? undefined : now;
    job.status = status;
    job.artifact = end.artifact;
    job.reason = end.reason === undefined ? undefined : cutAtEnd(end.reason, LONGEST_REASON);
    job.process = undefined;
    this.logOf(name).finish();
    const metrics = finalMetrics(job.request.AlgorithmSpecification?.MetricDefinitions ?? [], this.logOf(name).events());
    if (metrics.length > 0) { job.metrics = metrics; }
    this.move(job, secondaryStatus, END_MESSAGES[secondaryStatus] ?? '');
    (job.transitions.at(-1) as { end?: number }).end = now;
    this.file.save();
  }

  private move(job: TrainingJobRecord, secondaryStatus: string, message: string): void {
    const now = this.machine.clock.now();
    const last = job.transitions.at(-1);
    if (last !== undefined) { last.end ??= now; }
    job.transitions.push({ status: secondaryStatus, start: now, message });
    job.secondaryStatus = secondaryStatus;
    job.modified = now;
    this.file.save();
  }

  private find(name: string, error = 'ValidationException'): TrainingJobRecord {
    const arn = arnOf(this.machine, 'training-job', name);
    const job = Object.hasOwn(this.jobs, name) ? this.jobs[name] : Object.values(this.jobs).find((each) => each.arn === arn);
    if (job === undefined) { throw new ServiceError(error, 'Requested resource not found.'); }
    return job;
  }

  private folderOf(name: string): string {
    return join(this.machine.folder, 'jobs', name);
  }

  private logOf(name: string): JobLog {
    // One stream an instance, of which there is one here, named by when the job was made.
    return new JobLog(this.machine.logs.stream(LOG_GROUP, `${name}/algo-1-${Math.floor(this.find(name).created / 1000)}`));
  }
}

const END_MESSAGES: Readonly<Record<string, string>> = {
  Completed: 'Training job completed',
  Failed: 'Training job failed',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
};
const date = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : new Date(milliseconds));
