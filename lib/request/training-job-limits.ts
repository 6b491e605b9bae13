import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { AlgorithmSpecification } from '../algorithm-specification';
import { algorithmViolations } from '../limits/algorithm-check';
import type { IsUnknown, Path, Violation } from '../limits/constraints';
import { trainingJobViolations } from '../limits/training-job-check';
import { uncarried } from './carried';
import { isToken } from './checks';
import { doubleSlash, propIn, refuseViolation, type PropTable } from './request-violations';

type Request = Omit<CreateTrainingJobRequest, 'TrainingJobName'>;
type Tree = { readonly [member: string]: any };

/** Beyond what the service takes, or against itself: a wrong program. The error names the prop that the member came from. */
export function checkRequest(scope: IConstruct, request: Request, overrides: Tree | undefined): void {
  const violation = trainingJobViolations(request, isToken)[0] ?? doubleSlash(request) ?? uncarried(request);
  if (violation) { refuseOfTraining(scope, request, overrides, violation); }
}

/**
 * What the algorithm does not take is a wrong program as well. Answers whether all that counts was known: otherwise the
 * handler has to look at it once more.
 */
export function checkAlgorithm(request: object, specification: AlgorithmSpecification | undefined, refused: (violation: Violation) => never): boolean {
  if (!specification) { return false; }
  const { isUnknown, sawUnknown } = unknownUntilDeployed();
  const [violation] = algorithmViolations(request, specification._description, isUnknown);
  return violation ? refused(violation) : !sawUnknown();
}

/** Which values are not known yet, and whether one of those that were asked for was such a one. */
export function unknownUntilDeployed(): { readonly isUnknown: IsUnknown; readonly sawUnknown: () => boolean } {
  let saw = false;
  const isUnknown = (value: unknown) => {
    const unknown = isToken(value);
    saw ||= unknown;
    return unknown;
  };
  return { isUnknown, sawUnknown: () => saw };
}

/** A violation in the words of a training job's props. */
export function refuseOfTraining(scope: IConstruct, request: Tree, overrides: Tree | undefined, violation: Violation): never {
  return refuseViolation(scope, PROPS, request, overrides, violation);
}

/** The prop that a member of the request comes from, in the words of the user's program. */
export function propOf(path: Path, request: Tree): string {
  return propIn(PROPS, path, request);
}

const ruleProps = (member: string, prop: string) => ({
  [member]: prop,
  [`${member}[]`]: `${prop}.@`,
  [`${member}[].RuleEvaluatorImage`]: `${prop}.@.image`,
  [`${member}[].InstanceType`]: `${prop}.@.instanceType`,
  [`${member}[].VolumeSizeInGB`]: `${prop}.@.volumeSize`,
  [`${member}[].LocalPath`]: `${prop}.@.localPath`,
  [`${member}[].S3OutputPath`]: `${prop}.@.outputPrefix`,
  [`${member}[].RuleParameters`]: `${prop}.@.parameters*`,
});

/** Each list of ranges has the same members. */
const rangeProps = (member: string) => ({
  [`ParameterRanges.${member}`]: 'ranges',
  [`ParameterRanges.${member}[]`]: 'ranges.@',
  [`ParameterRanges.${member}[].Name`]: 'ranges: the name',
  [`ParameterRanges.${member}[].ScalingType`]: 'ranges.@.scaling',
});

