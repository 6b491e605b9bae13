import type { IConstruct } from 'constructs';
import type { HyperparameterTuningJobProps, TuningDefinitionProps } from '../hyperparameter-tuning-job-props';
import type { TrainingDefinitionProps } from '../training-definition-props';
import type { TrainingJobProps } from '../training-job-props';
import { refuse } from './checks';
import {
  BOOLEAN, boundBy, checkKind, checkKinds, checkLifeKinds, checkTexts, DURATION, ENCRYPTION, has, isObject, KEY, LIST, NUMBER, OF_A_LIFE, OF_A_NETWORK, QUALITY_GATE, ROLE, SECRETS, SIZE, STRUCTURE, TEXT, type Kind, type Kinds,
} from './kinds';

const REQUIRED: Kinds = { algorithm: boundBy('an Algorithm'), capacity: has('a Capacity', 'config') };

const DEFINITION: Kinds = {
  inputs: ['a map of DataSource by channel', STRUCTURE[1]],
  hyperparameters: ['Hyperparameters, for instance Hyperparameters.of({ epochs: 3 })', (value) => STRUCTURE[1](value?.values)],
  environment: STRUCTURE,
  secrets: SECRETS,
  output: boundBy('an OutputLocation'),
  checkpoints: boundBy('Checkpoints'),
  maxRuntime: DURATION,
  maxPending: DURATION,
  maxRetries: NUMBER,
  metrics: ['a list of Metric', LIST[1]],
  networkIsolation: BOOLEAN,
  encryptInterContainerTraffic: BOOLEAN,
  encryption: ENCRYPTION,
  role: ROLE,
  ...OF_A_NETWORK,
};

/** How a job lives, and what every job has beside. */
const LIFECYCLE: Kinds = {
  ...OF_A_LIFE,
  acceptTimeLimit: BOOLEAN,
  qualityGate: QUALITY_GATE,
  overrides: STRUCTURE,
};

const TRAINING: Kinds = {
  experiment: STRUCTURE,
  mlflow: boundBy('an Mlflow'),
  debugHook: boundBy('a DebugHook'),
  debugRules: ['a map of MonitoringRule by name', STRUCTURE[1]],
  profiler: boundBy('a Profiler'),
  profilerRules: ['a map of MonitoringRule by name', STRUCTURE[1]],
  tensorBoard: boundBy('a TensorBoardOutput'),
  remoteDebug: BOOLEAN,
  infraCheck: BOOLEAN,
  sessionTagChaining: BOOLEAN,
  modelPackage: boundBy('a ModelPackageOutput'),
};

const TUNING: Kinds = {
  definition: STRUCTURE,
  definitions: ['a map of definitions by name', STRUCTURE[1]],
  strategy: has('a TuningStrategy', 'config'),
  maxJobs: NUMBER,
  maxParallelJobs: NUMBER,
  maxRuntime: DURATION,
  earlyStopping: BOOLEAN,
  completionCriteria: STRUCTURE,
  randomSeed: NUMBER,
  autotune: BOOLEAN,
  warmStart: boundBy('a WarmStart'),
};

const CRITERIA: Kinds = { targetObjectiveValue: NUMBER, maxJobsNotImproving: NUMBER, onConvergence: BOOLEAN };
const RANGE: Kind = ['a ParameterRange', (value) => isObject(value?.config) && Array.isArray(value.config.values)];

const CAPACITY: Kinds = {
  instanceType: TEXT, instanceCount: NUMBER, volumeSize: SIZE, volumeKey: KEY, keepAlive: DURATION, maxWait: DURATION,
  trainingPlan: TEXT, instanceGroups: STRUCTURE, instancePreferences: LIST, placement: STRUCTURE,
};

const METRIC: Kind = ['a Metric, for instance Metric.regex(\'loss\', \'loss=([0-9.]+)\')', (value) => typeof value?.metricName === 'string' && typeof value.expression === 'string'];

type Props = { readonly [prop: string]: any };

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkPropKinds(job: IConstruct, props: TrainingJobProps): void {
  checkStructure(job, 'props', props);
  checkDefinitionKinds(job, props);
  checkKinds(job, props, { ...LIFECYCLE, ...TRAINING });
  checkLifeKinds(job, props);
  for (const prop of ['debugRules', 'profilerRules'] as const) {
    for (const [name, rule] of Object.entries(props[prop] ?? {})) { checkKind(job, `${prop}.${name}`, rule ?? null, boundBy('a MonitoringRule')); }
  }
}

/** The same for a tuning job, but for its definitions. */
export function checkTuningKinds(job: IConstruct, props: HyperparameterTuningJobProps): void {
  checkStructure(job, 'props', props);
  checkKinds(job, props, { ...LIFECYCLE, ...TUNING });
  checkLifeKinds(job, props);
  checkKinds(job, props.completionCriteria ?? {}, CRITERIA, 'completionCriteria.');
}

/** The same for one definition of a tuning job. */
export function checkTuningDefinitionKinds(scope: IConstruct, props: TuningDefinitionProps): void {
  checkStructure(scope, 'definition', props);
  checkDefinitionKinds(scope, props);
  checkKind(scope, 'overrides', props.overrides, STRUCTURE);
  checkKind(scope, 'objective', props.objective ?? null, ['an Objective, for instance Objective.maximize(\'validation:accuracy\')', (value) => typeof value?.metricName === 'string' && typeof value.goal === 'string']);
  checkKind(scope, 'ranges', props.ranges, ['a map of ParameterRange by hyperparameter', STRUCTURE[1]]);
  for (const [name, range] of Object.entries(props.ranges ?? {})) { checkKind(scope, `ranges.${name}`, range ?? null, RANGE); }
}

function checkDefinitionKinds(job: IConstruct, props: TrainingDefinitionProps): void {
  const all = props as unknown as Props;
  for (const [prop, kind] of Object.entries(REQUIRED)) { checkKind(job, prop, all[prop] ?? null, kind); }
  checkKinds(job, all, DEFINITION);
  checkKinds(job, props.capacity.config, CAPACITY, 'capacity.');
  props.metrics?.forEach((metric, index) => checkKind(job, `metrics[${index}]`, metric ?? null, METRIC));
  checkTexts(job, 'environment', props.environment);
  for (const [channel, data] of Object.entries(props.inputs ?? {})) { checkKind(job, `inputs.${channel}`, data ?? null, boundBy('a DataSource')); }
}

function checkStructure(job: IConstruct, prop: string, props: unknown): void {
  if (!STRUCTURE[1](props)) { refuse(job, prop, 'be given', props); }
}
