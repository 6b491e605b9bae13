import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type BucketProps } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, PhysicalName, Stack } from 'aws-cdk-lib/core';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  AsyncInference, Capacity, Checkpoints, ContainerImage, CoreDumps, DataCapture, DataSource, Encryption, EndpointConfig, Model, ModelData, ModelPackage, ModelPackageGroup, OutputLocation, Variant,
} from 'cdk-sagemaker';
import { IMAGE_URI, trainingIn } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const [OURS, THEIRS] = ['111111111111', '222222222222'];
const REGION = 'eu-west-1';

interface Accounts { readonly here: Stack; readonly there: Stack; readonly role: Role }

/** Two stacks of an app in two accounts, or in two Regions; jobs are here, and the role has a name by which others can call it. */
function accounts(there = { account: THEIRS, region: REGION }): Accounts {
  const app = new App();
  const here = new Stack(app, 'Here', { env: { account: OURS, region: REGION } });
  return { here, there: new Stack(app, 'There', { env: there }), role: new Role(here, 'Role', { roleName: 'ours', assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }) };
}

const theirs = (there: Stack, props: BucketProps = {}) => new Bucket(there, 'Bucket', { bucketName: 'theirs', ...props });

/** As one reads it: joined, with what is put in at deployment in angle brackets. */
function plain(value: any): any {
  if (Array.isArray(value)) { return value.map(plain); }
  if (typeof value !== 'object' || value === null) { return value; }
  if (value.Ref) { return `<${value.Ref.replace(/[0-9A-F]{8}$/, '')}>`.replace('<AWS::Partition>', 'aws'); }
  if (value['Fn::GetAtt']) { return `<${value['Fn::GetAtt'].join('.').replace(/[0-9A-F]{8}(?=\.)/, '')}>`; }
  if (value['Fn::GetStackOutput']) { return '<Output>'; }
  if (value['Fn::Join']) { return value['Fn::Join'][1].map(plain).join(value['Fn::Join'][0]); }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

const list = (value: unknown): any[] => (value === undefined ? [] : [value].flat());
const templateOf = (stack: Stack) => (stack.node.root as App).synth().getStackByName(stack.stackName).template.Resources as { [id: string]: any };

/** Lines `who: actions on what`, of statements about what belongs to the other account. */
function shown(statements: any[], who?: string): string[] {
  return statements.map(plain).map(({ Principal, Action, Resource, Condition }) => `${who ?? list(Principal.AWS).join()}: ${list(Action).join()} on ${list(Resource).join()}${Condition ? ` if ${JSON.stringify(Object.values(Condition)[0])}` : ''}`);
}

/** What the role says of things of the other account. */
function ofTheRole({ here }: Accounts): string[] {
  const statements = Object.values(templateOf(here)).filter(({ Type }) => Type === 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.some(({ Ref }: any) => Ref?.startsWith('Role')))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return shown(statements, 'role').filter((line) => /theirs|222222222222|Output>|us-east-1|kms:/.test(line));
}

/** What is said there of somebody, besides the account itself and what CDK makes for a reference. */
function ofTheResource({ there }: Accounts): string[] {
  const documents = Object.values(templateOf(there)).flatMap(({ Type, Properties: p }) => (Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::Role' ? [] : [p.PolicyDocument, p.KeyPolicy, p.RepositoryPolicyText, p.ResourcePolicy, p.ModelPackageGroupPolicy]));
  return shown(documents.filter((document) => document?.Statement).flatMap(({ Statement }) => Statement)).filter((line) => !/:root: kms:\* on \*$/.test(line));
}

const ROLE = `arn:aws:iam::${OURS}:role/ours`;
const READ = (prefix: string) => [`s3:ListBucket on BUCKET if {"s3:prefix":["${prefix}"]}`, `s3:GetObject on BUCKET/${prefix}`];
const WRITE = (folder: string, listed = `"${folder}","${folder}/*"`) => [`s3:ListBucket on BUCKET if {"s3:prefix":[${listed}]}`, `s3:PutObject,s3:AbortMultipartUpload on BUCKET/${folder}/*`];

const endpointOf = ({ here, role }: Accounts, options: object) => new EndpointConfig(here, 'Config', { variants: { a: Variant.onInstances(new Model(here, 'Model', { role, image }), { instanceType: 'ml.m5.large' }) }, ...options });

const IN_BUCKETS: [string, (accounts: Accounts, bucket: Bucket) => unknown, string[]][] = [
  ['data of a job', ({ here, role }, bucket) => trainingIn(here, { role, inputs: { train: DataSource.fromBucket(bucket, 'train/') } }), READ('train/*')],
  ['the artifacts of a job', ({ here, role }, bucket) => trainingIn(here, { role, output: OutputLocation.fromBucket(bucket, 'jobs/') }), WRITE('jobs')],
  ['an artifact for a model', ({ here, role }, bucket) => new Model(here, 'Model', { role, image, modelData: ModelData.fromBucket(bucket, 'digits/model.tar.gz') }), READ('digits/model.tar.gz')],
  ['what an endpoint captures', (at, bucket) => endpointOf(at, { dataCapture: DataCapture.toBucket(bucket, 'captured') }), WRITE('captured')],
  ['answers of a queue', (at, bucket) => endpointOf(at, { asyncInference: AsyncInference.toBucket(bucket, 'answers') }), WRITE('answers')],
];

describe('A bucket of another account of the app', () => {
  test.each(IN_BUCKETS)('for %s: role and bucket name each other, and say the same', (_what, use, lines) => {
    const at = accounts();
    use(at, theirs(at.there));
    expect(ofTheRole(at)).toEqual(lines.map((line) => `role: ${line.replace('BUCKET', 'arn:aws:s3:::theirs')}`));
    expect(ofTheResource(at)).toEqual(lines.map((line) => `${ROLE}: ${line.replace('BUCKET', '<Bucket.Arn>')}`));
  });

  test('for checkpoints is read and written by the role, and by nobody else', () => {
    const at = accounts();
    trainingIn(at.here, { role: at.role, checkpoints: Checkpoints.fromBucket(theirs(at.there), 'points') });
    expect(ofTheResource(at).length).toBeGreaterThan(2);
    expect(ofTheResource(at).map((line) => line.replace('<Bucket.Arn>', 'arn:aws:s3:::theirs').replace(ROLE, 'role'))).toEqual(ofTheRole(at));
  });

  test('for core dumps is written by the role, and by nobody else', () => {
    const at = accounts();
    const model = new Model(at.here, 'Model', { role: at.role, image });
    new EndpointConfig(at.here, 'Config', { variants: { a: Variant.onInstances(model, { instanceType: 'ml.m5.large', coreDumps: CoreDumps.toBucket(theirs(at.there), 'dumps') }) } });
    expect(ofTheResource(at).length).toBeGreaterThan(0);
    expect(ofTheResource(at).map((line) => line.replace('<Bucket.Arn>', 'arn:aws:s3:::theirs').replace(ROLE, 'role'))).toEqual(ofTheRole(at));
  });

  test('needs no policy in another Region of the same account', () => {
    const at = accounts({ account: OURS, region: 'us-east-1' });
    trainingIn(at.here, { role: at.role, inputs: { train: DataSource.fromBucket(theirs(at.there), 'train/') } });
    expect(ofTheRole(at)).toHaveLength(2);
    expect(ofTheResource(at)).toEqual([]);
  });

  test('lets in a role made elsewhere, which itself gets nothing and is told what it must be allowed', () => {
    const at = accounts();
    const role = Role.fromRoleArn(at.here, 'Imported', ROLE);
    trainingIn(at.here, { role, inputs: { train: DataSource.fromBucket(theirs(at.there), 'train/') } });
    expect(ofTheResource(at)).toEqual(READ('train/*').map((line) => `${ROLE}: ${line.replace('BUCKET', '<Bucket.Arn>')}`));
    expect(Object.values(templateOf(at.here)).filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties).includes('theirs'))).toEqual([]);
    Annotations.fromStack(at.here).hasWarning('/Here/Train', Match.stringLikeRegexp('must be allowed[\\s\\S]*s3:GetObject on .*theirs/train/\\*'));
  });

  test('that was made elsewhere is named by the role, and has a policy of its own', () => {
    const at = accounts();
    trainingIn(at.here, { role: at.role, inputs: { train: DataSource.fromBucket(Bucket.fromBucketAttributes(at.here, 'Bucket', { bucketArn: 'arn:aws:s3:::theirs', account: THEIRS }), 'train/') } });
    expect(ofTheRole(at)).toEqual(READ('train/*').map((line) => `role: ${line.replace('BUCKET', 'arn:aws:s3:::theirs')}`));
  });
});

describe('A name', () => {
  test('is missed by the CDK where a bucket of another account has none', () => {
    const at = accounts();
    trainingIn(at.here, { role: at.role, inputs: { train: DataSource.fromBucket(new Bucket(at.there, 'Bucket'), 'train/') } });
    expect(() => ofTheRole(at)).toThrow(/Cannot use resource 'There\/Bucket' in a cross-environment fashion, the resource's physical name must be explicit set/);
  });

  test('is missed by the CDK where the role of a job has none', () => {
    const at = accounts();
    trainingIn(at.here, { inputs: { train: DataSource.fromBucket(theirs(at.there), 'train/') } });
    expect(() => ofTheRole(at)).toThrow(/Cannot use resource 'Here\/Train\/Role' in a cross-environment fashion, the resource's physical name must be explicit set/);
  });

  test('can be made by the CDK, for the bucket and for the role', () => {
    const at = accounts();
    const role = new Role(at.here, 'Named', { roleName: PhysicalName.GENERATE_IF_NEEDED, assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    trainingIn(at.here, { role, inputs: { train: DataSource.fromBucket(new Bucket(at.there, 'Bucket', { bucketName: PhysicalName.GENERATE_IF_NEEDED }), 'train/') } });
    expect(ofTheResource(at)).toEqual([expect.stringMatching(/^arn:aws:iam::111111111111:role\/here\S+: s3:ListBucket/i), expect.stringMatching(/:role\/here\S+: s3:GetObject/i)]);
  });
});

describe('A key of another account of the app', () => {
  test('that a bucket has lets the role in, which is allowed keys of that account alone', () => {
    const at = accounts();
    const bucket = theirs(at.there, { encryptionKey: new Key(at.there, 'Key') });
    trainingIn(at.here, { role: at.role, inputs: { train: DataSource.fromBucket(bucket, 'train/') } });
    expect(ofTheRole(at)).toContain(`role: kms:Decrypt on arn:aws:kms:${REGION}:${THEIRS}:key/*`);
    expect(ofTheResource(at)).toContain(`${ROLE}: kms:Decrypt on *`);
  });

  test('that artifacts are encrypted with lets the role in', () => {
    const at = accounts();
    const bucket = theirs(at.there, { encryptionKey: new Key(at.there, 'Key') });
    trainingIn(at.here, { role: at.role, output: OutputLocation.fromBucket(bucket, 'jobs/') });
    expect(ofTheRole(at)).toContain(`role: kms:Encrypt,kms:GenerateDataKey*,kms:Decrypt on arn:aws:kms:${REGION}:${THEIRS}:key/*`);
    expect(ofTheResource(at)).toContain(`${ROLE}: kms:Encrypt,kms:GenerateDataKey*,kms:Decrypt on *`);
  });

  test('that volumes are encrypted with lets in the account, for whoever launches the job needs it as the role does', () => {
    const at = accounts();
    trainingIn(at.here, { role: at.role, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: new Key(at.there, 'Key') }) });
    expect(ofTheRole(at)).toEqual(['role: kms:CreateGrant on <Output> if {"kms:GrantIsForAWSResource":"true"}', 'role: kms:DescribeKey on <Output>']);
    expect(ofTheResource(at)).toEqual([`arn:aws:iam::${OURS}:root: kms:CreateGrant on * if {"kms:GrantIsForAWSResource":"true"}`, `arn:aws:iam::${OURS}:root: kms:DescribeKey on *`]);
  });

  test('in another Region lets the role in as well', () => {
    const at = accounts({ account: OURS, region: 'us-east-1' });
    trainingIn(at.here, { role: at.role, inputs: { train: DataSource.fromBucket(theirs(at.there, { encryptionKey: new Key(at.there, 'Key') }), 'train/') } });
    expect(ofTheRole(at)).toContain(`role: kms:Decrypt on arn:aws:kms:us-east-1:${OURS}:key/*`);
    expect(ofTheResource(at)).toEqual([`${ROLE}: kms:Decrypt on *`]);
  });

  test('that was made elsewhere is named by its ARN, and by nothing wider', () => {
    const at = accounts();
    const key = Key.fromKeyArn(at.here, 'Key', `arn:aws:kms:${REGION}:${THEIRS}:key/one`);
    trainingIn(at.here, { role: at.role, encryption: Encryption.withKey(key) });
    expect(ofTheRole(at).filter((line) => line.includes('kms:')).map((line) => / on (\S+)/.exec(line)![1])).toEqual(expect.arrayContaining([`arn:aws:kms:${REGION}:${THEIRS}:key/one`]));
    expect(ofTheRole(at).filter((line) => line.includes('kms:') && !line.includes('key/one'))).toEqual([]);
  });
});

describe('Of another account of the app', () => {
  test('a repository lets in the role by a tag, which the role has', () => {
    const at = accounts();
    new Model(at.here, 'Model', { role: at.role, image: ContainerImage.fromEcrRepository(new Repository(at.there, 'Repository', { repositoryName: 'theirs' }), '1.0') });
    const [, { Properties }] = Object.entries(templateOf(at.here)).find(([, { Type }]) => Type === 'AWS::IAM::Role')!;
    const [{ Value }] = Properties.Tags.filter(({ Key: name }: { Key: string }) => name === 'aws-cdk:id');
    expect(ofTheResource(at)).toEqual([`arn:aws:iam::${OURS}:root: ecr:BatchCheckLayerAvailability,ecr:BatchGetImage,ecr:GetDownloadUrlForLayer on  if {"aws:PrincipalTag/aws-cdk:id":"${Value}"}`]);
    expect(ofTheRole(at)).toEqual([`role: ecr:BatchCheckLayerAvailability,ecr:BatchGetImage,ecr:GetDownloadUrlForLayer on arn:aws:ecr:${REGION}:${THEIRS}:repository/theirs`]);
  });

  test('a topic is told of answers by the role, and by nobody else', () => {
    const at = accounts();
    endpointOf(at, { asyncInference: AsyncInference.toBucket(new Bucket(at.here, 'Own'), 'answers', { successTopic: new Topic(at.there, 'Topic', { topicName: 'theirs' }) }) });
    expect(ofTheRole(at)).toEqual([`role: sns:Publish on arn:aws:sns:${REGION}:${THEIRS}:theirs`]);
    expect(ofTheResource(at)).toEqual([`${ROLE}: sns:Publish on <Topic>`]);
  });

  test('a secret with a key is read by the role, and by nobody else', () => {
    const at = accounts();
    const secret = new Secret(at.there, 'Secret', { secretName: 'theirs', encryptionKey: new Key(at.there, 'Key') });
    trainingIn(at.here, { role: at.role, secrets: { TOKEN: secret } });
    // the service ends the ARN with six characters, which only the other stack knows
    expect(ofTheRole(at)).toContain(`role: secretsmanager:GetSecretValue,secretsmanager:DescribeSecret on arn:aws:secretsmanager:${REGION}:${THEIRS}:secret:theirs-??????`);
    expect(ofTheRole(at)).toContain(`role: kms:Decrypt on arn:aws:kms:${REGION}:${THEIRS}:key/* if {"kms:ViaService":"secretsmanager.${REGION}.*"}`);
    expect(ofTheResource(at)).toContain(`${ROLE}: secretsmanager:GetSecretValue,secretsmanager:DescribeSecret on <Secret>`);
    expect(ofTheResource(at)).toContain(`${ROLE}: kms:Decrypt on * if {"kms:ViaService":"secretsmanager.${REGION}.*"}`);
  });

  test('a group of model packages lets in whom it is told to', () => {
    const at = accounts();
    const group = new ModelPackageGroup(at.there, 'Group', { modelPackageGroupName: 'theirs' });
    group.grantDeploy(new AccountPrincipal(OURS));
    expect(ofTheResource(at).every((line) => line.startsWith(`arn:aws:iam::${OURS}:root: sagemaker:`))).toBe(true);
    expect(ofTheResource(at).join()).toContain('sagemaker:CreateModel on');
  });

  test('a version of a model that is named by its ARN is deployed under that ARN', () => {
    const at = accounts();
    const arn = `arn:aws:sagemaker:${REGION}:${THEIRS}:model-package/theirs/3`;
    const modelPackage = ModelPackage.fromModelPackageArn(at.here, 'Version', arn, { modelData: ModelData.fromS3Uri('s3://theirs/digits/') });
    new Model(at.here, 'Model', { role: at.role, modelPackage });
    expect(JSON.stringify(Object.values(templateOf(at.here)).find(({ Type }) => Type === 'AWS::SageMaker::Model')!.Properties)).toContain(`{"ModelPackageName":"${arn}"}`);
    expect(ofTheRole(at).some((line) => line.includes('s3:GetObject on arn:aws:s3:::theirs/digits/*'))).toBe(true);
  });
});
