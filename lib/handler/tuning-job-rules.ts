import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { JOB_STATES, type JobRules, type Tree } from './job-kind';
import { bothColumns, columnWithin, EMPTY_COLUMN, type KeyColumn } from './run-key';
import { ARTIFACT_ATTRIBUTES, TRAINING_KEY } from './training-job-rules';

const CONFIG = 'HyperParameterTuningJobConfig';
const RANGES = ['IntegerParameterRanges', 'ContinuousParameterRanges', 'CategoricalParameterRanges', 'AutoParameters'];
const rangesIn = (path: string) => Object.fromEntries(RANGES.map((list) => [`${path}.${list}`, 'Name']));
const scalingsIn = (path: string) => Object.fromEntries(RANGES.slice(0, 2).map((list) => [`${path}.${list}.*.ScalingType`, 'Auto']));

/** A definition counts as the request for a training job does, under the names that some members have here. */
const DEFINITION: KeyColumn = bothColumns(TRAINING_KEY, {
  ...EMPTY_COLUMN,
  omitted: ['StaticHyperParameters.sagemaker_job_name'],
  defaults: { 'HyperParameterTuningResourceConfig.AllocationStrategy': 'Prioritized', ...scalingsIn('HyperParameterRanges') },
  keyed: rangesIn('HyperParameterRanges'),
});

/** How many jobs run at once, and how long at most, says how patiently it is searched, not for what. */
const KEY: KeyColumn = [columnWithin('TrainingJobDefinition', DEFINITION), columnWithin('TrainingJobDefinitions.*', DEFINITION)].reduce(bothColumns, {
  ...EMPTY_COLUMN,
  omitted: ['HyperParameterTuningJobName', 'Tags', `${CONFIG}.ResourceLimits.MaxParallelTrainingJobs`, `${CONFIG}.ResourceLimits.MaxRuntimeInSeconds`],
  defaults: {
    [`${CONFIG}.TrainingJobEarlyStoppingType`]: 'Off', [`${CONFIG}.TuningJobCompletionCriteria.ConvergenceDetected.CompleteOnConvergence`]: 'Disabled',
    ...scalingsIn(`${CONFIG}.ParameterRanges`),
  },
  sets: ['WarmStartConfig.ParentHyperParameterTuningJobs'],
  keyed: { TrainingJobDefinitions: 'DefinitionName', ...rangesIn(`${CONFIG}.ParameterRanges`) },
});

export const TUNING_JOB_RULES: JobRules = {
  ...JOB_KIND_FACTS.HyperParameterTuningJob,
  nameMember: 'HyperParameterTuningJobName',
  arnMember: 'HyperParameterTuningJobArn',
  statusMember: 'HyperParameterTuningJobStatus',
  states: JOB_STATES,
  // Nothing in the description says why it stopped: that it did so when its time was over is taken for the reason.
  endedByLimit: (job) => job.HyperParameterTuningJobStatus === 'Stopped' && secondsOf(job) >= (limitOf(job) ?? Infinity),
  limit: limitOf,
  key: KEY,
  addedByService: ['', 's.*'].flatMap((several) => [
    `TrainingJobDefinition${several}.StaticHyperParameters._tuning_objective_metric`, `TrainingJobDefinition${several}.AlgorithmSpecification.MetricDefinitions`,
  ]),
  best: (job) => job.BestTrainingJob?.TrainingJobName,
  attributes: {
    Status: (job) => job.HyperParameterTuningJobStatus,
    JobArn: (job) => job.HyperParameterTuningJobArn,
    BestTrainingJobName: (job) => job.BestTrainingJob?.TrainingJobName,
    BestTrainingJobArn: (job) => job.BestTrainingJob?.TrainingJobArn,
    BestTrainingJobDefinitionName: (job) => job.BestTrainingJob?.TrainingJobDefinitionName,
    BestHyperparameters: (job) => job.BestTrainingJob && JSON.stringify(job.BestTrainingJob.TunedHyperParameters ?? {}),
    ObjectiveMetric: (job) => objectiveOf(job)?.MetricName,
    ObjectiveValue: (job) => objectiveOf(job)?.Value,
    CompletedJobs: (job) => job.TrainingJobStatusCounters?.Completed ?? 0,
    FailedJobs: (job) => (job.TrainingJobStatusCounters?.NonRetryableError ?? 0) + (job.TrainingJobStatusCounters?.RetryableError ?? 0),
    StoppedJobs: (job) => job.TrainingJobStatusCounters?.Stopped ?? 0,
    ...Object.fromEntries(Object.entries(ARTIFACT_ATTRIBUTES).map(([attribute, ofJob]) => [attribute, (_job: Tree, best?: Tree) => best && ofJob(best)])),
  },
  metrics: (job, best) => [...(best?.FinalMetricDataList ?? []), ...[objectiveOf(job) ?? []].flat()],
  hyperparameters: (job) => job.BestTrainingJob?.TunedHyperParameters ?? {},
};

const objectiveOf = (job: Tree) => job.BestTrainingJob?.FinalHyperParameterTuningJobObjectiveMetric as { MetricName?: string; Value?: number } | undefined;
const secondsOf = (job: Tree) => ((job.HyperParameterTuningEndTime?.getTime?.() ?? 0) - (job.CreationTime?.getTime?.() ?? 0)) / 1000;
function limitOf(requestOrJob: Tree): number | undefined { return requestOrJob[CONFIG]?.ResourceLimits?.MaxRuntimeInSeconds; }
