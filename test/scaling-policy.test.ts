import { Template } from 'aws-cdk-lib/assertions';
import { AdjustmentType, Schedule, type ScalingInterval } from 'aws-cdk-lib/aws-applicationautoscaling';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration, Lazy, Size, TimeZone, type Stack } from 'aws-cdk-lib/core';
import { AsyncInference, AutoScaling, ContainerImage, Endpoint, EndpointConfig, InferenceComponent, Model, ScalingMetric, ScalingPolicy, Variant } from 'cdk-sagemaker';
import { emptyStack, flat, IMAGE_URI, ofType, only, warnings } from './support/stacks';

type Kind = 'instances' | 'async' | 'serverless' | 'copies';

/** A template with one thing of a kind that is scaled by a policy. */
function scaled(kind: Kind, ...policies: ScalingPolicy[]): Template {
  return Template.fromStack(stackWith(kind, ...policies));
}

function stackWith(kind: Kind, ...policies: ScalingPolicy[]): Stack {
  const stack = emptyStack();
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
  const autoScaling = AutoScaling.between(1, 8, policies);
  const instanceType = 'ml.g5.xlarge';
  if (kind === 'serverless') { model.deployServerless('Endpoint', { maxConcurrency: 8, provisionedConcurrency: 1, autoScaling }); }
  if (kind === 'instances') { model.deploy('Endpoint', { instanceType, autoScaling }); }
  if (kind === 'async') { model.deploy('Endpoint', { instanceType, autoScaling, asyncInference: AsyncInference.toBucket(Bucket.fromBucketName(stack, 'Answers', 'answers')) }); }
  if (kind === 'copies') {
    const endpoint = new Endpoint(stack, 'Endpoint', { config: new EndpointConfig(stack, 'Config', { variants: { AllTraffic: Variant.ofComponents({ instanceType }) } }) });
    new InferenceComponent(stack, 'Component', { endpoint, variantName: 'AllTraffic', model, memory: Size.gibibytes(1), autoScaling, inferenceComponentName: 'digits' });
  }
  return stack;
}
const tracking = (template: Template) => only(template, 'AWS::ApplicationAutoScaling::ScalingPolicy').Properties.TargetTrackingScalingPolicyConfiguration;
const scheduled = (template: Template) => only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties.ScheduledActions;
const named = (dimensions: any[]) => dimensions.map(({ Name, Value }) => `${Name}=${flat(Value).replace(/^<\w+\.EndpointName>$/, '<endpoint>')}`);

const ENDPOINT = 'EndpointName=<endpoint>';
const VARIANT = [ENDPOINT, 'VariantName=AllTraffic-g5-xlarge'];
const COMPONENT = ['InferenceComponentName=digits'];

