import type { IConstruct } from 'constructs';
import type { TrainingJobProps } from '../training-job-props';
import { refuse } from './checks';
import {
  BOOLEAN, boundBy, checkKind, checkKinds, checkLifeKinds, DURATION, has, KEY, LIST, NUMBER, OF_A_LIFE, OF_A_NETWORK, ROLE, SIZE, STRUCTURE, TEXT, type Kind, type Kinds,
} from './kinds';

const REQUIRED: Kinds = { algorithm: boundBy('an Algorithm'), capacity: has('a Capacity', 'config') };

const OPTIONAL: Kinds = {
  inputs: ['a map of DataSource by channel', STRUCTURE[1]],
  hyperparameters: ['Hyperparameters, for instance Hyperparameters.of({ epochs: 3 })', (value) => STRUCTURE[1](value?.values)],
  environment: STRUCTURE,
  output: boundBy('an OutputLocation'),
  checkpoints: boundBy('Checkpoints'),
  maxRuntime: DURATION,
  maxPending: DURATION,
  maxRetries: NUMBER,
  metrics: ['a list of Metric', LIST[1]],
  networkIsolation: BOOLEAN,
  encryptInterContainerTraffic: BOOLEAN,
  role: ROLE,
  ...OF_A_LIFE,
  acceptTimeLimit: BOOLEAN,
  qualityGate: has('a QualityGate', 'bounds'),
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
  ...OF_A_NETWORK,
  overrides: STRUCTURE,
};

const CAPACITY: Kinds = {
  instanceType: TEXT, instanceCount: NUMBER, volumeSize: SIZE, volumeKey: KEY, keepAlive: DURATION, maxWait: DURATION,
  trainingPlan: TEXT, instanceGroups: STRUCTURE, instancePreferences: LIST, placement: STRUCTURE,
};

const METRIC: Kind = ['a Metric, for instance Metric.regex(\'loss\', \'loss=([0-9.]+)\')', (value) => typeof value?.metricName === 'string' && typeof value.expression === 'string'];

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkPropKinds(job: IConstruct, props: TrainingJobProps): void {
  if (!STRUCTURE[1](props)) { refuse(job, 'props', 'be given', props); }
  const check = (prop: string, value: unknown, kind: Kind) => checkKind(job, prop, value, kind);
  for (const [prop, kind] of Object.entries(REQUIRED)) { check(prop, props[prop as keyof TrainingJobProps] ?? null, kind); }
  checkKinds(job, props, OPTIONAL);
  checkKinds(job, props.capacity.config, CAPACITY, 'capacity.');
  checkLifeKinds(job, props);
  props.metrics?.forEach((metric, index) => check(`metrics[${index}]`, metric ?? null, METRIC));
  for (const [name, value] of Object.entries(props.environment ?? {})) { check(`environment.${name}`, value, TEXT); }
  for (const [channel, data] of Object.entries(props.inputs ?? {})) { check(`inputs.${channel}`, data ?? null, boundBy('a DataSource')); }
  for (const prop of ['debugRules', 'profilerRules'] as const) {
    for (const [name, rule] of Object.entries(props[prop] ?? {})) { check(`${prop}.${name}`, rule ?? null, boundBy('a MonitoringRule')); }
  }
}
