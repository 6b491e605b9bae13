import type { Channel, CreateTrainingJobRequest, OutputDataConfig, ResourceConfig } from '@aws-sdk/client-sagemaker';
import { Size } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { AlgorithmConfig } from '../algorithm';
import type { Capacity } from '../capacity';
import type { CheckpointsConfig } from '../checkpoints';
import type { DataSourceConfig } from '../data-source';
import type { Hyperparameters } from '../hyperparameters';
import type { JobNetworkConfig } from '../job-network';
import type { Metric } from '../metric';
import type { OutputLocationConfig } from '../output-location';
import type { ScriptConfig } from '../script';
import type { TrainingJobProps } from '../training-job-props';
import { refuse, wholeSeconds } from './checks';
import { withOverrides } from './overrides';
import { pythonJson, pythonStr } from './python-text';
import { checkRequest } from './training-job-limits';

/** What the props of a training job are bound to. */
export interface BoundTrainingJob {
  readonly algorithm: AlgorithmConfig;
  readonly inputs: { readonly [channel: string]: DataSourceConfig };
  readonly output: OutputLocationConfig;
  readonly checkpoints?: CheckpointsConfig;
  readonly network?: JobNetworkConfig;
  readonly roleArn: string;
  readonly region: string;
}

/** The request, and what stands for its addresses in the run key. */
export interface TrainingJobRequest {
  readonly request: Omit<CreateTrainingJobRequest, 'TrainingJobName'>;
  readonly content: { readonly [path: string]: string };
}

/** The channel that the script comes by where the container can't fetch it, and its folder. */
const CODE_CHANNEL = 'code';
const CODE_FOLDER = `/opt/ml/input/data/${CODE_CHANNEL}`;
/** 20, the `INFO` of Python's logging, is what the Python SDK asks for. */
export const LOG_LEVEL = 20;

/** An hour, as version 3 of the Python SDK has it; a day, as the service has it, costs much when a job hangs. */
export const DEFAULT_MAX_RUNTIME_SECONDS = 3600;

/** Props -> what SageMaker is asked. Members are there when they say something: what is off is not sent. */
export function trainingJobRequest(scope: IConstruct, props: TrainingJobProps, bound: BoundTrainingJob): TrainingJobRequest {
  const { algorithm } = bound;
  const request: Omit<CreateTrainingJobRequest, 'TrainingJobName'> = {
    RoleArn: bound.roleArn,
    AlgorithmSpecification: {
      TrainingImage: algorithm.image.imageUri,
      TrainingInputMode: algorithm.inputMode,
      ContainerEntrypoint: algorithm.entrypoint,
      ContainerArguments: algorithm.arguments,
      MetricDefinitions: metricDefinitions(props.metrics),
    },
    HyperParameters: hyperParameters(scope, props, bound),
    InputDataConfig: channels(scope, props, bound),
    OutputDataConfig: outputDataConfig(bound.output),
    ResourceConfig: resourceConfig(props.capacity),
    StoppingCondition: {
      MaxRuntimeInSeconds: props.maxRuntime ? wholeSeconds(scope, 'maxRuntime', props.maxRuntime) : DEFAULT_MAX_RUNTIME_SECONDS,
      MaxWaitTimeInSeconds: props.capacity.maxWait && wholeSeconds(scope, 'capacity.maxWait', props.capacity.maxWait),
    },
    EnableManagedSpotTraining: props.capacity.maxWait ? true : undefined,
    CheckpointConfig: bound.checkpoints && { S3Uri: bound.checkpoints.s3Uri, LocalPath: bound.checkpoints.localPath },
    VpcConfig: bound.network && {
      SecurityGroupIds: bound.network.securityGroups.map((group) => group.securityGroupId),
      Subnets: bound.network.subnets.map((subnet) => subnet.subnetId),
    },
    EnableNetworkIsolation: props.networkIsolation ? true : undefined,
    EnableInterContainerTrafficEncryption: props.encryptInterContainerTraffic ? true : undefined,
    Environment: props.environment && Object.keys(props.environment).length > 0 ? { ...props.environment } : undefined,
    RetryStrategy: props.maxRetries === undefined ? undefined : { MaximumRetryAttempts: props.maxRetries },
  };
  const complete = withOverrides(scope, request, props.overrides);
  checkRequest(scope, props, complete);
  return { request: complete, content: contentOf(complete, request, bound) };
}

