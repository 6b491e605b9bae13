import { Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { LustreFileSystem, LustreDeploymentType } from 'aws-cdk-lib/aws-fsx';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { App, Duration, Size, Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, ContainerImage, CustomizationTechnique, DataSource, DebugHook, InputMode, Mlflow, Model, ModelPackageOutput, MonitoringRule, Profiler,
  ServerlessJob, TensorBoardOutput, type TrainedModelProps, type TrainingJobProps,
} from 'cdk-sagemaker';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BASE_MODEL, DATASET, GROUP, fileSystem, image, login, lustre, network, PACKAGE, PLAN, TRACKING_SERVER } from './support/every-prop';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, jobTemplate, ofType, only, statements, trainingIn } from './support/stacks';

const request = (props: (stack: Stack) => Partial<TrainingJobProps>) => jobOf(jobTemplate(props)).Request;
const resources = (props: (stack: Stack) => Partial<TrainingJobProps>, action: string) => {
  const template = jobTemplate(props);
  return allowing(template, 'TrainRole', action).flatMap((statement) => [statement.Resource].flat().map(flat));
};
const LISTS = (stack: Stack) => bucketNamed(stack, 'lists');
const ARN = (place: string) => expect.stringMatching(new RegExp(`:s3:::${place}$`));

describe('The data of a channel', () => {
  test('by a manifest: the job reads the manifest and what it names, and no more', () => {
    const props = (stack: Stack) => ({ inputs: { train: DataSource.fromManifest(LISTS(stack), 'a/train.manifest', { dataPrefix: 'images/', dataBucket: bucketNamed(stack, 'images') }) } });
    expect(request(props).InputDataConfig).toEqual([{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://lists/a/train.manifest', S3DataDistributionType: 'FullyReplicated' } } }]);
    expect(resources(props, 's3:GetObject')).toEqual([ARN('images/images/\\*'), ARN('lists/a/train.manifest')]);
  });

  test('by an augmented manifest: a pipe of its attributes', () => {
    const [channel] = request((stack) => ({ inputs: { train: DataSource.fromAugmentedManifest(LISTS(stack), 'm', { dataPrefix: 'images/', attributeNames: ['a', 'b'] }) } })).InputDataConfig;
    expect(channel).toMatchObject({ InputMode: 'Pipe', DataSource: { S3DataSource: { S3DataType: 'AugmentedManifestFile', AttributeNames: ['a', 'b'] } } });
  });

  test('by an augmented manifest: says that it is a pipe where the other channels are none, or the user says so', () => {
    const channel = (algorithmMode?: InputMode, inputMode?: InputMode) => request((stack) => ({
      algorithm: Algorithm.image(image, { inputMode: algorithmMode }),
      inputs: { train: DataSource.fromAugmentedManifest(LISTS(stack), 'm', { dataPrefix: 'images/', attributeNames: ['a'], inputMode }) },
    })).InputDataConfig[0];
    expect(channel(InputMode.FAST_FILE)).toHaveProperty('InputMode', 'Pipe');
    expect(channel(InputMode.PIPE)).not.toHaveProperty('InputMode');
    expect(channel(InputMode.PIPE, InputMode.PIPE)).toHaveProperty('InputMode', 'Pipe');
  });

  test('in EFS: the security group of the job may reach it, and the job waits for its mount targets', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
    const files = new FileSystem(stack, 'Files', { vpc });
    trainingIn(stack, { vpc, inputs: { train: DataSource.fromFileSystem(files, { directory: 'digits' }) } });
    const template = Template.fromStack(stack);
    expect(jobOf(template).Request.InputDataConfig).toEqual([{
      ChannelName: 'train', DataSource: { FileSystemDataSource: { FileSystemId: { Ref: expect.stringMatching('Files') }, FileSystemType: 'EFS', FileSystemAccessMode: 'ro', DirectoryPath: '/digits' } },
    }]);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 2049, ToPort: 2049, SourceSecurityGroupId: { 'Fn::GetAtt': [expectId(template, 'TrainSecurityGroup'), 'GroupId'] } });
    expect(only(template, 'Custom::SageMakerTrainingJob').DependsOn).toEqual(expect.arrayContaining([expect.stringMatching('EfsMountTarget')]));
  });

  test('in FSx for Lustre: the directory is below the mount name', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
    const files = new LustreFileSystem(stack, 'Files', { vpc, vpcSubnet: vpc.privateSubnets[0], storageCapacityGiB: 1200, lustreConfiguration: { deploymentType: LustreDeploymentType.SCRATCH_2 } });
    trainingIn(stack, { vpc, inputs: { train: DataSource.fromLustre(files, { directory: '/digits' }), all: DataSource.fromLustre(files) } });
    const template = Template.fromStack(stack);
    const [fsx] = ofType(template, 'AWS::FSx::FileSystem')[0];
    const [train, all] = jobOf(template).Request.InputDataConfig.map((channel: any) => flat(channel.DataSource.FileSystemDataSource.DirectoryPath));
    expect(train).toBe(`/<${fsx}.LustreMountName>/digits`);
    expect(all).toBe(`/<${fsx}.LustreMountName>`);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 988 });
    expect(only(template, 'Custom::SageMakerTrainingJob').DependsOn).toContain(fsx);
  });

  test('in a file system: the job waits for the rules that let it in, and for no other rule of the same groups', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
    const files = new FileSystem(stack, 'Files', { vpc });
    const fast = new LustreFileSystem(stack, 'Fast', { vpc, vpcSubnet: vpc.privateSubnets[0], storageCapacityGiB: 1200, lustreConfiguration: { deploymentType: LustreDeploymentType.SCRATCH_2 } });
    trainingIn(stack, { vpc, inputs: { train: DataSource.fromFileSystem(files), all: DataSource.fromLustre(fast) } });
    files.connections.allowFromAnyIpv4(Port.tcp(1), 'another');
    files.connections.allowDefaultPortFrom(new SecurityGroup(stack, 'Others', { vpc }));
    const template = Template.fromStack(stack);
    const ofTheJob = ofType(template, 'AWS::EC2::SecurityGroupIngress').filter(([, { Properties }]) => /TrainSecurityGroup/.test(flat(Properties.SourceSecurityGroupId)) && !/TrainSecurityGroup/.test(flat(Properties.GroupId)));
    expect(ofTheJob.map(([, { Properties }]) => Properties.FromPort).sort()).toEqual([2049, 988]);
    const waited = only(template, 'Custom::SageMakerTrainingJob').DependsOn!;
    expect(waited).toEqual(expect.arrayContaining(ofTheJob.map(([id]) => id)));
    expect(waited.filter((id) => /Others/.test(id))).toEqual([]);
  });

  test('in a file system of another stack: the rule is in the stack of the job', () => {
    const app = new App();
    const [shared, stack] = [new Stack(app, 'Shared'), new Stack(app, 'Stack')];
    const vpc = new Vpc(shared, 'Vpc', { maxAzs: 1 });
    const files = new FileSystem(shared, 'Files', { vpc });
    trainingIn(stack, { vpc, inputs: { train: DataSource.fromFileSystem(files) } });
    const template = Template.fromStack(stack);
    const [[id]] = ofType(template, 'AWS::EC2::SecurityGroupIngress').filter(([, { Properties }]) => Properties.FromPort === 2049);
    expect(only(template, 'Custom::SageMakerTrainingJob').DependsOn).toContain(id);
    expect(stack.dependencies).toContain(shared);
    expect(shared.dependencies).toEqual([]);
  });

  test('of a hub: the job may look at exactly that content and its hub', () => {
    const props = () => ({ inputs: { train: DataSource.fromDataset(DATASET, { revision: 'r2' }) } });
    expect(request(props).InputDataConfig).toEqual([{ ChannelName: 'train', DataSource: { DatasetSource: { DatasetArn: DATASET } } }]);
    expect(resources(props, 'sagemaker:DescribeHubContent')).toEqual([DATASET, 'arn:aws:sagemaker:eu-west-1:123456789012:hub/team']);
    expect(jobOf(jobTemplate(props)).ChannelRevisions).toEqual({ train: 'r2' });
  });

  test.each<[string, (stack: Stack) => Partial<TrainingJobProps>, string]>([
    ['a file system without a VPC', (stack) => ({ inputs: { train: DataSource.fromLustre(lustre(stack), { mountName: 'x' }) } }), 'Stack/Train: vpc must be given for inputs.train, whose data are on a file system'],
    ['records on a file system without a VPC', (stack) => ({
      inputs: { more: DataSource.fromS3Uri('s3://b/x'), train: DataSource.ofRecords(DataSource.fromFileSystem(fileSystem(stack)), { numRecords: 1 }) },
    }), 'Stack/Train: vpc must be given for inputs.train, whose data are on a file system'],
    ['a Lustre file system made elsewhere without its mount name', (stack) => ({ ...network(stack), inputs: { train: DataSource.fromLustre(lustre(stack)) } }), 'inputs: mountName must be given'],
    ['a file system as a pipe', (stack) => ({
      ...network(stack), algorithm: Algorithm.image(image, { inputMode: InputMode.PIPE }), inputs: { train: DataSource.fromLustre(lustre(stack), { mountName: 'x' }) },
    }), 'inputs.train.inputMode must be File for the data of a file system, got Pipe'],
    ['a manifest as fast files', (stack) => ({ inputs: { train: DataSource.fromManifest(LISTS(stack), 'm', { dataPrefix: '', inputMode: InputMode.FAST_FILE }) } }), 'inputs.train must be S3Prefix for InputMode.FAST_FILE, got ManifestFile'],
    ['an augmented manifest as files', (stack) => ({ inputs: { train: DataSource.fromAugmentedManifest(LISTS(stack), 'm', { dataPrefix: '', attributeNames: ['a'], inputMode: InputMode.FILE }) } }), 'inputs.train.inputMode must be Pipe'],
    ['an augmented manifest of no attributes', (stack) => ({ inputs: { train: DataSource.fromAugmentedManifest(LISTS(stack), 'm', { dataPrefix: '', attributeNames: [] }) } }), 'inputs: attributeNames must have 1 to 16 entries, got 0'],
    ['a dataset that is none', () => ({ inputs: { train: DataSource.fromDataset('questions') } }), 'inputs: dataset must be the ARN of a dataset of a hub, got questions'],
    ['a group that the capacity does not have', (stack) => ({
      capacity: Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.m5.large' } } }), inputs: { train: DataSource.fromBucket(LISTS(stack), '', { instanceGroups: ['b'] }) },
    }), 'inputs.train.instanceGroups must be of a, got b'],
    ['a group where there are none', (stack) => ({ inputs: { train: DataSource.fromBucket(LISTS(stack), '', { instanceGroups: ['b'] }) } }), 'inputs.train.instanceGroups must be left out unless the capacity has groups, got b'],
  ])('rejects %s', (_what, props, message) => {
    expect(() => jobTemplate(props)).toThrow(message);
  });
});

