import type {
  CreateHyperParameterTuningJobRequest, CreateTrainingJobRequest, HyperParameterTrainingJobDefinition, HyperParameterTuningJobObjective,
  HyperParameterTuningResourceConfig, ParameterRanges, ResourceConfig,
} from '@aws-sdk/client-sagemaker';
import { unsupported, validationException } from '../service-error';
import type { Machine } from './machine';
import { gridSize, type Combination } from './search-space';
import { checkTags, checkTrainingJob } from './training-job-rules';

/** A definition with what it takes from its tuning job. */
export interface Definition {
  readonly definition: HyperParameterTrainingJobDefinition;
  readonly objective: HyperParameterTuningJobObjective;
  readonly ranges: ParameterRanges;
}

export function definitionsOf(request: CreateHyperParameterTuningJobRequest): Definition[] {
  const config = request.HyperParameterTuningJobConfig;
  return (request.TrainingJobDefinitions ?? [request.TrainingJobDefinition as HyperParameterTrainingJobDefinition]).map((definition) => ({
    definition,
    objective: definition.TuningObjective ?? config?.HyperParameterTuningJobObjective as HyperParameterTuningJobObjective,
    ranges: definition.HyperParameterRanges ?? config?.ParameterRanges ?? {},
  }));
}

/** How many training jobs a tuning job launches at most. */
export function mostJobs(request: CreateHyperParameterTuningJobRequest): number {
  const limit = request.HyperParameterTuningJobConfig?.ResourceLimits?.MaxNumberOfTrainingJobs;
  if (request.HyperParameterTuningJobConfig?.Strategy !== 'Grid') { return limit as number; }
  return definitionsOf(request).reduce((sum, { ranges }) => sum + gridSize(ranges), 0);
}

/** The training job that a definition becomes with these values. */
export function trainingRequest({ definition, objective }: Definition, name: string, tuned: Combination): CreateTrainingJobRequest {
  const {
    DefinitionName: _name, TuningObjective: _objective, HyperParameterRanges: _ranges, StaticHyperParameters, HyperParameterTuningResourceConfig, CheckpointConfig, ...rest
  } = definition;
  return {
    ...rest,
    TrainingJobName: name,
    // So that an algorithm knows what it is judged by.
    HyperParameters: { ...StaticHyperParameters, ...tuned, _tuning_objective_metric: objective.MetricName as string },
    ResourceConfig: rest.ResourceConfig ?? resourcesOf(HyperParameterTuningResourceConfig),
    // Training jobs side by side must not take up each other's.
    CheckpointConfig: CheckpointConfig && { ...CheckpointConfig, S3Uri: `${(CheckpointConfig.S3Uri as string).replace(/\/+$/, '')}/${name}` },
  };
}

/**
 * What the service model does not say, and what is not done here.
 *
 * @throws ServiceError ValidationException
 */
export function checkTuningJob(request: CreateHyperParameterTuningJobRequest, machine: Machine): void {
  if (request.Autotune !== undefined) { throw unsupported('Autotune: nothing here chooses ranges or limits; give ParameterRanges and ResourceLimits'); }
  checkTags(request.Tags);
  if ((request.TrainingJobDefinition === undefined) === (request.TrainingJobDefinitions === undefined)) {
    throw validationException('You must specify exactly one of TrainingJobDefinition and TrainingJobDefinitions.');
  }
  checkDefinitionNames(request);
  const definitions = definitionsOf(request);
  definitions.forEach((each) => checkDefinition(request, each, machine));
  checkStrategy(request, definitions);
  const tunable = definitions.reduce((sum, { ranges }) => sum + namesOf(ranges).length, 0);
  if (tunable > MOST_RANGES) { throw validationException(`A hyperparameter tuning job can have at most ${MOST_RANGES} hyperparameters to tune, got ${tunable}.`); }
}

