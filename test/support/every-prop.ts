import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Size, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, Checkpoints, ContainerImage, CustomizationTechnique, DataDistribution, DataSource, DebugHook, Encryption, EvaluationType, FileSystemAccess, Hyperparameters,
  InputCompression, InputMode, Metric, Mlflow, ModelPackageOutput, MonitoringRule, OutputCompression, OutputLocation, ParameterEfficientFineTuning, Profiler, RecordWrapper,
  ServerlessJob, TensorBoardOutput, type TrainingJobProps,
} from 'cdk-sagemaker';
import { bucketNamed, IMAGE_URI } from './stacks';

export const PLAN = 'arn:aws:sagemaker:eu-west-1:123456789012:training-plan/plan-1';
export const BASE_MODEL = 'arn:aws:sagemaker:eu-west-1:aws:hub-content/SageMakerPublicHub/Model/llama-3/1.0.0';
export const DATASET = 'arn:aws:sagemaker:eu-west-1:123456789012:hub-content/team/DataSet/questions/1.0.0';
export const GROUP = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/answers';
export const PACKAGE = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/answers/3';
export const TRACKING_SERVER = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/team';
export const EVALUATOR = 'arn:aws:lambda:eu-west-1:123456789012:function:reward';

export const image = ContainerImage.fromUri(IMAGE_URI);
export const key = (stack: Stack, name: string) => Key.fromKeyArn(stack, `Key-${name}`, `arn:aws:kms:eu-west-1:123456789012:key/${name}`);
const groupOf = (stack: Stack, id: string) => SecurityGroup.fromSecurityGroupId(stack, `Group-${id}`, id);

export const network = (stack: Stack) => ({
  vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'] }),
  vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, 'S1', 'subnet-1'), Subnet.fromSubnetId(stack, 'S2', 'subnet-2')] },
  securityGroups: [groupOf(stack, 'sg-1')],
});

export const fileSystem = (stack: Stack) => FileSystem.fromFileSystemAttributes(stack, 'Efs', { fileSystemId: 'fs-0123456789abcdef0', securityGroup: groupOf(stack, 'sg-efs') });
export const lustre = (stack: Stack) => LustreFileSystem.fromLustreFileSystemAttributes(stack, 'Fsx', {
  fileSystemId: 'fs-0123456789abcdef1', dnsName: 'fs.fsx', securityGroup: groupOf(stack, 'sg-fsx'),
});
export const login = (stack: Stack) => LambdaFunction.fromFunctionArn(stack, 'Login', 'arn:aws:lambda:eu-west-1:123456789012:function:login');

const rule = (stack: Stack, name: string) => MonitoringRule.image(ContainerImage.fromUri('503895931360.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-debugger-rules:latest'), {
  parameters: { rule_to_invoke: name }, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(10), localPath: '/opt/ml/processing/output/rule/',
  outputBucket: bucketNamed(stack, `rules-${name}`), outputPrefix: 'rules/',
});

