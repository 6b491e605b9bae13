import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { App, NestedStack, Stack } from 'aws-cdk-lib/core';
import { Capacity, JobProvider, type JobProviderProps } from 'cdk-sagemaker';
import { allowing, emptyStack, flat, jobTemplate, ofType, statements, trainingIn } from './support/stacks';

const PROVIDER = [
  'SageMakerJobHandler', 'SageMakerJobHandlerLogs', 'SageMakerJobHandlerPolicy', 'SageMakerJobHandlerRole',
  'SageMakerJobWaiter', 'SageMakerJobWaiterPolicy', 'SageMakerJobWaiterRole',
];
const ids = (template: Template) => Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('SageMakerJob')).sort();
const resource = (template: Template, id: string) => template.toJSON().Resources[id];
const vpc = (stack: Stack) => new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] });

function configured(props: (stack: Stack) => JobProviderProps, order: 'before' | 'after' = 'after'): Template {
  const stack = emptyStack();
  if (order === 'before') { JobProvider.configure(stack, props(stack)); }
  trainingIn(stack);
  if (order === 'after') { JobProvider.configure(stack, props(stack)); }
  return Template.fromStack(stack);
}

describe('the provider of a stack', () => {
  test('is seven resources under names that never change, however many jobs there are', () => {
    const stack = emptyStack();
    trainingIn(stack, {}, 'One');
    trainingIn(stack, {}, 'Two');
    expect(ids(Template.fromStack(stack))).toEqual(PROVIDER);
  });

  test('is one for each stack, a nested one too', () => {
    const outer = new Stack(new App(), 'Outer');
    const inner = new NestedStack(outer, 'Inner');
    trainingIn(outer);
    trainingIn(inner as unknown as Stack);
    expect(ids(Template.fromStack(outer))).toEqual(PROVIDER);
    expect(ids(Template.fromStack(inner))).toEqual(PROVIDER);
  });

  test('is one function that says where its state machine and its log are', () => {
    expect(resource(jobTemplate(), 'SageMakerJobHandler').Properties).toMatchObject({
      Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler', MemorySize: 256, Timeout: 120,
      Environment: { Variables: { STATE_MACHINE_ARN: { 'Fn::GetAtt': ['SageMakerJobWaiter', 'Arn'] }, URL_SUFFIX: { Ref: 'AWS::URLSuffix' } } },
      LoggingConfig: { LogGroup: { Ref: 'SageMakerJobHandlerLogs' } },
    });
  });

  test('has a machine that steps, pauses, answers, and gives up in the end', () => {
    const { DefinitionString, StateMachineType } = resource(jobTemplate(), 'SageMakerJobWaiter').Properties;
    const definition = JSON.parse(flat(DefinitionString));
    expect(StateMachineType).toBe('STANDARD');
    expect(Object.keys(definition.States)).toEqual(['Step', 'Answered?', 'Pause', 'Answer', 'GiveUp']);
    expect(definition.States.Step).toMatchObject({ Next: 'Answered?', TimeoutSeconds: 150, OutputPath: '$.Payload', Catch: [{ Next: 'GiveUp', ResultPath: '$.error' }] });
    expect(definition.States.Answer).toMatchObject({ End: true, Retry: [{ MaxAttempts: 45, JitterStrategy: 'FULL' }] });
    expect(definition.States.Pause).toEqual({ Type: 'Wait', SecondsPath: '$.wait', Next: 'Step' });
  });

  test('may do to jobs of its stack what it does, and nothing to others', () => {
    const template = jobTemplate();
    const [jobs, pass, describe_, start, ...rest] = statements(template, 'SageMakerJobHandlerPolicy');
    expect(rest).toEqual([]);
    expect(jobs.Action).toEqual(['Create', 'Describe', 'Stop', 'Delete', 'Update'].map((verb) => `sagemaker:${verb}TrainingJob`).concat(['AddTags', 'DeleteTags', 'ListTags'].map((verb) => `sagemaker:${verb}`)));
    expect(flat(jobs.Resource)).toBe('arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:training-job/stack-*');
    expect(flat(pass.Resource)).toBe('arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cdk-sagemaker/stack/*');
    expect(pass.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
    expect(describe_).toMatchObject({ Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } });
    expect(start).toMatchObject({ Action: 'states:StartExecution', Resource: { 'Fn::GetAtt': ['SageMakerJobWaiter', 'Arn'] } });
  });

  test('makes the roles of its jobs under the path it may pass', () => {
    expect(ofType(jobTemplate(), 'AWS::IAM::Role').find(([id]) => id.startsWith('Train'))![1].Properties.Path).toBe('/cdk-sagemaker/stack/');
  });

  test('has one small policy for 120 jobs', () => {
    const stack = emptyStack('AStackWithAnExtremelyLongName');
    const role = Role.fromRoleArn(stack, 'Shared', 'arn:aws:iam::123456789012:role/shared');
    const volumeKey = new Key(stack, 'Key');
    for (let i = 0; i < 120; i++) { trainingIn(stack, { role, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey }) }, `Job${i}`); }
    const policy = Template.fromStack(stack).toJSON().Resources.SageMakerJobHandlerPolicy.Properties.PolicyDocument;
    expect(JSON.stringify(policy).length).toBeLessThan(3000);
  });

  test('has no policy of AWS, and a star only where ENIs can\'t be named', () => {
    for (const [, role] of ofType(jobTemplate(), 'AWS::IAM::Role')) { expect(role.Properties).not.toHaveProperty('ManagedPolicyArns'); }
    expect(statements(jobTemplate(), 'SageMakerJob').filter((statement) => statement.Resource === '*')).toEqual([]);
  });
});

