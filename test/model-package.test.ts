import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import {
  Algorithm, AlgorithmSpecification, Completion, ContainerImage, Framework, Model, ModelApprovalStatus, ModelData, ModelPackage, ModelPackageGroup, ModelPackageSource, ModelReport, OutputCompression, OutputLocation, RlFramework, RlToolkit, Script,
  TrainingJob, type ContainerProps, type ModelPackageProps, type PackagedContainersOptions,
} from 'cdk-sagemaker';
import { join } from 'node:path';
import { ALGORITHM_ARN } from './support/algorithm';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only, trainingIn } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const modelData = ModelData.fromS3Uri('s3://models/a/model.tar.gz');
const csv = { contentTypes: ['text/csv'], responseTypes: ['application/json'] };
const everywhere = { ...csv, endpointInstanceTypes: ['ml.m5.large'], transformInstanceTypes: ['ml.m5.xlarge'] };
const source = (containers: ContainerProps[] = [{ image, modelData }], options: PackagedContainersOptions = csv) => ModelPackageSource.containers(containers, options);
const groupIn = (stack: Stack) => new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'digits' });

function packaged(props: (stack: Stack) => Partial<ModelPackageProps> = () => ({})): Template {
  const stack = emptyStack();
  new ModelPackage(stack, 'Package', { source: source(), group: groupIn(stack), ...props(stack) });
  return Template.fromStack(stack);
}
const asked = (template: Template) => only(template, 'AWS::SageMaker::ModelPackage').Properties;

