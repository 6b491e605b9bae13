import type { Constraint, Limits } from './constraints';
import { TRAINING_JOB_LIMITS } from './training-job';

/**
 * What CreateHyperParameterTuningJob takes, member by member. A definition is limited as a training job is, whose table is the source of its rows.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
 */

const CONFIG = 'HyperParameterTuningJobConfig';
const RESOURCES = 'HyperParameterTuningResourceConfig';
const COUNT: Constraint = { range: [1, 2_147_483_647] };
const TUNING_NAME: Constraint = { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/, words: '1 to 32 letters, digits and dashes, with no dash at either end' };
const PARAMETER: Constraint = { length: [0, 256], pattern: /^.*$/, words: 'a single line' };
const SWITCH: Constraint = { oneOf: ['Enabled', 'Disabled'] };

const ranges = (member: string): Limits => ({
  [`${member}.IntegerParameterRanges`]: { count: [0, 30] },
  [`${member}.IntegerParameterRanges[]`]: { required: ['Name', 'MinValue', 'MaxValue'] },
  [`${member}.IntegerParameterRanges[].Name`]: PARAMETER,
  [`${member}.IntegerParameterRanges[].MinValue`]: PARAMETER,
  [`${member}.IntegerParameterRanges[].MaxValue`]: PARAMETER,
  [`${member}.IntegerParameterRanges[].ScalingType`]: { oneOf: ['Auto', 'Linear', 'Logarithmic'] },
  [`${member}.ContinuousParameterRanges`]: { count: [0, 30] },
  [`${member}.ContinuousParameterRanges[]`]: { required: ['Name', 'MinValue', 'MaxValue'] },
  [`${member}.ContinuousParameterRanges[].Name`]: PARAMETER,
  [`${member}.ContinuousParameterRanges[].MinValue`]: PARAMETER,
  [`${member}.ContinuousParameterRanges[].MaxValue`]: PARAMETER,
  [`${member}.ContinuousParameterRanges[].ScalingType`]: { oneOf: ['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic'] },
  [`${member}.CategoricalParameterRanges`]: { count: [0, 30] },
  [`${member}.CategoricalParameterRanges[]`]: { required: ['Name', 'Values'] },
  [`${member}.CategoricalParameterRanges[].Name`]: PARAMETER,
  [`${member}.CategoricalParameterRanges[].Values`]: { count: [1, 30] },
  [`${member}.CategoricalParameterRanges[].Values[]`]: PARAMETER,
  [`${member}.AutoParameters`]: { count: [0, 100] },
  [`${member}.AutoParameters[]`]: { required: ['Name', 'ValueHint'] },
  [`${member}.AutoParameters[].Name`]: PARAMETER,
  [`${member}.AutoParameters[].ValueHint`]: PARAMETER,
});

const objective = (member: string): Limits => ({
  [member]: { required: ['Type', 'MetricName'] },
  [`${member}.Type`]: { oneOf: ['Maximize', 'Minimize'] },
  [`${member}.MetricName`]: { length: [1, 255], pattern: /^.+$/, words: 'a single line' },
});

/** Members that a definition has as a training job has them. */
const AS_TRAINING = [
  'AlgorithmSpecification', 'RoleArn', 'InputDataConfig', 'OutputDataConfig', 'ResourceConfig', 'VpcConfig', 'StoppingCondition', 'CheckpointConfig', 'Environment', 'RetryStrategy',
];
/** How a definition calls the rest of what it has of a training job's. */
const RENAMED: readonly (readonly [training: string, definition: string])[] = [
  ['HyperParameters', 'StaticHyperParameters'],
  ...['InstanceType', 'InstanceCount', 'VolumeSizeInGB'].flatMap((member): [string, string][] => [
    [`ResourceConfig.${member}`, `${RESOURCES}.${member}`], [`ResourceConfig.${member}`, `${RESOURCES}.InstanceConfigs[].${member}`],
  ]),
  ['ResourceConfig.VolumeKmsKeyId', `${RESOURCES}.VolumeKmsKeyId`],
];

