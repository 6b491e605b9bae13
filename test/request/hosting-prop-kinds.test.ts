import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Aws, CfnParameter, Duration, Size, type Stack } from 'aws-cdk-lib/core';
import * as all from 'cdk-sagemaker';
import { emptyStack, IMAGE_URI } from '../support/stacks';

/** Programs in JavaScript know no kinds. */
const js = all as any;
const { AsyncInference, AutoScaling, CapacitySize, ComponentDeployment, CopySize, CoreDumps, DataCapture, DeploymentPolicy, Explainer, RollbackAlarm, Routing, ScaleIn, ScalingMetric, ScalingPolicy, ShapBaseline, Variant } = js;

const M5 = { instanceType: 'ml.m5.large' };
const WAIT = { waitInterval: Duration.minutes(1) };
/** What is of no kind that a prop has, by what JavaScript calls it. */
const WRONG: readonly [string, unknown][] = [
  ['null', null], ['NaN', NaN], ['text', 'x'], ['no text', ''], ['-1', -1], ['0', 0], ['1.5', 1.5], ['{}', {}], ['[]', []], ['true', true], ['Infinity', Infinity], ['[null]', [null]],
];

const modelIn = (stack: Stack, id = 'Model') => new js.Model(stack, id, { image: js.ContainerImage.fromUri(IMAGE_URI) });
const bucketIn = (stack: Stack) => new Bucket(stack, 'Bucket');
const configIn = (stack: Stack, props: unknown) => new js.EndpointConfig(stack, 'Config', props);
const endpointIn = (stack: Stack) => new js.Endpoint(stack, 'Endpoint', { config: configIn(stack, { variants: { a: Variant.onInstances(modelIn(stack), M5) } }) });
const onInstances = (stack: Stack, options: object) => configIn(stack, { variants: { a: Variant.onInstances(modelIn(stack), { ...M5, ...options }) } });
const ofConfig = (stack: Stack, props: object) => configIn(stack, { variants: { a: Variant.onInstances(modelIn(stack), M5) }, ...props });
const serverless = (stack: Stack, options: object) => configIn(stack, { variants: { a: Variant.serverless(modelIn(stack), options) } });
const ofEndpoint = (stack: Stack, props: object) => new js.Endpoint(stack, 'Endpoint', { config: ofConfig(stack, {}), ...props });
const scaled = (stack: Stack, ...policies: unknown[]) => onInstances(stack, { autoScaling: AutoScaling.between(1, 4, policies) });
const moved = (stack: Stack, deployment: unknown) => ofEndpoint(stack, { deployment });
const watched = (stack: Stack, alarm: unknown) => ofEndpoint(stack, { rollbackAlarms: [alarm] });
const component = (stack: Stack, props: object) => {
  const endpoint = new js.Endpoint(stack, 'Endpoint', { config: configIn(stack, { variants: { a: Variant.ofComponents({ instanceType: 'ml.g5.12xlarge' }) } }) });
  return new js.InferenceComponent(stack, 'Component', { endpoint, variantName: 'a', model: modelIn(stack), memory: Size.gibibytes(1), ...props });
};

type Make = (stack: Stack, value: unknown) => unknown;
/** Each prop of a kind, with how a program says it and those of the values above that it may have. */
type Row = readonly [place: string, prop: string, make: Make, ...fits: string[]];
const NUMBERS = ['1.5', '0'];

const eachOf = (place: string, prefix: string, make: (stack: Stack, props: object) => unknown, props: readonly (string | readonly string[])[]): Row[] =>
  props.map((each) => { const [prop, ...fits] = [each].flat(); return [place, prefix + prop, (stack, value) => make(stack, { [prop]: value }), ...fits]; });