describe('ModelPackage', () => {
  test('is a version in a group, made after it, and stays when another takes its place', () => {
    const version = only(packaged(), 'AWS::SageMaker::ModelPackage');
    expect(version).toEqual({
      Type: 'AWS::SageMaker::ModelPackage', UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Retain', DependsOn: [expect.stringMatching(/^Group/)],
      Properties: {
        ModelPackageGroupName: 'digits',
        InferenceSpecification: { Containers: [{ Image: IMAGE_URI, ModelDataUrl: 's3://models/a/model.tar.gz' }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['application/json'] },
      },
    });
  });

  test('says what is known of it', () => {
    expect(asked(packaged(() => ({
      approvalStatus: ModelApprovalStatus.REJECTED, description: 'reads digits', metadata: { team: 'a' }, skipValidation: true, removalPolicy: RemovalPolicy.DESTROY, source: source(undefined, everywhere),
    })))).toMatchObject({
      ModelApprovalStatus: 'Rejected', ModelPackageDescription: 'reads digits', CustomerMetadataProperties: { team: 'a' }, SkipModelValidation: 'All',
      InferenceSpecification: { SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'], SupportedTransformInstanceTypes: ['ml.m5.xlarge'] },
    });
  });

  test('without a group goes with the stack, under a generated name or a given one', () => {
    const without = (props: Partial<ModelPackageProps> = {}) => only(packaged(() => ({ group: undefined, source: source(undefined, everywhere), ...props })), 'AWS::SageMaker::ModelPackage');
    expect(without()).toMatchObject({ DeletionPolicy: 'Delete' });
    expect(without().Properties).not.toHaveProperty('ModelPackageName');
    expect(without({ modelPackageName: 'digits', certifyForMarketplace: true }).Properties).toMatchObject({ ModelPackageName: 'digits', CertifyForMarketplace: true });
  });

  test('has an image of a framework by the first of its instance types, and several containers by name', () => {
    const torch = { framework: Framework.pytorch('2.6.0'), modelData, script: Script.inModelData({ entryPoint: 'serve.py' }) };
    const [only1] = asked(packaged(() => ({ source: source([torch], { ...csv, endpointInstanceTypes: ['ml.g5.xlarge'] }) }))).InferenceSpecification.Containers;
    expect(flat(only1.Image)).toMatch(/pytorch-inference:2\.6\.0-gpu-/);
    expect(only1.Environment).toMatchObject({ SAGEMAKER_PROGRAM: 'serve.py' });
    expect(asked(packaged(() => ({ source: source([{ image }, { image, containerName: 'second', modelData: ModelData.fromS3Uri('s3://models/folder/') }]) }))).InferenceSpecification.Containers).toEqual([
      { Image: IMAGE_URI },
      { Image: IMAGE_URI, ContainerHostname: 'second', ModelDataSource: { S3DataSource: { S3Uri: 's3://models/folder/', S3DataType: 'S3Prefix', CompressionType: 'None' } } },
    ]);
  });

  test('lets its models, and nobody else, pull and read what is in it', () => {
    const stack = emptyStack();
    const kept = ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz', { encryptionKey: new Key(stack, 'Key') });
    const version = new ModelPackage(stack, 'Package', { source: source([{ image, modelData: kept }]), group: groupIn(stack) });
    ['One', 'Two'].forEach((id) => new Model(stack, id, { modelPackage: version }));
    new Model(stack, 'Other', { image });
    const template = Template.fromStack(stack);
    for (const role of ['OneRole', 'TwoRole']) {
      expect(allowing(template, role, 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/a/model.tar.gz']);
      expect(allowing(template, role, 'kms:Decrypt')).toHaveLength(1);
      expect(allowing(template, role, 'ecr:BatchGetImage')).toHaveLength(1);
    }
    expect(allowing(template, 'OtherRole', 's3:GetObject')).toEqual([]);
    expect(ofType(template, 'AWS::SageMaker::Model').map(([, model]) => model.Properties.Containers).filter(Boolean))
      .toEqual(Array(2).fill([{ ModelPackageName: { 'Fn::GetAtt': [expect.stringMatching(/^Package/), 'ModelPackageArn'] } }]));
  });

  test.each([undefined, { account: '123456789012', region: 'eu-west-1' }])('leaves the policies of bucket, key and repository of its account alone: %p', (env) => {
    const stack = emptyStack('Stack', { env });
    const key = new Key(stack, 'Key');
    const kept = ModelData.fromBucket(new Bucket(stack, 'Models', { encryptionKey: key, enforceSSL: true }), 'a/model.tar.gz');
    const version = new ModelPackage(stack, 'Package', { source: source([{ image: ContainerImage.fromEcrRepository(new Repository(stack, 'Repository')), modelData: kept }]), group: groupIn(stack) });
    new Model(stack, 'Model', { modelPackage: version });
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement.map(({ Effect }: { Effect: string }) => Effect)).toEqual(['Deny']);
    expect(only(template, 'AWS::KMS::Key').Properties.KeyPolicy.Statement).toHaveLength(1);   // the account's own
    expect(only(template, 'AWS::ECR::Repository').Properties?.RepositoryPolicyText).toBeUndefined();
    expect(allowing(template, 'ModelRole', 's3:GetObject')).toHaveLength(1);
  });

  test('of an algorithm and what it has made is named by both', () => {
    const of = (uri: string) => asked(packaged(() => ({ group: undefined, source: ModelPackageSource.algorithm(ALGORITHM_ARN, ModelData.fromS3Uri(uri)) })));
    expect(of('s3://models/a/model.tar.gz')).toEqual({
      ModelPackageName: expect.stringMatching(/^stack-package-[0-9a-f]{10}$/), ModelPackageDescription: `Result of the algorithm ${ALGORITHM_ARN}`,
      SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: ALGORITHM_ARN, ModelDataUrl: 's3://models/a/model.tar.gz' }] },
    });
    expect(of('s3://models/b/model.tar.gz').ModelPackageName).not.toBe(of('s3://models/a/model.tar.gz').ModelPackageName);
  });

  test('made elsewhere is known by its ARN or name, and by what models of it may read', () => {
    const stack = emptyStack();
    const byName = ModelPackage.fromModelPackageName(stack, 'Named', 'digits/3', { image, modelData });
    expect(flat(stack.resolve(byName.modelPackageArn))).toBe('arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:model-package/digits/3');
    expect(byName.modelPackageRef.modelPackageArn).toBe(byName.modelPackageArn);
    new Model(stack, 'Model', { modelPackage: byName });
    expect(allowing(Template.fromStack(stack), 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/a/model.tar.gz']);
    expect(() => ModelPackage.fromModelPackageArn(stack, 'Odd', 'digits')).toThrow('Stack/Odd: modelPackageArn must be the ARN of a model package, with its version where it has one, got digits');
  });

  test.each<[string, (stack: Stack) => Partial<ModelPackageProps>, string]>([
    ['a name in a group', () => ({ modelPackageName: 'a' }), 'Package: modelPackageName must be left out in a group'],
    ['an odd name', () => ({ group: undefined, modelPackageName: '-' }), 'Package: modelPackageName must be of 1 to 63'],
    ['approval without a group', () => ({ group: undefined, approvalStatus: ModelApprovalStatus.APPROVED }), 'Package: approvalStatus must come with group'],
    ['a product with versions', () => ({ certifyForMarketplace: true }), 'Package: certifyForMarketplace must be left out in a group'],
    ['a long description', () => ({ description: 'x'.repeat(1025) }), 'Package: description must have at most 1024 characters'],
    ['much metadata', () => ({ metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])) }), 'Package: metadata must have 0 to 50 entries'],
    ['no instances without a group', () => ({ group: undefined }), 'Package: source: endpointInstanceTypes must be given for a package without a group'],
    ['no instances for transform without a group', () => ({ group: undefined, source: source(undefined, { ...everywhere, transformInstanceTypes: [] }) }), 'Package: source: transformInstanceTypes must be given'],
    ['instance types of EC2', () => ({ source: source(undefined, { ...csv, endpointInstanceTypes: ['m5.large'] }) }), 'Package: source: endpointInstanceTypes must be instance types of SageMaker'],
    ['no container', () => ({ source: source([]) }), 'Package: source: containers must have 1 to 15 entries, got 0'],
    ['an image in a registry elsewhere', () => ({ source: source([{ image: ContainerImage.fromRegistry('registry.example.com/img:1') }]) }), 'Package: image must be in Amazon ECR in a model package, got registry.example.com/img:1'],
    ['many models in a container', () => ({ source: source([{ image, multiModel: true, modelData: ModelData.fromS3Uri('s3://models/all/') }]) }), 'Package: multiModel must be left out in a model package'],
    ['a package in a package', (stack) => ({ source: source([{ modelPackage: ModelPackage.fromModelPackageName(stack, 'Inner', 'a') }, { image }]) }), 'Package/Container1: modelPackage must be left out in a model package'],
    ['a folder of files of an algorithm', () => ({ group: undefined, source: ModelPackageSource.algorithm('trees', ModelData.fromS3Uri('s3://models/folder/')) }), 'Package: source: modelData must be one compressed archive'],
  ])('rejects %s', (_what, props, message) => expect(() => packaged(props)).toThrow(`Stack/${message}`));
});

