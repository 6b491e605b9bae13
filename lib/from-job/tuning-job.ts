import { strSpelling } from '../request/python-spelling';
import { tuningCapacity } from './capacity';
import { Unexpressible } from './unexpressible';
import { call, literal, name, object, type Code } from './code';
import { definitionParts } from './definition';
import { textOfJson, valueOfJson, valueOfStr } from './hyperparameters';
import type { Images } from './images';
import { Parts } from './parts';
import { adoption, completion, prepared, refuseDifferent, tagStatements, withoutTime } from './prepared';
import type { Program } from './program';
import { checkSpot, DEFINITION_DEFAULTS, FIXED, type JobOptions } from './training-job';
import { isEmpty, overridesFor, type Tree } from './tree';
import { duration, member } from './values';

const CONFIG = 'HyperParameterTuningJobConfig';

/** The construct of a tuning job. @returns its constant */
export function tuningJob(program: Program, images: Images, request: Tree, options: JobOptions): string {
  const jobName = request.HyperParameterTuningJobName as string | undefined;
  const { TrainingJobDefinition: single, TrainingJobDefinitions: several } = request;
  const parts = new Parts();
  const config = (request[CONFIG] ?? {}) as Tree;
  const accepted: string[] = [];
  if (single && isEmpty(several)) {
    const found = definition({ program, images, ...options }, single, config.ParameterRanges, config.HyperParameterTuningJobObjective, 'TrainingJobDefinition');
    accepted.push(...found.otherwise);
    parts.say('definition', found.code);
  } else {
    const found = ((several ?? []) as Tree[]).map((each) => [each.DefinitionName as string, definition({ program, images, ...options }, each, each.HyperParameterRanges, each.TuningObjective, 'TrainingJobDefinitions.*')] as const);
    accepted.push(...found.flatMap(([, { otherwise }]) => otherwise));
    parts.say('definitions', object(Object.fromEntries(found.map(([definitionName, { code }]) => [definitionName, code]))));
  }
  configuration(program, parts, request, config);
  const { HyperParameterTuningJobName: _name, Tags: _tags, TrainingJobDefinition: _one, TrainingJobDefinitions: _several, ...others } = request;
  const { ParameterRanges: _ranges, HyperParameterTuningJobObjective: _objective, ...plain } = config;
  const isLost = single && isEmpty(several) ? undefined : [['ParameterRanges', config.ParameterRanges], ['HyperParameterTuningJobObjective', config.HyperParameterTuningJobObjective]].find(([, value]) => !isEmpty(value));
  if (isLost) { throw new Unexpressible(`${CONFIG}.${String(isLost[0])}: several definitions have each their own, and the configuration can't have any`); }
  const { overrides, different } = overridesFor({ ...others, [CONFIG]: plain }, parts.made, []);
  refuseDifferent(different);
  if (overrides) { parts.say('overrides', literal(overrides)); }
  parts.say('completion', completion(program, longestOf(request)));
  if (options.isAdopted && jobName !== undefined) { parts.say('adopt', adoption(jobName, accepted)); }
  const constant = program.construct('HyperparameterTuningJob', withoutTime(jobName ?? 'Tuning'), 'Tuning', object(parts.props));
  tagStatements(program, constant, request.Tags);
  return constant;
}

/** Its own limit; else as long as all jobs may take, as many at once as are allowed. */
function longestOf({ HyperParameterTuningJobConfig: config = {}, TrainingJobDefinition: single, TrainingJobDefinitions: several }: Tree): number | undefined {
  const { MaxRuntimeInSeconds: own, MaxNumberOfTrainingJobs: jobs, MaxParallelTrainingJobs: atOnce = 1 } = (config.ResourceLimits ?? {}) as { readonly [limit: string]: number | undefined };
  if (own !== undefined) { return own; }
  const combinations = config.Strategy === 'Grid' ? ((config.ParameterRanges?.CategoricalParameterRanges ?? []) as Tree[]).reduce((product, { Values }) => product * Values.length, 1) : undefined;
  const all = jobs ?? combinations;
  const longest = Math.max(...((isEmpty(several) ? [single ?? {}] : several) as Tree[]).map(({ StoppingCondition: limit = {} }) => (limit.MaxWaitTimeInSeconds ?? limit.MaxRuntimeInSeconds ?? 3600) + (limit.MaxPendingTimeInSeconds ?? 0)));
  return all === undefined ? undefined : Math.ceil(all / atOnce) * longest;
}

