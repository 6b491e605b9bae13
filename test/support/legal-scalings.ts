import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { AutoScaling, ScalingMetric, ScalingPolicy, type StepScalingOptions, type TargetTrackingOptions } from 'cdk-sagemaker';
import type { Dice } from './dice';

export type ScaledKind = 'instances' | 'async' | 'serverless' | 'copies';

const own = (name: string) => ScalingMetric.fromMetric(new Metric({ namespace: 'Mine', metricName: name }));

const TRACKED: { readonly [kind in ScaledKind]: readonly ((target: number, options: TargetTrackingOptions) => ScalingPolicy)[] } = {
  instances: [ScalingPolicy.invocationsPerInstance, ScalingPolicy.concurrentRequestsPerInstance, ScalingPolicy.cpuUtilization, ScalingPolicy.memoryUtilization, ScalingPolicy.gpuUtilization, ScalingPolicy.gpuMemoryUtilization],
  async: [ScalingPolicy.backlogPerInstance, ScalingPolicy.cpuUtilization, ScalingPolicy.gpuUtilization],
  serverless: [(target, options) => ScalingPolicy.provisionedConcurrencyUtilization(target / 1000, options)],
  copies: [ScalingPolicy.invocationsPerCopy, ScalingPolicy.concurrentRequestsPerCopy, ScalingPolicy.cpuUtilization, ScalingPolicy.memoryUtilization, ScalingPolicy.gpuUtilization],
};
const METRICS: { readonly [kind in ScaledKind]: readonly (() => ScalingMetric)[] } = {
  instances: [ScalingMetric.modelLatency, ScalingMetric.diskUtilization, ScalingMetric.explanationsPerInstance, () => own('a')],
  async: [ScalingMetric.backlog, ScalingMetric.ageOfOldestRequest, () => own('b')],
  serverless: [ScalingMetric.modelLatency, () => own('c')],
  copies: [ScalingMetric.modelLatency, ScalingMetric.memoryUtilization, () => own('d')],
};

/** A scaling that the service takes, of at most 20. */
export function legalScaling(dice: Dice, kind: ScaledKind): AutoScaling {
  const max = dice.from(1, 20);
  const least = kind === 'async' || kind === 'copies' ? 0 : 1;
  const policies = TRACKED[kind].filter(() => dice.chance(50)).map((policy) => policy(dice.from(1, 900), tracking(dice)));
  if (dice.chance(50)) { policies.push(ScalingPolicy.steps('Steps', dice.one(METRICS[kind])(), intervals(dice), steps(dice))); }
  if (dice.chance(50)) { policies.push(ScalingPolicy.onMetric('Held', dice.one(METRICS[kind])(), dice.from(1, 900), tracking(dice))); }
  if (policies.length === 0 || dice.chance(50)) { policies.push(onSchedule(dice, least)); }
  return AutoScaling.between(dice.chance(30) ? least : dice.from(least, max), max, policies);
}

const seconds = (dice: Dice) => dice.maybe(() => Duration.seconds(dice.from(0, 3600)));

const tracking = (dice: Dice): TargetTrackingOptions => ({ scaleInCooldown: seconds(dice), scaleOutCooldown: seconds(dice), disableScaleIn: dice.maybe(() => dice.chance(50)) });

function steps(dice: Dice): StepScalingOptions {
  const evaluationPeriods = dice.from(1, 5);
  return { cooldown: seconds(dice), evaluationPeriods, datapointsToAlarm: dice.maybe(() => dice.from(1, evaluationPeriods)) };
}

/** From the middle on upwards, and below it: those below remove. */
function intervals(dice: Dice) {
  const up = Array.from({ length: dice.from(1, 5) }, (_, index) => ({ lower: 100 + index * 10, change: index + 1 }));
  return [{ upper: dice.from(1, 90), change: -1 }, ...up];
}

function onSchedule(dice: Dice, least: number): ScalingPolicy {
  const max = dice.from(1, 20);
  return ScalingPolicy.onSchedule('Schedule', { schedule: Schedule.cron({ hour: String(dice.from(0, 23)), minute: '0' }), max, min: dice.maybe(() => dice.from(least, max)) });
}
