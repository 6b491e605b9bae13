import type { CollectionConfiguration, CreateTrainingJobRequest, DebugRuleConfiguration, ExperimentConfig } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { DebugHookConfig } from '../debug-hook';
import type { ExperimentOptions } from '../experiment';
import type { MlflowConfig } from '../mlflow';
import type { MonitoringRuleConfig } from '../monitoring-rule-options';
import type { ProfilerConfig } from '../profiler';
import type { Collections } from './built-in-rules';
import { wholeGibibytes, wholeMilliseconds } from './checks';

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

type Rules = { readonly [name: string]: MonitoringRuleConfig };

/** A hook without a place is none. */
export function debugHookConfig(hook: DebugHookConfig | undefined, rules: Rules | undefined): CreateTrainingJobRequest['DebugHookConfig'] {
  return hook?.s3Uri === undefined ? undefined : {
    S3OutputPath: hook.s3Uri,
    LocalPath: hook.options.localPath,
    HookParameters: hook.options.parameters,
    CollectionConfigurations: collectionConfigurations([...Object.values(rules ?? {}).map((rule) => rule.collections), hook.options.collections]),
  };
}

/**
 * What rules and hook want saved: the same thing once, in order of name. Of a name that is wanted in several ways the hook's own comes
 * last, for the hook in the container lets the later one hold.
 */
function collectionConfigurations(wanted: readonly (Collections | undefined)[]): CollectionConfiguration[] {
  const found = new Map<string, { readonly name: string; readonly place: number; readonly configuration: CollectionConfiguration }>();
  for (const [place, collections] of wanted.entries()) {
    for (const [CollectionName, parameters] of Object.entries(collections ?? {})) {
      const CollectionParameters = Object.keys(parameters).length > 0 ? { ...parameters } : undefined;
      const text = JSON.stringify([CollectionName, Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))]);
      found.delete(text);
      found.set(text, { name: CollectionName, place, configuration: { CollectionName, CollectionParameters } });
    }
  }
  return [...found.values()].sort((a, b) => (a.name === b.name ? a.place - b.place : a.name < b.name ? -1 : 1)).map(({ configuration }) => configuration);
}

/** Rules of the debugger and of the profiler have the same members. */
export function ruleConfigurations(scope: IConstruct, prop: string, rules: Rules | undefined): DebugRuleConfiguration[] | undefined {
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
export function profilerConfig(scope: IConstruct, profiler: ProfilerConfig | undefined): CreateTrainingJobRequest['ProfilerConfig'] {
  return profiler && (profiler.s3Uri === undefined ? { DisableProfiler: true } : {
    S3OutputPath: profiler.s3Uri,
    DisableProfiler: false,
    ProfilingIntervalInMilliseconds: profiler.options.interval && wholeMilliseconds(scope, 'profiler.interval', profiler.options.interval),
    ProfilingParameters: profiler.parameters,
  });
}
