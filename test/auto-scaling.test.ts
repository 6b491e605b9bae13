import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnParameter, Lazy, Size, type Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, AutoScaling, ContainerImage, Endpoint, EndpointConfig, InferenceComponent, Model, ScalingPolicy, Variant,
  type ComponentInstanceOptions, type DeployOptions, type DeployServerlessOptions, type InferenceComponentProps, type InstanceOptions,
} from 'cdk-sagemaker';
import { emptyStack, flat, IMAGE_URI, ofType, only, warnings } from './support/stacks';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const ALARM = 'AWS::CloudWatch::Alarm';

const modelIn = (stack: Stack, id = 'Model') => new Model(stack, id, { image: ContainerImage.fromUri(IMAGE_URI) });
const perInstance = () => ScalingPolicy.invocationsPerInstance(200);
const backlog = () => ScalingPolicy.backlogPerInstance(5);
const perCopy = () => ScalingPolicy.concurrentRequestsPerCopy(5);
const answers = (stack: Stack) => AsyncInference.toBucket(Bucket.fromBucketName(stack, 'Answers', 'answers'));

function deployed(options: (stack: Stack) => Partial<DeployOptions>) {
  const stack = emptyStack();
  const endpoint = modelIn(stack).deploy('Endpoint', { instanceType: 'ml.m5.large', ...options(stack) });
  return { stack, endpoint, template: Template.fromStack(stack) };
}
const scaled = (autoScaling: AutoScaling, options: Partial<DeployOptions> = {}) => deployed(() => ({ autoScaling, ...options }));
const queued = (autoScaling: AutoScaling, options: Partial<DeployOptions> = {}) => deployed((stack) => ({ autoScaling, asyncInference: answers(stack), ...options }));

function serverless(options: DeployServerlessOptions) {
  const stack = emptyStack();
  modelIn(stack).deployServerless('Endpoint', options);
  return Template.fromStack(stack);
}

function hosting(variants: (stack: Stack) => { [name: string]: Variant }) {
  const stack = emptyStack();
  const endpoint = new Endpoint(stack, 'Endpoint', { config: new EndpointConfig(stack, 'Config', { variants: variants(stack) }) });
  return { stack, endpoint, template: () => Template.fromStack(stack) };
}

function component(props: Partial<InferenceComponentProps> = {}, instances: Partial<ComponentInstanceOptions> = { minInstanceCount: 0, maxInstanceCount: 2 }) {
  const { stack, endpoint, template } = hosting(() => ({ [props.variantName ?? 'AllTraffic']: Variant.ofComponents({ instanceType: 'ml.g5.12xlarge', ...instances }) }));
  const made = new InferenceComponent(stack, 'Component', { endpoint, variantName: 'AllTraffic', model: modelIn(stack), memory: Size.gibibytes(8), autoScaling: AutoScaling.between(0, 4, [perCopy()]), ...props });
  return { stack, made, template };
}

