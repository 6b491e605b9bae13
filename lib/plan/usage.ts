import type { Usage } from './plan';
import type { InstanceUse, PriceList } from './prices';

/** A structure of a request, in the service's words. What is no number where there should be one is known at deployment only. */
export type Tree = { readonly [member: string]: unknown };

/** So long do some instances run. */
interface Share {
  readonly instanceType: string;
  readonly use: InstanceUse;
  readonly hours: number;
}

/** What may run: parts that run beside each other, of each of which one of several sets of instances. */
interface Bound {
  readonly parts: readonly (readonly (readonly Share[])[])[];
  /** What runs without an instance of its own, and has another price than by the hour. */
  readonly isServerless?: boolean;
}

/** Why there is no bound. */
class Unbounded extends Error {}

const SECONDS_OF_A_DAY = 86_400;
const SECONDS_OF_AN_HOUR = 3600;
/** What calculators of prices take for a month. */
export const HOURS_OF_A_MONTH = 730;
const SERVERLESS = 'what is serverless';
/** A text that stands for what is not known (lib/local/run-one/unknown.ts). */
const UNKNOWN = /\u0001/;

/**
 * The most that a job may use.
 *
 * @param withinSeconds how long a deployment waits before it stops the job; undefined where it does not
 */
export function jobUsage(kind: string, request: Tree, withinSeconds?: number, prices?: PriceList): Usage {
  return usageOf(() => boundOf(kind, request, withinSeconds), prices);
}

/** The most that the instances of an endpoint are in a month. @param most the most instances of a variant that is scaled, by its name */
export function endpointUsage(config: Tree, most: ReadonlyMap<string, unknown>, prices?: PriceList): Usage {
  const variants = [...listOf(config, 'ProductionVariants'), ...listOf(config, 'ShadowProductionVariants')];
  return { ...usageOf(() => {
    const bounds = variants.map((variant) => variantBound(variant, most));
    return { parts: bounds.flatMap(({ parts }) => parts), isServerless: bounds.some(({ isServerless }) => isServerless) };
  }, prices), isRunning: true };
}

function usageOf(bound: () => Bound, prices: PriceList | undefined): Usage {
  try {
    return summed(bound(), prices);
  } catch (error) {
    if (!(error instanceof Unbounded)) { throw error; }
    return { instances: [], isRunning: false, unbounded: error.message };
  }
}

function summed({ parts, isServerless = false }: Bound, prices: PriceList | undefined): Usage {
  const shares = parts.flat(2);
  /** Of each part the most, by some measure. */
  const most = (measure: (share: Share) => number) => parts.reduce((sum, part) => sum + Math.max(0, ...part.map((set) => set.reduce((all, each) => all + measure(each), 0))), 0);
  const types = [...new Set(shares.map(({ instanceType }) => instanceType))];
  const instances = types.map((instanceType) => ({ instanceType, hours: most((each) => (each.instanceType === instanceType ? each.hours : 0)) }));
  const usage: Usage = { instances, hours: most(({ hours }) => hours), isRunning: false };
  if (prices === undefined) { return usage; }
  const unpriced = [
    ...new Set(shares.filter(({ instanceType, use }) => prices.priceOf(instanceType, use) === undefined).map(({ instanceType }) => instanceType)),
    ...isServerless ? [SERVERLESS] : [],
  ];
  return unpriced.length > 0 ? { ...usage, unpriced } : { ...usage, cost: most(({ instanceType, use, hours }) => hours * (prices.priceOf(instanceType, use) as number)) };
}

function boundOf(kind: string, request: Tree, withinSeconds: number | undefined): Bound {
  switch (kind) {
    case 'TrainingJob': return trainingBound(request);
    case 'HyperParameterTuningJob': return tuningBound(request, withinSeconds);
    case 'TransformJob': return transformBound(request, withinSeconds);
    case 'ProcessingJob': return processingBound(request);
    default: throw new Unbounded(`how long a ${kind} may run is not known`);
  }
}

/**
 * A training job: its instances for as long as it may run, then as a warm pool. Waiting for spot capacity uses nothing, and
 * the time limit is that of all attempts of a retry strategy together.
 */
function trainingBound(request: Tree): Bound {
  if (request.ServerlessJobConfig !== undefined && request.ResourceConfig === undefined) { return { parts: [], isServerless: true }; }
  const seconds = runtimeOf(request);
  const resources = structure(request, 'ResourceConfig');
  const warm = number(resources, 'KeepAlivePeriodInSeconds', 'ResourceConfig', 0);
  const rules = [...listOf(request, 'DebugRuleConfigurations'), ...listOf(request, 'ProfilerRuleConfigurations')].filter(({ InstanceType }) => InstanceType !== undefined);
  return {
    parts: [
      choicesOf(resources, 'ResourceConfig').map((choice) => choice.map(({ instanceType, count }) => share('training', instanceType, count, seconds + warm))),
      // A rule runs beside the job; one without an instance type of its own is the service's, and free.
      ...rules.map((rule) => [[share('processing', text(rule, 'InstanceType', 'DebugRuleConfigurations'), 1, seconds)]]),
    ],
  };
}

