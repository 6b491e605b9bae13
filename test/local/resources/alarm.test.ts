import { missedOf } from '../../../lib/local/resources/recorded';
import { withLocalStack } from '../../support/local-stack';

const alarm = (more: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm', Properties: { Namespace: 'Mine', MetricName: 'm', Statistic: 'Sum', Period: '60', EvaluationPeriods: 1, Threshold: '0.5', ComparisonOperator: 'GreaterThanThreshold', ...more },
});

describe('an alarm of a stack', () => {
  test('is one of the local CloudWatch, which evaluates it, as long as the stack has it', () => withLocalStack(async ({ deploy, cloudWatch }) => {
    const { resources } = await deploy({ A: alarm() });
    const name = resources.A?.physical?.physicalId as string;
    expect(name).toMatch(/^stack-A-/);
    expect(resources.A?.physical?.attributes.Arn).toBe(`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`);
    expect(await cloudWatch.call('DescribeAlarms', {})).toMatchObject({ MetricAlarms: [{ AlarmName: name, Threshold: 0.5, Period: 60, StateValue: 'INSUFFICIENT_DATA' }] });
    await cloudWatch.call('PutMetricData', { Namespace: 'Mine', MetricData: [{ MetricName: 'm', Value: 1 }] });
    expect(await cloudWatch.call('DescribeAlarms', { AlarmNames: [name] })).toMatchObject({ MetricAlarms: [{ StateValue: 'ALARM' }] });
    await deploy({ A: alarm({ Threshold: 5 }) });
    expect(await cloudWatch.call('DescribeAlarms', { AlarmNamePrefix: 'stack-' })).toMatchObject({ MetricAlarms: [{ AlarmName: name, StateValue: 'OK' }] });
    await deploy({ B: alarm({ AlarmName: 'named', Statistic: 'tm90' }) });
    expect(await cloudWatch.call('DescribeAlarms', {})).toMatchObject({ MetricAlarms: [{ AlarmName: 'named', StateReason: 'Not evaluated by the local AWS: statistic tm90' }] });
  }));
});

describe('scaling', () => {
  const target = { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount', ResourceId: 'endpoint/e/variant/v', MinCapacity: 1, MaxCapacity: 2 } };

  test('is written down with the names that it has at AWS', () => withLocalStack(async ({ deploy }) => {
    const { status, resources } = await deploy({ T: target, P: { Type: 'AWS::ApplicationAutoScaling::ScalingPolicy', Properties: { PolicyName: 'p', PolicyType: 'TargetTrackingScaling', ScalingTargetId: { Ref: 'T' } } } });
    expect(status).toBe('CREATE_COMPLETE');
    expect(resources.P?.properties.ScalingTargetId).toBe('endpoint/e/variant/v|sagemaker:variant:DesiredInstanceCount|sagemaker');
    expect(resources.P?.physical?.physicalId).toMatch(/^arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:.*policyName\/p$/);
  }));

  test('is said not to happen', () => {
    expect(missedOf({ Resources: { T: target, U: target, B: { Type: 'AWS::S3::Bucket' } } })).toEqual(['2 AWS::ApplicationAutoScaling::ScalableTarget: nothing is scaled here; instance counts stay as they are']);
    expect(missedOf({})).toEqual([]);
  });
});
