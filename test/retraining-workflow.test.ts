import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SnsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { App, Duration, NestedStack, Stack, Tags } from 'aws-cdk-lib/core';
import {
  Algorithm, Completion, DataSource, Framework, Hyperparameters, Metric, Model, ModelApprovalStatus, ModelPackageGroup, ObjectiveType, OutputLocation, QualityGate, Retraining, RetrainingTrigger, RetrainingWorkflow,
  Script, type RetrainingWorkflowProps,
} from 'cdk-sagemaker';
import { join } from 'node:path';
import { ACCOUNT, Deployed, REGION } from './support/policy';
import { trainingIn, trainingProps, tuningDefinition } from './support/stacks';
import { definitionOf, executionArn, failing, MACHINE, run, WorkflowAws, type Ending } from './support/workflow-aws';

const METRIC = Metric.regex('validation:auc', 'auc=([0-9.]+)');
const PARAMETER = '/digits/artifact';
const scored = (value: unknown): Ending => ({ FinalMetricDataList: [{ MetricName: 'train:loss', Value: 7 }, { MetricName: 'validation:auc', Value: value }] });

/** A stack that learns, with a workflow, and one that serves. */
function workflow(props: (stack: Stack) => Partial<RetrainingWorkflowProps> = () => ({})) {
  const app = new App();
  const env = { account: ACCOUNT, region: REGION };
  const stack = new Stack(app, 'Learn', { env });
  new Stack(app, 'Serve', { env });
  const output = OutputLocation.fromBucket(Bucket.fromBucketName(stack, 'Out', 'out'), 'jobs');
  const made = new RetrainingWorkflow(stack, 'Retrain', { job: Retraining.train({ ...trainingProps(), metrics: [METRIC], output }), ...props(stack) });
  return { app, stack, made, definition: () => definitionOf(new Deployed(stack)) };
}

