import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { App, CfnOutput, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import {
  AssembleWith, BatchDataCapture, Completion, ContainerImage, DataSource, Framework, InputCompression, InputMode, Model, ModelData, ModelPackage, OutputCompression, OutputLocation,
  PipelineExecution, Retrain, Script, SplitType, TransformJob, type ModelProps, type TransformJobOptions,
} from 'cdk-sagemaker';
import { join } from 'node:path';
import { runKey } from '../lib/handler/run-key';
import { transformJob } from '../lib/handler/transform-job-kind';
import { allowing, bucketNamed as made, emptyStack, flat, IMAGE_URI, only, trainingIn, trainingProps, warnings } from './support/stacks';

const SOURCE = join(__dirname, 'support', 'source');
/** By its name, once. */
const bucketNamed = (stack: Stack, name: string): IBucket => (stack.node.tryFindChild(`Bucket-${name}`) as IBucket | undefined) ?? made(stack, name);
const image = ContainerImage.fromUri(IMAGE_URI);
const modelIn = (stack: Stack, props: Partial<ModelProps> = {}) => new Model(stack, 'Model', { image, modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz'), ...props });
const least = (stack: Stack, more: Partial<TransformJobOptions> = {}): TransformJobOptions => ({
  input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'batch/', { contentType: 'text/csv' }), instanceType: 'ml.m5.large', ...more,
});

/** Template of a stack with one transform job. */
function templateOf(options: (stack: Stack) => Partial<TransformJobOptions> = () => ({}), model: (stack: Stack) => Model = modelIn): Template {
  const stack = emptyStack();
  model(stack).transform('Scores', least(stack, options(stack)));
  return Template.fromStack(stack);
}
const jobOf = (template: Template): any => only(template, 'Custom::SageMakerTransformJob').Properties;
const outcomeOf = (template: Template): any => only(template, 'Custom::SageMakerJobOutcome').Properties;

/** The key of a job, with intrinsic functions as text, as if a deployment had filled them in. */
function keyOf(template: Template): string {
  const plain = (value: any): any => {
    if (typeof value !== 'object' || value === null) { return value; }
    if (Array.isArray(value)) { return value.map(plain); }
    return Object.keys(value).some((name) => /^(Ref|Fn::)/.test(name)) ? flat(value) : Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry)]));
  };
  return runKey(plain(jobOf(template)), { stackId: 'stack', logicalId: 'Scores' }, transformJob.key);
}

