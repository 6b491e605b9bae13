import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, Fn, Size, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, ContainerImage, ContainerLogLevel, EndpointConfig, Framework, Model, ModelData, OutputCompression, OutputLocation, RlFramework, RlToolkit, Script, ScriptPlacement, TrainingJob, Variant,
  type IModel, type ModelProps, type TrainingJobProps,
} from 'cdk-sagemaker';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only, statements, trainingIn, warnings } from './support/stacks';

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
    expect(() => modelTemplate(() => ({ script, networkIsolation: true }))).toThrow('Stack/Model: modelData must be given for a script that is packed into it');
    expect(() => modelTemplate(() => ({ script, networkIsolation: true, scriptPlacement: ScriptPlacement.DOWNLOADED }))).toThrow('scriptPlacement must be ScriptPlacement.PACKED under networkIsolation');
  });

  test.each<[string, Partial<ModelProps>, string]>([
    ['a model without image and framework', { image: undefined }, 'image must be given, or framework'],
    ['workers without a framework', { modelServerWorkers: 2 }, 'modelServerWorkers must come with framework'],
    ['no worker', { framework: Framework.sklearn('1.2-1'), modelServerWorkers: 0 }, 'modelServerWorkers must be a whole number between 1 and'],
    ['a log level of nothing that logs', { logLevel: ContainerLogLevel.DEBUG }, 'logLevel must come with script or framework'],
    ['a script for a folder of files', { script, modelData: ModelData.fromS3Uri('s3://models/folder/') }, 'Stack/Model: script must be Script.inModelData for an artifact that is a folder'],
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

describe('warnings of a model', () => {
  test('are of a name, which its next version can\'t have, and docs/limits.md explains it', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { image, modelName: 'digits' });
    expect(warnings(stack)).toEqual([expect.stringContaining('[ack: cdk-sagemaker:namedModel]')]);
    const limits = readFileSync(join(__dirname, '..', 'docs', 'limits.md'), 'utf8');
    for (const id of ['namedModel', 'secretInEnvironment']) { expect(limits).toContain(`| \`cdk-sagemaker:${id}\` |`); }
  });

  test('are none for a VPC', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { image, vpc: new Vpc(stack, 'Vpc') });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    const [[, rule]] = ofType(Template.fromStack(stack), 'AWS::EC2::SecurityGroupIngress');
    expect(rule.Properties).toMatchObject({ IpProtocol: '-1', GroupId: rule.Properties.SourceSecurityGroupId });
  });
});

