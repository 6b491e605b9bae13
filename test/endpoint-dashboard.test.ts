import { Template } from 'aws-cdk-lib/assertions';
import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Size, type Stack } from 'aws-cdk-lib/core';
import { AsyncInference, ContainerImage, Endpoint, EndpointConfig, EndpointDashboard, InferenceComponent, Model, Variant, type EndpointDashboardProps } from 'cdk-sagemaker';
import { bucketNamed, emptyStack, flat, IMAGE_URI, only } from './support/stacks';

const m5 = { instanceType: 'ml.m5.large' };
const modelIn = (stack: Stack) => new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
const imported = (stack: Stack, variantNames?: string[], asynchronous?: boolean) => Endpoint.fromEndpointAttributes(stack, 'Old', { endpointName: 'Digits', variantNames, asynchronous });

function shown(props: (stack: Stack) => EndpointDashboardProps): any[] {
  const stack = emptyStack();
  new EndpointDashboard(stack, 'Dashboard', props(stack));
  return JSON.parse(flat(only(Template.fromStack(stack), 'AWS::CloudWatch::Dashboard').Properties.DashboardBody)).widgets;
}
const titles = (widgets: any[]) => widgets.map(({ type, properties }) => (type === 'metric' ? properties.title : properties.markdown ?? type));
const metricsOf = (widgets: any[], title: string): any[] => widgets.find(({ properties }) => properties.title === title).properties.metrics;