/** The whole way, but for the registry. */
const whole = (stack: Stack): Partial<RetrainingWorkflowProps> => ({
  qualityGate: QualityGate.atLeast('validation:auc', 0.9),
  publishTo: StringParameter.fromStringParameterName(stack, 'Published', PARAMETER),
  updates: [stack.node.root.node.findChild('Serve') as Stack],
  notify: Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:${REGION}:${ACCOUNT}:told`),
});

const ofWhole = workflow(whole).definition();

/** AWS with a serving stack and the model before. */
function aws(...endings: Ending[]): WorkflowAws {
  const world = new WorkflowAws(endings);
  world.parameters.set(PARAMETER, 's3://out/before');
  world.stacks.set('Serve', { statuses: ['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'], parameters: [{ ParameterKey: 'A', ParameterValue: '/digits/artifact', ResolvedValue: 's3://out/before' }, { ParameterKey: 'B', ParameterValue: '****' }] });
  return world;
}

describe('A run', () => {
  test('trains, judges, publishes the artifact, has CloudFormation update the stack, and tells', async () => {
    const world = aws(scored(0.95));
    expect(await run(ofWhole, world)).toMatchObject({ status: 'SUCCEEDED' });
    const [launched] = world.of('sagemaker:createTrainingJob.sync');
    expect(launched.TrainingJobName).toMatch(/^learn-retrain-job-[0-9a-f]{8}-[0-9a-f]{4}$/);
    const artifact = `s3://out/jobs/${launched.TrainingJobName}/output/model.tar.gz`;
    expect(world.parameters.get(PARAMETER)).toBe(artifact);
    expect(world.of('cloudformation:updateStack')).toEqual([{
      StackName: 'Serve', UsePreviousTemplate: true, Parameters: [{ ParameterKey: 'A', UsePreviousValue: true }, { ParameterKey: 'B', UsePreviousValue: true }],
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'], ClientRequestToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
    }]);
    const [message] = world.of('sns:publish');
    expect(message.Subject).toBe('Learn/Retrain: succeeded');
    expect(message.Message.split('\n')).toEqual([
      `${launched.TrainingJobName} has ended well, and its artifact is accepted: ${artifact}`,
      `Console: https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/${launched.TrainingJobName}`,
      `Logs: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3D${launched.TrainingJobName}`, `Run: ${executionArn('one')}`,
    ]);
  });

  test('that misses the gate changes nothing, and says by how much', async () => {
    const world = aws(scored(0.85));
    expect(await run(ofWhole, world)).toMatchObject({ status: 'FAILED', error: 'QualityGateMissed', cause: expect.stringMatching(/misses the quality gate: validation:auc must be at least 0.9, and is \[0.85\]$/) });
    expect(world.names.filter((name) => /put|update|createModelPackage/.test(name))).toEqual([]);
    expect(world.of('sns:publish')[0].Subject).toBe('Learn/Retrain: quality gate missed');
  });

  test.each<[string, Ending]>([
    ['has no metrics', {}], ['lacks the one metric', { FinalMetricDataList: [{ MetricName: 'train:loss', Value: 1 }] }], ['has no number for it', scored('NaN')],
  ])('whose job %s misses the gate', async (_what, ending) => {
    const world = aws(ending);
    expect(await run(ofWhole, world)).toMatchObject({ status: 'FAILED', error: 'QualityGateMissed', cause: expect.stringContaining('validation:auc') });
    expect(world.parameters.get(PARAMETER)).toBe('s3://out/before');
  });

  test.each([[QualityGate.atMost('validation:auc', 0.5), 0.5, 0.51], [QualityGate.atLeast('validation:auc', 0.5), 0.5, 0.49]])('is judged with the bound itself let through', async (qualityGate, good, bad) => {
    const definition = workflow((stack) => ({ ...whole(stack), qualityGate })).definition();
    expect((await run(definition, aws(scored(good)))).status).toBe('SUCCEEDED');
    expect((await run(definition, aws(scored(bad)))).status).toBe('FAILED');
  });

  test('whose job fails says why, changes nothing, and is not tried again', async () => {
    const world = aws({ status: 'Failed', FailureReason: 'AlgorithmError: it\'s {broken}' });
    expect(await run(ofWhole, world)).toMatchObject({ status: 'FAILED', error: 'JobFailed', cause: expect.stringMatching(/ended as Failed: AlgorithmError: it's \{broken\}$/) });
    expect(world.of('sagemaker:createTrainingJob.sync')).toHaveLength(1);
    expect(world.names).not.toContain('ssm:putParameter');
  });

  test('asks again, under another name, when there were no instances', async () => {
    const none = { status: 'Failed', FailureReason: 'CapacityError: Unable to provision requested ML compute capacity' };
    const world = aws(none, none, scored(0.95));
    expect(await run(ofWhole, world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(new Set(world.of('sagemaker:createTrainingJob.sync').map(({ TrainingJobName }) => TrainingJobName)).size).toBe(3);
    expect(await run(ofWhole, aws(none))).toMatchObject({ status: 'FAILED', error: 'JobFailed' });
  });

  test('launches one job however often the call is repeated, and waits for one whose launch was answered too late', async () => {
    const world = aws(scored(0.95));
    let calls = 0;
    world.instead['sagemaker:createTrainingJob.sync'] = () => failing(calls++ < 2 ? 'SageMaker.ResourceLimitExceededException' : 'SageMaker.ResourceInUseException', 'Training job names must be unique');
    const looks = ['InProgress', 'Stopping', 'Completed'];
    world.instead['sagemaker:describeTrainingJob'] = () => ({ TrainingJobStatus: looks.shift(), TrainingJobArn: 'arn', ModelArtifacts: { S3ModelArtifacts: 's3://out/late' }, ...scored(0.95) });
    expect(await run(ofWhole, world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(new Set(world.of('sagemaker:createTrainingJob.sync').map(({ TrainingJobName }) => TrainingJobName)).size).toBe(1);
    expect(world.parameters.get(PARAMETER)).toBe('s3://out/late');
  });

  test.each([[false], [true]])('whose job takes longer than it may stops it and accepts nothing, also where it completes (it can be stopped: %s)', async (canStop) => {
    const world = aws(scored(0.95));
    world.instead['sagemaker:createTrainingJob.sync'] = () => failing('States.Timeout', 'timed out');
    world.instead['sagemaker:stopTrainingJob'] = () => (canStop ? {} : failing('SageMaker.SageMakerException', 'The request was rejected because the training job is in status Completed.'));
    expect(await run(ofWhole, world)).toMatchObject({ status: 'FAILED', error: 'JobFailed', cause: expect.stringContaining('longer than it may (jobTimeout), and was stopped') });
    const [{ TrainingJobName }] = world.of('sagemaker:createTrainingJob.sync');
    expect(world.of('sagemaker:stopTrainingJob')[0]).toEqual({ TrainingJobName });
    expect(world.names).not.toContain('ssm:putParameter');
  });

  test.each([[Duration.hours(2), 14, 18], [Duration.days(365), 300, 302]])('whose job does not end is looked at a bounded number of times, with a limit of %s', async (jobTimeout, least, most) => {
    const world = aws(scored(0.95));
    world.instead['sagemaker:createTrainingJob.sync'] = () => failing('States.TaskFailed', 'lost');
    world.instead['sagemaker:describeTrainingJob'] = () => ({ TrainingJobStatus: 'InProgress' });
    world.instead['sagemaker:stopTrainingJob'] = () => ({});
    expect(await run(workflow((stack) => ({ ...whole(stack), jobTimeout })).definition(), world)).toMatchObject({ status: 'FAILED', error: 'JobFailed' });
    expect(world.of('sagemaker:stopTrainingJob')).toHaveLength(1);
    const looks = world.of('sagemaker:describeTrainingJob').length;
    expect(looks >= least && looks <= most ? 'bounded' : looks).toBe('bounded');
  });

  test('whose job is never launched says what SageMaker said', async () => {
    const world = aws();
    world.instead['sagemaker:createTrainingJob.sync'] = () => failing('SageMaker.AmazonSageMakerException', 'not authorized');
    expect(await run(ofWhole, world)).toMatchObject({ status: 'FAILED', error: 'JobNotLaunched', cause: expect.stringContaining('SageMaker.AmazonSageMakerException: not authorized') });
  });

  test.each([[false, 'FAILED'], [true, 'SUCCEEDED']])('with acceptTimeLimit %s and a job at its limit is %s', async (acceptTimeLimit, status) => {
    const job = Retraining.train({ ...trainingProps(), acceptTimeLimit });
    const ended = await run(workflow(() => ({ job })).definition(), aws({ status: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' }));
    expect(ended.status).toBe(status);
    expect((await run(workflow(() => ({ job })).definition(), aws({ status: 'Stopped', SecondaryStatus: 'Stopped' }))).status).toBe('FAILED');
  });
});

describe('A stack that reads the parameter', () => {
  const definition = () => ofWhole;
  const state = (world: WorkflowAws, statuses: string[], refuses?: string[], more = {}) => world.stacks.set('Serve', { statuses, refuses, ...more });

  test('is waited for while somebody else updates it', async () => {
    const world = aws(scored(0.95));
    state(world, ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'], ['Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated.', '']);
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.of('cloudformation:updateStack')).toHaveLength(2);
      });

  test('that has nothing to update is up to date', async () => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE'], ['No updates are to be performed.']);
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.parameters.get(PARAMETER)).toMatch(/model.tar.gz$/);
  });

  test('that is not there yet will read it when it is deployed', async () => {
    const world = aws(scored(0.95));
    world.stacks.clear();
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.names).not.toContain('cloudformation:updateStack');
  });

  test('that is rolled back puts the parameter back, and the run says so', async () => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(await run(definition(), world)).toMatchObject({ status: 'FAILED', error: 'StackNotUpdated', cause: expect.stringContaining('stack Serve ended as UPDATE_ROLLBACK_COMPLETE') });
    expect(world.parameters.get(PARAMETER)).toBe('s3://out/before');
    expect(world.of('sns:publish')[0].Subject).toBe('Learn/Retrain: failed');
  });

  test('that fails leaves alone what somebody else has published meanwhile', async () => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
    world.instead['cloudformation:updateStack'] = () => { world.parameters.set(PARAMETER, 's3://out/a-deployment'); world.beginsUpdate('Serve'); return {}; };
    expect(await run(definition(), world)).toMatchObject({ status: 'FAILED' });
    expect(world.parameters.get(PARAMETER)).toBe('s3://out/a-deployment');
  });

  test('that fails puts back what another workflow has published in the same parameter', async () => {
    const world = aws(scored(0.95));
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    const published = world.parameters.get(PARAMETER);
    state(world, ['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(await run(workflow(whole).definition(), world)).toMatchObject({ status: 'FAILED', error: 'StackNotUpdated' });
    expect([world.of('ssm:putParameter').length, world.parameters.get(PARAMETER)]).toEqual([3, published]);
  });

  const LOST = ['CloudFormation.SdkClientException', 'Unable to execute HTTP request: Read timed out'] as const;
  const BUSY = ['CloudFormation.CloudFormationException', 'Service Unavailable (Service: CloudFormation, Status Code: 503, Request ID: 1)'] as const;

  test.each<[readonly [string, string], number]>([[LOST, 1], [LOST, 9], [BUSY, 1], [BUSY, 9], [['CloudFormation.CloudFormationException', 'Rate exceeded (Service: CloudFormation, Status Code: 400)'] as const, 9]])('is asked again after %j, %i times', async (fault, times) => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE']);
    let asked = 0;
    world.instead['cloudformation:updateStack'] = () => {
      if (asked++ < times) { return failing(...fault); }
      state(world, ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']);
      world.beginsUpdate('Serve');
      return {};
    };
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(asked).toBe(times + 1);
    if (times === 1 && fault === LOST) { expect(new Set(world.of('cloudformation:updateStack').map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1); }
  });

  test.each<[readonly [string, string]]>([[LOST], [BUSY]])('whose answer is lost (%j) is waited for, and keeps what CloudFormation has moved', async (fault) => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE']);
    let asked = 0;
    world.instead['cloudformation:updateStack'] = () => {
      if (asked++ === 0) { state(world, ['UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']); world.beginsUpdate('Serve'); }
      if (world.stacks.get('Serve')!.statuses.length > 1) { return failing(...fault); }
      return failing('CloudFormation.CloudFormationException', 'No updates are to be performed.');
    };
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.parameters.get(PARAMETER)).toMatch(/model.tar.gz$/);
  });

  test.each([['UPDATE_COMPLETE', 'SUCCEEDED'], ['UPDATE_ROLLBACK_COMPLETE', 'FAILED']])('that was updated by a lost call before the one that is refused ends as it ends: %s', async (last, status) => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE']);
    let asked = 0;
    world.instead['cloudformation:updateStack'] = () => {
      if (asked++ > 0) { return failing('CloudFormation.CloudFormationException', 'Access denied (Service: CloudFormation, Status Code: 403)'); }
      state(world, ['UPDATE_IN_PROGRESS', last]);
      world.beginsUpdate('Serve');
      return failing(...LOST);
    };
    expect(await run(definition(), world)).toMatchObject({ status });
    expect(world.parameters.get(PARAMETER) === 's3://out/before').toBe(status === 'FAILED');
  });

  test.each([10, 30])('that can\'t be looked at %i times while it is updated is looked at again', async (times) => {
    const world = aws(scored(0.95));
    let looks = 0;
    world.instead['cloudformation:describeStacks'] = (request) => {
      if (world.names.includes('cloudformation:updateStack') && looks++ < times) { return failing(...LOST); }
      const kept = world.instead['cloudformation:describeStacks']!;
      delete world.instead['cloudformation:describeStacks'];
      try { world.calls.pop(); return world.perform('arn:aws:states:::aws-sdk:cloudformation:describeStacks', request); } finally { world.instead['cloudformation:describeStacks'] = kept; }
    };
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.of('cloudformation:updateStack')).toHaveLength(1);
  });

  test.each([['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'FAILED'], ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'SUCCEEDED']])('that still shows %s from before its update is waited for until %s', async (before, after, status) => {
    const world = aws(scored(0.95));
    state(world, [before], undefined, before === 'UPDATE_COMPLETE' ? { updated: '2026-01-01T00:00:00.000Z' } : {});
    let looks = 0;
    const describe = () => ({ Stacks: [{
      StackName: 'Serve', RoleARN: 'role', ...(looks++ < 3 ? { StackStatus: before, ...(before === 'UPDATE_COMPLETE' && { LastUpdatedTime: '2026-01-01T00:00:00.000Z' }) } : { StackStatus: after, LastUpdatedTime: '2026-01-05T04:00:00.000Z' }),
    }] });
    world.instead['cloudformation:describeStacks'] = describe;
    expect(await run(definition(), world)).toMatchObject({ status });
    expect(looks).toBe(4);
  });

  test('whose update never begins is given up, and the parameter put back', async () => {
    const world = aws(scored(0.95));
    state(world, ['UPDATE_COMPLETE'], undefined, { updated: '2026-01-01T00:00:00.000Z' });
    world.instead['cloudformation:updateStack'] = () => ({});
    expect(await run(definition(), world)).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('not begun it within 20 minutes') });
    expect(world.of('cloudformation:describeStacks').length).toBeLessThan(15);
    expect(world.parameters.get(PARAMETER)).toBe('s3://out/before');
  });

  test('whose update does not end keeps the parameter, and that of somebody else puts it back; both in a bounded number of looks', async () => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS']);
    expect(await run(definition(), world)).toMatchObject({ status: 'FAILED', error: 'StackNotUpdated', cause: expect.stringContaining('it goes on, and nothing was put back') });
    expect(world.parameters.get(PARAMETER)).toMatch(/model.tar.gz$/);
    const other = aws(scored(0.95));
    state(other, ['UPDATE_IN_PROGRESS']);
    expect(await run(definition(), other)).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('was busy for too long') });
    expect(other.parameters.get(PARAMETER)).toBe('s3://out/before');
    for (const { names } of [world, other]) { expect(names.filter((name) => name === 'cloudformation:describeStacks').length).toBeLessThan(110); }
  });

  test('that has only a change set in review is not there yet', async () => {
    const world = aws(scored(0.95));
    state(world, ['REVIEW_IN_PROGRESS']);
    expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.of('cloudformation:describeStacks')).toHaveLength(1);
  });

  test('without a service role is not touched', async () => {
    const world = aws(scored(0.95));
    state(world, ['CREATE_COMPLETE'], undefined, { roleArn: '' });
    expect(await run(definition(), world)).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('no service role') });
    expect(world.names).not.toContain('cloudformation:updateStack');
    expect(world.parameters.get(PARAMETER)).toBe('s3://out/before');
  });

  test('that fails takes those before it back', async () => {
    const world = aws(scored(0.95));
    world.stacks.set('First', { statuses: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] });
    state(world, ['CREATE_COMPLETE'], ['Template error: broken']);
    const both = workflow((stack) => ({ ...whole(stack), updates: [new Stack(stack.node.root, 'First', { env: { account: ACCOUNT, region: REGION } })], updateStackNames: ['Serve'] })).definition();
    expect(await run(both, world)).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('Template error: broken') });
    expect(world.of('cloudformation:updateStack').map(({ StackName }) => StackName)).toEqual(['First', 'Serve', 'First']);
    expect(world.parameters.get(PARAMETER)).toBe('s3://out/before');
  });
});

