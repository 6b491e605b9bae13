import type { IsUnknown, Path, Violation } from './constraints';
import { againstRules, list, twice, wrong, type Rule, type Tree } from './training-job-rules';
import { asTrainingJob, definitionsOf, inDefinition, RANGE_LISTS, SHARED_RANGES, sharedRanges } from './tuning-definition';

/**
 * What CreateHyperParameterTuningJob takes together. The handler refuses a request by the same rules before it launches anything.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
 */
const RULES: readonly Rule[] = [definitions, objectives, rangesOfAll, grid, hyperband, parents, environment, resources, eachAsTrainingJob];

export function againstTuningRules(request: Tree, isUnknown: IsUnknown = () => false): Violation[] {
  return RULES.flatMap((rule) => [...rule(request, isUnknown)]);
}

const CONFIG = 'HyperParameterTuningJobConfig';
const given = (value: unknown): boolean => value !== undefined && value !== null;

function* definitions(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const [one, several] = [request.TrainingJobDefinition, request.TrainingJobDefinitions];
  if (given(one) === given(several)) { yield wrong([given(one) ? 'TrainingJobDefinitions' : 'TrainingJobDefinition'], 'be the only one of TrainingJobDefinition and TrainingJobDefinitions, of which one is needed'); }
  yield* twice(['TrainingJobDefinitions'], list(several, isUnknown).map((definition) => definition?.DefinitionName), isUnknown);
}

/** What a single definition has in the configuration, each of several has by itself. */
function* objectives(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const { HyperParameterTuningJobObjective: objective, ParameterRanges: ranges } = request[CONFIG];
  if (!given(request.TrainingJobDefinitions)) {
    if (!given(objective)) { yield wrong([CONFIG, 'HyperParameterTuningJobObjective'], 'be given for a single definition'); }
    return;
  }
  if (given(objective)) { yield wrong([CONFIG, 'HyperParameterTuningJobObjective'], 'be left out where each definition has its own'); }
  if (given(ranges)) { yield wrong([CONFIG, 'ParameterRanges'], 'be left out where each definition has its own'); }
  for (const [index, definition] of list(request.TrainingJobDefinitions, isUnknown).entries()) {
    for (const member of ['DefinitionName', 'TuningObjective', 'HyperParameterRanges']) {
      if (!given(definition?.[member])) { yield wrong(['TrainingJobDefinitions', index, member], 'be given for each of several definitions'); }
    }
  }
}

/** The ranges of the configuration and of each definition, with their places. */
function rangesIn(request: Tree): [at: Path, ranges: Tree | undefined][] {
  return [
    [[...SHARED_RANGES], sharedRanges(request) as Tree | undefined],
    ...definitionsOf(request).map(({ definition, at }): [Path, Tree | undefined] => [[...at, 'HyperParameterRanges'], definition?.HyperParameterRanges]),
  ];
}

/** SageMaker's quota of what one tuning job searches. */
const MOST_RANGES = 30;