describe('A policy that holds a metric at a target', () => {
  test.each<[string, Kind, ScalingPolicy]>([
    ['SageMakerVariantInvocationsPerInstance', 'instances', ScalingPolicy.invocationsPerInstance(7)],
    ['SageMakerVariantConcurrentRequestsPerModelHighResolution', 'instances', ScalingPolicy.concurrentRequestsPerInstance(7)],
    ['SageMakerInferenceComponentInvocationsPerCopy', 'copies', ScalingPolicy.invocationsPerCopy(7)],
    ['SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution', 'copies', ScalingPolicy.concurrentRequestsPerCopy(7)],
    ['SageMakerVariantProvisionedConcurrencyUtilization', 'serverless', ScalingPolicy.provisionedConcurrencyUtilization(0.5)],
  ])('goes by %s', (name, kind, policy) => {
    expect(tracking(scaled(kind, policy))).toEqual({ PredefinedMetricSpecification: { PredefinedMetricType: name }, TargetValue: kind === 'serverless' ? 0.5 : 7 });
  });

  // trap 32: a metric with other dimensions than it is published with is found by no alarm
  const endpoints = '/aws/sagemaker/Endpoints';
  const components = '/aws/sagemaker/InferenceComponents';
  test.each<[string, Kind, ScalingMetric, string[], string?]>([
    [`${endpoints} CPUUtilization`, 'instances', ScalingMetric.cpuUtilization(), VARIANT],
    [`${endpoints} CPUUtilization`, 'async', ScalingMetric.cpuUtilization(), VARIANT],
    [`${components} CPUUtilizationNormalized`, 'copies', ScalingMetric.cpuUtilization(), COMPONENT],
    [`${endpoints} MemoryUtilization`, 'instances', ScalingMetric.memoryUtilization(), VARIANT],
    [`${components} MemoryUtilizationNormalized`, 'copies', ScalingMetric.memoryUtilization(), COMPONENT],
    [`${endpoints} GPUUtilization`, 'instances', ScalingMetric.gpuUtilization(), VARIANT],
    [`${components} GPUUtilizationNormalized`, 'copies', ScalingMetric.gpuUtilization(), COMPONENT],
    [`${endpoints} GPUMemoryUtilization`, 'instances', ScalingMetric.gpuMemoryUtilization(), VARIANT],
    [`${components} GPUMemoryUtilizationNormalized`, 'copies', ScalingMetric.gpuMemoryUtilization(), COMPONENT],
    [`${endpoints} DiskUtilization`, 'instances', ScalingMetric.diskUtilization(), VARIANT],
    ['AWS/SageMaker ModelLatency', 'instances', ScalingMetric.modelLatency(), VARIANT],
    ['AWS/SageMaker ModelLatency', 'serverless', ScalingMetric.modelLatency(), [ENDPOINT, 'VariantName=AllTraffic']],
    ['AWS/SageMaker ModelLatency', 'copies', ScalingMetric.modelLatency(), COMPONENT],
    ['AWS/SageMaker ExplanationsPerInstance', 'instances', ScalingMetric.explanationsPerInstance(), VARIANT, 'Sum'],
    ['AWS/SageMaker ApproximateBacklogSizePerInstance', 'async', ScalingMetric.backlogPerInstance(), [ENDPOINT]],
    ['AWS/SageMaker ApproximateBacklogSize', 'async', ScalingMetric.backlog(), [ENDPOINT]],
    ['AWS/SageMaker ApproximateAgeOfOldestRequest', 'async', ScalingMetric.ageOfOldestRequest(), [ENDPOINT]],
  ])('finds %s of %s under the dimensions it is published with', (name, kind, metric, dimensions, statistic = 'Average') => {
    const { CustomizedMetricSpecification: { Dimensions, ...found } } = tracking(scaled(kind, ScalingPolicy.onMetric('Any', metric, 9)));
    const [Namespace, MetricName] = name.split(' ');
    expect(found).toEqual({ Namespace, MetricName, Statistic: statistic });
    expect(named(Dimensions)).toEqual(dimensions);
  });

  test.each<[string, ScalingPolicy]>([
    ['CPUUtilization', ScalingPolicy.cpuUtilization(60)], ['MemoryUtilization', ScalingPolicy.memoryUtilization(60)],
    ['GPUUtilization', ScalingPolicy.gpuUtilization(60)], ['GPUMemoryUtilization', ScalingPolicy.gpuMemoryUtilization(60)],
  ])('goes by %s in short', (MetricName, policy) => {
    expect(tracking(scaled('instances', policy))).toMatchObject({ TargetValue: 60, CustomizedMetricSpecification: { MetricName, Namespace: endpoints } });
  });

  test('goes by any other metric', () => {
    const queue = new Metric({ namespace: 'Mine', metricName: 'Depth', statistic: 'Maximum', dimensionsMap: { Queue: 'q' } });
    expect(tracking(scaled('serverless', ScalingPolicy.onMetric('Depth', ScalingMetric.fromMetric(queue), 9))).CustomizedMetricSpecification).toEqual({
      Namespace: 'Mine', MetricName: 'Depth', Statistic: 'Maximum', Dimensions: [{ Name: 'Queue', Value: 'q' }],
    });
  });

  test('looks at a metric by the minute, and says so where another period is asked for', () => {
    const by = (period?: Duration) => warnings(stackWith('instances', ScalingPolicy.onMetric('Depth', ScalingMetric.fromMetric(new Metric({ namespace: 'Mine', metricName: 'Depth', period })), 9)));
    expect(by()).toEqual([expect.stringMatching(/policies\.Depth\.metric: .* by the minute, not by 5 minutes.*\[ack: cdk-sagemaker:periodOfTrackedMetric\]/)]);
    expect(by(Duration.minutes(1))).toEqual([]);
    expect(warnings(stackWith('instances', ScalingPolicy.cpuUtilization(60)))).toEqual([]);
  });

  test('waits as long as it is told, and removes nothing where it is told', () => {
    const policy = ScalingPolicy.invocationsPerInstance(7, { scaleInCooldown: Duration.minutes(10), scaleOutCooldown: Duration.seconds(0), disableScaleIn: true });
    expect(tracking(scaled('instances', policy))).toMatchObject({ ScaleInCooldown: 600, ScaleOutCooldown: 0, DisableScaleIn: true });
  });

  const custom = (metric: ScalingMetric, target = 5) => ScalingPolicy.onMetric('Mine', metric, target);
  const math = new MathExpression({ expression: 'a / 2', usingMetrics: { a: new Metric({ namespace: 'Mine', metricName: 'a' }) } });
  test.each<[string, Kind, ScalingPolicy, string]>([
    ['a target of 0', 'instances', ScalingPolicy.invocationsPerInstance(0), 'policies.InvocationsPerInstance.target must be above 0, got 0'],
    ['a target that is no number', 'instances', ScalingPolicy.cpuUtilization(NaN), 'policies.CpuUtilization.target must be above 0'],
    ['more than all of the provisioned concurrency', 'serverless', ScalingPolicy.provisionedConcurrencyUtilization(70), 'policies.ProvisionedConcurrencyUtilization.target must be above 0, and at most 1, got 70'],
    ['part of a second', 'instances', ScalingPolicy.invocationsPerInstance(7, { scaleInCooldown: Duration.millis(1500) }), 'policies.InvocationsPerInstance.scaleInCooldown must be a whole number of seconds'],
    ['an expression', 'instances', custom(ScalingMetric.fromMetric(math)), 'policies.Mine.metric must be a metric and no expression, which ScalingPolicy.steps takes'],
    ['a percentile', 'instances', custom(ScalingMetric.fromMetric(new Metric({ namespace: 'Mine', metricName: 'a', statistic: 'p99' }))), 'policies.Mine.metric.statistic must be one of Average, Minimum, Maximum, SampleCount, Sum, got p99'],
    ['a metric that copies do not have', 'copies', custom(ScalingMetric.diskUtilization()), 'autoScaling.policies.Mine must go by a metric of the copies of an inference component: concurrentRequestsPerCopy'],
    ['processors of a serverless variant', 'serverless', ScalingPolicy.cpuUtilization(50), 'autoScaling.policies.CpuUtilization must go by a metric of the provisioned concurrency of a serverless variant'],
    ['an odd id', 'instances', ScalingPolicy.onMetric('a/b', ScalingMetric.cpuUtilization(), 5), 'autoScaling.policies must be named by 1 to 63 letters, digits, dashes and underscores, got a/b'],
  ])('rejects %s', (_what, kind, policy, message) => expect(() => scaled(kind, policy)).toThrow(message));
});