describe('Capacity', () => {
  test.each<[string, Capacity, object]>([
    ['on demand', Capacity.onDemand({ instanceType: 'ml.p5.48xlarge', keepAlive: Duration.minutes(10), trainingPlan: PLAN }),
      { InstanceType: 'ml.p5.48xlarge', InstanceCount: 1, VolumeSizeInGB: 30, KeepAlivePeriodInSeconds: 600, TrainingPlanArn: PLAN }],
    ['in groups', Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.m5.large' }, b: { instanceType: 'ml.p3.2xlarge', instanceCount: 3 } }, volumeSize: Size.gibibytes(5) }),
      { InstanceGroups: [{ InstanceType: 'ml.m5.large', InstanceCount: 1, InstanceGroupName: 'a' }, { InstanceType: 'ml.p3.2xlarge', InstanceCount: 3, InstanceGroupName: 'b' }], VolumeSizeInGB: 5 }],
    ['in groups of a training plan', Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.p5.48xlarge' }, b: { instanceType: 'ml.p5.48xlarge' } }, trainingPlan: PLAN }),
      { InstanceGroups: [{ InstanceType: 'ml.p5.48xlarge', InstanceCount: 1, InstanceGroupName: 'a' }, { InstanceType: 'ml.p5.48xlarge', InstanceCount: 1, InstanceGroupName: 'b' }], VolumeSizeInGB: 30, TrainingPlanArn: PLAN }],
    ['the first of several', Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge' }, { instanceType: 'ml.p4d.24xlarge', trainingPlan: PLAN }], { instanceCount: 2 }),
      { InstanceCount: 2, InstancePreferences: [{ InstanceType: 'ml.p5.48xlarge' }, { InstanceType: 'ml.p4d.24xlarge', TrainingPlanArns: [PLAN] }], VolumeSizeInGB: 30 }],
    ['of UltraServers', Capacity.onDemand({ instanceType: 'ml.p6e-gb200.36xlarge', trainingPlan: PLAN, placement: { instances: { one: 1, two: 2 } } }), {
      InstanceType: 'ml.p6e-gb200.36xlarge', InstanceCount: 1, VolumeSizeInGB: 30, TrainingPlanArn: PLAN,
      InstancePlacementConfig: { PlacementSpecifications: [{ UltraServerId: 'one', InstanceCount: 1 }, { UltraServerId: 'two', InstanceCount: 2 }] },
    }],
  ])('%s', (_what, capacity, config) => {
    expect(request(() => ({ capacity })).ResourceConfig).toEqual(config);
  });

  test.each<[string, Capacity, string]>([
    ['six groups', Capacity.instanceGroups({ groups: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`g${n}`, { instanceType: 'ml.m5.large' }])) }), 'capacity.groups must have 1 to 5 entries, got 6'],
    ['no group', Capacity.instanceGroups({ groups: {} }), 'capacity.groups must have 1 to 5 entries, got 0'],
    ['a group of no instances', Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.m5.large', instanceCount: 0 } } }), 'capacity.groups.a.instanceCount must be a whole number'],
    ['counts of some preferences only', Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge', instanceCount: 1 }, { instanceType: 'ml.p4d.24xlarge' }]), 'capacity.preferences must have an InstanceCount in each entry or in none, got 1 of 2'],
    ['counts of the preferences and of the job', Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge', instanceCount: 1 }], { instanceCount: 2 }), 'capacity.instanceCount must be left out where the preferences have counts'],
    ['a type twice', Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge' }, { instanceType: 'ml.p5.48xlarge' }]), 'capacity.preferences must be unique'],
    ['no preference', Capacity.instancePreferences([]), 'capacity.preferences must have 1 to 5 entries, got 0'],
    ['a warm pool above 6 hours', Capacity.onDemand({ instanceType: 'ml.m5.large', keepAlive: Duration.hours(7) }), 'capacity.keepAlive must be between 0 seconds and 6 hours, got 7 hours'],
    ['a training plan that is none', Capacity.onDemand({ instanceType: 'ml.m5.large', trainingPlan: 'plan' }), 'capacity.trainingPlan must have 50 to 2048 characters'],
    ['parts of a GiB', Capacity.onDemand({ instanceType: 'ml.m5.large', volumeSize: Size.mebibytes(1536) }), 'Stack/Train: capacity.volumeSize must be a whole number of GiB, got 1.5 GiB'],
    ['instances of the service\'s choice for an image', Capacity.serverless(), 'capacity must have instances unless the algorithm is Algorithm.serverless'],
  ])('rejects %s', (_what, capacity, message) => {
    expect(() => jobTemplate(() => ({ capacity }))).toThrow(message);
  });
});

describe('An image in a registry of one\'s own', () => {
  const uri = 'registry.example.com/team/image:1.0';
  const own = (stack: Stack) => ContainerImage.fromRegistry(uri, { credentialsProvider: login(stack) });

  test('is reached through the VPC, and the role may ask exactly the function for the login', () => {
    const props = (stack: Stack) => ({ algorithm: Algorithm.image(own(stack)), ...network(stack) });
    expect(request(props).AlgorithmSpecification).toMatchObject({
      TrainingImage: uri,
      TrainingImageConfig: { TrainingRepositoryAccessMode: 'Vpc', TrainingRepositoryAuthConfig: { TrainingRepositoryCredentialsProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:function:login' } },
    });
    expect(resources(props, 'lambda:InvokeFunction')).toEqual(['arn:aws:lambda:eu-west-1:123456789012:function:login']);
    expect(resources(props, 'ecr:BatchGetImage')).toEqual([]);
  });

  test('serves a model the same way', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { image: own(stack), ...network(stack) });
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Model', {
      PrimaryContainer: { Image: uri, ImageConfig: { RepositoryAccessMode: 'Vpc', RepositoryAuthConfig: { RepositoryCredentialsProviderArn: 'arn:aws:lambda:eu-west-1:123456789012:function:login' } } },
    });
  });

  test('rejects a job and a model without a VPC', () => {
    expect(() => jobTemplate(() => ({ algorithm: Algorithm.image(ContainerImage.fromRegistry(uri)) }))).toThrow('Stack/Train: vpc must be given for an image in a registry of one\'s own');
    expect(() => new Model(emptyStack(), 'Model', { image: ContainerImage.fromRegistry(uri) })).toThrow('Stack/Model: vpc must be given for an image');
  });
});