describe('the script of a model', () => {
  const modelData = ModelData.fromS3Uri('s3://models/a/model.tar.gz');
  const packed = (props: Partial<ModelProps>, stack = emptyStack()) => {
    new Model(stack, 'Model', { image, modelData, script, ...props });
    return Template.fromStack(stack);
  };
  const jobs = (template: Template) => ofType(template, 'Custom::SageMakerTrainingJob').map(([, job]) => job.Properties.Request);

  test('is put into the artifact by a job, which reads nothing but the two', () => {
    const template = packed({});
    const [request] = jobs(template);
    expect(request.InputDataConfig.map((channel: any) => [channel.ChannelName, flat(channel.DataSource.S3DataSource.S3Uri)])).toEqual([
      ['model', 's3://models/a/model.tar.gz'], ['code', expect.stringMatching(/^s3:\/\/cdk-.*-assets-.*\.gz$/)],
    ]);
    expect(request).toMatchObject({ EnableNetworkIsolation: true, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 }, StoppingCondition: { MaxRuntimeInSeconds: 1500 } });
    expect(request.AlgorithmSpecification).toMatchObject({ ContainerEntrypoint: ['/bin/sh'], ContainerArguments: ['-c', expect.stringContaining('tar xzf'), 'repack'] });
    expect(request.AlgorithmSpecification.ContainerArguments[1].length).toBeLessThanOrEqual(256);
    expect(modelOf(template).Properties.PrimaryContainer).toMatchObject({
      ModelDataUrl: { 'Fn::GetAtt': [expect.stringMatching(/^ModelRepackOutcome/), 'ModelArtifacts'] },
      Environment: { SAGEMAKER_PROGRAM: 'train.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
    });
    expect(allowing(template, 'ModelRepackRole', 's3:GetObject').map((s) => flat(s.Resource))).toEqual([
      'arn:<AWS::Partition>:s3:::models/a/model.tar.gz', expect.stringMatching(/^arn:<AWS::Partition>:s3:::cdk-.*-assets-.*\.gz$/),
    ]);
    expect(allowing(template, 'ModelRoleDefaultPolicy', 's3:GetObject').map((s) => flat(s.Resource))).toEqual([expect.stringMatching(/jobs\/stack-model-repack-\*$/)]);
  });

  test('brings its dependencies along, beside it and in lib', () => {
    const dependencies = [join(SOURCE, '../parity-lib/common'), join(SOURCE, '../parity-lib/util.py')];
    const [request] = jobs(packed({ script: Script.fromDirectory(SOURCE, { entryPoint: 'train.py', dependencies, exclude: ['util.py'] }) }));
    expect(request.AlgorithmSpecification.ContainerArguments.slice(2)).toEqual(['repack', 'common']);
  });

  test('is packed again into another artifact at the same address, by its revision', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { framework: Framework.pytorch('2.6.0'), script, modelData: ModelData.fromS3Uri('s3://models/model.tar.gz', { revision: '2' }) });
    const [[, repack]] = ofType(Template.fromStack(stack), 'Custom::SageMakerTrainingJob');
    expect(repack.Properties.ChannelRevisions).toEqual({ model: '2' });
  });

  test('is packed as repack says', () => {
    const stack = emptyStack();
    const output = OutputLocation.fromBucket(bucketNamed(stack, 'packed'), 'here');
    const template = packed({ repack: { instanceType: 'ml.m5.4xlarge', volumeSize: Size.gibibytes(200), maxRuntime: Duration.hours(2), output } }, stack);
    expect(jobs(template)[0]).toMatchObject({
      ResourceConfig: { InstanceType: 'ml.m5.4xlarge', VolumeSizeInGB: 200 }, StoppingCondition: { MaxRuntimeInSeconds: 7200 }, OutputDataConfig: { S3OutputPath: 's3://packed/here' },
    });
  });

  test('is downloaded by the container where that is asked for, and where a file comes alone', () => {
    for (const props of [{ scriptPlacement: ScriptPlacement.DOWNLOADED }, { script: Script.fromFile(join(SOURCE, 'serve.py')) }]) {
      const template = packed(props);
      expect(jobs(template)).toEqual([]);
      expect(flat(modelOf(template).Properties.PrimaryContainer.Environment.SAGEMAKER_SUBMIT_DIRECTORY)).toMatch(/^s3:/);
    }
  });

  test('is not packed where training has put it there', () => {
    const template = packed({ framework: Framework.pytorch('2.1.0'), image: undefined, script: Script.inModelData({ entryPoint: 'serve.py' }) });
    expect(jobs(template)).toEqual([]);
    expect(modelOf(template).Properties.PrimaryContainer.ModelDataUrl).toBe('s3://models/a/model.tar.gz');
  });
});

