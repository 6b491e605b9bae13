import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { App, Duration, NestedStack, RemovalPolicy, Size, Stack as CoreStack, type Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, AutoScaling, CapacityReservation, ContainerImage, CoreDumps, DataCapture, Endpoint, EndpointConfig, Explainer, InferenceAmi, InferenceComponent, Model, ModelData, Routing, ScaleIn, ScalingPolicy, ShapBaseline, Variant,
  type ComponentInstanceOptions, type EndpointConfigProps, type InstanceOptions, type ModelProps,
} from 'cdk-sagemaker';
import { network } from './support/every-prop';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, only, statements, warnings } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const m5 = { instanceType: 'ml.m5.large' };
const g5 = { instanceType: 'ml.g5.12xlarge' };
const RESERVATION = 'arn:aws:sagemaker:eu-west-1:123456789012:training-plan/june';
const modelIn = (stack: Stack, props: Partial<ModelProps> = {}, id = 'Model') => new Model(stack, id, { image, ...props });
const asked = (template: Template) => only(template, 'AWS::SageMaker::EndpointConfig').Properties;
const autoScaling = AutoScaling.between(1, 2, [ScalingPolicy.invocationsPerInstance(100)]);
const explainer = Explainer.clarify({ baseline: ShapBaseline.of('0,0') });
const dumps = (stack: Stack) => CoreDumps.toBucket(bucketNamed(stack, 'dumps'), 'crashes');
const queue = (stack: Stack) => AsyncInference.toBucket(bucketNamed(stack, 'answers'));

function configured(props: (stack: Stack, model: Model) => Partial<EndpointConfigProps>, modelProps: Partial<ModelProps> = {}): { stack: Stack; template: Template } {
  const stack = emptyStack();
  const model = modelIn(stack, modelProps);
  new EndpointConfig(stack, 'Config', { variants: { a: Variant.onInstances(model, m5) }, ...props(stack, model) });
  return { stack, template: Template.fromStack(stack) };
}
const onInstances = (options: InstanceOptions | ((stack: Stack) => InstanceOptions)) =>
  configured((stack, model) => ({ variants: { a: Variant.onInstances(model, typeof options === 'function' ? options(stack) : options) } })).template;
const ofComponents = (options: ComponentInstanceOptions, props: (stack: Stack) => Partial<EndpointConfigProps> = () => ({})) =>
  configured((stack) => ({ variants: { a: Variant.ofComponents(options) }, ...props(stack) })).template;

