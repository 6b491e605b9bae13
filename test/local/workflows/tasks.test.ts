import { ServiceError } from '../../../lib/local/service-error';
import { StepFunctions } from '../../../lib/local/workflows/step-functions';
import { StepFunctionsApi } from '../../../lib/local/workflows/step-functions-api';
import type { TaskService } from '../../../lib/local/workflows/tasks';
import { VirtualClock } from '../../support/virtual-clock';

const ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:retrain';
type Answer = Record<string, unknown>;

/** A service that answers as it is told, and remembers what it was asked. */
function service(answers: Record<string, (input: Answer, nth: number) => Answer>): TaskService & { readonly calls: [string, Answer][] } {
  const calls: [string, Answer][] = [];
  return {
    calls, operationNames: Object.keys(answers),
    call: async (operation, input) => {
      calls.push([operation, input]);
      return answers[operation]!(input, calls.filter(([name]) => name === operation).length);
    },
  };
}

async function ended(states: object, services: Record<string, TaskService>, during: (machines: StepFunctions, executionArn: string, clock: VirtualClock) => Promise<unknown> = async () => undefined) {
  const clock = new VirtualClock();
  const machines = new StepFunctions({ clock, services, invoke: async () => ({}) });
  machines.put(ARN, JSON.stringify({ StartAt: Object.keys(states)[0], States: states }));
  const { executionArn } = machines.startExecution({ stateMachineArn: ARN });
  await during(machines, executionArn, clock);
  await clock.run(machines.atRest());
  await clock.pass(1);
  const log = machines.execution(executionArn);
  const { output, error, cause } = log.end!.details as { output?: string; error?: string; cause?: string };
  return { status: log.status, output: output === undefined ? undefined : JSON.parse(output) as Answer, error, cause, types: log.events.map(({ type }) => type) };
}

const task = (resource: string, Parameters: object, more: object = {}) => ({ Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters, End: true, ...more });
const CREATED = new Date('2026-01-01T00:00:00Z');
const training = (statuses: readonly string[]) => service({
  CreateTrainingJob: () => ({ TrainingJobArn: 'arn:job' }),
  DescribeTrainingJob: (_, nth) => ({ TrainingJobName: 'j', TrainingJobStatus: statuses[Math.min(nth, statuses.length) - 1], CreationTime: CREATED, ModelArtifacts: { S3ModelArtifacts: 's3://b/m' } }),
  StopTrainingJob: () => ({}),
});

describe('a job that is waited for', () => {
  test('ends with its description, whose times are milliseconds', async () => {
    const sagemaker = training(['InProgress', 'InProgress', 'Completed']);
    const { output, types } = await ended({ Train: task('sagemaker:createTrainingJob.sync', { TrainingJobName: 'j' }) }, { sagemaker });
    expect(output).toEqual({ TrainingJobName: 'j', TrainingJobStatus: 'Completed', CreationTime: CREATED.getTime(), ModelArtifacts: { S3ModelArtifacts: 's3://b/m' } });
    expect(sagemaker.calls.map(([name]) => name)).toEqual(['CreateTrainingJob', 'DescribeTrainingJob', 'DescribeTrainingJob', 'DescribeTrainingJob']);
    expect(types).toContain('TaskSubmitted');
  });

  test.each(['Failed', 'Stopped'])('that is %s fails the task with the description as the cause', async (status) => {
    const { error, cause } = await ended({ Train: task('sagemaker:createTrainingJob.sync', { TrainingJobName: 'j' }) }, { sagemaker: training([status]) });
    expect([error, JSON.parse(cause!)]).toEqual(['States.TaskFailed', expect.objectContaining({ TrainingJobStatus: status })]);
  });

  test.each<[string, object, (machines: StepFunctions, arn: string) => void, string]>([
    ['is stopped', {}, (machines, arn) => { machines.stopExecution(arn); }, 'ABORTED'],
    ['takes longer than the task may', { TimeoutSeconds: 60 }, () => undefined, 'FAILED'],
  ])('is stopped when the execution %s', async (_, more, act, status) => {
    const sagemaker = training(['InProgress']);
    const result = await ended({ Train: task('sagemaker:createTrainingJob.sync', { TrainingJobName: 'j' }, more) }, { sagemaker }, async (machines, arn, clock) => {
      await clock.pass(1000);
      act(machines, arn);
    });
    expect(result.status).toBe(status);
    expect(sagemaker.calls.at(-1)).toEqual(['StopTrainingJob', { TrainingJobName: 'j' }]);
  });

  test('goes on when everything ends: the next local AWS says what has become of it', async () => {
    const sagemaker = training(['InProgress']);
    const clock = new VirtualClock();
    const machines = new StepFunctions({ clock, services: { sagemaker }, invoke: async () => ({}) });
    machines.put(ARN, JSON.stringify({ StartAt: 'A', States: { A: task('sagemaker:createTrainingJob.sync', { TrainingJobName: 'j' }) } }));
    machines.startExecution({ stateMachineArn: ARN });
    await clock.pass(1000);
    machines.close();
    await clock.run(machines.atRest());
    await clock.pass(1000);
    expect(sagemaker.calls.map(([name]) => name)).not.toContain('StopTrainingJob');
  });
});