function definition(member: string): Limits {
  const same = Object.entries(TRAINING_JOB_LIMITS).filter(([path]) => AS_TRAINING.includes(path.split(/[.[{]/)[0]));
  const renamed = RENAMED.flatMap(([training, name]) => Object.entries(TRAINING_JOB_LIMITS)
    .filter(([path]) => path === training || path.startsWith(`${training}{`)).map(([path, limit]): [string, Constraint] => [name + path.slice(training.length), limit]));
  return {
    ...Object.fromEntries([...same, ...renamed].map(([path, limit]) => [`${member}.${path}`, limit])),
    [member]: { required: ['RoleArn', 'AlgorithmSpecification', 'OutputDataConfig', 'StoppingCondition'] },
    [`${member}.DefinitionName`]: { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$/, words: 'named with 1 to 64 letters, digits and dashes, with no dash at either end' },
    [`${member}.Environment`]: { count: [0, 48] },
    [`${member}.${RESOURCES}.AllocationStrategy`]: { oneOf: ['Prioritized'] },
    [`${member}.${RESOURCES}.InstanceConfigs`]: { count: [1, 6] },
    [`${member}.${RESOURCES}.InstanceConfigs[]`]: { required: ['InstanceType', 'InstanceCount', 'VolumeSizeInGB'] },
    ...objective(`${member}.TuningObjective`),
    ...ranges(`${member}.HyperParameterRanges`),
  };
}

export const TUNING_JOB_LIMITS: Limits = {
  '': { required: [CONFIG] },
  'HyperParameterTuningJobName': TUNING_NAME,
  [CONFIG]: { required: ['Strategy', 'ResourceLimits'] },
  [`${CONFIG}.Strategy`]: { oneOf: ['Bayesian', 'Random', 'Hyperband', 'Grid'] },
  [`${CONFIG}.StrategyConfig.HyperbandStrategyConfig.MinResource`]: COUNT,
  [`${CONFIG}.StrategyConfig.HyperbandStrategyConfig.MaxResource`]: COUNT,
  ...objective(`${CONFIG}.HyperParameterTuningJobObjective`),
  [`${CONFIG}.ResourceLimits`]: { required: ['MaxParallelTrainingJobs'] },
  [`${CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs`]: COUNT,
  [`${CONFIG}.ResourceLimits.MaxParallelTrainingJobs`]: COUNT,
  [`${CONFIG}.ResourceLimits.MaxRuntimeInSeconds`]: { seconds: [120, 15_768_000] },
  ...ranges(`${CONFIG}.ParameterRanges`),
  [`${CONFIG}.TrainingJobEarlyStoppingType`]: { oneOf: ['Off', 'Auto'] },
  [`${CONFIG}.TuningJobCompletionCriteria.BestObjectiveNotImproving.MaxNumberOfTrainingJobsNotImproving`]: { range: [3, 2_147_483_647] },
  [`${CONFIG}.TuningJobCompletionCriteria.ConvergenceDetected.CompleteOnConvergence`]: SWITCH,
  [`${CONFIG}.RandomSeed`]: { range: [0, 2_147_483_647] },
  ...definition('TrainingJobDefinition'),
  'TrainingJobDefinitions': { count: [1, 10] },
  ...definition('TrainingJobDefinitions[]'),
  'WarmStartConfig': { required: ['ParentHyperParameterTuningJobs', 'WarmStartType'] },
  'WarmStartConfig.ParentHyperParameterTuningJobs': { count: [1, 5] },
  'WarmStartConfig.ParentHyperParameterTuningJobs[]': { required: ['HyperParameterTuningJobName'] },
  'WarmStartConfig.ParentHyperParameterTuningJobs[].HyperParameterTuningJobName': TUNING_NAME,
  'WarmStartConfig.WarmStartType': { oneOf: ['IdenticalDataAndAlgorithm', 'TransferLearning'] },
  'Autotune': { required: ['Mode'] },
  'Autotune.Mode': { oneOf: ['Enabled'] },
  ...Object.fromEntries(Object.entries(TRAINING_JOB_LIMITS).filter(([path]) => /^Tags(\[|$)/.test(path))),
};
