import type { KindName } from './index';
import { isTree, pruned, type Tree } from './tree';

/** What a call takes that makes one; a description has more: what became of it. What is within these is the same in both. */
const MEMBERS: { readonly [kind in KindName]: readonly string[] } = {
  TrainingJob: [
    'TrainingJobName', 'HyperParameters', 'AlgorithmSpecification', 'RoleArn', 'InputDataConfig', 'OutputDataConfig', 'ResourceConfig', 'VpcConfig', 'StoppingCondition', 'EnableNetworkIsolation',
    'EnableInterContainerTrafficEncryption', 'EnableManagedSpotTraining', 'CheckpointConfig', 'DebugHookConfig', 'DebugRuleConfigurations', 'TensorBoardOutputConfig', 'ExperimentConfig', 'ProfilerConfig',
    'ProfilerRuleConfigurations', 'Environment', 'RetryStrategy', 'RemoteDebugConfig', 'InfraCheckConfig', 'SessionChainingConfig', 'ServerlessJobConfig', 'MlflowConfig', 'ModelPackageConfig',
  ],
  HyperParameterTuningJob: ['HyperParameterTuningJobName', 'HyperParameterTuningJobConfig', 'TrainingJobDefinition', 'TrainingJobDefinitions', 'WarmStartConfig', 'Autotune'],
  TransformJob: [
    'TransformJobName', 'ModelName', 'MaxConcurrentTransforms', 'ModelClientConfig', 'MaxPayloadInMB', 'BatchStrategy', 'Environment', 'TransformInput', 'TransformOutput', 'DataCaptureConfig', 'TransformResources',
    'DataProcessing', 'ExperimentConfig',
  ],
  Model: ['ModelName', 'PrimaryContainer', 'Containers', 'InferenceExecutionConfig', 'ExecutionRoleArn', 'VpcConfig', 'EnableNetworkIsolation'],
  EndpointConfig: [
    'EndpointConfigName', 'ProductionVariants', 'ShadowProductionVariants', 'DataCaptureConfig', 'KmsKeyId', 'AsyncInferenceConfig', 'ExplainerConfig', 'ExecutionRoleArn', 'VpcConfig', 'EnableNetworkIsolation',
    'MetricsConfig',
  ],
  Endpoint: ['EndpointName', 'EndpointConfigName'],
};

/** The request that a description is of: without what became of it, and without what the service adds by itself. */
export function requestOf(kind: KindName, document: Tree, tags: readonly Tree[]): Tree {
  const request = structuredClone(Object.fromEntries(Object.entries(document).filter(([member]) => MEMBERS[kind].includes(member)))) as { [member: string]: any };
  for (const part of [request, request.TrainingJobDefinition, ...(request.TrainingJobDefinitions ?? [])]) { if (isTree(part)) { withoutAdded(part as { [member: string]: any }); } }
  if (kind === 'EndpointConfig' && request.EnableNetworkIsolation === false) { delete request.EnableNetworkIsolation; }
  return pruned({ ...request, Tags: tags });
}

/** By tuning jobs, the profiler and the charts of metrics. */
function withoutAdded(part: { [member: string]: any }): void {
  for (const hyperparameters of [part.HyperParameters, part.StaticHyperParameters]) { if (hyperparameters) { delete hyperparameters._tuning_objective_metric; } }
  const { ProfilerConfig: profiler, OutputDataConfig: output, AlgorithmSpecification: specification } = part;
  const isUsual = profiler && !profiler.DisableProfiler && profiler.S3OutputPath === output?.S3OutputPath && !profiler.ProfilingParameters && [undefined, 500].includes(profiler.ProfilingIntervalInMilliseconds);
  if (isUsual && !part.ProfilerRuleConfigurations?.length) { delete part.ProfilerConfig; }
  if (specification?.EnableSageMakerMetricsTimeSeries === false) { delete specification.EnableSageMakerMetricsTimeSeries; }
  for (const [config, member] of [['RemoteDebugConfig', 'EnableRemoteDebug'], ['InfraCheckConfig', 'EnableInfraCheck'], ['SessionChainingConfig', 'EnableSessionTagChaining']] as const) { if (part[config]?.[member] === false) { delete part[config]; } }
}
