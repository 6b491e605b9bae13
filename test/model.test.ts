import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { Algorithm, ContainerImage, Model, ModelData, OutputCompression, OutputLocation, Script, type ModelProps } from 'cdk-sagemaker';
import { join } from 'node:path';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only, statements, trainingIn } from './support/stacks';

const SOURCE = join(__dirname, 'support', 'source');
const image = ContainerImage.fromUri(IMAGE_URI);
const script = Script.fromDirectory(SOURCE, { entryPoint: 'train.py' });

function modelTemplate(props: (stack: Stack) => Partial<ModelProps>): Template {
  const stack = emptyStack();
  new Model(stack, 'Model', { image, ...props(stack) });
  return Template.fromStack(stack);
}
const modelOf = (template: Template) => only(template, 'AWS::SageMaker::Model');

describe('Model', () => {
  test('of an image alone is a role, its policy and the model', () => {
    const template = modelTemplate(() => ({}));
    expect(Object.keys(template.toJSON().Resources)).toHaveLength(3);
    expect(modelOf(template)).toMatchObject({
      Properties: { PrimaryContainer: { Image: IMAGE_URI } }, DependsOn: [expect.stringMatching(/^ModelRoleDefaultPolicy/)],
    });
    expect(statements(template, 'ModelRole').map((statement) => [statement.Action].flat()[0]))
      .toEqual(['logs:CreateLogGroup', 'cloudwatch:PutMetricData', 'ecr:BatchCheckLayerAvailability', 'ecr:GetAuthorizationToken']);
  });

  test('of an archive in S3 may read that and no more of the bucket', () => {
    const template = modelTemplate((stack) => ({ modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz', { encryptionKey: new Key(stack, 'Key') }) }));
    expect(modelOf(template).Properties.PrimaryContainer).toMatchObject({ ModelDataUrl: 's3://models/a/model.tar.gz' });
    expect(allowing(template, 'ModelRole', 's3:GetObject').map((statement) => flat(statement.Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/a/model.tar.gz']);
    expect(allowing(template, 'ModelRole', 's3:ListBucket')[0].Condition).toEqual({ StringLike: { 's3:prefix': ['a/model.tar.gz'] } });
    expect(allowing(template, 'ModelRole', 'kms:Decrypt')).toHaveLength(1);
    expect(allowing(template, 'ModelRole', 'kms:GenerateDataKey*')).toEqual([]);
  });

  test('of a folder in S3 is not compressed', () => {
    const template = modelTemplate(() => ({ modelData: ModelData.fromS3Uri('s3://models/folder/') }));
    expect(modelOf(template).Properties.PrimaryContainer).toEqual({
      Image: IMAGE_URI, ModelDataSource: { S3DataSource: { S3Uri: 's3://models/folder/', S3DataType: 'S3Prefix', CompressionType: 'None' } },
    });
  });

  test('with a script tells the container where that is, in plain text', () => {
    const environment = modelOf(modelTemplate(() => ({ script, entryPoint: 'serve.py', environment: { WORKERS: '2' } }))).Properties.PrimaryContainer.Environment;
    expect(environment).toEqual({
      WORKERS: '2', SAGEMAKER_PROGRAM: 'serve.py', SAGEMAKER_CONTAINER_LOG_LEVEL: '20', SAGEMAKER_REGION: { Ref: 'AWS::Region' }, SAGEMAKER_SUBMIT_DIRECTORY: expect.anything(),
    });
    expect(flat(environment.SAGEMAKER_SUBMIT_DIRECTORY)).toMatch(/^s3:\/\/cdk-hnb659fds-assets-.*\/[0-9a-f]{64}\.gz$/);
  });

  test('under network isolation finds its script in the artifact', () => {
    const inside = modelTemplate(() => ({ script: Script.inModelData({ entryPoint: 'serve.py' }), networkIsolation: true }));
    expect(modelOf(inside).Properties).toMatchObject({ EnableNetworkIsolation: true, PrimaryContainer: { Environment: { SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' } } });
    expect(() => modelTemplate(() => ({ script, networkIsolation: true }))).toThrow('Stack/Model: script must be Script.inModelData under networkIsolation');
  });

  test.each<[string, Partial<ModelProps>, string]>([
    ['an entry point that is no file', { script, entryPoint: 'gone.py' }, 'entryPoint must be one of the files'],
    ['an entry point without a script', { entryPoint: 'serve.py' }, 'entryPoint must come with script'],
    ['data that are not in S3', { modelData: ModelData.fromS3Uri('file:///x') }, 'modelData must be at s3://bucket/key, got file:///x'],
    ['101 variables', { environment: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`V${i}`, 'x'])) }, 'environment must have 0 to 100 entries'],
    ['more than 32 KB of variables', { environment: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`V${i}`, 'x'.repeat(1000)])) }, 'environment must have at most 32 KB in all'],
    ['an odd name', { modelName: 'my_model' }, 'modelName must be of 1 to 63 letters'],
  ])('rejects %s', (_what, props, message) => expect(() => modelTemplate(() => props)).toThrow(message));

  test('made elsewhere is known by its name', () => {
    const stack = emptyStack();
    expect(flat(stack.resolve(Model.fromModelName(stack, 'Old', 'Old-Model').modelArn))).toMatch(/:model\/old-model$/);
  });
});

describe('a model of a training job', () => {
  const trained = (overrides: (stack: Stack) => Parameters<typeof trainingIn>[1] = () => ({}), props: Parameters<ReturnType<typeof trainingIn>['toModel']>[1] = {}) => {
    const stack = emptyStack();
    trainingIn(stack, overrides(stack)).toModel('Model', props);
    return Template.fromStack(stack);
  };

  test('has the job\'s image, script and artifact, and a role of its own', () => {
    const template = trained(() => ({ algorithm: Algorithm.image(image, { script }) }), { entryPoint: 'serve.py' });
    const { PrimaryContainer, ExecutionRoleArn } = modelOf(template).Properties;
    expect(PrimaryContainer).toMatchObject({
      Image: IMAGE_URI, ModelDataUrl: { 'Fn::GetAtt': ['TrainOutcome732D6B0A', 'ModelArtifacts'] }, Environment: { SAGEMAKER_PROGRAM: 'serve.py' },
    });
    expect(ExecutionRoleArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^TrainModelRole/), 'Arn'] });
    expect(ofType(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith('Train'))).toHaveLength(2);
  });

  test('reads artifacts of every run of the job, by prefix, and writes nothing', () => {
    const template = trained();
    expect(allowing(template, 'TrainModelRole', 's3:GetObject').map((s) => flat(s.Resource))).toEqual(['<SageMakerBucket4E4A68EC.Arn>/jobs/stack-train-*']);
    expect(allowing(template, 'TrainModelRole', 's3:PutObject')).toEqual([]);
  });

  test('is in the job\'s VPC with its security groups, and isolated as it is', () => {
    const template = trained((stack) => ({ networkIsolation: true, vpc: new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] }) }));
    const job = only(template, 'Custom::SageMakerTrainingJob').Properties.Request;
    expect(modelOf(template).Properties).toMatchObject({ EnableNetworkIsolation: true, VpcConfig: job.VpcConfig });
    expect(allowing(template, 'TrainModelRole', 'ec2:CreateNetworkInterface')).toHaveLength(1);
  });

  test('may differ where it is told to', () => {
    expect(modelOf(trained(() => ({ networkIsolation: true }), { networkIsolation: false, script: undefined })).Properties).not.toHaveProperty('EnableNetworkIsolation');
  });

  test('takes an artifact that is a folder, and its key', () => {
    const template = trained((stack) => ({ output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'x', { compression: OutputCompression.NONE, encryptionKey: new Key(stack, 'Key') }) }));
    expect(modelOf(template).Properties.PrimaryContainer.ModelDataSource.S3DataSource).toMatchObject({ CompressionType: 'None' });
    expect(allowing(template, 'TrainModelRole', 'kms:Decrypt')).toHaveLength(1);
  });
});
