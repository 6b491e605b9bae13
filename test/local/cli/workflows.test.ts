import { readServerInfo } from '../../../lib/local/server-file';
import { join } from 'node:path';
import { inAppFolder, type AppFolder } from '../../support/assembly';

jest.setTimeout(120_000);

const task = (resource: string, Parameters: object, more: object = {}) => ({ Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters, ...more });
/** Publishes what it is given to the parameter that the stack reads, and has CloudFormation update that. */
const PUBLISH = {
  StartAt: 'Given?', TimeoutSeconds: 60,
  States: {
    'Given?': { Type: 'Choice', Choices: [{ Variable: '$.model', IsPresent: true, Next: 'Put' }, { Variable: '$.pause', IsPresent: true, Next: 'Pause' }], Default: 'Nothing' },
    'Nothing': { Type: 'Fail', Error: 'NothingGiven', Cause: 'say which model' },
    'Pause': { Type: 'Wait', SecondsPath: '$.pause', Next: 'Pause' },
    'Put': task('aws-sdk:ssm:putParameter', { 'Name': '/model', 'Value.$': '$.model', 'Overwrite': true }, { ResultPath: null, Next: 'Update' }),
    'Update': task('aws-sdk:cloudformation:updateStack', { StackName: 'Reader', UsePreviousTemplate: true, Capabilities: ['CAPABILITY_IAM'] }, { ResultPath: null, Next: 'Look', Catch: [{ ErrorEquals: ['CloudFormation.CloudFormationException'], ResultPath: '$.refused', Next: 'Tell' }] }),
    'Look': task('aws-sdk:cloudformation:describeStacks', { StackName: 'Reader' }, { ResultPath: '$.now', Next: 'Done?' }),
    'Done?': { Type: 'Choice', Choices: [{ Variable: '$.now.Stacks[0].StackStatus', StringEquals: 'UPDATE_COMPLETE', Next: 'Tell' }], Default: 'Wait' },
    'Wait': { Type: 'Wait', Seconds: 30, Next: 'Look' },
    'Tell': task('sns:publish', { 'TopicArn': 'arn:aws:sns:us-east-1:123456789012:news', 'Subject': 'Published', 'Message.$': "States.Format('now {}', $.model)" }, { ResultPath: null, OutputPath: '$.model', End: true }),
  },
};
const READER = {
  Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/model' } },
  Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } }, Served: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/served', Type: 'String', Value: { Ref: 'Model' } } } },
  Outputs: { Serves: { Value: { Ref: 'Model' } } },
};
const WORKFLOW = {
  Resources: {
    Model: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/model', Type: 'String', Value: 'first' } },
    News: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } },
    Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'publish', RoleArn: 'arn:aws:iam::123456789012:role/r', DefinitionString: JSON.stringify(PUBLISH) } },
    Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'new-data-of-tests', NotificationConfiguration: { EventBridgeConfiguration: {} } } },
    OnData: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['aws.s3'] }, Targets: [{ Id: 'T', Arn: { Ref: 'Machine' }, RoleArn: 'r', InputTransformer: { InputPathsMap: { key: '$.detail.object.key' }, InputTemplate: '{"model": <key>}' } }] } },
    Nightly: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'cron(0 3 1 1 ? 2199)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: { Ref: 'Machine' }, RoleArn: 'r' } } },
  },
};

const deployed = (work: (app: AppFolder) => Promise<void>) => inAppFolder(async (app) => {
  app.write({ Workflow: WORKFLOW });
  const { code, err } = await app.local('deploy');
  expect([code, err]).toEqual([0, expect.stringContaining('Workflow: 1 AWS::Scheduler::Schedule: fires by the clock, but only while the local AWS runs')]);
  app.write({ Reader: READER });
  expect(await app.local('deploy')).toMatchObject({ code: 0, out: 'Reader.Serves = first\n' });
  await work(app);
});

