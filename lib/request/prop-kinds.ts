import type { IConstruct } from 'constructs';
import type { TrainingJobProps } from '../training-job-props';
import { isToken, refuse } from './checks';

/** What a prop is: the words after `must be`, and how it is known. By what it can do, not by its class: a process may hold two copies of a class. */
type Kind = readonly [words: string, is: (value: any) => boolean];

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const can = (method: string) => (value: any): boolean => typeof value?.[method] === 'function';
const boundBy = (words: string): Kind => [words, can('bind')];
const has = (words: string, member: string): Kind => [words, (value) => isObject(value) && member in value];

const BOOLEAN: Kind = ['true or false', (value) => typeof value === 'boolean'];
const NUMBER: Kind = ['a number', (value) => typeof value === 'number'];
const TEXT: Kind = ['text', (value) => typeof value === 'string'];
const STRUCTURE: Kind = ['a structure', (value) => isObject(value) && !Array.isArray(value)];
const LIST: Kind = ['a list', Array.isArray];
const DURATION: Kind = ['a Duration', can('toSeconds')];
const SIZE: Kind = ['a Size', can('toGibibytes')];

type Kinds = { readonly [prop: string]: Kind };

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
  role: ['a role (Role.fromRoleArn makes one of an ARN)', isObject],
  completion: has('a Completion', 'isAwaited'),
  retrain: has('a Retrain', 'manualRevision'),
  revision: TEXT,
  acceptTimeLimit: BOOLEAN,
  qualityGate: has('a QualityGate', 'bounds'),
  adopt: STRUCTURE,
  removalPolicy: TEXT,
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
  vpc: ['a VPC', can('selectSubnets')],
  vpcSubnets: STRUCTURE,
  securityGroups: ['a list of security groups', LIST[1]],
  overrides: STRUCTURE,
};

const CAPACITY: Kinds = {
  instanceType: TEXT, instanceCount: NUMBER, volumeSize: SIZE, volumeKey: ['a key (Key.fromKeyArn makes one of an ARN)', isObject], keepAlive: DURATION, maxWait: DURATION,
  trainingPlan: TEXT, instanceGroups: STRUCTURE, instancePreferences: LIST, placement: STRUCTURE,
};

const METRIC: Kind = ['a Metric, for instance Metric.regex(\'loss\', \'loss=([0-9.]+)\')', (value) => typeof value?.metricName === 'string' && typeof value.expression === 'string'];

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkPropKinds(job: IConstruct, props: TrainingJobProps): void {
  if (!STRUCTURE[1](props)) { refuse(job, 'props', 'be given', props); }
  const check = (prop: string, value: unknown, kind: Kind) => checkKind(job, prop, value, kind);
  for (const [prop, kind] of Object.entries(REQUIRED)) { check(prop, props[prop as keyof TrainingJobProps] ?? null, kind); }
  for (const [prop, kind] of Object.entries(OPTIONAL)) { check(prop, props[prop as keyof TrainingJobProps], kind); }
  for (const [prop, kind] of Object.entries(CAPACITY)) { check(`capacity.${prop}`, props.capacity.config[prop as keyof typeof props.capacity.config], kind); }
  check('completion.within', props.completion?.within, DURATION);
  check('retrain', props.retrain?.manualRevision, ['a revision: text', TEXT[1]]);
  check('adopt.name', props.adopt && (props.adopt.name ?? null), TEXT);
  check('adopt.accept', props.adopt?.accept, LIST);
  props.metrics?.forEach((metric, index) => check(`metrics[${index}]`, metric ?? null, METRIC));
  for (const [name, value] of Object.entries(props.environment ?? {})) { check(`environment.${name}`, value, TEXT); }
  for (const [channel, data] of Object.entries(props.inputs ?? {})) { check(`inputs.${channel}`, data ?? null, boundBy('a DataSource')); }
  for (const prop of ['debugRules', 'profilerRules'] as const) {
    for (const [name, rule] of Object.entries(props[prop] ?? {})) { check(`${prop}.${name}`, rule ?? null, boundBy('a MonitoringRule')); }
  }
}

function checkKind(job: IConstruct, prop: string, value: unknown, [words, is]: Kind): void {
  if (value === undefined || is(value) || (isToken(value) && words !== BOOLEAN[0])) { return; }
  refuse(job, prop, `be ${words}`, value ?? undefined);
}
