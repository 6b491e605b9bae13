import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, Stack } from 'aws-cdk-lib/core';
import {
  Capacity, Metric, Model, ModelPackageGroup, ObjectiveType, OutputLocation, QualityGate, Retraining, RetrainingTrigger, RetrainingWorkflow, ContainerImage, DataSource, type RetrainingWorkflowProps,
} from 'cdk-sagemaker';
import { ACCOUNT, allows, Deployed, REGION, type Asked } from '../support/policy';
import { IMAGE_URI, trainingProps, tuningDefinition } from '../support/stacks';
import { definitionOf, run, WorkflowAws } from '../support/workflow-aws';

const METRIC = Metric.regex('auc', 'auc=(.*)');
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const MACHINE = (deployed: Deployed) => arn('stepfunctions', `statemachine/${deployed.ofType('AWS::StepFunctions::StateMachine')[0]![0]}`);

function deployed(props: (stack: Stack) => RetrainingWorkflowProps): Deployed {
  const stack = new Stack(new App(), 'Learn', { env: { account: ACCOUNT, region: REGION } });
  new RetrainingWorkflow(stack, 'Retrain', props(stack));
  return new Deployed(stack);
}

const roleOf = (made: Deployed, part: string) => made.statementsOf(made.ofType('AWS::IAM::Role').map(([id]) => id).find((id) => id.startsWith(part))!);
const whole = (stack: Stack): RetrainingWorkflowProps => ({
  job: Retraining.train({
    ...trainingProps(), metrics: [METRIC], output: OutputLocation.fromBucket(Bucket.fromBucketName(stack, 'Out', 'out'), 'jobs'),
    capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: Key.fromKeyArn(stack, 'Volume', arn('kms', 'key/volume')) }),
  }),
  qualityGate: QualityGate.notWorseThanBefore('auc', { goal: ObjectiveType.MAXIMIZE }),
  publishTo: StringParameter.fromStringParameterName(stack, 'Published', '/digits/artifact'), updateStackNames: ['Serve', 'Other'],
  notify: Topic.fromTopicArn(stack, 'Topic', arn('sns', 'told')),
  register: { group: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'digits'), contentTypes: ['text/csv'], responseTypes: ['text/csv'] },
});

