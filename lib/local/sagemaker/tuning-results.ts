import type { HyperParameterTuningJobObjective } from '@aws-sdk/client-sagemaker';
import { hasEnded, date, type Answer } from './jobs';
import type { TrainingJobRecord, TuningChild, TuningJobRecord } from './state-file';
import type { TrainingJobs } from './training-jobs';
import { definitionsOf } from './tuning-job-rules';

/** A training job of a tuning job, with what has come of it. */
export interface Result {
  readonly child: TuningChild;
  readonly job: TrainingJobRecord;
  readonly objectiveStatus: 'Succeeded' | 'Pending' | 'Failed';
  readonly value?: number;
  /** The more the better, whether the objective is to be large or small. */
  readonly merit?: number;
}

/** What has come of training jobs; of those that were deleted since nothing is known. */
export function resultsOf(record: TuningJobRecord, children: readonly TuningChild[], training: Pick<TrainingJobs, 'record'>): Result[] {
  const definitions = definitionsOf(record.request);
  return children.flatMap((child): Result[] => {
    const job = training.record(child.name);
    if (job === undefined) { return []; }
    const { objective } = definitions[child.definition] ?? definitions[0]!;
    const value = job.status === 'Failed' ? undefined : job.metrics?.find(({ MetricName: name }) => name === objective.MetricName)?.Value;
    if (!hasEnded(job)) { return [{ child, job, objectiveStatus: 'Pending' }]; }
    if (value === undefined) { return [{ child, job, objectiveStatus: 'Failed' }]; }
    return [{ child, job, objectiveStatus: 'Succeeded', value, merit: meritOf(objective, value) }];
  });
}

export function bestOf(results: readonly Result[]): Result | undefined {
  return results.filter(({ merit }) => merit !== undefined)
    .reduce<Result | undefined>((best, each) => (best === undefined || (each.merit as number) > (best.merit as number) ? each : best), undefined);
}

/** Training jobs, in the order of their ends, since one was better than all before by at least a hundredth. */
export function notImproving(results: readonly Result[]): number {
  let best: number | undefined;
  let count = 0;
  const endOf = ({ job }: Result) => job.trainingEnd ?? job.modified;
  const ended = results.filter(({ objectiveStatus }) => objectiveStatus !== 'Pending').sort((a, b) => endOf(a) - endOf(b));
  for (const { merit } of ended) {
    if (merit !== undefined && (best === undefined || merit - best >= Math.abs(best) / 100 && merit > best)) {
      best = merit;
      count = 0;
    } else {
      count += 1;
    }
  }
  return count;
}

/** Whether the tuning job has what it was to find, before all training jobs that it may launch. */
export function isComplete(record: TuningJobRecord, training: TrainingJobs): boolean {
  const { TuningJobCompletionCriteria: criteria } = record.request.HyperParameterTuningJobConfig ?? {};
  const results = resultsOf(record, record.children, training);
  const best = bestOf(results);
  const target = criteria?.TargetObjectiveMetricValue;
  const objective = definitionsOf(record.request)[best?.child.definition ?? 0]!.objective;
  if (target !== undefined && best !== undefined && (best.merit as number) >= meritOf(objective, target)) { return true; }
  const patience = criteria?.BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving;
  return patience !== undefined && notImproving(results) >= patience;
}

/** Why a tuning job whose training jobs have come to nothing fails; not before some have, unless there are no more. */
export function whyNothing(record: TuningJobRecord, training: TrainingJobs, isLast: boolean): string | undefined {
  const ended = resultsOf(record, record.children, training).filter(({ job }) => hasEnded(job));
  if (ended.length < (isLast ? 1 : ENOUGH_ATTEMPTS) || ended.some(({ objectiveStatus }) => objectiveStatus === 'Succeeded')) { return undefined; }
  return ended.every(({ job }) => job.status === 'Failed')
    ? `No training job succeeded after ${ended.length} attempts. Please take a look at the training job failures to get more details.`
    : `No objective metrics found after running ${ended.length} training jobs. `
      + 'Please ensure that the custom algorithm is emitting the objective metric as defined by the regular expression provided.';
}

/** A training job as Describe and List tell it. */
export function summaryOf(record: TuningJobRecord, { child, job, objectiveStatus, value }: Result): Answer {
  const { definition, objective } = definitionsOf(record.request)[child.definition] ?? definitionsOf(record.request)[0]!;
  return {
    TrainingJobDefinitionName: definition.DefinitionName,
    TrainingJobName: child.name,
    TrainingJobArn: job.arn,
    TuningJobName: job.tuningJob?.replace(/^.*\//, ''),
    CreationTime: new Date(job.created),
    TrainingStartTime: date(job.trainingStart),
    TrainingEndTime: date(job.trainingEnd),
    TrainingJobStatus: job.status,
    TunedHyperParameters: child.tuned,
    FailureReason: job.reason,
    FinalHyperParameterTuningJobObjectiveMetric: value === undefined ? undefined : { Type: objective.Type, MetricName: objective.MetricName, Value: value },
    ObjectiveStatus: objectiveStatus,
  };
}

export function counters(results: readonly Result[]): Answer {
  const jobs = (is: (result: Result) => boolean) => results.filter(is).length;
  const isRetryable = ({ job }: Result) => job.reason?.startsWith('InternalServerError') === true;
  return {
    TrainingJobStatusCounters: {
      Completed: jobs(({ job }) => job.status === 'Completed'),
      InProgress: jobs(({ job }) => !hasEnded(job)),
      RetryableError: jobs((result) => result.job.status === 'Failed' && isRetryable(result)),
      NonRetryableError: jobs((result) => result.job.status === 'Failed' && !isRetryable(result)),
      Stopped: jobs(({ job }) => job.status === 'Stopped'),
    },
    ObjectiveStatusCounters: Object.fromEntries(['Succeeded', 'Pending', 'Failed'].map((status) => [status, jobs(({ objectiveStatus }) => objectiveStatus === status)])),
  };
}

const meritOf = (objective: HyperParameterTuningJobObjective, value: number) => (objective.Type === 'Minimize' ? -value : value);
/** As many as SageMaker tries before it gives up. */
const ENOUGH_ATTEMPTS = 5;