describe('JobProvider.configure', () => {
  test.each(['before', 'after'] as const)('changes the provider in place, %s the first job', (order) => {
    const template = configured((stack) => ({
      vpc: vpc(stack), encryptionKey: new Key(stack, 'Key'), logRetention: RetentionDays.ONE_WEEK,
      permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::123456789012:policy/boundary'),
    }), order);
    expect(ids(template)).toEqual([...PROVIDER, 'SageMakerJobHandlerSecurityGroup'].sort());
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(resource(template, 'SageMakerJobHandler').Properties).toMatchObject({
      KmsKeyArn: key, VpcConfig: { SubnetIds: [expect.anything(), expect.anything()], SecurityGroupIds: [{ 'Fn::GetAtt': ['SageMakerJobHandlerSecurityGroup', 'GroupId'] }] },
    });
    expect(resource(template, 'SageMakerJobHandlerLogs').Properties).toEqual({ RetentionInDays: 7, KmsKeyId: key });
    expect(resource(template, 'SageMakerJobWaiter').Properties.EncryptionConfiguration).toMatchObject({ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: key });
    for (const role of ['SageMakerJobHandlerRole', 'SageMakerJobWaiterRole']) {
      expect(resource(template, role).Properties.PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/boundary');
    }
    expect(allowing(template, 'SageMakerJobHandlerPolicy', 'kms:GenerateDataKey')).toHaveLength(1);
    expect(allowing(template, 'SageMakerJobWaiterPolicy', 'kms:Decrypt')).toHaveLength(1);
    expect(JSON.stringify(resource(template, 'SageMakerJobHandlerRole').Properties.Policies)).toContain('ec2:CreateNetworkInterface');
  });

  test('keeps the log for three months by itself, and for ever when told so', () => {
    expect(resource(jobTemplate(), 'SageMakerJobHandlerLogs').Properties).toEqual({ RetentionInDays: 90 });
    expect(resource(configured(() => ({ logRetention: RetentionDays.INFINITE })), 'SageMakerJobHandlerLogs')).not.toHaveProperty('Properties');
  });

  test('rejects a second call, and a network without a VPC', () => {
    const stack = emptyStack();
    JobProvider.configure(stack, {});
    expect(() => JobProvider.configure(stack, {})).toThrow('must be called once');
    expect(() => JobProvider.configure(emptyStack(), { securityGroups: [] })).toThrow('must come with vpc');
  });
});
