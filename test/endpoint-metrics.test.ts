import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Size, Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, ContainerImage, Endpoint, EndpointConfig, EndpointMetrics, InferenceComponent, InferenceComponentBase, Model, Variant, type EndpointAttributes, type EndpointMetricOptions, type IEndpoint,
} from 'cdk-sagemaker';
import { COMPONENT_METRICS, ENDPOINT_METRICS } from '../lib/request/endpoint-metrics';
import { emptyStack, IMAGE_URI } from './support/stacks';

const m5 = { instanceType: 'ml.m5.large' };
const modelIn = (stack: Stack) => new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });

function deployed(kind: 'realTime' | 'async' | 'serverless' = 'realTime'): IEndpoint {
  const stack = emptyStack();
  const model = modelIn(stack);
  if (kind === 'serverless') { return model.deployServerless('Endpoint', { memorySize: Size.gibibytes(2), maxConcurrency: 5 }); }
  return model.deploy('Endpoint', { ...m5, asyncInference: kind === 'async' ? AsyncInference.toBucket(new Bucket(stack, 'Bucket')) : undefined });
}

function ofTwo(): IEndpoint {
  const stack = emptyStack();
  const model = modelIn(stack);
  return new Endpoint(stack, 'Endpoint', { config: new EndpointConfig(stack, 'Config', { variants: { current: Variant.onInstances(model, m5), next: Variant.onInstances(model, m5) } }) });
}

const imported = (attributes: Partial<EndpointAttributes> = {}) => Endpoint.fromEndpointAttributes(emptyStack(), 'Old', { endpointName: 'Digits', ...attributes });
const VARIANT = { variantNames: ['AllTraffic'] };

function series(endpoint: IEndpoint, name: string, options?: EndpointMetricOptions) {
  const { namespace, statistic, dimensions = [] } = endpoint.metric(name, options).toMetricConfig().metricStat!;
  return [namespace, statistic, Object.fromEntries(dimensions.map((dimension) => [dimension.name, dimension.value]))];
}