const ROWS: readonly Row[] = [
  ...eachOf('Stack/Config', 'variants.a.', onInstances, [
    'instanceType', 'instancePools', 'provisionTimeout', 'instanceCount', 'minInstanceCount', 'maxInstanceCount', 'scaleIn', 'routing', 'capacityReservation', 'inferenceAmi', 'coreDumps', ['ssmAccess', 'true'], 'volumeSize',
    'modelDataDownloadTimeout', 'containerStartupTimeout', ['weight', ...NUMBERS], 'acceleratorType', 'autoScaling',
  ]),
  ...eachOf('Stack/Config', 'variants.a.', serverless, ['memorySize', 'maxConcurrency', 'provisionedConcurrency', ['weight', ...NUMBERS], 'autoScaling']),
  ...eachOf('Stack/Config', '', ofConfig, [
    'variants', 'shadowVariants', ['endpointConfigName', 'text'], 'encryptionKey', 'encryption', 'asyncInference', 'dataCapture', 'explainer', ['enhancedMetrics', 'true'], ['detailedObservability', 'true'], 'metricsFrequency', 'configRemovalPolicy',
    'role', ['networkIsolation', 'true'], 'vpc', 'securityGroups',
  ]),
  ...eachOf('Stack/Endpoint', '', ofEndpoint, ['config', ['endpointName', 'text'], 'deployment', 'rollbackAlarms', ['retainDeploymentConfig', 'true']]),
  ...eachOf('Stack/Component', '', component, [
    'endpoint', 'model', 'memory', 'maxMemory', ['cpus', '1.5'], ['accelerators', '1.5'], 'modelDataDownloadTimeout', 'containerStartupTimeout', ['dataCache', 'true'], 'placement', 'adapterOf', 'specifications', ['copies', '0'],
    'autoScaling', 'deployment', ['inferenceComponentName', 'text'],
  ]),
  ['Stack/Component', 'container', (stack, container) => component(stack, { model: undefined, container })],
  ['Stack/Component', 'container.secrets', (stack, secrets) => component(stack, { model: undefined, container: { image: js.ContainerImage.fromUri(IMAGE_URI), secrets } }), '{}'],
  ['Stack/Component', 'deployment.rolling', (stack, value) => component(stack, { deployment: ComponentDeployment.rolling(value, WAIT) })],
  ['Stack/Component', 'deployment.', (stack, value) => component(stack, { deployment: ComponentDeployment.rolling(CopySize.copies(1), value) })],
  ...eachOf('Stack/Dashboard', '', (stack, props) => new js.EndpointDashboard(stack, 'Dashboard', { endpoints: [endpointIn(stack)], ...props }), ['endpoints', ['components', '[]'], ['alarms', '[]'], 'defaultInterval']),
  ...eachOf('Stack/Version', '', (stack, props) => new js.ModelPackage(stack, 'Version', { ...props }), ['source']),
  ['Stack/Config', 'variants.a', (stack, value) => configIn(stack, { variants: { a: value } })],
  ['Stack/Config', 'variants.a.model', (stack, value) => configIn(stack, { variants: { a: Variant.onInstances(value, M5) } })],
  ['Stack/Config', 'variants.a.model', (stack, value) => configIn(stack, { variants: { a: Variant.serverless(value) } })],
  ['Stack/Config', 'variants.a.options', (stack, value) => configIn(stack, { variants: { a: Variant.onInstances(modelIn(stack), value) } }), '{}'],
  ['Stack/Config', 'variants.a.options', (stack, value) => configIn(stack, { variants: { a: Variant.ofComponents(value) } }), '{}'],
  ['Stack/Config', 'variants.a.options', (stack, value) => configIn(stack, { variants: { a: Variant.serverless(modelIn(stack), value) } }), '{}'],
  ['Stack/Config', 'props', (stack, value) => configIn(stack, value), '{}'],
  ['Stack/Endpoint', 'props', (stack, value) => new js.Endpoint(stack, 'Endpoint', value), '{}'],
  ['Stack/Config', 'variants.a.routing', (stack, value) => onInstances(stack, { routing: Routing.prefixAware(value) })],
  ['Stack/Config', 'variants.a.scaleIn', (stack, value) => onInstances(stack, { maxInstanceCount: 2, scaleIn: ScaleIn.consolidating(value) }), '{}'],
  ['Stack/Config', 'variants.a.coreDumps.bucket', (stack, value) => onInstances(stack, { coreDumps: CoreDumps.toBucket(value) })],
  ['Stack/Config', 'variants.a.capacityReservation', (stack, value) => onInstances(stack, { capacityReservation: js.CapacityReservation.fromArn(value) })],
  ['Stack/Config', 'asyncInference.bucket', (stack, value) => ofConfig(stack, { asyncInference: AsyncInference.toBucket(value) })],
  ...eachOf('Stack/Config', 'asyncInference.', (stack, options) => ofConfig(stack, { asyncInference: AsyncInference.toBucket(bucketIn(stack), 'answers', options) }),
    [['failurePrefix', 'text', 'no text'], 'failureBucket', 'maxConcurrentInvocationsPerInstance', 'successTopic', 'errorTopic', 'encryptionKey']),
  ['Stack/Config', 'dataCapture.bucket', (stack, value) => ofConfig(stack, { dataCapture: DataCapture.toBucket(value) })],
  ['Stack/Config', 'dataCapture.prefix', (stack, value) => ofConfig(stack, { dataCapture: DataCapture.toBucket(bucketIn(stack), value) }), 'text', 'no text'],
  ...eachOf('Stack/Config', 'dataCapture.', (stack, options) => ofConfig(stack, { dataCapture: DataCapture.toBucket(bucketIn(stack), 'captured', options) }),
    [['samplingPercentage', '0'], 'modes', 'csvContentTypes', 'jsonContentTypes', 'encryptionKey', ['enabled', 'true']]),
  ['Stack/Config', 'explainer.baseline', (stack, value) => ofConfig(stack, { explainer: Explainer.clarify({ baseline: ShapBaseline.of(value) }) }), 'text'],
  ['Stack/Config', 'explainer.baseline: bucket', (stack, value) => ofConfig(stack, { explainer: Explainer.clarify({ baseline: ShapBaseline.fromBucket(value, 'k') }) })],
  ['Stack/Config', 'explainer', (stack, value) => ofConfig(stack, { explainer: Explainer.clarify(value) })],
  ...eachOf('Stack/Config', 'explainer.', (stack, options) => ofConfig(stack, { explainer: Explainer.clarify({ baseline: ShapBaseline.of('1,2'), ...options }) }), [
    'baseline', ['enableExplanations', 'text'], 'numberOfSamples', ['useLogit', 'true'], ['text', '{}'], 'maxPayload', 'featureHeaders', ['labelIndex', '0'],
  ]),
  ['Stack/Config', 'variants.a.autoScaling', (stack, value) => onInstances(stack, { autoScaling: AutoScaling.between(value, 4, [ScalingPolicy.cpuUtilization(50)]) })],
  ['Stack/Config', 'variants.a.autoScaling.max', (stack, value) => onInstances(stack, { autoScaling: AutoScaling.between(1, value, [ScalingPolicy.cpuUtilization(50)]) })],
  ['Stack/Config', 'variants.a.autoScaling.policies', (stack, value) => onInstances(stack, { autoScaling: AutoScaling.between(1, 4, value) })],
  ['Stack/Config', 'variants.a.autoScaling.policies[0]', (stack, value) => scaled(stack, value)],
  ['Stack/Config', 'variants.a.autoScaling.policies.CpuUtilization.target', (stack, value) => scaled(stack, ScalingPolicy.cpuUtilization(value)), '1.5'],
  ...eachOf('Stack/Config', 'variants.a.autoScaling.policies.CpuUtilization.', (stack, options) => scaled(stack, ScalingPolicy.cpuUtilization(50, options)), ['scaleInCooldown', 'scaleOutCooldown', ['disableScaleIn', 'true']]),
  ['Stack/Config', 'variants.a.autoScaling.policies.Own.metric', (stack, value) => scaled(stack, ScalingPolicy.onMetric('Own', value, 5))],
  ['Stack/Config', 'variants.a.autoScaling.policies.Own.metric', (stack, value) => scaled(stack, ScalingPolicy.onMetric('Own', ScalingMetric.fromMetric(value), 5))],
  ['Stack/Config', 'variants.a.autoScaling.policies[0].id', (stack, value) => scaled(stack, ScalingPolicy.onMetric(value, ScalingMetric.cpuUtilization(), 5)), 'text', 'no text'],
  ['Stack/Config', 'variants.a.autoScaling.policies.Own.intervals', (stack, value) => scaled(stack, ScalingPolicy.steps('Own', ScalingMetric.cpuUtilization(), value))],
  ['Stack/Config', 'variants.a.autoScaling.policies.Night', (stack, value) => scaled(stack, ScalingPolicy.onSchedule('Night', value))],
  ['Stack/Config', 'variants.a.autoScaling.policies.Night.schedule', (stack, schedule) => scaled(stack, ScalingPolicy.onSchedule('Night', { schedule, min: 1 }))],
  ['Stack/Endpoint', 'deployment.canary', (stack, value) => moved(stack, DeploymentPolicy.canary(value, WAIT))],
  ['Stack/Endpoint', 'deployment.linear', (stack, value) => moved(stack, DeploymentPolicy.linear(value, WAIT))],
  ['Stack/Endpoint', 'deployment.rolling', (stack, value) => moved(stack, DeploymentPolicy.rolling(value, WAIT))],
  ['Stack/Endpoint', 'deployment.', (stack, value) => moved(stack, DeploymentPolicy.canary(CapacitySize.percent(50), value))],
  ['Stack/Endpoint', 'deployment.canary', (stack, value) => moved(stack, DeploymentPolicy.canary(CapacitySize.percent(value), WAIT))],
  ...eachOf('Stack/Endpoint', 'deployment.', (stack, options) => moved(stack, DeploymentPolicy.canary(CapacitySize.percent(50), { ...WAIT, ...options })), ['waitInterval', 'terminationWait', 'maxExecutionTime']),
  ...eachOf('Stack/Endpoint', 'deployment.', (stack, options) => moved(stack, DeploymentPolicy.rolling(CapacitySize.percent(50), { ...WAIT, ...options })), ['rollbackBatch']),
  ['Stack/Endpoint', 'rollbackAlarms[0]', (stack, value) => watched(stack, value)],
  ['Stack/Endpoint', 'rollbackAlarms', (stack, value) => watched(stack, RollbackAlarm.of(value))],
  ['Stack/Endpoint', 'rollbackAlarms.', (stack, value) => watched(stack, RollbackAlarm.modelLatency(value))],
  ...eachOf('Stack/Endpoint', 'rollbackAlarms.', (stack, options) => watched(stack, RollbackAlarm.modelErrors(options)), ['period', 'evaluationPeriods', ['abovePercent', ...NUMBERS]]),
  ['Stack/Endpoint', 'threshold', (stack, threshold) => endpointIn(stack).alarmLatency('Slow', { threshold })],
  ['Stack/Endpoint', 'threshold', (stack, threshold) => endpointIn(stack).alarmBacklogAge('Old', { threshold })],
  ['Stack/Endpoint', 'threshold', (stack, threshold) => endpointIn(stack).alarm5xxErrors('Errors', { threshold }), '1.5'],
  ['Stack/Endpoint', 'options', (stack, value) => endpointIn(stack).alarm5xxErrors('Errors', value), '{}'],
  ['Stack/Endpoint', 'period', (stack, period) => endpointIn(stack).alarmNoInvocations('None', { period })],
];