/** What IAM is asked for a call, and for what the service does in turn. */
function asked(made: Deployed, call: string, parameters: any): Asked[] {
  const [service, operation] = call.replace('.sync', '').split(':') as [string, string];
  const kinds: { readonly [operation: string]: string } = { TrainingJob: 'training-job', HyperParameterTuningJob: 'hyper-parameter-tuning-job', TransformJob: 'transform-job' };
  const [, kind = ''] = /^(?:create|describe)(TrainingJob|HyperParameterTuningJob|TransformJob)$/.exec(operation) ?? [];
  const action = (name: string) => `${service === 'sfn' ? 'states' : service}:${name}`;
  const capital = operation[0]!.toUpperCase() + operation.slice(1);
  if (kind !== '') {
    const resource = arn('sagemaker', `${kinds[kind]}/${parameters[`${kind}Name`]}`);
    const rule = arn('events', `rule/StepFunctionsGetEventsForSageMaker${{ TrainingJob: 'TrainingJobs', HyperParameterTuningJob: 'TuningJobs', TransformJob: 'TransformJobs' }[kind]}Rule`);
    const roles = [parameters.RoleArn, parameters.TrainingJobDefinition?.RoleArn].filter((role) => role !== undefined);
    const key = parameters.ResourceConfig?.VolumeKmsKeyId;
    return operation.startsWith('describe') ? [{ action: action(capital), resource }] : [
      ...[`Create${kind}`, `Stop${kind}`, `Describe${kind}`, 'AddTags', 'ListTags'].map((name) => ({ action: action(name), resource })),
      ...roles.map((role) => ({ action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } })),
      ...['PutRule', 'PutTargets', 'DescribeRule'].map((name) => ({ action: `events:${name}`, resource: rule })),
      ...(key ? [{ action: 'kms:CreateGrant', resource: key, context: { 'kms:GrantIsForAWSResource': 'true' } }, { action: 'kms:DescribeKey', resource: key }] : []),
    ];
  }
  switch (service) {
    case 'ssm': return [{ action: action(capital), resource: arn('ssm', `parameter${parameters.Name.startsWith('/') ? '' : '/'}${parameters.Name}`) }];
    case 'sfn': return [{ action: action(capital), resource: MACHINE(made) }];
    case 'sns': return [{ action: 'sns:Publish', resource: parameters.TopicArn }];
    case 'cloudformation': return [
      { action: action(capital), resource: arn('cloudformation', `stack/${parameters.StackName}/0123`) },
      ...['digits/artifact', 'cdk-bootstrap/hnb659fds/version'].map((name) => ({ action: 'ssm:GetParameters', resource: arn('ssm', `parameter/${name}`) })),
    ];
    default: return [
      { action: 'sagemaker:CreateModelPackage', resource: arn('sagemaker', 'model-package-group/digits') }, { action: 'sagemaker:CreateModelPackage', resource: arn('sagemaker', 'model-package/digits/7') },
      ...['DescribeModelPackageGroup', 'DescribeModelPackage', 'ListModelPackages'].flatMap((name) => ['model-package-group/digits', 'model-package/digits/7'].map((rest) => ({ action: `sagemaker:${name}`, resource: arn('sagemaker', rest) }))),
      ...['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'].map((name) => ({ action: `ecr:${name}`, resource: arn('ecr', 'repository/my/image') })),
      { action: 'ecr:GetAuthorizationToken', resource: '*' },
      { action: 's3:GetObject', resource: 'arn:aws:s3:::out/jobs/learn-retrain-job-1/output/model.tar.gz' },
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::out', context: { 's3:prefix': 'jobs/learn-retrain-job-1/output/model.tar.gz' } },
    ];
  }
}

async function questions(made: Deployed, ending = {}): Promise<Asked[]> {
  const definition = definitionOf(made);
  const world = new WorkflowAws([{ FinalMetricDataList: [{ MetricName: 'auc', Value: 0.9 }], ...ending }]);
  world.parameters.set('/digits/artifact', 'before');
  if (definition.States.Recall) { world.parameters.set(definition.States.Recall.Parameters.Name, '{}'); }
  world.stacks.set('Serve', { statuses: ['UPDATE_COMPLETE'] }).set('Other', { statuses: ['UPDATE_COMPLETE'] });
  world.instead['sfn:listExecutions'] = ({ StatusFilter, MaxResults }) => ({ Executions: [...(StatusFilter || MaxResults > 1 || world.of('sns:publish').length === 0 ? [] : [{ ExecutionArn: 'another' }]), ...world.executions] });
  expect((await run(definition, world)).status).toBe('SUCCEEDED');
  return world.calls.flatMap(({ call, parameters }) => asked(made, call, parameters));
}

