import { Template } from 'aws-cdk-lib/assertions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, Stack } from 'aws-cdk-lib/core';
import { ContainerImage, DataSource, Model, ModelData, ModelPackageSource, ModelPackage, OutputCompression, Script, type ModelDataOptions, type ModelProps, type ParameterModelDataOptions } from 'cdk-sagemaker';
import { join } from 'node:path';
import { withLocalStack } from './support/local-stack';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const HUB = 'arn:aws:sagemaker:eu-west-1:123456789012:hub-content/team/ModelReference/llama/1.0.0';
const JUMPSTART = 's3://jumpstart-private-cache-prod-eu-west-1/llama';

function modelIn(stack: Stack, modelData: ModelData, props: Partial<ModelProps> = {}): Model {
  return new Model(stack, 'Model', { image, modelData, ...props });
}
function served(modelData: ModelData, props: Partial<ModelProps> = {}): Template {
  const stack = emptyStack();
  modelIn(stack, modelData, props);
  return Template.fromStack(stack);
}
const containerOf = (template: Template) => only(template, 'AWS::SageMaker::Model').Properties.PrimaryContainer;
const gated = (key: string, options: ModelDataOptions = { acceptEula: true }) => ModelData.fromS3Uri(`${JUMPSTART}/${key}`, options);