describe('A metric of an endpoint', () => {
  // with any other dimensions the series is empty, and the alarm that scaling waits for never goes off
  test.each(['ApproximateBacklogSize', 'ApproximateBacklogSizePerInstance', 'ApproximateAgeOfOldestRequest', 'HasBacklogWithoutCapacity'])('trap 32: a metric of the queue has the endpoint for its only dimension: %s', (name) => {
    expect(series(imported(VARIANT), name)[0]).toBe('AWS/SageMaker');
    expect(series(imported(VARIANT), name)[2]).toEqual({ EndpointName: 'Digits' });
    expect(() => imported(VARIANT).metric(name, { variantName: 'AllTraffic' })).toThrow(`Stack/Old: variantName must be left out: ${name} is of the whole endpoint, got AllTraffic`);
  });

  test.each([
    ['Invocations', 'AWS/SageMaker', 'Sum'],
    ['ModelLatency', 'AWS/SageMaker', 'Average'],
    ['FirstChunkLatency', 'AWS/SageMaker', 'Average'],
    ['ConcurrentRequestsPerModel', 'AWS/SageMaker', 'Maximum'],
    ['ModelCacheHit', 'AWS/SageMaker', 'Average'],
    ['LoadedModelCount', '/aws/sagemaker/Endpoints', 'Average'],
    ['InvocationsProcessed', 'AWS/SageMaker', 'Sum'],
    ['ExpiredRequests', 'AWS/SageMaker', 'Sum'],
    ['ServerlessProvisionedConcurrencyUtilization', 'AWS/SageMaker', 'Maximum'],
    ['CPUUtilization', '/aws/sagemaker/Endpoints', 'Average'],
    ['GPUReservation', '/aws/sagemaker/Endpoints', 'Average'],
  ])('of a variant has the endpoint and the variant: %s', (name, namespace, statistic) => {
    expect(series(imported(VARIANT), name)).toEqual([namespace, statistic, { EndpointName: 'Digits', VariantName: 'AllTraffic' }]);
  });

  test('of a container has it besides', () => {
    expect(series(imported(VARIANT), 'ContainerLatency', { containerName: 'second' })[2]).toEqual({ EndpointName: 'Digits', VariantName: 'AllTraffic', ContainerName: 'second' });
    expect(series(imported(VARIANT), 'Invocations', { containerName: 'second' })[2]).toEqual({ EndpointName: 'Digits', VariantName: 'AllTraffic', ContainerName: 'second' });
    expect(() => imported(VARIANT).metricContainerLatency()).toThrow('containerName must be given: ContainerLatency is of a container');
    expect(() => imported(VARIANT).metricModelLatency({ containerName: 'second' })).toThrow('containerName must be left out: ModelLatency is of no single container, got second');
  });

  test('is of the variant that is meant, of several', () => {
    expect(series(ofTwo(), 'Invocations', { variantName: 'next' })[2]).toMatchObject({ VariantName: 'next' });
    expect(() => ofTwo().metricInvocations()).toThrow('Stack/Endpoint: variantName must be one of current, next');
    expect(() => ofTwo().metricInvocations({ variantName: 'nxt' })).toThrow('Stack/Endpoint: variantName must be one of current, next, got nxt');
  });

  test('of a variant that only listens is there too, and is never meant where nothing is said', () => {
    const stack = emptyStack();
    const model = modelIn(stack);
    const config = new EndpointConfig(stack, 'Config', { variants: { live: Variant.onInstances(model, m5) }, shadowVariants: { next: Variant.onInstances(model, m5) } });
    const endpoint = new Endpoint(stack, 'Endpoint', { config });
    expect(series(endpoint, 'ModelLatency')[2]).toMatchObject({ VariantName: 'live' });
    expect(series(endpoint, 'ModelLatency', { variantName: 'next' })[2]).toMatchObject({ VariantName: 'next' });
  });

  test('is of the only variant where there is one', () => {
    expect(series(deployed(), 'Invocations')[2]).toMatchObject({ VariantName: 'AllTraffic' });
    expect(deployed().variantNames).toEqual(['AllTraffic']);
  });

  test('is found under the name that SageMaker has for the variant, which may be another than that in the configuration', () => {
    const facts = { variants: [{ name: 'live', variantName: 'live-m5-large' }], shadows: [], answering: [] };
    const endpoint = Object.assign(imported() as any, { _facts: facts }) as IEndpoint;
    expect(series(endpoint, 'Invocations')[2]).toMatchObject({ VariantName: 'live-m5-large' });
    expect(series(endpoint, 'Invocations', { variantName: 'live' })[2]).toMatchObject({ VariantName: 'live-m5-large' });
    expect(series(endpoint, 'Invocations', { variantName: 'live-m5-large' })[2]).toMatchObject({ VariantName: 'live-m5-large' });
  });

  test('of an endpoint made elsewhere needs its variant, unless that is known', () => {
    expect(() => imported().metricInvocations()).toThrow('Stack/Old: variantName must be given, for the variants of an endpoint made elsewhere are not known');
    expect(series(imported(), 'Invocations', { variantName: 'blue' })[2]).toEqual({ EndpointName: 'Digits', VariantName: 'blue' });
    expect(() => imported({ variantNames: [] })).toThrow('variantNames must have 1 to 20 entries, got 0');
  });

  test.each<[string, IEndpoint, string]>([
    ['an asynchronous endpoint', deployed('async'), 'Invocations'],
    ['an asynchronous endpoint', deployed('async'), 'OverheadLatency'],
    ['an asynchronous endpoint', imported({ ...VARIANT, asynchronous: true }), 'InvocationModelErrors'],
    ['a real-time endpoint', deployed(), 'ApproximateBacklogSize'],
    ['a real-time endpoint', deployed(), 'ModelSetupTime'],
    ['a serverless endpoint', deployed('serverless'), 'CPUUtilization'],
  ])('is none that %s does not have', (kind, endpoint, name) => {
    expect(() => endpoint.metric(name)).toThrow(`metric must be one that ${kind} has`);
  });

  test('is known by its name', () => {
    expect(() => imported(VARIANT).metric('Invocation')).toThrow('Stack/Old: metric must be one of Invocations, InvocationsPerInstance');
    expect(() => imported(VARIANT).metric('toString')).toThrow('any other is a Metric of aws-cloudwatch, got toString');
  });

  test('takes what is said of any metric, and further dimensions', () => {
    const metric = imported(VARIANT).metricModelLatency({ statistic: 'p99', period: Duration.minutes(1), label: 'slow', dimensionsMap: { InstanceId: 'i-1' } });
    expect(metric).toMatchObject({ statistic: 'p99', label: 'slow', dimensions: { EndpointName: 'Digits', VariantName: 'AllTraffic', InstanceId: 'i-1' } });
    expect(metric.period.toSeconds()).toBe(60);
  });

  test('asks for no unit, for another than is published finds nothing', () => {
    expect(imported(VARIANT).metricModelLatency().unit).toBeUndefined();
  });

  test('of another Region is looked up there', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    const endpoint = Endpoint.fromEndpointArn(stack, 'Old', 'arn:aws:sagemaker:us-east-1:210987654321:endpoint/digits');
    expect(endpoint.metricInvocations({ variantName: 'a' })).toMatchObject({ region: 'us-east-1', account: '210987654321', dimensions: { EndpointName: 'digits' } });
    expect(endpoint.endpointArn).toContain(':sagemaker:us-east-1:210987654321:endpoint/digits');
  });

  test('has a method of its own, whatever it is called', () => {
    expect(namesAskedFor(EndpointMetrics.prototype).sort()).toEqual(Object.keys(ENDPOINT_METRICS).sort());
    expect(namesAskedFor(InferenceComponentBase.prototype).sort()).toEqual(Object.keys(COMPONENT_METRICS).sort());
  });
});