/** The user's hyperparameters as text, and in script mode those by which the container finds the script. */
function hyperParameters(scope: IConstruct, props: TrainingJobProps, bound: BoundTrainingJob): { [name: string]: string } | undefined {
  const { script } = bound.algorithm;
  const text = script ? pythonJson : pythonStr;
  const users = valuesOf(props.hyperparameters).map(([name, value]) => {
    try {
      return [name, text(value)];
    } catch (error) {
      return refuse(scope, `hyperparameters.${name}`, `be text, a number, true or false, a list or a map of such: ${(error as Error).message}`, String(value));
    }
  });
  const all = Object.fromEntries([...users, ...(script ? controlHyperparameters(script, props, bound.region) : [])]);
  return Object.keys(all).length > 0 ? all : undefined;
}

function controlHyperparameters(script: ScriptConfig, props: TrainingJobProps, region: string): [string, string][] {
  const directory = props.networkIsolation ? `${CODE_FOLDER}/${script.fileName}` : script.submitDirectory;
  return [
    ['sagemaker_submit_directory', pythonJson(directory)],
    ['sagemaker_program', pythonJson(script.entryPoint)],
    ['sagemaker_container_log_level', pythonJson(LOG_LEVEL)],
    ['sagemaker_region', pythonJson(region)],
  ];
}

function channels(scope: IConstruct, props: TrainingJobProps, bound: BoundTrainingJob): Channel[] | undefined {
  const list = Object.entries(bound.inputs).map(([name, data]): Channel => channel(name, data));
  const { script } = bound.algorithm;
  if (script && props.networkIsolation) {
    if (CODE_CHANNEL in bound.inputs) { refuse(scope, 'inputs', `leave the name ${CODE_CHANNEL} to the script, which comes by that channel under network isolation`, CODE_CHANNEL); }
    list.push(channel(CODE_CHANNEL, { s3Uri: script.submitDirectory, options: {} }));
  }
  return list.length > 0 ? list : undefined;
}

function channel(name: string, { s3Uri, options }: DataSourceConfig): Channel {
  return {
    ChannelName: name,
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: s3Uri, S3DataDistributionType: options.distribution ?? 'FullyReplicated' } },
    ContentType: options.contentType,
    CompressionType: options.compression,
    RecordWrapperType: options.recordWrapper,
    InputMode: options.inputMode,
    ShuffleConfig: options.shuffleSeed === undefined ? undefined : { Seed: options.shuffleSeed },
  };
}

export function outputDataConfig(output: OutputLocationConfig): OutputDataConfig {
  return {
    S3OutputPath: `s3://${output.bucket.bucketName}/${output.prefix}`,
    KmsKeyId: output.options.encryptionKey?.keyArn,
    CompressionType: output.options.compression,
  };
}

function resourceConfig({ options }: Capacity): ResourceConfig {
  return {
    InstanceType: options.instanceType as ResourceConfig['InstanceType'],
    InstanceCount: options.instanceCount ?? 1,
    VolumeSizeInGB: (options.volumeSize ?? Size.gibibytes(30)).toGibibytes(),
    VolumeKmsKeyId: options.volumeKey?.keyArn,
  };
}

function metricDefinitions(metrics: Metric[] | undefined): { Name: string; Regex: string }[] | undefined {
  return metrics && metrics.length > 0 ? metrics.map((metric) => ({ Name: metric.metricName, Regex: metric.expression })) : undefined;
}

/** What the addresses in the request hold, as far as it is known. An address that an override replaced holds something else. */
function contentOf(request: TrainingJobRequest['request'], before: TrainingJobRequest['request'], bound: BoundTrainingJob): { [path: string]: string } {
  const { image, script } = bound.algorithm;
  const content: { [path: string]: string } = {};
  if (image.contentHash && same((r) => r.AlgorithmSpecification?.TrainingImage)) { content['AlgorithmSpecification.TrainingImage'] = image.contentHash; }
  if (script?.contentHash && same((r) => r.HyperParameters?.sagemaker_submit_directory)) { content['HyperParameters.sagemaker_submit_directory'] = script.contentHash; }
  for (const { ChannelName, DataSource } of request.InputDataConfig ?? []) {
    const hash = bound.inputs[ChannelName!]?.contentHash ?? (ChannelName === CODE_CHANNEL && !(CODE_CHANNEL in bound.inputs) ? script?.contentHash : undefined);
    const original = before.InputDataConfig?.find((entry) => entry.ChannelName === ChannelName);
    if (hash && original?.DataSource?.S3DataSource?.S3Uri === DataSource?.S3DataSource?.S3Uri) {
      content[`InputDataConfig.${ChannelName}.DataSource.S3DataSource.S3Uri`] = hash;
    }
  }
  return content;

  function same(member: (r: TrainingJobRequest['request']) => string | undefined): boolean { return member(request) === member(before); }
}

const valuesOf = (hyperparameters: Hyperparameters | undefined) => Object.entries(hyperparameters?.values ?? {}).filter(([, value]) => value !== undefined);