const escaped = (text: string) => text.replace(/[.[\]]/g, '\\$&');

describe('a prop of hosting of another kind is refused by path and prop', () => {
  test.each(ROWS.map(([place, prop, make, ...fits]) => [place, prop, make, fits] as const))('%s: %s', (place, prop, make, fits) => {
    for (const [, value] of WRONG.filter(([name]) => !fits.includes(name))) {
      expect(() => make(emptyStack(), value)).toThrow(new RegExp(`^${escaped(`${place}: ${prop}`)}.* must .*, got `, 's'));
    }
  });

  test.each<[string, string, Make]>([
    ['an ARN for a key', 'encryptionKey must be a key (Key.fromKeyArn makes one of an ARN), got alias/mine', (stack) => ofConfig(stack, { encryptionKey: 'alias/mine' })],
    ['a list of variants', 'variants must be a map of Variant by name, got ["an OnInstances"]', (stack) => configIn(stack, { variants: [Variant.onInstances(modelIn(stack), M5)] })],
    ['the name of a model', 'variants.a.model must be a model (Model.fromModelName makes one of a name), got digits', (stack) => configIn(stack, { variants: { a: Variant.onInstances('digits', M5) } })],
    ['GiB for a size', 'variants.a.volumeSize must be a Size, got 30', (stack) => onInstances(stack, { volumeSize: 30 })],
    ['MB for a size', 'variants.a.memorySize must be a Size, got 2048', (stack) => serverless(stack, { memorySize: 2048 })],
    ['a queue for a capture', 'dataCapture must be a DataCapture, for instance DataCapture.toBucket(bucket, prefix), got an InBucket', (stack) => ofConfig(stack, { dataCapture: AsyncInference.toBucket(bucketIn(stack)) })],
    ['a routing for an AMI', 'variants.a.inferenceAmi must be an InferenceAmi, for instance InferenceAmi.AL2023_GPU_4_1, got a Routing', (stack) => onInstances(stack, { inferenceAmi: Routing.random() })],
    ['a giving back for a routing', 'variants.a.routing must be a Routing, for instance Routing.leastOutstandingRequests(), got a ScaleIn', (stack) => onInstances(stack, { routing: ScaleIn.whenIdle() })],
    ['a way of components for one of endpoints', 'deployment must be a DeploymentPolicy, for instance DeploymentPolicy.allAtOnce(), got a ComponentDeployment', (stack) => moved(stack, ComponentDeployment.rolling(CopySize.copies(1), WAIT))],
    ['a way of endpoints for one of components', 'deployment must be a ComponentDeployment, for instance ComponentDeployment.rolling(CopySize.copies(1), { waitInterval }), got a BlueGreen', (stack) => component(stack, { deployment: DeploymentPolicy.allAtOnce() })],
    ['a pool that is none', 'variants.a.instancePools[1] must be a structure, got undefined', (stack) => onInstances(stack, { instanceType: undefined, instancePools: [M5, null] })],
    ['routing by a beginning of no length', 'variants.a.routing.prefixLength must be a number, got undefined', (stack) => onInstances(stack, { routing: Routing.prefixAware({}) })],
    ['no configuration', 'config must be an EndpointConfig (EndpointConfig.fromEndpointConfigName makes one of a name), got undefined', (stack) => new js.Endpoint(stack, 'Endpoint', {})],
    ['milliseconds for a time', 'threshold must be a Duration, got 200', (stack) => endpointIn(stack).alarmLatency('Slow', { threshold: 200 })],
    ['a group without a source', 'source must be a ModelPackageSource', (stack) => new js.ModelPackage(stack, 'Version', { group: new js.ModelPackageGroup(stack, 'Group') })],
    ['text for the agreement to a license', 'modelData: acceptEula must be true or false, got yes',
      (stack) => new js.Model(stack, 'Model', { image: js.ContainerImage.fromUri(IMAGE_URI), modelData: js.ModelData.fromBucket(bucketIn(stack), 'm/', { acceptEula: 'yes' }) })],
    ['no endpoint for a dashboard', 'endpoints[0] must be an endpoint (Endpoint.fromEndpointName makes one of a name), got undefined', (stack) => new js.EndpointDashboard(stack, 'Dashboard', { endpoints: [null] })],
    ['nothing for a dashboard', 'endpoints must be a list, got undefined', (stack) => new js.EndpointDashboard(stack, 'Dashboard', {})],
  ])('%s', (_what, message, make) => expect(() => make(emptyStack(), undefined)).toThrow(`: ${message}`));
});