const STRATEGIES: { readonly [strategy: string]: string } = { Bayesian: 'bayesian', Random: 'random', Grid: 'grid', Hyperband: 'hyperband' };
const WARM_STARTS: { readonly [type: string]: string } = { IdenticalDataAndAlgorithm: 'identicalDataAndAlgorithm', TransferLearning: 'transferLearning' };

function configuration(program: Program, parts: Parts, request: Tree, config: Tree): void {
  const { ResourceLimits: limits = {}, TuningJobCompletionCriteria: criteria, StrategyConfig } = config;
  const hyperband = StrategyConfig?.HyperbandStrategyConfig as Tree | undefined;
  const strategy = Object.hasOwn(STRATEGIES, config.Strategy ?? 'Bayesian') ? STRATEGIES[config.Strategy ?? 'Bayesian'] : undefined;
  if (strategy === undefined) { throw new Unexpressible(`${CONFIG}.Strategy: ${config.Strategy} is none that the library knows`); }
  const options = strategy === 'hyperband' ? object({ minResource: numberOf(hyperband?.MinResource), maxResource: numberOf(hyperband?.MaxResource) }) : undefined;
  if (strategy !== 'bayesian') { parts.say('strategy', call(`TuningStrategy.${strategy}`, options)); }
  const isAutotuned = request.Autotune?.Mode === 'Enabled';
  if (isAutotuned) { parts.say('autotune', literal(true), { Autotune: { Mode: 'Enabled' } }); }
  parts.say('maxJobs', numberOf(limits.MaxNumberOfTrainingJobs));
  if (limits.MaxParallelTrainingJobs !== 1) { parts.say('maxParallelJobs', numberOf(limits.MaxParallelTrainingJobs)); }
  parts.say('maxRuntime', duration(limits.MaxRuntimeInSeconds));
  if (config.TrainingJobEarlyStoppingType === 'Auto') { parts.say('earlyStopping', literal(true)); }
  if (criteria) {
    parts.say('completionCriteria', object({
      targetObjectiveValue: numberOf(criteria.TargetObjectiveMetricValue), maxJobsNotImproving: numberOf(criteria.BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving),
      onConvergence: criteria.ConvergenceDetected === undefined ? undefined : literal(criteria.ConvergenceDetected.CompleteOnConvergence === 'Enabled'),
    }), { [CONFIG]: { TuningJobCompletionCriteria: criteria } });
  }
  parts.say('randomSeed', numberOf(config.RandomSeed));
  parts.makes({
    [CONFIG]: {
      Strategy: config.Strategy ?? 'Bayesian', StrategyConfig: options ? { HyperbandStrategyConfig: hyperband } : undefined,
      ResourceLimits: { ...limits, MaxParallelTrainingJobs: limits.MaxParallelTrainingJobs ?? 1 },
      TrainingJobEarlyStoppingType: config.TrainingJobEarlyStoppingType === 'Auto' ? 'Auto' : 'Off', RandomSeed: config.RandomSeed,
    },
  });
  const { WarmStartConfig: warm } = request;
  const factory = warm && Object.hasOwn(WARM_STARTS, warm.WarmStartType) ? WARM_STARTS[warm.WarmStartType] : undefined;
  if (factory) {
    const parents = (warm.ParentHyperParameterTuningJobs as Tree[]).map(({ HyperParameterTuningJobName: parent }) => program.shared('Parent', parent, withoutTime(parent), (id) => (
      call('HyperparameterTuningJob.fromHyperparameterTuningJobName', name('this'), literal(id), literal(parent)))));
    parts.say('warmStart', call(`WarmStart.${factory}`, ...parents), { WarmStartConfig: warm });
  }
}

