import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { Annotations, Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { TrainingJobProps } from '../training-job-props';
import { countInRange, durationInRange, inRange, isToken, lengthInRange, matches, oneOf, refuse, unique } from './checks';

type Request = Omit<CreateTrainingJobRequest, 'TrainingJobName'>;

/** Beyond what the service takes, or against itself: a wrong program. Limits are SageMaker's, of CreateTrainingJob. */
export function checkRequest(scope: IConstruct, props: TrainingJobProps, request: Request): void {
  checkTimes(scope, props, request);
  checkCapacity(scope, props, request);
  checkAlgorithm(scope, request);
  checkHyperparameters(scope, request);
  checkChannels(scope, request);
  checkEnvironment(scope, request);
  lengthInRange(scope, 'output', request.OutputDataConfig?.S3OutputPath, 1, 1024);
  lengthInRange(scope, 'checkpoints', request.CheckpointConfig?.S3Uri, 1, 1024);
  lengthInRange(scope, 'checkpoints.localPath', request.CheckpointConfig?.LocalPath, 1, 4096);
  inRange(scope, 'maxRetries', request.RetryStrategy?.MaximumRetryAttempts, 1, 30);
  countInRange(scope, 'securityGroups', request.VpcConfig?.SecurityGroupIds, 1, 5);
  countInRange(scope, 'vpcSubnets', request.VpcConfig?.Subnets, 1, 16);
  warnOfRisks(scope, props, request);
}

function checkTimes(scope: IConstruct, props: TrainingJobProps, request: Request): void {
  durationInRange(scope, 'maxRuntime', props.maxRuntime, Duration.seconds(1), Duration.days(28));
  const { MaxRuntimeInSeconds: run, MaxWaitTimeInSeconds: wait } = request.StoppingCondition ?? {};
  if (request.EnableManagedSpotTraining && wait === undefined) { refuse(scope, 'capacity.maxWait', 'be given for spot capacity', wait); }
  if (wait !== undefined && run !== undefined && !isToken(wait) && !isToken(run) && wait < run) {
    refuse(scope, 'capacity.maxWait', `be at least maxRuntime, which is ${run} seconds`, `${wait} seconds`);
  }
  if (request.EnableManagedSpotTraining && request.ResourceConfig?.KeepAlivePeriodInSeconds) {
    refuse(scope, 'overrides.ResourceConfig.KeepAlivePeriodInSeconds', 'be left out for spot capacity', request.ResourceConfig.KeepAlivePeriodInSeconds);
  }
  inRange(scope, 'overrides.ResourceConfig.KeepAlivePeriodInSeconds', request.ResourceConfig?.KeepAlivePeriodInSeconds, 0, 21600, 'seconds');
  inRange(scope, 'overrides.StoppingCondition.MaxPendingTimeInSeconds', request.StoppingCondition?.MaxPendingTimeInSeconds, 1800, 2419200, 'seconds');
}

function checkCapacity(scope: IConstruct, { capacity }: TrainingJobProps, request: Request): void {
  const { volumeSize } = capacity.options;
  if (volumeSize && !volumeSize.isUnresolved()) { inRange(scope, 'capacity.volumeSize', volumeSize.toGibibytes(), 1, 65536, 'GiB'); }
  inRange(scope, 'capacity.instanceCount', request.ResourceConfig?.InstanceCount, 1, 2147483647);
  matches(scope, 'capacity.instanceType', request.ResourceConfig?.InstanceType, /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type of SageMaker, for instance ml.m5.xlarge');
}

function checkAlgorithm(scope: IConstruct, { AlgorithmSpecification: algorithm }: Request): void {
  lengthInRange(scope, 'algorithm.image', algorithm?.TrainingImage, 1, 255);
  for (const [prop, words] of Object.entries({ entrypoint: algorithm?.ContainerEntrypoint, arguments: algorithm?.ContainerArguments })) {
    countInRange(scope, `algorithm.${prop}`, words, 1, 100);
    words?.forEach((word, index) => lengthInRange(scope, `algorithm.${prop}[${index}]`, word, 0, 256));
  }
  const metrics = algorithm?.MetricDefinitions ?? [];
  countInRange(scope, 'metrics', metrics, 0, 40);
  unique(scope, 'metrics', metrics.map((metric) => metric.Name ?? ''));
  metrics.forEach((metric, index) => {
    lengthInRange(scope, `metrics[${index}].name`, metric.Name, 1, 255);
    lengthInRange(scope, `metrics[${index}].regex`, metric.Regex, 1, 500);
  });
}

function checkHyperparameters(scope: IConstruct, request: Request): void {
  const values = request.HyperParameters ?? {};
  countInRange(scope, 'hyperparameters', values, 0, 100);
  for (const [name, value] of Object.entries(values)) {
    lengthInRange(scope, `hyperparameters: the name ${name.slice(0, 40)}`, name, 1, 256);
    lengthInRange(scope, `hyperparameters.${name}`, value, 0, 2500);
    matches(scope, `hyperparameters.${name}`, value, /^.*$/, 'a single line');
  }
}

function checkChannels(scope: IConstruct, request: Request): void {
  const list = request.InputDataConfig ?? [];
  if (request.InputDataConfig) { countInRange(scope, 'inputs', list, 1, 20); }
  for (const entry of list) {
    const prop = `inputs.${entry.ChannelName}`;
    matches(scope, prop, entry.ChannelName, /^[A-Za-z0-9._-]{1,64}$/, 'named with 1 to 64 letters, digits, dots, dashes and underscores');
    lengthInRange(scope, `${prop}.contentType`, entry.ContentType, 0, 256);
    lengthInRange(scope, `${prop}: the URI`, entry.DataSource?.S3DataSource?.S3Uri, 1, 1024);
    const mode = entry.InputMode ?? request.AlgorithmSpecification?.TrainingInputMode;
    if (mode !== undefined && mode !== 'Pipe') {
      if (entry.CompressionType === 'Gzip') { refuse(scope, `${prop}.compression`, 'be left out unless the channel is a pipe (InputMode.PIPE)', `Gzip with ${mode}`); }
      if (entry.RecordWrapperType === 'RecordIO') { refuse(scope, `${prop}.recordWrapper`, 'be left out unless the channel is a pipe (InputMode.PIPE)', `RecordIO with ${mode}`); }
    }
    const type = entry.DataSource?.S3DataSource?.S3DataType;
    if (mode === 'FastFile' && type !== undefined) { oneOf(scope, `overrides.InputDataConfig.${entry.ChannelName}.S3DataType`, type, ['S3Prefix']); }
    const seed = entry.ShuffleConfig?.Seed;
    inRange(scope, `${prop}.shuffleSeed`, seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  }
}

function checkEnvironment(scope: IConstruct, request: Request): void {
  const variables = request.Environment ?? {};
  countInRange(scope, 'environment', variables, 0, 100);
  for (const [name, value] of Object.entries(variables)) {
    matches(scope, `environment: the name ${name.slice(0, 40)}`, name, /^[A-Za-z_][A-Za-z0-9_]{0,511}$/, 'of 1 to 512 letters, digits and underscores, without a digit first');
    lengthInRange(scope, `environment.${name}`, value, 0, 512);
  }
}

/** Instance types with storage of their own; the list of the service grows, so that a mistake here only warns. */
const LOCAL_STORAGE = /^ml\.([a-z]+\d+[a-z]*d[a-z]*|g5|g6|g6e|gr6|p5|p5e|p5en|trn1|trn1n|trn2)\./;

/** Allowed, and likely to hurt. The ids are part of the API. */
function warnOfRisks(scope: IConstruct, props: TrainingJobProps, request: Request): void {
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`cdk-sagemaker:${id}`, text);
  if (request.EnableManagedSpotTraining && !request.CheckpointConfig) {
    warn('spotWithoutCheckpoints', 'a spot job without checkpoints starts over when it is interrupted; set checkpoints');
  }
  if (request.EnableInterContainerTrafficEncryption && request.ResourceConfig?.InstanceCount === 1) {
    warn('encryptionOfOneInstance', 'there is no traffic between containers to encrypt with one instance; it has an effect from two instances on');
  }
  if (props.capacity.options.volumeKey && LOCAL_STORAGE.test(props.capacity.options.instanceType)) {
    warn('volumeKeyOnLocalStorage', `${props.capacity.options.instanceType} has storage of its own, for which SageMaker takes no volumeKey`);
  }
}
