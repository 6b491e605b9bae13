import { Template } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpoint, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { App, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib/core';
import { join } from 'node:path';
import { Capacity, ContainerImage, DataSource, JobVpcEndpoints, JobVpcService, Model, ModelData, OutputLocation, ProcessingInput, ProcessingJob, VpcOnlyAccess } from 'cdk-sagemaker';
import { emptyStack, flat, IMAGE_URI, ofType, trainingIn, tuningIn } from './support/stacks';

const SOURCE = join(__dirname, 'support', 'source');
const image = ContainerImage.fromUri(IMAGE_URI);
const denied = (template: Template): any[] => ofType(template, 'AWS::S3::BucketPolicy').flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Deny');

/** A bucket that is for a VPC alone. */
function restricted(stack = emptyStack(), options = {}, bucketProps = {}) {
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 });
  const bucket = new Bucket(stack, 'Data', bucketProps);
  VpcOnlyAccess.ofVpc(bucket, vpc, options);
  return { stack, vpc, bucket };
}

/** Those who are outside for IAM, too. */
const except = (statement: any): string[] => [statement.Condition.ArnNotLike['aws:PrincipalArn']].flat().map(flat);

describe('A bucket for a VPC alone', () => {
  test('is closed to requests that come from elsewhere', () => {
    const { stack } = restricted();
    expect(denied(Template.fromStack(stack))).toEqual([{
      Effect: 'Deny', Principal: { AWS: '*' },
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:ListBucket'],
      Resource: [{ 'Fn::GetAtt': [expect.stringMatching('^Data'), 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching('^Data'), 'Arn'] }, '/*']] }],
      Condition: {
        StringNotEquals: { 'aws:SourceVpc': { Ref: expect.stringMatching('^Vpc') } },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        ArnNotLike: { 'aws:PrincipalArn': [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/-/-']] }] },
      },
    }]);
  });

  test('is closed to requests that come through another endpoint', () => {
    const stack = emptyStack();
    const endpoint = JobVpcEndpoints.of(new Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 }), { services: [JobVpcService.S3] }).s3;
    VpcOnlyAccess.ofEndpoint(new Bucket(stack, 'Data'), endpoint);
    expect(denied(Template.fromStack(stack))[0].Condition.StringNotEquals).toEqual({ 'aws:SourceVpce': { Ref: expect.stringMatching('SageMakerJobEndpointsS3') } });
  });

  test('is administered, emptied and deleted as ever', () => {
    const { stack } = restricted(undefined, {}, { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true, enforceSSL: true });
    const template = Template.fromStack(stack);
    const emptying = ofType(template, 'AWS::S3::BucketPolicy').flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action)
      .filter((action) => /Delete|Versions|List/.test(action));
    const [statement] = denied(template).filter(({ Condition }) => Condition.StringNotEquals);
    expect(emptying).toContain('s3:DeleteObject*');
    expect(statement.Action).toEqual(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:ListBucket']);
    expect(statement.Action.filter((action: string) => /Policy|DeleteObject|ListBucketVersions|\*/.test(action))).toEqual([]);
  });

  test('is open to roles that are named, and to deployments of files into it', () => {
    const stack = emptyStack();
    const people = Role.fromRoleArn(stack, 'People', 'arn:aws:iam::123456789012:role/people');
    const { bucket } = restricted(stack, { exceptRoles: [people] });
    const other = new Bucket(stack, 'Other');
    new BucketDeployment(stack, 'Files', { destinationBucket: bucket, sources: [Source.data('a.txt', 'a')] });
    new BucketDeployment(stack, 'Elsewhere', { destinationBucket: other, sources: [Source.data('a.txt', 'a')], memoryLimit: 512 });
    expect(except(denied(Template.fromStack(stack))[0])).toEqual(['arn:aws:iam::123456789012:role/people', expect.stringMatching(/^<CustomCDKBucketDeployment(?!.*512).*ServiceRole.*\.Arn>$/)]);
  });

  test('takes the files of jobs in the VPC', () => {
    const { stack, vpc, bucket } = restricted();
    trainingIn(stack, { vpc, inputs: { train: DataSource.fromAsset(SOURCE, { bucket }), test: DataSource.fromBucket(bucket, 'test/') }, output: OutputLocation.fromBucket(bucket, 'models') });
    expect(except(denied(Template.fromStack(stack))[0])).toEqual([expect.stringMatching(/^<CustomCDKBucketDeployment.*ServiceRole.*\.Arn>$/)]);
  });

  test('refuses files that another stack deploys, by a role that can not be named', () => {
    const app = new App();
    const { bucket, vpc } = restricted(new Stack(app, 'Data'));
    trainingIn(new Stack(app, 'Jobs'), { vpc, inputs: { train: DataSource.fromAsset(SOURCE, { bucket }) } });
    expect(() => app.synth()).toThrow(/Data\/Data: VpcOnlyAccess must be told of the role of Jobs\/SageMakerInputs\/\w+, which writes to the bucket from another stack/);
  });

  test('takes files that another stack deploys by a role that it is told of', () => {
    const app = new App();
    const stack = new Stack(app, 'Data');
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/deploy');
    const { bucket } = restricted(stack, { exceptRoles: [role] });
    new BucketDeployment(new Stack(app, 'Files'), 'Files', { destinationBucket: bucket, sources: [Source.data('a.txt', 'a')], role });
    expect(() => app.synth()).not.toThrow();
  });

  test('is no bucket made elsewhere', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc');
    expect(() => VpcOnlyAccess.ofVpc(Bucket.fromBucketName(stack, 'Data', 'data'), vpc)).toThrow('Stack/Data: VpcOnlyAccess: bucket must be made by the app: the policy of this one is changed elsewhere, and needs a Deny of s3:GetObject, s3:GetObjectVersion, s3:PutObject, s3:ListBucket where aws:SourceVpc is another one');
  });
});