describe('Of several runs', () => {
  const definition = () => ofWhole;
  const running = (...names: string[]) => names.map((name) => ({ ExecutionArn: executionArn(name), Status: 'RUNNING' }));

  test('the oldest goes on and the others end at once, well', async () => {
    const world = aws(scored(0.95));
    world.executions = running('three', 'two', 'one');
    expect(await run(definition(), world, {}, 'two')).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.names).toEqual(['sfn:listExecutions']);
    expect(await run(definition(), world, {}, 'one')).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.names).toContain('sagemaker:createTrainingJob.sync');
  });

  test('the oldest is looked for on every page', async () => {
    const world = aws(scored(0.95));
    world.instead['sfn:listExecutions'] = ({ NextToken }) => (NextToken === 'two' ? { Executions: running('one') } : { Executions: running('three', 'two'), NextToken: 'two' });
    expect((await run(definition(), world, {}, 'two')).status).toBe('SUCCEEDED');
    expect(world.names).toEqual(['sfn:listExecutions', 'sfn:listExecutions']);
  });

  test('one that does not find itself in the list yet looks again', async () => {
    const world = aws(scored(0.95));
    let looks = 0;
    world.instead['sfn:listExecutions'] = () => ({ Executions: looks++ === 0 ? [] : running('one') });
    expect((await run(definition(), world)).status).toBe('SUCCEEDED');
    expect(world.names).toContain('sagemaker:createTrainingJob.sync');
  });

  test.each<[string, Ending]>([['well', scored(0.95)], ['at the gate', scored(0.1)]])('one that ended %s starts another when something has come since its job began', async (_how, ending) => {
    const world = aws(ending);
    world.instead['sagemaker:createTrainingJob.sync'] = (request) => {
      world.executions.unshift({ ExecutionArn: executionArn('two'), Status: 'SUCCEEDED' });
      delete world.instead['sagemaker:createTrainingJob.sync'];
      return world.perform('arn:aws:states:::sagemaker:createTrainingJob.sync', request);
    };
    await run(definition(), world);
    expect(world.of('sfn:startExecution')).toEqual([{ StateMachineArn: MACHINE, Input: JSON.stringify({ after: executionArn('one') }) }]);
  });

  test('what came before the job began starts nothing more', async () => {
    const world = aws(scored(0.95));
    world.executions = [{ ExecutionArn: executionArn('two'), Status: 'SUCCEEDED' }, ...world.executions];
    await run(definition(), world);
    expect(world.of('sfn:startExecution')).toEqual([]);
  });

  test('one that was started so waits for the run before it, and ends for any other', async () => {
    const world = aws(scored(0.95));
    let looks = 0;
    world.instead['sfn:listExecutions'] = ({ StatusFilter }) => ({ Executions: StatusFilter && looks++ < 2 ? running('two', 'one') : running('two') });
    expect((await run(definition(), world, { after: executionArn('one') }, 'two')).status).toBe('SUCCEEDED');
    expect(world.names).toContain('sagemaker:createTrainingJob.sync');
    const other = aws(scored(0.95));
    other.executions = running('three', 'two');
    expect((await run(definition(), other, { after: executionArn('one') }, 'three')).status).toBe('SUCCEEDED');
    expect(other.names).toEqual(['sfn:listExecutions']);
  });
});