describe('An algorithm resource', () => {
  test('is named, and brings its image along', () => {
    expect(request(() => ({ algorithm: Algorithm.fromAlgorithmName('my-algorithm', { inputMode: InputMode.PIPE }) })).AlgorithmSpecification)
      .toEqual({ AlgorithmName: 'my-algorithm', TrainingInputMode: 'Pipe' });
  });

  test('rejects an odd name, and is served as a package, or by an image that is given', () => {
    expect(() => jobTemplate(() => ({ algorithm: Algorithm.fromAlgorithmName('my algorithm') }))).toThrow('algorithm.algorithmName must be the name or the ARN of an algorithm, got my algorithm');
    const containers = (props?: TrainedModelProps) => {
      const stack = emptyStack();
      trainingIn(stack, { algorithm: Algorithm.fromAlgorithmName('a') }).toModel('Model', props);
      const { Containers, PrimaryContainer } = only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties;
      return { Containers, PrimaryContainer };
    };
    expect(containers()).toMatchObject({ Containers: [{ ModelPackageName: { 'Fn::GetAtt': [expect.stringContaining('ModelPackage'), 'ModelPackageArn'] } }], PrimaryContainer: undefined });
    expect(containers({ image })).toMatchObject({ Containers: undefined, PrimaryContainer: { Image: expect.anything() } });
  });
});

