import { Template } from 'aws-cdk-lib/assertions';
import { TreatMissingData, type Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import { Endpoint, type IEndpoint } from 'cdk-sagemaker';
import { emptyStack, only } from './support/stacks';

const imported = (asynchronous?: boolean) => Endpoint.fromEndpointAttributes(emptyStack(), 'Old', { endpointName: 'Digits', variantNames: ['blue'], asynchronous });

function asked(alarm: (endpoint: IEndpoint) => Alarm, endpoint = imported()): any {
  return only(Template.fromStack(alarm(endpoint).stack), 'AWS::CloudWatch::Alarm').Properties;
}
const OF_VARIANT = [{ Name: 'EndpointName', Value: 'Digits' }, { Name: 'VariantName', Value: 'blue' }];
const OF_ENDPOINT = [{ Name: 'EndpointName', Value: 'Digits' }];

describe('An alarm of an endpoint', () => {
  test.each<[string, (endpoint: IEndpoint) => Alarm, string]>([
    ['errors of the model', (endpoint) => endpoint.alarmModelErrors('Alarm'), 'InvocationModelErrors'],
    ['errors of 5xx', (endpoint) => endpoint.alarm5xxErrors('Alarm'), 'Invocation5XXErrors'],
    ['failures of an asynchronous endpoint', (endpoint) => endpoint.alarmInvocationFailures('Alarm'), 'InvocationFailures'],
  ])('goes off at the first of %s in a minute, and not without requests', (_what, alarm, MetricName) => {
    expect(asked(alarm)).toMatchObject({
      Namespace: 'AWS/SageMaker', MetricName, Dimensions: OF_VARIANT, Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
    });
  });

  test('takes the share of errors for the average of what each request sends', () => {
    expect(asked((endpoint) => endpoint.alarmErrorRate('Alarm', { percent: 5, datapointsToAlarm: 2 })))
      .toMatchObject({ MetricName: 'Invocation5XXErrors', Statistic: 'Average', Threshold: 0.05, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  });

  test('compares latencies in microseconds, in which SageMaker counts them', () => {
    expect(asked((endpoint) => endpoint.alarmLatency('Alarm', { threshold: Duration.millis(250) })))
      .toMatchObject({ MetricName: 'ModelLatency', Dimensions: OF_VARIANT, ExtendedStatistic: 'p99', Threshold: 250_000, EvaluationPeriods: 3, TreatMissingData: 'notBreaching' });
    expect(asked((endpoint) => endpoint.alarmLatency('Alarm', { threshold: Duration.seconds(2), percentile: 99.9 }))).toMatchObject({ ExtendedStatistic: 'p99.9', Threshold: 2_000_000 });
  });

  test('goes off in silence, which has no data', () => {
    const silence = { Statistic: 'Sum', Period: 3600, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' };
    expect(asked((endpoint) => endpoint.alarmNoInvocations('Alarm'))).toMatchObject({ MetricName: 'Invocations', ...silence });
    expect(asked((endpoint) => endpoint.alarmNoInvocations('Alarm', { period: Duration.minutes(10) }), imported(true))).toMatchObject({ MetricName: 'InvocationsProcessed', ...silence, Period: 600 });
  });

  test('trap 32: an alarm of the queue is of the whole endpoint', () => {
    expect(asked((endpoint) => endpoint.alarmBacklog('Alarm', { threshold: 50 }))).toMatchObject({ MetricName: 'ApproximateBacklogSize', Dimensions: OF_ENDPOINT, Statistic: 'Maximum', Threshold: 50, EvaluationPeriods: 5 });
    expect(asked((endpoint) => endpoint.alarmBacklogAge('Alarm', { threshold: Duration.minutes(30) })))
      .toMatchObject({ MetricName: 'ApproximateAgeOfOldestRequest', Dimensions: OF_ENDPOINT, Threshold: 1800 });
  });

  test('is told otherwise where it is said', () => {
    expect(asked((endpoint) => endpoint.alarm5xxErrors('Alarm', {
      variantName: 'blue', threshold: 10, period: Duration.minutes(5), evaluationPeriods: 3, datapointsToAlarm: 2, treatMissingData: TreatMissingData.IGNORE, alarmName: 'errors', alarmDescription: 'See the runbook.',
    }))).toMatchObject({ Threshold: 10, Period: 300, EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'ignore', AlarmName: 'errors', AlarmDescription: 'See the runbook.' });
  });

  test.each<[string, (endpoint: IEndpoint) => Alarm, string]>([
    ['no error', (endpoint) => endpoint.alarm5xxErrors('Alarm', { threshold: 0 }), 'Stack/Old: threshold must be more than 0, got 0'],
    ['a share of more than all', (endpoint) => endpoint.alarmErrorRate('Alarm', { percent: 101 }), 'percent must be more than 0 and at most 100, got 101'],
    ['no time', (endpoint) => endpoint.alarmLatency('Alarm', { threshold: Duration.seconds(0) }), 'threshold must be more than 0, got 0'],
    ['everybody', (endpoint) => endpoint.alarmLatency('Alarm', { threshold: Duration.seconds(1), percentile: 100 }), 'percentile must be more than 0 and at most 99.99, got 100'],
    ['no period', (endpoint) => endpoint.alarm5xxErrors('Alarm', { period: Duration.seconds(0) }), 'Stack/Old: period must be 10 or 30 seconds, or whole minutes up to a day, got 0'],
    ['a period that CloudWatch has not', (endpoint) => endpoint.alarm5xxErrors('Alarm', { period: Duration.seconds(90) }), 'period must be 10 or 30 seconds, or whole minutes up to a day, got 1 minute 30 seconds'],
    ['more than a day of minutes', (endpoint) => endpoint.alarm5xxErrors('Alarm', { evaluationPeriods: 1441 }), 'evaluationPeriods must be at most 1440 with periods of 1 minute: an alarm looks at 1 day, got 1441'],
    ['more than a week of hours', (endpoint) => endpoint.alarmNoInvocations('Alarm', { evaluationPeriods: 169 }), 'evaluationPeriods must be at most 168 with periods of 1 hour: an alarm looks at 7 days, got 169'],
    ['more periods than are looked at', (endpoint) => endpoint.alarm5xxErrors('Alarm', { evaluationPeriods: 2, datapointsToAlarm: 3 }), 'datapointsToAlarm must be a whole number between 1 and 2, got 3'],
    ['a time that is not known yet', (endpoint) => endpoint.alarmLatency('Alarm', { threshold: Duration.millis(Lazy.number({ produce: () => 5 })) }), 'threshold must be known at synth'],
    ['another variant', (endpoint) => endpoint.alarm5xxErrors('Alarm', { variantName: 'green' }), 'variantName must be one of blue, got green'],
  ])('rejects %s', (_what, alarm, message) => expect(() => alarm(imported())).toThrow(message));

  test('is none that would never go off', () => {
    expect(() => imported(true).alarmModelErrors('Alarm')).toThrow('metric must be one that an asynchronous endpoint has; this is one of a real-time endpoint, got InvocationModelErrors');
  });
});
