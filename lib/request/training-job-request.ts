import type { AlgorithmSpecification, CreateTrainingJobRequest, OutputDataConfig, StoppingCondition } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { AlgorithmConfig } from '../algorithm-options';
import type { CheckpointsConfig } from '../checkpoints';
import type { DataSourceConfig } from '../data-source-config';
import type { DebugHookConfig } from '../debug-hook';
import type { JobNetworkConfig } from '../job-network';
import type { Metric } from '../metric';
import type { MlflowConfig } from '../mlflow';
import type { ModelPackageOutputConfig } from '../model-package-output';
import type { MonitoringRuleConfig } from '../monitoring-rule-options';
import type { OutputLocationConfig } from '../output-location';
import type { ProfilerConfig } from '../profiler';
import type { ServerlessJobConfig } from '../serverless-job';
import type { TensorBoardOutputConfig } from '../tensor-board-output';
import type { TrainingJobProps } from '../training-job-props';
import { wholeSeconds } from './checks';
import { TRAINING_JOB_SHAPE, withOverrides } from './overrides';
import { channels, CODE_CHANNEL } from './training-job-channels';
import { hyperParameters, JOB_NAME } from './training-job-hyperparameters';
import { checkAlgorithm, checkRequest } from './training-job-limits';
import { debugHookConfig, experimentConfig, mlflowConfig, profilerConfig, ruleConfigurations } from './training-job-monitoring';
import { resourceConfig } from './training-job-resources';
import { warnOfRisks } from './training-job-warnings';

/** What the props of a training job are bound to. */
export interface BoundTrainingJob {
  readonly algorithm: AlgorithmConfig;
  readonly inputs: { readonly [channel: string]: DataSourceConfig };
  readonly output: OutputLocationConfig;
  readonly checkpoints?: CheckpointsConfig;
  readonly debugHook?: DebugHookConfig;
  readonly debugRules?: { readonly [name: string]: MonitoringRuleConfig };
  readonly profiler?: ProfilerConfig;
  readonly profilerRules?: { readonly [name: string]: MonitoringRuleConfig };
  readonly tensorBoard?: TensorBoardOutputConfig;
  readonly mlflow?: MlflowConfig;
  readonly modelPackage?: ModelPackageOutputConfig;
  readonly network?: JobNetworkConfig;
  readonly roleArn: string;
  readonly region: string;
}

/** The request, and what stands for its addresses in the run key. */
export interface TrainingJobRequest {
  readonly request: Omit<CreateTrainingJobRequest, 'TrainingJobName'>;
  readonly content: { readonly [path: string]: string };
  /** Members in which the name of the job is to be filled in, which the handler makes. */
  readonly jobNameIn: readonly string[];
  /** What the handler is to look up before it launches the job. */
  readonly prerequisites: readonly 'Algorithm'[];
}

/** An hour, as version 3 of the Python SDK has it; a day, as the service has it, costs much when a job hangs. */
export const DEFAULT_MAX_RUNTIME_SECONDS = 3600;

/** Props -> what SageMaker is asked. Members are there when they say something: what is off is not sent. */
export function trainingJobRequest(scope: IConstruct, props: TrainingJobProps, bound: BoundTrainingJob): TrainingJobRequest {
  const { algorithm } = bound;
  const hyperparameters = hyperParameters(scope, props, algorithm, bound.region);
  const request: Omit<CreateTrainingJobRequest, 'TrainingJobName'> = {
    RoleArn: bound.roleArn,
    AlgorithmSpecification: algorithm.serverless ? undefined : algorithmSpecification(props, algorithm),
    HyperParameters: hyperparameters.all,
    InputDataConfig: channels(scope, bound.inputs, props.networkIsolation ? algorithm.script : undefined, algorithm.inputMode),
    OutputDataConfig: outputDataConfig(bound.output),
    ResourceConfig: resourceConfig(scope, props.capacity.config),
    StoppingCondition: stoppingCondition(scope, props),
    EnableManagedSpotTraining: props.capacity.config.isSpot || props.capacity.config.maxWait ? true : undefined,
    CheckpointConfig: bound.checkpoints && { S3Uri: bound.checkpoints.s3Uri, LocalPath: bound.checkpoints.localPath },
    VpcConfig: bound.network && {
      SecurityGroupIds: bound.network.securityGroups.map((group) => group.securityGroupId),
      Subnets: bound.network.subnets.map((subnet) => subnet.subnetId),
    },
    EnableNetworkIsolation: props.networkIsolation ?? algorithm.networkIsolation ? true : undefined,
    EnableInterContainerTrafficEncryption: props.encryptInterContainerTraffic ? true : undefined,
    Environment: props.environment && Object.keys(props.environment).length > 0 ? { ...props.environment } : undefined,
    RetryStrategy: props.maxRetries === undefined ? undefined : { MaximumRetryAttempts: props.maxRetries },
    ...monitoring(scope, props, bound),
    RemoteDebugConfig: props.remoteDebug === undefined ? undefined : { EnableRemoteDebug: props.remoteDebug },
    InfraCheckConfig: props.infraCheck === undefined ? undefined : { EnableInfraCheck: props.infraCheck },
    SessionChainingConfig: props.sessionTagChaining === undefined ? undefined : { EnableSessionTagChaining: props.sessionTagChaining },
    ServerlessJobConfig: algorithm.serverless && serverlessJobConfig(algorithm.serverless),
    ModelPackageConfig: bound.modelPackage && { ModelPackageGroupArn: bound.modelPackage.group, SourceModelPackageArn: bound.modelPackage.sourceModelPackage },
  };
  const complete = withOverrides(scope, TRAINING_JOB_SHAPE, request, props.overrides);
  checkRequest(scope, complete, props.overrides);
  const isChecked = checkAlgorithm(scope, complete, algorithm.specification, props.overrides);
  warnOfRisks(scope, complete);
  return {
    request: complete, content: contentOf(complete, request, bound), jobNameIn: [...hyperparameters.jobNameIn, ...rulesNamingTheJob(complete)],
    prerequisites: complete.AlgorithmSpecification?.AlgorithmName === undefined || isChecked ? [] : ['Algorithm'],
  };
}