describe('A serverless job', () => {
  const tuning = ServerlessJob.fineTuning({ baseModel: BASE_MODEL, technique: CustomizationTechnique.SFT });
  const serverless = { algorithm: Algorithm.serverless(tuning), capacity: Capacity.serverless(), maxRuntime: Duration.hours(1) };

  test('has no instances, and may look at its base model', () => {
    const made = request(() => serverless);
    expect(made.ServerlessJobConfig).toEqual({ BaseModelArn: BASE_MODEL, JobType: 'FineTuning', CustomizationTechnique: 'SFT' });
    expect(made).not.toHaveProperty('ResourceConfig');
    expect(made).not.toHaveProperty('AlgorithmSpecification');
    expect(resources(() => serverless, 'sagemaker:DescribeHubContent')).toEqual([BASE_MODEL, 'arn:aws:sagemaker:eu-west-1:aws:hub/SageMakerPublicHub']);
  });

  test.each<[string, Partial<TrainingJobProps>, string]>([
    ['instances', { capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }) }, 'capacity must be Capacity.serverless() for Algorithm.serverless'],
    ['an environment', { environment: { A: 'b' } }, 'environment must be left out for a serverless job'],
    ['retries', { maxRetries: 2 }, 'maxRetries must be left out for a serverless job'],
    ['an experiment', { experiment: { experimentName: 'a' } }, 'experiment must be left out for a serverless job'],
    ['network isolation', { networkIsolation: true }, 'networkIsolation must be left out for Algorithm.serverless'],
    ['a base model that is none', { algorithm: Algorithm.serverless(ServerlessJob.fineTuning({ baseModel: 'llama', technique: CustomizationTechnique.SFT })) }, 'algorithm.baseModel must be the ARN of a model of a hub, got llama'],
    ['an odd length', { algorithm: Algorithm.serverless(ServerlessJob.fineTuning({ baseModel: BASE_MODEL, technique: CustomizationTechnique.SFT, sequenceLength: '3K' })) }, 'algorithm.sequenceLength must be one of 1K, 2K'],
  ])('rejects %s', (_what, props, message) => {
    expect(() => jobTemplate(() => ({ ...serverless, ...props }))).toThrow(message);
  });

  test('says how long to wait where it has no run time', () => {
    expect(() => jobTemplate(() => ({ ...serverless, maxRuntime: undefined }))).toThrow('maxRuntime or completion.within must be given for Algorithm.serverless');
  });
});

