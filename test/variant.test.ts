import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Lazy, RemovalPolicy, Size, type Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, ContainerImage, DataCapture, EndpointConfig, Framework, Model, ModelData, Routing, Script, Variant,
  type ComponentInstanceOptions, type DeployServerlessOptions, type EndpointConfigProps, type ModelProps, type ServerlessOptions,
} from 'cdk-sagemaker';
import { bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only, statements, warnings } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const m5 = { instanceType: 'ml.m5.large' };
const modelIn = (stack: Stack, props: Partial<ModelProps> = {}, id = 'Model') => new Model(stack, id, { image, ...props });
const pytorch = () => ({ image: undefined, framework: Framework.pytorch('2.6.0'), script: Script.inModelData({ entryPoint: 'serve.py' }) });
const imageOf = (template: Template) => flat(only(template, 'AWS::SageMaker::Model').Properties.PrimaryContainer.Image).replace(/^.*\//, '');
const variants = (template: Template) => only(template, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants;

function serverless(options?: DeployServerlessOptions, props: (stack: Stack) => Partial<ModelProps> = () => ({})): Template {
  const stack = emptyStack();
  modelIn(stack, props(stack)).deployServerless('Endpoint', options);
  return Template.fromStack(stack);
}

describe('a serverless variant', () => {
  test('has 2 GiB and 5 requests at once, no instances, and no more in the template', () => {
    const template = serverless();
    expect(variants(template)).toEqual([{
      VariantName: 'AllTraffic', ModelName: expect.anything(), InitialVariantWeight: 1, ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 },
    }]);
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties).not.toHaveProperty('ExecutionRoleArn');
  });

  test('has what it is given', () => {
    expect(variants(serverless({ memorySize: Size.gibibytes(6), maxConcurrency: 200, provisionedConcurrency: 200, weight: 0 }))).toMatchObject([
      { InitialVariantWeight: 0, ServerlessConfig: { MemorySizeInMB: 6144, MaxConcurrency: 200, ProvisionedConcurrency: 200 } },
    ]);
  });

  test('may have memory that is known at deployment, in the unit of the service', () => {
    expect(variants(serverless({ memorySize: Size.mebibytes(Lazy.number({ produce: () => 3072 })) }))).toMatchObject([{ ServerlessConfig: { MemorySizeInMB: 3072 } }]);
    expect(() => serverless({ memorySize: Size.gibibytes(Lazy.number({ produce: () => 3 })) })).toThrow('variants.AllTraffic.memorySize must be made by Size.mebibytes where its value is known only at deployment');
  });

  test('has a configuration of which as much may be said as of others', () => {
    expect(only(serverless({ enhancedMetrics: true, configRemovalPolicy: RemovalPolicy.RETAIN }), 'AWS::SageMaker::EndpointConfig')).toMatchObject({ DeletionPolicy: 'Retain', Properties: { MetricsConfig: { EnableEnhancedMetrics: true } } });
    const stack = emptyStack();
    const dataCapture = DataCapture.toBucket(bucketNamed(stack, 'captures'));
    expect(() => new Model(stack, 'Model', { image }).deployServerless('Endpoint', { dataCapture })).toThrow('Stack/Model/EndpointConfig: dataCapture must be left out for a serverless variant');
  });

  test('is served by the image for CPU', () => {
    expect(imageOf(serverless({}, pytorch))).toMatch(/^pytorch-inference:2\.6\.0-cpu-/);
  });

  test.each<[string, ServerlessOptions, string]>([
    ['less than 1 GiB', { memorySize: Size.gibibytes(0) }, 'memorySize must be a whole number between 1 and 6 GiB, got 0'],
    ['more than 6 GiB', { memorySize: Size.gibibytes(7) }, 'memorySize must be a whole number between 1 and 6 GiB, got 7'],
    ['part of a GiB', { memorySize: Size.mebibytes(1536) }, 'memorySize must be a whole number of GiB, got 1.5 GiB'],
    ['no request', { maxConcurrency: 0 }, 'maxConcurrency must be a whole number between 1 and 200, got 0'],
    ['more kept ready than answered', { maxConcurrency: 2, provisionedConcurrency: 3 }, 'provisionedConcurrency must be a whole number between 1 and 2, got 3'],
    ['a weight below 0', { weight: -1 }, 'weight must be 0 or more, got -1'],
    ['an instance type', { ...m5 } as ServerlessOptions, 'instanceType must be left out for a serverless variant, which has no instances, got ml.m5.large'],
    ['storage of an instance', { volumeSize: Size.gibibytes(5) } as ServerlessOptions, 'volumeSize must be left out for a serverless variant, which has no instances, got a Size'],
  ])('rejects %s', (_what, options, message) => expect(() => serverless(options)).toThrow(`Stack/Model/EndpointConfig: variants.AllTraffic.${message}`));

  test.each<[string, (stack: Stack) => Partial<ModelProps>, string]>([
    ['a model in a VPC', (stack) => ({ vpc: new Vpc(stack, 'Vpc') }), 'model in a VPC'],
    ['an isolated model', () => ({ networkIsolation: true }), 'model under network isolation'],
    ['a pipeline', () => ({ image: undefined, containers: [{ image }, { image }] }), 'pipeline of containers'],
    ['many models', () => ({ modelData: ModelData.fromS3Uri('s3://models/all/'), multiModel: true }), 'multiModel'],
    ['a folder of files', () => ({ modelData: ModelData.fromS3Uri('s3://models/folder/') }), 'artifact that is a folder of files'],
  ])('rejects %s', (_what, props, words) =>
    expect(() => serverless({}, props)).toThrow(`variants.AllTraffic must be on instances: serverless variants serve no ${words}`));

  test.each<[string, (stack: Stack, model: Model) => Partial<EndpointConfigProps>, string]>([
    ['another variant beside it', (_, model) => ({ variants: { a: Variant.serverless(model), b: Variant.onInstances(model, m5) } }), 'variants must have 1 entry where it is serverless, got 2'],
    ['a queue', (stack) => ({ asyncInference: AsyncInference.toBucket(new Bucket(stack, 'Answers')) }), 'asyncInference must be left out for a serverless variant'],
    ['data capture', (stack) => ({ dataCapture: DataCapture.toBucket(new Bucket(stack, 'Captured')) }), 'dataCapture must be left out for a serverless variant'],
  ])('rejects %s', (_what, props, message) => {
    const stack = emptyStack();
    const model = modelIn(stack);
    expect(() => new EndpointConfig(stack, 'Config', { variants: { a: Variant.serverless(model) }, ...props(stack, model) })).toThrow(`Stack/Config: ${message}`);
  });

  test('and instances may want different images of one model, which is refused', () => {
    const stack = emptyStack();
    const model = modelIn(stack, pytorch());
    model.deploy('Fast', { instanceType: 'ml.g5.xlarge' });
    expect(() => model.deployServerless('Slow')).toThrow(/variants\.AllTraffic must be served by the image for ml\.g5\.xlarge, which was chosen before .*, got a serverless variant/);
  });
});

