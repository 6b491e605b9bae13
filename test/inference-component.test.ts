import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Size } from 'aws-cdk-lib/core';
import {
  ComponentDeployment, ComponentPlacement, ContainerImage, CopySize, Endpoint, EndpointConfig, Framework, InferenceComponent, Model, ModelData, Script, Variant, type ComponentInstanceOptions, type InferenceComponentProps, type ModelProps,
} from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, only } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);

const g5: ComponentInstanceOptions = { instanceType: 'ml.g5.12xlarge' };

function hosted(props: Partial<InferenceComponentProps> = {}, modelProps: Partial<ModelProps> = {}, instances = g5) {
  const stack = emptyStack();
  const config = new EndpointConfig(stack, 'Config', { variants: { AllTraffic: Variant.ofComponents(instances) } });
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

describe('the container of a component', () => {
  const artifact = (name = 'model.tar.gz') => ModelData.fromBucket(bucketNamed(emptyStack(), 'models'), name);
  const contained = (props: Partial<InferenceComponentProps>) => hosted({ model: undefined, ...props });

  test('is pulled and read by the role of the instances, whose policies it waits for', () => {
    const { template } = contained({ container: { image, modelData: artifact(), environment: { LOG_LEVEL: 'info' } } });
    const made = template();
    expect(asked(made).Specification).toEqual({
      Container: { Image: IMAGE_URI, ArtifactUrl: 's3://models/model.tar.gz', Environment: { LOG_LEVEL: 'info' } }, ComputeResourceRequirements: { MinMemoryRequiredInMb: 8192 },
    });
    expect(allowing(made, 'ConfigRole', 's3:GetObject')).toHaveLength(1);
    expect(allowing(made, 'ConfigRole', 'ecr:BatchGetImage')).toHaveLength(1);
    expect(only(made, 'AWS::SageMaker::InferenceComponent').DependsOn).toEqual([expect.stringMatching(/^ConfigRoleDefaultPolicy/)]);
  });

  test('is pulled by a role that is granted that elsewhere, where the endpoint is', () => {
    const stack = emptyStack();
    new InferenceComponent(stack, 'Component', { endpoint: Endpoint.fromEndpointName(stack, 'Endpoint', 'shared'), variantName: 'AllTraffic', container: { image }, memory: Size.gibibytes(1) });
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toEqual([]);
  });

  test('may have metrics of its own', () => {
    expect(asked(contained({ container: { image, metricsPath: '/server/metrics', metricsFrequency: Duration.minutes(5) } }).template()).Specification.Container.ContainerMetricsConfig).toEqual({
      MetricsEndpoints: [{ MetricsEndpointPath: '/server/metrics', MetricPublishFrequencyInSeconds: 300 }],
    });
  });

  test.each<[string, Partial<InferenceComponentProps>, string]>([
    ['nothing', {}, 'model must be given, or container'],
    ['no image', { container: {} }, 'container.image must be given'],
    ['an image of another registry', { container: { image: ContainerImage.fromRegistry('registry.example.com/a:1') } }, 'container.image must be in Amazon ECR (a model can have an image of another registry)'],
    ['a folder of files', { container: { image, modelData: artifact('files/') } }, 'container.modelData must be one compressed archive (a model can have a folder of files), got s3://models/files/'],
    ['an odd variable', { container: { image, environment: { 'a-b': '1' } } }, 'container.environment: the name a-b must be of 1 to 1024 letters'],
    ['a path upwards', { container: { image, metricsPath: '/../metrics' } }, 'container.metricsPath must be a path, for instance /server/metrics, got /../metrics'],
    ['a frequency of no metrics', { container: { image, metricsFrequency: Duration.minutes(1) } }, 'container.metricsFrequency must come with metricsPath'],
    ['an odd frequency', { container: { image, metricsPath: '/m', metricsFrequency: Duration.seconds(15) } }, 'container.metricsFrequency must be one of 10, 30, 60, 120, 180, 240, 300 seconds, got 15 seconds'],
    ['no memory', { container: { image }, memory: undefined }, 'memory must be given'],
    ['no variant', { container: { image }, variantName: undefined }, 'variantName must be given'],
  ])('is refused with %s', (_what, props, message) => expect(() => contained(props)).toThrow(`Stack/Component: ${message}`));

  test('is refused beside a model', () => expect(() => hosted({ container: { image } })).toThrow('Stack/Component: container must be left out where there is a model, got both'));
});

describe('the place of a component', () => {
  test('is a variant of the configuration', () => expect(() => hosted({ variantName: 'all' })).toThrow('Stack/Component: variantName must be one of AllTraffic, got all'));

  test('has the instances of the variant', () => expect(() => hosted({ instanceType: 'ml.g6.xlarge' })).toThrow('Stack/Component: instanceType must be one of ml.g5.12xlarge, got ml.g6.xlarge'));

  test('is on instances without a model of their own', () => {
    const stack = emptyStack();
    const model = new Model(stack, 'Model', { image });
    const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
    expect(() => new InferenceComponent(stack, 'Component', { endpoint, variantName: 'AllTraffic', model, memory: Size.gibibytes(1) })).toThrow('Stack/Component: variantName must be that of a variant that is Variant.ofComponents, got AllTraffic');
  });

  test('is what it is said to be, of an endpoint made elsewhere', () => {
    const { stack, model } = hosted();
    const endpoint = Endpoint.fromEndpointName(stack, 'Elsewhere', 'shared');
    expect(() => new InferenceComponent(stack, 'Other', { endpoint, variantName: 'any', model, memory: Size.gibibytes(1) })).not.toThrow();
  });
});

describe('an adapter', () => {
  const adapted = (props: Partial<InferenceComponentProps> = {}) => {
    const { stack, component } = hosted();
    const endpoint = Endpoint.fromEndpointName(stack, 'Elsewhere', 'shared');
    return new InferenceComponent(stack, 'Adapter', { endpoint, adapterOf: component, container: { modelData: ModelData.fromS3Uri('s3://models/lora.tar.gz') }, ...props });
  };

  test('is an artifact, and everything else is that of its base', () => {
    const adapter = adapted();
    const [, { Properties }] = Object.entries(Template.fromStack(adapter.stack).findResources('AWS::SageMaker::InferenceComponent')).find(([id]) => id.startsWith('Adapter'))!;
    expect(Properties).toEqual({
      EndpointName: 'shared', Specification: { Container: { ArtifactUrl: 's3://models/lora.tar.gz' }, BaseInferenceComponentName: { 'Fn::Select': [1, expect.anything()] } },
    });
  });

  test.each<[string, Partial<InferenceComponentProps>, string]>([
    ['no artifact', { container: { image } }, 'container.modelData must be given with adapterOf: the artifact of the adapter'],
    ['an image', { container: { image, modelData: ModelData.fromS3Uri('s3://models/lora.tar.gz') } }, 'container.image must be left out with adapterOf'],
    ['an adapter to adapt', { adapterOf: adapted() }, 'adapterOf must be a component that is no adapter itself, got Stack/Adapter'],
    ['memory', { memory: Size.gibibytes(1) }, 'memory must be left out with adapterOf: an adapter shares what its base has, got both'],
    ['accelerators', { accelerators: 1 }, 'accelerators must be left out with adapterOf'],
    ['a placement', { placement: ComponentPlacement.spread() }, 'placement must be left out with adapterOf'],
    ['copies', { copies: 2 }, 'copies must be left out with adapterOf: an adapter has the copies of its base, got 2'],
  ])('is refused with %s', (_what, props, message) => expect(() => adapted(props)).toThrow(`Stack/Adapter: ${message}`));
});

describe('a component on several types of instances', () => {
  const memory = Size.gibibytes(1);
  const typed = (specifications: InferenceComponentProps['specifications'], props: Partial<InferenceComponentProps> = {}) => 
    hosted({ model: undefined, memory: undefined, specifications, ...props }, {}, { instancePools: ['ml.g6.12xlarge', 'ml.g5.12xlarge'].map((instanceType) => ({ instanceType })) });
  const pair = { 'ml.g6.12xlarge': { container: { image }, memory }, 'ml.g5.12xlarge': { container: { image }, memory, accelerators: 2, dataCache: true } };

  test('says of each what a copy is there', () => {
    expect(asked(typed(pair).template())).toMatchObject({
      Specifications: [
        { InstanceType: 'ml.g6.12xlarge', Container: { Image: IMAGE_URI }, ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024 } },
        { InstanceType: 'ml.g5.12xlarge', ComputeResourceRequirements: { NumberOfAcceleratorDevicesRequired: 2 }, DataCacheConfig: { EnableCaching: true } },
      ],
    });
    expect(asked(typed(pair).template())).not.toHaveProperty('Specification');
  });

  test.each<[string, InferenceComponentProps['specifications'], Partial<InferenceComponentProps>, string]>([
    ['one type', { 'ml.g5.12xlarge': { container: { image }, memory } }, {}, 'specifications must have 2 to 5 entries, got 1'],
    ['what is of each type', pair, { memory }, 'memory must be left out with specifications, each of which says it, got both'],
    ['a type that the variant has not', { ...pair, 'ml.p5.48xlarge': { container: { image }, memory } }, {}, 'specifications.ml.p5.48xlarge must be one of ml.g6.12xlarge, ml.g5.12xlarge, got ml.p5.48xlarge'],
    ['no memory of a type', { ...pair, 'ml.g5.12xlarge': { container: { image } } }, {}, 'specifications.ml.g5.12xlarge.memory must be given'],
    ['a small share of a type', { ...pair, 'ml.g5.12xlarge': { container: { image }, memory, cpus: 0.1 } }, {}, 'specifications.ml.g5.12xlarge.cpus must be 0.25 or more, got 0.1'],
  ])('is refused with %s', (_what, specifications, props, message) => expect(() => typed(specifications, props)).toThrow(`Stack/Component: ${message}`));
});

