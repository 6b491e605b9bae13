import type { CreateTrainingJobRequest, DebugRuleConfiguration, ExperimentConfig } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { DebugHookConfig } from '../debug-hook';
import type { ExperimentOptions } from '../experiment';
import type { MlflowConfig } from '../mlflow';
import type { MonitoringRuleConfig } from '../monitoring-rule';
import type { ProfilerConfig } from '../profiler';
import { wholeGibibytes } from './checks';

export function experimentConfig(experiment: ExperimentOptions | undefined): ExperimentConfig | undefined {
  return experiment && {
    ExperimentName: experiment.experimentName,
    TrialName: experiment.trialName,
    TrialComponentDisplayName: experiment.trialComponentDisplayName,
    RunName: experiment.runName,
  };
}

export function mlflowConfig(mlflow: MlflowConfig | undefined): CreateTrainingJobRequest['MlflowConfig'] {
  return mlflow && { MlflowResourceArn: mlflow.resource, MlflowExperimentName: mlflow.options.experimentName, MlflowRunName: mlflow.options.runName };
}

export function debugHookConfig(hook: DebugHookConfig | undefined): CreateTrainingJobRequest['DebugHookConfig'] {
  return hook && {
    S3OutputPath: hook.s3Uri,
    LocalPath: hook.options.localPath,
    HookParameters: hook.options.parameters,
    CollectionConfigurations: hook.options.collections
      && Object.entries(hook.options.collections).map(([CollectionName, CollectionParameters]) => ({ CollectionName, CollectionParameters })),
  };
}

/** Rules of the debugger and of the profiler have the same members. */
export function ruleConfigurations(scope: IConstruct, prop: string, rules: { readonly [name: string]: MonitoringRuleConfig } | undefined): DebugRuleConfiguration[] | undefined {
  return rules && Object.entries(rules).map(([name, { imageUri, s3Uri, options }]) => ({
    RuleConfigurationName: name,
    RuleEvaluatorImage: imageUri,
    InstanceType: options.instanceType as DebugRuleConfiguration['InstanceType'],
    VolumeSizeInGB: options.volumeSize && wholeGibibytes(scope, `${prop}.${name}.volumeSize`, options.volumeSize),
    LocalPath: options.localPath,
    S3OutputPath: s3Uri,
    RuleParameters: options.parameters,
  }));
}

/** A profiler without a place is one that is turned off. */
export function profilerConfig(profiler: ProfilerConfig | undefined): CreateTrainingJobRequest['ProfilerConfig'] {
  return profiler && (profiler.s3Uri === undefined ? { DisableProfiler: true } : {
    S3OutputPath: profiler.s3Uri,
    ProfilingIntervalInMilliseconds: profiler.options.interval?.toMilliseconds(),
    ProfilingParameters: profiler.options.parameters,
  });
}