describe('an artifact with a license', () => {
  test('is agreed to in so many words, whether a folder of files or an archive', () => {
    expect(containerOf(served(gated('prepack/')))).toEqual({
      Image: IMAGE_URI, ModelDataSource: { S3DataSource: { S3Uri: `${JUMPSTART}/prepack/`, S3DataType: 'S3Prefix', CompressionType: 'None', ModelAccessConfig: { AcceptEula: true } } },
    });
    expect(containerOf(served(gated('model.tar.gz', { acceptEula: false })))).toEqual({
      Image: IMAGE_URI, ModelDataSource: { S3DataSource: { S3Uri: `${JUMPSTART}/model.tar.gz`, S3DataType: 'S3Object', CompressionType: 'Gzip', ModelAccessConfig: { AcceptEula: false } } },
    });
  });

  test('is read in the bucket of another account by its ARN, and nothing else there', () => {
    expect(allowing(served(gated('prepack/')), 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::jumpstart-private-cache-prod-eu-west-1/llama/prepack/*']);
  });

  test('of a hub names its content, which the role may look at', () => {
    const template = served(gated('prepack/', { hubContent: HUB }));
    expect(containerOf(template).ModelDataSource.S3DataSource).toMatchObject({ HubAccessConfig: { HubContentArn: HUB } });
    expect(allowing(template, 'ModelRole', 'sagemaker:DescribeHubContent').flatMap(({ Resource }) => Resource)).toContain(HUB);
  });

  test('is agreed to by the job that packs a script into it as well', () => {
    const script = Script.fromDirectory(join(__dirname, 'support', 'source'), { entryPoint: 'train.py' });
    const [model] = only(served(gated('model.tar.gz'), { script }), 'Custom::SageMakerTrainingJob').Properties.Request.InputDataConfig;
    expect(model.DataSource.S3DataSource).toMatchObject({ ModelAccessConfig: { AcceptEula: true } });
  });

  test('is in a model package with its license, and without a hub', () => {
    const packaged = (data: ModelData) => {
      const stack = emptyStack();
      new ModelPackage(stack, 'Package', { source: ModelPackageSource.containers([{ image, modelData: data }], { contentTypes: ['a/b'], responseTypes: ['a/b'], endpointInstanceTypes: ['ml.m5.large'], transformInstanceTypes: ['ml.m5.large'] }) });
      return only(Template.fromStack(stack), 'AWS::SageMaker::ModelPackage').Properties.InferenceSpecification.Containers[0];
    };
    expect(packaged(gated('prepack/')).ModelDataSource.S3DataSource).toMatchObject({ ModelAccessConfig: { AcceptEula: true } });
    expect(() => packaged(gated('prepack/', { hubContent: HUB }))).toThrow('Stack/Package: modelData: hubContent must be left out in a model package');
  });

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['no ARN of a hub', (stack) => modelIn(stack, gated('prepack/', { hubContent: 'llama' })), 'Stack/Model: modelData: hubContent must be the ARN of the content of a hub, got llama'],
    ['many models in a container', (stack) => modelIn(stack, gated('all/'), { multiModel: true }), 'Stack/Model: modelData must be without acceptEula and hubContent for multiModel'],
    ['serverless variants', (stack) => modelIn(stack, gated('model.tar.gz')).deployServerless('Endpoint'), 'serverless variants serve no artifact that is an archive with acceptEula or hubContent'],
    ['transform jobs', (stack) => modelIn(stack, gated('model.tar.gz')).transform('Scores', { input: DataSource.fromS3Uri('s3://data/'), instanceType: 'ml.m5.large' }), 'model must have one compressed archive as its artifact, without acceptEula and hubContent'],
    ['algorithms', (stack) => new ModelPackage(stack, 'Package', { source: ModelPackageSource.algorithm('trees', gated('model.tar.gz')) }), 'Stack/Package: source: modelData must be without acceptEula and hubContent'],
  ])('is refused for %s', (_what, make, message) => expect(() => make(emptyStack())).toThrow(message));
});

describe('an artifact', () => {
  const S3_SOURCE = (S3Uri: string, S3DataType = 'S3Prefix') => ({ S3DataSource: { S3Uri, S3DataType, CompressionType: 'None' } });

  test.each<[string, (stack: Stack) => ModelData]>([
    ['a URI with a slash', () => ModelData.fromS3Uri('s3://models/')],
    ['a URI without one', () => ModelData.fromS3Uri('s3://models')],
    ['an empty key', (stack) => ModelData.fromBucket(bucketNamed(stack, 'models'), '')],
  ])('may be all of a bucket, by %s', (_what, data) => {
    const stack = emptyStack();
    const modelData = data(stack);
    modelIn(stack, modelData);
    new Model(stack, 'Many', { image, modelData, multiModel: true });
    const template = Template.fromStack(stack);
    const [one, many] = ofType(template, 'AWS::SageMaker::Model').map(([, { Properties }]) => Properties.PrimaryContainer);
    expect(one).toEqual({ Image: IMAGE_URI, ModelDataSource: S3_SOURCE('s3://models/') });
    expect(many).toEqual({ Image: IMAGE_URI, Mode: 'MultiModel', ModelDataUrl: 's3://models/' });
    expect(allowing(template, 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/*']);
  });

  test('may be one file as it is, of which nothing else is read', () => {
    const template = served(ModelData.fromS3Uri('s3://models/m.safetensors', { compression: OutputCompression.NONE }));
    expect(containerOf(template)).toEqual({ Image: IMAGE_URI, ModelDataSource: S3_SOURCE('s3://models/m.safetensors', 'S3Object') });
    expect(allowing(template, 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/m.safetensors']);
  });

  const file = ModelData.fromS3Uri('s3://models/m.safetensors', { compression: OutputCompression.NONE });
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['with a slash before its key', (stack) => modelIn(stack, ModelData.fromBucket(bucketNamed(stack, 'models'), '/a.tar.gz')), 'Stack/Model: modelData must have a key that begins with no slash (an empty one is the whole bucket), got /a.tar.gz'],
    ['that is a compressed folder', (stack) => modelIn(stack, ModelData.fromS3Uri('s3://models/a/', { compression: OutputCompression.GZIP })), 'Stack/Model: modelData: compression must be OutputCompression.NONE for a folder'],
    ['that is one file for many models', (stack) => modelIn(stack, file, { multiModel: true }), 'Stack/Model: modelData must end with a slash for multiModel'],
    ['that is one file, without instances', (stack) => modelIn(stack, file).deployServerless('Endpoint'), 'serverless variants serve no artifact that is a file that is not compressed'],
  ])('is refused %s', (_what, make, message) => expect(() => make(emptyStack())).toThrow(message));
});

describe('an artifact that a parameter names', () => {
  const from = (stack: Stack, more: Partial<ParameterModelDataOptions> = {}, parameter = StringParameter.fromStringParameterName(stack, 'Published', '/digits/artifact')) =>
    ModelData.fromSsmParameter(parameter, { bucket: bucketNamed(stack, 'models'), prefix: 'digits/', ...more });

  test('is read anew at each deployment, from below a prefix of its bucket', () => {
    const stack = emptyStack();
    modelIn(stack, from(stack));
    const template = Template.fromStack(stack);
    const [[name, parameter]] = Object.entries(template.findParameters('*')).filter(([id]) => id.startsWith('Published'));
    expect(parameter).toEqual({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/digits/artifact' });
    expect(containerOf(template)).toEqual({ Image: IMAGE_URI, ModelDataUrl: { Ref: name } });
    expect(allowing(template, 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::models/digits/*']);
  });

  test('may be a folder of files', () => {
    const stack = emptyStack();
    modelIn(stack, from(stack, { compression: OutputCompression.NONE }));
    expect(containerOf(Template.fromStack(stack)).ModelDataSource.S3DataSource).toMatchObject({ S3DataType: 'S3Prefix', CompressionType: 'None' });
  });

  test('is read by the name of the parameter of another stack, which is deployed before, and never exported', () => {
    const app = new App();
    const [training, serving] = [new Stack(app, 'Training'), new Stack(app, 'Serving')];
    const parameter = new StringParameter(training, 'Artifact', { parameterName: '/digits/artifact', stringValue: 's3://models/digits/1.tar.gz' });
    modelIn(serving, from(serving, {}, parameter));
    expect(serving.dependencies).toEqual([training]);
    expect(Template.fromStack(training).toJSON().Outputs).toBeUndefined();
    expect(Object.values(Template.fromStack(serving).findParameters('*'))).toContainEqual({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/digits/artifact' });
  });

  test('is an attribute of a parameter of the same stack', () => {
    const stack = emptyStack();
    modelIn(stack, from(stack, {}, new StringParameter(stack, 'Artifact', { stringValue: 's3://models/digits/1.tar.gz' })));
    expect(containerOf(Template.fromStack(stack)).ModelDataUrl).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Artifact/), 'Value'] });
  });

  test('is refused where its parameter has no name given, or is elsewhere', () => {
    const app = new App();
    const serving = new Stack(app, 'Serving', { env: { account: '111111111111', region: 'eu-west-1' } });
    const nameless = new StringParameter(new Stack(app, 'Training', { env: { account: '111111111111', region: 'eu-west-1' } }), 'Artifact', { stringValue: 'x' });
    expect(() => modelIn(serving, from(serving, {}, nameless))).toThrow('Serving/Model: modelData: parameter must have a name given (parameterName) where the model is in another stack');
    const far = StringParameter.fromStringParameterName(new Stack(app, 'Far', { env: { account: '111111111111', region: 'us-east-1' } }), 'P', '/digits');
    expect(() => new Model(serving, 'Two', { image, modelData: ModelData.fromSsmParameter(far, { bucket: bucketNamed(serving, 'far'), prefix: '' }) })).toThrow('modelData: parameter must be in the region of the model, eu-west-1');
    expect(() => new Model(serving, 'Three', { image, modelData: ModelData.fromSsmParameter(far, { bucket: bucketNamed(serving, 'other'), prefix: '', compression: 'zip' as OutputCompression }) }))
      .toThrow('modelData: compression must be one of GZIP, NONE');
  });
});

test('another artifact in the parameter replaces model and configuration, and moves the endpoint, though the template is the same', () => withLocalStack(async ({ engine, sageMaker }) => {
  const training = (artifact: string) => ({ Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/digits/artifact', Type: 'String', Value: artifact } } } });
  const stack = emptyStack();
  modelIn(stack, ModelData.fromSsmParameter(StringParameter.fromStringParameterName(stack, 'Published', '/digits/artifact'), { bucket: bucketNamed(stack, 'models'), prefix: '' })).deploy('Endpoint', { instanceType: 'ml.m5.large' });
  const { Parameters, Resources } = Template.fromStack(stack).toJSON() as { Parameters: object; Resources: { [id: string]: { Type: string } } };
  const serving = { Parameters: Object.fromEntries(Object.entries(Parameters).filter(([id]) => id.startsWith('Published'))), Resources: Object.fromEntries(Object.entries(Resources).filter(([id, { Type }]) => /^AWS::(SageMaker|IAM)::/.test(Type) && !/^SageMakerJob|CheckPolicy/.test(id))) };
  const served: unknown[] = [];
  const call = sageMaker.call.bind(sageMaker);
  sageMaker.call = (operation, input) => {
    if (operation === 'CreateModel') { served.push((input.PrimaryContainer as { ModelDataUrl: unknown }).ModelDataUrl); }
    return call(operation, input);
  };
  const kinds = () => sageMaker.calls.splice(0).map((text) => text.split(' ')[0]);
  for (const [artifact, calls] of [
    ['s3://models/1.tar.gz', ['CreateModel', 'CreateEndpointConfig', 'CreateEndpoint']],
    ['s3://models/2.tar.gz', ['CreateModel', 'CreateEndpointConfig', 'UpdateEndpoint', 'DeleteEndpointConfig', 'DeleteModel']],
  ] as const) {
    await engine.deploy({ stackName: 'training', template: training(artifact) }).finished;
    expect(await engine.deploy({ stackName: 'serving', template: serving }).finished).toMatchObject({ status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) });
    expect(kinds()).toEqual(calls);
    expect(served.splice(0)).toEqual([artifact]);
  }
}));