describe('What watches a job', () => {
  test('may write where it says, and read it again for the rules', () => {
    const props = (stack: Stack) => ({
      debugHook: DebugHook.toBucket(bucketNamed(stack, 'tensors'), 'run/'),
      profiler: Profiler.toBucket(bucketNamed(stack, 'profile'), 'run/'),
      tensorBoard: TensorBoardOutput.fromBucket(bucketNamed(stack, 'boards'), 'run/'),
    });
    expect(resources(props, 's3:GetObject')).toEqual(expect.arrayContaining([ARN('tensors/run/\\*'), ARN('profile/run/\\*')]));
    expect(resources(props, 's3:PutObject')).toEqual(expect.arrayContaining([ARN('tensors/run/\\*'), ARN('profile/run/\\*'), ARN('boards/run/\\*')]));
    expect(resources(props, 's3:GetObject')).not.toContainEqual(ARN('boards/run/\\*'));
  });

  test('is rules by name, whose images the role may pull, built ones too', () => {
    const directory = mkdtempSync(join(tmpdir(), 'rule-'));
    writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\n');
    const props = (stack: Stack) => ({
      debugRules: { loss: MonitoringRule.image(ContainerImage.fromUri(IMAGE_URI), { parameters: { rule_to_invoke: 'LossNotDecreasing' }, volumeSize: Size.gibibytes(10), instanceType: 'ml.t3.medium' }) },
      profilerRules: {
        a: MonitoringRule.image(ContainerImage.fromAsset(directory), { outputBucket: bucketNamed(stack, 'rules'), outputPrefix: 'a/' }),
        b: MonitoringRule.image(ContainerImage.fromAsset(directory)),
      },
    });
    const made = request(props);
    expect(made.DebugRuleConfigurations).toEqual([{
      RuleConfigurationName: 'loss', RuleEvaluatorImage: IMAGE_URI, InstanceType: 'ml.t3.medium', VolumeSizeInGB: 10, RuleParameters: { rule_to_invoke: 'LossNotDecreasing' },
    }]);
    expect(made.ProfilerRuleConfigurations.map((rule: any) => [rule.RuleConfigurationName, rule.S3OutputPath])).toEqual([['a', 's3://rules/a/'], ['b', undefined]]);
    expect(resources(props, 's3:PutObject')).toContainEqual(ARN('rules/a/\\*'));
  });

  test('may be nothing at all, where the service would measure by itself', () => {
    expect(request(() => ({ profiler: Profiler.disabled() })).ProfilerConfig).toEqual({ DisableProfiler: true });
  });

  test('may be people, by Systems Manager', () => {
    const template = jobTemplate(() => ({ remoteDebug: true }));
    expect(jobOf(template).Request.RemoteDebugConfig).toEqual({ EnableRemoteDebug: true });
    expect(allowing(template, 'TrainRole', 'ssmmessages:OpenDataChannel')).toHaveLength(1);
    expect(allowing(jobTemplate(), 'TrainRole', 'ssmmessages:OpenDataChannel')).toEqual([]);
  });

  test('is sent as turned off where the user says so, and grants nothing', () => {
    const template = jobTemplate(() => ({ remoteDebug: false, infraCheck: false, sessionTagChaining: false }));
    expect(jobOf(template).Request).toMatchObject({
      RemoteDebugConfig: { EnableRemoteDebug: false }, InfraCheckConfig: { EnableInfraCheck: false }, SessionChainingConfig: { EnableSessionTagChaining: false },
    });
    expect(allowing(template, 'TrainRole', 'ssmmessages:OpenDataChannel')).toEqual([]);
    expect(Object.keys(request(() => ({}))).filter((member) => /RemoteDebug|InfraCheck|SessionChaining/.test(member))).toEqual([]);
  });

  test('is MLflow, where the job may log and delete nothing', () => {
    const template = jobTemplate(() => ({ mlflow: Mlflow.fromResource(TRACKING_SERVER, { runName: 'r' }) }));
    expect(jobOf(template).Request.MlflowConfig).toEqual({ MlflowResourceArn: TRACKING_SERVER, MlflowRunName: 'r' });
    const [statement] = allowing(template, 'TrainRole', 'sagemaker-mlflow:LogMetric');
    expect(statement.Resource).toBe(TRACKING_SERVER);
    expect(statement.Action.filter((action: string) => /Delete|\*|^sagemaker:/.test(action))).toEqual([]);
  });

  test('is an app of MLflow, which one action of SageMaker lets the job call', () => {
    const app = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-1';
    const template = jobTemplate(() => ({ mlflow: Mlflow.fromResource(app) }));
    for (const action of ['sagemaker:CallMlflowAppApi', 'sagemaker:DescribeMlflowApp', 'sagemaker-mlflow:LogBatch']) {
      expect(allowing(template, 'TrainRole', action).map(({ Resource }) => Resource)).toEqual([app]);
    }
  });

  test.each<[string, Partial<TrainingJobProps>, string]>([
    ['an odd interval', { profiler: Profiler.toBucket(bucketNamed(emptyStack(), 'profile'), '', { interval: Duration.seconds(2) }) }, 'profiler.interval must be one of 100, 200, 500, 1000, 5000, 60000, got 2000'],
    ['an odd experiment', { experiment: { experimentName: 'my experiment' } }, 'experiment.experimentName must be 1 to 120 letters, digits and dashes'],
    ['MLflow that is none', { mlflow: Mlflow.fromResource('http://mlflow') }, 'mlflow must be the ARN of a tracking server or an app of MLflow, got http://mlflow'],
    ['21 rules', { debugRules: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`r${n}`, MonitoringRule.image(image)])) }, 'debugRules must have 0 to 20 entries, got 21'],
    ['a rule with parts of a GiB', { debugRules: { a: MonitoringRule.image(image, { volumeSize: Size.mebibytes(512) }) } }, 'debugRules.a.volumeSize must be a whole number of GiB'],
    ['a rule of a long parameter', { debugRules: { a: MonitoringRule.image(image, { parameters: { b: 'x'.repeat(257) } }) } }, 'debugRules.a.parameters.b must have at most 256 characters'],
  ])('rejects %s', (_what, props, message) => {
    expect(() => jobTemplate(() => props)).toThrow(message);
  });
});

