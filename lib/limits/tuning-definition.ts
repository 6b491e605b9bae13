import type { Path } from './constraints';

type Tree = { readonly [member: string]: any };

/** Members of a definition that a training job has under another name. */
const RESOURCES = 'HyperParameterTuningResourceConfig';
export const STATIC = 'StaticHyperParameters';

/**
 * A definition of a tuning job in the words of CreateTrainingJob, so that what holds for a training job is said once. The ranges are beside the
 * hyperparameters; several types of instances are what a training job has preferences for.
 */
export function asTrainingJob(definition: Tree, ranges: unknown): Tree {
  const { [STATIC]: HyperParameters, [RESOURCES]: resources, HyperParameterRanges: own, DefinitionName: _name, TuningObjective: _objective, ...same } = definition;
  return { ...same, HyperParameters, ParameterRanges: own ?? ranges, ResourceConfig: definition.ResourceConfig ?? (resources && asResourceConfig(resources)) };
}

function asResourceConfig({ InstanceConfigs, AllocationStrategy: _strategy, ...same }: Tree): Tree {
  return { ...same, InstancePreferences: InstanceConfigs };
}

/** Where a member of the training job is in the definition: below `at`, or, of ranges that all definitions share, elsewhere. */
export function inDefinition([member, ...rest]: Path, definition: Tree, at: Path, rangesAt: Path): Path {
  if (member === 'HyperParameters') { return [...at, STATIC, ...rest]; }
  if (member === 'ParameterRanges') { return [...(definition.HyperParameterRanges ? [...at, 'HyperParameterRanges'] : rangesAt), ...rest]; }
  if (member === 'ResourceConfig' && !definition.ResourceConfig) { return [...at, RESOURCES, ...rest.map((part) => (part === 'InstancePreferences' ? 'InstanceConfigs' : part))]; }
  return [...at, member, ...rest];
}

/** The definitions of a request: each with its place in it. */
export function definitionsOf(request: Tree): { readonly definition: Tree; readonly at: Path }[] {
  const several: unknown = request.TrainingJobDefinitions;
  const list = Array.isArray(several) ? several as Tree[] : [];
  return [
    ...(request.TrainingJobDefinition ? [{ definition: request.TrainingJobDefinition as Tree, at: ['TrainingJobDefinition'] }] : []),
    ...list.map((definition, index) => ({ definition, at: ['TrainingJobDefinitions', index] })),
  ];
}

/** Where the ranges are that a single definition searches. */
export const SHARED_RANGES: Path = ['HyperParameterTuningJobConfig', 'ParameterRanges'];
export const sharedRanges = (request: Tree): unknown => request.HyperParameterTuningJobConfig?.ParameterRanges;

/** The request with each definition made anew. */
export function withDefinitions(request: Tree, made: (definition: Tree) => Tree): Tree {
  return {
    ...request,
    ...(request.TrainingJobDefinition ? { TrainingJobDefinition: made(request.TrainingJobDefinition as Tree) } : {}),
    ...(Array.isArray(request.TrainingJobDefinitions) ? { TrainingJobDefinitions: (request.TrainingJobDefinitions as Tree[]).map(made) } : {}),
  };
}

/** The names of the hyperparameters that are searched for. */
export const rangedNames = (ranges: Tree | undefined): string[] => RANGE_LISTS.flatMap((list) => (Array.isArray(ranges?.[list]) ? (ranges[list] as Tree[]).map((range) => String(range?.Name)) : []));
export const RANGE_LISTS = ['ContinuousParameterRanges', 'IntegerParameterRanges', 'CategoricalParameterRanges', 'AutoParameters'] as const;
