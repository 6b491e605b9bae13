import { Template } from 'aws-cdk-lib/assertions';
import { Duration, Size } from 'aws-cdk-lib/core';
import { ContainerImage, Endpoint, EndpointConfig, Framework, InferenceComponent, Model, ModelData, Script, Variant, type InferenceComponentProps, type ModelProps } from 'cdk-sagemaker';
import { allowing, emptyStack, flat, IMAGE_URI, only } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);

function hosted(props: Partial<InferenceComponentProps> = {}, modelProps: Partial<ModelProps> = {}) {
  const stack = emptyStack();
  const config = new EndpointConfig(stack, 'Config', { variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.12xlarge' }) } });
  const endpoint = new Endpoint(stack, 'Endpoint', { config });
  const model = new Model(stack, 'Model', { image, ...modelProps });
  const component = new InferenceComponent(stack, 'Component', { endpoint, variantName: 'AllTraffic', model, memory: Size.gibibytes(8), ...props });
  return { stack, component, model, template: () => Template.fromStack(stack) };
}
const asked = (template: Template) => only(template, 'AWS::SageMaker::InferenceComponent').Properties;

describe('InferenceComponent', () => {
  test('is one copy of a model on a share of the instances', () => {
    expect(asked(hosted().template())).toEqual({
      EndpointName: { 'Fn::GetAtt': [expect.stringMatching(/^Endpoint/), 'EndpointName'] }, VariantName: 'AllTraffic',
      Specification: { ModelName: { 'Fn::GetAtt': [expect.stringMatching(/^Model/), 'ModelName'] }, ComputeResourceRequirements: { MinMemoryRequiredInMb: 8192 } },
      RuntimeConfig: { CopyCount: 1 },
    });
  });

  test('has what it is given, no copy included', () => {
    expect(asked(hosted({
      maxMemory: Size.gibibytes(16), cpus: 0.25, accelerators: 1, copies: 0, modelDataDownloadTimeout: Duration.minutes(10), containerStartupTimeout: Duration.minutes(5), inferenceComponentName: 'digits',
    }).template())).toMatchObject({
      InferenceComponentName: 'digits', RuntimeConfig: { CopyCount: 0 },
      Specification: {
        StartupParameters: { ModelDataDownloadTimeoutInSeconds: 600, ContainerStartupHealthCheckTimeoutInSeconds: 300 },
        ComputeResourceRequirements: { MinMemoryRequiredInMb: 8192, MaxMemoryRequiredInMb: 16384, NumberOfCpuCoresRequired: 0.25, NumberOfAcceleratorDevicesRequired: 1 },
      },
    });
  });

  test('is served by the image for the instances of the variant', () => {
    const { template } = hosted({ instanceType: 'ml.g5.12xlarge' }, { image: undefined, framework: Framework.pytorch('2.6.0'), script: Script.inModelData({ entryPoint: 'serve.py' }) });
    expect(flat(only(template(), 'AWS::SageMaker::Model').Properties.PrimaryContainer.Image)).toMatch(/pytorch-inference:2\.6\.0-gpu-/);
  });

  test('may be invoked by whom it allows, at its endpoint', () => {
    const { stack, component, template } = hosted();
    component.grantInvoke(new Model(stack, 'Caller', { image }));
    expect(allowing(template(), 'CallerRole', 'sagemaker:InvokeEndpoint').map(({ Resource }) => Resource.map(flat))).toEqual([
      [expect.stringMatching(/^<Endpoint/), expect.stringMatching(/^<Component\w+\.InferenceComponentArn>$/)],
    ]);
  });

  test('made elsewhere is known by its name', () => {
    const stack = emptyStack();
    const component = InferenceComponent.fromInferenceComponentName(stack, 'Component', 'Digits');
    expect(component.inferenceComponentName).toBe('Digits');
    expect(flat(stack.resolve(component.inferenceComponentRef.inferenceComponentArn))).toMatch(/:inference-component\/digits$/);
  });

  test.each<[string, Partial<InferenceComponentProps>, string]>([
    ['less than 128 MiB', { memory: Size.mebibytes(127) }, 'memory must be a whole number between 128 and 2147483647 MiB, got 127'],
    ['part of a MiB', { memory: Size.kibibytes(200_001) }, 'memory must be a whole number of MiB, got 195'],
    ['less at most than is reserved', { maxMemory: Size.gibibytes(4) }, 'maxMemory must be at least memory, which is 8192 MiB, got 4096 MiB'],
    ['a tenth of a processor', { cpus: 0.1 }, 'cpus must be 0.25 or more, got 0.1'],
    ['half an accelerator', { accelerators: 0.5 }, 'accelerators must be 1 or more, got 0.5'],
    ['less than no copy', { copies: -1 }, 'copies must be a whole number between 0 and'],
    ['a short start', { containerStartupTimeout: Duration.seconds(59) }, 'containerStartupTimeout must be between 1 minute and 1 hour, got 59 seconds'],
    ['an odd name', { inferenceComponentName: 'a_b' }, 'inferenceComponentName must be of 1 to 63'],
  ])('rejects %s', (_what, props, message) => expect(() => hosted(props)).toThrow(`Stack/Component: ${message}`));

  test('rejects a pipeline, and many models in one container', () => {
    expect(() => hosted({}, { image: undefined, containers: [{ image }, { image }] })).toThrow('Stack/Component: model must be of one container');
    expect(() => hosted({}, { modelData: ModelData.fromS3Uri('s3://models/all/'), multiModel: true })).toThrow('Stack/Component: model must be one model');
  });
});