describe('the image of a framework\'s model', () => {
  const stackIn = (region?: string) => emptyStack('Stack', region === undefined ? {} : { env: { account: '123456789012', region } });
  const modelIn = (stack: Stack, props: Partial<ModelProps> = {}) => new Model(stack, 'Model', { framework: Framework.pytorch('2.6.0', { pyVersion: 'py312' }), ...props });
  const imageIn = (stack: Stack) => modelOf(Template.fromStack(stack)).Properties.PrimaryContainer.Image;

  test.each([
    ['ml.m5.large', 'pytorch-inference:2.6.0-cpu-py312'],
    ['ml.g5.xlarge', 'pytorch-inference:2.6.0-gpu-py312'],
  ])('is chosen by the instances it is put on: %s', (instanceType, name) => {
    const stack = stackIn('eu-west-1');
    modelIn(stack).deploy('Endpoint', { instanceType });
    expect(imageIn(stack)).toBe(`763104351884.dkr.ecr.eu-west-1.amazonaws.com/${name}`);
    expect(allowing(Template.fromStack(stack), 'ModelRole', 'ecr:BatchGetImage').map((s) => flat(s.Resource))).toEqual(['arn:<AWS::Partition>:ecr:eu-west-1:763104351884:repository/pytorch-inference']);
  });

  test('is that for CPU when it is put on none, or as instanceType says', () => {
    const [plain, told] = [stackIn('eu-west-1'), stackIn('eu-west-1')];
    modelIn(plain);
    modelIn(told, { instanceType: 'ml.g5.xlarge' });
    expect([imageIn(plain), imageIn(told)]).toEqual([expect.stringContaining('-cpu-'), expect.stringContaining('-gpu-')]);
  });

  test('is looked up by Region in a stack that knows none', () => {
    const stack = stackIn();
    modelIn(stack).deploy('Endpoint', { instanceType: 'ml.m5.large' });
    expect(flat(imageIn(stack))).toContain('Fn::FindInMap');
    expect(Object.keys(Template.fromStack(stack).toJSON().Mappings)).toHaveLength(1);
  });

  test('rejects a second kind of instance', () => {
    const stack = stackIn('eu-west-1');
    const model = modelIn(stack);
    model.deploy('One', { instanceType: 'ml.m5.large' });
    model.deploy('Two', { instanceType: 'ml.c5.large' });
    expect(() => model.deploy('Three', { instanceType: 'ml.g5.xlarge' })).toThrow('Stack/Model/ThreeConfig: variants.AllTraffic.instanceType must be served by the image for ml.m5.large');
  });

  test.each<[string, Partial<ModelProps>, string]>([
    ['a version there is no image of', { framework: Framework.pytorch('9.9') }, 'version must be one of'],
    ['an XGBoost that predicts wrongly', { framework: Framework.xgboost('1.1-1') }, 'framework must be another XGBoost'],
    ['a model of Ray', { framework: Framework.reinforcementLearning(RlToolkit.RAY, '1.6.0', RlFramework.PYTORCH) }, 'image must be given: models of Ray'],
    ['a type of instance that is known at deployment', { instanceType: Fn.importValue('type') }, 'instanceType must be known at synthesis'],
    ['instances that only training has an image for', { framework: Framework.pytorch('1.11.0', { pyVersion: 'py38' }), instanceType: 'ml.trn1.2xlarge' }, 'there is no image of pytorch that serves there'],
    ['Graviton for a Scikit-learn that has no image there', { framework: Framework.sklearn('1.2-1'), instanceType: 'ml.c7g.large' }, 'there is no image of sklearn 1.2-1 for Graviton'],
    ['a GPU for Scikit-learn, whose images have no use for it', { framework: Framework.sklearn('1.2-1'), instanceType: 'ml.g4dn.xlarge' }, 'instanceType must have a processor that there are such images for (cpu) (sklearn), got ml.g4dn.xlarge'],
    ['Inferentia for Scikit-learn', { framework: Framework.sklearn('1.2-1'), instanceType: 'ml.inf2.xlarge' }, 'instanceType must have a processor that there are such images for (cpu) (sklearn), got ml.inf2.xlarge'],
    ['Trainium for XGBoost', { framework: Framework.xgboost('1.7-1'), instanceType: 'ml.trn1.2xlarge' }, 'Trainium instance ml.trn1.2xlarge'],
    ['a TensorFlow that there is no image of', { framework: Framework.tensorflow('1.4.0') }, 'framework.version must be one of'],
    ['workers of TensorFlow Serving', { framework: Framework.tensorflow('2.19.0'), modelServerWorkers: 3 }, 'modelServerWorkers must be left out for TensorFlow'],
    ['a download where the server reads the artifact', { modelData: ModelData.fromS3Uri('s3://models/a/model.tar.gz'), script, scriptPlacement: ScriptPlacement.DOWNLOADED }, 'scriptPlacement must be ScriptPlacement.PACKED for images of PyTorch'],
    ['a placement there is none of', { modelData: ModelData.fromS3Uri('s3://models/a/model.tar.gz'), script, scriptPlacement: 'packed' as ScriptPlacement }, 'scriptPlacement must be one of'],
    ['packing of nothing', { repack: {} }, 'repack must be left out where no script is packed'],
    ['a newest version that nothing serves yet', { framework: Framework.pytorch('2.8.0') }, 'framework.version must be one of'],
    ['a log level that has no name', { framework: Framework.tensorflow('2.19.0'), logLevel: 15 as never }, 'logLevel must be a ContainerLogLevel, got 15'],
    ['no version', { framework: Framework.tensorflow() }, 'framework must have a version, or an image of its own'],
  ])('rejects %s', (_what, props, message) => expect(() => { const stack = stackIn('eu-west-1'); modelIn(stack, props); Template.fromStack(stack); }).toThrow(message));

  test.each<[string, Framework, string]>([
    ['Hugging Face, of a short and a full version', Framework.huggingFace({ transformersVersion: '4.26', pytorchVersion: '1.13.1', pyVersion: 'py39' }), '/huggingface-pytorch-inference:1.13.1-transformers4.26-gpu-py39-'],
    ['XGBoost, which needs no other one', Framework.xgboost('1.7-1'), '/sagemaker-xgboost:1.7-1'],
  ])('on a GPU may be that of %s', (_what, framework, name) => {
    const stack = stackIn('us-west-2');
    modelIn(stack, { framework }).deploy('Endpoint', { instanceType: 'ml.g5.2xlarge' });
    expect(imageIn(stack)).toContain(name);
  });

  test.each(['1.5', '1.8.0', '1.10.0'])('of TensorFlow %s is older than scripts, and serves', (version) => {
    const stack = stackIn('us-west-2');
    modelIn(stack, { framework: Framework.tensorflow(version) }).deploy('Endpoint', { instanceType: 'ml.m5.xlarge' });
    expect(imageIn(stack)).toContain(`/sagemaker-tensorflow:${version}-cpu-py2`);
  });

  test('of Hugging Face on Inferentia is that for its generation', () => {
    const stack = stackIn('us-west-2');
    modelIn(stack, { framework: Framework.huggingFace({ transformersVersion: '4.36.2', pytorchVersion: '1.13.1', pyVersion: 'py310' }) }).deploy('Endpoint', { instanceType: 'ml.inf2.xlarge' });
    expect(imageIn(stack)).toContain('/huggingface-pytorch-inference-neuronx:1.13.1-transformers4.36.2-neuronx-py310-sdk2.16.1-ubuntu20.04');
  });

  test('of TensorFlow warns of a script that its server does not read', () => {
    const stack = stackIn('eu-west-1');
    modelIn(stack, { framework: Framework.tensorflow('2.19.0'), modelData: ModelData.fromS3Uri('s3://models/a/model.tar.gz'), script: script.withEntryPoint('serve.py') });
    expect(warnings(stack)).toContainEqual(expect.stringContaining('the server of TensorFlow reads inference.py'));
  });

  test('is also what packs its script, in Regions that have no other', () => {
    const stack = stackIn('mx-central-1');
    modelIn(stack, { modelData: ModelData.fromS3Uri('s3://models/a/model.tar.gz'), script });
    expect(only(Template.fromStack(stack), 'Custom::SageMakerTrainingJob').Properties.Request.AlgorithmSpecification.TrainingImage).toMatch(/mx-central-1.*\/pytorch-inference:2\.6\.0-cpu-py312$/);
  });

  test('of TensorFlow Serving has the number that serves, and hears of its log level', () => {
    const stack = stackIn('eu-west-1');
    modelIn(stack, { framework: Framework.tensorflow('2.16.2'), logLevel: ContainerLogLevel.WARNING });
    expect(imageIn(stack)).toContain('tensorflow-inference:2.16.1-cpu');
    expect(modelOf(Template.fromStack(stack)).Properties.PrimaryContainer.Environment).toEqual({ SAGEMAKER_TFS_NGINX_LOGLEVEL: 'warn' });
  });
});

