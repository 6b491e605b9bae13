import type { IConstruct } from 'constructs';
import type { EndpointProps } from '../endpoint';
import type { EndpointConfigProps } from '../endpoint-config';
import type { InferenceComponentProps } from '../inference-component';
import {
  BOOLEAN, BUCKET, can, checkGiven, checkKind, checkKinds, checkOptions, checkTexts, DURATION, ENCRYPTION, has, KEY, LIST, MODEL, NUMBER, OF_A_NETWORK, ROLE, SECRETS, SIZE, STRUCTURE, TEXT, TEXTS, type Kind, type Kinds,
} from './kinds';

/** What is of hosting is known by what it has and others have not. */
const VARIANT: Kind = ['a Variant, for instance Variant.onInstances(model, { instanceType })', can('bind', '_checkKinds')];
const SCALING: Kind = ['an AutoScaling, for instance AutoScaling.between(1, 4, [ScalingPolicy.invocationsPerInstance(200)])', can('_check', '_bind')];
const CAPACITY_SIZE: Kind = ['a CapacitySize, for instance CapacitySize.percent(10)', can('_within')];
const COPY_SIZE: Kind = ['a CopySize, for instance CopySize.copies(1)', can('_within')];
const ALARM: Kind = has('an alarm (Alarm.fromAlarmArn makes one of an ARN)', 'alarmName');
const ENDPOINT: Kind = has('an endpoint (Endpoint.fromEndpointName makes one of a name)', 'endpointName');
const COMPONENT: Kind = has('an inference component (InferenceComponent.fromInferenceComponentName makes one of a name)', 'inferenceComponentName');
const TOPIC: Kind = ['a topic (Topic.fromTopicArn makes one of an ARN)', can('grantPublish')];
/** Of what is bound to a configuration, only the queue is read by callers. */
const isNoQueue = (value: unknown): boolean => can('bind')(value) && !can('_grantRead')(value);

const OF_A_CONFIG: Kinds = {
  variants: ['a map of Variant by name', STRUCTURE[1]],
  shadowVariants: ['a map of Variant by name', STRUCTURE[1]],
  endpointConfigName: TEXT,
  encryptionKey: KEY,
  encryption: ENCRYPTION,
  asyncInference: ['an AsyncInference, for instance AsyncInference.toBucket(bucket, prefix)', can('bind', '_grantRead')],
  dataCapture: ['a DataCapture, for instance DataCapture.toBucket(bucket, prefix)', isNoQueue],
  explainer: ['an Explainer, for instance Explainer.clarify({ baseline })', isNoQueue],
  enhancedMetrics: BOOLEAN,
  detailedObservability: BOOLEAN,
  metricsFrequency: DURATION,
  configRemovalPolicy: TEXT,
  role: ROLE,
  networkIsolation: BOOLEAN,
  ...OF_A_NETWORK,
};

const OF_INSTANCES: Kinds = {
  instanceType: TEXT,
  instancePools: ['a list of instance pools', LIST[1]],
  provisionTimeout: DURATION,
  instanceCount: NUMBER,
  minInstanceCount: NUMBER,
  maxInstanceCount: NUMBER,
  scaleIn: has('a ScaleIn, for instance ScaleIn.whenIdle()', 'consolidation'),
  routing: has('a Routing, for instance Routing.leastOutstandingRequests()', 'prefix'),
  capacityReservation: has('a CapacityReservation, for instance CapacityReservation.fromArn(arn)', 'exclusive'),
  inferenceAmi: has('an InferenceAmi, for instance InferenceAmi.AL2023_GPU_4_1', 'versionName'),
  coreDumps: ['CoreDumps, for instance CoreDumps.toBucket(bucket, prefix)', isNoQueue],
  ssmAccess: BOOLEAN,
  volumeSize: SIZE,
  modelDataDownloadTimeout: DURATION,
  containerStartupTimeout: DURATION,
  weight: NUMBER,
  acceleratorType: TEXT,
  autoScaling: SCALING,
};

const OF_SERVERLESS: Kinds = { memorySize: SIZE, maxConcurrency: NUMBER, provisionedConcurrency: NUMBER, weight: NUMBER, autoScaling: SCALING };

const OF_AN_ENDPOINT: Kinds = {
  endpointName: TEXT,
  deployment: ['a DeploymentPolicy, for instance DeploymentPolicy.allAtOnce()', (value) => can('_bind')(value) && has('', '_isRolling')[1](value)],
  rollbackAlarms: ['a list of RollbackAlarm', LIST[1]],
  retainDeploymentConfig: BOOLEAN,
};

