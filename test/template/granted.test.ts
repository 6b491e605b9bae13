import { LazyRole, PolicyStatement, Role, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Annotations, App, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Algorithm, AsyncInference, Capacity, ContainerImage, DataSource, Model, OutputLocation } from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, only, statements, trainingIn, warnings } from '../support/stacks';
import { output, ownRole, ROLE_KINDS } from '../support/role-kinds';
import { needsIn } from '../support/policy';

const ARN = 'arn:aws:iam::123456789012:role/Data';
const image = ContainerImage.fromUri(IMAGE_URI);

const OUTSIDE: [string, (stack: Stack) => IRole][] = [
  ['Role.fromRoleArn', (stack) => Role.fromRoleArn(stack, 'Given', ARN)],
  ['Role.fromRoleName', (stack) => Role.fromRoleName(stack, 'Given', 'Data')],
  ['a role that is not to be changed', (stack) => Role.fromRoleArn(stack, 'Given', ARN, { mutable: false })],
];

describe.each(Object.entries(ROLE_KINDS))('%s', (_kind, make) => {
  test.each(OUTSIDE)('attaches nothing to a role made elsewhere, and says what it must be allowed: %s', (_, roleOf) => {
    const stack = emptyStack();
    make(stack, roleOf(stack));
    const said = warnings(stack).filter((warning) => warning.includes('cdk-sagemaker:importedRole')).join('\n');
    const template = Template.fromStack(stack);
    expect(Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) => JSON.stringify(policy.Properties.Roles).includes('Data'))).toEqual([]);
    for (const { statement } of needs(stack)) {
      for (const action of [statement.Action].flat()) { expect(said).toContain(action); }
    }
    expect(said).toContain('s3:GetObject on arn:${AWS::Partition}:s3:::data/train/');
  });

  test('has an own role write logs and metrics, and do what is bound', () => {
    const stack = emptyStack();
    make(stack, ownRole(stack));
    const template = Template.fromStack(stack);
    expect(warnings(stack).filter((warning) => warning.includes('importedRole'))).toEqual([]);
    expect(allowing(template, 'Own', 'logs:PutLogEvents').length).toBeGreaterThan(0);
    expect(allowing(template, 'Own', 'cloudwatch:PutMetricData').length).toBeGreaterThan(0);
    expect(allowing(template, 'Own', 's3:GetObject').map((statement) => flat(statement.Resource)).join()).toContain('/train/');
  });

  test('attaches nothing to an own role without policy updates', () => {
    const stack = emptyStack();
    make(stack, ownRole(stack).withoutPolicyUpdates());
    expect(warnings(stack).join()).toContain('cdk-sagemaker:importedRole');
    expect(statements(Template.fromStack(stack), 'Own')).toEqual([]);
  });
});

describe('the warning of a role made elsewhere', () => {
  const training = (stack: Stack) => trainingIn(stack, {
    role: Role.fromRoleArn(stack, 'Given', ARN), output: OutputLocation.fromBucket(new Bucket(stack, 'Out'), 'results'), inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/') },
    capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/k') }),
  });

  test('is one, with a line for each place, and the props that need it', () => {
    const stack = emptyStack();
    training(stack);
    const [warning, ...others] = warnings(stack);
    expect(others).toEqual([]);
    const [head, ...lines] = warning.replace(/ \[ack: .*/, '').split('\n');
    expect(head).toBe(`the role ${ARN} was made elsewhere and is used as it is; it must be allowed:`);
    expect(lines).toEqual(expect.arrayContaining([
      '  role: cloudwatch:PutMetricData on * if cloudwatch:namespace is /aws/sagemaker/TrainingJobs',
      '  capacity.volumeKey: kms:CreateGrant on arn:aws:kms:eu-west-1:123456789012:key/k if kms:GrantIsForAWSResource is true',
      '  inputs.train: s3:GetObject on arn:${AWS::Partition}:s3:::data/train/*',
      '  inputs.train: s3:ListBucket on arn:${AWS::Partition}:s3:::data if s3:prefix is like train/*',
      expect.stringMatching(/^ {2}output: s3:PutObject, s3:AbortMultipartUpload on \$\{Out\w+\.Arn\}\/results\/\*$/),
    ]));
  });

  test('is short where a hundred inputs are in one place', () => {
    const stack = emptyStack();
    const data = DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/');
    trainingIn(stack, { role: Role.fromRoleArn(stack, 'Given', ARN), inputs: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, data])) });
    expect(warnings(stack)[0].split('\n').filter((line) => line.includes('s3:GetObject'))).toHaveLength(1);
  });

  test('is acknowledged', () => {
    const stack = emptyStack();
    const job = training(stack);
    Annotations.of(job).acknowledgeWarning('cdk-sagemaker:importedRole');
    expect(warnings(stack)).toEqual([]);
  });

  test('names what is bound after the construct was made', () => {
    const stack = emptyStack();
    const model = new Model(stack, 'Model', { image, role: Role.fromRoleArn(stack, 'Given', ARN) });
    const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large', asyncInference: AsyncInference.toBucket(bucketNamed(stack, 'answers')) });
    endpoint.grantInvokeAsync(ownRole(stack), { requestBucket: bucketNamed(stack, 'asked'), requestPrefix: 'q' });
    expect(warnings(stack).join('\n')).toContain('grantInvokeAsync: s3:GetObject on arn:${AWS::Partition}:s3:::asked/q/*');
  });
});