describe('QualityGate.notWorseThanBefore', () => {
  const gated = (goal: ObjectiveType) => workflow((stack) => ({ ...whole(stack), qualityGate: QualityGate.notWorseThanBefore('validation:auc', { goal }) }));
  const accepted = (world: WorkflowAws) => JSON.parse([...world.parameters].find(([name]) => name !== PARAMETER)![1]);

  test.each([[ObjectiveType.MAXIMIZE, 0.8, 0.7], [ObjectiveType.MINIMIZE, 0.7, 0.8]])('%s compares with the last run that was accepted, and the first with nothing', async (goal, good, bad) => {
    const { stack } = gated(goal);
    const deployed = new Deployed(stack);
    const [, { Value, Type }] = deployed.ofType('AWS::SSM::Parameter')[0]!;
    expect([Value, Type]).toEqual(['{}', 'String']);
    const world = aws(scored(0.75), scored(bad), scored(0.75), scored(good), scored(0.75));
    world.instead['cloudformation:describeStacks'] = () => failing('CloudFormation.CloudFormationException', 'Stack with id Serve does not exist');
    world.parameters.set(definitionOf(deployed).States.Recall.Parameters.Name, '{}');
    const definition = definitionOf(deployed);
    expect((await run(definition, world)).status).toBe('SUCCEEDED');
    expect(Object.values(accepted(world))).toEqual([0.75]);
    expect(await run(definition, world)).toMatchObject({ status: 'FAILED', error: 'QualityGateMissed' });
    expect(Object.values(accepted(world))).toEqual([0.75]);
    expect((await run(definition, world)).status).toBe('SUCCEEDED');
    expect((await run(definition, world)).status).toBe('SUCCEEDED');
    expect(Object.values(accepted(world))).toEqual([good]);
    expect((await run(definition, world)).status).toBe('FAILED');
  });
});