describe('a workflow', () => {
  test('that is started by hand publishes and moves the stack that reads it; what is deployed then stays so', () => deployed(async ({ local }) => {
    const run = await local('start', 'Workflow', '--input', '{"model":"second"}', '--follow');
    expect(run).toMatchObject({ code: 0, out: '"second"\n' });
    expect([...run.err.matchAll(/^\d\d:\d\d:\d\d {2}Entered {13}(.+)$/gm)].map(([, state]) => state).filter((state, index, all) => all.indexOf(state) === index)).toEqual(['Given?', 'Put', 'Update', 'Look', 'Done?', ...run.err.includes('Entered             Wait') ? ['Wait'] : [], 'Tell']);
    expect(run.err).toMatch(/ExecutionSucceeded$/m);
    // The template says `first`, and is the same; the parameter says `second`.
    expect(await local('deploy')).toMatchObject({ code: 0, out: 'Reader.Serves = second\n', err: expect.stringContaining('Reader: no changes') });
    expect(JSON.parse((await local('messages', 'news', '--json')).out)).toMatchObject([{ subject: 'Published', message: 'now second' }]);
    expect((await local('messages')).out).toMatch(/news {2}Published\n {2}now second\n$/);
    expect((await local('executions', 'Workflow')).out).toMatch(/^SUCCEEDED {2}\S+Z {2}My\/Machine {2}arn:aws:states:us-east-1:123456789012:execution:publish:[0-9a-f-]{36}\n$/);
  }));

  test('that fails says why, and changes nothing; one that is stopped ends with another exit code', () => deployed(async ({ folder, local }) => {
    expect(await local('start', 'My/Machine', '--follow')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/ExecutionFailed.*\nMy\/Machine is FAILED: NothingGiven: say which model\n$/) });
    const failed = await local('start', 'publish', '--follow', '--json');
    expect([failed.code, JSON.parse(failed.out)]).toEqual([1, expect.objectContaining({ ok: false, message: expect.stringContaining('NothingGiven: say which model'), status: 'FAILED', error: 'NothingGiven' })]);
    const running = local('start', 'Workflow', '--input', '{"pause":1}', '--name', 'endless', '--follow');
    const { apiPort } = readServerInfo(join(folder, '.cdk-sagemaker'))!;
    const stop = () => fetch(`http://127.0.0.1:${apiPort}/`, { method: 'POST', headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'AWSStepFunctions.StopExecution' }, body: JSON.stringify({ executionArn: 'arn:aws:states:us-east-1:123456789012:execution:publish:endless' }) });
    while (!(await stop()).ok) { await new Promise((resolve) => { setTimeout(resolve, 50); }); }
    expect(await running).toMatchObject({ code: 3, err: expect.stringContaining('My/Machine is ABORTED') });
    expect(await local('deploy')).toMatchObject({ code: 0, out: 'Reader.Serves = first\n' });
  }));

  test('is started by a new object, and known after a restart', () => deployed(async ({ folder, local }) => {
    const { s3Port, pid } = readServerInfo(join(folder, '.cdk-sagemaker'))!;
    await fetch(`http://127.0.0.1:${s3Port}/new-data-of-tests/third`, { method: 'PUT', body: 'x' });
    const listed = async () => (JSON.parse((await local('executions', 'Workflow', '--json')).out) as { executions: { status: string }[] }[])[0]!.executions;
    while (!(await listed()).some(({ status }) => status === 'SUCCEEDED')) { await new Promise((resolve) => { setTimeout(resolve, 50); }); }
    process.kill(pid, 'SIGKILL');
    expect(await listed()).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await local('deploy')).toMatchObject({ code: 0, out: 'Reader.Serves = third\n' });
    expect(await local('start', 'None')).toMatchObject({ code: 1, err: expect.stringMatching(/^there is no workflow None in .*; there is Workflow\/My\/Machine\n$/) });
    expect(await local('start', 'Workflow/My/Machine', '--input', '{')).toMatchObject({ code: 2, err: '--input must be JSON, got {\n' });
  }));
});