describe('a model of what an algorithm has made', () => {
  const specification = (productId?: string) => AlgorithmSpecification.of({ instanceTypes: ['ml.m5.large'], channels: {}, image, productId });

  test('is made of a package, one for all models, and reads the artifact of whichever run', () => {
    const stack = emptyStack();
    const job = trainingIn(stack, { algorithm: Algorithm.fromAlgorithmName(ALGORITHM_ARN, { specification: specification() }), output: OutputLocation.fromBucket(bucketNamed(stack, 'models'), 'out') });
    job.toModel('One', { environment: { A: '1' } });
    job.toModel('Two');
    const template = Template.fromStack(stack);
    expect(asked(template)).toMatchObject({ ModelPackageName: { Ref: expect.stringMatching(/^Train/) }, SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: ALGORITHM_ARN }] } });
    expect(ofType(template, 'AWS::SageMaker::Model').map(([, { Properties }]) => Properties.Containers[0].Environment)).toEqual([{ A: '1' }, undefined]);
    expect(allowing(template, 'TrainOneRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/out/stack-train-*']);
    expect(allowing(template, 'TrainTwoRole', 'ecr:BatchGetImage')).toHaveLength(1);
  });

  test('is isolated where the algorithm is a product', () => {
    const stack = emptyStack();
    trainingIn(stack, { algorithm: Algorithm.fromAlgorithmName(ALGORITHM_ARN, { specification: specification('product') }) }).toModel('Model');
    expect(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties.EnableNetworkIsolation).toBe(true);
  });

  test('has an image of its own where one is given', () => {
    const stack = emptyStack();
    trainingIn(stack, { algorithm: Algorithm.fromAlgorithmName('trees') }).toModel('Model', { image });
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::SageMaker::Model').Properties.PrimaryContainer.Image).toBe(IMAGE_URI);
    expect(ofType(template, 'AWS::SageMaker::ModelPackage')).toEqual([]);
  });

  test('of a job made elsewhere is told of the algorithm', () => {
    const stack = emptyStack();
    TrainingJob.fromTrainingJobName(stack, 'Train', 'trees-1', { algorithmName: 'trees' }).toModel('Model');
    const template = Template.fromStack(stack);
    expect(asked(template).SourceAlgorithmSpecification).toMatchObject({ SourceAlgorithms: [{ AlgorithmName: 'trees', ModelDataUrl: { 'Fn::GetAtt': [expect.stringMatching(/^TrainOutcome/), 'ModelArtifacts'] } }] });
    expect(only(template, 'AWS::SageMaker::Model').Properties.Containers).toHaveLength(1);
  });

  test('is rejected for a folder of files, and for a job that is not waited for', () => {
    const of = (props: Parameters<typeof trainingIn>[1]) => trainingIn(emptyStack(), { algorithm: Algorithm.fromAlgorithmName('trees'), ...props }).toModel('Model');
    expect(() => of({ output: OutputLocation.stackBucket({ compression: OutputCompression.NONE }) })).toThrow('Stack/Train: toModel: image must be given for an artifact that is a folder of files');
    expect(() => of({ completion: Completion.started() })).toThrow('Stack/Train: completion must be Completion.finished()');
  });
});