describe('the instances of a variant', () => {
  test('may be scaled by SageMaker, and given back where that is idle or makes room', () => {
    expect(asked(onInstances({ ...m5, minInstanceCount: 1, maxInstanceCount: 4, scaleIn: ScaleIn.whenIdle() })).ProductionVariants[0].ManagedInstanceScaling).toEqual({
      Status: 'ENABLED', MinInstanceCount: 1, MaxInstanceCount: 4, ScaleInPolicy: { Strategy: 'IDLE_RELEASE' },
    });
    expect(asked(ofComponents({ ...g5, minInstanceCount: 0, maxInstanceCount: 4, scaleIn: ScaleIn.consolidating({ maxStepSize: 2, cooldown: Duration.minutes(5) }) })).ProductionVariants[0].ManagedInstanceScaling).toEqual({
      Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 4, ScaleInPolicy: { Strategy: 'CONSOLIDATION', MaximumStepSize: 2, CooldownInMinutes: 5 },
    });
  });

  test.each<[Routing, object]>([
    [Routing.random(), { RoutingStrategy: 'RANDOM' }],
    [Routing.leastOutstandingRequests(), { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' }],
    [Routing.prefixAware({ prefixLength: 1024, concurrencyThreshold: 1 }), { RoutingStrategy: 'PREFIX_AWARE', PrefixAwareRoutingConfig: { PrefixLength: 1024, ConcurrencyThreshold: 1 } }],
  ])('get requests by %j', (routing, expected) => {
    expect(asked(onInstances({ ...m5, routing })).ProductionVariants[0].RoutingConfig).toEqual(expected);
    expect(asked(ofComponents({ ...g5, routing })).ProductionVariants[0].RoutingConfig).toEqual(expected);
  });

  test('may be of several types, the best one first, each with a model of its own, which may write what the other may', () => {
    const { template } = configured((stack, model) => ({
      variants: { a: Variant.onInstances(model, { instancePools: [{ instanceType: 'ml.g6.2xlarge' }, { instanceType: 'ml.inf2.xlarge', model: modelIn(stack, {}, 'Compiled') }], provisionTimeout: Duration.minutes(5) }) },
      dataCapture: DataCapture.toBucket(bucketNamed(stack, 'captures')),
    }));
    expect(asked(template).ProductionVariants[0]).toEqual({
      VariantName: 'a', ModelName: { 'Fn::GetAtt': [expect.stringMatching(/^Model/), 'ModelName'] }, InitialInstanceCount: 1, InitialVariantWeight: 1, VariantInstanceProvisionTimeoutInSeconds: 300,
      InstancePools: [{ InstanceType: 'ml.g6.2xlarge', Priority: 1 }, { InstanceType: 'ml.inf2.xlarge', Priority: 2, ModelNameOverride: { 'Fn::GetAtt': [expect.stringMatching(/^Compiled/), 'ModelName'] } }],
    });
    for (const role of ['ModelRole', 'CompiledRole']) { expect(allowing(template, role, 's3:PutObject')).toHaveLength(1); }
  });

  test.each<[string, CapacityReservation, object]>([
    ['a reservation and no others', CapacityReservation.fromArn(RESERVATION), { CapacityReservationPreference: 'capacity-reservations-only', MlReservationArn: RESERVATION }],
    ['a reservation, or others', CapacityReservation.fromArn(RESERVATION, { exclusive: false }), { MlReservationArn: RESERVATION }],
    ['any reservation', CapacityReservation.any(), { CapacityReservationPreference: 'capacity-reservations-only' }],
  ])('may be of %s', (_what, capacityReservation, expected) => {
    expect(asked(onInstances({ ...m5, capacityReservation })).ProductionVariants[0].CapacityReservationConfig).toEqual(expected);
  });

  test('may have a system of their own, for their accelerators', () => {
    expect(asked(onInstances({ ...g5, inferenceAmi: InferenceAmi.AL2023_GPU_4_1 })).ProductionVariants[0].InferenceAmiVersion).toBe('al2023-ami-sagemaker-inference-gpu-4-1');
    expect(asked(onInstances({ instanceType: 'ml.trn1.2xlarge', inferenceAmi: InferenceAmi.AL2_NEURON_2 })).ProductionVariants[0].InferenceAmiVersion).toBe('al2-ami-sagemaker-inference-neuron-2');
    expect(asked(onInstances({ ...m5, inferenceAmi: InferenceAmi.of('al2029-cpu-1') })).ProductionVariants[0].InferenceAmiVersion).toBe('al2029-cpu-1');
  });

  test('write core dumps where the role that answers may', () => {
    const model = onInstances((stack) => ({ ...m5, coreDumps: CoreDumps.toBucket(bucketNamed(stack, 'dumps'), 'crashes/', { encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/k') }) }));
    expect(asked(model).ProductionVariants[0].CoreDumpConfig).toEqual({ DestinationS3Uri: 's3://dumps/crashes', KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k' });
    expect(allowing(model, 'ModelRole', 's3:PutObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::dumps/crashes/*']);
    expect(allowing(model, 'ModelRole', 'kms:Encrypt')).toHaveLength(1);
    const components = configured((stack) => ({ variants: { a: Variant.ofComponents({ ...g5, coreDumps: dumps(stack) }) } })).template;
    expect(allowing(components, 'ConfigRole', 's3:PutObject')).toHaveLength(1);
  });

  test('may be logged into, which the role must be allowed', () => {
    const template = onInstances({ ...m5, ssmAccess: true });
    expect(asked(template).ProductionVariants[0].EnableSSMAccess).toBe(true);
    expect(allowing(template, 'ModelRole', 'ssmmessages:OpenDataChannel')).toHaveLength(1);
    expect(allowing(onInstances({ ...m5, ssmAccess: false }), 'ModelRole', 'ssmmessages:OpenDataChannel')).toEqual([]);
  });

  test('have no more in the template than they are given', () => {
    expect(asked(onInstances(m5))).toEqual({ ProductionVariants: [{ VariantName: 'a', ModelName: expect.anything(), InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1 }] });
  });

  test.each<[string, (stack: Stack) => InstanceOptions, string]>([
    ['no type', () => ({}), 'instanceType must be given, or instancePools'],
    ['a type of EC2', () => ({ instanceType: 'm5.large' }), 'instanceType must be an instance type of SageMaker, for instance ml.m5.large, got m5.large'],
    ['one type and several', () => ({ ...m5, instancePools: [m5] }), 'instancePools must be left out where there is instanceType, got both'],
    ['no type among several', () => ({ instancePools: [] }), 'instancePools must have 1 to 5 entries, got 0'],
    ['six types', () => ({ instancePools: ['c', 'd', 'e', 'f', 'g', 'h'].map((x) => ({ instanceType: `ml.m5${x}.large` })) }), 'instancePools must have 1 to 5 entries, got 6'],
    ['a type twice', () => ({ instancePools: [m5, m5] }), 'instancePools: instanceType must be unique, got ml.m5.large twice'],
    ['a type of EC2 among several', () => ({ instancePools: [m5, { instanceType: 'm5.large' }] }), 'instancePools[1].instanceType must be an instance type of SageMaker'],
    ['a short wait for capacity', () => ({ ...m5, provisionTimeout: Duration.minutes(4) }), 'provisionTimeout must be between 5 minutes and 1 hour, got 4 minutes'],
    ['no instance for a model', () => ({ ...m5, minInstanceCount: 0, maxInstanceCount: 2 }), 'minInstanceCount must be at least 1: a model keeps an instance (Variant.ofComponents may have none'],
    ['a way to scale without scaling', () => ({ ...m5, scaleIn: ScaleIn.whenIdle() }), 'scaleIn must come with maxInstanceCount, got IDLE_RELEASE'],
    ['101 instances that go at a time', () => ({ ...m5, maxInstanceCount: 2, scaleIn: ScaleIn.consolidating({ maxStepSize: 101 }) }), 'scaleIn.maxStepSize must be a whole number between 1 and 100, got 101'],
    ['a short cooldown', () => ({ ...m5, maxInstanceCount: 2, scaleIn: ScaleIn.consolidating({ cooldown: Duration.minutes(4) }) }), 'scaleIn.cooldown must be between 5 minutes and 1 day, got 4 minutes'],
    ['parts of a minute', () => ({ ...m5, maxInstanceCount: 2, scaleIn: ScaleIn.consolidating({ cooldown: Duration.seconds(310) }) }), 'scaleIn.cooldown must be a whole number of minutes, got 5 minutes 10 seconds'],
    ['a short prefix', () => ({ ...m5, routing: Routing.prefixAware({ prefixLength: 1023, concurrencyThreshold: 1 }) }), 'routing.prefixLength must be a whole number between 1024 and 65536, got 1023'],
    ['a threshold of none', () => ({ ...m5, routing: Routing.prefixAware({ prefixLength: 1024, concurrencyThreshold: 0 }) }), 'routing.concurrencyThreshold must be a whole number between 1 and 1024, got 0'],
    ['what is no reservation', () => ({ ...m5, capacityReservation: CapacityReservation.fromArn('june') }), 'capacityReservation must be the ARN of a reservation, for instance of a training plan, got june'],
    ['a system for GPUs without any', () => ({ ...m5, inferenceAmi: InferenceAmi.AL2_GPU_2 }), 'inferenceAmi must be left out for ml.m5.large: al2-ami-sagemaker-inference-gpu-2 is for instances with GPUs'],
    ['a system for Neuron on GPUs', () => ({ ...g5, inferenceAmi: InferenceAmi.AL2_NEURON_2 }), 'inferenceAmi must be left out for ml.g5.12xlarge: al2-ami-sagemaker-inference-neuron-2 is for instances with Inferentia2 or Trainium'],
    ['what is no system', () => ({ ...g5, inferenceAmi: InferenceAmi.of('AMI 1') }), 'inferenceAmi must be the name of an AMI'],
    ['a long place for dumps', (stack) => ({ ...m5, coreDumps: CoreDumps.toBucket(bucketNamed(stack, 'dumps'), 'x'.repeat(520)) }), 'coreDumps must have 1 to 512 characters, got 531 characters'],
    ['part of a GiB', () => ({ ...m5, volumeSize: Size.mebibytes(1500) }), 'volumeSize must be a whole number of GiB'],
    ['a long prefix for dumps of a bucket of the app', (stack) => ({ ...m5, coreDumps: CoreDumps.toBucket(new Bucket(stack, 'Dumps'), 'x'.repeat(504)) }), 'coreDumps: prefix must have at most 503 characters, got 504 characters'],
    ['a large volume', () => ({ ...m5, volumeSize: Size.gibibytes(513) }), 'volumeSize must be a whole number between 1 and 512, got 513'],
    ['a short download', () => ({ ...m5, modelDataDownloadTimeout: Duration.seconds(59) }), 'modelDataDownloadTimeout must be between 1 minute and 1 hour, got 59 seconds'],
    ['a long start', () => ({ ...m5, containerStartupTimeout: Duration.minutes(61) }), 'containerStartupTimeout must be between 1 minute and 1 hour'],
    ['an accelerator on several types', () => ({ instancePools: [m5], acceleratorType: 'ml.eia2.medium' }), 'acceleratorType must be left out with instancePools, got ml.eia2.medium'],
  ])('are refused with %s', (_what, options, message) => expect(() => onInstances(options)).toThrow(`Stack/Config: variants.a.${message}`));

  test('of components have no models in their pools', () => {
    expect(() => configured((_, model) => ({ variants: { a: Variant.ofComponents({ instancePools: [{ ...m5, model }] }) } })))
      .toThrow('Stack/Config: variants.a.instancePools[0].model must be left out for Variant.ofComponents: an InferenceComponent has `specifications` for it, got a model');
  });
});

describe('a shadow', () => {
  const shadowed = (shadow: InstanceOptions = m5) => configured((stack, model) => ({
    variants: { a: Variant.onInstances(model, m5) }, shadowVariants: { b: Variant.onInstances(modelIn(stack, {}, 'Next'), shadow) }, dataCapture: DataCapture.toBucket(bucketNamed(stack, 'captures')),
  })).template;

  test('gets copies of requests, by its weight, and is captured as the other is', () => {
    const template = shadowed({ instanceType: 'ml.c5.large', weight: 0.5 });
    expect(asked(template).ShadowProductionVariants).toEqual([{
      VariantName: 'b', ModelName: { 'Fn::GetAtt': [expect.stringMatching(/^Next/), 'ModelName'] }, InstanceType: 'ml.c5.large', InitialInstanceCount: 1, InitialVariantWeight: 0.5,
    }]);
    expect(asked(template).ProductionVariants).toHaveLength(1);
    for (const role of ['ModelRole', 'NextRole']) { expect(allowing(template, role, 's3:PutObject')).toHaveLength(1); }
  });
});

describe('explanations, metrics and the network', () => {
  test('metrics are of each instance, and as often as is said', () => {
    expect(asked(configured(() => ({ enhancedMetrics: true, detailedObservability: false, metricsFrequency: Duration.seconds(10) })).template).MetricsConfig).toEqual({
      EnableEnhancedMetrics: true, EnableDetailedObservability: false, MetricPublishFrequencyInSeconds: 10,
    });
    expect(asked(configured(() => ({ enhancedMetrics: false })).template).MetricsConfig).toEqual({ EnableEnhancedMetrics: false });
  });

  test('components are in the network of their configuration, and may be talked to', () => {
    const stack = emptyStack();
    const own = network(stack);
    const config = new EndpointConfig(stack, 'Config', { variants: { a: Variant.ofComponents(g5) }, ...own });
    config.connections.allowFrom(new SecurityGroup(stack, 'Peer', { vpc: own.vpc }), Port.tcp(443));
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::EC2::SecurityGroupIngress').Properties).toMatchObject({ GroupId: 'sg-1', FromPort: 443 });
    expect(asked(template).VpcConfig).toEqual({ SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1', 'subnet-2'] });
    expect(allowing(template, 'ConfigRole', 'ec2:CreateNetworkInterface')).toHaveLength(1);
    expect(config.role).toBeDefined();
  });

  test('there are no connections without a network', () => {
    const stack = emptyStack();
    expect(() => new EndpointConfig(stack, 'Config', { variants: { a: Variant.ofComponents(g5) } }).connections).toThrow('Stack/Config: vpc must be given for a configuration to have connections');
  });
});

describe('a configuration that is replaced or removed', () => {
  test('is kept if that is asked for, as delete_endpoint(delete_endpoint_config=False) does', () => {
    const stack = emptyStack();
    modelIn(stack).deploy('Endpoint', { ...m5, configRemovalPolicy: RemovalPolicy.RETAIN });
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::SageMaker::EndpointConfig')).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(only(template, 'AWS::SageMaker::Endpoint')).not.toHaveProperty('DeletionPolicy');
  });

  test('goes otherwise', () => expect(only(configured(() => ({})).template, 'AWS::SageMaker::EndpointConfig')).not.toHaveProperty('DeletionPolicy'));
});

/** What the facts of the service and its documents call illegal; one row for each. */
describe('a combination that SageMaker refuses is refused before', () => {
  const serverless = (props: (stack: Stack) => Partial<EndpointConfigProps>) => configured((stack, model) => ({ variants: { a: Variant.serverless(model) }, ...props(stack) }));
  const withModel = (props: Partial<ModelProps> | ((stack: Stack) => Partial<ModelProps>), make: (model: Model, stack: Stack) => Partial<EndpointConfigProps>) => {
    const stack = emptyStack();
    const model = modelIn(stack, typeof props === 'function' ? props(stack) : props);
    new EndpointConfig(stack, 'Config', { variants: {}, ...make(model, stack) });
  };
  const shadow = (variants: { [name: string]: Variant }, shadowVariants: { [name: string]: Variant }, props: (stack: Stack) => Partial<EndpointConfigProps> = () => ({})) => configured((stack) => ({ variants, shadowVariants, ...props(stack) }));
  const other = () => Variant.onInstances(Model.fromModelName(emptyStack(), 'Other', 'other'), m5);
  const asServerless = (model: Model) => ({ variants: { a: Variant.serverless(model) } });
  const asShadow = (model: Model) => ({ variants: { a: Variant.onInstances(model, m5) }, shadowVariants: { b: other() } });
  const eleven = Object.fromEntries([...Array(11).keys()].map((n) => [`v${n}`, other()]));

  test.each<[string, () => unknown, string]>([
    ['no variant', () => configured(() => ({ variants: {} })), 'variants must have 1 to 10 entries, got 0'],
    ['eleven variants', () => configured(() => ({ variants: eleven })), 'variants must have 1 to 10 entries, got 11'],
    ['an odd name of a variant', () => configured(() => ({ variants: { a_b: other() } })), 'variants.a_b must be named with 1 to 63 letters, digits and dashes, got a_b'],
    ['a serverless variant among others', () => configured((_, model) => ({ variants: { a: Variant.serverless(model), b: other() } })), 'variants must have 1 entry where it is serverless, got 2'],
    ['a serverless variant with a queue', () => serverless((stack) => ({ asyncInference: queue(stack) })), 'asyncInference must be left out for a serverless variant, which has no instances to do it, got both'],
    ['a serverless variant that is captured', () => serverless((stack) => ({ dataCapture: DataCapture.toBucket(bucketNamed(stack, 'captures')) })), 'dataCapture must be left out for a serverless variant'],
    ['a serverless variant that is explained', () => serverless(() => ({ explainer })), 'explainer must be left out for a serverless variant'],
    ['a serverless variant with a shadow', () => serverless(() => ({ shadowVariants: { b: other() } })), 'shadowVariants must be left out for a serverless variant'],
    ['a serverless model in a VPC', () => withModel((stack) => ({ vpc: new Vpc(stack, 'Vpc') }), asServerless), 'variants.a must be on instances: serverless variants serve no model in a VPC, got Variant.serverless'],
    ['a serverless model under isolation', () => withModel({ networkIsolation: true }, asServerless), 'serverless variants serve no model under network isolation'],
    ['a serverless pipeline', () => withModel({ image: undefined, containers: [{ image }, { image }] }, asServerless), 'serverless variants serve no pipeline of containers'],
    ['many serverless models', () => withModel({ modelData: ModelData.fromS3Uri('s3://models/all/'), multiModel: true }, asServerless), 'serverless variants serve no multiModel'],
    ['a serverless artifact of files', () => withModel({ modelData: ModelData.fromS3Uri('s3://models/files/') }, asServerless), 'serverless variants serve no artifact that is a folder of files'],
    ['a serverless image of another registry', () => withModel((stack) => ({ image: ContainerImage.fromRegistry('registry.example.com/a:1'), vpc: new Vpc(stack, 'Vpc') }), asServerless), 'variants.a must be on instances: serverless variants serve no'],
    ['a serverless image for GPUs', () => withModel({ image: ContainerImage.fromUri('763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-gpu-py312-cu124-ubuntu22.04-sagemaker') }, asServerless), 'serverless variants serve no image for GPUs or Neuron'],
    ['components beside models', () => configured(() => ({ variants: { a: Variant.ofComponents(g5), b: other() } })), 'variants must all be Variant.ofComponents or have models, got both'],
    ['a role for models', () => configured((stack) => ({ role: Role.fromRoleName(stack, 'Role', 'r') })), 'role must come with Variant.ofComponents: models have their own, got variants with models'],
    ['isolation of models', () => configured(() => ({ networkIsolation: true })), 'networkIsolation must come with Variant.ofComponents'],
    ['a network of models', () => configured((stack) => ({ vpc: new Vpc(stack, 'Vpc') })), 'vpc must come with Variant.ofComponents'],
    ['subnets without a network', () => configured(() => ({ variants: { a: Variant.ofComponents(g5) }, vpcSubnets: {} })), 'vpcSubnets must come with vpc, got no vpc'],
    ['two variants with a shadow', () => shadow({ a: other(), c: other() }, { b: other() }), 'variants must have 1 entry where there are shadowVariants, got 2'],
    ['two shadows', () => shadow({ a: other() }, { b: other(), c: other() }), 'shadowVariants must have 1 entries, got 2'],
    ['a shadow of the same name', () => shadow({ a: other() }, { a: other() }), 'shadowVariants.a must have another name than the variant that answers, got a'],
    ['a serverless shadow', () => configured((_, model) => ({ shadowVariants: { b: Variant.serverless(model) } })), 'shadowVariants.b must be on instances: a serverless variant is no shadow, got Variant.serverless'],
    ['a shadow of components', () => shadow({ a: Variant.ofComponents(g5) }, { b: Variant.ofComponents(g5) }), 'shadowVariants must be left out with Variant.ofComponents'],
    ['a shadow with components', () => shadow({ a: other() }, { b: Variant.ofComponents(g5) }), 'variants must all be Variant.ofComponents or have models'],
    ['a shadow of a queue', () => shadow({ a: other() }, { b: other() }, (stack) => ({ asyncInference: queue(stack) })), 'shadowVariants must be left out with asyncInference'],
    ['a shadow of a pipeline', () => withModel({ image: undefined, containers: [{ image }, { image }] }, asShadow), 'variants.a must have a model of one container where there are shadowVariants, got 2 containers'],
    ['a shadow of many models', () => withModel({ modelData: ModelData.fromS3Uri('s3://models/all/'), multiModel: true }, asShadow), 'variants.a must have one model where there are shadowVariants, got multiModel'],
    ['a shadow on Inf1', () => shadow({ a: other() }, { b: Variant.onInstances(Model.fromModelName(emptyStack(), 'M', 'm'), { instanceType: 'ml.inf1.xlarge' }) }), 'shadowVariants.b.instanceType must be of another family than inf1 where there are shadowVariants, for instance inf2, got ml.inf1.xlarge'],
    ['a shadow with Elastic Inference', () => shadow({ a: other() }, { b: Variant.onInstances(Model.fromModelName(emptyStack(), 'M', 'm'), { ...m5, acceleratorType: 'ml.eia2.medium' }) }), 'shadowVariants.b.acceleratorType must be left out where there are shadowVariants, got ml.eia2.medium'],
    ['a shadow that is scaled', () => shadow({ a: other() }, { b: Variant.onInstances(Model.fromModelName(emptyStack(), 'M', 'm'), { ...m5, autoScaling }) }), 'shadowVariants.b.autoScaling must be left out: no scaling of a shadow is documented'],
    ['two that scale a variant', () => configured((_, model) => ({ variants: { a: Variant.onInstances(model, { ...m5, autoScaling, maxInstanceCount: 2 }) } })), 'variants.a.autoScaling must be left out with maxInstanceCount, by which SageMaker scales by itself, got both'],
    ['a queue before Inf1', () => configured((stack, model) => ({ variants: { a: Variant.onInstances(model, { instanceType: 'ml.inf1.xlarge' }) }, asyncInference: queue(stack) })), 'variants.a.instanceType must be of another family than inf1 with asyncInference, for instance inf2, got ml.inf1.xlarge'],
    ['explanations of a queue', () => configured((stack) => ({ explainer, asyncInference: queue(stack) })), 'explainer must be left out with asyncInference'],
    ['metrics every 20 seconds', () => configured(() => ({ metricsFrequency: Duration.seconds(20) })), 'metricsFrequency must be one of 10, 30, 60, 120, 180, 240, 300 seconds, got 20 seconds'],
    ['a snapshot of a configuration', () => configured(() => ({ configRemovalPolicy: RemovalPolicy.SNAPSHOT })), 'configRemovalPolicy must be one of destroy, retain, retain-on-update-or-delete, got snapshot'],
    ['an odd name', () => configured(() => ({ endpointConfigName: 'a_b' })), 'endpointConfigName must be of 1 to 63 letters, digits and dashes, got a_b'],
    ['what is no explainer', () => configured(() => ({ explainer: {} as Explainer })), 'explainer must be an Explainer, for instance Explainer.clarify({ baseline }), got {}'],
  ])('%s', (_what, make, message) => expect(make).toThrow(message.startsWith('serverless') ? message : `Stack/Config: ${message}`));
});

describe('warnings', () => {
  const idsOf = (stack: Stack) => warnings(stack).map((text) => /\[ack: cdk-sagemaker:([^\]]+)\]/.exec(text)?.[1]);

  test.each<[string, (stack: Stack, model: Model) => Partial<EndpointConfigProps>]>([
    ['namedEndpointConfig', () => ({ endpointConfigName: 'digits' })],
    ['volumeSizeOnLocalStorage', (_, model) => ({ variants: { a: Variant.onInstances(model, { ...g5, volumeSize: Size.gibibytes(100) }) } })],
    ['volumeKeyOnLocalStorage', (stack, model) => ({ variants: { a: Variant.onInstances(model, g5) }, encryptionKey: new Key(stack, 'Key') })],
    ['unknownInstanceType', (_, model) => ({ variants: { a: Variant.onInstances(model, { instancePools: [m5, { instanceType: 'ml.m5.lagre' }] }) } })],
  ])('name cdk-sagemaker:%s, which docs/limits.md explains', (id, props) => {
    expect(idsOf(configured(props).stack)).toEqual([id]);
    expect(readFileSync(join(__dirname, '..', 'docs', 'limits.md'), 'utf8')).toContain(`| \`cdk-sagemaker:${id}\` |`);
  });

  test('name a model of another stack, whose name is an export that could not change, and none of a nested stack', () => {
    const app = new App();
    const ofOurs = (stack: Stack) => warnings(stack).filter((text) => text.includes('cdk-sagemaker'));
    const [one, two] = ['One', 'Two'].map((id) => new CoreStack(app, id));
    const config = new EndpointConfig(two, 'Config', { variants: { a: Variant.onInstances(modelIn(one), m5) } });
    expect(ofOurs(two)).toEqual([expect.stringMatching(/variants\.a: One\/Model is in another stack.*keep model, configuration and endpoint in one stack.*SSM parameter.*\[ack: cdk-sagemaker:hostingAcrossStacks\]/)]);
    const three = new CoreStack(app, 'Three');
    new Endpoint(three, 'Endpoint', { config });
    expect(ofOurs(three)).toEqual([expect.stringContaining('config: Two/Config is in another stack')]);
    const [parent, four] = [new CoreStack(app, 'Parent'), new CoreStack(app, 'Four')];
    const nested = new NestedStack(parent, 'Nested');
    new Endpoint(parent, 'Endpoint', { config: new EndpointConfig(nested, 'Config', { variants: { a: Variant.onInstances(modelIn(parent), m5) } }) });
    expect(ofOurs(parent)).toEqual([]);
    const shared = new Endpoint(four, 'Endpoint', { config: new EndpointConfig(four, 'Config', { variants: { a: Variant.ofComponents(g5) } }) });
    new InferenceComponent(four, 'Component', { endpoint: shared, variantName: 'a', model: modelIn(one, {}, 'Other'), memory: Size.gibibytes(1) });
    expect(ofOurs(four)).toEqual([expect.stringContaining('model: One/Other is in another stack')]);
  });

  test('there are none for what is usual', () => expect(warnings(configured(() => ({})).stack)).toEqual([]));
});

describe('traps of other libraries', () => {
  test('trap 19: a weight of 0 stays 0, on instances, serverless, and of a shadow', () => {
    expect(asked(onInstances({ ...m5, weight: 0 })).ProductionVariants[0].InitialVariantWeight).toBe(0);
    expect(asked(configured((_, model) => ({ variants: { a: Variant.serverless(model, { weight: 0 }) } })).template).ProductionVariants[0].InitialVariantWeight).toBe(0);
    expect(asked(configured((_, model) => ({ shadowVariants: { b: Variant.onInstances(model, { ...m5, weight: 0 }) } })).template).ShadowProductionVariants[0].InitialVariantWeight).toBe(0);
  });

  test('trap 18: two variants with the same options are two variants, and make nothing that collides', () => {
    const options = { ...m5, maxInstanceCount: 2, ssmAccess: true };
    const { template } = configured((stack, model) => ({ variants: { a: Variant.onInstances(model, { ...options, coreDumps: dumps(stack) }), b: Variant.onInstances(model, options) } }));
    expect(asked(template).ProductionVariants.map(({ VariantName }: { VariantName: string }) => VariantName)).toEqual(['a', 'b']);
    const same = Variant.onInstances(Model.fromModelName(emptyStack(), 'M', 'm'), m5);
    expect(asked(configured(() => ({ variants: { a: same, b: same } })).template).ProductionVariants).toHaveLength(2);
  });

  test('trap 31: everything of a configuration is below it', () => {
    const stack = emptyStack();
    const config = new EndpointConfig(stack, 'Config', { variants: { a: Variant.ofComponents(g5) }, ...network(stack) });
    expect(config.node.findAll().filter((part) => part instanceof CfnEndpointConfig).map(({ node }) => node.path)).toEqual(['Stack/Config/Resource']);
    expect(stack.node.children.filter(({ node }) => /Config/.test(node.id)).map(({ node }) => node.id)).toEqual(['Config']);
  });

  test('a renamed variant is another configuration at the same place, without a name, and nothing else changes', () => {
    const resources = (name: string) => {
      const stack = emptyStack();
      new Endpoint(stack, 'Endpoint', { config: new EndpointConfig(stack, 'Config', { variants: { [name]: Variant.onInstances(modelIn(stack), m5) } }) });
      return Template.fromStack(stack);
    };
    const [before, after] = [resources('old'), resources('new')];
    expect(ofType(after, 'AWS::SageMaker::EndpointConfig').map(([id]) => id)).toEqual(ofType(before, 'AWS::SageMaker::EndpointConfig').map(([id]) => id));
    expect(asked(after)).not.toHaveProperty('EndpointConfigName');
    const renamed = JSON.parse(JSON.stringify(before.toJSON()).replace('"VariantName":"old"', '"VariantName":"new"'));
    expect(after.toJSON()).toEqual(renamed);
  });
});

test('statements for components are those of an endpoint, and no more', () => {
  expect(statements(ofComponents(g5), 'ConfigRole')).toHaveLength(2);
});
