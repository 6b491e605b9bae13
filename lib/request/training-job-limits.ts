import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { StringConcat, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { AlgorithmSpecification } from '../algorithm-specification';
import { algorithmViolations } from '../limits/algorithm-check';
import { written, type IsUnknown, type Path, type Violation } from '../limits/constraints';
import { S3_URI, TRAINING_JOB_LIMITS } from '../limits/training-job';
import { trainingJobViolations } from '../limits/training-job-check';
import { isToken, refuse } from './checks';

type Request = Omit<CreateTrainingJobRequest, 'TrainingJobName'>;
type Tree = { readonly [member: string]: any };

/** Beyond what the service takes, or against itself: a wrong program. The error names the prop that the member came from. */
export function checkRequest(scope: IConstruct, request: Request, overrides: Tree | undefined): void {
  const violation = trainingJobViolations(request, isToken)[0] ?? doubleSlash(request);
  if (violation) { refuseViolation(scope, request, overrides, violation); }
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

export function refuseViolation(scope: IConstruct, request: Request, overrides: Tree | undefined, violation: Violation): never {
  return refuseAt(scope, violation, (at) => (isOverridden(overrides, at) ? `overrides.${written(at)}` : propOf(at, request)));
}

/** A violation in the words of the user's program. */
export function refuseAt(scope: IConstruct, { path, rule, value, isName }: Violation, propAt: (path: Path) => string): never {
  const prop = propAt(isName ? path.slice(0, -1) : path);
  return refuse(scope, isName ? `${prop}: the name ${String(path.at(-1)).slice(0, 40)}` : prop, rule, value);
}

/** Two slashes in a URI whose bucket is known only at deployment: what is known of it is wrong enough. */
export function doubleSlash(value: unknown, path: Path = []): Violation | undefined {
  if (typeof value === 'object' && value !== null) {
    const entries = Array.isArray(value) ? value.map((entry, index): [number, unknown] => [index, entry]) : Object.entries(value);
    return entries.reduce<Violation | undefined>((found, [member, entry]) => found ?? doubleSlash(entry, [...path, member]), undefined);
  }
  if (typeof value !== 'string' || !isToken(value) || !/^S3(Uri|OutputPath)$/.test(String(path.at(-1)))) { return undefined; }
  const known = Tokenization.reverseString(value).mapTokens({ mapToken: () => 'token' }).join(new StringConcat()) as string;
  return /^(https|s3):\/\//.test(known) && !S3_URI.test(known) ? { path, rule: `be ${TRAINING_JOB_LIMITS['OutputDataConfig.S3OutputPath'].words}`, value: known } : undefined;
}

/** Whether a member is what an override says: overrides replace lists as a whole. */
export function isOverridden(overrides: Tree | undefined, path: Path): boolean {
  let place: unknown = overrides;
  for (const part of path) {
    if (typeof place !== 'object' || place === null) { return false; }
    if (Array.isArray(place)) { return true; }
    place = (place as Tree)[part];
  }
  return place !== undefined;
}

/** The prop that a member of the request comes from, in the words of the user's program. */
export function propOf(path: Path, request: Tree): string {
  for (let length = path.length; length > 0; length--) {
    const template = PROPS[path.slice(0, length).map((part) => (typeof part === 'number' ? '[]' : part)).join('.').replaceAll('.[]', '[]')];
    if (template === undefined) { continue; }
    const rest = template.endsWith('*') ? path.slice(length).map((name) => `.${name}`).join('') : '';
    return template.replace('*', '').replace('#', String(path.find((part) => typeof part === 'number'))).replace('@', elementName(path, request)) + rest;
  }
  return `overrides.${written(path)}`;
}

/** What the first element of a list on the path is called. */
function elementName(path: Path, request: Tree): string {
  const at = path.findIndex((part) => typeof part === 'number');
  const element = path.slice(0, at + 1).reduce<any>((place, part) => place?.[part], request) as Tree | undefined;
  const name = NAMES.map((member) => element?.[member]).find((value) => value !== undefined);
  return name === undefined || isToken(name) ? String(path[at]) : String(name);
}

const NAMES = ['Name', 'ChannelName', 'InstanceGroupName', 'RuleConfigurationName', 'CollectionName', 'UltraServerId'];

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

/** Member -> prop. `#` is the place in a list, `@` the name of its element; what is below a `*` is named as it is. */
const PROPS: { readonly [member: string]: string } = {
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