describe('A bucket is for', () => {
  const two = () => {
    const stack = emptyStack();
    const [vpc, other] = ['Vpc', 'Other'].map((id) => new Vpc(stack, id, { natGateways: 0, maxAzs: 2 }));
    return { stack, vpc, other, bucket: new Bucket(stack, 'Data'), s3: (of: Vpc) => JobVpcEndpoints.of(of, { services: [JobVpcService.S3] }).s3 };
  };

  test('one VPC, for of two nobody could read it', () => {
    const { bucket, vpc, other } = two();
    VpcOnlyAccess.ofVpc(bucket, vpc);
    VpcOnlyAccess.ofVpc(bucket, vpc);
    expect(() => VpcOnlyAccess.ofVpc(bucket, other)).toThrow('Stack/Data: VpcOnlyAccess must be given one VPC, or one endpoint of it: of two, nobody could read the bucket, got Stack/Vpc and Stack/Other');
  });

  test('one endpoint, which may be of its VPC', () => {
    const { bucket, vpc, other, s3 } = two();
    VpcOnlyAccess.ofVpc(bucket, vpc);
    VpcOnlyAccess.ofEndpoint(bucket, s3(vpc));
    expect(() => VpcOnlyAccess.ofEndpoint(bucket, s3(other))).toThrow('of two, nobody could read the bucket, got Stack/Vpc and Stack/Other/SageMakerJobEndpoints/S3');
    expect(() => VpcOnlyAccess.ofEndpoint(bucket, GatewayVpcEndpoint.fromGatewayVpcEndpointId(bucket, 'Elsewhere', 'vpce-1'))).toThrow('of two, nobody could read the bucket');
  });

  test('an endpoint for S3, of a gateway or of interfaces', () => {
    const { stack, bucket, vpc } = two();
    const endpoint = (id: string, service: InterfaceVpcEndpointAwsService) => new InterfaceVpcEndpoint(stack, id, { vpc, service });
    expect(() => VpcOnlyAccess.ofEndpoint(bucket, endpoint('Kms', InterfaceVpcEndpointAwsService.KMS))).toThrow('Stack/Data: VpcOnlyAccess: endpoint must be one for S3, got Stack/Kms');
    expect(() => VpcOnlyAccess.ofEndpoint(bucket, endpoint('S3', InterfaceVpcEndpointAwsService.S3))).not.toThrow();
  });

  test('jobs in the VPC of its endpoint', () => {
    const { stack, bucket, vpc, other, s3 } = two();
    VpcOnlyAccess.ofEndpoint(bucket, s3(vpc));
    const inputs = { train: DataSource.fromBucket(bucket, 'train/') };
    trainingIn(stack, { vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, inputs }, 'Inside');
    expect(() => (stack.node.root as App).synth()).not.toThrow();
    trainingIn(stack, { vpc: other, vpcSubnets: { subnets: other.isolatedSubnets }, inputs });
    expect(() => (stack.node.root as App).synth({ force: true })).toThrow('Stack/Train: vpc must be that of Stack/Vpc/SageMakerJobEndpoints/S3 for inputs.train');
  });

  test('jobs in any VPC, where that of its endpoint is not known', () => {
    const { stack, bucket, vpc } = two();
    VpcOnlyAccess.ofEndpoint(bucket, GatewayVpcEndpoint.fromGatewayVpcEndpointId(stack, 'Elsewhere', 'vpce-1'));
    trainingIn(stack, { vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, inputs: { train: DataSource.fromBucket(bucket, 'train/') } });
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

describe('A bucket for a VPC alone refuses', () => {
  test.each<[string, (stack: Stack, bucket: Bucket) => unknown, string]>([
    ['the data of a job', (stack, bucket) => trainingIn(stack, { inputs: { train: DataSource.fromBucket(bucket, 'train/') } }), 'Stack/Train: vpc must be Stack/Vpc for inputs.train: Stack/Data is read and written from its VPC alone (VpcOnlyAccess), got no VPC'],
    ['the output of a job', (stack, bucket) => trainingIn(stack, { output: OutputLocation.fromBucket(bucket, 'models') }), 'Stack/Train: vpc must be Stack/Vpc for output'],
    ['the data of a definition', (stack, bucket) => tuningIn(stack, { inputs: { train: DataSource.fromBucket(bucket, 'train/') } }), 'Stack/Tune/Definition: vpc must be Stack/Vpc for inputs.train'],
    ['the inputs of a processing job', (stack, bucket) => new ProcessingJob(stack, 'Prepare', { image, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), inputs: { raw: ProcessingInput.fromData(DataSource.fromBucket(bucket, 'raw/')) } }), 'Stack/Prepare: vpc must be Stack/Vpc for inputs.raw'],
    ['the artifact of a model', (stack, bucket) => new Model(stack, 'Model', { image, modelData: ModelData.fromBucket(bucket, 'model.tar.gz') }), 'Stack/Model: vpc must be Stack/Vpc for modelData'],
    ['a job in another VPC', (stack, bucket) => trainingIn(stack, { vpc: new Vpc(stack, 'Other'), inputs: { train: DataSource.fromBucket(bucket) } }), 'Stack/Train: vpc must be Stack/Vpc for inputs.train: Stack/Data is read and written from its VPC alone (VpcOnlyAccess), got Stack/Other'],
  ])('%s that is outside', (_what, make, words) => {
    const { stack, bucket } = restricted();
    make(stack, bucket);
    expect(() => (stack.node.root as App).synth()).toThrow(words);
  });

  test('nobody who is inside, who uses another bucket, or whose role is named', () => {
    const stack = emptyStack();
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/jobs');
    const { vpc, bucket } = restricted(stack, { exceptRoles: [role] });
    trainingIn(stack, { vpc, inputs: { train: DataSource.fromBucket(bucket, 'train/') } }, 'Inside');
    trainingIn(stack, { inputs: { train: DataSource.fromBucket(new Bucket(stack, 'Data2'), 'train/') } }, 'Elsewhere');
    trainingIn(stack, { role, inputs: { train: DataSource.fromBucket(bucket, 'train/') } }, 'Named');
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('nobody of another stack with the same names, who has a bucket and a VPC of its own', () => {
    const app = new App();
    for (const id of ['Dev', 'Prod']) {
      const { stack, vpc, bucket } = restricted(new Stack(app, id));
      trainingIn(stack, { vpc, inputs: { train: DataSource.fromBucket(bucket, 'train/') }, output: OutputLocation.fromBucket(bucket, 'models') });
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('nobody of another stage with the same names', () => {
    const app = new App();
    for (const id of ['Dev', 'Prod']) {
      const { stack, vpc, bucket } = restricted(new Stack(new Stage(app, id), 'Jobs'));
      trainingIn(stack, { vpc, inputs: { train: DataSource.fromBucket(bucket, 'train/') } });
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('a job of another stack, that of another account among them', () => {
    const app = new App();
    const { bucket } = restricted(new Stack(app, 'Data'));
    trainingIn(new Stack(app, 'Jobs'), { inputs: { train: DataSource.fromBucket(bucket, 'train/') } });
    expect(() => app.synth()).toThrow('Jobs/Train: vpc must be Data/Vpc for inputs.train: Data/Data is read');
    const accounts = new App();
    const { bucket: named } = restricted(new Stack(accounts, 'Data', { env: { account: '111111111111', region: 'eu-west-1' } }), {}, { bucketName: 'data-of-the-team' });
    const jobs = new Stack(accounts, 'Jobs', { env: { account: '222222222222', region: 'eu-west-1' } });
    const role = new Role(jobs, 'Role', { roleName: 'jobs', assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    trainingIn(jobs, { role, inputs: { train: DataSource.fromBucket(named, 'train/') } });
    expect(() => accounts.synth()).toThrow('Jobs/Train: vpc must be Data/Vpc for inputs.train');
  });

  test('nobody in the VPC who knows it by another object', () => {
    const app = new App();
    const attributes = { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'] };
    const [data, jobs] = [new Stack(app, 'Data'), new Stack(app, 'Jobs')];
    const bucket = new Bucket(data, 'Data');
    VpcOnlyAccess.ofVpc(bucket, Vpc.fromVpcAttributes(data, 'Vpc', attributes));
    trainingIn(jobs, { isolated: true, vpc: Vpc.fromVpcAttributes(jobs, 'Vpc', attributes), inputs: { train: DataSource.fromBucket(bucket, 'train/') } });
    expect(() => app.synth()).not.toThrow();
    trainingIn(jobs, { isolated: true, vpc: Vpc.fromVpcAttributes(jobs, 'OtherVpc', { ...attributes, vpcId: 'vpc-2' }), inputs: { train: DataSource.fromBucket(bucket, 'train/') } }, 'Other');
    expect(() => app.synth({ force: true })).toThrow('Jobs/Other: vpc must be Data/Vpc for inputs.train');
  });

  test('who reads it by its address', () => {
    const { stack, bucket } = restricted();
    trainingIn(stack, { inputs: { train: DataSource.fromS3Uri(`s3://${bucket.bucketName}/train/`) } });
    expect(() => (stack.node.root as App).synth()).toThrow('Stack/Train: vpc must be Stack/Vpc for inputs.train');
    const { stack: other } = restricted(undefined, {}, { bucketName: 'data-of-the-team' });
    trainingIn(other, { inputs: { train: DataSource.fromS3Uri('s3://data-of-the-team-2/train/') } }, 'Other');
    expect(() => (other.node.root as App).synth()).not.toThrow();
    trainingIn(other, { inputs: { train: DataSource.fromS3Uri('s3://data-of-the-team/train/') } });
    expect(() => (other.node.root as App).synth({ force: true })).toThrow('Stack/Train: vpc must be Stack/Vpc for inputs.train');
  });
});
