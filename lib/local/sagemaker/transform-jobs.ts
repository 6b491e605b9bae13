import { randomBytes } from 'node:crypto';
import type { CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import { describedTransformJob } from './described-jobs';
import { JobLog } from './job-log';
import { date, jobNameTaken, Jobs, noSuchJob, type Answer, type JobWords } from './jobs';
import type { Machine } from './machine';
import type { Models } from './models';
import { ScriptedRun } from './scripted-run';
import type { StateFile, TransformJobRecord } from './state-file';
import { checkTransformJob, leftOutOfTransform } from './transform-job-rules';
import { TransformRun } from './transform-run';

const LOG_GROUP = '/aws/sagemaker/TransformJobs';
const WORDS: JobWords = {
  arn: 'transform-job',
  noun: 'transform job',
  member: 'TransformJob',
  state: 'transformJobs',
  folder: 'transform',
  taken: jobNameTaken,
  notFound: noSuchJob,
};

/** The transform jobs of the local SageMaker. They can't be deleted, as at AWS. */
export class TransformJobs extends Jobs<TransformJobRecord> {
  constructor(machine: Machine, file: StateFile, private readonly models: Models) {
    super(machine, file, WORDS);
  }

  public create(request: CreateTransformJobRequest): Answer {
    const { request: model } = this.models.find(request.ModelName as string);
    const name = request.TransformJobName as string;
    this.check(name, () => checkTransformJob(request, model));
    const arn = this.requireFree(name);
    const { Tags, ...rest } = request;
    const now = this.machine.clock.now();
    const instance = `i-0${randomBytes(8).toString('hex')}`;
    this.add(name, { arn, request: rest as CreateTransformJobRequest, model, instance, status: 'InProgress', created: now, modified: now }, Tags);
    return { TransformJobArn: arn };
  }

  public describe(name: string): Answer { return describedTransformJob(this.find(name)); }

  protected start(name: string): void {
    const job = this.find(name);
    const log = this.logOf(name);
    leftOutOfTransform(job.request).forEach((note) => log.note(note));
    job.started = this.machine.clock.now();
    const { outcome } = this.machine.interference?.planOf({ kind: 'TransformJob', name }) ?? {};
    const run = outcome !== undefined ? new ScriptedRun(outcome, this.machine, log, this.folderOf(name)) : new TransformRun(name, job.request, job.model, this.machine, log, this.logOf(name, '/data-log'), this.folderOf(name));
    this.follow(name, run, () => run.run());
  }

  protected summary(_name: string, job: TransformJobRecord): Answer {
    return { TransformEndTime: date(job.ended), FailureReason: job.reason };
  }

  protected settled(_name: string, job: TransformJobRecord): void {
    job.ended = this.machine.clock.now();
  }

  protected logOf(name: string, suffix = ''): JobLog {
    const { instance, created } = this.find(name);
    return new JobLog(this.machine.logs.stream(LOG_GROUP, `${name}/${instance}-${Math.floor(created / 1000)}${suffix}`));
  }
}
