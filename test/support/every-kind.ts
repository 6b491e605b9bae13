import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ArnFormat, Size, Token, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, AsyncInference, AutoScaling, BuiltInRule, Capacity, Checkpoints, ContainerImage, CoreDumps, DataCapture, DataSource, DebugHook, Encryption, Endpoint, EndpointConfig, EndpointDashboard, Framework,
  HyperparameterTuningJob, InferenceComponent, JobProvider, Metric, Mlflow, Model, ModelData, ModelPackage, ModelPackageGroup, MonitoringRule, Objective, OutputLocation, ParameterRange, ProcessingInput,
  ProcessingJob, ProcessingOutput, Profiler, RollbackAlarm, ScalingPolicy, Script, SplitType, TensorBoardOutput, TrainingJob, Variant,
} from 'cdk-sagemaker';

/** What not every Region has: SageMaker's own images, debugger and profiler, and the images of their rules. */
export type Lacking = 'images' | 'monitors' | 'rules';

/** Every kind of construct in a stack, made of what the app itself has: nothing in it names a partition, unless the library does. */
export function everyKind(stack: Stack, lacking: readonly Lacking[] = []): void {
  const isOfPlace = !Token.isUnresolved(stack.account) && !Token.isUnresolved(stack.region);
  if (isOfPlace) { stack.node.setContext(`cdk-sagemaker:approved-version:account=${stack.account}:group=digits:region=${stack.region}`, 3); }
  const key = new Key(stack, 'Key');
  const bucket = new Bucket(stack, 'Bucket', { encryptionKey: key });
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false });
  const image = ContainerImage.fromEcrRepository(new Repository(stack, 'Repository'), '1.0');
  const capacity = Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: key });
  const arn = (service: string, resource: string, resourceName: string) => stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  JobProvider.configure(stack, { vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, encryptionKey: key });

  const training = new TrainingJob(stack, 'Train', {
    algorithm: Algorithm.image(image), capacity, metrics: [Metric.regex('loss', 'loss=([0-9.]+)')], vpc, vpcSubnets: { subnets: vpc.isolatedSubnets },
    inputs: { train: DataSource.fromBucket(bucket, 'train/'), asset: DataSource.fromAsset(__filename), uri: DataSource.fromS3Uri('s3://elsewhere/data/') },
    output: OutputLocation.fromBucket(bucket, 'jobs/', { encryptionKey: key }), checkpoints: Checkpoints.fromBucket(bucket, 'points'), tensorBoard: TensorBoardOutput.fromBucket(bucket, 'boards'),
    secrets: { TOKEN: new Secret(stack, 'Token') }, encryption: Encryption.withKey(key),
    mlflow: Mlflow.fromResource(arn('sagemaker', 'mlflow-tracking-server', 'team')),
    ...(!lacking.includes('monitors') && { debugHook: DebugHook.toBucket(bucket, 'tensors'), profiler: Profiler.toBucket(bucket, 'profile') }),
    ...(!lacking.includes('rules') && { debugRules: { Loss: MonitoringRule.builtIn(BuiltInRule.LOSS_NOT_DECREASING) } }),
  });
  new HyperparameterTuningJob(stack, 'Tune', {
    definition: { algorithm: Algorithm.image(image), capacity, metrics: [Metric.regex('loss', 'loss=([0-9.]+)')], objective: Objective.minimize('loss'), ranges: { rate: ParameterRange.continuous(0.1, 0.5) } },
    maxJobs: 2, maxParallelJobs: 1,
  });
  new ProcessingJob(stack, 'Process', { image, capacity, inputs: { raw: ProcessingInput.fromData(DataSource.fromBucket(bucket, 'raw/')) }, outputs: { done: ProcessingOutput.toBucket(bucket, 'done') } });
  if (!lacking.includes('images')) {
    new TrainingJob(stack, 'OfFramework', { algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script: Script.fromFile(__filename) }), capacity }).toModel('Model', { entryPoint: 'every-kind.ts' });
    new TrainingJob(stack, 'OfAlgorithm', { algorithm: Algorithm.image(ContainerImage.fromSageMaker('kmeans')), capacity });
  }

  const model = training.toModel('Model');
  model.transform('Score', { input: DataSource.fromBucket(bucket, 'batch/'), instanceType: 'ml.m5.large', splitType: SplitType.LINE });
  const endpoint = model.deploy('Endpoint', {
    instanceType: 'ml.m5.large', encryptionKey: key, autoScaling: AutoScaling.between(1, 4, [ScalingPolicy.invocationsPerInstance(200)]),
    dataCapture: DataCapture.toBucket(bucket, 'captured', { encryptionKey: key }), rollbackAlarms: [RollbackAlarm.modelErrors({ abovePercent: 1 })],
  });
  endpoint.grantInvoke(new Role(stack, 'Caller', { assumedBy: new AccountRootPrincipal() }));
  endpoint.allowFromVpc(new Vpc(stack, 'Callers', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false }), { describe: true });
  new EndpointDashboard(stack, 'Dashboard', { endpoints: [endpoint], alarms: [endpoint.alarmErrorRate('Errors')] });
  new Endpoint(stack, 'Queued', {
    config: new EndpointConfig(stack, 'Queue', {
      variants: { a: Variant.onInstances(new Model(stack, 'FromBucket', { image, modelData: ModelData.fromBucket(bucket, 'model.tar.gz') }), { instanceType: 'ml.m5.large', coreDumps: CoreDumps.toBucket(bucket, 'dumps') }) },
      asyncInference: AsyncInference.toBucket(bucket, 'answers', { successTopic: new Topic(stack, 'Done', { masterKey: key }), errorTopic: new Topic(stack, 'Failed') }),
    }),
  });
  const shared = new EndpointConfig(stack, 'Shared', { variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.xlarge', minInstanceCount: 0, maxInstanceCount: 2 }) } });
  new InferenceComponent(stack, 'Component', { endpoint: new Endpoint(stack, 'SharedEndpoint', { config: shared }), variantName: 'AllTraffic', model, memory: Size.gibibytes(1) });

  const group = new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'digits' });
  training.register('Version', { group, contentTypes: ['text/csv'], responseTypes: ['text/csv'] });
  training.publishTo('Artifact', { parameterName: '/digits/artifact' });
  if (isOfPlace) { new Model(stack, 'Latest', { modelPackage: ModelPackage.latestApproved(stack, 'Approved', group) }); }
  TrainingJob.fromTrainingJobName(stack, 'Before', 'digits-before').toModel('Model', { image });
}