describe('A transform job', () => {
  test('may write its log and its figures, with the role of the model', () => {
    const template = templateOf();
    expect(allowing(template, 'ModelRole', 'logs:PutLogEvents').flatMap(({ Resource }) => [Resource].flat().map(flat))).toContainEqual(expect.stringMatching(/:log-group:\/aws\/sagemaker\/TransformJobs$/));
    expect(allowing(template, 'ModelRole', 'cloudwatch:PutMetricData').map(({ Condition }) => Condition.StringEquals['cloudwatch:namespace'])).toContain('/aws/sagemaker/TransformJobs');
    expect(JSON.stringify(templateOf().toJSON())).not.toContain('hyper-parameter');
  });

  test('of a model of another stack brings the policy along: that stack knows nothing of it', () => {
    const app = new App();
    const [theirs, ours] = [new Stack(app, 'Theirs'), new Stack(app, 'Ours')];
    modelIn(theirs).transform('Unused', { input: DataSource.fromS3Uri('s3://theirs/in'), instanceType: 'ml.m5.large' });
    new TransformJob(ours, 'Scores', { model: theirs.node.findChild('Model') as Model, input: DataSource.fromAsset(SOURCE), instanceType: 'ml.m5.large' });
    const template = Template.fromStack(ours);
    expect(allowing(template, 'ScoresModelRole', 's3:PutObject').length).toBeGreaterThan(0);
    expect(only(template, 'Custom::SageMakerTransformJob').DependsOn).toContainEqual(expect.stringMatching(/^ScoresModelRolePolicy/));
    expect(JSON.stringify(Template.fromStack(theirs).toJSON())).not.toContain('Ours');
  });

  test('is refused for many models, of which it can name none', () => {
    const many = (stack: Stack) => modelIn(stack, { modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'all/'), multiModel: true });
    expect(() => templateOf(undefined, many)).toThrow('Scores: model must have one artifact: a transform job names none of several');
  });

  test('asks for what is said, and for nothing else', () => {
    const { Request, ...properties } = jobOf(templateOf());
    expect(Request).toEqual({
      ModelName: { 'Fn::GetAtt': [expect.stringMatching(/^Model/), 'ModelName'] },
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } }, ContentType: 'text/csv' },
      TransformOutput: { S3OutputPath: { 'Fn::Join': ['', ['s3://', { Ref: expect.stringMatching(/^SageMakerBucket/) }, '/jobs/{JobName}']] } },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    });
    expect(properties).toMatchObject({ Kind: 'TransformJob', KeyVersion: '1', NamePrefix: 'stack-model-scores', JobNameIn: ['TransformOutput.S3OutputPath'] });
  });

  test('is waited for 3 hours, for nothing limits how long it runs', () => {
    const template = templateOf();
    const waits = Object.values(template.findResources('Custom::SageMakerJobWait'));
    expect([...waits, { Properties: outcomeOf(template) }].reduce((sum, { Properties }) => sum + Number(Properties.Seconds), 0)).toBe(3 * 3600);
    expect(outcomeOf(templateOf(() => ({ completion: Completion.finished({ within: Duration.minutes(30) }) }))).Seconds).toBe(1800);
  });

  test('says where it wrote, by the name of the run also when its record is gone', () => {
    const stack = emptyStack();
    const job = modelIn(stack).transform('Scores', least(stack));
    new CfnOutput(stack, 'Where', { value: job.outputPath });
    new CfnOutput(stack, 'Status', { value: job.transformJobStatus });
    const template = Template.fromStack(stack);
    expect(outcomeOf(template).Attributes).toEqual(['OutputPath', 'Status']);
    expect(flat(outcomeOf(template).Artifact)).toMatch(/^s3:\/\/<SageMakerBucket\w+>\/jobs\/<ModelScores\w+>$/);
    expect(template.findOutputs('Where')).toEqual({ Where: { Value: { 'Fn::GetAtt': [expect.stringMatching(/Outcome/), 'OutputPath'] } } });
    expect(flat(stack.resolve(job.transformJobArn))).toMatch(/:transform-job\/<ModelScores\w+>$/);
  });

  test('writes to a folder of its own below the user\'s place', () => {
    const at = (prefix?: string) => jobOf(templateOf((stack) => ({ output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), prefix) }))).Request.TransformOutput.S3OutputPath;
    expect([at('scores/daily/'), at('scores'), at()]).toEqual(['s3://out/scores/daily/{JobName}', 's3://out/scores/{JobName}', 's3://out/{JobName}']);
  });

  test('reads, writes and decrypts as the model, by the model\'s role, and waits for its policy', () => {
    const template = templateOf((stack) => ({
      input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'batch/', { encryptionKey: new Key(stack, 'InKey') }),
      output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'scores', { encryptionKey: new Key(stack, 'OutKey') }),
      dataCapture: BatchDataCapture.toBucket(bucketNamed(stack, 'captured'), 'c'),
      volumeKey: new Key(stack, 'DiskKey'),
    }));
    const resources = (action: string) => allowing(template, 'ModelRole', action).map(({ Resource }) => flat(Resource));
    expect(resources('s3:GetObject')).toEqual([expect.stringContaining(':::models/a/model.tar.gz'), expect.stringContaining(':::data/batch/*')]);
    expect(resources('s3:PutObject')).toEqual([expect.stringContaining(':::out/scores/*'), expect.stringContaining(':::captured/c/*')]);
    expect(resources('kms:Decrypt').map((text) => /<(\w+)Key/.exec(text)?.[1])).toEqual(['In', 'Out']);
    expect(resources('kms:GenerateDataKey*').map((text) => /<(\w+)Key/.exec(text)?.[1])).toEqual(['Out']);
    expect(allowing(template, 'ModelRole', 'kms:CreateGrant')).toEqual([expect.objectContaining({ Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } })]);
    expect(only(template, 'Custom::SageMakerTransformJob').DependsOn).toContainEqual(expect.stringMatching(/^ModelRoleDefaultPolicy/));
  });

  test('lets the handler launch and stop jobs of the stack, pass no role, and use the key of the volumes', () => {
    const template = templateOf((stack) => ({ volumeKey: new Key(stack, 'DiskKey') }));
    const [jobs] = allowing(template, 'SageMakerJobHandlerPolicy', 'sagemaker:CreateTransformJob');
    expect(jobs.Action).toEqual(['CreateTransformJob', 'DescribeTransformJob', 'StopTransformJob', 'AddTags', 'DeleteTags', 'ListTags'].map((name) => `sagemaker:${name}`));
    expect(flat(jobs.Resource)).toMatch(/:transform-job\/stack-\*$/);
    expect(allowing(template, 'SageMakerJobHandlerPolicy', 'iam:PassRole')).toEqual([]);
    expect(allowing(template, 'SageMakerJobHandlerPolicy', 'kms:CreateGrant')).toHaveLength(1);
  });

  test('is the data of another job, which waits for its end', () => {
    const stack = emptyStack();
    const scores = modelIn(stack).transform('Scores', least(stack));
    trainingIn(stack, { inputs: { scores: scores.outputData() } });
    const template = Template.fromStack(stack);
    const { Properties, DependsOn } = only(template, 'Custom::SageMakerTrainingJob');
    expect(flat(Properties.Request.InputDataConfig[0].DataSource.S3DataSource.S3Uri)).toMatch(/^s3:\/\/<SageMakerBucket\w+>\/jobs\/<ModelScores\w+>\/$/);
    expect(DependsOn).toContainEqual(expect.stringMatching(/^ModelScoresOutcome/));
    expect(allowing(template, 'TrainRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/\/jobs\/stack-model-scores-\*$/)]);
  });

  test('takes what another job has written, and an asset, and waits for both', () => {
    const trained = emptyStack();
    const training = trainingIn(trained);
    training.toModel('Model').transform('Scores', least(trained, { input: training.outputData() }));
    expect(only(Template.fromStack(trained), 'Custom::SageMakerTransformJob').DependsOn).toContainEqual(expect.stringMatching(/^TrainOutcome/));
    const template = templateOf(() => ({ input: DataSource.fromAsset(SOURCE) }));
    expect(only(template, 'Custom::SageMakerTransformJob').DependsOn).toContainEqual(expect.stringMatching(/^SageMakerInputs/));
    expect(jobOf(template).Content).toMatchObject({ 'TransformInput.DataSource.S3DataSource.S3Uri': expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('decides between the images of a framework by its instances', () => {
    const framework = (stack: Stack) => new Model(stack, 'Model', { framework: Framework.pytorch('2.1.0', { pyVersion: 'py310' }), modelData: ModelData.fromS3Uri('s3://models/a/model.tar.gz'), script: Script.inModelData({ entryPoint: 'serve.py' }) });
    const imageOf = (instanceType: string) => flat(only(templateOf(() => ({ instanceType }), framework), 'AWS::SageMaker::Model').Properties.PrimaryContainer.Image);
    expect(imageOf('ml.m5.large')).toContain('pytorch-inference:2.1.0-cpu-py310');
    expect(imageOf('ml.g5.xlarge')).toContain('pytorch-inference:2.1.0-gpu-py310');
    expect(() => templateOf(() => ({ instanceType: 'ml.m5.large' }), (stack) => {
      const model = framework(stack);
      model.deploy('Endpoint', { instanceType: 'ml.g5.xlarge' });
      return model;
    })).toThrow('Stack/Model/Scores: instanceType must be served by the image for ml.g5.xlarge');
  });

  test('says a revision of its data, its own, or that of Retrain.manual', () => {
    expect(jobOf(templateOf((stack) => ({ input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'b', { revision: 'r1' }) }))).ChannelRevisions).toEqual({ input: 'r1' });
    expect(jobOf(templateOf(() => ({ revision: 'r2' }))).Revision).toBe('r2');
    expect(jobOf(templateOf(() => ({ retrain: Retrain.manual('v1') })))).toMatchObject({ Revision: 'v1', RetrainOn: 'Revision' });
  });

  test('may be one made elsewhere, which the handler looks at', () => {
    const template = templateOf(() => ({ adopt: { name: 'Old-Scores', accept: ['ModelName'] } }));
    expect(jobOf(template).Adopt).toEqual({ Name: 'Old-Scores', Accept: ['ModelName'] });
    expect(allowing(template, 'SageMakerJobHandlerPolicy', 'sagemaker:DescribeTransformJob').map(({ Resource }) => flat(Resource)).join()).toMatch(/:transform-job\/Old-Scores/);
  });

  test.each<[string, (stack: Stack) => Partial<TransformJobOptions>, string]>([
    ['a record that is to be deleted', () => ({ removalPolicy: RemovalPolicy.DESTROY }), 'removalPolicy must be RETAIN or left out: SageMaker can\'t delete the record of a transform job'],
    ['a file system', (stack) => ({
      input: DataSource.fromFileSystem(new FileSystem(stack, 'Files', { vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'v', availabilityZones: ['a'], privateSubnetIds: ['s'] }), securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'G', 'sg-1') })),
    }), 'input must be in S3'],
    ['a dataset', () => ({ input: DataSource.fromDataset('arn:aws:sagemaker:eu-west-1:123456789012:hub-content/team/DataSet/questions/1.0.0') }), 'input must be in S3: transform jobs read no dataset'],
    ['an augmented manifest', (stack) => ({ input: DataSource.fromAugmentedManifest(bucketNamed(stack, 'data'), 'm', { dataPrefix: 'd', attributeNames: ['a'] }) }), 'input: the type of the data must be one of ManifestFile, S3Prefix, got AugmentedManifestFile'],
    ['a pipe', (stack) => ({ input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'd', { inputMode: InputMode.PIPE }) }), 'input.inputMode must be left out: it is for channels of training, got Pipe'],
    ['the artifact of a model', () => ({ input: DataSource.fromModelData(ModelData.fromS3Uri('s3://m/model.tar.gz')) }), 'input.inputMode must be left out'],
    ['counted records', (stack) => ({ input: DataSource.ofRecords(DataSource.fromBucket(bucketNamed(stack, 'data')), { featureDim: 3 }) }), 'input must be data without a count of records'],
    ['a compression of its output', () => ({ output: OutputLocation.stackBucket({ compression: OutputCompression.NONE }) }), 'output.compression must be left out'],
    ['no data', () => ({ input: undefined }), 'input must be a DataSource'],
    ['no instances', () => ({ instanceType: undefined }), 'instanceType must be text'],
    ['an output that is none', () => ({ output: 's3://out' as never }), 'output must be an OutputLocation'],
    ['an environment of other things', () => ({ environment: { A: 1 as never } }), 'environment.A must be text, got 1'],
    ['an odd name to adopt', () => ({ adopt: { name: 'a_b' } }), 'adopt.name must be the name of a job'],
    ['a path that no request has', () => ({ adopt: { name: 'a', accept: ['RoleArn'] } }), 'adopt.accept[0] must be a member CreateTransformJob has'],
    ['an override of what a prop grants', () => ({ overrides: { TransformOutput: { S3OutputPath: 's3://elsewhere' } } }), 'overrides.TransformOutput.S3OutputPath must be left out: use the prop output'],
  ])('refuses %s', (_what, options, message) => {
    expect(() => templateOf(options)).toThrow(`Stack/Model/Scores: ${message}`);
  });

  test('refuses a model that is none, and one whose artifact is a folder', () => {
    const stack = emptyStack();
    expect(() => new TransformJob(stack, 'A', { ...least(stack), model: 'm' as never })).toThrow('Stack/A: model must be a model');
    expect(() => new TransformJob(stack, 'B', undefined as never)).toThrow('Stack/B: props must be given');
    expect(() => templateOf(() => ({}), (s) => modelIn(s, { modelData: ModelData.fromBucket(bucketNamed(s, 'models'), 'folder/') }))).toThrow('model must have one compressed archive as its artifact');
  });

  test('has nothing to ask of under Completion.started', () => {
    const stack = emptyStack();
    const job = modelIn(stack).transform('Scores', least(stack, { completion: Completion.started() }));
    expect(() => job.outputPath).toThrow('completion must be Completion.finished() for outputPath to be known');
    expect(() => trainingIn(stack, { inputs: { a: job.outputData() } })).toThrow('for outputData to be known');
  });
});

