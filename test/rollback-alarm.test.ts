import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { AsyncInference, ContainerImage, Endpoint, EndpointConfig, Model, RollbackAlarm, Variant, type EndpointConfigOptions, type EndpointOptions } from 'cdk-sagemaker';
import { emptyStack, IMAGE_URI, ofType, only } from './support/stacks';

function watched(options: EndpointOptions, names = ['all'], metrics: EndpointConfigOptions = {}) {
  const stack = emptyStack();
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
  const config = new EndpointConfig(stack, 'Config', { variants: Object.fromEntries(names.map((name) => [name, Variant.onInstances(model, { instanceType: 'ml.m5.large' })])), ...metrics });
  new Endpoint(stack, 'Endpoint', { config, ...options });
  return Template.fromStack(stack);
}

const alarms = (template: Template) => ofType(template, 'AWS::CloudWatch::Alarm');
const deployment = (template: Template) => only(template, 'AWS::SageMaker::Endpoint').Properties.DeploymentConfig;

describe('RollbackAlarm', () => {
  test('alone moves the endpoint all at once, and keeps the old instances while it is watched', () => {
    expect(deployment(watched({ rollbackAlarms: [RollbackAlarm.of(Alarm.fromAlarmArn(emptyStack(), 'A', 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors'))] }))).toEqual({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 }, TerminationWaitInSeconds: 600 },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
    });
  });

  test('rings when a share of the requests to a variant fails', () => {
    expect(alarms(watched({ rollbackAlarms: [RollbackAlarm.invocation5xxErrors({ abovePercent: 2.5 })] }))[0][1].Properties).toEqual({
      AlarmName: expect.any(String), AlarmDescription: 'Invocation5XXErrors of all above 2.5 %: rolls an update of the endpoint back',
      Namespace: 'AWS/SageMaker', MetricName: 'Invocation5XXErrors', Statistic: 'Average', Period: 60, EvaluationPeriods: 2,
      Dimensions: [{ Name: 'EndpointName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^Endpoint/), 'EndpointName'] } }, { Name: 'VariantName', Value: 'all' }],
      Threshold: 0.025, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching',
    });
  });

  test('rings when answers take too long, in the microseconds that SageMaker counts', () => {
    const alarm = alarms(watched({ rollbackAlarms: [RollbackAlarm.modelLatency({ above: Duration.millis(250), percentile: 99, period: Duration.minutes(5), evaluationPeriods: 1 })] }))[0][1];
    expect(alarm.Properties).toMatchObject({ MetricName: 'ModelLatency', ExtendedStatistic: 'p99', Threshold: 250_000, Period: 300, EvaluationPeriods: 1 });
  });

  test('is one for each variant', () => {
    const template = watched({ rollbackAlarms: [RollbackAlarm.modelErrors(), RollbackAlarm.invocation4xxErrors()] }, ['a', 'b']);
    expect(alarms(template).map(([, { Properties }]) => `${Properties.MetricName} ${Properties.Dimensions[1].Value}`).sort()).toEqual(['Invocation4XXErrors a', 'Invocation4XXErrors b', 'InvocationModelErrors a', 'InvocationModelErrors b']);
    expect(deployment(template).AutoRollbackConfiguration.Alarms).toHaveLength(4);
  });

  // A circle otherwise: the alarm names its endpoint, and the endpoint names its alarms.
  test('has a name that the endpoint says without a reference, the same at every synthesis', () => {
    const template = watched({ rollbackAlarms: [RollbackAlarm.modelErrors()] });
    const { AlarmName } = alarms(template)[0][1].Properties;
    expect(AlarmName).toMatch(/^StackEndpoint.*InvocationModelErrors.*all/);
    expect(deployment(template).AutoRollbackConfiguration.Alarms).toEqual([{ AlarmName }]);
    expect(JSON.stringify(only(template, 'AWS::SageMaker::Endpoint'))).not.toContain(alarms(template)[0][0]);
    expect(alarms(watched({ rollbackAlarms: [RollbackAlarm.modelErrors()] }))[0][1].Properties.AlarmName).toBe(AlarmName);
  });

  test('is there before an endpoint whose name is given', () => {
    const template = watched({ endpointName: 'digits', rollbackAlarms: [RollbackAlarm.modelErrors()] });
    const [[logicalId, alarm]] = alarms(template);
    expect(deployment(template).AutoRollbackConfiguration.Alarms).toEqual([{ AlarmName: { Ref: logicalId } }]);
    expect(alarm.Properties.Dimensions[0]).toEqual({ Name: 'EndpointName', Value: 'digits' });
  });

  test.each<[string, EndpointOptions, string]>([
    ['no alarm', { rollbackAlarms: [] }, 'Stack/Endpoint: rollbackAlarms must have 1 to 10 entries, got 0'],
    ['the same alarm twice', { rollbackAlarms: [RollbackAlarm.modelErrors(), RollbackAlarm.modelErrors()] }, 'rollbackAlarms must be unique, got InvocationModelErrors twice'],
    ['a share above all', { rollbackAlarms: [RollbackAlarm.modelErrors({ abovePercent: 101 })] }, 'rollbackAlarms.abovePercent must be between 0 and 100, got 101'],
    ['no latency', { rollbackAlarms: [RollbackAlarm.modelLatency({} as never)] }, 'rollbackAlarms.above must be given, got undefined'],
    ['the fastest of no requests', { rollbackAlarms: [RollbackAlarm.modelLatency({ above: Duration.seconds(1), percentile: 0 })] }, 'rollbackAlarms.percentile must be above 0, got 0'],
    ['a period that CloudWatch has not', { rollbackAlarms: [RollbackAlarm.modelErrors({ period: Duration.seconds(90) })] }, 'rollbackAlarms.period must be 10 or 30 seconds, or whole minutes, got 1 minute 30 seconds'],
    ['no period', { rollbackAlarms: [RollbackAlarm.modelErrors({ evaluationPeriods: 0 })] }, 'rollbackAlarms.evaluationPeriods must be a whole number between 1 and 24, got 0'],
  ])('rejects %s', (_what, options, message) => expect(() => watched(options)).toThrow(message));

  test('rejects more than 10 alarms of all variants together', () => {
    const rollbackAlarms = [RollbackAlarm.modelErrors(), RollbackAlarm.invocation4xxErrors(), RollbackAlarm.invocation5xxErrors()];
    expect(() => watched({ rollbackAlarms }, ['a', 'b', 'c', 'd'])).toThrow('rollbackAlarms: the alarms of all variants must have 1 to 10 entries, got 12');
  });

  const periodOf = (period: Duration | undefined, metrics: EndpointConfigOptions) => alarms(watched({ rollbackAlarms: [RollbackAlarm.modelErrors({ period })] }, ['all'], metrics))[0][1].Properties.Period;
  const [often, seldom] = [Duration.seconds(10), Duration.minutes(5)];

  test.each<[string, Duration | undefined, EndpointConfigOptions, string]>([
    ['10 seconds, of what is published every minute', often, {}, '60 seconds, how often the configuration has metrics of requests published (less with enhancedMetrics and a metricsFrequency), got 10 seconds'],
    ['30 seconds, of enhanced metrics every minute', Duration.seconds(30), { enhancedMetrics: true }, '60 seconds'],
    ['10 seconds, of metrics of use alone every 10 seconds', often, { metricsFrequency: often }, '60 seconds'],
    ['10 seconds, of enhanced metrics every 30 seconds', often, { enhancedMetrics: true, metricsFrequency: Duration.seconds(30) }, '30 seconds'],
    ['a minute, of enhanced metrics every 5 minutes', undefined, { enhancedMetrics: true, metricsFrequency: seldom }, '300 seconds'],
  ])('is refused with periods of %s: it could never ring', (_what, period, metrics, message) => expect(() => periodOf(period, metrics)).toThrow(`Stack/Endpoint: rollbackAlarms.period must be at least ${message}`));

  test.each<[string, Duration, EndpointConfigOptions, number]>([
    ['enhanced metrics as often', often, { enhancedMetrics: true, metricsFrequency: often }, 10],
    ['enhanced metrics more often', Duration.seconds(30), { enhancedMetrics: true, metricsFrequency: often }, 30],
    ['metrics of use more seldom', Duration.minutes(1), { metricsFrequency: seldom }, 60],
  ])('may have periods for which there are %s', (_what, period, metrics, seconds) => expect(periodOf(period, metrics)).toBe(seconds));

  test('is refused where it is given twice, whatever its name', () => {
    const stack = emptyStack();
    const alarm = new Alarm(stack, 'Alarm', { metric: new Metric({ namespace: 'n', metricName: 'm' }), threshold: 1, evaluationPeriods: 1 });
    expect(() => watched({ rollbackAlarms: [RollbackAlarm.of(alarm), RollbackAlarm.of(alarm)] })).toThrow('Stack/Endpoint: rollbackAlarms must be unique, got an alarm twice');
  });

  test('is refused with a latency of nothing', () => {
    expect(() => watched({ rollbackAlarms: [RollbackAlarm.modelLatency({ above: Duration.millis(0) })] })).toThrow('Stack/Endpoint: rollbackAlarms.above must be more than 0, got 0');
  });

  test('of the endpoint itself is refused where the variants are not known, and says what can be', () => {
    const stack = emptyStack();
    const config = EndpointConfig.fromEndpointConfigName(stack, 'Config', 'made-elsewhere');
    expect(() => new Endpoint(stack, 'Endpoint', { config, rollbackAlarms: [RollbackAlarm.modelErrors()] })).toThrow('rollbackAlarms must be of RollbackAlarm.of(alarm) for a configuration made elsewhere');
  });

  test('is refused by a metric that an endpoint with a queue has not: the alarm would never ring', () => {
    const stack = emptyStack();
    const config = new EndpointConfig(stack, 'Config', {
      variants: { all: Variant.onInstances(new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }), { instanceType: 'ml.m5.large' }) },
      asyncInference: AsyncInference.toBucket(Bucket.fromBucketName(stack, 'Bucket', 'answers')),
    });
    expect(() => new Endpoint(stack, 'Other', { config, rollbackAlarms: [RollbackAlarm.modelErrors()] })).toThrow('for instance RollbackAlarm.invocation5xxErrors, got InvocationModelErrors');
    expect(() => new Endpoint(stack, 'Endpoint', { config, rollbackAlarms: [RollbackAlarm.invocation5xxErrors()] })).not.toThrow();
  });
});