test('A tuning job counts by its best job', async () => {
  const job = Retraining.tune({ definition: tuningDefinition({ metrics: [METRIC, Metric.regex('accuracy', 'acc=(.*)')] }), maxJobs: 4, maxParallelJobs: 2 });
  const definition = () => workflow((stack) => ({ ...whole(stack), job })).definition();
  const world = aws({ BestTrainingJob: { TrainingJobName: 'best' }, metrics: scored(0.93).FinalMetricDataList });
  expect(await run(definition(), world)).toMatchObject({ status: 'SUCCEEDED' });
  const [{ HyperParameterTuningJobName: name }] = world.of('sagemaker:createHyperParameterTuningJob.sync');
  expect(name.length).toBeLessThanOrEqual(32);
  expect(world.parameters.get(PARAMETER)).toBe('s3://out/best/model.tar.gz');
  expect(await run(definition(), aws({}))).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('none of the jobs') });
});

test('The model is registered before anything moves, with the artifact of the run', async () => {
  const world = aws(scored(0.95));
  const definition = workflow((stack) => ({
    ...whole(stack),
    register: { group: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'digits'), contentTypes: ['text/csv'], responseTypes: ['text/csv'], approvalStatus: ModelApprovalStatus.APPROVED, metadata: { lowerCase: 'kept' } },
  })).definition();
  expect((await run(definition, world)).status).toBe('SUCCEEDED');
  const name = world.of('sagemaker:createTrainingJob.sync')[0].TrainingJobName;
  expect(world.of('sagemaker:createModelPackage')).toEqual([{
    ModelPackageGroupName: 'digits', ModelApprovalStatus: 'Approved', CustomerMetadataProperties: { lowerCase: 'kept' }, ClientToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
    MetadataProperties: { GeneratedBy: `arn:aws:sagemaker:eu-west-1:123456789012:training-job/${name}` },
    InferenceSpecification: {
      Containers: [{ Image: expect.stringContaining('my/image'), ModelDataUrl: `s3://out/jobs/${name}/output/model.tar.gz` }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'],
    },
  }]);
  expect(world.names.indexOf('sagemaker:createModelPackage')).toBeLessThan(world.names.indexOf('ssm:putParameter'));
});