const PROPS: PropTable = {
  'RoleArn': 'role',
  'ParameterRanges': 'ranges',
  ...rangeProps('ContinuousParameterRanges'),
  ...rangeProps('IntegerParameterRanges'),
  ...rangeProps('CategoricalParameterRanges'),
  ...rangeProps('AutoParameters'),
  'Objective': 'objective',
  'HyperParameters': 'hyperparameters*',
  'AlgorithmSpecification': 'algorithm',
  'AlgorithmSpecification.TrainingImage': 'algorithm.image',
  'AlgorithmSpecification.TrainingImageConfig': 'algorithm.image.credentialsProvider',
  'AlgorithmSpecification.AlgorithmName': 'algorithm.algorithmName',
  'AlgorithmSpecification.TrainingInputMode': 'algorithm.inputMode',
  'AlgorithmSpecification.ContainerEntrypoint': 'algorithm.entrypoint',
  'AlgorithmSpecification.ContainerEntrypoint[]': 'algorithm.entrypoint[#]',
  'AlgorithmSpecification.ContainerArguments': 'algorithm.arguments',
  'AlgorithmSpecification.ContainerArguments[]': 'algorithm.arguments[#]',
  'AlgorithmSpecification.MetricDefinitions': 'metrics',
  'AlgorithmSpecification.MetricDefinitions[].Name': 'metrics[#].name',
  'AlgorithmSpecification.MetricDefinitions[].Regex': 'metrics[#].regex',
  'InputDataConfig': 'inputs',
  'InputDataConfig[]': 'inputs.@',
  'InputDataConfig[].ContentType': 'inputs.@.contentType',
  'InputDataConfig[].CompressionType': 'inputs.@.compression',
  'InputDataConfig[].RecordWrapperType': 'inputs.@.recordWrapper',
  'InputDataConfig[].InputMode': 'inputs.@.inputMode',
  'InputDataConfig[].ShuffleConfig': 'inputs.@.shuffleSeed',
  'InputDataConfig[].DataSource.S3DataSource.S3DataDistributionType': 'inputs.@.distribution',
  'InputDataConfig[].DataSource.S3DataSource.AttributeNames': 'inputs.@.attributeNames',
  'InputDataConfig[].DataSource.S3DataSource.InstanceGroupNames': 'inputs.@.instanceGroups',
  'InputDataConfig[].DataSource.S3DataSource.ModelAccessConfig': 'inputs.@.acceptEula',
  'InputDataConfig[].DataSource.S3DataSource.HubAccessConfig': 'inputs.@.hubContent',
  'InputDataConfig[].DataSource.S3DataSource.S3Uri': 'inputs.@: the URI',
  'InputDataConfig[].DataSource.FileSystemDataSource.FileSystemId': 'inputs.@.fileSystem',
  'InputDataConfig[].DataSource.FileSystemDataSource.FileSystemAccessMode': 'inputs.@.access',
  'InputDataConfig[].DataSource.FileSystemDataSource.DirectoryPath': 'inputs.@.directory',
  'InputDataConfig[].DataSource.DatasetSource': 'inputs.@.dataset',
  'OutputDataConfig': 'output',
  'OutputDataConfig.KmsKeyId': 'output.encryptionKey',
  'OutputDataConfig.CompressionType': 'output.compression',
  'ResourceConfig': 'capacity',
  'ResourceConfig.InstanceType': 'capacity.instanceType',
  'ResourceConfig.InstanceCount': 'capacity.instanceCount',
  'ResourceConfig.VolumeSizeInGB': 'capacity.volumeSize',
  'ResourceConfig.VolumeKmsKeyId': 'capacity.volumeKey',
  'ResourceConfig.KeepAlivePeriodInSeconds': 'capacity.keepAlive',
  'ResourceConfig.TrainingPlanArn': 'capacity.trainingPlan',
  'ResourceConfig.InstanceGroups': 'capacity.groups',
  'ResourceConfig.InstanceGroups[].InstanceType': 'capacity.groups.@.instanceType',
  'ResourceConfig.InstanceGroups[].InstanceCount': 'capacity.groups.@.instanceCount',
  'ResourceConfig.InstanceGroups[].InstanceGroupName': 'capacity.groups: the name',
  'ResourceConfig.InstancePreferences': 'capacity.preferences',
  'ResourceConfig.InstancePreferences[].InstanceType': 'capacity.preferences[#].instanceType',
  'ResourceConfig.InstancePreferences[].InstanceCount': 'capacity.preferences[#].instanceCount',
  'ResourceConfig.InstancePreferences[].TrainingPlanArns': 'capacity.preferences[#].trainingPlan',
  'ResourceConfig.InstancePlacementConfig': 'capacity.placement',
  'ResourceConfig.InstancePlacementConfig.PlacementSpecifications': 'capacity.placement.instances',
  'ResourceConfig.InstancePlacementConfig.PlacementSpecifications[].UltraServerId': 'capacity.placement.instances: the name',
  'ResourceConfig.InstancePlacementConfig.PlacementSpecifications[].InstanceCount': 'capacity.placement.instances.@',
  'VpcConfig': 'vpc',
  'VpcConfig.SecurityGroupIds': 'securityGroups',
  'VpcConfig.Subnets': 'vpcSubnets',
  'StoppingCondition': 'maxRuntime',
  'StoppingCondition.MaxWaitTimeInSeconds': 'capacity.maxWait',
  'StoppingCondition.MaxPendingTimeInSeconds': 'maxPending',
  'EnableNetworkIsolation': 'networkIsolation',
  'EnableInterContainerTrafficEncryption': 'encryptInterContainerTraffic',
  'EnableManagedSpotTraining': 'capacity.maxWait',
  'CheckpointConfig': 'checkpoints',
  'CheckpointConfig.LocalPath': 'checkpoints.localPath',
  'DebugHookConfig': 'debugHook',
  'DebugHookConfig.LocalPath': 'debugHook.localPath',
  'DebugHookConfig.HookParameters': 'debugHook.parameters*',
  'DebugHookConfig.CollectionConfigurations': 'debugHook.collections',
  'DebugHookConfig.CollectionConfigurations[].CollectionName': 'debugHook.collections: the name',
  'DebugHookConfig.CollectionConfigurations[].CollectionParameters': 'debugHook.collections.@*',
  ...ruleProps('DebugRuleConfigurations', 'debugRules'),
  'TensorBoardOutputConfig': 'tensorBoard',
  'TensorBoardOutputConfig.LocalPath': 'tensorBoard.localPath',
  'ExperimentConfig': 'experiment',
  'ExperimentConfig.ExperimentName': 'experiment.experimentName',
  'ExperimentConfig.TrialName': 'experiment.trialName',
  'ExperimentConfig.TrialComponentDisplayName': 'experiment.trialComponentDisplayName',
  'ExperimentConfig.RunName': 'experiment.runName',
  'ProfilerConfig': 'profiler',
  'ProfilerConfig.ProfilingIntervalInMilliseconds': 'profiler.interval',
  'ProfilerConfig.ProfilingParameters': 'profiler.parameters*',
  ...ruleProps('ProfilerRuleConfigurations', 'profilerRules'),
  'Environment': 'environment*',
  'RetryStrategy': 'maxRetries',
  'RemoteDebugConfig': 'remoteDebug',
  'InfraCheckConfig': 'infraCheck',
  'SessionChainingConfig': 'sessionTagChaining',
  'ServerlessJobConfig': 'algorithm',
  'ServerlessJobConfig.BaseModelArn': 'algorithm.baseModel',
  'ServerlessJobConfig.EvaluationType': 'algorithm.evaluationType',
  'ServerlessJobConfig.EvaluatorArn': 'algorithm.evaluator',
  'ServerlessJobConfig.SequenceLength': 'algorithm.sequenceLength',
  'MlflowConfig': 'mlflow',
  'MlflowConfig.MlflowExperimentName': 'mlflow.experimentName',
  'MlflowConfig.MlflowRunName': 'mlflow.runName',
  'ModelPackageConfig': 'modelPackage.group',
  'ModelPackageConfig.SourceModelPackageArn': 'modelPackage.sourceModelPackage',
};
