import type {
  DescribeHyperParameterTuningJobResponse, HyperParameterTrainingJobDefinition, HyperParameterTrainingJobSummary, HyperParameterTuningJobConfig, ParameterRanges,
} from '@aws-sdk/client-sagemaker';
import type { Section } from './job-kind';
import { listed, section, sortedRows } from './sections';
import { utc } from './status-lines';
import { trainingJobSections, type TrainingMembers } from './training-job-sections';

/** What `describe` shows of a tuning job alone; what its training jobs have in common is shown as for a training job. */
export function tuningJobSections(job: DescribeHyperParameterTuningJobResponse): Section[] {
  const { HyperParameterTuningJobConfig: config, TrainingJobStatusCounters: counters, BestTrainingJob: best, OverallBestTrainingJob: overall, WarmStartConfig: warm } = job;
  const definitions = [job.TrainingJobDefinition ?? [], job.TrainingJobDefinitions ?? []].flat();
  const runtime = job.ConsumedResources?.RuntimeInSeconds;
  return [
    section('strategy', [[listed([
      config?.Strategy, config?.TrainingJobEarlyStoppingType !== undefined && `early stopping ${config.TrainingJobEarlyStoppingType}`, config?.RandomSeed !== undefined && `seed ${config.RandomSeed}`,
      job.Autotune?.Mode !== undefined && `autotune ${job.Autotune.Mode}`,
    ])]]),
    section('objective', objectives(config, definitions)),
    section('training jobs', [[counters && listed([
      `${counters.Completed ?? 0} completed`, `${counters.InProgress ?? 0} in progress`, `${(counters.RetryableError ?? 0) + (counters.NonRetryableError ?? 0)} failed`, `${counters.Stopped ?? 0} stopped`,
    ])], [runtime === undefined ? undefined : `runtime ${runtime} s`]]),
    section('at most', [[mostOf(config)], [criteriaOf(config)]]),
    section('convergence', convergence(job)),
    section('best', bestRows(best)),
    section('best with', sortedRows(best?.TunedHyperParameters)),
    // A tuning job with a warm start may have a parent with a better one.
    section('overall best', overall?.TrainingJobName === best?.TrainingJobName ? [] : bestRows(overall)),
    section('warm start', [[warm?.WarmStartType], ...(warm?.ParentHyperParameterTuningJobs ?? []).map((parent) => [parent.HyperParameterTuningJobName])]),
    section('ranges', rangeRows(config?.ParameterRanges)),
    ...definitions.flatMap((definition) => definitionSections(definition, definitions.length > 1)),
  ];
}

function objectives(config: HyperParameterTuningJobConfig | undefined, definitions: readonly HyperParameterTrainingJobDefinition[]): string[][] {
  const common = config?.HyperParameterTuningJobObjective;
  const own = definitions.flatMap(({ TuningObjective: each, DefinitionName: name }) => (each === undefined ? [] : [[each.Type as string, each.MetricName as string, ...name === undefined ? [] : [`of ${name}`]]]));
  return common === undefined ? own : [[common.Type as string, common.MetricName as string]];
}

function mostOf(config: HyperParameterTuningJobConfig | undefined): string | undefined {
  const { MaxNumberOfTrainingJobs: most, MaxParallelTrainingJobs: parallel, MaxRuntimeInSeconds: runtime } = config?.ResourceLimits ?? {};
  return listed([most !== undefined && `${most} training jobs`, parallel !== undefined && `${parallel} at once`, runtime !== undefined && `runtime ${runtime} s`]);
}

function criteriaOf(config: HyperParameterTuningJobConfig | undefined): string | undefined {
  const { TargetObjectiveMetricValue: target, BestObjectiveNotImproving: still, ConvergenceDetected: converged } = config?.TuningJobCompletionCriteria ?? {};
  return listed([
    target !== undefined && `until the objective is ${target}`,
    still?.MaxNumberOfTrainingJobsNotImproving !== undefined && `until ${still.MaxNumberOfTrainingJobsNotImproving} training jobs are no better`,
    converged?.CompleteOnConvergence === 'Enabled' && 'until it has converged',
  ]);
}

function convergence({ TuningJobCompletionDetails: details }: DescribeHyperParameterTuningJobResponse): string[][] {
  const { ConvergenceDetectedTime: time, NumberOfTrainingJobsObjectiveNotImproving: count } = details ?? {};
  return [...time === undefined ? [] : [[`converged at ${utc(time.getTime())}`]], ...count ? [[`${count} training jobs since the best one are no better`]] : []];
}

function bestRows(job: HyperParameterTrainingJobSummary | undefined): string[][] {
  if (job === undefined) { return []; }
  const { MetricName: metric, Value: value } = job.FinalHyperParameterTuningJobObjectiveMetric ?? {};
  return [[job.TrainingJobName as string, ...metric === undefined ? [] : [metric, String(value)], ...job.TrainingJobDefinitionName === undefined ? [] : [`of ${job.TrainingJobDefinitionName}`]]];
}

function rangeRows(ranges: ParameterRanges | undefined): string[][] {
  const between = (kind: string) => ({ Name, MinValue, MaxValue, ScalingType }: { readonly Name?: string; readonly MinValue?: string; readonly MaxValue?: string; readonly ScalingType?: string }) =>
    [Name as string, kind, `${MinValue} to ${MaxValue}${ScalingType === undefined || ScalingType === 'Auto' ? '' : `, ${ScalingType}`}`];
  return [
    ...(ranges?.ContinuousParameterRanges ?? []).map(between('number')),
    ...(ranges?.IntegerParameterRanges ?? []).map(between('integer')),
    ...(ranges?.CategoricalParameterRanges ?? []).map(({ Name, Values = [] }) => [Name as string, 'one of', Values.join(', ')]),
    ...(ranges?.AutoParameters ?? []).map(({ Name, ValueHint }) => [Name as string, 'chosen', `like ${ValueHint}`]),
  ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

function definitionSections(definition: HyperParameterTrainingJobDefinition, hasSiblings: boolean): Section[] {
  const { HyperParameterTuningResourceConfig: resources, StaticHyperParameters: HyperParameters, ...members } = definition;
  const ResourceConfig = definition.ResourceConfig ?? (resources && { ...resources, InstancePreferences: resources.InstanceConfigs });
  return [
    section('definition', [[hasSiblings ? definition.DefinitionName : undefined]]),
    section('ranges', rangeRows(definition.HyperParameterRanges)),
    ...trainingJobSections({ ...members, ResourceConfig, HyperParameters } as TrainingMembers),
  ];
}