describe('The role of a workflow', () => {
  let made: Deployed;
  let all: Asked[];
  beforeAll(async () => { made = deployed(whole); all = await questions(made); });
  const statements = () => roleOf(made, 'RetrainRole');

  test('allows every call that a run makes, and what the services ask for in turn', () => {
    expect(all.map(({ action }) => action)).toEqual(expect.arrayContaining(['states:StartExecution', 'sagemaker:CreateModelPackage', 'cloudformation:UpdateStack', 'sns:Publish', 'kms:CreateGrant']));
    expect(all.filter((each) => !allows(statements(), each))).toEqual([]);
  });

  test('allows no action, and names no resource, that no call needs', () => {
    const surplus = statements().flatMap((statement) => [
      ...statement.actions.filter((action) => !all.some((each) => each.action === action && allows([statement], each))),
      ...statement.resources.filter((resource) => !all.some((each) => allows([{ ...statement, resources: [resource] }], each))).map((resource) => `${statement.actions.join()} on ${resource}`),
    ]);
    expect(surplus).toEqual([]);
  });

  test.each<[string, Asked]>([
    ['launch a job of another name', { action: 'sagemaker:CreateTrainingJob', resource: arn('sagemaker', 'training-job/other-1') }],
    ['pass another role', { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT}:role/admin`, context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }],
    ['pass its role to another service', { action: 'iam:PassRole', resource: 'RetrainJobRole', context: { 'iam:PassedToService': 'ec2.amazonaws.com' } }],
    ['update another stack', { action: 'cloudformation:UpdateStack', resource: arn('cloudformation', 'stack/Server/0123') }],
    ['write another parameter', { action: 'ssm:PutParameter', resource: arn('ssm', 'parameter/digits/other') }],
    ['touch an endpoint', { action: 'sagemaker:UpdateEndpoint', resource: arn('sagemaker', 'endpoint/digits') }],
    ['start another machine', { action: 'states:StartExecution', resource: arn('states', 'stateMachine:other') }],
  ])('may not %s', (_what, question) => expect(allows(statements(), question)).toBe(false));

  test('has from the beginning what Step Functions looks for when it makes the machine', () => {
    const [, { Policies }] = made.ofType('AWS::IAM::Role').find(([id]) => id.startsWith('RetrainRole'))!;
    expect(Policies.flatMap(({ PolicyDocument: { Statement } }: any) => Statement.flatMap(({ Action }: any) => Action))).toEqual(['events:PutTargets', 'events:PutRule', 'events:DescribeRule']);
  });

  test('allows a tuning job, and no more of the training jobs that it launches than to look at them', async () => {
    const tuning = deployed(() => ({ job: Retraining.tune({ definition: tuningDefinition(), maxJobs: 2 }) }));
    const found = await questions(tuning, { BestTrainingJob: { TrainingJobName: 'learn-retrain-1-001' } });
    const statement = roleOf(tuning, 'RetrainRole');
    expect(found.filter((each) => !each.resource.includes('learn-retrain-1-001') && !allows(statement, each))).toEqual([]);
    expect(statement.flatMap(({ actions, resources }) => (resources.some((each) => each.includes(':training-job/')) ? actions : []))).toEqual(['sagemaker:DescribeTrainingJob']);
  });

  test('allows a transform job, and passes no role', async () => {
    const transform = deployed((stack) => ({
      job: Retraining.transform(new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }), { input: DataSource.fromBucket(Bucket.fromBucketName(stack, 'In', 'batches'), 'batch/'), instanceType: 'ml.m5.large' }),
    }));
    const found = await questions(transform);
    expect(found.filter((each) => !allows(roleOf(transform, 'RetrainRole'), each))).toEqual([]);
    expect(roleOf(transform, 'RetrainRole').flatMap(({ actions }) => actions)).not.toContain('iam:PassRole');
  });
});

test('with a key, a log and traces, the role may use them, and whoever starts a run may use the key', () => {
  const made = deployed((stack) => ({
    job: Retraining.train(trainingProps()), encryptionKey: Key.fromKeyArn(stack, 'Key', arn('kms', 'key/history')), logGroup: LogGroup.fromLogGroupName(stack, 'Log', 'runs'), tracing: true, triggers: [RetrainingTrigger.onDeploy()],
  }));
  const own = roleOf(made, 'RetrainRole');
  for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
    expect(allows(own, { action, resource: arn('kms', 'key/history') })).toBe(true);
    expect(allows(roleOf(made, 'RetrainEventsRole'), { action, resource: arn('kms', 'key/history') })).toBe(true);
  }
  expect(own.filter(({ resources }) => resources.includes('*')).flatMap(({ actions }) => actions).filter((action) => !/^(logs|xray|ecr|cloudwatch):/.test(action))).toEqual([]);
  expect(roleOf(made, 'RetrainEventsRole').flatMap(({ actions }) => actions).sort()).toEqual(['kms:Decrypt', 'kms:GenerateDataKey', 'states:StartExecution']);
});