describe('EndpointDashboard', () => {
  test('shows requests, errors, latency, instances and what they use', () => {
    const widgets = shown((stack) => ({ endpoints: [imported(stack, ['blue'])] }));
    expect(titles(widgets)).toEqual(['## Endpoint Digits', 'Requests', 'Errors', 'Latency', 'Instances', 'CPU, memory and disk', 'GPU']);
    expect(metricsOf(widgets, 'Requests')).toEqual([['AWS/SageMaker', 'Invocations', 'EndpointName', 'Digits', 'VariantName', 'blue', { label: 'blue', stat: 'Sum' }]]);
    expect(metricsOf(widgets, 'Latency').map((line) => [line[1], line[6].label, line[6].stat])).toEqual([
      ['ModelLatency', 'model p50', 'p50'], ['ModelLatency', 'model p90', 'p90'], ['ModelLatency', 'model p99', 'p99'], ['OverheadLatency', 'overhead', undefined],
    ]);
    expect(metricsOf(widgets, 'CPU, memory and disk').map(([namespace, name]) => [namespace, name])).toEqual([
      ['/aws/sagemaker/Endpoints', 'CPUUtilization'], ['/aws/sagemaker/Endpoints', 'MemoryUtilization'], ['/aws/sagemaker/Endpoints', 'DiskUtilization'],
    ]);
  });

  test('counts instances by what each of them tells in a minute', () => {
    const [expression, samples] = metricsOf(shown((stack) => ({ endpoints: [imported(stack, ['blue'])] })), 'Instances');
    expect(expression[0]).toMatchObject({ expression: 'm0/(PERIOD(m0)/60)', label: 'blue', period: 60 });
    expect(samples).toEqual(['/aws/sagemaker/Endpoints', 'CPUUtilization', 'EndpointName', 'Digits', 'VariantName', 'blue', expect.objectContaining({ stat: 'SampleCount', visible: false, id: 'm0' })]);
  });

  test('shows what share of the requests each variant has, of several', () => {
    const widgets = shown((stack) => {
      const model = modelIn(stack);
      const config = new EndpointConfig(stack, 'Config', { variants: { current: Variant.onInstances(model, m5), next: Variant.onInstances(model, m5) } });
      return { endpoints: [new Endpoint(stack, 'Endpoint', { config })] };
    });
    expect(metricsOf(widgets, 'Share of the requests').filter(([first]) => first.expression).map(([{ expression, label }]) => [expression, label])).toEqual([['100*m0/(m0+m1)', 'current'], ['100*m1/(m0+m1)', 'next']]);
    expect(metricsOf(widgets, 'Errors')[0]).toEqual(['AWS/SageMaker', 'Invocation4XXErrors', 'EndpointName', expect.stringMatching(/<Endpoint.*EndpointName>/), 'VariantName', 'current', { label: 'current 4xx', stat: 'Sum' }]);
    expect(metricsOf(widgets, 'Instances').filter(([first]) => first.expression).map(([{ expression, label }]) => [expression, label])).toEqual([['m0/(PERIOD(m0)/60)', 'current'], ['m1/(PERIOD(m1)/60)', 'next']]);
    expect(widgets.filter(({ y }) => y === 1).map(({ x, width }) => [x, width])).toEqual([[0, 6], [6, 6], [12, 6], [18, 6]]);
  });

  test('shows the queue of an asynchronous endpoint, and no metric that it does not have', () => {
    const widgets = shown((stack) => ({ endpoints: [modelIn(stack).deploy('Endpoint', { ...m5, asyncInference: AsyncInference.toBucket(bucketNamed(stack, 'answers')) })] }));
    expect(metricsOf(widgets, 'Queue').map((line) => [line[1], line.length])).toEqual([
      ['ApproximateBacklogSize', 5], ['ApproximateBacklogSizePerInstance', 5], ['HasBacklogWithoutCapacity', 5], ['ApproximateAgeOfOldestRequest', 5],
    ]);
    expect(metricsOf(widgets, 'Requests')[0][1]).toBe('InvocationsProcessed');
    expect(JSON.stringify(widgets)).not.toContain('OverheadLatency');
  });

  test('shows the concurrency of a serverless endpoint, which has no instances', () => {
    const widgets = shown((stack) => ({ endpoints: [modelIn(stack).deployServerless('Endpoint')] }));
    expect(titles(widgets).slice(1)).toEqual(['Requests', 'Errors', 'Latency', 'Concurrency in use', 'Cold starts', 'Memory']);
    expect(JSON.stringify(widgets)).not.toContain('CPUUtilization');
  });

  test('shows several endpoints, inference components, alarms, and what is added', () => {
    const stack = emptyStack();
    const endpoint = imported(stack, ['blue'], true);
    const component = InferenceComponent.fromInferenceComponentName(stack, 'Component', 'Small');
    const dashboard = new EndpointDashboard(stack, 'Dashboard', {
      endpoints: [endpoint, modelIn(stack).deploy('Endpoint', m5)], components: [component], alarms: [endpoint.alarmBacklog('Backlog', { threshold: 5 })], dashboardName: 'hosting', defaultInterval: Duration.days(1),
    });
    dashboard.addWidgets(new GraphWidget({ title: 'Mine', left: [endpoint.metricTimeInBacklog()] }));
    const { DashboardName, DashboardBody } = only(Template.fromStack(stack), 'AWS::CloudWatch::Dashboard').Properties;
    const { widgets, start } = JSON.parse(flat(DashboardBody));
    expect([DashboardName, start]).toEqual(['hosting', '-P1D']);
    expect(titles(widgets).filter((title) => /^(alarm|##|Use|Mine)/.test(title))).toEqual(['alarm', '## Endpoint Digits', expect.stringMatching(/^## Endpoint </), '## Inference component Small', 'Use', 'Mine']);
    expect(metricsOf(widgets, 'Use').map((line) => line.slice(0, 4))).toContainEqual(['/aws/sagemaker/InferenceComponents', 'GPUUtilizationNormalized', 'InferenceComponentName', 'Small']);
  });

  test('is the same for the same endpoints', () => {
    const props = (stack: Stack) => ({ endpoints: [modelIn(stack).deployServerless('Endpoint', { memorySize: Size.gibibytes(2) })] });
    expect(shown(props)).toEqual(shown(props));
  });

  test.each<[string, (stack: Stack) => EndpointDashboardProps, string]>([
    ['nothing', () => ({ endpoints: [] }), 'Stack/Dashboard: endpoints must have an entry or more'],
    ['an endpoint made elsewhere of which no variant is known', (stack) => ({ endpoints: [imported(stack)] }), 'Stack/Dashboard: endpoints must be of known variants: Endpoint.fromEndpointAttributes(..., { endpointName, variantNames }), got Stack/Old'],
  ])('rejects %s', (_what, props, message) => expect(() => shown(props)).toThrow(message));
});
