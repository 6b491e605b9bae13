import { AlarmStatusWidget, Dashboard, GraphWidget, MathExpression, PeriodOverride, TextWidget, TextWidgetBackground, type GraphWidgetProps, type IAlarm, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { EndpointBase, type IEndpoint } from './endpoint-base';
import type { IInferenceComponent } from './inference-component';
import { refuse } from './request/checks';
import { checkDashboardKinds } from './request/hosting-prop-kinds';
import { placeOf } from './request/kinds';
import type { EndpointKind } from './request/endpoint-metrics';
import { injectedBelow } from './template/injected';

/** What a dashboard shows. */
export interface EndpointDashboardProps {
  /** The endpoints. Those made elsewhere need their variants: `Endpoint.fromEndpointAttributes`. */
  readonly endpoints: IEndpoint[];
  /**
   * Inference components, below the endpoints.
   *
   * @default - none
   */
  readonly components?: IInferenceComponent[];
  /**
   * Alarms, on top.
   *
   * @default - none
   */
  readonly alarms?: IAlarm[];
  /**
   * The time that is shown at first.
   *
   * @default Duration.hours(3)
   */
  readonly defaultInterval?: Duration;
  /**
   * The name: letters, digits, dashes and underscores. A dashboard with a name given can't be replaced by a change.
   *
   * @default - a generated name
   */
  readonly dashboardName?: string;
}

/**
 * A dashboard of CloudWatch for endpoints: requests by variant and their shares, errors, latency, instances and what they use, and as it applies the queue of an asynchronous
 * endpoint, the concurrency of a serverless one, and inference components. It is a `Dashboard` of the CDK: `addWidgets` puts more below.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 *
 * @example
 * const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
 * new EndpointDashboard(this, 'Dashboard', { endpoints: [endpoint], alarms: [endpoint.alarm5xxErrors('Errors')] });
 */
export class EndpointDashboard extends Dashboard {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.EndpointDashboard';

  constructor(scope: Construct, id: string, props: EndpointDashboardProps) {
    props = injectedBelow(scope, id, EndpointDashboard.PROPERTY_INJECTION_ID, props);
    checkDashboardKinds(placeOf(scope, id), props);
    super(scope, id, { dashboardName: props.dashboardName, defaultInterval: props.defaultInterval ?? Duration.hours(3), periodOverride: PeriodOverride.AUTO });
    const { endpoints, components = [], alarms = [] } = props;
    if (endpoints.length + components.length === 0) { refuse(this, 'endpoints', 'have an entry or more, where there are no components', endpoints); }
    if (alarms.length > 0) { this.addWidgets(new AlarmStatusWidget({ alarms, width: FULL_WIDTH })); }
    endpoints.forEach((endpoint) => this.addEndpoint(endpoint));
    components.forEach((component) => this.addComponent(component));
  }

  private addEndpoint(endpoint: IEndpoint): void {
    if (endpoint.variantNames.length === 0) { refuse(this, 'endpoints', 'be of known variants: Endpoint.fromEndpointAttributes(..., { endpointName, variantNames })', endpoint.node.path); }
    const kind = endpoint instanceof EndpointBase ? endpoint._facts.kind ?? 'realTime' : 'realTime';
    this.addWidgets(title('Endpoint', endpoint.endpointName));
    this.addWidgets(...inRow([requests(endpoint, kind), ...(endpoint.variantNames.length > 1 ? [shares(endpoint, kind)] : []), errors(endpoint, kind), latency(endpoint, kind)]));
    this.addWidgets(...inRow(kind === 'serverless' ? serverless(endpoint) : [...(kind === 'async' ? [queue(endpoint)] : []), ...instances(endpoint)]));
  }

  private addComponent(component: IInferenceComponent): void {
    const use = ['CPUUtilizationNormalized', 'MemoryUtilizationNormalized', 'GPUUtilizationNormalized', 'GPUMemoryUtilizationNormalized'];
    this.addWidgets(title('Inference component', component.inferenceComponentName));
    this.addWidgets(...inRow([
      graph('Requests', 'requests', [component.metricInvocations({ label: 'all' }), component.metricInvocationsPerCopy({ label: 'for each copy' })]),
      graph('Errors', 'requests', [component.metric4xxErrors({ label: '4xx' }), component.metric5xxErrors({ label: '5xx' }), component.metricModelErrors({ label: 'model' })]),
      graph('Latency', 'microseconds', [...PERCENTILES.map((statistic) => component.metricModelLatency({ statistic, label: `model ${statistic}` })), component.metricOverheadLatency({ label: 'overhead' })]),
      graph('Use', 'percent', use.map((name) => component.metric(name, { label: shortOf(name) }))),
    ]));
  }
}

const FULL_WIDTH = 24;
const PERCENTILES = ['p50', 'p90', 'p99'];
const ANSWERED: { readonly [kind in EndpointKind]: string } = { realTime: 'Invocations', serverless: 'Invocations', async: 'InvocationsProcessed' };
const ERRORS: { readonly [kind in EndpointKind]: { readonly [label: string]: string } } = {
  realTime: { '4xx': 'Invocation4XXErrors', '5xx': 'Invocation5XXErrors', model: 'InvocationModelErrors' },
  serverless: { '4xx': 'Invocation4XXErrors', '5xx': 'Invocation5XXErrors' },
  async: { '4xx': 'Invocation4XXErrors', '5xx': 'Invocation5XXErrors', failed: 'InvocationFailures', expired: 'ExpiredRequests' },
};

const requests = (endpoint: IEndpoint, kind: EndpointKind) => graph('Requests', 'requests', ofVariants(endpoint, ANSWERED[kind]), { stacked: true });

/** SageMaker tells no weights; this is what comes of them. */
function shares(endpoint: IEndpoint, kind: EndpointKind): GraphWidgetProps {
  const usingMetrics = Object.fromEntries(endpoint.variantNames.map((variantName, index) => [`m${index}`, endpoint.metric(ANSWERED[kind], { variantName })]));
  const all = Object.keys(usingMetrics).join('+');
  return graph('Share of the requests', 'percent', endpoint.variantNames.map((label, index) => new MathExpression({ expression: `100*m${index}/(${all})`, usingMetrics, label })));
}

function errors(endpoint: IEndpoint, kind: EndpointKind): GraphWidgetProps {
  return graph('Errors', 'requests', Object.entries(ERRORS[kind]).flatMap(([label, name]) => ofVariants(endpoint, name, undefined, label)));
}

function latency(endpoint: IEndpoint, kind: EndpointKind): GraphWidgetProps {
  const ofModel = PERCENTILES.flatMap((statistic) => ofVariants(endpoint, 'ModelLatency', statistic, `model ${statistic}`));
  const besides = kind === 'async' ? ofVariants(endpoint, 'TimeInBacklog', undefined, 'in the queue') : ofVariants(endpoint, 'OverheadLatency', undefined, 'overhead');
  return graph('Latency', 'microseconds', [...ofModel, ...besides]);
}

const queue = (endpoint: IEndpoint) => graph('Queue', 'requests', [
  endpoint.metricApproximateBacklogSize({ label: 'waiting or worked on' }),
  endpoint.metricApproximateBacklogSizePerInstance({ label: 'for each instance' }),
  endpoint.metricHasBacklogWithoutCapacity({ label: 'waiting without instances' }),
], { right: [endpoint.metricApproximateAgeOfOldestRequest({ label: 'oldest, in seconds' })] });

function instances(endpoint: IEndpoint): GraphWidgetProps[] {
  const use = (title: string, names: string[]) => graph(title, 'percent', names.flatMap((name) => ofVariants(endpoint, name, undefined, shortOf(name))));
  return [
    graph('Instances', 'instances', endpoint.variantNames.map((variantName, index) => instanceCount(endpoint, variantName, `m${index}`))),
    use('CPU, memory and disk', ['CPUUtilization', 'MemoryUtilization', 'DiskUtilization']),
    use('GPU', ['GPUUtilization', 'GPUMemoryUtilization']),
  ];
}

/** Every instance tells of its processors once a minute: there is no metric for their number. */
function instanceCount(endpoint: IEndpoint, variantName: string, id: string): MathExpression {
  const period = Duration.minutes(1);
  const samples = endpoint.metricCpuUtilization({ variantName, statistic: 'SampleCount', period });
  return new MathExpression({ expression: `${id}/(PERIOD(${id})/60)`, usingMetrics: { [id]: samples }, label: variantName, period });
}

const serverless = (endpoint: IEndpoint) => [
  graph('Concurrency in use', 'share', ['ServerlessConcurrentExecutionsUtilization', 'ServerlessProvisionedConcurrencyUtilization'].flatMap((name) => ofVariants(endpoint, name, undefined, shortOf(name.replace('Serverless', ''))))),
  graph('Cold starts', 'microseconds', ofVariants(endpoint, 'ModelSetupTime')),
  graph('Memory', 'percent', ofVariants(endpoint, 'MemoryUtilization')),
];

function ofVariants(endpoint: IEndpoint, name: string, statistic?: string, word?: string): IMetric[] {
  const several = endpoint.variantNames.length > 1;
  return endpoint.variantNames.map((variantName) =>
    endpoint.metric(name, { variantName, ...(statistic && { statistic }), label: [...(several || !word ? [variantName] : []), ...(word ? [word] : [])].join(' ') }));
}

const shortOf = (name: string) => name.replace(/Utilization(Normalized)?$/, '');

function title(noun: string, name: string): TextWidget {
  return new TextWidget({ markdown: `## ${noun} ${name}`, width: FULL_WIDTH, height: 1, background: TextWidgetBackground.TRANSPARENT });
}

function graph(titleOf: string, label: string, left: IMetric[], more: Partial<GraphWidgetProps> = {}): GraphWidgetProps {
  return { title: titleOf, left, leftYAxis: { label, min: 0, showUnits: false }, ...more };
}

/** Side by side, each as wide as there is room. */
function inRow(graphs: GraphWidgetProps[]): GraphWidget[] {
  return graphs.map((props) => new GraphWidget({ ...props, width: Math.floor(FULL_WIDTH / graphs.length) }));
}