test('Triggers start this machine and no other', () => {
  const { stack } = workflow((scope) => ({
    triggers: [RetrainingTrigger.schedule(ScheduleExpression.rate(Duration.days(7))), RetrainingTrigger.newData(new Bucket(scope, 'Data'), { prefix: 'in/', suffix: '_SUCCESS' }), RetrainingTrigger.onDeploy()],
  }));
  const deployed = new Deployed(stack);
  expect(deployed.ofType('AWS::Scheduler::Schedule').map(([, { ScheduleExpression: at, FlexibleTimeWindow: window, Target: { Input } }]) => [at, window, Input])).toEqual([['rate(7 days)', { Mode: 'OFF' }, '{"trigger":"schedule"}']]);
  expect(deployed.ofType('AWS::Events::Rule').map(([, { EventPattern }]) => EventPattern.detail)).toEqual([
    { bucket: { name: [expect.any(String)] }, object: { key: [{ wildcard: 'in/*_SUCCESS' }] } },
    { 'stack-id': [expect.any(String)], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] } },
  ]);
  expect(deployed.ofType('AWS::S3::Bucket').map(([, { NotificationConfiguration }]) => NotificationConfiguration)).toEqual([{ EventBridgeConfiguration: { EventBridgeEnabled: true } }]);
});

test('Tags of the app do not reach the parameters that a run writes', () => {
  const { app, stack } = workflow((scope) => ({
    qualityGate: QualityGate.notWorseThanBefore('validation:auc', { goal: ObjectiveType.MAXIMIZE }), publishTo: new StringParameter(scope, 'Published', { stringValue: 'none yet' }),
  }));
  new StringParameter(stack, 'Other', { stringValue: 'x' });
  Tags.of(app).add('team', 'bikes');
  expect(new Deployed(stack).ofType('AWS::SSM::Parameter').map(([id, { Tags: tags }]) => [id.replace(/[0-9A-F]{8}$/, ''), tags]).sort()).toEqual([['Other', { team: 'bikes' }], ['Published', undefined], ['RetrainAccepted', undefined]]);
});

describe('New data that the job itself writes', () => {
  const out = (stack: Stack) => (stack.node.tryFindChild('Mine') ?? Bucket.fromBucketName(stack, 'Mine', 'out')) as Bucket;
  const made = (options: object, job?: (stack: Stack) => Retraining) => () => workflow((stack) => ({ ...(job && { job: job(stack) }), triggers: [RetrainingTrigger.newData(out(stack), options)] }));
  const own = (stack: Stack) => Retraining.train({ ...trainingProps(), output: OutputLocation.fromBucket(new Bucket(stack, 'Mine'), 'jobs/') });

  test.each([[{}, 'none'], [{ prefix: 'jobs/' }, 'jobs/'], [{ prefix: 'jo' }, 'jo'], [{ prefix: 'jobs/', suffix: '.tar.gz' }, 'jobs/']])('is refused: %j', (options, got) => {
    expect(made(options)).toThrow(`Learn/Retrain: triggers[0]: prefix must be one below which the job of the workflow does not write, as it does in s3://out/jobs/learn-retrain-job-*: each run would start the next, got ${got}`);
  });

  test('is refused in a bucket that is yet to be made', () => expect(made({}, own)).toThrow('as it does in the bucket, /jobs/learn-retrain-job-*: each run'));

  test.each([[{ prefix: 'in/' }], [{ prefix: 'jobs-in/' }], [{ prefix: 'jobs/', suffix: '_SUCCESS' }]])('is not meant by %j', (options) => expect(made(options)).not.toThrow());
});