/** What a tuning job does not do here: the logs of its training jobs say it. */
export function leftOutOfTuning(request: CreateHyperParameterTuningJobRequest): string[] {
  const { Strategy: strategy, TrainingJobEarlyStoppingType: early, TuningJobCompletionCriteria: criteria } = request.HyperParameterTuningJobConfig ?? {};
  return [
    ...strategy === 'Bayesian' ? ['strategy Bayesian: values are chosen at random, and do not follow from the training jobs before'] : [],
    ...strategy === 'Hyperband' ? ['strategy Hyperband: values are chosen at random, and no training job is stopped early or given more'] : [],
    ...early === 'Auto' ? ['TrainingJobEarlyStoppingType Auto: no training job is stopped early'] : [],
    ...criteria?.ConvergenceDetected?.CompleteOnConvergence === 'Enabled' ? ['TuningJobCompletionCriteria.ConvergenceDetected: convergence is not looked for'] : [],
    ...request.WarmStartConfig !== undefined && strategy !== 'Grid' ? ['WarmStartConfig: values do not follow from the training jobs of the parents'] : [],
  ].map((what) => `The local SageMaker runs tuning job ${request.HyperParameterTuningJobName} without ${what}.`);
}

function checkDefinitionNames(request: CreateHyperParameterTuningJobRequest): void {
  const { HyperParameterTuningJobObjective: objective, ParameterRanges: ranges } = request.HyperParameterTuningJobConfig ?? {};
  if (request.TrainingJobDefinitions === undefined) {
    if (objective !== undefined || request.TrainingJobDefinition?.TuningObjective !== undefined) { return; }
    throw validationException('HyperParameterTuningJobObjective is required when TrainingJobDefinition is specified.');
  }
  if (objective !== undefined || ranges !== undefined) {
    throw validationException('HyperParameterTuningJobObjective and ParameterRanges cannot be specified in HyperParameterTuningJobConfig when TrainingJobDefinitions is specified.');
  }
  const names = new Set<string>();
  for (const { DefinitionName: name, TuningObjective, HyperParameterRanges } of request.TrainingJobDefinitions) {
    if (name === undefined || TuningObjective === undefined || HyperParameterRanges === undefined) {
      throw validationException('DefinitionName, TuningObjective and HyperParameterRanges are required in each of TrainingJobDefinitions.');
    }
    if (names.has(name)) { throw validationException(`Duplicate DefinitionName: ${name}`); }
    names.add(name);
  }
}

function checkDefinition(request: CreateHyperParameterTuningJobRequest, each: Definition, machine: Machine): void {
  const { definition, objective, ranges } = each;
  if ((definition.ResourceConfig === undefined) === (definition.HyperParameterTuningResourceConfig === undefined)) {
    throw validationException('You must specify exactly one of ResourceConfig and HyperParameterTuningResourceConfig.');
  }
  if ((definition.HyperParameterTuningResourceConfig?.InstanceConfigs ?? []).length > 1) {
    throw unsupported('several InstanceConfigs of HyperParameterTuningResourceConfig: process mode has one machine');
  }
  if (ranges.AutoParameters !== undefined && ranges.AutoParameters.length > 0) { throw unsupported('AutoParameters: nothing here chooses ranges; give ranges'); }
  if (!(definition.AlgorithmSpecification?.MetricDefinitions ?? []).some(({ Name }) => Name === objective.MetricName)) {
    throw validationException('A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric definitions.');
  }
  checkRanges(ranges, definition.StaticHyperParameters ?? {});
  checkTrainingJob(trainingRequest(each, `${request.HyperParameterTuningJobName}-001-00000000`, {}), machine);
}