describe('the latest approved version of a group', () => {
  const KEY = 'cdk-sagemaker:approved-version:account=123456789012:group=digits:region=eu-west-1';
  const latest = (context: { [key: string]: unknown }, env: StackProps['env'] = { account: '123456789012', region: 'eu-west-1' }) => {
    const stack = new Stack(new App({ context }), 'Stack', { env });
    const group = ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'Digits');
    new Model(stack, 'Model', { modelPackage: ModelPackage.latestApproved(stack, 'Approved', group, { image, modelData }) });
    return stack;
  };
  const named = (stack: Stack) => flat(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties.Containers[0].ModelPackageName);

  test('is the one that the context says, whose files a model of it may read', () => {
    const stack = latest({ [KEY]: 4 });
    expect(named(stack)).toBe('arn:<AWS::Partition>:sagemaker:eu-west-1:123456789012:model-package/digits/4');
    expect(allowing(Template.fromStack(stack), 'ModelRole', 's3:GetObject')).toHaveLength(1);
    expect(Annotations.fromStack(stack).findError('*', Match.anyValue())).toEqual([]);
  });

  test('is an error of the stack, and of no other, where the context does not say it: with the command that finds it', () => {
    const [error] = Annotations.fromStack(latest({})).findError('*', Match.anyValue());
    expect(error.id).toBe('/Stack/Approved');
    expect(error.entry.data).toBe('no version of the model package group digits is pinned: `npx cdk-sagemaker pin-model digits --account 123456789012 --region eu-west-1` asks SageMaker for the latest approved one and writes it to cdk.context.json');
  });

  test('is refused where the context has no number, or nobody knows of which account it is', () => {
    expect(() => latest({ [KEY]: 'newest' })).toThrow(`Stack/Approved: context ${KEY} must be the number of a version, got newest`);
    expect(() => latest({}, {})).toThrow('Stack/Approved: group: account must be known at synthesis, since the version is looked up by it: give the stack an env, or take the group by its ARN');
  });
});

