import type { CreateTrainingJobRequest, Channel } from '@aws-sdk/client-sagemaker';
import { unsupported, validationException } from '../service-error';
import { parseS3Uri } from '../s3-folder';
import { javaScriptRegex } from '../../operate/metrics';
import { localImage } from './container';
import { hostsOfTraining } from './hosts';
import type { Machine } from './machine';
import { inputModeOf } from './pipe-channels';
import { programOf } from './script';
import type { TrainingJobRecord } from './state-file';

/** Whether a job that an internal error has ended is tried once more. */
export const trainsAgain = ({ attempts, request }: TrainingJobRecord) => attempts <= (request.RetryStrategy?.MaximumRetryAttempts ?? 0);

/**
 * What the service model does not say but SageMaker's documentation does, and what can't be done on this machine. Called
 * before a job exists.
 *
 * @throws ServiceError ValidationException
 */
export function checkTrainingJob(request: CreateTrainingJobRequest, machine: Machine): void {
  if (request.ServerlessJobConfig !== undefined) { throw unsupported('ServerlessJobConfig (serverless model customization)'); }
  if (request.RemoteDebugConfig?.EnableRemoteDebug === true) { throw unsupported('RemoteDebugConfig: there is no Systems Manager here, and the process is on this machine anyway'); }
  checkAlgorithm(request);
  checkResources(request);
  checkTimes(request);
  const names = new Set<string>();
  for (const channel of request.InputDataConfig ?? []) {
    if (names.has(channel.ChannelName as string)) { throw validationException(`Duplicate channel name: ${channel.ChannelName}`); }
    names.add(channel.ChannelName as string);
    if (/^\.+$/.test(channel.ChannelName as string)) { throw unsupported(`the channel name ${channel.ChannelName}, which is no name of a folder`); }
    checkChannel(request, channel);
  }
  requireS3Uri('OutputDataConfig.S3OutputPath', request.OutputDataConfig?.S3OutputPath);
  if (request.CheckpointConfig !== undefined) { requireS3Uri('CheckpointConfig.S3Uri', request.CheckpointConfig.S3Uri); }
  checkTags(request.Tags);
  for (const definition of request.AlgorithmSpecification?.MetricDefinitions ?? []) { checkRegex(definition.Name as string, definition.Regex as string); }
  for (const member of ['DebugRuleConfigurations', 'ProfilerRuleConfigurations'] as const) {
    if ((request[member] ?? []).length > 0) { throw unsupported(`${member}: rules are evaluated in containers of their own`); }
  }
  for (const member of ['MlflowConfig', 'ModelPackageConfig'] as const) {
    if (request[member] !== undefined) { throw unsupported(member); }
  }
  if (machine.containers === undefined) { checkTrainingAsProcess(request, machine); }
  const checkpoints = request.CheckpointConfig?.LocalPath ?? '/opt/ml/checkpoints';
  if (!checkpoints.startsWith('/') || checkpoints.split('/').includes('..')) { throw unsupported(`CheckpointConfig.LocalPath must be an absolute path, got ${checkpoints}`); }
}

/**
 * What a process can't do, and a container can.
 *
 * @throws ServiceError ValidationException
 */
export function checkTrainingAsProcess(request: CreateTrainingJobRequest, machine: Machine): void {
  const { AlgorithmSpecification: algorithm, CheckpointConfig: checkpoints } = request;
  const count = hostsOfTraining(request).length;
  if (count > 1) { throw unsupported(`${count} instances: process mode has one host, and would not train on several; use InstanceCount 1`); }
  const path = checkpoints?.LocalPath ?? '/opt/ml/checkpoints';
  if (!path.startsWith('/opt/ml/') || path.split('/').includes('..')) { throw unsupported(`CheckpointConfig.LocalPath must be below /opt/ml in process mode, got ${path}`); }
  const image = localImage(machine, algorithm?.TrainingImage);
  if (programOf(request.HyperParameters) !== undefined || algorithm?.ContainerEntrypoint !== undefined) { return; }
  if (image === undefined) {
    throw unsupported('process mode runs scripts (hyperparameters sagemaker_program and sagemaker_submit_directory), a ContainerEntrypoint, '
      + `or the train program of an image asset (ContainerImage.fromAsset); image ${algorithm?.TrainingImage} with none of them needs a container`);
  }
  if (image.runsScripts) { throw unsupported(`an image FROM ${image.plan.base} without a script: its entry point is that of AWS's toolkit; give the job a script, or the Dockerfile an ENTRYPOINT`); }
}

/** Asked for before a job is launched too, and refused in the same words. */
export const algorithmResource = (name: string) => unsupported(`AlgorithmName ${name}: an algorithm resource can't be run here; use TrainingImage`);

function checkAlgorithm(request: CreateTrainingJobRequest): void {
  const algorithm = request.AlgorithmSpecification;
  if (algorithm === undefined) { throw validationException('AlgorithmSpecification is required.'); }
  if ((algorithm.AlgorithmName === undefined) === (algorithm.TrainingImage === undefined)) {
    throw validationException('You must specify exactly one of AlgorithmName and TrainingImage in AlgorithmSpecification.');
  }
  if (algorithm.AlgorithmName !== undefined) { throw algorithmResource(algorithm.AlgorithmName); }
}

