import { randomInt } from 'node:crypto';
import type { CreateHyperParameterTuningJobRequest } from '@aws-sdk/client-sagemaker';
import { ServiceError, validationException } from '../service-error';
import { describedTuningJob } from './described-jobs';
import { date, hasEnded, Jobs, type Answer, type JobWords } from './jobs';
import { page, type ListInput } from './listing';
import type { Machine } from './machine';
import type { StateFile, TuningChild, TuningJobRecord } from './state-file';
import type { TrainingJobs } from './training-jobs';
import { checkTuningJob, definitionsOf, leftOutOfTuning } from './tuning-job-rules';
import { counters, resultsOf, summaryOf } from './tuning-results';
import { TuningRun } from './tuning-run';

const WORDS: JobWords = {
  arn: 'hyper-parameter-tuning-job',
  noun: 'hyperparameter tuning job',
  member: 'HyperParameterTuningJob',
  state: 'tuningJobs',
  folder: 'tuning',
  taken: (name) => `A hyperparameter tuning job with the name, ${name}, already exists. Choose a different name.`,
  notFound: (name) => new ServiceError('ResourceNotFound', `Amazon SageMaker can't find a tuning job called ${name}. Type another name.`),
};

/** The tuning jobs of the local SageMaker. Their training jobs are training jobs as any other. */
export class TuningJobs extends Jobs<TuningJobRecord> {
  constructor(machine: Machine, file: StateFile, private readonly training: TrainingJobs) {
    super(machine, file, WORDS);
  }

  public create(request: CreateHyperParameterTuningJobRequest): Answer {
    const name = request.HyperParameterTuningJobName as string;
    this.check(name, () => checkTuningJob(request, this.machine));
    const arn = this.requireFree(name);
    const inherited = this.inherited(request);
    const { Tags, ...rest } = request;
    leftOutOfTuning(request).forEach((note) => this.machine.log(note));
    const now = this.machine.clock.now();
    const seed = request.HyperParameterTuningJobConfig?.RandomSeed ?? randomInt(2 ** 31);
    const record: TuningJobRecord = {
      arn, request: rest as CreateHyperParameterTuningJobRequest, status: 'InProgress', created: now, modified: now, seed, taken: 0, children: [], inherited,
    };
    this.add(name, record, Tags);
    return { HyperParameterTuningJobArn: arn };
  }

  public describe(given: string): Answer { return describedTuningJob(this.find(given), this.training, this.machine.clock.now()); }

  public override list(input: ListInput): Answer {
    return super.list({ SortBy: 'Name', SortOrder: 'Ascending', ...input });
  }

  public listTrainingJobs({ HyperParameterTuningJobName: name, ...input }: ListInput & { readonly HyperParameterTuningJobName: string }): Answer {
    const job = this.find(name);
    const results = resultsOf(job, job.children, this.training).filter(({ value }) => input.SortBy !== 'FinalObjectiveMetricValue' || value !== undefined);
    return page('TrainingJobSummaries', results.map((result) => ({
      name: result.child.name, created: result.job.created, modified: result.job.modified, status: result.job.status, value: result.value, summary: summaryOf(job, result),
    })), { SortBy: 'Name', SortOrder: 'Ascending', ...input });
  }

  /** It has no log of its own; what is not done is said here too, for people who wait. */
  public override logLines(name: string, from = 0): { readonly lines: string[]; readonly next: number } {
    const lines = Object.hasOwn(this.jobs, name) ? leftOutOfTuning(this.find(name).request) : [];
    return { lines: lines.slice(from), next: lines.length };
  }

  protected start(name: string): void {
    const record = this.find(name);
    const run = new TuningRun({ name, record, training: this.training, tags: () => this.file.state.tags[record.arn] ?? [], save: () => this.changed(record) });
    this.follow(name, run, () => run.run());
    const limit = record.request.HyperParameterTuningJobConfig?.ResourceLimits?.MaxRuntimeInSeconds;
    if (limit !== undefined) { this.limit(name, Math.max(0, limit - (this.machine.clock.now() - record.created) / 1000)); }
  }

  protected override mayGoOn(): boolean {
    return true;
  }

  protected summary(_name: string, job: TuningJobRecord): Answer {
    const config = job.request.HyperParameterTuningJobConfig;
    return {
      HyperParameterTuningEndTime: date(job.ended),
      Strategy: config?.Strategy,
      ResourceLimits: config?.ResourceLimits,
      ...counters(resultsOf(job, job.children, this.training)),
    };
  }

  protected settled(_name: string, job: TuningJobRecord): void {
    job.ended = this.machine.clock.now();
  }

  /** None: it runs nothing itself. */
  protected logOf(): undefined {
    return undefined;
  }

  /** The training jobs of the parents that have a value, for a warm start. */
  private inherited(request: CreateHyperParameterTuningJobRequest): TuningChild[] | undefined {
    const warmStart = request.WarmStartConfig;
    return warmStart?.ParentHyperParameterTuningJobs?.flatMap(({ HyperParameterTuningJobName: name }) => {
      if (name === undefined) { throw validationException('Each parent of a warm start must have a HyperParameterTuningJobName.'); }
      const parent = this.find(name);
      if (!hasEnded(parent)) { throw validationException(`The parent tuning job ${name} is in status ${parent.status}; a parent must be Completed, Stopped or Failed.`); }
      const differs = (what: (job: CreateHyperParameterTuningJobRequest) => unknown) => JSON.stringify(what(request)) !== JSON.stringify(what(parent.request));
      if (differs((job) => definitionsOf(job).map(({ objective }) => [objective.Type, objective.MetricName]))) {
        throw validationException(`The objective metric must be the one of the parent tuning job ${name}.`);
      }
      const data = (job: CreateHyperParameterTuningJobRequest) => definitionsOf(job)
        .map(({ definition }) => [definition.AlgorithmSpecification?.TrainingImage, definition.InputDataConfig]);
      if (warmStart.WarmStartType === 'IdenticalDataAndAlgorithm' && differs(data)) {
        throw validationException(`IdenticalDataAndAlgorithm requires the training image and the input data of the parent tuning job ${name}.`);
      }
      return resultsOf(parent, parent.children, this.training).filter(({ value }) => value !== undefined).map(({ child }) => child);
    });
  }
}