/** What the methods of a class ask `metric` for. */
function namesAskedFor(prototype: any): string[] {
  const names: string[] = [];
  const asking = { metric: (name: string) => names.push(name) };
  Object.getOwnPropertyNames(prototype).filter((name) => /^metric./.test(name)).forEach((method) => prototype[method].call(asking));
  return names;
}

describe('A metric of an inference component', () => {
  const component = InferenceComponent.fromInferenceComponentName(emptyStack(), 'Component', 'Digits');

  test('has the component for its only dimension', () => {
    expect(component.metricModelLatency({ statistic: 'p99' })).toMatchObject({ namespace: 'AWS/SageMaker', metricName: 'ModelLatency', statistic: 'p99', dimensions: { InferenceComponentName: 'Digits' } });
    expect(component.metricInvocationsPerCopy()).toMatchObject({ namespace: 'AWS/SageMaker', statistic: 'Sum', dimensions: { InferenceComponentName: 'Digits' } });
    expect(component.metricGpuUtilizationNormalized()).toMatchObject({ namespace: '/aws/sagemaker/InferenceComponents', metricName: 'GPUUtilizationNormalized', dimensions: { InferenceComponentName: 'Digits' } });
  });

  test('is known by its name', () => expect(() => component.metric('GPUUtilization')).toThrow('Stack/Component: metric must be one of Invocations'));

  test('warns where the name is generated, for its capital letters are not known', () => {
    const stack = emptyStack();
    const config = new EndpointConfig(stack, 'Config', { variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.12xlarge' }) } });
    const props = { endpoint: new Endpoint(stack, 'Endpoint', { config }), variantName: 'AllTraffic', model: modelIn(stack), memory: Size.gibibytes(8) };
    new InferenceComponent(stack, 'Named', { ...props, inferenceComponentName: 'Named' }).metricInvocations();
    new InferenceComponent(stack, 'Generated', props).metricInvocations();
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('set inferenceComponentName')).map(({ id }) => id)).toEqual(['/Stack/Generated']);
  });
});
