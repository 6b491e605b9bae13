import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Subnet, SubnetType, Vpc, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Duration, PropertyInjectors, Stack, Token } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, ContainerImage, DataSource, Encryption, EndpointConfig, EvaluationType, HyperparameterTuningJob, Model, ModelData, OrganizationDefaults, ProcessingJob, ServerlessJob, TrainingJob, TransformJob, Variant,
  type OrganizationDefaultsProps, type TrainingJobProps,
} from 'cdk-sagemaker';
import { bucketNamed, IMAGE_URI, jobOf, only, trainingIn, tuningDefinition, tuningOf, warnings } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const vpcNamed = (stack: Stack, name: string): IVpc => Vpc.fromVpcAttributes(stack, name, {
  vpcId: name, availabilityZones: ['a', 'b'], privateSubnetIds: [`${name}-1`, `${name}-2`], isolatedSubnetIds: [`${name}-isolated-1`, `${name}-isolated-2`],
});

/** A stack whose organization wants this. */
function stackWith(defaults: (stack: Stack) => OrganizationDefaultsProps): Stack {
  const stack = new Stack(new App(), 'Stack');
  PropertyInjectors.of(stack).add(...OrganizationDefaults.injectors(defaults(stack)));
  return stack;
}
const requestOf = (stack: Stack) => jobOf(Template.fromStack(stack)).Request;
const resource = (stack: Stack, type: string) => only(Template.fromStack(stack), type).Properties;

const ISOLATED: OrganizationDefaultsProps = { networkIsolation: true, encryptInterContainerTraffic: true, maxRuntime: Duration.hours(8) };
const ofCompany = (stack: Stack): OrganizationDefaultsProps => ({
  vpc: vpcNamed(stack, 'company'), vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Sg', 'sg-company')],
});
const TWO = Capacity.onDemand({ instanceType: 'ml.m5.large', instanceCount: 2 });
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1';
const COMPANY = { Subnets: ['company-isolated-1', 'company-isolated-2'], SecurityGroupIds: ['sg-company'] };

