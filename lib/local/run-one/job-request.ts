import type { Properties } from '../cloudformation/stack-record';
import { UsageError } from '../cli/output';
import { checkInstanceType, checkName, countOf, pairsOf, secondsOf, type JobOptions } from './job-options';

type Tree = { [member: string]: unknown };

/** The members by which a training job and a definition of a tuning job differ. */
interface DefinitionMembers {
  readonly hyperparameters: 'HyperParameters' | 'StaticHyperParameters';
  readonly resources: readonly string[];
}

const OF_A_JOB: DefinitionMembers = { hyperparameters: 'HyperParameters', resources: ['ResourceConfig'] };
const OF_A_DEFINITION: DefinitionMembers = { hyperparameters: 'StaticHyperParameters', resources: ['ResourceConfig', 'HyperParameterTuningResourceConfig'] };

/** A job's name where the template has left it open. */
export function withJobName(request: Properties, paths: readonly string[], name: string): Properties {
  return paths.reduce<Properties>((tree, path) => changedAt(tree, path.split('.'), (value) => (typeof value === 'string' ? value.replaceAll('{JobName}', name) : value)), request);
}

/** The training request, or each definition of the tuning request, changed. */
export function eachDefinition(request: Properties, change: (definition: Tree, members: DefinitionMembers) => Tree): Properties {
  const { TrainingJobDefinition: one, TrainingJobDefinitions: several } = request as { TrainingJobDefinition?: Tree; TrainingJobDefinitions?: Tree[] };
  if (one === undefined && several === undefined) { return change({ ...request }, OF_A_JOB); }
  return {
    ...request,
    ...one && { TrainingJobDefinition: change({ ...one }, OF_A_DEFINITION) },
    ...several && { TrainingJobDefinitions: several.map((each) => change({ ...each }, OF_A_DEFINITION)) },
  };
}

/** @throws UsageError for what no job could be run with, whatever the app is */
export function checkOptions(options: JobOptions, longestName: number): void {
  for (const [name, where] of pairsOf('channel', options.channel, CHANNEL_NAME)) {
    if (where === '') { throw new UsageError(`--channel ${name} must not be empty`); }
  }
  checkName(options.name, longestName);
  checkInstanceType(options.instanceType);
  changedByOptions({}, options);
}

/** Of a channel. */
export const CHANNEL_NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** What the options change, but for data and code. @throws CommandError */
export function changedByOptions(request: Properties, options: JobOptions): Properties {
  const hyperparameters = pairsOf('hyperparameter', options.hyperparameter);
  const environment = pairsOf('environment', options.environment, /^[A-Za-z_][A-Za-z0-9_]*$/);
  const instances = { InstanceType: options.instanceType, InstanceCount: countOf('instance-count', options.instanceCount) };
  const seconds = secondsOf('max-runtime', options.maxRuntime);
  return eachDefinition(request, (definition, { hyperparameters: member, resources }) => ({
    ...definition,
    ...hyperparameters.size > 0 && { [member]: withHyperparameters(definition[member] as Tree | undefined, hyperparameters) },
    ...environment.size > 0 && { Environment: { ...definition.Environment as Tree, ...Object.fromEntries(environment) } },
    ...Object.fromEntries(resources.filter((name) => definition[name] !== undefined).map((name) => [name, withInstances(definition[name] as Tree, instances)])),
    ...seconds !== undefined && { StoppingCondition: withRuntime(definition.StoppingCondition as Tree, seconds) },
  }));
}

/** Values are written as the job has the others: scripts read JSON, other programs text. */
function withHyperparameters(given: Tree = {}, changed: ReadonlyMap<string, string>): Tree {
  const isJson = Object.hasOwn(given, 'sagemaker_program');
  return { ...given, ...Object.fromEntries([...changed].map(([name, text]) => [name, isJson && !canBeRead(text) ? JSON.stringify(text) : text])) };
}

function canBeRead(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function withInstances(resources: Tree, instances: { readonly InstanceType?: string; readonly InstanceCount?: number }): Tree {
  const given = Object.fromEntries(Object.entries(instances).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length > 0 && (resources.InstanceGroups ?? resources.InstanceConfigs) !== undefined) {
    throw new UsageError('--instance-type and --instance-count do not say which of the instance groups of the job is meant');
  }
  return { ...resources, ...given };
}

/** A spot job waits at least as long as it may run. */
function withRuntime(condition: Tree = {}, seconds: number): Tree {
  const wait = condition.MaxWaitTimeInSeconds as number | undefined;
  return { ...condition, MaxRuntimeInSeconds: seconds, ...wait !== undefined && { MaxWaitTimeInSeconds: Math.max(wait, seconds) } };
}

/** Something of a tree, changed. */
export function changedAt(tree: Properties, [member = '', ...rest]: readonly string[], change: (value: unknown) => unknown): Properties {
  const value = (tree as Tree)[member];
  if (value === undefined) { return tree; }
  const changed = rest.length === 0 ? change(value) : typeof value === 'object' && value !== null ? changedAt(value as Properties, rest, change) : value;
  return Array.isArray(tree) ? tree.map((entry: unknown, index) => (String(index) === member ? changed : entry)) as unknown as Properties : { ...tree, [member]: changed };
}