describe('A transform job of a model made elsewhere', () => {
  const job = (stack: Stack, withRole = false) => new TransformJob(stack, 'Scores', {
    ...least(stack), model: Model.fromModelName(stack, 'Old', 'old-model', withRole ? { role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/Old') } : {}),
  });

  test('counts it by its name', () => {
    const stack = emptyStack();
    job(stack);
    const template = Template.fromStack(stack);
    expect(jobOf(template).Request.ModelName).toBe('old-model');
    expect(jobOf(template)).not.toHaveProperty('Content');
  });

  test('warns of what its role must be allowed', () => {
    const stack = emptyStack();
    job(stack);
    expect(warnings(stack)).toEqual([expect.stringMatching(/must be allowed .*logs:PutLogEvents, s3:AbortMultipartUpload, s3:GetObject, s3:ListBucket, s3:PutObject for the input.*\[ack: cdk-sagemaker:modelRoleIsUnknown\]/)]);
  });

  test('leaves a role that is told of as it is, and says what it must be allowed', () => {
    const stack = emptyStack();
    job(stack, true);
    expect(warnings(stack)).toEqual([expect.stringMatching(/(?=[^]*input: s3:GetObject)(?=[^]*output: s3:PutObject)[^]*\[ack: cdk-sagemaker:importedRole\]/)]);
    expect(allowing(Template.fromStack(stack), 'Role', 's3:PutObject')).toEqual([]);
  });
});

describe('What of a model a transform job counts', () => {
  const key = (model: (stack: Stack) => Model, options?: (stack: Stack) => Partial<TransformJobOptions>) => keyOf(templateOf(options, model));
  const base = key(modelIn);
  const PACKAGE = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/answers/3';

  test.each<[string, (stack: Stack) => Model]>([
    ['its name', (stack) => modelIn(stack, { modelName: 'mine' })],
    ['its role', (stack) => modelIn(stack, { role: Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::123456789012:role/Mine') })],
    ['its network', (stack) => modelIn(stack, { vpc: new Vpc(stack, 'Vpc') })],
    ['the registry of its image', (stack) => modelIn(stack, { image: ContainerImage.fromUri(IMAGE_URI.replace('eu-west-1', 'us-east-1')) })],
    ['the name of its container', (stack) => modelIn(stack, { containerName: 'one' })],
    ['an endpoint beside it', (stack) => { const model = modelIn(stack); model.deploy('Endpoint', { instanceType: 'ml.m5.large' }); return model; }],
  ])('is not %s', (_what, model) => {
    expect(key(model)).toBe(base);
  });

  test.each<[string, (stack: Stack) => Model]>([
    ['another artifact', (stack) => modelIn(stack, { modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'b/model.tar.gz') })],
    ['a revision of its artifact', (stack) => modelIn(stack, { modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz', { revision: '2' }) })],
    ['another tag of its image', (stack) => modelIn(stack, { image: ContainerImage.fromUri(`${IMAGE_URI}.1`) })],
    ['its environment', (stack) => modelIn(stack, { environment: { A: '1' } })],
    ['its isolation', (stack) => modelIn(stack, { networkIsolation: true })],
    ['a package', (stack) => new Model(stack, 'Model', { modelPackage: ModelPackage.fromModelPackageArn(stack, 'Package', PACKAGE) })],
    ['another version of a package', (stack) => new Model(stack, 'Model', { modelPackage: ModelPackage.fromModelPackageArn(stack, 'Package', PACKAGE.replace(/3$/, '4')) })],
    ['another container', (stack) => new Model(stack, 'Model', { containers: [{ image, containerName: 'a' }, { image, environment: { A: '1' }, containerName: 'b' }] })],
    ['a container in another place', (stack) => new Model(stack, 'Model', { containers: [{ image, environment: { A: '1' }, containerName: 'a' }, { image, containerName: 'b' }] })],
    ['who asks its containers', (stack) => new Model(stack, 'Model', { containers: [{ image, containerName: 'a' }, { image, environment: { A: '1' }, containerName: 'b' }], execution: PipelineExecution.DIRECT })],
  ])('is %s', (_what, model) => {
    const others = [base];
    expect(others).not.toContain(key(model));
    expect(key(model)).toBe(key(model));
  });

  test('is the digest of an image, and the hash of code, wherever they lie', () => {
    const content = (props: (stack: Stack) => Partial<ModelProps>) => jobOf(templateOf(undefined, (stack) => modelIn(stack, props(stack)))).Content.ModelName.Containers[0];
    expect(content(() => ({ image: ContainerImage.fromUri(`${IMAGE_URI.split(':')[0]}@sha256:${'a'.repeat(64)}`) })).Image).toBe(`sha256:${'a'.repeat(64)}`);
    expect(content(() => ({ script: Script.fromFile(join(SOURCE, 'serve.py')) })).Environment.SAGEMAKER_SUBMIT_DIRECTORY).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is the run that trained it', () => {
    const stack = emptyStack();
    trainingIn(stack, trainingProps()).toModel('Model').transform('Scores', least(stack));
    expect(flat(jobOf(Template.fromStack(stack)).Content.ModelName.Containers[0].ModelDataUrl)).toMatch(/^<TrainOutcome\w+\.ModelArtifacts>$/);
  });

  test('leaves out what only says how patiently, and what the service takes by itself', () => {
    expect(key(modelIn, () => ({ invocationTimeout: Duration.minutes(1), maxInvocationRetries: 1, splitType: SplitType.NONE, assembleWith: AssembleWith.NONE, inputFilter: '$', outputFilter: '$' }))).toBe(base);
    expect(key(modelIn, (stack) => ({ input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'batch/', { contentType: 'text/csv', compression: InputCompression.GZIP }) }))).not.toBe(base);
  });
});

describe('A transform job made elsewhere', () => {
  test('costs a stack nothing until something of it is asked for', () => {
    const stack = emptyStack();
    const job = TransformJob.fromTransformJobName(stack, 'Old', 'Old-Scores');
    expect(flat(stack.resolve(job.transformJobArn))).toMatch(/:transform-job\/old-scores$/);
    expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
  });

  test('is looked up by the deployment, which may do nothing else with it', () => {
    const stack = emptyStack();
    trainingIn(stack, { inputs: { scores: TransformJob.fromTransformJobName(stack, 'Old', 'Old-Scores', { encryptionKey: new Key(stack, 'Key') }).outputData() } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::SageMakerJobOutcome', { Kind: 'TransformJob', JobName: 'Old-Scores', Seconds: 3300, Artifact: Match.absent(), Attributes: ['OutputBucket', 'OutputKey', 'OutputPath'] });
    expect(allowing(template, 'TrainRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/:::<OldOutcome\w+\.OutputBucket>\/<OldOutcome\w+\.OutputKey>\*$/)]);
    expect(allowing(template, 'TrainRole', 'kms:Decrypt')).toHaveLength(1);
    expect(allowing(template, 'SageMakerJobHandlerPolicy', 'sagemaker:CreateTransformJob')).toEqual([]);
  });

  test('is called by its name, and not by its ARN', () => {
    expect(() => TransformJob.fromTransformJobName(emptyStack(), 'Old', 'arn:aws:sagemaker:eu-west-1:1:transform-job/x')).toThrow('Stack/Old: transformJobName must be the name of a job, and not its ARN');
  });

  test.each([['s3://out/a/b', 's3://out/a/b', 'a/b/'], ['s3://out/a/', 's3://out/a', 'a/'], ['s3://out', 's3://out', '']])('wrote to %s', (S3OutputPath, path, key) => {
    const { OutputPath, OutputBucket, OutputKey } = transformJob.attributes;
    const job = { TransformOutput: { S3OutputPath } };
    expect([OutputPath(job), OutputBucket(job), OutputKey(job)]).toEqual([path, 'out', key]);
  });
});

test('Values known at deployment pass, and are looked at by the handler', () => {
  const late = (text: string) => Lazy.string({ produce: () => text });
  const stack = emptyStack();
  modelIn(stack).transform('Scores', least(stack, { instanceType: late('ml.m5.large'), accept: late('text/csv'), inputFilter: late('$') }));
  expect(jobOf(Template.fromStack(stack)).Request.TransformResources.InstanceType).toBe('ml.m5.large');
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
