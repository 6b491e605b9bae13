import type { AlgorithmSpecification, CreateTrainingJobRequest, OutputDataConfig, StoppingCondition } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { AlgorithmConfig } from '../algorithm-options';
import type { CheckpointsConfig } from '../checkpoints';
import type { ChosenKey } from '../chosen-keys';
import type { DataSourceConfig } from '../data-source-config';
import type { JobNetworkConfig } from '../job-network';
import type { Metric } from '../metric';
import type { OutputLocationConfig } from '../output-location';
import type { TrainingDefinitionProps } from '../training-definition-props';
import { wholeSeconds } from './checks';
import { nonEmpty } from './members';
import { channels, CODE_CHANNEL } from './training-job-channels';
import { hyperParameters } from './training-job-hyperparameters';

/** What the props of a definition are bound to. */
export interface BoundDefinition {
  readonly algorithm: AlgorithmConfig;
  readonly inputs: { readonly [channel: string]: DataSourceConfig };
  readonly output: OutputLocationConfig;
  readonly checkpoints?: CheckpointsConfig;
  readonly network?: JobNetworkConfig;
  /** The key of the storage of the instances. */
  readonly volumeKey?: ChosenKey;
  /** The variables that name secrets. */
  readonly secrets?: { readonly [name: string]: string };
  readonly roleArn: string;
  readonly region: string;
}

/** A definition in the words of CreateTrainingJob, but for its instances. */
export interface TrainingDefinition<Resources> {
  readonly members: Definition & Resources;
  /** Hyperparameters in which the name of the job is to be filled in. */
  readonly namingTheJob: readonly string[];
  /** Hyperparameters that are not the user's to say, each with what to do instead. */
  readonly reserved: { readonly [name: string]: string };
}

type Definition = Pick<
  CreateTrainingJobRequest,
  'RoleArn' | 'AlgorithmSpecification' | 'HyperParameters' | 'InputDataConfig' | 'OutputDataConfig' | 'StoppingCondition' | 'EnableManagedSpotTraining' | 'CheckpointConfig' |
  'VpcConfig' | 'EnableNetworkIsolation' | 'EnableInterContainerTrafficEncryption' | 'Environment' | 'RetryStrategy'
>;

/** An hour, as version 3 of the Python SDK has it; a day, as the service has it, costs much when a job hangs. */
export const DEFAULT_MAX_RUNTIME_SECONDS = 3600;

/** What is trained, on what, with what: the same for a job of its own and for the jobs of a tuning job. Members are there when they say something: what is off is not sent. */
export function trainingDefinition<Resources extends object>(scope: IConstruct, props: TrainingDefinitionProps, bound: BoundDefinition, resources: Resources): TrainingDefinition<Resources> {
  const { algorithm } = bound;
  const hyperparameters = hyperParameters(scope, props, algorithm, bound.region);
  const members = {
    RoleArn: bound.roleArn,
    AlgorithmSpecification: algorithm.serverless ? undefined : algorithmSpecification(props, algorithm),
    HyperParameters: hyperparameters.all,
    InputDataConfig: channels(scope, bound.inputs, props.networkIsolation ? algorithm.script : undefined, algorithm.inputMode),
    OutputDataConfig: outputDataConfig(bound.output),
    ...resources,
    StoppingCondition: stoppingCondition(scope, props),
    EnableManagedSpotTraining: props.capacity.config.isSpot || props.capacity.config.maxWait ? true : undefined,
    CheckpointConfig: bound.checkpoints && { S3Uri: bound.checkpoints.s3Uri, LocalPath: bound.checkpoints.localPath },
    VpcConfig: bound.network && {
      SecurityGroupIds: bound.network.securityGroups.map((group) => group.securityGroupId),
      Subnets: bound.network.subnets.map((subnet) => subnet.subnetId),
    },
    EnableNetworkIsolation: props.networkIsolation ?? algorithm.networkIsolation ? true : undefined,
    EnableInterContainerTrafficEncryption: props.encryptInterContainerTraffic ? true : undefined,
    Environment: nonEmpty({ ...props.environment, ...bound.secrets }),
    RetryStrategy: props.maxRetries === undefined ? undefined : { MaximumRetryAttempts: props.maxRetries },
  };
  return { members, namingTheJob: hyperparameters.namingTheJob, reserved: hyperparameters.reserved };
}