/** Where a rule is told to stop the job: by its place in the list, for its name may have dots. */
function rulesNamingTheJob({ DebugRuleConfigurations: rules = [] }: TrainingJobRequest['request']): string[] {
  return rules.flatMap((rule, index) => (rule.RuleParameters?.action_json?.includes(JOB_NAME) ? [`DebugRuleConfigurations.${index}.RuleParameters.action_json`] : []));
}

function algorithmSpecification(props: TrainingJobProps, algorithm: AlgorithmConfig): AlgorithmSpecification {
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
function stoppingCondition(scope: IConstruct, props: TrainingJobProps): StoppingCondition | undefined {
  const { isServerless, maxWait } = props.capacity.config;
  const run = props.maxRuntime ? wholeSeconds(scope, 'maxRuntime', props.maxRuntime) : isServerless ? undefined : DEFAULT_MAX_RUNTIME_SECONDS;
  const pending = props.maxPending && wholeSeconds(scope, 'maxPending', props.maxPending);
  if (run === undefined && pending === undefined) { return undefined; }
  return { MaxRuntimeInSeconds: run, MaxWaitTimeInSeconds: maxWait && wholeSeconds(scope, 'capacity.maxWait', maxWait), MaxPendingTimeInSeconds: pending };
}

function monitoring(scope: IConstruct, props: TrainingJobProps, bound: BoundTrainingJob): Partial<CreateTrainingJobRequest> {
  return {
    DebugHookConfig: debugHookConfig(bound.debugHook, bound.debugRules),
    DebugRuleConfigurations: ruleConfigurations(scope, 'debugRules', bound.debugRules),
    TensorBoardOutputConfig: bound.tensorBoard && { S3OutputPath: bound.tensorBoard.s3Uri, LocalPath: bound.tensorBoard.localPath },
    ExperimentConfig: experimentConfig(props.experiment),
    MlflowConfig: mlflowConfig(bound.mlflow),
    ProfilerConfig: profilerConfig(scope, bound.profiler),
    ProfilerRuleConfigurations: ruleConfigurations(scope, 'profilerRules', bound.profilerRules),
  };
}

function serverlessJobConfig(job: ServerlessJobConfig): CreateTrainingJobRequest['ServerlessJobConfig'] {
  return {
    BaseModelArn: job.baseModel,
    AcceptEula: job.acceptEula,
    JobType: job.jobType as 'FineTuning' | 'Evaluation',
    CustomizationTechnique: job.technique,
    Peft: job.peft,
    EvaluationType: job.evaluationType,
    EvaluatorArn: job.evaluator,
    SequenceLength: job.sequenceLength,
  };
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

/** What the addresses in the request hold, as far as it is known. An address that an override replaced holds something else. */
function contentOf(request: TrainingJobRequest['request'], before: TrainingJobRequest['request'], bound: BoundTrainingJob): { [path: string]: string } {
  const { image, script } = bound.algorithm;
  const content: { [path: string]: string } = {};
  if (image?.contentHash && same((r) => r.AlgorithmSpecification?.TrainingImage)) { content['AlgorithmSpecification.TrainingImage'] = image.contentHash; }
  if (script?.contentHash && same((r) => r.HyperParameters?.sagemaker_submit_directory)) { content['HyperParameters.sagemaker_submit_directory'] = script.contentHash; }
  for (const { RuleConfigurationName: name, RuleEvaluatorImage, RuleParameters } of request.DebugRuleConfigurations ?? []) {
    const rule = bound.debugRules?.[name!];
    if (rule?.contentHash && rule.imageUri === RuleEvaluatorImage) { content[`DebugRuleConfigurations.${name}.RuleEvaluatorImage`] = rule.contentHash; }
    if (rule?.source?.contentHash && rule.source.s3Uri === RuleParameters?.source_s3_uri) { content[`DebugRuleConfigurations.${name}.RuleParameters.source_s3_uri`] = rule.source.contentHash; }
  }
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