function checkRanges(ranges: ParameterRanges, fixed: Readonly<Record<string, string>>): void {
  const names = namesOf(ranges);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) { throw validationException(`Duplicate hyperparameter in ParameterRanges: ${twice}`); }
  const both = names.find((name) => Object.hasOwn(fixed, name));
  if (both !== undefined) { throw validationException(`The hyperparameter ${both} is in both StaticHyperParameters and ParameterRanges.`); }
  for (const range of ranges.IntegerParameterRanges ?? []) {
    if (![range.MinValue, range.MaxValue].every((value) => /^-?\d+$/.test(value as string))) { throw invalidRange(range, 'must be integers'); }
    if (range.ScalingType === 'ReverseLogarithmic') { throw invalidRange(range, 'ReverseLogarithmic scaling is for continuous hyperparameters'); }
  }
  for (const range of [...ranges.IntegerParameterRanges ?? [], ...ranges.ContinuousParameterRanges ?? []]) {
    const low = Number(range.MinValue);
    const high = Number(range.MaxValue);
    if (!Number.isFinite(low) || !Number.isFinite(high)) { throw invalidRange(range, 'must be numbers'); }
    if (low > high) { throw invalidRange(range, 'MinValue must not be greater than MaxValue'); }
    if (range.ScalingType === 'Logarithmic' && low <= 0) { throw invalidRange(range, 'Logarithmic scaling requires values greater than 0'); }
    if (range.ScalingType === 'ReverseLogarithmic' && (low < 0 || high >= 1)) { throw invalidRange(range, 'ReverseLogarithmic scaling requires values from 0 to below 1'); }
  }
}

function checkStrategy(request: CreateHyperParameterTuningJobRequest, definitions: readonly Definition[]): void {
  const { Strategy: strategy, StrategyConfig, ResourceLimits: limits, TrainingJobEarlyStoppingType: early } = request.HyperParameterTuningJobConfig ?? {};
  if (StrategyConfig !== undefined && strategy !== 'Hyperband') { throw validationException('StrategyConfig can only be specified for strategy Hyperband.'); }
  if (strategy === 'Hyperband' && early === 'Auto') { throw validationException('TrainingJobEarlyStoppingType must be Off for strategy Hyperband.'); }
  const most = limits?.MaxNumberOfTrainingJobs;
  if (strategy === 'Grid') {
    if (definitions.some(({ ranges }) => [...ranges.IntegerParameterRanges ?? [], ...ranges.ContinuousParameterRanges ?? []].length > 0)) {
      throw validationException('Strategy Grid supports categorical hyperparameters only.');
    }
    const all = mostJobs(request);
    if (most !== undefined && most !== all) { throw validationException(`MaxNumberOfTrainingJobs must be the number of combinations of the grid, ${all}, or left out, got ${most}.`); }
    return;
  }
  if (most === undefined) { throw validationException('MaxNumberOfTrainingJobs is required in ResourceLimits unless the strategy is Grid.'); }
  if (definitions.some(({ ranges }) => namesOf(ranges).length === 0)) { throw validationException('At least one hyperparameter range is required.'); }
}

function resourcesOf(config: HyperParameterTuningResourceConfig | undefined): ResourceConfig {
  const [only] = config?.InstanceConfigs ?? [];
  return {
    InstanceType: only?.InstanceType ?? config?.InstanceType,
    InstanceCount: only?.InstanceCount ?? config?.InstanceCount,
    VolumeSizeInGB: only?.VolumeSizeInGB ?? config?.VolumeSizeInGB,
    VolumeKmsKeyId: config?.VolumeKmsKeyId,
  };
}

function namesOf(ranges: ParameterRanges): string[] {
  return [...ranges.IntegerParameterRanges ?? [], ...ranges.ContinuousParameterRanges ?? [], ...ranges.CategoricalParameterRanges ?? []].map(({ Name }) => Name as string);
}

const invalidRange = (range: { readonly Name?: string; readonly MinValue?: string; readonly MaxValue?: string }, why: string) => validationException(
  `Invalid range of hyperparameter ${range.Name}, ${range.MinValue} to ${range.MaxValue}: ${why}.`);
/** What SageMaker's quota is for one tuning job. */
const MOST_RANGES = 30;