describe('A model package of a job', () => {
  test('is a version that the job may add to the group, made in the stack or not', () => {
    expect(resources(() => ({ modelPackage: ModelPackageOutput.inGroup(GROUP, { sourceModelPackage: PACKAGE }) }), 'sagemaker:CreateModelPackage'))
      .toEqual([GROUP, 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/answers/*']);
    const made = (stack: Stack) => ({ modelPackage: ModelPackageOutput.inGroup(new CfnModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'answers' }).attrModelPackageGroupArn) });
    expect(request(made).ModelPackageConfig).toEqual({ ModelPackageGroupArn: { 'Fn::GetAtt': ['Group', 'ModelPackageGroupArn'] } });
    expect(() => jobTemplate(() => ({ modelPackage: ModelPackageOutput.inGroup('answers') }))).toThrow('modelPackage.group must be the ARN of a model package group, got answers');
  });
});

describe('The role of a job', () => {
  test('takes the tags of a session where they are handed on, and not otherwise', () => {
    const trust = (props: Partial<TrainingJobProps>) => ofType(jobTemplate(() => props), 'AWS::IAM::Role').find(([id]) => id.startsWith('TrainRole'))![1].Properties.AssumeRolePolicyDocument.Statement
      .map((statement: any) => statement.Action);
    expect(trust({ sessionTagChaining: true })).toEqual(['sts:AssumeRole', 'sts:TagSession']);
    expect(trust({})).toEqual(['sts:AssumeRole']);
  });

  test('that is the user\'s is given the same statements, in a policy of its own', () => {
    const template = jobTemplate((stack) => ({ role: new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }), remoteDebug: true }));
    expect(statements(template, 'Mine').flatMap((statement) => statement.Action)).toContain('ssmmessages:OpenControlChannel');
  });
});

/** The one logical id that begins like this. */
function expectId(template: Template, begins: string): string {
  const [id] = Object.keys(template.toJSON().Resources).filter((name) => name.startsWith(begins));
  return id;
}
