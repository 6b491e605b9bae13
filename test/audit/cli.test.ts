import { AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Stack, Stage } from 'aws-cdk-lib/core';
import { DataSource, OutputLocation } from 'cdk-sagemaker';
import { assemblyWith, ENV } from '../support/audited-app';
import { runCli } from '../support/built-cli';
import { bucketNamed, trainingIn } from '../support/stacks';

jest.setTimeout(60_000);

const APP = assemblyWith((app) => {
  const digits = new Stack(app, 'Digits', ENV);
  const data = new Bucket(digits, 'Data');
  trainingIn(digits, { inputs: { train: DataSource.fromBucket(data, 'train/') }, output: OutputLocation.fromBucket(data, 'models/') });
  new Role(digits, 'Unused', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });

  const prod = new Stack(new Stage(app, 'Prod', ENV), 'Digits');
  const job = trainingIn(prod, { inputs: { train: DataSource.fromS3Uri('s3://data/train/') }, output: OutputLocation.fromBucket(bucketNamed(prod, 'data'), 'models/') });
  job.role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }));

  const open = new Stack(app, 'Open', ENV);
  const { role } = trainingIn(open, { output: OutputLocation.fromBucket(bucketNamed(open, 'data'), 'models/') });
  (role as Role).assumeRolePolicy!.addStatements(new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['sts:AssumeRole'] }));

  const alone = new Stack(app, 'Alone', ENV);
  trainingIn(alone, { role: Role.fromRoleArn(alone, 'Given', 'arn:aws:iam::123456789012:role/given'), output: OutputLocation.fromBucket(bucketNamed(alone, 'data')) });
});

const audit = (...args: string[]) => runCli(APP, ['audit', '--app', APP, ...args]);

describe('cdk-sagemaker audit', () => {
  test('prints each role with its statements, and below each who needs it', async () => {
    const { code, out, err } = await audit('Digits', '--role', 'Digits/Train');
    expect(out).toBe(`Digits/Train/Role
  assumed by sagemaker.amazonaws.com if aws:SourceAccount is 123456789012
  logs:CreateLogGroup, logs:CreateLogStream, logs:DescribeLogStreams, logs:PutLogEvents
    on arn:\${AWS::Partition}:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs, arn:\${AWS::Partition}:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:*
      <- Train: role
  cloudwatch:PutMetricData on * if cloudwatch:namespace is /aws/sagemaker/TrainingJobs
      *  the action has no resources; the condition names the name space
      <- Train: role
  s3:ListBucket on \${Data.Arn} if s3:prefix is like train/*
      <- Train: inputs.train
  s3:GetObject on \${Data.Arn}/train/*
      <- Train: inputs.train
  s3:ListBucket on \${Data.Arn} if s3:prefix is like models or models/*
      <- Train: output
  s3:PutObject, s3:AbortMultipartUpload on \${Data.Arn}/models/*
      <- Train: output
  ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer
    on arn:\${AWS::Partition}:ecr:eu-west-1:123456789012:repository/my/image
      <- Train: algorithm
  ecr:GetAuthorizationToken on *
      *  a token is for the whole registry: the action has no resources
      <- Train: algorithm
`);
    expect(err).toBe('\n1 role, 8 statements; of the roles that cdk-sagemaker uses, every statement is needed by a prop\n');
    expect(code).toBe(0);
  });

  test('says what no prop needs', async () => {
    const { out } = await audit('Prod/*', '--role', 'Prod/Digits/Train');
    expect(out).toContain('  s3:ListAllMyBuckets on *\n      <- granted by the app, not by a prop of cdk-sagemaker (Train/Role/DefaultPolicy)\n');
  });

  test('says what a role that was made elsewhere must be allowed', async () => {
    const { out } = await audit('Alone', '--role', 'Alone/Given');
    expect(out).toContain('Alone/Given  made elsewhere: arn:aws:iam::123456789012:role/given\n  must be allowed, and nothing is attached to it:\n');
    expect(out).toContain('  s3:PutObject, s3:AbortMultipartUpload on arn:${AWS::Partition}:s3:::data/*\n      <- Alone/Train: output\n');
  });

  test('has all stacks without a name, and those of a pattern with one', async () => {
    const rolesOf = async (...names: string[]) => (JSON.parse((await audit('--json', ...names)).out) as { roles: { path: string }[] }).roles.map(({ path }) => path.split('/Train')[0].split('/SageMaker')[0]);
    expect([...new Set(await rolesOf())]).toEqual(['Prod/Digits', 'Digits', 'Digits/Unused', 'Open', 'Alone', 'Alone/Given']);
    expect([...new Set(await rolesOf('Pr*'))]).toEqual(['Prod/Digits']);
  });

  test('writes one JSON document, and nothing else', async () => {
    const { out, err } = await audit('Prod/Digits', '--role', 'Prod/Digits/Train', '--json');
    const { roles } = JSON.parse(out) as { roles: { statements: object[] }[] };
    expect(err).toBe('');
    expect(roles).toEqual([expect.objectContaining({
      path: 'Prod/Digits/Train/Role', stack: 'Prod/Digits', isOfLibrary: true, managedPolicies: [], lacking: [],
      trust: [{ effect: 'Allow', actions: ['sts:AssumeRole'], resources: [], principals: ['sagemaker.amazonaws.com'], conditions: { StringEquals: { 'aws:SourceAccount': ['123456789012'] } } }],
    })]);
    expect(roles[0].statements).toContainEqual({
      effect: 'Allow', actions: ['s3:GetObject'], resources: ['arn:${AWS::Partition}:s3:::data/train/*'], policy: 'Prod/Digits/Train/Role/DefaultPolicy',
      reasons: [{ construct: 'Prod/Digits/Train', prop: 'inputs.train' }], unexplained: [],
    });
  });

  test('fails, if asked to, where a job may do what no prop needs', async () => {
    expect((await audit('Digits', '--fail-on-unexplained')).code).toBe(0);
    const { code, err } = await audit('--fail-on-unexplained');
    expect([code, err]).toEqual([1, expect.stringContaining('of the roles that cdk-sagemaker uses, 2 statements no prop needs')]);
    expect((await audit()).code).toBe(0);
  });

  test('fails, if asked to, where others than the service may take the role of a job', async () => {
    const { code, out } = await audit('Open', '--fail-on-unexplained');
    expect(out).toContain('  assumed by *\n      <- granted by the app, not by a prop of cdk-sagemaker\n');
    expect(code).toBe(1);
  });

  test.each([
    ['a stack', ['Nowhere'], 'the app has no stack Nowhere; it has Prod/Digits, Digits, Open, Alone'],
    ['a role', ['Digits', '--role', 'Digits/Nobody'], 'no role is made, or used, at Digits/Nobody'],
    ['an app', ['--app', 'nothing-here'], 'no such folder or command'],
  ])('fails for %s that is not there, and says so', async (_what, args, message) => {
    const { code, out, err } = await audit(...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });
});
