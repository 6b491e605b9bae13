import { date, hasEnded, type Answer } from './jobs';
import { DEFAULT_PROCESSING_RUNTIME } from './processing-job-rules';
import type { ProcessingJobRecord, TrainingJobRecord, TransformJobRecord, TuningJobRecord } from './state-file';
import { DEFAULT_MAX_RUNTIME } from './training-job-rules';
import type { TrainingJobs } from './training-jobs';
import { definitionsOf, type Definition } from './tuning-job-rules';
import { bestOf, counters, notImproving, resultsOf, summaryOf } from './tuning-results';

/** A training job as Describe tells it. */
export function describedTrainingJob(job: TrainingJobRecord): Answer {
  const { request } = job;
  const seconds = job.trainingStart === undefined || job.trainingEnd === undefined ? undefined
    : Math.max(1, Math.round((job.trainingEnd - job.trainingStart - (job.withoutInstances ?? 0)) / 1000));
  return {
    ...request,
    TrainingJobName: request.TrainingJobName,
    TrainingJobArn: job.arn,
    TuningJobArn: job.tuningJob,
    ModelArtifacts: { S3ModelArtifacts: job.artifact ?? '' },            // always there, clients count on it
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
    BillableTimeInSeconds: hasEnded(job) ? seconds : undefined,
    SecondaryStatusTransitions: job.transitions.map((each) => ({ Status: each.status, StartTime: new Date(each.start), EndTime: date(each.end), StatusMessage: each.message })),
    FinalMetricDataList: job.metrics?.map((metric) => ({ ...metric, Timestamp: new Date(metric.Timestamp) })),
  };
}

/** @param now for how long one that has not ended has run */
export function describedTuningJob(job: TuningJobRecord, training: Pick<TrainingJobs, 'record'>, now: number): Answer {
  const { request } = job;
  const results = resultsOf(job, job.children, training);
  const best = bestOf(results);
  const isSame = request.WarmStartConfig?.WarmStartType === 'IdenticalDataAndAlgorithm';
  const overall = isSame ? bestOf([...results, ...resultsOf(job, job.inherited ?? [], training)]) : undefined;
  return {
    ...request,
    HyperParameterTuningJobArn: job.arn,
    HyperParameterTuningJobStatus: job.status,
    TrainingJobDefinition: request.TrainingJobDefinition && described(definitionsOf(request)[0]!),
    TrainingJobDefinitions: request.TrainingJobDefinitions && definitionsOf(request).map(described),
    HyperParameterTuningJobConfig: { TrainingJobEarlyStoppingType: 'Off', ...request.HyperParameterTuningJobConfig },
    CreationTime: new Date(job.created),
    LastModifiedTime: new Date(job.modified),
    HyperParameterTuningEndTime: date(job.ended),
    FailureReason: job.reason,
    ...counters(results),
    BestTrainingJob: best && summaryOf(job, best),
    OverallBestTrainingJob: overall && summaryOf(job, overall),
    TuningJobCompletionDetails: { NumberOfTrainingJobsObjectiveNotImproving: notImproving(results) },
    ConsumedResources: { RuntimeInSeconds: Math.round(((job.ended ?? now) - job.created) / 1000) },
  };
}

export function describedTransformJob(job: TransformJobRecord): Answer {
  const { request } = job;
  return {
    ...request,
    TransformInput: { CompressionType: 'None', SplitType: 'None', ...request.TransformInput },
    TransformOutput: { AssembleWith: 'None', KmsKeyId: '', ...request.TransformOutput },
    DataProcessing: request.DataProcessing && { InputFilter: '$', OutputFilter: '$', JoinSource: 'None', ...request.DataProcessing },
    TransformJobArn: job.arn,
    TransformJobStatus: job.status,
    FailureReason: job.reason,
    CreationTime: new Date(job.created),
    TransformStartTime: date(job.started),
    TransformEndTime: date(job.ended),
  };
}

export function describedProcessingJob(job: ProcessingJobRecord): Answer {
  return {
    ...job.request,
    StoppingCondition: { MaxRuntimeInSeconds: DEFAULT_PROCESSING_RUNTIME, ...job.request.StoppingCondition },
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: job.status,
    CreationTime: new Date(job.created),
    LastModifiedTime: new Date(job.modified),
    ProcessingStartTime: date(job.started),
    ProcessingEndTime: date(job.ended),
    FailureReason: job.reason,
    ExitMessage: job.exitMessage,
  };
}

/** With what the service adds to a definition. */
function described({ definition, objective }: Definition): Answer {
  return { ...definition, StaticHyperParameters: { ...definition.StaticHyperParameters, _tuning_objective_metric: objective.MetricName } };
}
