import type { CreateTrainingJobRequest, UpdateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { ServiceError, unsupported, validationException } from '../service-error';
import { describedTrainingJob } from './described-jobs';
import { hostLogs, type HostLogs } from './host-logs';
import { hostsOfTraining } from './hosts';
import { date, Jobs, type Answer, type JobRun, type JobWords, type StopCause } from './jobs';
import type { Machine } from './machine';
import { finalMetrics } from './metrics';
import { ScriptedRun } from './scripted-run';
import { SpotRun, type SpotEvents, type TrainingAttempt } from './spot-run';
import type { StateFile, TrainingJobRecord } from './state-file';
import { DEFAULT_MAX_RUNTIME, checkTrainingJob, leftOut, trainsAgain } from './training-job-rules';
import { TrainingRun, type TrainingEnd } from './training-run';

const LOG_GROUP = '/aws/sagemaker/TrainingJobs';
const WORDS: JobWords = {
  arn: 'training-job',
  noun: 'training job',
  member: 'TrainingJob',
  state: 'trainingJobs',
  folder: 'jobs',
  taken: (_name, arn) => `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
  notFound: (_name, operation) => new ServiceError(operation === 'Delete' ? 'ResourceNotFound' : 'ValidationException', 'Requested resource not found.'),
};

/** The training jobs of the local SageMaker. */
export class TrainingJobs extends Jobs<TrainingJobRecord, TrainingEnd> {
  constructor(machine: Machine, file: StateFile) {
    super(machine, file, WORDS);
  }

  /** @param launched of a tuning job: its ARN, and what the log is to say first */
  public create(request: CreateTrainingJobRequest, launched: Pick<TrainingJobRecord, 'tuningJob' | 'notes'> = {}): Answer {
    const name = request.TrainingJobName as string;
    this.check(name, () => checkTrainingJob(request, this.machine));
    const arn = this.requireFree(name);
    const { Tags, ...rest } = request;
    const now = this.machine.clock.now();
    const record: TrainingJobRecord = {
      ...launched, arn, request: rest as CreateTrainingJobRequest, status: 'InProgress', secondaryStatus: '', transitions: [], created: now, modified: now, attempts: 0,
    };
    this.add(name, record, Tags);
    return { TrainingJobArn: arn };
  }

  public describe(name: string): Answer { return describedTrainingJob(this.find(name)); }

  /** Keep-alive of a pool that a process has none of, and settings of a profiler and a debugger that are not there. */
  public update(input: UpdateTrainingJobRequest): Answer {
    const [, job] = this.entry(input.TrainingJobName as string, 'Delete');
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
    this.changed(job);
    return { TrainingJobArn: job.arn };
  }

  /** The record of a job, for the tuning job that has launched it; nothing when it was deleted since. */
  public record(name: string): TrainingJobRecord | undefined {
    return Object.hasOwn(this.jobs, name) ? this.jobs[name] : undefined;
  }

  /** Resolves when a job has ended, or everything has. */
  public ended(name: string): Promise<void> {
    return this.whenDone(name);
  }

  protected override mayGoOn(job: TrainingJobRecord): boolean {
    return trainsAgain(job);
  }

  protected start(name: string): void {
    const job = this.find(name);
    const again = job.attempts > 0;
    job.attempts += 1;
    this.move(job, again ? 'Restarting' : 'Starting', again ? 'Restarting the job after an internal error' : 'Preparing the instances for training');
    const log = this.logOf(name);
    const missing = again ? [] : leftOut(job.request);
    if (missing.length > 0) { log.note(`The local SageMaker runs this job without ${missing.join(', ')}.`); }
    if (!again) { job.notes?.forEach((note) => log.note(note)); }
    const run = this.runOf(name, job, log);
    const forget = this.limitWait(name, job);
    this.follow(name, run, () => run.run({
      preparing: () => {
        const now = this.machine.clock.now();
        job.trainingStart ??= now;
        if (job.interrupted !== undefined) { job.withoutInstances = (job.withoutInstances ?? 0) + now - job.interrupted; }
        job.interrupted = undefined;
        this.move(job, 'Downloading', 'Downloading input data');
        const used = now - job.trainingStart - (job.withoutInstances ?? 0);
        this.limit(name, (job.request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME) - used / 1000);
      },
      running: () => this.move(job, 'Training', 'Training image download completed. Training in progress.'),
      started: (process) => this.startedAs(name, process),
      leaving: () => {
        this.unlimit(name);
        job.trainingEnd = this.machine.clock.now();
        if (job.status !== 'Stopping') { this.move(job, 'Uploading', 'Uploading generated training model'); }
      },
      waiting: () => this.move(job, 'Starting', NO_CAPACITY),
      interrupted: () => {
        this.unlimit(name);
        job.interrupted = this.machine.clock.now();
        this.move(job, 'Interrupted', 'Training job interrupted');
      },
      starting: () => this.move(job, 'Starting', 'Preparing the instances for training'),
    }).finally(forget));
  }

  protected summary(_name: string, job: TrainingJobRecord): Answer {
    return { TrainingEndTime: date(job.trainingEnd), SecondaryStatus: job.secondaryStatus };
  }

  protected override stopping(job: TrainingJobRecord, cause: StopCause): void {
    this.move(job, 'Stopping', cause === 'Stopped' ? 'Stopping the training job' : `Training job reached ${cause === 'MaxRuntimeExceeded' ? 'MaxRuntimeInSeconds' : 'MaxWaitTimeInSeconds'}`);
  }

  protected settled(name: string, job: TrainingJobRecord, outcome: keyof typeof END_MESSAGES, end: TrainingEnd): void {
    const now = this.machine.clock.now();
    job.trainingEnd ??= job.trainingStart === undefined ? undefined : job.interrupted ?? now;
    job.artifact = end.artifact;
    const metrics = end.metrics !== undefined ? Object.entries(end.metrics).map(([MetricName, Value]) => ({ MetricName, Value, Timestamp: now })) : finalMetrics(job.request.AlgorithmSpecification?.MetricDefinitions ?? [], this.logOf(name).events());
    // Nothing is said after the program has ended, though it is written down while results are taken away.
    const last = job.trainingEnd ?? now;
    if (metrics.length > 0) { job.metrics = metrics.map((metric) => ({ ...metric, Timestamp: Math.min(metric.Timestamp, last) })); }
    this.move(job, outcome, END_MESSAGES[outcome]);
    (job.transitions.at(-1) as { end?: number }).end = now;
  }

  protected logOf(name: string): HostLogs {
    const { created, request } = this.find(name);
    return hostLogs(this.machine.logs, LOG_GROUP, name, created, hostsOfTraining(request));
  }

  /** The run of a job that begins; what a test wants in its place, where it does. */
  private runOf(name: string, job: TrainingJobRecord, logs: HostLogs): JobRun & { run(events: SpotEvents): Promise<TrainingEnd> } {
    const { request } = job;
    const { outcome, spot } = this.machine.interference?.planOf({ kind: 'TrainingJob', name, isSpot: request.EnableManagedSpotTraining === true }) ?? {};
    const attempt = (to: HostLogs): TrainingAttempt => (outcome === undefined
      ? new TrainingRun(name, job.arn, request, this.machine, to, this.folderOf(name))
      : new ScriptedRun(outcome, this.machine, to.first, this.folderOf(name), { name, request }));
    return spot === undefined ? attempt(logs) : new SpotRun(spot, this.machine.clock, logs, attempt);
  }

  /** How long a job may wait for spot instances, and run on them. */
  private limitWait(name: string, { request, created }: TrainingJobRecord): () => void {
    const seconds = request.EnableManagedSpotTraining === true ? request.StoppingCondition?.MaxWaitTimeInSeconds : undefined;
    const { clock } = this.machine;
    return seconds === undefined ? () => undefined : clock.after(Math.max(0, created + seconds * 1000 - clock.now()), () => this.stopAs(name, 'MaxWaitTimeExceeded'));
  }

  private move(job: TrainingJobRecord, secondaryStatus: string, message: string): void {
    const now = this.machine.clock.now();
    const last = job.transitions.at(-1);
    if (last !== undefined) { last.end ??= now; }
    job.transitions.push({ status: secondaryStatus, start: now, message });
    job.secondaryStatus = secondaryStatus;
    this.changed(job);
  }
}

/** What SageMaker says while it looks for spot instances. */
const NO_CAPACITY = 'Insufficient capacity error from EC2 while launching instances, retrying!';
const END_MESSAGES = {
  Completed: 'Training job completed',
  Failed: 'Training job failed',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
  MaxWaitTimeExceeded: 'Training job runtime exceeded MaxWaitTimeInSeconds provided',
};