/** Jobs that together have every prop that a request is made of. */
export const EVERY_PROP: { readonly [name: string]: (stack: Stack) => Partial<TrainingJobProps> } = {
  'spot, in a VPC': (stack) => ({
    algorithm: Algorithm.image(ContainerImage.fromRegistry('registry.example.com/team/image:1.0', { credentialsProvider: login(stack) }), {
      entrypoint: ['python'], arguments: ['train.py'], inputMode: InputMode.FILE, metricsTimeSeries: true,
    }),
    capacity: Capacity.spot({ instanceType: 'ml.p3.2xlarge', instanceCount: 2, volumeSize: Size.gibibytes(100), volumeKey: key(stack, 'volume'), maxWait: Duration.hours(4) }),
    maxRuntime: Duration.hours(2),
    maxRetries: 3,
    hyperparameters: Hyperparameters.of({ epochs: 10 }),
    environment: { LEVEL: 'debug' },
    inputs: {
      train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/', {
        inputMode: InputMode.PIPE, compression: InputCompression.GZIP, recordWrapper: RecordWrapper.RECORD_IO, shuffleSeed: 7, contentType: 'text/csv',
        distribution: DataDistribution.SHARDED_BY_S3_KEY,
      }),
      listed: DataSource.fromManifest(bucketNamed(stack, 'lists'), 'train.manifest', { dataPrefix: 'images/', dataBucket: bucketNamed(stack, 'images') }),
      labelled: DataSource.fromAugmentedManifest(bucketNamed(stack, 'labels'), 'train.jsonl', { dataPrefix: 'images/', attributeNames: ['source-ref', 'label'] }),
      shared: DataSource.fromFileSystem(fileSystem(stack), { directory: 'datasets/train', contentType: 'image/png' }),
      fast: DataSource.fromLustre(lustre(stack), { mountName: 'abcdef', directory: '/train', access: FileSystemAccess.READ_WRITE }),
      model: DataSource.fromS3Uri('s3://models/llama/', { acceptEula: true, hubContent: 'arn:aws:sagemaker:eu-west-1:123456789012:hub-content/team/ModelReference/llama/1.0.0' }),
      questions: DataSource.fromDataset(DATASET),
    },
    output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'models/', { encryptionKey: key(stack, 'output'), compression: OutputCompression.NONE }),
    checkpoints: Checkpoints.fromBucket(bucketNamed(stack, 'points'), 'run-1', { localPath: '/opt/ml/points' }),
    metrics: [Metric.regex('validation:accuracy', 'acc=([0-9.]+)')],
    networkIsolation: true,
    encryptInterContainerTraffic: true,
    debugHook: DebugHook.toBucket(bucketNamed(stack, 'tensors'), 'run-1/', {
      collections: { losses: { 'train.save_interval': '100' } }, parameters: { 'train.save_interval': '500' }, localPath: '/opt/ml/output/tensors',
    }),
    debugRules: { LossNotDecreasing: rule(stack, 'LossNotDecreasing') },
    profiler: Profiler.toBucket(bucketNamed(stack, 'profile'), 'run-1/', { interval: Duration.millis(500), parameters: { DetailedProfilingConfig: '{"StartStep":5}' } }),
    profilerRules: { ProfilerReport: rule(stack, 'ProfilerReport') },
    tensorBoard: TensorBoardOutput.fromBucket(bucketNamed(stack, 'boards'), 'run-1/', { localPath: '/opt/ml/output/tensorboard' }),
    experiment: { experimentName: 'digits', trialName: 'first', trialComponentDisplayName: 'training', runName: 'run-1' },
    mlflow: Mlflow.fromResource(TRACKING_SERVER, { experimentName: 'digits', runName: 'run-1' }),
    modelPackage: ModelPackageOutput.inGroup(GROUP, { sourceModelPackage: PACKAGE }),
    remoteDebug: true,
    infraCheck: true,
    sessionTagChaining: true,
    ...network(stack),
  }),
  'on demand, reserved and kept': () => ({
    algorithm: Algorithm.fromAlgorithmName('my-algorithm', { metricsTimeSeries: false }),
    capacity: Capacity.onDemand({
      instanceType: 'ml.p6e-gb200.36xlarge', keepAlive: Duration.minutes(30), trainingPlan: PLAN, placement: { instances: { 'us-1': 1 }, multipleJobs: true },
    }),
    maxPending: Duration.hours(2),
    profiler: Profiler.disabled(),
  }),
  'in groups': (stack) => ({
    capacity: Capacity.instanceGroups({ groups: { readers: { instanceType: 'ml.m5.large' }, trainers: { instanceType: 'ml.p3.2xlarge', instanceCount: 2 } }, maxWait: Duration.hours(2) }),
    checkpoints: Checkpoints.fromBucket(bucketNamed(stack, 'points')),
    inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/', { instanceGroups: ['trainers'] }) },
  }),
  'on what is to be had': () => ({
    capacity: Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge', instanceCount: 1, trainingPlan: PLAN }, { instanceType: 'ml.p4d.24xlarge', instanceCount: 2 }], { keepAlive: Duration.minutes(5) }),
  }),
  'on what is to be had, one count': (stack) => ({
    encryption: Encryption.withKeys({ volumeKey: key(stack, 'disk'), outputKey: key(stack, 'results') }), secrets: { TOKEN: Secret.fromSecretNameV2(stack, 'Secret', 'token') }, capacity: Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge' }, { instanceType: 'ml.p4d.24xlarge' }]),
  }),
  'fine-tuning': (stack) => ({
    algorithm: Algorithm.serverless(ServerlessJob.fineTuning({
      baseModel: BASE_MODEL, acceptEula: true, technique: CustomizationTechnique.RLVR, peft: ParameterEfficientFineTuning.LORA, evaluator: EVALUATOR, sequenceLength: '8K',
    })),
    capacity: Capacity.serverless(),
    inputs: { train: DataSource.fromConversations(bucketNamed(stack, 'talks'), 'train/') },
    modelPackage: ModelPackageOutput.inGroup(GROUP),
    maxRuntime: Duration.hours(3),
  }),
  'evaluation': () => ({
    algorithm: Algorithm.serverless(ServerlessJob.evaluation({ baseModel: BASE_MODEL, evaluationType: EvaluationType.CUSTOM_SCORER, evaluator: EVALUATOR })),
    capacity: Capacity.serverless(),
    maxRuntime: Duration.hours(1),
  }),
};