describe('a grant that the user asks for', () => {
  test('goes to a role made elsewhere, as grants of the CDK do', () => {
    const stack = emptyStack();
    const endpoint = new Model(stack, 'Model', { image }).deploy('Endpoint', { instanceType: 'ml.m5.large' });
    endpoint.grantInvoke(Role.fromRoleName(stack, 'Caller', 'Caller'));
    expect(allowing(Template.fromStack(stack), 'Caller', 'sagemaker:InvokeEndpoint')).toHaveLength(1);
    expect(needs(stack).filter(({ prop }) => prop === 'grantInvoke').map(({ role }) => role)).toEqual(['Stack/Caller']);
  });
});

describe('a role', () => {
  test('that is lazy is the app\'s own', () => {
    const stack = emptyStack();
    trainingIn(stack, { role: new LazyRole(stack, 'Lazy', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }) });
    expect(warnings(stack)).toEqual([]);
    const template = Template.fromStack(stack);
    expect(allowing(template, 'Lazy', 's3:PutObject')).toHaveLength(1);
    expect(only(template, 'Custom::SageMakerTrainingJob').DependsOn).toContainEqual(expect.stringMatching(/^LazyDefaultPolicy|^LazyDefaultDefaultPolicy/));
  });

  test('in whose place iam.Role.customizeRoles puts another is reported to CDK, and may be passed by name', () => {
    const stack = emptyStack();
    Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Train/Role': 'Precreated' } });
    trainingIn(stack, { output: output(stack) });
    expect(warnings(stack)).toEqual([]);
    const template = Template.fromStack(stack);
    expect(flat(allowing(template, 'SageMakerJobHandlerPolicy', 'iam:PassRole')[0].Resource)).toContain(':role/Precreated');
  });

  test('of another stack gets what is bound in its own policy, for which the job waits with its stack', () => {
    const app = new App();
    const [roles, jobs] = ['Roles', 'Jobs'].map((id) => new Stack(app, id));
    trainingIn(jobs, { role: ownRole(roles), output: output(jobs) });
    expect(allowing(Template.fromStack(roles), 'Own', 's3:PutObject')).toHaveLength(1);
    expect(jobs.dependencies).toContain(roles);
    expect(flat(allowing(Template.fromStack(jobs), 'SageMakerJobHandlerPolicy', 'iam:PassRole')[0].Resource)).toMatch(/OwnF?\w*Arn|Fn::ImportValue/);
  });

  test('of a path of its own may be passed by the handler', () => {
    const stack = emptyStack();
    trainingIn(stack, { role: new Role(stack, 'Own', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'), path: '/team/' }) });
    expect(JSON.stringify(allowing(Template.fromStack(stack), 'SageMakerJobHandlerPolicy', 'iam:PassRole')[0].Resource)).toMatch(/"Own\w+","Arn"/);
  });

  test('of another account is let in by the bucket and the key of the app', () => {
    const app = new App();
    const data = new Stack(app, 'Data', { env: { account: '111111111111', region: 'eu-west-1' } });
    const jobs = new Stack(app, 'Jobs', { env: { account: '222222222222', region: 'eu-west-1' } });
    const encryptionKey = new Key(data, 'Key', { alias: 'data' });
    const bucket = new Bucket(data, 'Bucket', { bucketName: 'data-of-111111111111', encryptionKey });
    trainingIn(jobs, { role: Role.fromRoleArn(jobs, 'Given', 'arn:aws:iam::222222222222:role/Data'), inputs: { train: DataSource.fromBucket(bucket, 'train/') }, output: OutputLocation.fromBucket(bucketNamed(jobs, 'out')) });
    expect(warnings(jobs).join()).toContain('s3:GetObject on arn:${AWS::Partition}:s3:::data-of-111111111111/train/*');
    const template = Template.fromStack(data);
    expect(JSON.stringify(only(template, 'AWS::S3::BucketPolicy').Properties.PolicyDocument)).toContain('arn:aws:iam::222222222222:role/Data');
    expect(JSON.stringify(only(template, 'AWS::KMS::Key').Properties.KeyPolicy)).toContain('222222222222');
  });

  test('is allowed nothing without a prop that is written down', () => {
    const stack = emptyStack();
    const job = trainingIn(stack, { output: output(stack), algorithm: Algorithm.image(image) });
    expect(needs(stack).map(({ prop }) => prop)).toEqual(['role', 'role', 'output', 'output', 'algorithm', 'algorithm']);
    expect(new Set(needs(stack).map(({ role }) => role))).toEqual(new Set([job.role.node.path]));
  });
});

function needs(stack: Stack): { role: string; prop: string; statement: { Action: string | string[] } }[] {
  return needsIn(stack).filter(({ role }) => !role.includes('SageMakerJobProvider')) as never;
}

test('a statement of a policy is not one of ours for a user who adds it', () => {
  const stack = emptyStack();
  const job = trainingIn(stack);
  const before = needs(stack).length;
  job.role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::more/*'] }));
  expect(needs(stack)).toHaveLength(before);
});