describe('an accelerator', () => {
  test('of Elastic Inference is attached, with a warning', () => {
    const stack = emptyStack();
    modelIn(stack).deploy('Endpoint', { ...m5, acceleratorType: 'ml.eia2.medium' });
    expect(variants(Template.fromStack(stack))).toMatchObject([{ AcceleratorType: 'ml.eia2.medium', InstanceType: 'ml.m5.large' }]);
    expect(warnings(stack).join()).toMatch(/Elastic Inference takes no new customers.*cdk-sagemaker:elasticInference/);
  });

  test('chooses the image of a framework that there is for it', () => {
    const stack = emptyStack();
    modelIn(stack, { image: undefined, framework: Framework.mxnet('1.5.1', { pyVersion: 'py3' }) }).deploy('Endpoint', { ...m5, acceleratorType: 'ml.eia2.medium' });
    expect(imageOf(Template.fromStack(stack))).toMatch(/^mxnet-inference-eia:1\.5\.1-cpu-py3$/);
  });

  test.each<[string, Partial<ModelProps>, string, string]>([
    ['for a model of Scikit-learn', { image: undefined, framework: Framework.sklearn('1.2-1') }, 'ml.eia1.medium', 'variants.AllTraffic.acceleratorType must be left out for models of Scikit-learn'],
    ['that does not exist', {}, 'ml.eia3.medium', 'variants.AllTraffic.acceleratorType must be one of ml.eia1.medium, ml.eia1.large'],
  ])('is rejected %s', (_what, props, acceleratorType, message) =>
    expect(() => modelIn(emptyStack(), props).deploy('Endpoint', { ...m5, acceleratorType })).toThrow(message));
});

