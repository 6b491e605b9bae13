import type { CreateProcessingJobRequest } from '@aws-sdk/client-sagemaker';
import { describedProcessingJob } from './described-jobs';
import { hostLogs, type HostLogs } from './host-logs';
import { hostsOfProcessing } from './hosts';
import { date, jobNameTaken, Jobs, noSuchJob, type Answer, type JobWords, type StopCause } from './jobs';
import type { ListInput } from './listing';
import type { Machine } from './machine';
import { checkProcessingJob, DEFAULT_PROCESSING_RUNTIME, leftOutOfProcessing } from './processing-job-rules';
import { ProcessingRun, type ProcessingEnd } from './processing-run';
import { ScriptedRun } from './scripted-run';
import type { ProcessingJobRecord, StateFile } from './state-file';

const LOG_GROUP = '/aws/sagemaker/ProcessingJobs';
const WORDS: JobWords = {
  arn: 'processing-job',
  noun: 'processing job',
  member: 'ProcessingJob',
  state: 'processingJobs',
  folder: 'processing',
  taken: jobNameTaken,
  notFound: noSuchJob,
};

/** The processing jobs of the local SageMaker. */
export class ProcessingJobs extends Jobs<ProcessingJobRecord, ProcessingEnd> {
  constructor(machine: Machine, file: StateFile) {
    super(machine, file, WORDS);
  }

  public create(request: CreateProcessingJobRequest): Answer {
    const name = request.ProcessingJobName as string;
    this.check(name, () => checkProcessingJob(request, this.machine));
    const arn = this.requireFree(name);
    const { Tags, ...rest } = request;
    const now = this.machine.clock.now();
    this.add(name, { arn, request: rest as CreateProcessingJobRequest, status: 'InProgress', created: now, modified: now }, Tags);
    return { ProcessingJobArn: arn };
  }

  public describe(name: string): Answer { return describedProcessingJob(this.find(name)); }

  public override list(input: ListInput): Answer {
    return super.list({ SortOrder: 'Ascending', ...input });
  }

  protected start(name: string): void {
    const job = this.find(name);
    const log = this.logOf(name);
    leftOutOfProcessing(job.request).forEach((note) => log.note(note));
    const { outcome } = this.machine.interference?.planOf({ kind: 'ProcessingJob', name }) ?? {};
    const run = outcome === undefined ? new ProcessingRun(name, job.arn, job.request, this.machine, log, this.folderOf(name)) : new ScriptedRun(outcome, this.machine, log.first, this.folderOf(name));
    this.follow(name, run, () => run.run({
      preparing: () => {
        job.started = this.machine.clock.now();
        this.changed(job);
        this.limit(name, job.request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_PROCESSING_RUNTIME);
      },
      running: () => undefined,
      started: (process) => this.startedAs(name, process),
      leaving: () => this.unlimit(name),
    }));
  }

  protected summary(_name: string, job: ProcessingJobRecord): Answer {
    return { ProcessingEndTime: date(job.ended), FailureReason: job.reason, ExitMessage: job.exitMessage };
  }

  protected settled(_name: string, job: ProcessingJobRecord, _outcome: StopCause | 'Completed' | 'Failed', end: ProcessingEnd): void {
    job.ended = this.machine.clock.now();
    job.exitMessage = end.exitMessage;
  }

  protected logOf(name: string): HostLogs {
    const { created, request } = this.find(name);
    return hostLogs(this.machine.logs, LOG_GROUP, name, created, hostsOfProcessing(request));
  }
}