const OF_A_SPECIFICATION: Kinds = {
  model: MODEL,
  container: STRUCTURE,
  memory: SIZE,
  maxMemory: SIZE,
  cpus: NUMBER,
  accelerators: NUMBER,
  modelDataDownloadTimeout: DURATION,
  containerStartupTimeout: DURATION,
  dataCache: BOOLEAN,
  placement: has('a ComponentPlacement, for instance ComponentPlacement.spread()', 'balance'),
};

const OF_A_CONTAINER: Kinds = {
  image: ['a ContainerImage, for instance ContainerImage.fromUri(uri)', can('bind')],
  modelData: ['ModelData, for instance ModelData.fromS3Uri(\'s3://bucket/model.tar.gz\')', can('bind')],
  environment: STRUCTURE,
  secrets: SECRETS,
  metricsPath: TEXT,
  metricsFrequency: DURATION,
};

const OF_A_COMPONENT: Kinds = {
  ...OF_A_SPECIFICATION,
  variantName: TEXT,
  instanceType: TEXT,
  adapterOf: COMPONENT,
  specifications: ['a map of specifications by instance type', STRUCTURE[1]],
  copies: NUMBER,
  autoScaling: SCALING,
  deployment: ['a ComponentDeployment, for instance ComponentDeployment.rolling(CopySize.copies(1), { waitInterval })', (value) => can('_bind')(value) && has('', 'batch')[1](value) && !has('', '_isRolling')[1](value)],
  inferenceComponentName: TEXT,
};

/** What factories of hosting take, by the prop that they are for. */
export const OF_A_QUEUE: Kinds = {
  failurePrefix: TEXT, failureBucket: BUCKET, maxConcurrentInvocationsPerInstance: NUMBER, successTopic: TOPIC, errorTopic: TOPIC, answerInSuccessMessage: BOOLEAN, answerInErrorMessage: BOOLEAN, encryptionKey: KEY,
};
export const OF_A_CAPTURE: Kinds = { samplingPercentage: NUMBER, modes: TEXTS, csvContentTypes: TEXTS, jsonContentTypes: TEXTS, encryptionKey: KEY, enabled: BOOLEAN };
export const OF_CORE_DUMPS: Kinds = { encryptionKey: KEY };
export const OF_AN_EXPLAINER: Kinds = {
  enableExplanations: TEXT, numberOfSamples: NUMBER, useLogit: BOOLEAN, seed: NUMBER, text: STRUCTURE, featuresAttribute: TEXT, contentTemplate: TEXT, maxRecordCount: NUMBER, maxPayload: SIZE,
  probabilityIndex: NUMBER, labelIndex: NUMBER, probabilityAttribute: TEXT, labelAttribute: TEXT, labelHeaders: TEXTS, featureHeaders: TEXTS, featureTypes: TEXTS,
};
export const OF_A_PREFIX: Kinds = { prefixLength: NUMBER, concurrencyThreshold: NUMBER };
export const OF_A_SCALE_IN: Kinds = { maxStepSize: NUMBER, cooldown: DURATION };
export const OF_A_PLACEMENT: Kinds = { maxZoneImbalance: NUMBER };
export const OF_A_ROLLBACK_ALARM: Kinds = { period: DURATION, evaluationPeriods: NUMBER, abovePercent: NUMBER, above: DURATION, percentile: NUMBER };
/** An alarm of an endpoint; what it rings at, its own function says. */
export const OF_AN_ALARM: Kinds = {
  period: DURATION, evaluationPeriods: NUMBER, datapointsToAlarm: NUMBER, treatMissingData: TEXT, alarmName: TEXT, alarmDescription: TEXT, variantName: TEXT, percent: NUMBER, percentile: NUMBER,
};
const OF_A_DEPLOYMENT: Kinds = { waitInterval: DURATION, terminationWait: DURATION, maxExecutionTime: DURATION };

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkEndpointConfigKinds(config: IConstruct, props: EndpointConfigProps): void {
  checkGiven(config, 'props', props, STRUCTURE);
  checkGiven(config, 'variants', props.variants, OF_A_CONFIG.variants);
  checkKinds(config, props, OF_A_CONFIG);
  for (const prop of ['variants', 'shadowVariants'] as const) {
    for (const [name, variant] of Object.entries(props[prop] ?? {})) {
      checkGiven(config, `${prop}.${name}`, variant, VARIANT);
      variant._checkKinds(config, `${prop}.${name}`);
    }
  }
}