describe('the errors of services', () => {
  const failing = (name: string, message: string, operation: string) => service({ [operation]: () => { throw new ServiceError(name, message); } });

  test.each([
    ['sagemaker:createModel', 'sagemaker', 'CreateModel', 'ValidationException', 'SageMaker.AmazonSageMakerException'],
    ['sagemaker:createTrainingJob.sync', 'sagemaker', 'CreateTrainingJob', 'ResourceLimitExceeded', 'SageMaker.ResourceLimitExceededException'],
    ['aws-sdk:sagemaker:describeTrainingJob', 'sagemaker', 'DescribeTrainingJob', 'ValidationException', 'SageMaker.SageMakerException'],
    ['aws-sdk:sagemaker:describeTrainingJob', 'sagemaker', 'DescribeTrainingJob', 'ResourceNotFound', 'SageMaker.ResourceNotFoundException'],
    ['aws-sdk:ssm:getParameter', 'ssm', 'GetParameter', 'ParameterNotFound', 'Ssm.ParameterNotFoundException'],
    ['aws-sdk:cloudformation:updateStack', 'cloudformation', 'UpdateStack', 'ValidationError', 'CloudFormation.CloudFormationException'],
    ['aws-sdk:cloudformation:updateStack', 'cloudformation', 'UpdateStack', 'InsufficientCapabilitiesException', 'CloudFormation.InsufficientCapabilitiesException'],
    ['aws-sdk:sfn:listExecutions', 'sfn', 'ListExecutions', 'StateMachineDoesNotExist', 'Sfn.StateMachineDoesNotExistException'],
  ])('of %s (%s.%s): %s is called %s', async (resource, name, operation, wire, expected) => {
    const { error, cause } = await ended({ A: task(resource, {}) }, { [name]: failing(wire, 'so it is', operation) });
    expect(error).toBe(expected);
    expect(cause).toMatch(/^so it is \(Service: .*, Status Code: 400, Request ID: .*\)$/);
  });

  test('are caught by their names and by States.TaskFailed, and retried', async () => {
    const ssm = service({ GetParameter: () => { throw new ServiceError('ParameterNotFound', ''); } });
    const States = {
      Get: task('aws-sdk:ssm:getParameter', { Name: '/a' }, { Retry: [{ ErrorEquals: ['Ssm.ParameterNotFoundException'], IntervalSeconds: 1, MaxAttempts: 1 }], Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.error', Next: 'None' }] }),
      None: { Type: 'Succeed' },
    };
    expect((await ended(States, { ssm })).output).toEqual({ error: { Error: 'Ssm.ParameterNotFoundException', Cause: expect.stringContaining('Service returned error code ParameterNotFound (Service: Ssm') } });
    expect(ssm.calls).toHaveLength(2);
  });
});

describe('a task of the SDK', () => {
  test('writes times as texts', async () => {
    const ssm = service({ PutParameter: (input) => ({ Version: 2, at: CREATED, input }) });
    const { output } = await ended({ Put: task('aws-sdk:ssm:putParameter', { 'Name': '/a', 'Value.$': '$$.Execution.Name', 'Overwrite': true }) }, { ssm });
    expect(output).toMatchObject({ Version: 2, at: '2026-01-01T00:00:00.000Z', input: { Name: '/a', Overwrite: true } });
  });

  test('of Step Functions has members with capitals, and finds the execution that asks', async () => {
    const clock = new VirtualClock();
    const services: Record<string, TaskService> = {};
    const machines = new StepFunctions({ clock, services, invoke: async () => ({}) });
    services.sfn = new StepFunctionsApi(machines);
    machines.put(ARN, JSON.stringify({ StartAt: 'List', States: { List: task('aws-sdk:sfn:listExecutions', { 'StateMachineArn.$': '$$.StateMachine.Id', 'StatusFilter': 'RUNNING' }, { ResultSelector: { 'others.$': 'States.ArrayLength($.Executions)', 'name.$': '$.Executions[0].Name' } }) } }));
    const { executionArn } = machines.startExecution({ stateMachineArn: ARN, name: 'me' });
    await clock.run(machines.atRest());
    expect(JSON.parse(String(machines.execution(executionArn).end?.details.output))).toEqual({ others: 1, name: 'me' });
  });
});

test('a message that is no text is published as JSON', async () => {
  const sns = service({ Publish: () => ({ MessageId: '1' }) });
  expect((await ended({ Tell: task('sns:publish', { TopicArn: 'arn:t', Message: { a: 1 } }) }, { sns })).output).toEqual({ MessageId: '1' });
  expect(sns.calls).toEqual([['Publish', { TopicArn: 'arn:t', Message: '{"a":1}' }]]);
});

test.each(['aws-sdk:ssm:deleteActivation', 'aws-sdk:ec2:runInstances', 'aws-sdk:ssm:GetParameter', 'sagemaker:createModel.sync', 'sagemaker:createLabelingJob.sync', 'sagemaker:deleteModel', 'states:startExecution'])('%s is refused by name', (resource) => {
  const machines = new StepFunctions({ clock: new VirtualClock(), services: { ssm: service({ GetParameter: () => ({}) }), sagemaker: service({ CreateModel: () => ({}), DeleteModel: () => ({}) }) }, invoke: async () => ({}) });
  expect(() => machines.put(ARN, JSON.stringify({ StartAt: 'A', States: { A: task(resource, {}) } }))).toThrow(`not supported by the local AWS: Resource arn:aws:states:::${resource} (A)`);
});