describe('what was made elsewhere', () => {
  const NAMES: readonly [string, (stack: Stack, name: unknown) => unknown][] = [
    ['endpointName', (stack, name) => js.Endpoint.fromEndpointName(stack, 'Found', name)],
    ['endpointConfigName', (stack, name) => js.EndpointConfig.fromEndpointConfigName(stack, 'Found', name)],
    ['modelName', (stack, name) => js.Model.fromModelName(stack, 'Found', name)],
    ['inferenceComponentName', (stack, name) => js.InferenceComponent.fromInferenceComponentName(stack, 'Found', name)],
  ];

  test.each(NAMES)('is refused with an impossible %s', (prop, found) => {
    for (const name of [undefined, null, '', 'a b', 5, 'a_b', 'a/b']) { expect(() => found(emptyStack(), name)).toThrow(new RegExp(`^Stack/Found: ${prop} must `)); }
  });

  test.each(NAMES)('has a %s that is known at deployment', (_prop, found) => {
    const stack = emptyStack();
    expect(() => found(stack, new CfnParameter(stack, 'Name').valueAsString)).not.toThrow();
  });

  test.each(['arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/abc', 'arn:aws:sagemaker:eu-west-1:123456789012:model/abc', 'abc', '', undefined])('is no endpoint by the ARN %s', (arn) => {
    expect(() => js.Endpoint.fromEndpointArn(emptyStack(), 'Found', arn)).toThrow(/^Stack\/Found: endpointArn must be /);
  });

  test('may have an ARN that is known at deployment', () => {
    expect(() => js.Endpoint.fromEndpointArn(emptyStack(), 'Found', `arn:${Aws.PARTITION}:sagemaker:eu-west-1:123456789012:endpoint/abc`)).not.toThrow();
  });
});