function* rangesOfAll(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  let count = 0;
  for (const [at, ranges] of rangesIn(request)) {
    if (!given(ranges)) { continue; }
    const entries = RANGE_LISTS.map((member) => list(ranges![member], isUnknown));
    count += entries.slice(0, 3).flat().length;
    yield* twice(at, entries.flat().map((range) => range?.Name), isUnknown);
    for (const [index, range] of entries[0].entries()) { yield* numbers([...at, 'ContinuousParameterRanges', index], range, isUnknown); }
    for (const [index, range] of entries[1].entries()) { yield* numbers([...at, 'IntegerParameterRanges', index], range, isUnknown); }
    if (given(list(ranges!.AutoParameters, isUnknown)[0]) && !given(request.Autotune)) { yield wrong([...at, 'AutoParameters'], 'come with Autotune'); }
  }
  if (count > MOST_RANGES) { yield wrong(SHARED_RANGES, `be at most ${MOST_RANGES} ranges in all`, count); }
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

function* numbers(at: Path, range: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const isInteger = at.at(-2) === 'IntegerParameterRanges';
  for (const member of ['MinValue', 'MaxValue']) {
    const text: unknown = range?.[member];
    if (!given(text) || isUnknown(text)) { return; }
    if (isInteger ? !/^[-+]?\d+$/.test(String(text)) : !NUMBER.test(String(text))) { yield wrong([...at, member], `be a ${isInteger ? 'whole number' : 'number'}`, text); return; }
  }
  const [min, max] = [Number(range.MinValue), Number(range.MaxValue)];
  if (min >= max) { yield wrong([...at, 'MaxValue'], `be above the lowest value, which is ${range.MinValue}`, range.MaxValue); }
  if (range.ScalingType === 'Logarithmic' && min <= 0) { yield wrong([...at, 'MinValue'], 'be above 0 for logarithmic scaling', range.MinValue); }
  if (range.ScalingType !== 'ReverseLogarithmic') { return; }
  if (min < 0) { yield wrong([...at, 'MinValue'], 'be at least 0 for reverse logarithmic scaling', range.MinValue); }
  if (max >= 1) { yield wrong([...at, 'MaxValue'], 'be below 1 for reverse logarithmic scaling', range.MaxValue); }
}

function* grid(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const { Strategy, ResourceLimits } = request[CONFIG];
  const asked = ResourceLimits?.MaxNumberOfTrainingJobs;
  if (Strategy !== 'Grid') { return; }
  for (const [at, ranges] of rangesIn(request)) {
    for (const member of ['ContinuousParameterRanges', 'IntegerParameterRanges', 'AutoParameters']) {
      const [first] = list(ranges?.[member], isUnknown);
      if (given(first)) { yield wrong([...at, member, 0], 'be categorical for the strategy Grid', member.replace(/Param.*|s$/, '')); }
    }
  }
  const combinations = combinationsInAll(request, isUnknown);
  if (given(asked) && !isUnknown(asked) && combinations !== undefined && asked !== combinations) {
    yield wrong([CONFIG, 'ResourceLimits', 'MaxNumberOfTrainingJobs'], `be left out for the strategy Grid, or be the number of combinations, which is ${combinations}`, asked);
  }
}

/** How many jobs a grid has, over all definitions, where all values are known. */
export function combinationsInAll(request: Tree, isUnknown: IsUnknown = () => false): number | undefined {
  const grids = given(request.TrainingJobDefinitions) ? definitionsOf(request).map(({ definition }) => definition?.HyperParameterRanges) : [sharedRanges(request)];
  const sum = grids.reduce<number>((all, ranges) => all + (combinationsOf(ranges as Tree | undefined, isUnknown) ?? Number.NaN), 0);
  return Number.isNaN(sum) ? undefined : sum;
}

function combinationsOf(ranges: Tree | undefined, isUnknown: IsUnknown): number | undefined {
  const categorical: unknown = ranges?.CategoricalParameterRanges;
  if (!Array.isArray(categorical) || categorical.length === 0 || isUnknown(categorical)) { return undefined; }
  const counts = (categorical as Tree[]).map((range) => (Array.isArray(range?.Values) && !isUnknown(range.Values) ? (range.Values as unknown[]).length : Number.NaN));
  const product = counts.reduce((all, count) => all * count, 1);
  return Number.isNaN(product) ? undefined : product;
}

function* hyperband(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const { Strategy, StrategyConfig, TrainingJobEarlyStoppingType: stopping } = request[CONFIG];
  if (isUnknown(Strategy)) { return; }
  if (Strategy !== 'Hyperband') {
    if (given(StrategyConfig)) { yield wrong([CONFIG, 'StrategyConfig'], 'be left out unless the strategy is Hyperband'); }
    return;
  }
  if (given(stopping) && stopping !== 'Off' && !isUnknown(stopping)) { yield wrong([CONFIG, 'TrainingJobEarlyStoppingType'], 'be Off for the strategy Hyperband, which stops jobs by itself', stopping); }
  const { MinResource: min, MaxResource: max } = StrategyConfig?.HyperbandStrategyConfig ?? {};
  if (typeof min === 'number' && typeof max === 'number' && !isUnknown(min) && !isUnknown(max) && min > max) {
    yield wrong([CONFIG, 'StrategyConfig', 'HyperbandStrategyConfig', 'MaxResource'], `be at least the least resource, which is ${min}`, max);
  }
}

function* parents({ WarmStartConfig }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const names = list(WarmStartConfig?.ParentHyperParameterTuningJobs, isUnknown).map((parent) => parent?.HyperParameterTuningJobName);
  yield* twice(['WarmStartConfig', 'ParentHyperParameterTuningJobs'], names, isUnknown);
}

/** Over all definitions. */
const MOST_VARIABLES = 48;

function* environment(request: Tree): Iterable<Violation> {
  let count = 0;
  for (const { definition, at } of definitionsOf(request)) {
    count += Object.keys(definition?.Environment ?? {}).length;
    if (count > MOST_VARIABLES) { yield wrong([...at, 'Environment'], `have at most ${MOST_VARIABLES} entries with those of the other definitions`, count); return; }
  }
}

function* resources(request: Tree): Iterable<Violation> {
  for (const { definition, at } of definitionsOf(request)) {
    const [tuning, plain] = [definition?.HyperParameterTuningResourceConfig, definition?.ResourceConfig];
    if (given(tuning) && given(plain)) { yield wrong([...at, 'ResourceConfig'], 'be left out with HyperParameterTuningResourceConfig'); }
    if (!given(tuning?.InstanceConfigs)) { continue; }
    for (const member of ['InstanceType', 'InstanceCount', 'VolumeSizeInGB']) {
      if (given(tuning[member])) { yield wrong([...at, 'HyperParameterTuningResourceConfig', member], 'be left out with InstanceConfigs', tuning[member]); }
    }
  }
}

/** What holds for a training job holds for every definition, with the first of several types of instances in place of all. */
function* eachAsTrainingJob(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  for (const { definition, at } of definitionsOf(request)) {
    const job = asTrainingJob(definition, sharedRanges(request));
    const configs: unknown = definition?.HyperParameterTuningResourceConfig?.InstanceConfigs;
    const checked = Array.isArray(configs) ? { ...job, ResourceConfig: configs[0] as Tree } : job;
    for (const violation of againstRules(checked, isUnknown)) { yield { ...violation, path: inDefinition(violation.path, definition, at, SHARED_RANGES) }; }
  }
}