describe('a model of a framework\'s training job', () => {
  const trained = (framework: Framework, props: Parameters<TrainingJob['toModel']>[1] = {}, job: Partial<TrainingJobProps> = {}) => {
    const stack = emptyStack('Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    new TrainingJob(stack, 'Train', { algorithm: Algorithm.framework(framework, { script }), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), ...job }).toModel('Model', props);
    return Template.fromStack(stack);
  };
  const repacks = (template: Template) => ofType(template, 'Custom::SageMakerTrainingJob').filter(([id]) => /Repack/.test(id));

  test('keeps the isolation of the job, where the Python SDK drops it', () => {
    const template = trained(Framework.pytorch('2.6.0', { pyVersion: 'py312' }), {}, { networkIsolation: true });
    expect(modelOf(template).Properties.EnableNetworkIsolation).toBe(true);
    expect(repacks(template)).toHaveLength(1);
  });

  test('packs its script below the job\'s own output, encrypted like it', () => {
    const stack = emptyStack();
    const template = trained(Framework.pytorch('2.6.0', { pyVersion: 'py312' }), {}, { output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'x', { encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:1:key/k') }) });
    expect(repacks(template)[0][1].Properties.Request.OutputDataConfig).toEqual({ S3OutputPath: 's3://out/x', KmsKeyId: 'arn:aws:kms:eu-west-1:1:key/k' });
  });

  test('of TensorFlow and Hugging Face has no script until it is given one', () => {
    expect(modelOf(trained(Framework.tensorflow('2.19.0', { pyVersion: 'py312' }))).Properties.PrimaryContainer.Environment).toEqual({ SAGEMAKER_TFS_NGINX_LOGLEVEL: 'info' });
    const served = trained(Framework.tensorflow('2.19.0', { pyVersion: 'py312' }), { entryPoint: 'serve.py' });
    expect(repacks(served)).toHaveLength(1);
  });
});

describe('a model of a training job', () => {
  const trained = (overrides: (stack: Stack) => Parameters<typeof trainingIn>[1] = () => ({}), props: Parameters<ReturnType<typeof trainingIn>['toModel']>[1] = {}) => {
    const stack = emptyStack();
    trainingIn(stack, overrides(stack)).toModel('Model', props);
    return Template.fromStack(stack);
  };

  test('has the job\'s image and artifact and nothing else, as the Python SDK deploys an image of one\'s own', () => {
    expect(modelOf(trained(() => ({ algorithm: Algorithm.image(image, { script }) }))).Properties.PrimaryContainer).toEqual({ Image: IMAGE_URI, ModelDataUrl: { 'Fn::GetAtt': ['TrainOutcome732D6B0A', 'ModelArtifacts'] } });
  });

  test('has the job\'s script where it is told what to start, and a role of its own', () => {
    const template = trained(() => ({ algorithm: Algorithm.image(image, { script }) }), { entryPoint: 'serve.py' });
    const { PrimaryContainer, ExecutionRoleArn } = modelOf(template).Properties;
    expect(PrimaryContainer).toMatchObject({
      Image: IMAGE_URI, ModelDataUrl: { 'Fn::GetAtt': [expect.stringMatching(/^TrainModelRepackOutcome/), 'ModelArtifacts'] }, Environment: { SAGEMAKER_PROGRAM: 'serve.py' },
    });
    expect(ExecutionRoleArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^TrainModelRole/), 'Arn'] });
    expect(ofType(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith('Train'))).toHaveLength(3);
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

test('a model made elsewhere keeps a name that is known later, and is in lower case in its ARN', () => {
  const stack = emptyStack();
  expect(flat(stack.resolve(Model.fromModelName(stack, 'One', Fn.importValue('TheName')).modelArn))).toContain('{"Fn::ImportValue":"TheName"}');
  expect(flat(stack.resolve(Model.fromModelName(stack, 'Two', 'My-Name').modelArn))).toMatch(/\/my-name$/);
});

describe('a model made elsewhere', () => {
  test('is of the account and Region of its ARN', () => {
    const stack = emptyStack();
    const model = Model.fromModelArn(stack, 'Other', 'arn:aws:sagemaker:us-east-1:210987654321:model/digits');
    expect(model).toMatchObject({ modelName: 'digits', modelArn: 'arn:aws:sagemaker:us-east-1:210987654321:model/digits', env: { account: '210987654321', region: 'us-east-1' } });
    expect(model.modelRef.modelArn).toBe(model.modelArn);
    expect(() => Model.fromModelArn(stack, 'Odd', 'digits')).toThrow('Stack: Odd: modelArn must be the ARN of a model, got digits');
  });

  test.each<[string, (model: IModel) => Variant]>([
    ['on instances', (model) => Variant.onInstances(model, { instanceType: 'ml.m5.large' })],
    ['without instances', (model) => Variant.serverless(model)],
  ])('is behind no endpoint of another account or Region, %s', (_what, variant) => {
    const configured = (arn: string) => {
      const stack = emptyStack('Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
      new EndpointConfig(stack, 'Config', { variants: { a: variant(Model.fromModelArn(stack, 'Other', arn)) } });
    };
    expect(() => configured('arn:aws:sagemaker:us-east-1:123456789012:model/digits')).toThrow('Stack/Config: variants.a: the region of the model must be that of the configuration, eu-west-1 (register the model');
    expect(() => configured('arn:aws:sagemaker:eu-west-1:210987654321:model/digits')).toThrow('Stack/Config: variants.a: the account of the model must be that of the configuration, 123456789012');
    expect(() => configured('arn:aws:sagemaker:eu-west-1:123456789012:model/digits')).not.toThrow();
  });

  test('is known by its attributes: what its role is granted and who lets it in', () => {
    const stack = emptyStack();
    const model = Model.fromModelAttributes(stack, 'Other', {
      modelName: 'Digits', account: '210987654321', region: 'us-east-1', role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }),
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
    });
    expect(flat(stack.resolve(model.modelArn))).toBe('arn:<AWS::Partition>:sagemaker:us-east-1:210987654321:model/digits');
    bucketNamed(stack, 'labels').grantRead(model);
    SecurityGroup.fromSecurityGroupId(stack, 'Database', 'sg-2').connections.allowFrom(model, Port.tcp(5432));
    const template = Template.fromStack(stack);
    expect(allowing(template, 'Role', 's3:GetObject*')).toHaveLength(1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-2', SourceSecurityGroupId: 'sg-1' });
  });

  test('lets nothing in where its security groups are not known', () => {
    expect(() => Model.fromModelName(emptyStack(), 'Other', 'digits').connections).toThrow('Stack/Other: securityGroups must be given for a model made elsewhere to have connections');
  });
});

describe('a model of a framework, trained elsewhere', () => {
  const hugging = { transformersVersion: '4.26.0', pytorchVersion: '1.13.1', pyVersion: 'py39' };
  test.each<[string, Partial<ModelProps>, RegExp, string?]>([
    ['PyTorch', { framework: Framework.pytorch('2.6.0') }, /\/pytorch-inference:2\.6\.0-cpu-/],
    ['TensorFlow', { framework: Framework.tensorflow('2.19.0') }, /\/tensorflow-inference:2\.19\.0-cpu/],
    ['MXNet', { framework: Framework.mxnet('1.9.0') }, /\/mxnet-inference:1\.9\.0-cpu-/],
    ['Chainer', { framework: Framework.chainer('5.0.0', { pyVersion: 'py3' }) }, /\/sagemaker-chainer:5\.0\.0-cpu-py3/],
    ['Scikit-learn', { framework: Framework.sklearn('1.2-1') }, /\/sagemaker-scikit-learn:1\.2-1/],
    ['XGBoost', { framework: Framework.xgboost('1.7-1') }, /\/sagemaker-xgboost:1\.7-1/],
    ['Hugging Face', { framework: Framework.huggingFace(hugging) }, /\/huggingface-pytorch-inference:1\.13\.1-transformers4\.26\.0-cpu-/],
    ['Hugging Face, large language models', { image: ContainerImage.fromSageMaker('huggingface-llm', { version: '3.3.6', instanceType: 'ml.g5.2xlarge' }) }, /\/huggingface-pytorch-tgi-inference:.*tgi3\.3\.6-gpu-/],
    ['Coach on TensorFlow', { framework: Framework.reinforcementLearning(RlToolkit.COACH, '0.11.1', RlFramework.TENSORFLOW) }, /\/sagemaker-tensorflow-serving:1\.12-cpu|\/tensorflow-inference:1\.12/],
    ['Coach on MXNet', { framework: Framework.reinforcementLearning(RlToolkit.COACH, '0.11.0', RlFramework.MXNET) }, /mxnet.*:1\.3/],
    ['SparkML', { image: ContainerImage.fromSageMaker('sparkml-serving', { version: '3.3' }) }, /\/sagemaker-sparkml-serving:3\.3/],
    ['DJL', { image: ContainerImage.fromSageMaker('djl-lmi', { version: '0.30.0', instanceType: 'ml.g5.2xlarge' }) }, /\/djl-inference:0\.30\.0-lmi/],
    ['Triton', { image: ContainerImage.fromSageMaker('sagemaker-tritonserver', { instanceType: 'ml.g5.2xlarge' }) }, /\/sagemaker-tritonserver:/],
  ])('%s is served by its image', (_framework, props, image) => {
    const stack = emptyStack('Stack', { env: { account: '123456789012', region: 'us-east-1' } });
    new Model(stack, 'Model', { modelData: ModelData.fromS3Uri('s3://models/a/model.tar.gz'), ...props });
    const { PrimaryContainer } = modelOf(Template.fromStack(stack)).Properties;
    expect(flat(PrimaryContainer.Image)).toMatch(image);
    expect(PrimaryContainer.ModelDataUrl).toBe('s3://models/a/model.tar.gz');
  });
});