/** A tuning job: as many training jobs as there may be, or what may run at once for as long as it may take, if that is less. */
function tuningBound(request: Tree, withinSeconds: number | undefined): Bound {
  const limits = structure(structure(request, 'HyperParameterTuningJobConfig'), 'ResourceLimits');
  const path = 'HyperParameterTuningJobConfig.ResourceLimits';
  const definitions = request.TrainingJobDefinitions === undefined ? [structure(request, 'TrainingJobDefinition')] : listOf(request, 'TrainingJobDefinitions');
  const jobs = limits.MaxNumberOfTrainingJobs === undefined ? undefined : number(limits, 'MaxNumberOfTrainingJobs', path);
  const wall = limits.MaxRuntimeInSeconds === undefined ? withinSeconds : number(limits, 'MaxRuntimeInSeconds', path);
  if (jobs === undefined && wall === undefined) { throw new Unbounded('a tuning job without a number of training jobs and without a time limit'); }
  const atOnce = wall === undefined ? 0 : number(limits, 'MaxParallelTrainingJobs', path);
  const secondsOf = (definition: Tree) => {
    const inAll = jobs === undefined ? Infinity : jobs * runtimeOf(definition);
    return wall === undefined ? inAll : Math.min(inAll, atOnce * wall);
  };
  return {
    // All training jobs may be of one definition, on one of the kinds of instance that it may have.
    parts: [definitions.flatMap((definition) => resourcesOf(definition).map((choice) => choice.map(({ instanceType, count }) => share('training', instanceType, count, secondsOf(definition)))))],
  };
}

function resourcesOf(definition: Tree) {
  const path = 'HyperParameterTuningResourceConfig';
  const flexible = optional(definition, path);
  return flexible === undefined ? choicesOf(structure(definition, 'ResourceConfig'), 'ResourceConfig') : choicesOf(flexible, path);
}

/** The service ends no transform job; a deployment that waits for one does. */
function transformBound(request: Tree, withinSeconds: number | undefined): Bound {
  if (withinSeconds === undefined) { throw new Unbounded('a transform job has no time limit, and no deployment that waits for it'); }
  const shares = instancesOf(structure(request, 'TransformResources'), 'TransformResources').map(({ instanceType, count }) => share('transform', instanceType, count, withinSeconds));
  return { parts: [[shares]] };
}

function processingBound(request: Tree): Bound {
  const cluster = structure(structure(request, 'ProcessingResources'), 'ClusterConfig');
  const seconds = runtimeOf(request);
  return { parts: [[instancesOf(cluster, 'ProcessingResources.ClusterConfig').map(({ instanceType, count }) => share('processing', instanceType, count, seconds))]] };
}

function variantBound(variant: Tree, most: ReadonlyMap<string, unknown>): Bound {
  if (variant.ServerlessConfig !== undefined) { return { parts: [], isServerless: true }; }
  const name = String(variant.VariantName);
  const scaling = optional(variant, 'ManagedInstanceScaling');
  const path = `variant ${name}`;
  const initial = number(variant, 'InitialInstanceCount', path, 1);
  const scaled = most.has(name) ? asNumber(most.get(name), `${path}: MaxCapacity`) : 0;
  const managed = scaling?.MaxInstanceCount === undefined ? 0 : number(scaling, 'MaxInstanceCount', `${path}: ManagedInstanceScaling`);
  const count = Math.max(initial, scaled, managed);
  const pools = variant.InstancePools === undefined ? [variant] : listOf(variant, 'InstancePools');
  return { parts: [pools.map((pool) => [{ use: 'hosting', instanceType: text(pool, 'InstanceType', path), hours: count * HOURS_OF_A_MONTH }])] };
}

/** The sets of instances of which the service takes one. */
function choicesOf(resources: Tree, path: string): Instances[][] {
  const member = ['InstancePreferences', 'InstanceConfigs'].find((name) => resources[name] !== undefined);
  if (member === undefined) { return [instancesOf(resources, path)]; }
  return listOf(resources, member).map((choice) => instancesOf({ InstanceCount: resources.InstanceCount, ...choice }, `${path}.${member}`));
}

interface Instances {
  readonly instanceType: string;
  readonly count: number;
}

/** What a `ResourceConfig` and its like ask for. */
function instancesOf(resources: Tree, path: string): Instances[] {
  const groups = resources.InstanceGroups === undefined ? [resources] : listOf(resources, 'InstanceGroups');
  return groups.map((group) => ({ instanceType: text(group, 'InstanceType', path), count: number(group, 'InstanceCount', path) }));
}

const runtimeOf = (request: Tree) => number(optional(request, 'StoppingCondition') ?? {}, 'MaxRuntimeInSeconds', 'StoppingCondition', SECONDS_OF_A_DAY);
const share = (use: InstanceUse, instanceType: string, count: number, seconds: number): Share => ({ use, instanceType, hours: count * seconds / SECONDS_OF_AN_HOUR });

function number(tree: Tree, member: string, path: string, otherwise?: number): number {
  const value = tree[member];
  return value === undefined && otherwise !== undefined ? otherwise : asNumber(value, `${path}.${member}`);
}

/** Numbers are texts where CloudFormation has passed them on. */
function asNumber(value: unknown, path: string): number {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof found !== 'number' || !Number.isFinite(found)) { throw new Unbounded(`${path} is known at deployment only`); }
  return found;
}

function text(tree: Tree, member: string, path: string): string {
  const value = tree[member];
  if (typeof value !== 'string' || UNKNOWN.test(value)) { throw new Unbounded(`${path}.${member} is known at deployment only`); }
  return value;
}

const isStructure = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

function structure(tree: Tree, member: string): Tree {
  const value = tree[member];
  if (!isStructure(value)) { throw new Unbounded(`${member} is known at deployment only`); }
  return value;
}

const optional = (tree: Tree, member: string) => (tree[member] === undefined ? undefined : structure(tree, member));

function listOf(tree: Tree, member: string): readonly Tree[] {
  const list = tree[member] ?? [];
  if (!Array.isArray(list) || !list.every(isStructure)) { throw new Unbounded(`${member} is known at deployment only`); }
  return list;
}