function checkResources(request: CreateTrainingJobRequest): void {
  const resources = request.ResourceConfig;
  if (resources === undefined) { throw validationException('ResourceConfig is required.'); }
  const groups = resources.InstanceGroups ?? [];
  if (groups.length > 0 && (resources.InstanceType !== undefined || resources.InstanceCount !== undefined)) {
    throw validationException('InstanceGroups cannot be used together with InstanceType or InstanceCount in ResourceConfig.');
  }
  if (resources.InstancePreferences !== undefined) { throw unsupported('ResourceConfig.InstancePreferences'); }
  if (groups.length === 0 && resources.InstanceType === undefined) { throw validationException('InstanceType is required in ResourceConfig.'); }
  const count = groups.length > 0 ? groups.reduce((sum, group) => sum + (group.InstanceCount ?? 0), 0) : resources.InstanceCount ?? 0;
  if (count < 1) { throw validationException('InstanceCount in ResourceConfig must be at least 1.'); }
  if (count > MOST_HOSTS) { throw unsupported(`${count} instances on one machine`); }
  if ((resources.KeepAlivePeriodInSeconds ?? 0) > 0 && request.EnableManagedSpotTraining === true) {
    throw validationException('KeepAlivePeriodInSeconds cannot be used with managed spot training.');
  }
  if ((resources.KeepAlivePeriodInSeconds ?? 0) > 0 && groups.length > 0) {
    throw validationException('KeepAlivePeriodInSeconds cannot be used with InstanceGroups.');
  }
}

function checkTimes(request: CreateTrainingJobRequest): void {
  const condition = request.StoppingCondition;
  if (condition === undefined) { throw validationException('StoppingCondition is required.'); }
  const runtime = condition.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME;
  if (runtime > LONGEST_RUNTIME) { throw validationException(`MaxRuntimeInSeconds must be at most ${LONGEST_RUNTIME}.`); }
  if (request.EnableManagedSpotTraining === true) {
    if (condition.MaxWaitTimeInSeconds === undefined) {
      throw validationException('MaxWaitTimeInSeconds must be specified when EnableManagedSpotTraining is true.');
    }
    if (condition.MaxWaitTimeInSeconds < runtime) {
      throw validationException('Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds');
    }
  } else if (condition.MaxWaitTimeInSeconds !== undefined) {
    throw validationException('MaxWaitTimeInSeconds above 0 is not supported when EnableManagedSpotTraining is false.');
  }
}

function checkChannel(request: CreateTrainingJobRequest, channel: Channel): void {
  const name = `channel ${channel.ChannelName}`;
  const source = channel.DataSource?.S3DataSource;
  if (channel.DataSource?.FileSystemDataSource !== undefined) { throw unsupported(`FileSystemDataSource of ${name}`); }
  if (channel.DataSource?.DatasetSource !== undefined) { throw unsupported(`DatasetSource of ${name}: there is no hub here`); }
  if (source?.HubAccessConfig !== undefined) { throw unsupported(`HubAccessConfig of ${name}: there is no hub here`); }
  if (source === undefined) { throw validationException(`A data source is required for ${name}.`); }
  const groups = (request.ResourceConfig?.InstanceGroups ?? []).map((group) => group.InstanceGroupName);
  const unknown = (source.InstanceGroupNames ?? []).find((group) => !groups.includes(group));
  if (unknown !== undefined) { throw validationException(`InstanceGroupNames of ${name}: there is no instance group ${unknown} in ResourceConfig.`); }
  requireS3Uri(`InputDataConfig.${channel.ChannelName}.DataSource.S3DataSource.S3Uri`, source.S3Uri);
  const mode = inputModeOf(request, channel);
  if (source.S3DataType === 'AugmentedManifestFile') { throw mode === 'Pipe' ? unsupported(`AugmentedManifestFile of ${name}`) : validationException(`AugmentedManifestFile of ${name} requires Pipe mode.`); }
  if (source.S3DataType !== 'S3Prefix' && source.S3DataType !== 'ManifestFile') { throw unsupported(`S3DataType ${source.S3DataType} of ${name}`); }
  if (mode === 'FastFile' && source.S3DataType !== 'S3Prefix') { throw validationException(`FastFile mode of ${name} requires S3DataType S3Prefix.`); }
  if (mode === 'Pipe') {
    if (channel.ShuffleConfig !== undefined) { throw unsupported(`ShuffleConfig of ${name} in Pipe mode`); }
    return;
  }
  for (const member of ['CompressionType', 'RecordWrapperType'] as const) {
    if ((channel[member] ?? 'None') !== 'None') { throw validationException(`${member} ${channel[member]} of ${name} requires Pipe mode.`); }
  }
}

/** What goes on around a job at AWS and changes nothing about its result: the job runs without, and its log says so. */
export function leftOut(request: CreateTrainingJobRequest): string[] {
  const members = ['DebugHookConfig', 'TensorBoardOutputConfig', 'ExperimentConfig', 'InfraCheckConfig', 'SessionChainingConfig'] as const;
  return [...members.filter((member) => request[member] !== undefined), ...(request.ProfilerConfig !== undefined && request.ProfilerConfig.DisableProfiler !== true ? ['ProfilerConfig'] : [])];
}

function checkRegex(name: string, regex: string): void {
  try {
    javaScriptRegex(regex);
  } catch (error) {
    throw validationException(`Invalid regular expression of metric ${name}: ${(error as Error).message}`);
  }
}

export function checkTags(tags: ReadonlyArray<{ readonly Key?: string }> | undefined): void {
  const keys = (tags ?? []).map((tag) => tag.Key as string);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) { throw validationException(`Duplicate tag key: ${twice}`); }
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) { throw validationException('aws: prefixed tag key names are not allowed for external use.'); }
}

export function requireS3Uri(member: string, uri: string | undefined): void {
  if (parseS3Uri(uri ?? '') === undefined) { throw unsupported(`${member} must be an s3:// URI here, got ${uri}`); }
}

/** What SageMaker takes when MaxRuntimeInSeconds is not given: a day. */
export const DEFAULT_MAX_RUNTIME = 86_400;
const LONGEST_RUNTIME = 28 * 86_400;
/** Addresses of a network. */
export const MOST_HOSTS = 200;
