import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { DebugHookConfig } from '../debug-hook';
import type { MlflowConfig } from '../mlflow';
import type { ModelPackageOutputConfig } from '../model-package-output';
import type { MonitoringRuleConfig } from '../monitoring-rule-options';
import type { ProfilerConfig } from '../profiler';
import type { ServerlessJobConfig } from '../serverless-job';
import type { TensorBoardOutputConfig } from '../tensor-board-output';
import type { TrainingJobProps } from '../training-job-props';
import { TRAINING_JOB_SHAPE, withOverrides } from './overrides';
import { warnOfSecretValues } from './secret-values';
import { definitionContent, trainingDefinition, type BoundDefinition } from './training-definition';
import { JOB_NAME } from './training-job-hyperparameters';
import { checkAlgorithm, checkRequest, refuseOfTraining } from './training-job-limits';
import { debugHookConfig, experimentConfig, mlflowConfig, profilerConfig, ruleConfigurations } from './training-job-monitoring';
import { resourceConfig } from './training-job-resources';
import { checkIsolation, warnOfRisks } from './training-job-warnings';

/** What the props of a training job are bound to. */
export interface BoundTrainingJob extends BoundDefinition {
  readonly debugHook?: DebugHookConfig;
  readonly debugRules?: { readonly [name: string]: MonitoringRuleConfig };
  readonly profiler?: ProfilerConfig;
  readonly profilerRules?: { readonly [name: string]: MonitoringRuleConfig };
  readonly tensorBoard?: TensorBoardOutputConfig;
  readonly mlflow?: MlflowConfig;
  readonly modelPackage?: ModelPackageOutputConfig;
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

/** Props -> what SageMaker is asked. Members are there when they say something: what is off is not sent. */
export function trainingJobRequest(scope: IConstruct, props: TrainingJobProps, bound: BoundTrainingJob): TrainingJobRequest {
  const { algorithm } = bound;
  const definition = trainingDefinition(scope, props, bound, { ResourceConfig: resourceConfig(scope, props.capacity.config, bound.volumeKey?.key) });
  const request: Omit<CreateTrainingJobRequest, 'TrainingJobName'> = {
    ...definition.members,
    ...monitoring(scope, props, bound),
    RemoteDebugConfig: props.remoteDebug === undefined ? undefined : { EnableRemoteDebug: props.remoteDebug },
    InfraCheckConfig: props.infraCheck === undefined ? undefined : { EnableInfraCheck: props.infraCheck },
    SessionChainingConfig: props.sessionTagChaining === undefined ? undefined : { EnableSessionTagChaining: props.sessionTagChaining },
    ServerlessJobConfig: algorithm.serverless && serverlessJobConfig(algorithm.serverless),
    ModelPackageConfig: bound.modelPackage && { ModelPackageGroupArn: bound.modelPackage.group, SourceModelPackageArn: bound.modelPackage.sourceModelPackage },
  };
  const complete = withOverrides(scope, TRAINING_JOB_SHAPE, request, props.overrides);
  checkRequest(scope, complete, props.overrides);
  const isChecked = checkAlgorithm(complete, algorithm.specification, (violation) => refuseOfTraining(scope, complete, props.overrides, violation));
  checkIsolation(scope, complete, props.isolated, props.overrides);
  warnOfRisks(scope, complete, props.isolated);
  warnOfSecretValues(scope, complete);
  return {
    request: complete, content: contentOf(complete, request, bound), jobNameIn: [...definition.namingTheJob.map((name) => `HyperParameters.${name}`), ...rulesNamingTheJob(complete)],
    prerequisites: complete.AlgorithmSpecification?.AlgorithmName === undefined || isChecked ? [] : ['Algorithm'],
  };
}

/** Where a rule is told to stop the job: by its place in the list, for its name may have dots. */
function rulesNamingTheJob({ DebugRuleConfigurations: rules = [] }: TrainingJobRequest['request']): string[] {
  return rules.flatMap((rule, index) => (rule.RuleParameters?.action_json?.includes(JOB_NAME) ? [`DebugRuleConfigurations.${index}.RuleParameters.action_json`] : []));
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

/** What the addresses in the request hold, as far as it is known. An address that an override replaced holds something else. */
function contentOf(request: TrainingJobRequest['request'], before: TrainingJobRequest['request'], bound: BoundTrainingJob): { [path: string]: string } {
  const content = definitionContent(request, before, bound);
  for (const { RuleConfigurationName: name, RuleEvaluatorImage, RuleParameters } of request.DebugRuleConfigurations ?? []) {
    const rule = bound.debugRules?.[name!];
    if (rule?.contentHash && rule.imageUri === RuleEvaluatorImage) { content[`DebugRuleConfigurations.${name}.RuleEvaluatorImage`] = rule.contentHash; }
    if (rule?.source?.contentHash && rule.source.s3Uri === RuleParameters?.source_s3_uri) { content[`DebugRuleConfigurations.${name}.RuleParameters.source_s3_uri`] = rule.source.contentHash; }
  }
  return content;
}