/** The same for what a variant with instances is made of. */
export function checkInstanceKinds(config: IConstruct, prop: string, options: unknown): void {
  checkOptions(config, `${prop}.`, options, OF_INSTANCES);
  const { instancePools } = options as { readonly instancePools?: readonly unknown[] };
  if (!Array.isArray(instancePools)) { return; }
  instancePools.forEach((pool: unknown, index) => {
    checkGiven(config, `${prop}.instancePools[${index}]`, pool, STRUCTURE);
    checkKinds(config, pool as object, { instanceType: TEXT, model: MODEL }, `${prop}.instancePools[${index}].`);
  });
}

/** The same for a variant without instances. */
export function checkServerlessKinds(config: IConstruct, prop: string, options: unknown): void {
  checkOptions(config, `${prop}.`, options, OF_SERVERLESS);
}

export function checkVariantModel(config: IConstruct, prop: string, model: unknown): void {
  checkGiven(config, `${prop}.model`, model, MODEL);
}

export function checkEndpointKinds(endpoint: IConstruct, props: EndpointProps): void {
  checkGiven(endpoint, 'props', props, STRUCTURE);
  checkGiven(endpoint, 'config', props.config, has('an EndpointConfig (EndpointConfig.fromEndpointConfigName makes one of a name)', 'endpointConfigName'));
  checkKinds(endpoint, props, OF_AN_ENDPOINT);
  props.rollbackAlarms?.forEach((alarm, index) => checkGiven(endpoint, `rollbackAlarms[${index}]`, alarm, ['a RollbackAlarm, for instance RollbackAlarm.modelErrors()', can('_names')]));
}

/** How an endpoint moves: in parts of a size, where it does so in parts. */
export function checkDeploymentKinds(endpoint: IConstruct, options: unknown, sizes: { readonly [name: string]: unknown } = {}): void {
  for (const [name, size] of Object.entries(sizes)) { checkGiven(endpoint, `deployment.${name}`, size, CAPACITY_SIZE); }
  checkOptions(endpoint, 'deployment.', options, { ...OF_A_DEPLOYMENT, rollbackBatch: CAPACITY_SIZE });
}

export function checkGivenAlarm(scope: IConstruct, prop: string, alarm: unknown): void { checkGiven(scope, prop, alarm, ALARM); }

export function checkComponentKinds(component: IConstruct, props: InferenceComponentProps): void {
  checkGiven(component, 'props', props, STRUCTURE);
  checkGiven(component, 'endpoint', props.endpoint, ENDPOINT);
  checkKinds(component, props, OF_A_COMPONENT);
  checkContainer(component, '', props.container);
  for (const [type, each] of Object.entries(props.specifications ?? {})) {
    checkGiven(component, `specifications.${type}`, each, STRUCTURE);
    checkKinds(component, each, OF_A_SPECIFICATION, `specifications.${type}.`);
    checkContainer(component, `specifications.${type}.`, each.container);
  }
}

function checkContainer(component: IConstruct, prefix: string, container: InferenceComponentProps['container']): void {
  if (!container) { return; }
  checkKinds(component, container, OF_A_CONTAINER, `${prefix}container.`);
  checkTexts(component, `${prefix}container.environment`, container.environment);
}

/** How copies of a component are changed. */
export function checkComponentDeploymentKinds(component: IConstruct, batch: unknown, options: unknown): void {
  checkGiven(component, 'deployment.rolling', batch, COPY_SIZE);
  checkOptions(component, 'deployment.', options, { ...OF_A_DEPLOYMENT, rollbackBatch: COPY_SIZE, rollbackAlarms: ['a list of alarms', LIST[1]] });
  (options as { readonly rollbackAlarms?: unknown[] }).rollbackAlarms?.forEach((alarm, index) => checkGivenAlarm(component, `deployment.rollbackAlarms[${index}]`, alarm));
}

/** What a dashboard shows. */
export function checkDashboardKinds(dashboard: IConstruct, props: unknown): void {
  checkGiven(dashboard, 'props', props, STRUCTURE);
  const lists = { endpoints: ENDPOINT, components: COMPONENT, alarms: ALARM };
  for (const [prop, kind] of Object.entries(lists)) {
    const list = (props as { readonly [name: string]: unknown })[prop];
    if (list === undefined && prop !== 'endpoints') { continue; }
    checkGiven(dashboard, prop, list, LIST);
    (list as unknown[]).forEach((each, index) => checkGiven(dashboard, `${prop}[${index}]`, each, kind));
  }
  checkKind(dashboard, 'defaultInterval', (props as { readonly defaultInterval?: unknown }).defaultInterval, DURATION);
  checkKind(dashboard, 'dashboardName', (props as { readonly dashboardName?: unknown }).dashboardName, TEXT);
}
