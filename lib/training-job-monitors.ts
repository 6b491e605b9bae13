import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Size, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ContainerImage } from './container-image';
import { DebugHook } from './debug-hook';
import { MonitoringRule } from './monitoring-rule';
import type { MonitoringRuleConfig } from './monitoring-rule-options';
import type { OutputLocationConfig } from './output-location';
import { Profiler } from './profiler';
import { lengthInRange, refuse } from './request/checks';
import { checkConstructName, usable } from './request/kinds';
import type { BoundTrainingJob } from './request/training-job-request';
import { grantJobLogs } from './template/execution-role';
import { granteeFor } from './template/granted';
import { namePrefix } from './template/names';
import type { TrainingJobProps } from './training-job-props';

type Rules = { readonly [name: string]: MonitoringRule };
type Monitoring = Pick<BoundTrainingJob, 'debugHook' | 'debugRules' | 'profiler' | 'profilerRules'>;

/** Regions without the debugger and the profiler. */
const WITHOUT_MONITORS = [
  'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'eu-central-2', 'eu-south-2', 'me-central-1', 'us-gov-east-1', 'us-iso-east-1', 'us-isob-east-1',
];

/**
 * Debugger and profiler of a job with their rules. Rules imply what they watch: a hook, or a profiler, that saves with the artifact.
 */
export function boundMonitoring(job: Construct, props: TrainingJobProps, role: IRole, output: OutputLocationConfig): Monitoring {
  const debugRules = boundRules(job, 'debugRules', props.debugRules, role);
  const debugHook = usable(job, 'debugHook', () => (props.debugHook ?? (debugRules && DebugHook.toOutput()))?.bind(job, granteeFor(job, 'debugHook', role), output));
  if (debugHook?.s3Uri !== undefined || debugRules) { checkRegion(job, props.debugHook && debugHook?.s3Uri !== undefined ? 'debugHook' : 'debugRules', 'debugger'); }
  const profiler = usable(job, 'profiler', () => (props.profiler ?? (isEmpty(props.profilerRules) ? undefined : Profiler.toOutput()))?.bind(job, granteeFor(job, 'profiler', role), output));
  checkProfiler(job, props, profiler?.s3Uri !== undefined);
  const implied = profiler?.options.deep && isEmpty(props.profilerRules) ? DEEP_RULES() : props.profilerRules;
  return { debugHook, debugRules, profiler, profilerRules: boundRules(job, 'profilerRules', implied, role) };
}

/** The rule that works up what SageMaker Profiler records, on the instance that the Python SDK gives it. */
const DEEP_RULES = (): Rules => ({
  DetailedProfilerProcessingJobConfig: MonitoringRule.custom({
    image: ContainerImage.fromSageMaker('detailed-profiler'), instanceType: 'ml.m5.4xlarge', volumeSize: Size.gibibytes(128), parameters: { rule_to_invoke: 'DetailedProfilerProcessing' },
  }),
});

function checkRegion(job: Construct, prop: string, monitor: string): void {
  const { region } = Stack.of(job);
  if (WITHOUT_MONITORS.includes(region)) { refuse(job, prop, `be left out in this Region, which has no ${monitor}`, region); }
}

function checkProfiler(job: Construct, { capacity, profiler, profilerRules }: TrainingJobProps, isProfiled: boolean): void {
  const { instanceType } = capacity.config;
  if (isProfiled) { checkRegion(job, profiler ? 'profiler' : 'profilerRules', 'profiler'); }
  if (isProfiled && instanceType !== undefined && /^ml\.trn/.test(instanceType)) { refuse(job, 'profiler', 'be left out, with its rules, for instances with Trainium', instanceType); }
  if (!isProfiled && !isEmpty(profilerRules)) { refuse(job, 'profilerRules', 'be left out where the profiler is disabled', Object.keys(profilerRules!)); }
}

/** Each rule in a scope of its own, by which errors call it: its image may be built, like that of the job. */
function boundRules(job: Construct, prop: 'debugRules' | 'profilerRules', rules: Rules | undefined, role: IRole): { [name: string]: MonitoringRuleConfig } | undefined {
  if (!rules || isEmpty(rules)) { return undefined; }
  grantJobLogs(granteeFor(job, prop, role), job, 'ProcessingJobs');
  const scope = new Construct(job, prop);
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => {
    lengthInRange(job, `${prop}: the name of a rule`, name, 1, 256);
    checkConstructName(job, `${prop}.${name}`, name);
    if (typeof rule?.bind !== 'function') { refuse(job, `${prop}.${name}`, 'be a MonitoringRule', rule); }
    const bound = usable(job, `${prop}.${name}`, () => rule.bind(new Construct(scope, name), granteeFor(job, `${prop}.${name}`, role), namePrefix(job)));
    if (bound.belongsTo !== undefined && bound.belongsTo !== prop) { refuse(job, `${prop}.${name}`, `be one of ${bound.belongsTo} instead`, `a rule of ${bound.belongsTo}`); }
    return [name, bound];
  }));
}

const isEmpty = (map: object | undefined) => Object.keys(map ?? {}).length === 0;