describe('a variant of components', () => {
  const g5 = { instanceType: 'ml.g5.12xlarge' };
  const config = (options: ComponentInstanceOptions, props: (stack: Stack) => Partial<EndpointConfigProps> = () => ({})) => {
    const stack = emptyStack();
    new EndpointConfig(stack, 'Config', { variants: { AllTraffic: Variant.ofComponents(options) }, ...props(stack) });
    return Template.fromStack(stack);
  };

  test('has instances that scale by themselves, no model and no weight, and a role of its own', () => {
    const template = config({ ...g5, instanceCount: 2, maxInstanceCount: 4, routing: Routing.leastOutstandingRequests() });
    expect(variants(template)).toEqual([{
      VariantName: 'AllTraffic', InstanceType: 'ml.g5.12xlarge', InitialInstanceCount: 2,
      ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 2, MaxInstanceCount: 4 }, RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
    }]);
    expect(only(template, 'AWS::SageMaker::EndpointConfig')).toMatchObject({
      Properties: { ExecutionRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^ConfigRole/), 'Arn'] } }, DependsOn: [expect.stringMatching(/^ConfigRoleDefaultPolicy/)],
    });
    expect(statements(template, 'ConfigRole')).toHaveLength(2);
  });

  test('may have the role it is given, isolation, and no instance when there is nothing to do', () => {
    const template = config({ ...g5, minInstanceCount: 0, maxInstanceCount: 1 }, (stack) => ({ role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/r'), networkIsolation: true }));
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/r', EnableNetworkIsolation: true, ProductionVariants: [{ ManagedInstanceScaling: { MinInstanceCount: 0 } }],
    });
    expect(ofType(template, 'AWS::IAM::Role')).toEqual([]);
  });

  test.each<[string, ComponentInstanceOptions, string]>([
    ['fewer instances than the least number', { ...g5, instanceCount: 1, minInstanceCount: 2, maxInstanceCount: 4 }, 'instanceCount must be at least minInstanceCount, which is 2, got 1'],
    ['a least number above the greatest', { ...g5, minInstanceCount: 3, maxInstanceCount: 2 }, 'minInstanceCount must be a whole number between 0 and 2, got 3'],
    ['more instances than the greatest number', { ...g5, instanceCount: 3, maxInstanceCount: 2 }, 'maxInstanceCount must be a whole number between 3 and'],
    ['an instance type of EC2', { instanceType: 'g5.xlarge' }, 'instanceType must be an instance type of SageMaker'],
  ])('rejects %s', (_what, options, message) => expect(() => config(options)).toThrow(`Stack/Config: variants.AllTraffic.${message}`));

  test.each<[string, Partial<ComponentInstanceOptions>, number, object]>([
    ['as many instances as are kept at least', { minInstanceCount: 2, maxInstanceCount: 4 }, 2, { MinInstanceCount: 2, MaxInstanceCount: 4 }],
    ['one instance where none is kept', { minInstanceCount: 0, maxInstanceCount: 4 }, 1, { MinInstanceCount: 0, MaxInstanceCount: 4 }],
    ['one instance, and a least number alone', { minInstanceCount: 1 }, 1, { MinInstanceCount: 1 }],
  ])('begins with %s', (_what, options, count, scaling) => {
    expect(only(config({ ...g5, ...options }), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0]).toMatchObject({ InitialInstanceCount: count, ManagedInstanceScaling: { Status: 'ENABLED', ...scaling } });
  });

  test('is not mixed with variants of models, which have roles of their own', () => {
    const stack = emptyStack();
    const model = modelIn(stack);
    expect(() => new EndpointConfig(stack, 'Mixed', { variants: { a: Variant.ofComponents(g5), b: Variant.onInstances(model, m5) } })).toThrow('variants must all be Variant.ofComponents or have models');
    expect(() => new EndpointConfig(stack, 'Role', { variants: { b: Variant.onInstances(model, m5) }, role: model.role })).toThrow('role must come with Variant.ofComponents');
    expect(() => new EndpointConfig(stack, 'Isolated', { variants: { b: Variant.onInstances(model, m5) }, networkIsolation: true })).toThrow('networkIsolation must come with Variant.ofComponents');
  });
});

test('a variant of a model names the model, whatever it runs on', () => {
  const model = modelIn(emptyStack(), { modelData: ModelData.fromS3Uri('s3://models/a/model.tar.gz') });
  expect([Variant.onInstances(model, m5), Variant.serverless(model), Variant.ofComponents(m5)].map((variant) => variant.model)).toEqual([model, model, undefined]);
});

test.each(['asyncInference', 'dataCapture'])('a configuration rejects what is no %s', (prop) => {
  const stack = emptyStack();
  expect(() => new EndpointConfig(stack, 'Config', { variants: { a: Variant.onInstances(modelIn(stack), m5) }, [prop]: {} })).toThrow(new RegExp(`Stack/Config: ${prop} must be an? .*, for instance .*, got \\{\\}`));
  expect(() => new EndpointConfig(stack, 'Plain', { variants: { a: {} as Variant } })).toThrow('Stack/Plain: variants.a must be a Variant');
});