describe('the framework of a version', () => {
  const containersOf = (containers: ContainerProps[], options?: PackagedContainersOptions) => asked(packaged(() => ({ source: source(containers, { ...csv, ...options }) }))).InferenceSpecification.Containers;

  test.each<[string, Framework, { Framework: string; FrameworkVersion?: string }]>([
    ['PyTorch', Framework.pytorch('2.6.0'), { Framework: 'PYTORCH', FrameworkVersion: '2.6.0' }],
    ['TensorFlow', Framework.tensorflow('2.11'), { Framework: 'TENSORFLOW', FrameworkVersion: '2.11' }],
    ['MXNet', Framework.mxnet('1.9.0', { pyVersion: 'py38' }), { Framework: 'MXNET', FrameworkVersion: '1.9.0' }],
    ['Chainer', Framework.chainer('5.0.0', { pyVersion: 'py3' }), { Framework: 'CHAINER', FrameworkVersion: '5.0.0' }],
    ['Scikit-learn, without its number', Framework.sklearn('1.2-1'), { Framework: 'SKLEARN' }],
    ['XGBoost, without its number', Framework.xgboost('1.7-1'), { Framework: 'XGBOOST' }],
    ['Hugging Face, by what is below it', Framework.huggingFace({ transformersVersion: '4.26.0', pytorchVersion: '1.13.1', pyVersion: 'py39' }), { Framework: 'PYTORCH', FrameworkVersion: '1.13.1' }],
    ['Hugging Face on TensorFlow', Framework.huggingFace({ transformersVersion: '4.26.0', tensorflowVersion: '2.11.0', pyVersion: 'py39' }), { Framework: 'TENSORFLOW', FrameworkVersion: '2.11.0' }],
    ['Coach, by what serves it', Framework.reinforcementLearning(RlToolkit.COACH, '0.11.0', RlFramework.MXNET, { image }), { Framework: 'MXNET', FrameworkVersion: '1.3' }],
  ])('is in the registry as the Python SDK has it: %s', (_what, framework, expected) => {
    const [container] = containersOf([{ framework, modelData }]);
    expect({ Framework: container.Framework, FrameworkVersion: container.FrameworkVersion }).toEqual({ FrameworkVersion: undefined, ...expected });
  });

  test('is told by hand for an image, with what the Inference Recommender asks for', () => {
    const options = { ...csv, frameworkName: 'PYTORCH', frameworkVersion: '2.6.0', nearestModelName: 'resnet50', dataInputConfiguration: '{"input":[1,3,224,224]}' };
    expect(containersOf([{ image, modelData }], options)).toEqual([{
      Image: IMAGE_URI, ModelDataUrl: 's3://models/a/model.tar.gz', Framework: 'PYTORCH', FrameworkVersion: '2.6.0', NearestModelName: 'resnet50', ModelInput: { DataInputConfig: '{"input":[1,3,224,224]}' },
    }]);
  });

  test('of a job is that of its model', () => {
    const stack = emptyStack();
    const job = trainingIn(stack, { algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script: Script.fromFile(join(__dirname, 'support', 'solo.py')) }) });
    job.register('Version', { ...csv, group: groupIn(stack), nearestModelName: 'trees' });
    expect(asked(Template.fromStack(stack)).InferenceSpecification.Containers).toEqual([expect.objectContaining({ Framework: 'SKLEARN', NearestModelName: 'trees' })]);
  });
});

