import {
  BuiltInProfilerRule, BuiltInRule, ContainerImage, DebugHook, MonitoringRule, Profiler, ProfilingRange, RuleAction, RuleSource, TensorBoardOutput, type TrainingJobProps,
} from 'cdk-sagemaker';
import { Duration, Size } from 'aws-cdk-lib/core';
import { type Place, type Twin } from '../recorded';

/** With the profiler that the SDK turns on. */
const job = (at: Place, props: Partial<TrainingJobProps>) => at.job({ profiler: Profiler.toOutput(), ...props });
const hooked = (at: Place, props: Partial<TrainingJobProps> = {}) => job(at, { debugHook: DebugHook.toOutput(), ...props });

export const DEBUGGER: { readonly [name: string]: Twin } = {
  debugger_hook_collections: (at) => job(at, {
    debugHook: DebugHook.toBucket(at.bucket('dbg'), 'out', { localPath: '/opt/ml/tensors', parameters: { save_interval: '100' }, collections: { weights: { save_interval: '10' } } }),
  }),
  debugger_hook_false: (at) => job(at, {}),
  debugger_hook_true: (at) => hooked(at),
  debugger_rule_actions: (at) => job(at, {
    debugRules: { Overfit: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { actions: [RuleAction.stopTraining(), RuleAction.email('a@b.co')] }) },
  }),
  debugger_rule_builtin: (at) => job(at, { debugRules: { VanishingGradient: MonitoringRule.builtIn(BuiltInRule.VANISHING_GRADIENT) } }),
  debugger_rule_builtin_params: (at) => job(at, {
    debugRules: {
      lnd: MonitoringRule.builtIn(BuiltInRule.LOSS_NOT_DECREASING, {
        localPath: '/opt/ml/rule', outputBucket: at.bucket('rule'), outputPrefix: 'out', otherTrials: ['s3://other/t1'], parameters: { tensor_regex: 'loss', num_steps: '5' },
        collectionsToSave: { losses: { save_interval: '50' } },
      }),
    },
  }),
  debugger_rule_custom: (at) => job(at, {
    debugRules: {
      custom: MonitoringRule.custom({
        image: ContainerImage.fromUri('759209512951.dkr.ecr.us-west-2.amazonaws.com/sagemaker-debugger-rule-evaluator:latest'), instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(30),
        source: RuleSource.fromS3Uri('s3://my-bucket/rules/custom_rule.py'), ruleToInvoke: 'CustomRule', parameters: { threshold: '20' }, collectionsToSave: { gradients: {} },
      }),
    },
  }),
  profiler_config_framework: (at) => hooked(at, { profiler: Profiler.toOutput({ interval: Duration.seconds(1), framework: { when: ProfilingRange.steps({ start: 5, count: 10 }) } }) }),
  profiler_disabled: (at) => hooked(at, { profiler: Profiler.disabled() }),
  profiler_rule_and_debugger_rule: (at) => job(at, {
    debugRules: { Overtraining: MonitoringRule.builtIn(BuiltInRule.OVERTRAINING) },
    profilerRules: { ProfilerReport: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT) },
  }),
  tensorboard: (at) => hooked(at, { tensorBoard: TensorBoardOutput.fromBucket(at.bucket('path'), 'tensorboard/data/', { localPath: '/local/path/tensorboard/data/' }) }),
  tensorboard_no_local_path: (at) => hooked(at, { tensorBoard: TensorBoardOutput.fromBucket(at.bucket('path'), 'tensorboard/data/') }),
};