/** The variants as they are asked for: name and instances. */
const variants = (template: Template) => only(template, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants;
const registered = (template: Template) => ofType(template, TARGET).map(([, target]) => flat(target.Properties.ResourceId).replace(/<[^>]*EndpointName>/, '<endpoint>'));
const dimensionsOf = (alarm: any) => alarm.Properties.Dimensions.map(({ Name, Value }: any) => [Name, flat(Value).replace(/^<.*EndpointName>$/, '<endpoint>')]);

describe('AutoScaling of instances', () => {
  test('registers the variant after the endpoint, with the service-linked role of the account', () => {
    const { template } = scaled(AutoScaling.between(1, 4, [perInstance()]));
    expect(only(template, TARGET)).toEqual({
      Type: TARGET,
      DependsOn: [expect.stringMatching(/^ModelEndpointCheck[0-9A-F]{8}$/)],
      Properties: {
        ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount', MinCapacity: 1, MaxCapacity: 4,
        ResourceId: { 'Fn::Join': ['', ['endpoint/', { 'Fn::GetAtt': [expect.stringMatching(/^ModelEndpoint[0-9A-F]{8}$/), 'EndpointName'] }, '/variant/AllTraffic-m5-large']] },
        RoleARN: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint']] },
      },
    });
    expect(only(template, POLICY).Properties).toEqual({
      PolicyName: expect.stringMatching(/^StackModelEndpointScalingAllTrafficTargetInvocationsPerInstance/), PolicyType: 'TargetTrackingScaling', ScalingTargetId: { Ref: expect.stringMatching(/^ModelEndpointScalingAllTrafficTarget/) },
      TargetTrackingScalingPolicyConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' }, TargetValue: 200 },
    });
    expect(ofType(template, ALARM)).toEqual([]);
  });

  // a target that outlives its endpoint, or goes after it, fails the deletion of the stack
  test('trap 13: a target is deregistered before the endpoint goes: what is made after it is deleted before it', () => {
    const { template } = scaled(AutoScaling.between(1, 4, [perInstance()]));
    expect(only(template, TARGET).DependsOn).toEqual([ofType(template, 'Custom::SageMakerEndpointCheck')[0]![0]]);
    expect(JSON.stringify(only(template, TARGET).Properties.ResourceId)).toContain(`["${ofType(template, 'AWS::SageMaker::Endpoint')[0]![0]}","EndpointName"]`);
    expect(only(template, POLICY).Properties.ScalingTargetId).toEqual({ Ref: ofType(template, TARGET)[0]![0] });
  });

  test('begins with what it keeps at least', () => {
    expect(variants(scaled(AutoScaling.between(2, 4, [perInstance()])).template)).toMatchObject([{ InitialInstanceCount: 2 }]);
    expect(variants(scaled(AutoScaling.between(2, 4, [perInstance()]), { instanceCount: 3 }).template)).toMatchObject([{ InitialInstanceCount: 3 }]);
  });

  test('is registered only when it is known that SageMaker has not taken the endpoint back', () => {
    const { template } = scaled(AutoScaling.between(1, 4, [perInstance()]));
    expect(only(template, TARGET).DependsOn).toContain(ofType(template, 'Custom::SageMakerEndpointCheck')[0]![0]);
  });

  test('of two variants makes two targets, and no role', () => {
    const options = (instanceType: string, overrides: Partial<InstanceOptions> = {}) => ({ instanceType, autoScaling: AutoScaling.between(1, 4, [perInstance()]), ...overrides });
    const { template } = hosting((stack) => ({
      live: Variant.onInstances(modelIn(stack), options('ml.m5.large')),
      drained: Variant.onInstances(modelIn(stack, 'Other'), options('ml.c5.large', { weight: 0 })),
      fixed: Variant.onInstances(modelIn(stack, 'Fixed'), { instanceType: 'ml.m5.large' }),
    }));
    expect(registered(template())).toEqual(['endpoint/<endpoint>/variant/live-m5-large', 'endpoint/<endpoint>/variant/drained-c5-large']);
    expect(variants(template())).toMatchObject([{ VariantName: 'live-m5-large' }, { VariantName: 'drained-c5-large', InitialVariantWeight: 0 }, { VariantName: 'fixed' }]);
    expect(ofType(template(), POLICY)).toHaveLength(2);
    expect(ofType(template(), 'AWS::IAM::Role').filter(([id]) => /scal/i.test(id))).toEqual([]);
  });

  test('of two endpoints with one configuration registers the variant of each', () => {
    const stack = emptyStack();
    const config = new EndpointConfig(stack, 'Config', { variants: { a: Variant.onInstances(modelIn(stack), { instanceType: 'ml.m5.large', autoScaling: AutoScaling.between(1, 2, [perInstance()]) }) } });
    ['One', 'Two'].forEach((id) => new Endpoint(stack, id, { config }));
    expect(ofType(Template.fromStack(stack), TARGET)).toHaveLength(2);
  });

  test('of a variant that is renamed makes another target', () => {
    const idOf = (name: string) => ofType(hosting((stack) => ({ [name]: Variant.onInstances(modelIn(stack), { instanceType: 'ml.m5.large', autoScaling: AutoScaling.between(1, 4, [perInstance()]) }) })).template(), TARGET)[0]![0];
    expect(idOf('blue')).not.toBe(idOf('green'));
    expect(idOf('blue')).toBe(idOf('blue'));
  });

  test('lets bounds and targets be known at deployment', () => {
    const later = (value: number) => Lazy.number({ produce: () => value });
    const { template } = scaled(AutoScaling.between(later(1), later(4), [ScalingPolicy.invocationsPerInstance(later(9))]), { instanceCount: later(2) });
    expect(only(template, TARGET).Properties).toMatchObject({ MinCapacity: 1, MaxCapacity: 4 });
    expect(only(template, POLICY).Properties.TargetTrackingScalingPolicyConfiguration.TargetValue).toBe(9);
    expect(variants(template)).toMatchObject([{ InitialInstanceCount: 2 }]);
  });
});

// fact: UpdateEndpoint fails when it would change the instance type of a variant that is registered
describe('Another instance type of a variant that is scaled', () => {
  const on = (instanceType: string) => scaled(AutoScaling.between(1, 4, [perInstance()]), { instanceType });

  test('is another variant, and another target of Application Auto Scaling', () => {
    expect(registered(on('ml.m5.large').template)).toEqual(['endpoint/<endpoint>/variant/AllTraffic-m5-large']);
    expect(registered(on('ml.c7i.2xlarge').template)).toEqual(['endpoint/<endpoint>/variant/AllTraffic-c7i-2xlarge']);
    expect(variants(on('ml.c7i.2xlarge').template)).toMatchObject([{ VariantName: 'AllTraffic-c7i-2xlarge', InstanceType: 'ml.c7i.2xlarge' }]);
  });

  test('has the same resource of CloudFormation, so that the old target goes when the new one is there', () => {
    expect(ofType(on('ml.m5.large').template, TARGET)[0]![0]).toBe(ofType(on('ml.c5.large').template, TARGET)[0]![0]);
  });

  test('is told by the endpoint, which knows the name', () => {
    expect(on('ml.m5.large').endpoint.variantName('AllTraffic')).toBe('AllTraffic-m5-large');
    expect(() => on('ml.m5.large').endpoint.variantName('Other')).toThrow('Stack/Model/Endpoint: variantName must be one of AllTraffic, got Other');
  });

  test('may be known at deployment: then CloudFormation puts the name together', () => {
    const { template } = deployed((stack) => ({
      instanceType: new CfnParameter(stack, 'Type', { default: 'ml.m5.large' }).valueAsString, autoScaling: AutoScaling.between(1, 4, [perInstance()]),
    }));
    const type = { 'Fn::Split': ['.', { 'Fn::Select': [1, { 'Fn::Split': ['ml.', { Ref: 'Type' }] }] }] };
    const name = { 'Fn::Join': ['-', ['AllTraffic', { 'Fn::Select': [0, type] }, { 'Fn::Select': [1, type] }]] };
    expect(variants(template)).toMatchObject([{ VariantName: name }]);
    expect(only(template, TARGET).Properties.ResourceId['Fn::Join'][1]).toContainEqual(name);
  });

  test('in a pool is another variant, too; another order is not', () => {
    const pool = (...types: string[]) => variants(deployed(() => ({
      instanceType: undefined, instancePools: types.map((instanceType) => ({ instanceType })), autoScaling: AutoScaling.between(1, 4, [perInstance()]),
    })).template)[0].VariantName;
    expect(pool('ml.g5.xlarge', 'ml.g6.xlarge')).toMatch(/^AllTraffic-pool-[0-9a-f]{8}$/);
    expect(pool('ml.g6.xlarge', 'ml.g5.xlarge')).toBe(pool('ml.g5.xlarge', 'ml.g6.xlarge'));
    expect(pool('ml.g5.xlarge', 'ml.g5.2xlarge')).not.toBe(pool('ml.g5.xlarge', 'ml.g6.xlarge'));
  });

  test('changes no name of a variant that is not scaled', () => {
    const { endpoint, template } = deployed(() => ({}));
    expect(variants(template)).toMatchObject([{ VariantName: 'AllTraffic' }]);
    expect(endpoint.variantName('AllTraffic')).toBe('AllTraffic');
  });

  test('refuses a name that is another variant\'s already', () => {
    expect(() => hosting((stack) => ({
      a: Variant.onInstances(modelIn(stack), { instanceType: 'ml.m5.large', autoScaling: AutoScaling.between(1, 4, [perInstance()]) }),
      'a-m5-large': Variant.onInstances(modelIn(stack, 'Other'), { instanceType: 'ml.m5.large' }),
    }))).toThrow('Stack/Config: variants must be unique, got a-m5-large twice');
  });
});

test('the variant of a configuration made elsewhere has the name it is called by', () => {
  const stack = emptyStack();
  const endpoint = new Endpoint(stack, 'Endpoint', { config: EndpointConfig.fromEndpointConfigName(stack, 'Config', 'config') });
  expect(endpoint.variantName('AllTraffic')).toBe('AllTraffic');
  expect(ofType(Template.fromStack(stack), TARGET)).toEqual([]);
});

describe('AutoScaling of an endpoint with asyncInference', () => {
  // with the variant among the dimensions, or without the endpoint, CloudWatch finds nothing and nothing is ever scaled
  test('trap 32: scaling of a queue goes by the backlog of the endpoint, which knows no variant', () => {
    const { template } = queued(AutoScaling.between(1, 4, [backlog()]));
    expect(only(template, POLICY).Properties.TargetTrackingScalingPolicyConfiguration).toEqual({
      TargetValue: 5,
      CustomizedMetricSpecification: {
        Namespace: 'AWS/SageMaker', MetricName: 'ApproximateBacklogSizePerInstance', Statistic: 'Average',
        Dimensions: [{ Name: 'EndpointName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^ModelEndpoint/), 'EndpointName'] } }],
      },
    });
  });

  test('can go to 0, and is taken out of it by a backlog that nobody works on', () => {
    const { template } = queued(AutoScaling.between(0, 4, [backlog()]));
    expect(only(template, TARGET).Properties).toMatchObject({ MinCapacity: 0, MaxCapacity: 4 });
    expect(variants(template)).toMatchObject([{ InitialInstanceCount: 1 }]);
    const alarm = only(template, ALARM);
    expect(alarm.Properties).toMatchObject({
      Namespace: 'AWS/SageMaker', MetricName: 'HasBacklogWithoutCapacity', Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1, Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
    });
    expect(dimensionsOf(alarm)).toEqual([['EndpointName', '<endpoint>']]);
    const [id, step] = ofType(template, POLICY).find(([, { Properties }]) => Properties.PolicyType === 'StepScaling')!;
    expect(alarm.Properties.AlarmActions).toEqual([{ Ref: id }]);
    expect(step.Properties.StepScalingPolicyConfiguration).toEqual({
      AdjustmentType: 'ChangeInCapacity', Cooldown: 300, MetricAggregationType: 'Maximum', StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
    expect(step.Properties.ScalingTargetId).toEqual({ Ref: ofType(template, TARGET)[0]![0] });
  });

  test('has no such alarm where it keeps one', () => {
    expect(ofType(queued(AutoScaling.between(1, 4, [backlog()])).template, ALARM)).toEqual([]);
  });

  test('is taken out of 0 where the least number is known at deployment, and may be 0', () => {
    const least = Lazy.number({ produce: () => 0 });
    expect(only(queued(AutoScaling.between(least, 4, [backlog()])).template, ALARM).Properties.MetricName).toBe('HasBacklogWithoutCapacity');
    expect(ofType(scaled(AutoScaling.between(least, 4, [perInstance()])).template, ALARM)).toEqual([]);
  });

  test('is taken out of 0 also where a schedule is what takes it there', () => {
    const night = ScalingPolicy.onSchedule('Night', { schedule: Schedule.cron({ hour: '22', minute: '0' }), min: 0 });
    expect(only(queued(AutoScaling.between(1, 4, [backlog(), night])).template, ALARM).Properties.MetricName).toBe('HasBacklogWithoutCapacity');
  });
});

describe('AutoScaling of a serverless variant', () => {
  test('is of its provisioned concurrency, under its own name', () => {
    const template = serverless({ maxConcurrency: 20, provisionedConcurrency: 2, autoScaling: AutoScaling.between(2, 10, [ScalingPolicy.provisionedConcurrencyUtilization(0.7)]) });
    expect(only(template, TARGET).Properties).toMatchObject({ ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency', MinCapacity: 2, MaxCapacity: 10 });
    expect(registered(template)).toEqual(['endpoint/<endpoint>/variant/AllTraffic']);
    expect(only(template, POLICY).Properties.TargetTrackingScalingPolicyConfiguration).toEqual({
      PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantProvisionedConcurrencyUtilization' }, TargetValue: 0.7,
    });
  });

  const used = ScalingPolicy.provisionedConcurrencyUtilization(0.7);
  test.each<[string, DeployServerlessOptions, string]>([
    ['without anything provisioned', { autoScaling: AutoScaling.between(1, 4, [used]) }, 'autoScaling must come with provisionedConcurrency: that is what is scaled'],
    ['to more than may be answered', { provisionedConcurrency: 1, autoScaling: AutoScaling.between(1, 6, [used]) }, 'autoScaling.max must be at most maxConcurrency, which is 5, got 6'],
    ['to nothing', { provisionedConcurrency: 1, autoScaling: AutoScaling.between(0, 4, [used]) }, 'autoScaling must keep 1 or more: leave out provisionedConcurrency and autoScaling, and a serverless variant costs nothing without requests, got 0'],
    ['from outside of its bounds', { provisionedConcurrency: 1, autoScaling: AutoScaling.between(2, 4, [used]) }, 'provisionedConcurrency must be a whole number between 2 and 4, got 1'],
    ['by its instances', { provisionedConcurrency: 1, autoScaling: AutoScaling.between(1, 4, [perInstance()]) }, 'autoScaling.policies.InvocationsPerInstance must go by a metric of the provisioned concurrency of a serverless variant: provisionedConcurrencyUtilization, onMetric, steps or onSchedule, got InvocationsPerInstance'],
    ['by a schedule with more than may be answered', { provisionedConcurrency: 1, autoScaling: AutoScaling.between(1, 4, [ScalingPolicy.onSchedule('Day', { schedule: Schedule.cron({ hour: '8', minute: '0' }), max: 9 })]) }, 'autoScaling.policies.Day.max must be a whole number between 1 and 5, got 9'],
  ])('is refused %s', (_what, options, message) => expect(() => serverless(options)).toThrow(`Stack/Model/EndpointConfig: variants.AllTraffic.${message}`));
});

describe('AutoScaling of an inference component', () => {
  test('is of its copies, and can go to 0 and back', () => {
    const template = component().template();
    const Name = only(template, 'AWS::SageMaker::InferenceComponent').Properties.InferenceComponentName;
    expect(only(template, TARGET)).toMatchObject({
      Properties: { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount', MinCapacity: 0, MaxCapacity: 4, ResourceId: `inference-component/${Name}` },
      DependsOn: [expect.stringMatching(/^Component/)],
    });
    expect(ofType(template, POLICY).map(([, { Properties }]) => Properties.PolicyType).sort()).toEqual(['StepScaling', 'TargetTrackingScaling']);
    expect(only(template, ALARM).Properties).toMatchObject({ Namespace: 'AWS/SageMaker', MetricName: 'NoCapacityInvocationFailures', Statistic: 'Sum', Dimensions: [{ Name: 'InferenceComponentName', Value: Name }] });
    expect(only(template, 'AWS::SageMaker::InferenceComponent').Properties.RuntimeConfig).toEqual({ CopyCount: 1 });
  });

  test('has a name in lower case that says where it is, for its metrics are found by it', () => {
    const nameOf = (props: Partial<InferenceComponentProps> = {}) => only(component(props).template(), 'AWS::SageMaker::InferenceComponent').Properties.InferenceComponentName;
    expect(nameOf()).toMatch(/^stack-component-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect(nameOf()).toBe(nameOf());
    const shared = (variantName: string) => nameOf({ endpoint: Endpoint.fromEndpointName(emptyStack(), 'Shared', 'shared'), variantName });
    expect(shared('Other')).not.toBe(shared('AllTraffic'));
    expect(nameOf({ inferenceComponentName: 'Digits' })).toBe('Digits');
    expect(nameOf({ autoScaling: undefined })).toBeUndefined();
  });

  test('of instances that stay is warned of', () => {
    const warned = (...args: Parameters<typeof component>) => warnings(component(...args).stack).filter((text) => text.includes('cdk-sagemaker:instancesWithoutCopies'));
    expect(warned()).toEqual([]);
    expect(warned({}, {})).toEqual([expect.stringContaining('autoScaling: there may be no copies, but the instances of AllTraffic stay and are paid for: give Variant.ofComponents a minInstanceCount of 0')]);
    expect(warned({}, { minInstanceCount: 1, maxInstanceCount: 2 })).toHaveLength(1);
    expect(warned({ autoScaling: AutoScaling.between(1, 4, [perCopy()]) }, {})).toEqual([]);
  });

  test.each<[string, Partial<InferenceComponentProps>, string]>([
    ['copies outside of the bounds', { copies: 5 }, 'copies must be a whole number between 0 and 4, got 5'],
    ['too few copies', { copies: 0, autoScaling: AutoScaling.between(1, 2, [perCopy()]) }, 'copies must be a whole number between 1 and 2, got 0'],
    ['a policy of instances', { autoScaling: AutoScaling.between(1, 2, [perInstance()]) }, 'autoScaling.policies.InvocationsPerInstance must go by a metric of the copies of an inference component: concurrentRequestsPerCopy, invocationsPerCopy'],
    ['an adapter', { adapterOf: InferenceComponent.fromInferenceComponentName(emptyStack(), 'Base', 'base'), memory: undefined }, 'autoScaling must be left out with adapterOf: an adapter has the copies of its base'],
  ])('rejects %s', (_what, props, message) => expect(() => component(props)).toThrow(`Stack/Component: ${message}`));
});

describe('AutoScaling refuses', () => {
  test.each<[string, () => unknown, string]>([
    ['fewer than it keeps', () => scaled(AutoScaling.between(3, 2, [perInstance()])), 'variants.AllTraffic.autoScaling.min must be a whole number between 1 and 2, got 3'],
    ['none at all', () => queued(AutoScaling.between(0, 0, [backlog()])), 'variants.AllTraffic.autoScaling.max must be a whole number between 1 and 2147483647, got 0'],
    ['parts of an instance', () => scaled(AutoScaling.between(1.5, 2, [perInstance()])), 'variants.AllTraffic.autoScaling.min must be a whole number between 1 and 2, got 1.5'],
    ['more instances at first than it allows', () => scaled(AutoScaling.between(1, 2, [perInstance()]), { instanceCount: 3 }), 'variants.AllTraffic.instanceCount must be a whole number between 1 and 2, got 3'],
    ['fewer instances at first than it keeps', () => scaled(AutoScaling.between(2, 4, [perInstance()]), { instanceCount: 1 }), 'variants.AllTraffic.instanceCount must be a whole number between 2 and 4, got 1'],
    ['no policy', () => scaled(AutoScaling.between(1, 4, [])), 'variants.AllTraffic.autoScaling.policies must have 1 to 50 entries, got 0'],
    ['two policies of one kind', () => scaled(AutoScaling.between(1, 4, [perInstance(), perInstance()])), 'variants.AllTraffic.autoScaling.policies must be unique, got InvocationsPerInstance twice'],
    ['0 instances that answer at once', () => scaled(AutoScaling.between(0, 4, [perInstance()])), 'variants.AllTraffic.autoScaling must keep 1 or more: only an endpoint with asyncInference, or the copies of an InferenceComponent on Variant.ofComponents({ minInstanceCount: 0, ... }), can scale to 0, got 0'],
    ['0 of them by a schedule', () => scaled(AutoScaling.between(1, 4, [ScalingPolicy.onSchedule('Night', { schedule: Schedule.cron({ hour: '0', minute: '0' }), min: 0 })])), 'variants.AllTraffic.autoScaling must keep 1 or more'],
    ['requests in a minute of an endpoint that answers later', () => queued(AutoScaling.between(1, 4, [perInstance()])), 'variants.AllTraffic.autoScaling.policies.InvocationsPerInstance must go by a metric of instances of an endpoint with asyncInference: backlogPerInstance'],
    ['the backlog of an endpoint that answers at once', () => scaled(AutoScaling.between(1, 4, [backlog()])), 'variants.AllTraffic.autoScaling.policies.BacklogPerInstance must go by a metric of instances that answer at once: invocationsPerInstance'],
    ['instances that are burstable', () => scaled(AutoScaling.between(1, 4, [perInstance()]), { instanceType: 'ml.t2.medium' }), 'variants.AllTraffic.instanceType must be of a type that is not burstable, for instance ml.m5.large: SageMaker scales no others, got ml.t2.medium'],
    ['a pool of which a type is known at deployment', () => deployed((stack) => ({ instanceType: undefined, instancePools: [{ instanceType: 'ml.g5.xlarge' }, { instanceType: new CfnParameter(stack, 'Type').valueAsString }], autoScaling: AutoScaling.between(1, 4, [perInstance()]) })), 'variants.AllTraffic.instancePools must be known at synthesis where there is autoScaling: the name of the variant follows from them'],
    ['what SageMaker scales by itself', () => scaled(AutoScaling.between(1, 4, [perInstance()]), { maxInstanceCount: 4 }), 'variants.AllTraffic.autoScaling must be left out with maxInstanceCount, by which SageMaker scales by itself'],
    ['a shadow', () => {
      const stack = emptyStack();
      const variant = (id: string, autoScaling?: AutoScaling) => Variant.onInstances(modelIn(stack, id), { instanceType: 'ml.m5.large', autoScaling });
      return new EndpointConfig(stack, 'Config', { variants: { live: variant('Live') }, shadowVariants: { next: variant('Next', AutoScaling.between(1, 4, [perInstance()])) } });
    }, 'Stack/Config: shadowVariants.next.autoScaling must be left out: no scaling of a shadow is documented'],
    ['the instances that components share', () => hosting(() => ({ a: Variant.ofComponents({ instanceType: 'ml.g5.xlarge', autoScaling: AutoScaling.between(1, 2, [perInstance()]) } as ComponentInstanceOptions) })), 'variants.a.autoScaling must be left out: maxInstanceCount scales the instances, and autoScaling of each InferenceComponent its copies'],
  ])('%s', (_what, make, message) => expect(make).toThrow(message));
});
