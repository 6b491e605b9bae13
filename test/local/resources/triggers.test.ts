import { failureOf, withLocalStack, type LocalStack } from '../../support/local-stack';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';
const rule = (more: object = {}) => ({ Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'r', EventPattern: { source: ['aws.s3'], detail: { object: { key: [{ suffix: '.csv' }] } } }, Targets: [{ Id: 'T', Arn: MACHINE, RoleArn: 'arn:aws:iam::123456789012:role/r', InputPath: '$.detail.object.key' }], ...more } } });
const bucket = (Properties: object) => ({ Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data-of-tests', ...Properties } } });
const ON = { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } };

async function putAndTold({ s3, told }: LocalStack, key: string): Promise<unknown[]> {
  const before = told.length;
  await s3.put('data-of-tests', key, 'x');
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  return told.slice(before).map(([, input]) => input);
}

describe('a rule', () => {
  test('hears of new objects of a bucket that sends its events', () => withLocalStack(async (stack) => {
    const record = await stack.deploy({ ...rule(), ...bucket(ON) });
    expect(record.resources.Rule?.physical).toEqual({ physicalId: 'r', attributes: { Arn: 'arn:aws:events:us-east-1:123456789012:rule/r' } });
    expect(await putAndTold(stack, 'a.csv')).toEqual(['a.csv']);
    expect(await putAndTold(stack, 'a.txt')).toEqual([]);
    await stack.deploy({ ...rule({ State: 'DISABLED' }), ...bucket(ON) });
    expect(await putAndTold(stack, 'b.csv')).toEqual([]);
    await stack.deploy({ ...rule(), ...bucket({}) });
    expect(await putAndTold(stack, 'c.csv')).toEqual([]);
    await stack.deploy(bucket(ON));
    expect(await putAndTold(stack, 'd.csv')).toEqual([]);
  }));

  test('hears of a bucket whose events the CDK has turned on', () => withLocalStack(async (stack) => {
    const on = (NotificationConfiguration: object) => ({ On: { Type: 'Custom::S3BucketNotifications', Properties: { ServiceToken: 'arn:f', BucketName: { Ref: 'Data' }, NotificationConfiguration, Managed: true } } });
    await stack.deploy({ ...rule(), ...bucket({}), ...on({ EventBridgeConfiguration: {} }) });
    expect(await putAndTold(stack, 'a.csv')).toEqual(['a.csv']);
    expect(failureOf(await stack.deploy({ ...rule(), ...bucket({}), ...on({ QueueConfigurations: [] }) }))).toBe('Not supported by the local AWS: QueueConfigurations of the notifications of a bucket; EventBridgeConfiguration is');
    expect(await putAndTold(stack, 'b.csv')).toEqual(['b.csv']);
  }));

  test.each<[object, string]>([
    [{ EventBusName: 'mine' }, 'EventBusName mine'], [{ Targets: [{ Id: 'Q', Arn: 'arn:aws:sqs:us-east-1:1:q' }] }, 'target arn:aws:sqs'], [{ EventPattern: { source: ['x', { cidr: 'y' }] } }, 'Event pattern is not valid'],
    [{ EventPattern: { $ref: 1 }, ScheduleExpression: 'rate(1 week)' }, 'rate(1 week)'], [{ Mystery: 1 }, 'Mystery of a rule'],
  ])('with %j is refused by name', (more, why) => withLocalStack(async ({ deploy }) => { expect(failureOf(await deploy(rule(more)))).toContain(why); }));
});

describe('a schedule', () => {
  const schedule = (more: object) => ({ S: { Type: 'AWS::Scheduler::Schedule', Properties: { Name: 's', ScheduleExpression: 'cron(0 3 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: MACHINE, RoleArn: 'arn:aws:iam::123456789012:role/r', Input: '{}' }, ...more } } });

  test('is made, changed and deleted', () => withLocalStack(async ({ deploy, destroy }) => {
    expect((await deploy(schedule({}))).resources.S?.physical).toEqual({ physicalId: 's', attributes: { Arn: 'arn:aws:scheduler:us-east-1:123456789012:schedule/default/s' } });
    expect(await deploy(schedule({ State: 'DISABLED' }))).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  }));

  test.each<[object, string]>([
    [{ ScheduleExpression: 'rate(soon)' }, 'Parameter ScheduleExpression is not valid: rate(soon)'], [{ ScheduleExpressionTimezone: 'Mars/Base' }, 'there is no time zone Mars/Base'],
    [{ Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', RoleArn: 'r' } }, 'target arn:aws:scheduler:::aws-sdk:sqs:sendMessage'], [{ Target: { Arn: MACHINE, RoleArn: 'r', EcsParameters: {} } }, 'EcsParameters of the target of a schedule'],
  ])('with %j is refused by name', (more, why) => withLocalStack(async ({ deploy }) => { expect(failureOf(await deploy(schedule(more)))).toContain(why); }));
});