describe('A policy of steps', () => {
  const steps = (intervals: ScalingInterval[] = [{ upper: 20, change: -1 }, { lower: 80, change: +1 }, { lower: 150, change: +3 }], options = {}) => ScalingPolicy.steps('Bursts', ScalingMetric.cpuUtilization(), intervals, options);

  test('has an alarm and a policy for each direction', () => {
    const template = scaled('instances', steps());
    expect(ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [Properties.ComparisonOperator, Properties.Threshold, Properties.Period])).toEqual([
      ['LessThanOrEqualToThreshold', 20, 60], ['GreaterThanOrEqualToThreshold', 80, 60],
    ]);
    expect(ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => named(Properties.Dimensions))).toEqual([VARIANT, VARIANT]);
    const policies = ofType(template, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(([, { Properties }]) => Properties.StepScalingPolicyConfiguration);
    expect(policies.map(({ StepAdjustments }) => StepAdjustments)).toEqual([
      [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -1 }],
      [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 70, ScalingAdjustment: 1 }, { MetricIntervalLowerBound: 70, ScalingAdjustment: 3 }],
    ]);
    expect(policies.every(({ AdjustmentType: type }) => type === 'ChangeInCapacity')).toBe(true);
  });

  test('has what it is given', () => {
    const template = scaled('instances', steps(undefined, { adjustment: AdjustmentType.PERCENT_CHANGE_IN_CAPACITY, minAdjustment: 2, cooldown: Duration.minutes(2), evaluationPeriods: 3, datapointsToAlarm: 2 }));
    const [, upper] = ofType(template, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(([, { Properties }]) => Properties.StepScalingPolicyConfiguration);
    expect(upper).toMatchObject({ AdjustmentType: 'PercentChangeInCapacity', MinAdjustmentMagnitude: 2, Cooldown: 120 });
    expect(ofType(template, 'AWS::CloudWatch::Alarm')[0]![1].Properties).toMatchObject({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  });

  test('may go by an expression', () => {
    const math = new MathExpression({ expression: 'a / 2', usingMetrics: { a: new Metric({ namespace: 'Mine', metricName: 'a' }) } });
    const template = scaled('copies', ScalingPolicy.steps('Half', ScalingMetric.fromMetric(math), [{ upper: 1, change: -1 }, { lower: 5, change: 1 }]));
    expect(ofType(template, 'AWS::CloudWatch::Alarm')[0]![1].Properties.Metrics).toContainEqual(expect.objectContaining({ Expression: 'a / 2' }));
  });

  test.each<[string, ScalingPolicy, string]>([
    ['one interval', steps([{ lower: 1, change: 1 }]), 'policies.Bursts.intervals must have 2 to 40 entries, got 1'],
    ['part of an instance', steps([{ upper: 1, change: -1 }, { lower: 5, change: 0.5 }]), 'policies.Bursts.intervals[1].change must be a whole number'],
    ['intervals that overlap', steps([{ lower: 1, upper: 9, change: 1 }, { lower: 5, upper: 12, change: 2 }]), 'policies.Bursts.intervals must be intervals that do not overlap'],
    ['more periods than are looked at', steps(undefined, { evaluationPeriods: 2, datapointsToAlarm: 3 }), 'policies.Bursts.datapointsToAlarm must be a whole number between 1 and 2, got 3'],
    ['no period', steps(undefined, { evaluationPeriods: 0 }), 'policies.Bursts.evaluationPeriods must be a whole number'],
    ['a backlog that is not there', ScalingPolicy.steps('Queue', ScalingMetric.backlog(), [{ upper: 1, change: -1 }, { lower: 5, change: 1 }]), 'policies.Queue must go by a metric of instances that answer at once'],
  ])('rejects %s', (_what, policy, message) => expect(() => scaled('instances', policy)).toThrow(message));
});

describe('A policy on a schedule', () => {
  const night = Schedule.cron({ hour: '22', minute: '0' });

  test('sets the bounds, at the hours of a place', () => {
    expect(scheduled(scaled('instances', ScalingPolicy.onSchedule('Night', { schedule: night, min: 1, max: 1, timeZone: TimeZone.EUROPE_BERLIN })))).toEqual([
      { ScheduledActionName: 'Night', Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 1 }, Timezone: 'Europe/Berlin' },
    ]);
  });

  test('sets one bound, for some time', () => {
    const [start, end] = [new Date('2030-01-01T00:00:00Z'), new Date('2030-02-01T00:00:00Z')];
    expect(scheduled(scaled('copies', ScalingPolicy.onSchedule('January', { schedule: Schedule.rate(Duration.days(1)), min: 4, start, end })))).toEqual([
      { ScheduledActionName: 'January', Schedule: 'rate(1 day)', ScalableTargetAction: { MinCapacity: 4 }, StartTime: '2030-01-01T00:00:00Z', EndTime: '2030-02-01T00:00:00Z' },
    ]);
  });

  test('stands beside others on one target', () => {
    const policies = ['Night', 'Morning'].map((id) => ScalingPolicy.onSchedule(id, { schedule: night, max: 2 }));
    expect(scheduled(scaled('instances', ScalingPolicy.invocationsPerInstance(5), ...policies)).map((action: any) => action.ScheduledActionName)).toEqual(['Night', 'Morning']);
  });

  test('may have bounds that are known at deployment', () => {
    const min = Lazy.number({ produce: () => 2 });
    expect(scheduled(scaled('instances', ScalingPolicy.onSchedule('Night', { schedule: night, min })))[0].ScalableTargetAction).toEqual({ MinCapacity: 2 });
  });

  test.each<[string, ScalingPolicy, string]>([
    ['no bound', ScalingPolicy.onSchedule('Night', { schedule: night }), 'policies.Night must have min, max or both, got none of them'],
    ['a minimum above the maximum', ScalingPolicy.onSchedule('Night', { schedule: night, min: 3, max: 2 }), 'policies.Night.min must be a whole number between 1 and 2, got 3'],
    ['no instance at most', ScalingPolicy.onSchedule('Night', { schedule: night, max: 0 }), 'policies.Night.max must be a whole number between 1 and 2147483647, got 0'],
    ['an end before the start', ScalingPolicy.onSchedule('Night', { schedule: night, max: 1, start: new Date('2030-02-01'), end: new Date('2030-01-01') }), 'policies.Night.end must be after start, got 2030-01-01T00:00:00.000Z'],
    ['no schedule', ScalingPolicy.onSchedule('Night', { max: 1 } as never), 'policies.Night.schedule must be a Schedule'],
  ])('rejects %s', (_what, policy, message) => expect(() => scaled('instances', policy)).toThrow(message));
});
