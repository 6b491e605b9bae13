import type { IConstruct } from 'constructs';
import { BOOLEAN, can, checkGiven, checkKinds, checkOptions, DURATION, has, LIST, NUMBER, STRUCTURE, TEXT, type Kind, type Kinds } from './kinds';

const POLICY: Kind = ['a ScalingPolicy, for instance ScalingPolicy.invocationsPerInstance(200)', can('_check', '_bind')];
const METRIC: Kind = ['a ScalingMetric, for instance ScalingMetric.cpuUtilization()', can('_isOf', '_bind')];

const OF_TRACKING: Kinds = { scaleInCooldown: DURATION, scaleOutCooldown: DURATION, disableScaleIn: BOOLEAN };
const OF_STEPS: Kinds = { adjustment: TEXT, minAdjustment: NUMBER, cooldown: DURATION, evaluationPeriods: NUMBER, datapointsToAlarm: NUMBER };
const DATE: Kind = ['a Date', can('toISOString')];
const SCHEDULE: Kind = has('a Schedule of aws-applicationautoscaling, for instance Schedule.cron({ hour: \'22\' })', 'expressionString');
const OF_A_SCHEDULE: Kinds = { min: NUMBER, max: NUMBER, timeZone: has('a TimeZone, for instance TimeZone.EUROPE_BERLIN', 'timezoneName'), start: DATE, end: DATE };
const OF_AN_INTERVAL: Kinds = { lower: NUMBER, upper: NUMBER };

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkScalingKinds(scope: IConstruct, prop: string, { min, max, policies }: { readonly min: unknown; readonly max: unknown; readonly policies: unknown }): void {
  checkGiven(scope, `${prop}.min`, min, NUMBER);
  checkGiven(scope, `${prop}.max`, max, NUMBER);
  checkGiven(scope, `${prop}.policies`, policies, ['a list of ScalingPolicy', LIST[1]]);
  (policies as { readonly _id: unknown }[]).forEach((policy, index) => {
    checkGiven(scope, `${prop}.policies[${index}]`, policy, POLICY);
    checkGiven(scope, `${prop}.policies[${index}].id`, policy._id, TEXT);
  });
}

export function checkTrackingKinds(scope: IConstruct, prop: string, target: unknown, options: unknown): void {
  checkGiven(scope, `${prop}.target`, target, NUMBER);
  checkOptions(scope, `${prop}.`, options, OF_TRACKING);
}

/** A metric of the service, or any of CloudWatch. */
export function checkMetricKind(scope: IConstruct, prop: string, metric: unknown): void {
  checkGiven(scope, `${prop}.metric`, metric, METRIC);
  const any = metric as { readonly metric?: unknown };
  if ('metric' in any) { checkGiven(scope, `${prop}.metric`, any.metric, ['a metric of aws-cloudwatch', can('toMetricConfig')]); }
}

export function checkStepsKinds(scope: IConstruct, prop: string, intervals: unknown, options: unknown): void {
  checkGiven(scope, `${prop}.intervals`, intervals, ['a list of intervals', LIST[1]]);
  (intervals as object[]).forEach((interval, index) => {
    checkGiven(scope, `${prop}.intervals[${index}]`, interval, STRUCTURE);
    checkGiven(scope, `${prop}.intervals[${index}].change`, (interval as { readonly change?: unknown }).change, NUMBER);
    checkKinds(scope, interval, OF_AN_INTERVAL, `${prop}.intervals[${index}].`);
  });
  checkOptions(scope, `${prop}.`, options, OF_STEPS);
}

export function checkScheduleKinds(scope: IConstruct, prop: string, options: unknown): void {
  checkOptions(scope, `${prop}.`, options, OF_A_SCHEDULE, { schedule: SCHEDULE });
}