describe('the copies of a component', () => {
  test.each<[string, ComponentPlacement, object]>([
    ['spread', ComponentPlacement.spread(), { PlacementStrategy: 'SPREAD', AvailabilityZoneBalance: { EnforcementMode: 'PERMISSIVE' } }],
    ['packed', ComponentPlacement.binpack({ maxZoneImbalance: 100 }), { PlacementStrategy: 'BINPACK', AvailabilityZoneBalance: { EnforcementMode: 'PERMISSIVE', MaxImbalance: 100 } }],
  ])('may be %s', (_what, placement, expected) => expect(asked(hosted({ placement }).template()).Specification.SchedulingConfig).toEqual(expected));

  test('are changed in batches, and changed back when an alarm rings', () => {
    const rollbackAlarms = [Alarm.fromAlarmArn(emptyStack(), 'Alarm', 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors')];
    const deployment = ComponentDeployment.rolling(CopySize.percent(50), { waitInterval: Duration.minutes(1), maxExecutionTime: Duration.hours(8), rollbackBatch: CopySize.copies(2), rollbackAlarms });
    expect(asked(hosted({ deployment }).template()).DeploymentConfig).toEqual({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 }, WaitIntervalInSeconds: 60, MaximumExecutionTimeoutInSeconds: 28800, RollbackMaximumBatchSize: { Type: 'COPY_COUNT', Value: 2 },
      },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
    });
  });

  const wait = { waitInterval: Duration.minutes(1) };
  test.each<[string, Partial<InferenceComponentProps>, string]>([
    ['a variable that is no text', { model: undefined, container: { image, environment: { A: 1 as never } } }, 'container.environment.A must be text, got 1'],
    ['a zone that has 101 more', { placement: ComponentPlacement.spread({ maxZoneImbalance: 101 }) }, 'placement.maxZoneImbalance must be a whole number between 0 and 100, got 101'],
    ['a large batch', { deployment: ComponentDeployment.rolling(CopySize.percent(51), wait) }, 'deployment.rolling.percent must be a whole number between 5 and 50 %, got 51'],
    ['a batch of none', { deployment: ComponentDeployment.rolling(CopySize.copies(0), wait) }, 'deployment.rolling.copies must be a whole number between 1 and'],
    ['a way back of more than all', { deployment: ComponentDeployment.rolling(CopySize.copies(1), { ...wait, rollbackBatch: CopySize.percent(101) }) }, 'deployment.rollbackBatch.percent must be a whole number between 1 and 100 %'],
    ['a long wait', { deployment: ComponentDeployment.rolling(CopySize.copies(1), { waitInterval: Duration.minutes(61) }) }, 'deployment.waitInterval must be between 0 seconds and 1 hour'],
    ['a short time', { deployment: ComponentDeployment.rolling(CopySize.copies(1), { ...wait, maxExecutionTime: Duration.minutes(9) }) }, 'deployment.maxExecutionTime must be between 10 minutes and 8 hours, got 9 minutes'],
    ['no alarm among alarms', { deployment: ComponentDeployment.rolling(CopySize.copies(1), { ...wait, rollbackAlarms: [] }) }, 'deployment.rollbackAlarms must have 1 to 10 entries, got 0'],
  ])('are refused with %s', (_what, props, message) => expect(() => hosted(props)).toThrow(`Stack/Component: ${message}`));
});