describe('A workflow is refused', () => {
  const refused = (props: (stack: Stack) => Partial<RetrainingWorkflowProps>) => () => workflow(props);
  const parameter = (stack: Stack) => StringParameter.fromStringParameterName(stack, 'Published', PARAMETER);
  const model = (stack: Stack) => Model.fromModelName(stack, 'Model', 'digits');
  const input = (stack: Stack) => DataSource.fromBucket(Bucket.fromBucketName(stack, 'In', 'batches'), 'batch/');
  const transform = (stack: Stack) => Retraining.transform(model(stack), { input: input(stack), instanceType: 'ml.m5.large' });
  const below = { group: {} as ModelPackageGroup, contentTypes: ['text/csv'], responseTypes: ['text/csv'] };

  test.each<[string, (stack: Stack) => Partial<RetrainingWorkflowProps>, string]>([
    ['without a job', () => ({ job: undefined as never }), 'Learn/Retrain: job must be a Retraining, for instance Retraining.ofTrainingJob(training), got undefined'],
    ['with a gate about another metric', () => ({ qualityGate: QualityGate.atLeast('f1', 1) }), 'Learn/Retrain: qualityGate must be one of validation:auc, got f1'],
    ['with a margin', () => ({ qualityGate: QualityGate.notWorseThanBefore('validation:auc', { goal: ObjectiveType.MAXIMIZE, by: 0.1 }) }), 'qualityGate: by of validation:auc must be 0 or left out in a workflow'],
    ['with updates of what nobody reads', (stack) => ({ updates: [stack.node.root.node.findChild('Serve') as Stack] }), 'Learn/Retrain: publishTo must be given for updates'],
    ['with a stack twice', (stack) => ({ publishTo: parameter(stack), updates: [stack.node.root.node.findChild('Serve') as Stack], updateStackNames: ['Serve'] }), 'updates and updateStackNames must be unique, got Serve twice'],
    ['with a stack elsewhere', (stack) => ({ publishTo: parameter(stack), updates: [new Stack(stack.node.root, 'Far', { env: { account: ACCOUNT, region: 'us-east-1' } })] }), 'updates[0] must be in the region of the workflow, eu-west-1, got us-east-1'],
    ['with a nested stack', (stack) => ({ publishTo: parameter(stack), updates: [new NestedStack(stack, 'Inside')] }), 'updates[0] must be no nested stack'],
    ['with no name of a stack', (stack) => ({ publishTo: parameter(stack), updateStackNames: ['*'] }), 'updateStackNames[0] must be the name of a stack'],
    ['that deploys and starts by deployments', (stack) => ({ publishTo: parameter(stack), updates: [stack], triggers: [RetrainingTrigger.onDeploy()] }), 'triggers[0]: onDeploy must be left out where the workflow updates its own stack'],
    ['with a log level and no log', () => ({ logLevel: LogLevel.ALL }), 'logLevel must come with logGroup, got ALL'],
    ['of a transform job with a gate', (stack) => ({ job: transform(stack), qualityGate: QualityGate.atLeast('a', 1) }), 'qualityGate must be left out for a transform job'],
    ['of a transform job that publishes', (stack) => ({ job: transform(stack), publishTo: parameter(stack) }), 'publishTo must be left out for a transform job'],
    ['of a job with a life', () => ({ job: Retraining.train({ ...trainingProps(), completion: Completion.started() } as never) }), 'Learn/Retrain/Job: completion must be left out for a workflow'],
    ['of a job that is another stack\'s', (stack) => ({ job: Retraining.ofTrainingJob(trainingIn(stack.node.root.node.findChild('Serve') as Stack)) }), 'job must be of the stack of the workflow, Learn, got Serve/Train'],
    ['of a job with what Step Functions takes for a path', () => ({ job: Retraining.train({ ...trainingProps(), environment: { 'A.$': 'x' }, overrides: { Environment: { 'A.$': '$.x' } } }) }), 'got A.$'],
    ['with a metric that no path can have', () => ({ job: Retraining.train({ ...trainingProps(), metrics: [Metric.regex('it\'s', 'x=(.*)')] }), qualityGate: QualityGate.atLeast('it\'s', 1) }), 'qualityGate: metricName must be without quotes'],
    ['with a description of an approval', () => ({ register: { ...below, approvalDescription: 'fine' } }), 'register.approvalDescription must be left out'],
    ['with a bucket elsewhere', (stack) => ({ triggers: [RetrainingTrigger.newData(Bucket.fromBucketAttributes(stack, 'Far', { bucketName: 'far', region: 'us-east-1' }))] }), 'triggers[0]: bucket must be in the region of the workflow'],
    ['that tells a topic elsewhere', (stack) => ({ notify: Topic.fromTopicArn(stack, 'Far', `arn:aws:sns:us-east-1:${ACCOUNT}:told`) }), 'Learn/Retrain: notify must be in the region of the stack, eu-west-1, got us-east-1'],
    ['that tells a topic that keeps an order', (stack) => ({ notify: new Topic(stack, 'Ordered', { fifo: true }) }), 'Learn/Retrain: notify must be a standard topic'],
    ['with what is no list of triggers', () => ({ triggers: RetrainingTrigger.onDeploy() as never }), 'Learn/Retrain: triggers must be a list, got an OnDeployments'],
    ['with a window of a week', () => ({ triggers: [RetrainingTrigger.schedule(ScheduleExpression.rate(Duration.days(7)), { flexibleWindow: Duration.days(7) })] }), 'triggers[0]: flexibleWindow must be between 1 minute and 1 day'],
  ])('%s', (_what, props, words) => expect(refused(props)).toThrow(words));

  test('that registers a script which would have to be packed', () => {
    const script = Script.fromDirectory(join(__dirname, '..', 'examples', 'retraining', 'src'), { entryPoint: 'train.py' });
    const job = Retraining.train({ ...trainingProps(), algorithm: Algorithm.framework(Framework.pytorch('2.6'), { script }) });
    expect(refused((stack) => ({ job, register: { ...below, group: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'digits') as ModelPackageGroup } }))).toThrow('register: container.scriptPlacement must be ScriptPlacement.DOWNLOADED');
  });
});

test('A bucket made elsewhere is warned of, and one with notifications of its own keeps them', () => {
  const { stack } = workflow((scope) => ({ triggers: [RetrainingTrigger.newData(Bucket.fromBucketName(scope, 'Other', 'other'))] }));
  Annotations.fromStack(stack).hasWarning('/Learn/Retrain', Match.stringLikeRegexp('triggers\\[0\\]: bucket was made elsewhere'));
  const other = workflow((scope) => {
    const bucket = new Bucket(scope, 'Data');
    bucket.addEventNotification(EventType.OBJECT_REMOVED, new SnsDestination(new Topic(scope, 'Gone')));
    return { triggers: [RetrainingTrigger.newData(bucket)] };
  });
  const deployed = new Deployed(other.stack);
  expect(deployed.ofType('AWS::S3::Bucket')[0]![1].NotificationConfiguration).toBeUndefined();
  expect(deployed.ofType('Custom::S3BucketNotifications')[0]![1].NotificationConfiguration).toMatchObject({ EventBridgeConfiguration: {} });
  const late = workflow((scope) => ({ triggers: [RetrainingTrigger.newData(new Bucket(scope, 'Data'))] }));
  (late.stack.node.findChild('Data') as Bucket).addEventNotification(EventType.OBJECT_REMOVED, new SnsDestination(new Topic(late.stack, 'Gone')));
  expect(() => late.app.synth()).toThrow('must be given with all of its notifications');
});

