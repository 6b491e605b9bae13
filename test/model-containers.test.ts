import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';
import { ContainerImage, ContainerLogLevel, Framework, Model, ModelData, ModelPackage, ModelPackageGroup, ModelPackageSource, PipelineExecution, Script, ScriptPlacement, type ContainerProps, type ModelProps } from 'cdk-sagemaker';
import { join } from 'node:path';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const SOURCE = join(__dirname, 'support', 'source');
const archive = (name: string) => ModelData.fromS3Uri(`s3://models/${name}/model.tar.gz`);
const script = () => Script.fromDirectory(SOURCE, { entryPoint: 'serve.py' });

function template(props: (stack: Stack) => ModelProps): Template {
  const stack = emptyStack();
  new Model(stack, 'Model', props(stack));
  return Template.fromStack(stack);
}
const asked = (made: Template) => only(made, 'AWS::SageMaker::Model').Properties;
const pipeline = (containers: ContainerProps[], more: Partial<ModelProps> = {}) => template(() => ({ containers, ...more }));

describe('a pipeline', () => {
  test('has its containers in order, and one role that reads the artifact of each', () => {
    const made = pipeline([{ image, modelData: archive('a'), environment: { A: '1' } }, { image, modelData: archive('b'), containerName: 'second' }]);
    expect(asked(made)).toEqual({
      Containers: [
        { Image: IMAGE_URI, ModelDataUrl: 's3://models/a/model.tar.gz', Environment: { A: '1' } },
        { Image: IMAGE_URI, ModelDataUrl: 's3://models/b/model.tar.gz', ContainerHostname: 'second' },
      ],
      ExecutionRoleArn: expect.anything(),
    });
    expect(allowing(made, 'ModelRole', 's3:GetObject').flatMap(({ Resource }) => [Resource].flat().map(flat)))
      .toEqual(['arn:<AWS::Partition>:s3:::models/a/model.tar.gz', 'arn:<AWS::Partition>:s3:::models/b/model.tar.gz']);
    expect(ofType(made, 'AWS::IAM::Role')).toHaveLength(1);
  });

  test('serves each framework by its own ways, with a packing job where one is needed', () => {
    const made = pipeline([
      { framework: Framework.sklearn('1.2-1'), modelData: archive('a'), script: script() },
      { framework: Framework.pytorch('2.6.0'), modelData: archive('b'), script: script(), containerName: 'net', logLevel: ContainerLogLevel.ERROR },
    ]);
    const [first, second] = asked(made).Containers;
    expect(flat(first.Environment.SAGEMAKER_SUBMIT_DIRECTORY)).toMatch(/^s3:\/\/cdk-/);
    expect(first.ModelDataUrl).toBe('s3://models/a/model.tar.gz');
    expect(second.Environment).toMatchObject({ SAGEMAKER_PROGRAM: 'serve.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code', SAGEMAKER_CONTAINER_LOG_LEVEL: '40' });
    expect(flat(second.ModelDataUrl)).toMatch(/^<ModelContainernetRepackOutcome\w+\.ModelArtifacts>$/);
    expect(ofType(made, 'Custom::SageMakerTrainingJob')).toHaveLength(1);
  });

  test('has a place for each of several packing jobs', () => {
    const packed = (name: string) => ({ framework: Framework.pytorch('2.6.0'), modelData: archive(name), script: script() });
    expect(ofType(pipeline([packed('a'), packed('b')]), 'Custom::SageMakerTrainingJob').map(([id]) => id))
      .toEqual([expect.stringMatching(/^ModelContainer1Repack/), expect.stringMatching(/^ModelContainer2Repack/)]);
  });

  test('under network isolation has every script packed', () => {
    const made = pipeline([{ framework: Framework.sklearn('1.2-1'), modelData: archive('a'), script: script() }, { image }], { networkIsolation: true });
    expect(asked(made)).toMatchObject({ EnableNetworkIsolation: true, Containers: [{ Environment: { SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' } }, {}] });
  });

  test('may be asked container by container', () => {
    expect(asked(pipeline([{ image, containerName: 'a' }, { image, containerName: 'b' }], { execution: PipelineExecution.DIRECT })).InferenceExecutionConfig).toEqual({ Mode: 'Direct' });
    expect(asked(pipeline([{ image }, { image }], { execution: PipelineExecution.SERIAL })).InferenceExecutionConfig).toEqual({ Mode: 'Serial' });
  });

  test('learns the kind of instance for all its frameworks', () => {
    const stack = emptyStack();
    const containers = ['2.6.0', '2.5.1'].map((version) => ({ framework: Framework.pytorch(version), modelData: archive('a'), script: Script.inModelData({ entryPoint: 'a.py' }) }));
    new Model(stack, 'Model', { containers }).deploy('Endpoint', { instanceType: 'ml.g5.xlarge' });
    expect(asked(Template.fromStack(stack)).Containers.map((container: { Image: unknown }) => flat(container.Image).replace(/^.*\//, '')))
      .toEqual([expect.stringMatching(/^pytorch-inference:2\.6\.0-gpu-/), expect.stringMatching(/^pytorch-inference:2\.5\.1-gpu-/)]);
  });

  const two = [{ image }, { image }];
  test.each<[string, Partial<ModelProps>, string]>([
    ['one container', { containers: [{ image }] }, 'Model: containers must have 2 to 15 entries, got 1'],
    ['16 containers', { containers: Array.from({ length: 16 }, () => ({ image })) }, 'Model: containers must have 2 to 15 entries, got 16'],
    ['an image of no container', { containers: two, image }, 'Model: image must be said of one of the containers where there are containers'],
    ['variables of no container', { containers: two, environment: { A: '1' } }, 'Model: environment must be said of one of the containers'],
    ['a container without an image', { containers: [{ image }, {}] }, 'Model/Container2: image must be given, or framework'],
    ['an odd name of a container', { containers: [{ image }, { image, containerName: 'a_b' }] }, 'Model/Container-a_b: containerName must be of 1 to 63 letters, digits and dashes, got a_b'],
    ['a name twice', { containers: [{ image, containerName: 'a' }, { image, containerName: 'a' }] }, 'Model: containers: containerName must be unique, got a twice'],
    ['a way through one container', { image, execution: PipelineExecution.SERIAL }, 'Model: execution must come with containers'],
    ['containers to be asked without a name', { containers: [{ image, containerName: 'a' }, { image }], execution: PipelineExecution.DIRECT }, 'Model: containers[1].containerName must be given for PipelineExecution.DIRECT'],
    ['many models in a row of containers', { containers: [{ image }, { image, multiModel: true, modelData: ModelData.fromS3Uri('s3://models/all/') }] }, 'Model: containers[1].multiModel must come with PipelineExecution.DIRECT'],
    ['more than 32 KB of variables in all', { containers: Array.from({ length: 3 }, () => ({ image, environment: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`V${i}`, 'x'.repeat(1000)])) })) }, 'Model: environment must have at most 32 KB in all'],
  ])('rejects %s', (_what, props, message) => expect(() => template(() => props)).toThrow(`Stack/${message}`));
});

describe('many models in one container', () => {
  const many = { image, modelData: ModelData.fromS3Uri('s3://models/tenants/'), multiModel: true };

  test('are all below a prefix, which the role may list and read', () => {
    const made = template((stack) => ({ ...many, modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'tenants/') }));
    expect(asked(made).PrimaryContainer).toEqual({ Image: IMAGE_URI, Mode: 'MultiModel', ModelDataUrl: 's3://models/tenants/' });
    expect(allowing(made, 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/tenants/*']);
    expect(allowing(made, 'ModelRole', 's3:ListBucket')[0].Condition).toEqual({ StringLike: { 's3:prefix': ['tenants/*'] } });
  });

  test('may be forgotten after each request', () => {
    expect(asked(template(() => ({ ...many, modelCache: false }))).PrimaryContainer.MultiModelConfig).toEqual({ ModelCacheSetting: 'Disabled' });
  });

  test('may have a script in common, which is downloaded', () => {
    const made = template(() => ({ ...many, image: undefined, framework: Framework.sklearn('1.2-1'), script: script(), scriptPlacement: ScriptPlacement.DOWNLOADED }));
    expect(flat(asked(made).PrimaryContainer.Environment.SAGEMAKER_SUBMIT_DIRECTORY)).toMatch(/^s3:/);
  });

  test.each<[string, Partial<ModelProps>, string]>([
    ['without a place', { modelData: undefined }, 'modelData must be given for multiModel: the prefix that the artifacts are below'],
    ['in one archive', { modelData: archive('a') }, 'modelData must end with a slash for multiModel'],
    ['with a script that is packed into one', { image: undefined, framework: Framework.pytorch('2.6.0'), script: script() }, 'script must be Script.inModelData for multiModel'],
    ['that are one, and a cache', { multiModel: undefined, modelCache: true }, 'modelCache must come with multiModel'],
  ])('are rejected %s', (_what, props, message) => expect(() => template(() => ({ ...many, ...props }))).toThrow(`Stack/Model: ${message}`));
});

describe('a model of a package', () => {
  const ARN = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/digits/3';
  const of = (props: Partial<ModelProps> = {}) => template((stack) => ({ modelPackage: ModelPackage.fromModelPackageArn(stack, 'Package', ARN), ...props }));

  test('names it, and has variables and isolation of its own', () => {
    expect(asked(of({ environment: { A: '1' }, networkIsolation: true, containerName: 'only' }))).toEqual({
      Containers: [{ ModelPackageName: ARN, Environment: { A: '1' }, ContainerHostname: 'only' }], EnableNetworkIsolation: true, ExecutionRoleArn: expect.anything(),
    });
  });

  test('approves nothing, and reads nothing that is not known of', () => {
    const made = of();
    expect(Object.keys(made.toJSON().Resources)).toHaveLength(3);
    expect(allowing(made, 'ModelRole', 's3:GetObject')).toEqual([]);
  });

  test('may be part of a pipeline', () => {
    const made = template((stack) => ({ containers: [{ image }, { modelPackage: ModelPackage.fromModelPackageArn(stack, 'Package', ARN) }] }));
    expect(asked(made).Containers).toEqual([{ Image: IMAGE_URI }, { ModelPackageName: ARN }]);
  });

  test('of the app has no variables where the package has some, and SageMaker would refuse both', () => {
    const versioned = (inside: { [name: string]: string } | undefined, environment: { [name: string]: string }) => template((stack) => ({
      environment,
      modelPackage: new ModelPackage(stack, 'Package', {
        group: new ModelPackageGroup(stack, 'Group'), source: ModelPackageSource.containers([{ image, environment: inside }], { contentTypes: ['text/csv'], responseTypes: ['text/csv'] }),
      }),
    }));
    expect(() => versioned({ A: '1' }, { B: '1' })).toThrow('Stack/Model: environment must be left out with a modelPackage whose containers have variables');
    expect(asked(versioned(undefined, { B: '1' })).Containers[0].Environment).toEqual({ B: '1' });
    expect(asked(versioned({ A: '1' }, {})).Containers[0]).not.toHaveProperty('Environment');
  });

  test.each<[string, Partial<ModelProps>]>([
    ['image', { image }], ['framework', { framework: Framework.sklearn('1.2-1') }], ['modelData', { modelData: archive('a') }],
    ['script', { script: script() }], ['multiModel', { multiModel: true }], ['logLevel', { logLevel: ContainerLogLevel.DEBUG }],
  ])('rejects %s, which the package has', (prop, props) => expect(() => of(props)).toThrow(`Stack/Model: ${prop} must be left out with modelPackage, which has it`));
});