function algorithmSpecification(props: TrainingDefinitionProps, algorithm: AlgorithmConfig): AlgorithmSpecification {
  const { image } = algorithm;
  return {
    TrainingImage: image?.imageUri,
    AlgorithmName: algorithm.algorithmName,
    TrainingInputMode: algorithm.inputMode ?? 'File',
    ContainerEntrypoint: algorithm.entrypoint,
    ContainerArguments: algorithm.arguments,
    MetricDefinitions: metricDefinitions(props.metrics ?? algorithm.metricDefinitions),
    EnableSageMakerMetricsTimeSeries: algorithm.metricsTimeSeries,
    TrainingImageConfig: image?.isInVpc ? {
      TrainingRepositoryAccessMode: 'Vpc',
      TrainingRepositoryAuthConfig: image.credentialsProvider && { TrainingRepositoryCredentialsProviderArn: image.credentialsProvider.functionArn },
    } : undefined,
  };
}

/** How long; a serverless job is told only what the user says. */
function stoppingCondition(scope: IConstruct, props: TrainingDefinitionProps): StoppingCondition | undefined {
  const { isServerless, maxWait } = props.capacity.config;
  const run = props.maxRuntime ? wholeSeconds(scope, 'maxRuntime', props.maxRuntime) : isServerless ? undefined : DEFAULT_MAX_RUNTIME_SECONDS;
  const pending = props.maxPending && wholeSeconds(scope, 'maxPending', props.maxPending);
  if (run === undefined && pending === undefined) { return undefined; }
  return { MaxRuntimeInSeconds: run, MaxWaitTimeInSeconds: maxWait && wholeSeconds(scope, 'capacity.maxWait', maxWait), MaxPendingTimeInSeconds: pending };
}

function outputDataConfig(output: OutputLocationConfig): OutputDataConfig {
  return {
    S3OutputPath: `s3://${output.bucket.bucketName}/${output.prefix}`,
    KmsKeyId: output.options.encryptionKey?.keyArn,
    CompressionType: output.options.compression,
  };
}

function metricDefinitions(metrics: Metric[] | undefined): { Name: string; Regex: string }[] | undefined {
  return metrics && metrics.length > 0 ? metrics.map((metric) => ({ Name: metric.metricName, Regex: metric.expression })) : undefined;
}

/** What the addresses in a definition hold, as far as it is known. An address that an override replaced holds something else. */
export function definitionContent(members: Definition, before: Definition, bound: BoundDefinition): { [path: string]: string } {
  const { image, script } = bound.algorithm;
  const content: { [path: string]: string } = {};
  if (image?.contentHash && same((r) => r.AlgorithmSpecification?.TrainingImage)) { content['AlgorithmSpecification.TrainingImage'] = image.contentHash; }
  if (script?.contentHash && same((r) => r.HyperParameters?.sagemaker_submit_directory)) { content['HyperParameters.sagemaker_submit_directory'] = script.contentHash; }
  for (const { ChannelName, DataSource } of members.InputDataConfig ?? []) {
    const hash = bound.inputs[ChannelName!]?.contentHash ?? (ChannelName === CODE_CHANNEL && !(CODE_CHANNEL in bound.inputs) ? script?.contentHash : undefined);
    const original = before.InputDataConfig?.find((entry) => entry.ChannelName === ChannelName);
    if (hash && original?.DataSource?.S3DataSource?.S3Uri === DataSource?.S3DataSource?.S3Uri) {
      content[`InputDataConfig.${ChannelName}.DataSource.S3DataSource.S3Uri`] = hash;
    }
  }
  return content;

  function same(member: (r: Definition) => string | undefined): boolean { return member(members) === member(before); }
}