describe('Defaults of an organization', () => {
  test('are what a training job is that says nothing', () => {
    const stack = stackWith((scope) => ({ ...ISOLATED, ...ofCompany(scope) }));
    trainingIn(stack);
    expect(requestOf(stack)).toMatchObject({
      EnableNetworkIsolation: true, StoppingCondition: { MaxRuntimeInSeconds: 28800 }, VpcConfig: COMPANY,
    });
  });

  test('are what each definition of a tuning job is that says nothing', () => {
    const stack = stackWith((scope) => ({ ...ISOLATED, ...ofCompany(scope) }));
    new HyperparameterTuningJob(stack, 'Tune', { definitions: { a: tuningDefinition(), b: tuningDefinition({ networkIsolation: false, maxRuntime: Duration.hours(1) }) }, maxJobs: 4 });
    const [a, b] = tuningOf(Template.fromStack(stack)).Request.TrainingJobDefinitions;
    expect(a).toMatchObject({ EnableNetworkIsolation: true, StoppingCondition: { MaxRuntimeInSeconds: 28800 }, VpcConfig: COMPANY });
    expect(b).toMatchObject({ StoppingCondition: { MaxRuntimeInSeconds: 3600 }, VpcConfig: COMPANY });
    expect(b.EnableNetworkIsolation).not.toBe(true);
  });

  test('are what the one definition of a tuning job is', () => {
    const stack = stackWith(() => ISOLATED);
    new HyperparameterTuningJob(stack, 'Tune', { definition: tuningDefinition(), maxJobs: 4 });
    expect(tuningOf(Template.fromStack(stack)).Request.TrainingJobDefinition.EnableNetworkIsolation).toBe(true);
  });

  test('are what a processing job is that says nothing', () => {
    const stack = stackWith((scope) => ({ ...ISOLATED, ...ofCompany(scope) }));
    new ProcessingJob(stack, 'Prepare', { image, capacity: TWO });
    expect(resource(stack, 'AWS::SageMaker::ProcessingJob')).toMatchObject({
      NetworkConfig: { EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: true, VpcConfig: COMPANY }, StoppingCondition: { MaxRuntimeInSeconds: 28800 },
    });
  });

  test('are what a model is that says nothing, of a training job or alone', () => {
    const stack = stackWith((scope) => ({ ...ISOLATED, ...ofCompany(scope) }));
    new Model(stack, 'Alone', { image, modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz') });
    trainingIn(stack).toModel('Trained');
    const models = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Model'));
    expect(models.map(({ Properties }) => Properties.EnableNetworkIsolation)).toEqual([true, true]);
    expect(models.map(({ Properties }) => Properties.VpcConfig)).toEqual([COMPANY, COMPANY]);
  });

  test('are what an endpoint configuration is for inference components, and nothing for models, which have networks of their own', () => {
    const stack = stackWith((scope) => ({ ...ISOLATED, ...ofCompany(scope) }));
    new EndpointConfig(stack, 'Components', { variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.xlarge' }) } });
    expect(resource(stack, 'AWS::SageMaker::EndpointConfig')).toMatchObject({ EnableNetworkIsolation: true, VpcConfig: COMPANY });
    const other = stackWith((scope) => ({ ...ISOLATED, ...ofCompany(scope) }));
    new Model(other, 'Model', { image }).deploy('Endpoint', { instanceType: 'ml.m5.large' });
    expect(Object.keys(resource(other, 'AWS::SageMaker::EndpointConfig'))).toEqual(['ProductionVariants']);
  });

  test.each<[string, Capacity, boolean]>([
    ['one instance', Capacity.onDemand({ instanceType: 'ml.m5.large' }), false],
    ['two', TWO, true],
    ['a number that is known at deployment', Capacity.onDemand({ instanceType: 'ml.m5.large', instanceCount: Token.asNumber({ Ref: 'Count' }) }), true],
    ['two groups of one', Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.m5.large' }, b: { instanceType: 'ml.m5.xlarge' } } }), true],
    ['one of two types', Capacity.instancePreferences([{ instanceType: 'ml.m5.large', instanceCount: 1 }, { instanceType: 'ml.m5.xlarge', instanceCount: 1 }]), false],
    ['two of one type', Capacity.instancePreferences([{ instanceType: 'ml.m5.large', instanceCount: 1 }, { instanceType: 'ml.m5.xlarge', instanceCount: 2 }]), true],
  ])('encrypt what %s send each other: instances that are alone are left as they are, without a warning', (_what, capacity, isEncrypted) => {
    const stack = stackWith(() => ISOLATED);
    trainingIn(stack, { capacity });
    expect(requestOf(stack).EnableInterContainerTrafficEncryption === true).toBe(isEncrypted);
    expect(warnings(stack).filter((text) => text.includes('encryptionOfOneInstance'))).toEqual([]);
  });

  test('give keys for storage and outputs', () => {
    const stack = stackWith((scope) => ({ encryption: Encryption.withKey(Key.fromKeyArn(scope, 'Key', KEY)) }));
    trainingIn(stack);
    expect(requestOf(stack)).toMatchObject({ ResourceConfig: { VolumeKmsKeyId: KEY }, OutputDataConfig: { KmsKeyId: KEY } });
    const other = stackWith((scope) => ({ encryption: Encryption.withKey(Key.fromKeyArn(scope, 'Key', KEY)) }));
    trainingIn(other, { encryption: Encryption.byService() });
    expect(requestOf(other).OutputDataConfig).not.toHaveProperty('KmsKeyId');
  });

  test('leave what a user says alone, also where it is false', () => {
    const stack = stackWith(() => ISOLATED);
    trainingIn(stack, { networkIsolation: false, encryptInterContainerTraffic: false, maxRuntime: Duration.minutes(5) });
    const request = requestOf(stack);
    expect([request.EnableNetworkIsolation, request.EnableInterContainerTrafficEncryption].filter((value) => value === true)).toEqual([]);
    expect(request.StoppingCondition.MaxRuntimeInSeconds).toBe(300);
  });

  test('count where a prop is given without a value', () => {
    const stack = stackWith(() => ISOLATED);
    trainingIn(stack, { networkIsolation: undefined });
    expect(requestOf(stack).EnableNetworkIsolation).toBe(true);
  });

  test('have neither subnets nor security groups for a VPC of one\'s own', () => {
    const stack = stackWith(ofCompany);
    trainingIn(stack, { vpc: vpcNamed(stack, 'mine') });
    expect(requestOf(stack).VpcConfig).toEqual({ Subnets: ['mine-1', 'mine-2'], SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^TrainSecurityGroup/), 'GroupId'] }] });
  });

  test.each<[string, Partial<TrainingJobProps>, object]>([
    ['says nothing', {}, { EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: true }],
    ['says that its network is open', { networkIsolation: false }, { EnableInterContainerTrafficEncryption: true }],
    ['says that its traffic is plain', { encryptInterContainerTraffic: false }, { EnableNetworkIsolation: true }],
  ])('isolate a job that %s in all that it says nothing of', (_what, own, expected) => {
    const stack = stackWith((scope) => ({ vpc: vpcNamed(scope, 'company'), isolated: true }));
    trainingIn(stack, { capacity: TWO, ...own });
    const { EnableNetworkIsolation, EnableInterContainerTrafficEncryption, VpcConfig } = requestOf(stack);
    expect(Object.entries({ EnableNetworkIsolation, EnableInterContainerTrafficEncryption }).filter(([, value]) => value === true)).toEqual(Object.entries(expected));
    expect(VpcConfig.Subnets).toEqual(['company-isolated-1', 'company-isolated-2']);
  });

  test('isolate models and definitions of tuning jobs', () => {
    const stack = stackWith((scope) => ({ vpc: vpcNamed(scope, 'company'), isolated: true }));
    new Model(stack, 'Model', { image });
    new HyperparameterTuningJob(stack, 'Tune', { definition: tuningDefinition(), maxJobs: 4 });
    expect(resource(stack, 'AWS::SageMaker::Model')).toMatchObject({ EnableNetworkIsolation: true, VpcConfig: { Subnets: ['company-isolated-1', 'company-isolated-2'] } });
    expect(tuningOf(Template.fromStack(stack)).Request.TrainingJobDefinition).toMatchObject({ EnableNetworkIsolation: true, VpcConfig: { Subnets: ['company-isolated-1', 'company-isolated-2'] } });
  });

  test('isolate nobody who says so', () => {
    const stack = stackWith((scope) => ({ vpc: vpcNamed(scope, 'company'), isolated: true }));
    trainingIn(stack, { isolated: false });
    expect(requestOf(stack)).not.toHaveProperty('EnableNetworkIsolation');
    expect(requestOf(stack).VpcConfig.Subnets).toEqual(['company-1', 'company-2']);
  });

  test('that isolate without a VPC refuse what has none of its own', () => {
    const stack = stackWith(() => ({ isolated: true }));
    const refused = 'vpc must be given with isolated, which is a network of one\'s own';
    expect(() => trainingIn(stack)).toThrow(`Stack/Train: ${refused}`);
    expect(() => trainingIn(stack, { networkIsolation: false }, 'Open')).toThrow(`Stack/Open: ${refused}`);
    expect(() => new HyperparameterTuningJob(stack, 'Tune', { definition: tuningDefinition(), maxJobs: 4 })).toThrow(refused);
    expect(() => new ProcessingJob(stack, 'Prepare', { image, capacity: TWO })).toThrow(`Stack/Prepare: ${refused}`);
    expect(() => new Model(stack, 'Model', { image })).toThrow(`Stack/Model: ${refused}`);
    const own = stackWith(() => ({ isolated: true }));
    trainingIn(own, { vpc: vpcNamed(own, 'mine') });
    expect(requestOf(own)).toMatchObject({ EnableNetworkIsolation: true, VpcConfig: { Subnets: ['mine-isolated-1', 'mine-isolated-2'] } });
    const free = stackWith(() => ({ isolated: true }));
    trainingIn(free, { isolated: false });
    expect(requestOf(free)).not.toHaveProperty('VpcConfig');
  });

  test.each<[unknown, string]>([
    [null, 'defaults must be a structure'],
    ['x', 'defaults must be a structure, got x'],
    [[], 'defaults must be a structure'],
    [{ isolate: true }, 'defaults must have no other members than vpc, vpcSubnets, securityGroups, isolated, networkIsolation, encryptInterContainerTraffic, encryption, maxRuntime, role, got isolate'],
    [{ isolated: 'true' }, 'isolated must be true or false, got true'],
    [{ networkIsolation: 'false' }, 'networkIsolation must be true or false, got false'],
    [{ maxRuntime: 3600 }, 'maxRuntime must be a Duration, got 3600'],
    [{ encryption: 'aws:kms' }, 'encryption must be an Encryption'],
    [{ role: 'arn' }, 'role must be a role'],
  ])('that are none are refused: %j', (defaults, message) => {
    expect(() => OrganizationDefaults.injectors(defaults as OrganizationDefaultsProps)).toThrow(`OrganizationDefaults.injectors: ${message}`);
  });

  test('give keys to transform jobs and endpoints', () => {
    const stack = stackWith((scope) => ({ encryption: Encryption.withKey(Key.fromKeyArn(scope, 'Key', KEY)) }));
    const model = new Model(stack, 'Model', { image });
    model.transform('Score', { input: DataSource.fromS3Uri('s3://data/batch/'), instanceType: 'ml.m5.large' });
    model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
    expect(only(Template.fromStack(stack), 'Custom::SageMakerTransformJob').Properties.Request).toMatchObject({ TransformOutput: { KmsKeyId: KEY }, TransformResources: { VolumeKmsKeyId: KEY } });
    expect(resource(stack, 'AWS::SageMaker::EndpointConfig').KmsKeyId).toBe(KEY);
  });

  test('have the VPC for subnets of one\'s own', () => {
    const stack = stackWith(ofCompany);
    trainingIn(stack, { vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, 'Own', 'subnet-own')] } });
    expect(requestOf(stack).VpcConfig).toEqual({ Subnets: ['subnet-own'], SecurityGroupIds: ['sg-company'] });
  });

  test('let a spot job run as long as it may take at most', () => {
    const stack = stackWith(() => ISOLATED);
    trainingIn(stack, { capacity: Capacity.spot({ instanceType: 'ml.m5.large', maxWait: Duration.hours(2) }) });
    expect(requestOf(stack).StoppingCondition).toEqual({ MaxRuntimeInSeconds: 7200, MaxWaitTimeInSeconds: 7200 });
  });

  test('isolate no serverless job, which refuses that', () => {
    const stack = stackWith(() => ISOLATED);
    const baseModel = 'arn:aws:sagemaker:eu-west-1:aws:hub-content/SageMakerPublicHub/Model/llama-3/1.0.0';
    trainingIn(stack, {
      algorithm: Algorithm.serverless(ServerlessJob.evaluation({ baseModel, evaluationType: EvaluationType.CUSTOM_SCORER, evaluator: 'arn:aws:lambda:eu-west-1:123456789012:function:reward' })),
      capacity: Capacity.serverless(),
    });
    expect(requestOf(stack)).not.toHaveProperty('EnableNetworkIsolation');
    expect(requestOf(stack).StoppingCondition).toEqual({ MaxRuntimeInSeconds: 28800 });
  });

  test('have a role for jobs and models', () => {
    const stack = stackWith((scope) => ({ role: Role.fromRoleArn(scope, 'Company', 'arn:aws:iam::123456789012:role/company') }));
    trainingIn(stack).toModel('Model');
    expect(requestOf(stack).RoleArn).toBe('arn:aws:iam::123456789012:role/company');
    expect(resource(stack, 'AWS::SageMaker::Model').ExecutionRoleArn).toBe('arn:aws:iam::123456789012:role/company');
  });

  test('of a nearer scope count alone', () => {
    const app = new App({ propertyInjectors: OrganizationDefaults.injectors(ISOLATED) });
    const stack = new Stack(app, 'Free', { propertyInjectors: OrganizationDefaults.injectors({}) });
    trainingIn(stack);
    expect(requestOf(stack)).not.toHaveProperty('EnableNetworkIsolation');
  });

  test('without anything in them change no template', () => {
    const made = (stack: Stack) => {
      trainingIn(stack).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
      return Template.fromStack(stack).toJSON();
    };
    expect(made(stackWith(() => ({})))).toEqual(made(new Stack(new App(), 'Stack')));
  });

  test('are for the classes that have one of these props', () => {
    expect(OrganizationDefaults.injectors({}).map(({ constructUniqueId }) => constructUniqueId)).toEqual(
      ['TrainingJob', 'HyperparameterTuningJob', 'ProcessingJob', 'TransformJob', 'ModelPackage', 'Model', 'EndpointConfig'].map((name) => `cdk-sagemaker.${name}`));
  });

  test('leave props that are none to the construct, whose error says so', () => {
    const stack = stackWith(() => ISOLATED);
    expect(() => new TrainingJob(stack, 'Train', undefined as any)).toThrow('Stack/Train: ');
    expect(() => new HyperparameterTuningJob(stack, 'Tune', { definition: 'x' as any, maxJobs: 4 })).toThrow('Stack/Tune');
    expect(() => new TransformJob(stack, 'Score', { model: undefined as any, input: DataSource.fromS3Uri('s3://data/batch/'), instanceType: 'ml.m5.large' })).toThrow('Stack/Score: ');
  });
});