describe('What a workflow launches is what the construct of its kind would launch', () => {
  const inOrder = (request: any) => { const { Tags: _, ...rest } = request; return rest; };

  test('for a training job, with its role and under its names', () => {
    const stack = new Stack(new App(), 'Learn', { env: { account: ACCOUNT, region: REGION } });
    const training = trainingIn(stack, { metrics: [METRIC], qualityGate: QualityGate.atLeast('validation:auc', 0.7) });
    const made = new RetrainingWorkflow(stack, 'Retrain', { job: Retraining.ofTrainingJob(training) });
    const deployed = new Deployed(stack);
    const [, { Request, NamePrefix }] = deployed.ofType('Custom::SageMakerTrainingJob')[0]!;
    const { 'TrainingJobName.$': name, ...launched } = definitionOf(deployed).States.Launch.Parameters;
    expect(JSON.parse(JSON.stringify(inOrder(launched), (_key, value) => (typeof value === 'number' ? String(value) : value)))).toEqual(JSON.parse(JSON.stringify(inOrder(Request), (_key, value) => (typeof value === 'number' ? String(value) : value))));
    expect([name, made.jobNamePrefix, made.jobRoles]).toEqual(['$.job.name', NamePrefix, [training.role]]);
    expect(definitionOf(deployed).States['Bound 1'].Comment).toBe('validation:auc must be at least 0.7');
    expect(deployed.ofType('AWS::IAM::Role').filter(([id]) => id.startsWith('Train'))).toHaveLength(1);
  });

  test('with the name of the run where the request has it', async () => {
    const script = Script.fromDirectory(join(__dirname, '..', 'examples', 'retraining', 'src'), { entryPoint: 'train.py' });
    const output = (stack: Stack) => OutputLocation.fromBucket(Bucket.fromBucketName(stack, 'Place', 'place'), 'jobs');
    const { definition } = workflow((stack) => ({ job: Retraining.train({ ...trainingProps(), algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script }), output: output(stack), hyperparameters: Hyperparameters.of({ text: 'it\'s {JobName} \\ {}' }) }) }));
    const world = aws({});
    expect((await run(definition(), world)).status).toBe('SUCCEEDED');
    const [{ TrainingJobName: name, HyperParameters: given }] = world.of('sagemaker:createTrainingJob.sync');
    expect([JSON.parse(given.sagemaker_job_name), JSON.parse(given.text)]).toEqual([name, 'it\'s {JobName} \\ {}']);
  });
});

test('With a job of the stack, the first run is compared with it', () => {
  const stack = new Stack(new App(), 'Learn', { env: { account: ACCOUNT, region: REGION } });
  const qualityGate = QualityGate.notWorseThanBefore('validation:auc', { goal: ObjectiveType.MAXIMIZE });
  new RetrainingWorkflow(stack, 'Retrain', { job: Retraining.ofTrainingJob(trainingIn(stack, { metrics: [METRIC] })), qualityGate });
  const [, { Value }] = new Deployed(stack).ofType('AWS::SSM::Parameter')[0]!;
  expect(Value).toMatch(/^\{"mvalidation_3aauc":TrainOutcome\w+-Metric\.validation\.3aauc\}$/);
});

test('Metrics are those of the state machine, and tags reach the jobs', () => {
  const { stack, made, definition } = workflow();
  Tags.of(made).add('team', 'bikes');
  expect(definition().States.Launch.Parameters.Tags).toEqual([
    { Key: 'team', Value: 'bikes' }, { Key: 'cdk-sagemaker:stack', Value: expect.stringContaining('stack/Learn/') }, { Key: 'cdk-sagemaker:workflow', Value: 'Learn/Retrain' },
  ]);
  expect(stack.resolve(made.metricFailed().toMetricConfig().metricStat)).toMatchObject({ namespace: 'AWS/States', metricName: 'ExecutionsFailed', statistic: 'Sum', dimensions: [{ name: 'StateMachineArn' }] });
  expect([made.metricStarted(), made.metricSucceeded(), made.metricAborted(), made.metricTime()].map(({ metricName, statistic }) => [metricName, statistic])).toEqual([['ExecutionsStarted', 'Sum'], ['ExecutionsSucceeded', 'Sum'], ['ExecutionsAborted', 'Sum'], ['ExecutionTime', 'Average']]);
});

test('A workflow made elsewhere is started and watched by its name', () => {
  const stack = new Stack(new App(), 'Other', { env: { account: ACCOUNT, region: REGION } });
  const made = RetrainingWorkflow.fromRetrainingWorkflowName(stack, 'Retrain', 'Bikes-1', { encryptionKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`) });
  made.grantStart(new Role(stack, 'Caller', { assumedBy: new AccountRootPrincipal() }));
  const [, { PolicyDocument: { Statement } }] = new Deployed(stack).ofType('AWS::IAM::Policy')[0]!;
  expect(Statement.map(({ Action, Resource }: any) => [Action, Resource])).toEqual([
    ['states:StartExecution', `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:Bikes-1`], [['kms:Decrypt', 'kms:GenerateDataKey'], `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`],
  ]);
  expect(made.metricFailed().dimensions).toEqual({ StateMachineArn: made.stateMachineArn });
  expect(() => RetrainingWorkflow.fromRetrainingWorkflowName(stack, 'No', made.stateMachineArn.replace(/\$\{Token\[[^\]]*\]\}/, 'aws'))).toThrow('Other/No: stateMachineName must be of 1 to 80 letters');
});