describe('what is said of a model package besides what is in it', () => {
  const report = (name: string) => ModelReport.fromS3Uri(`s3://reports/${name}.json`);
  const rendered = (name: string) => ({ S3Uri: `s3://reports/${name}.json`, ContentType: 'application/json' });

  test('is where it comes from, what it is, and why it is approved', () => {
    expect(asked(packaged((stack) => ({
      approvalDescription: 'better than 3', origin: { commit: 'abc', repository: 'https://example.com/digits', project: 'digits', generatedBy: 'us' },
      domain: 'COMPUTER_VISION', task: 'IMAGE_CLASSIFICATION', samplePayload: ModelReport.fromBucket(bucketNamed(stack, 'samples'), 'digits.tar.gz'),
      encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:1:key/k'), modelCard: { content: '{"model_overview":{}}' },
    })))).toMatchObject({
      ApprovalDescription: 'better than 3', MetadataProperties: { CommitId: 'abc', Repository: 'https://example.com/digits', ProjectId: 'digits', GeneratedBy: 'us' },
      Domain: 'COMPUTER_VISION', Task: 'IMAGE_CLASSIFICATION', SamplePayloadUrl: 's3://samples/digits.tar.gz',
      SecurityConfig: { KmsKeyId: 'arn:aws:kms:eu-west-1:1:key/k' }, ModelCard: { ModelCardContent: '{"model_overview":{}}', ModelCardStatus: 'Draft' },
    });
  });

  test('is what an artifact of an algorithm was made of', () => {
    expect(asked(packaged(() => ({ source: ModelPackageSource.algorithm(ALGORITHM_ARN, modelData), sourceUri: 's3://models/digits' })))).toMatchObject({ SourceUri: 's3://models/digits' });
  });

  test('is how good it is, and what a monitor measures it against', () => {
    expect(asked(packaged(() => ({
      metrics: {
        modelQuality: { statistics: report('a'), constraints: report('b') }, dataQuality: { statistics: report('c') },
        bias: { report: report('d'), preTraining: report('e'), postTraining: report('f') }, explainability: ModelReport.fromS3Uri('s3://reports/g.pdf', { contentType: 'application/pdf', digest: `sha256:${'0'.repeat(64)}` }),
      },
      driftBaselines: {
        modelQuality: { constraints: report('h') }, dataQuality: { statistics: report('i') }, bias: { config: report('j'), preTrainingConstraints: report('k'), postTrainingConstraints: report('l') },
        explainability: { config: report('m'), constraints: report('n') },
      },
    })))).toMatchObject({
      ModelMetrics: {
        ModelQuality: { Statistics: rendered('a'), Constraints: rendered('b') }, ModelDataQuality: { Statistics: rendered('c') },
        Bias: { Report: rendered('d'), PreTrainingReport: rendered('e'), PostTrainingReport: rendered('f') },
        Explainability: { Report: { S3Uri: 's3://reports/g.pdf', ContentType: 'application/pdf', ContentDigest: `sha256:${'0'.repeat(64)}` } },
      },
      DriftCheckBaselines: {
        ModelQuality: { Constraints: rendered('h') }, ModelDataQuality: { Statistics: rendered('i') }, Bias: { ConfigFile: rendered('j'), PreTrainingConstraints: rendered('k'), PostTrainingConstraints: rendered('l') },
        Explainability: { ConfigFile: rendered('m'), Constraints: rendered('n') },
      },
    });
  });

  test('is other containers of the same model, which its models may pull too', () => {
    const stack = emptyStack();
    const other = ContainerImage.fromUri('123456789012.dkr.ecr.eu-west-1.amazonaws.com/gpu:1');
    const version = new ModelPackage(stack, 'Package', { source: source(), group: groupIn(stack), alternatives: { gpu: source([{ image: other, modelData }], { ...csv, endpointInstanceTypes: ['ml.g5.xlarge'] }) } });
    new Model(stack, 'Model', { modelPackage: version });
    const template = Template.fromStack(stack);
    expect(asked(template).AdditionalInferenceSpecifications).toEqual([{
      Name: 'gpu', Containers: [{ Image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/gpu:1', ModelDataUrl: 's3://models/a/model.tar.gz' }],
      SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['application/json'], SupportedRealtimeInferenceInstanceTypes: ['ml.g5.xlarge'],
    }]);
    expect(allowing(template, 'ModelRole', 'ecr:BatchGetImage').flatMap(({ Resource }) => [Resource].flat().map(flat)).some((arn) => arn.endsWith(':repository/gpu'))).toBe(true);
  });

  test.each<[string, Partial<ModelPackageProps>, string]>([
    ['a card without a group', { group: undefined, modelCard: { content: '{}' } }, 'modelCard must come with group'],
    ['a domain there is none of', { domain: 'COOKING' }, 'domain must be one of COMPUTER_VISION'],
    ['a report that is nowhere', { metrics: { explainability: ModelReport.fromS3Uri('report.json') } }, 'metrics.explainability must be at s3://bucket/key, got report.json'],
    ['a digest that is none', { driftBaselines: { modelQuality: { statistics: ModelReport.fromS3Uri('s3://a/b', { digest: 'abc' }) } } }, 'driftBaselines.modelQuality.statistics: digest must be sha256: and 64 hex digits, got abc'],
    ['an algorithm as an alternative', { alternatives: { other: ModelPackageSource.algorithm('trees', modelData) } }, 'alternatives.other must be ModelPackageSource.containers'],
    ['what it was made of beside containers', { sourceUri: 's3://models/a/' }, 'sourceUri must be left out where the source has containers, for SageMaker makes a package of one of the two: say it in metadata'],
    ['a version that is too long', { source: source(undefined, { ...csv, frameworkVersion: '2.6.0-newest' }) }, 'source: frameworkVersion must have 3 to 10 characters'],
    ['no alternatives', { alternatives: {} }, 'alternatives must have 1 to 15 entries, got 0'],
    ['a long reason', { approvalDescription: 'x'.repeat(1025) }, 'approvalDescription must have at most 1024 characters'],
  ])('rejects %s', (_what, props, message) => expect(() => packaged(() => props)).toThrow(`Stack/Package: ${message}`));
});
