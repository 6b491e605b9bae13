import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, AlgorithmSpecification, Completion, ContainerImage, Framework, Model, ModelApprovalStatus, ModelData, ModelPackage, ModelPackageGroup, ModelPackageSource, OutputCompression, OutputLocation, Script,
  TrainingJob, type ContainerProps, type ModelPackageProps, type PackagedContainersOptions,
} from 'cdk-sagemaker';
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