const numberOf = (value: unknown): Code | undefined => (typeof value === 'number' ? literal(value) : undefined);

interface Context extends JobOptions {
  readonly program: Program;
  readonly images: Images;
}

function definition({ program, images, isDescribed }: Context, request: Tree, ranges: Tree | undefined, objective: Tree | undefined, place: string): { readonly code: Code; readonly otherwise: readonly string[] } {
  const without = ['RoleArn', 'DefinitionName', 'TuningObjective', 'HyperParameterRanges'];
  const { wanted, otherwise } = prepared(program, request, without, DEFINITION_DEFAULTS, (path) => path === 'OutputDataConfig.S3OutputPath');
  checkSpot(wanted);
  const full = { ...wanted, RoleArn: request.RoleArn };
  const { parts, algorithm } = definitionParts({ program, images, capacity: tuningCapacity(program, full), member: 'StaticHyperParameters', ranges: ranges ?? {}, isDescribed }, full);
  if (place === 'TrainingJobDefinition') {
    const twice = ['DefinitionName', 'TuningObjective', 'HyperParameterRanges'].find((each) => !isEmpty(request[each]));
    if (twice) { throw new Unexpressible(`${place}.${twice}: a single definition has none of its own; ${twice === 'DefinitionName' ? 'leave the name out, or take TrainingJobDefinitions' : `${CONFIG} has it`}`); }
  }
  if (!objective) { throw new Unexpressible(`${place}: it has no objective, which the construct wants to know`); }
  const range = rangesOf(ranges ?? {}, algorithm.framework !== undefined, algorithm.isJson ?? false);
  parts.say('ranges', object(range));
  parts.say('objective', call(`Objective.${objective.Type === 'Maximize' ? 'maximize' : 'minimize'}`, literal(objective.MetricName)));
  const { overrides, different } = overridesFor(wanted, parts.made, FIXED);
  refuseDifferent(different);
  if (overrides) { parts.say('overrides', literal(overrides)); }
  return { code: object(parts.props)!, otherwise: otherwise.map((path) => `${place}.${path}`) };
}

/** What is searched. @param isFramework whether choices are texts in JSON @param isJson whether an example is */
function rangesOf(ranges: Tree, isFramework: boolean, isJson: boolean): { readonly [hyperparameter: string]: Code } {
  const found: { [hyperparameter: string]: Code } = {};
  for (const [list_, factory] of [['ContinuousParameterRanges', 'continuous'], ['IntegerParameterRanges', 'integer']] as const) {
    for (const { Name, MinValue, MaxValue, ScalingType } of (ranges[list_] ?? []) as Tree[]) {
      const scaling = ScalingType === undefined || ScalingType === 'Auto' ? undefined : member('ScalingType', ScalingType);
      found[Name] = call(`ParameterRange.${factory}`, bound(MinValue), bound(MaxValue), object({ scaling }));
    }
  }
  for (const { Name, Values } of (ranges.CategoricalParameterRanges ?? []) as Tree[]) {
    found[Name] = call('ParameterRange.categorical', ...(Values as string[]).map((text) => literal(valueOfStr(isFramework ? textOfJson(text)! : text))));
  }
  for (const { Name, ValueHint } of (ranges.AutoParameters ?? []) as Tree[]) {
    const value = isJson ? valueOfJson(ValueHint) : { value: valueOfStr(ValueHint) };
    if (!value || !['string', 'number', 'boolean'].includes(typeof value.value)) { throw new Unexpressible(`AutoParameters ${Name}: the example ${ValueHint} is no text in JSON, which an estimator with a script sends`); }
    found[Name] = call('ParameterRange.auto', literal(value.value));
  }
  return found;
}

/** A number, or a text where it is to be sent to the letter. */
const bound = (text: string): Code => literal(Number.isSafeInteger(Number(text)) || !/^-?\d+$/.test(text) ? (strSpelling(Number(text)) === text ? Number(text) : text) : text);

