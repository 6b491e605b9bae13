import type { PredefinedMetric, ScalableTarget, ScalingInterval } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Annotations, type Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { inRange, isToken, oneOf, refuse, wholeSeconds } from './request/checks';
import { checkMetricKind, checkScheduleKinds, checkStepsKinds, checkTrackingKinds } from './request/scaling-prop-kinds';
import { SCALED_KINDS, type ScaledKind, type ScaledResource } from './scaled-resource';
import { ScalingMetric } from './scaling-metric';
import type { ScheduledScalingOptions, StepScalingOptions, TargetTrackingOptions } from './scaling-options';

/**
 * By what a variant or a component is scaled. Several policies of one make as many as the one that asks for most.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-policy.html
 *
 * @example
 * model.deploy('Endpoint', {
 *   instanceType: 'ml.m5.large',
 *   autoScaling: AutoScaling.between(1, 8, [
 *     ScalingPolicy.invocationsPerInstance(200, { scaleInCooldown: Duration.minutes(10) }),
 *     ScalingPolicy.steps('Bursts', ScalingMetric.cpuUtilization(), [{ upper: 20, change: -1 }, { lower: 80, change: +1 }, { lower: 150, change: +3 }]),
 *     ScalingPolicy.onSchedule('Night', { schedule: appscaling.Schedule.cron({ hour: '22', minute: '0' }), min: 1, max: 1, timeZone: TimeZone.EUROPE_BERLIN }),
 *     ScalingPolicy.onSchedule('Morning', { schedule: appscaling.Schedule.cron({ hour: '6', minute: '0' }), min: 2, max: 8, timeZone: TimeZone.EUROPE_BERLIN }),
 *   ]),
 * });
 */
export abstract class ScalingPolicy {
  /** Requests for each instance in a minute. Not with `asyncInference`: use `backlogPerInstance` there. */
  public static invocationsPerInstance(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new PredefinedTracking('InvocationsPerInstance', ['instances'], 'SageMakerVariantInvocationsPerInstance', target, options);
  }

  /** Requests that each model of an instance has at once, its queue included: measured every ten seconds, so it adds instances sooner. Not with `asyncInference`. */
  public static concurrentRequestsPerInstance(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new PredefinedTracking('ConcurrentRequestsPerInstance', ['instances'], 'SageMakerVariantConcurrentRequestsPerModelHighResolution', target, options);
  }

  /** Requests for each copy of an inference component in a minute. */
  public static invocationsPerCopy(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new PredefinedTracking('InvocationsPerCopy', ['copies'], 'SageMakerInferenceComponentInvocationsPerCopy', target, options);
  }

  /** Requests that each copy of an inference component has at once, its queue included: measured every ten seconds, so it adds copies sooner. */
  public static concurrentRequestsPerCopy(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new PredefinedTracking('ConcurrentRequestsPerCopy', ['copies'], 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution', target, options);
  }

  /**
   * The share of the provisioned concurrency of a serverless variant that is in use.
   *
   * @param target above 0, and at most 1, for instance 0.7
   */
  public static provisionedConcurrencyUtilization(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new PredefinedTracking('ProvisionedConcurrencyUtilization', ['serverless'], 'SageMakerVariantProvisionedConcurrencyUtilization', target, options, 1);
  }

  /** Processors in use, in percent: of one core of an instance, so 400 is all of four; of what a copy has reserved. */
  public static cpuUtilization(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new MetricTracking('CpuUtilization', ScalingMetric.cpuUtilization(), target, options);
  }

  /** Memory in use, in percent: of an instance, or of what a copy has reserved. */
  public static memoryUtilization(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new MetricTracking('MemoryUtilization', ScalingMetric.memoryUtilization(), target, options);
  }

  /** GPUs in use, in percent: of one GPU of an instance, so 400 is all of four; of what a copy has reserved. */
  public static gpuUtilization(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new MetricTracking('GpuUtilization', ScalingMetric.gpuUtilization(), target, options);
  }

  /** Memory of GPUs in use, in percent: of one GPU of an instance, so 400 is all of four; of all that a copy has. */
  public static gpuMemoryUtilization(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new MetricTracking('GpuMemoryUtilization', ScalingMetric.gpuMemoryUtilization(), target, options);
  }

  /** Requests in the queue for each instance, of an endpoint with `asyncInference`. */
  public static backlogPerInstance(target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new MetricTracking('BacklogPerInstance', ScalingMetric.backlogPerInstance(), target, options);
  }

  /**
   * A metric that is held at a target. It must go down when capacity goes up, as what is per instance does.
   *
   * @param id of the policy, another for each of a variant or component
   * @param target above 0
   */
  public static onMetric(id: string, metric: ScalingMetric, target: number, options: TargetTrackingOptions = {}): ScalingPolicy {
    return new MetricTracking(id, metric, target, options);
  }

  /**
   * Changes that follow from where a metric is.
   *
   * @param id of the policy, another for each of a variant or component
   * @param intervals 2 to 40 that do not overlap: from `lower` to `upper` capacity changes by `change`, a whole number. Between them it stays.
   */
  public static steps(id: string, metric: ScalingMetric, intervals: ScalingInterval[], options: StepScalingOptions = {}): ScalingPolicy {
    return new Steps(id, metric, intervals, options);
  }

  /**
   * Other bounds from some time on.
   *
   * @param id of the policy, another for each of a variant or component
   */
  public static onSchedule(id: string, options: ScheduledScalingOptions): ScalingPolicy {
    return new Scheduled(id, options);
  }

  /**
   * Of the construct, and of the policy.
   *
   * @internal
   */
  public abstract readonly _id: string;

  /**
   * What it sets the minimum to, where it does.
   *
   * @internal
   */
  public get _min(): number | undefined { return undefined; }

  /**
   * Refuses what the service refuses.
   *
   * @internal
   */
  public abstract _check(scope: Construct, prop: string, kind: ScaledKind, capacity: { readonly least: number; readonly most: number }): void;

  /**
   * Adds itself to the target.
   *
   * @internal
   */
  public abstract _bind(target: ScalableTarget, resource: ScaledResource): void;
}

abstract class TargetTracking extends ScalingPolicy {
  protected constructor(public readonly _id: string, protected readonly target: number, protected readonly options: TargetTrackingOptions, private readonly most?: number) { super(); }

  protected checkTarget(scope: Construct, prop: string): void {
    checkTrackingKinds(scope, prop, this.target, this.options);
    const { target, most = Infinity } = this;
    if (!isToken(target) && !(target > 0 && target <= most && Number.isFinite(target))) {
      refuse(scope, `${prop}.target`, most === Infinity ? 'be above 0' : `be above 0, and at most ${most}`, target);
    }
    checkCooldowns(scope, prop, { scaleInCooldown: this.options.scaleInCooldown, scaleOutCooldown: this.options.scaleOutCooldown });
  }
}

class PredefinedTracking extends TargetTracking {
  public constructor(id: string, private readonly kinds: readonly ScaledKind[], private readonly metric: string, target: number, options: TargetTrackingOptions, most?: number) {
    super(id, target, options, most);
  }

  public _check(scope: Construct, prop: string, kind: ScaledKind): void {
    if (!this.kinds.includes(kind)) { refuseKind(scope, prop, kind, this._id); }
    this.checkTarget(scope, prop);
  }

  public _bind(target: ScalableTarget): void {
    // by its text: versions of aws-cdk-lib differ in which of them their enum has
    target.scaleToTrackMetric(this._id, { ...this.options, targetValue: this.target, predefinedMetric: this.metric as PredefinedMetric });
  }
}

/** What Application Auto Scaling holds at a target. */
const TRACKED_STATISTICS = ['Average', 'Minimum', 'Maximum', 'SampleCount', 'Sum'];

class MetricTracking extends TargetTracking {
  public constructor(id: string, private readonly metric: ScalingMetric, target: number, options: TargetTrackingOptions) { super(id, target, options); }

  public _check(scope: Construct, prop: string, kind: ScaledKind): void {
    checkMetric(scope, prop, kind, this.metric);
    this.checkTarget(scope, prop);
  }

  public _bind(target: ScalableTarget, resource: ScaledResource): void {
    const customMetric = this.metric._bind(resource);
    const prop = `policies.${this._id}.metric`;
    const { metricStat } = customMetric.toMetricConfig();
    if (!metricStat) { refuse(target, prop, 'be a metric and no expression, which ScalingPolicy.steps takes', 'an expression'); }
    const { period } = metricStat;
    if (!period.isUnresolved() && period.toSeconds() !== 60) {
      Annotations.of(target).addWarningV2('cdk-sagemaker:periodOfTrackedMetric', `${prop}: Application Auto Scaling takes no period of a metric that is held at a target, and looks at it by the minute, not by ${period.toHumanString()}: `
        + 'give the metric { period: Duration.minutes(1) }, and a target for a minute (ScalingPolicy.steps takes any period)');
    }
    oneOf(target, `${prop}.statistic`, metricStat.statistic, TRACKED_STATISTICS);
    target.scaleToTrackMetric(this._id, { ...this.options, targetValue: this.target, customMetric });
  }
}

class Steps extends ScalingPolicy {
  public constructor(public readonly _id: string, private readonly metric: ScalingMetric, private readonly intervals: ScalingInterval[], private readonly options: StepScalingOptions) { super(); }

  public _check(scope: Construct, prop: string, kind: ScaledKind): void {
    checkStepsKinds(scope, prop, this.intervals, this.options);
    const { cooldown, minAdjustment, evaluationPeriods, datapointsToAlarm } = this.options;
    checkMetric(scope, prop, kind, this.metric);
    if (this.intervals.length < 2 || this.intervals.length > 40) { refuse(scope, `${prop}.intervals`, 'have 2 to 40 entries', this.intervals.length); }
    this.intervals.forEach(({ change }, index) => inRange(scope, `${prop}.intervals[${index}].change`, change, -2147483648, 2147483647));
    checkCooldowns(scope, prop, { cooldown });
    inRange(scope, `${prop}.minAdjustment`, minAdjustment, 1, 2147483647);
    inRange(scope, `${prop}.evaluationPeriods`, evaluationPeriods, 1, 2147483647);
    inRange(scope, `${prop}.datapointsToAlarm`, datapointsToAlarm, 1, isToken(evaluationPeriods) ? 2147483647 : evaluationPeriods ?? 1);
  }

  public _bind(target: ScalableTarget, resource: ScaledResource): void {
    const { adjustment: adjustmentType, minAdjustment: minAdjustmentMagnitude, cooldown, evaluationPeriods = 1, datapointsToAlarm } = this.options;
    try {
      target.scaleOnMetric(this._id, {
        metric: this.metric._bind(resource), scalingSteps: this.intervals, adjustmentType, minAdjustmentMagnitude, cooldown, evaluationPeriods, datapointsToAlarm,
      });
    } catch (error) {
      refuse(target, `policies.${this._id}.intervals`, `be intervals that do not overlap (${(error as Error).message})`, this.intervals);
    }
  }
}

class Scheduled extends ScalingPolicy {
  public constructor(public readonly _id: string, private readonly options: ScheduledScalingOptions) { super(); }

  public override get _min(): number | undefined { return this.options?.min; }

  public _check(scope: Construct, prop: string, _kind: ScaledKind, { least, most }: { readonly least: number; readonly most: number }): void {
    checkScheduleKinds(scope, prop, this.options);
    const { min, max, start, end } = this.options;
    if (min === undefined && max === undefined) { refuse(scope, prop, 'have min, max or both', 'none of them'); }
    inRange(scope, `${prop}.max`, max, least, most);
    inRange(scope, `${prop}.min`, min, least, max === undefined || isToken(max) ? most : max);
    if (start && end && end <= start) { refuse(scope, `${prop}.end`, 'be after start', end.toISOString()); }
  }

  public _bind(target: ScalableTarget): void {
    const { schedule, min: minCapacity, max: maxCapacity, timeZone, start: startTime, end: endTime } = this.options;
    target.scaleOnSchedule(this._id, { schedule, minCapacity, maxCapacity, timeZone, startTime, endTime });
  }
}

function checkMetric(scope: Construct, prop: string, kind: ScaledKind, metric: ScalingMetric): void {
  checkMetricKind(scope, prop, metric);
  if (!metric._isOf(kind)) { refuseKind(scope, prop, kind, metric._name); }
}

/** What scales each kind, in the order one would try. */
const FITTING: { readonly [kind in ScaledKind]: string } = {
  instances: 'invocationsPerInstance, concurrentRequestsPerInstance, cpuUtilization, memoryUtilization, gpuUtilization, gpuMemoryUtilization',
  async: 'backlogPerInstance, cpuUtilization, memoryUtilization, gpuUtilization, gpuMemoryUtilization',
  serverless: 'provisionedConcurrencyUtilization',
  copies: 'concurrentRequestsPerCopy, invocationsPerCopy, cpuUtilization, memoryUtilization, gpuUtilization, gpuMemoryUtilization',
};

function refuseKind(scope: Construct, prop: string, kind: ScaledKind, name: string): never {
  return refuse(scope, prop, `go by a metric of ${SCALED_KINDS[kind]}: ${FITTING[kind]}, onMetric, steps or onSchedule`, name);
}

function checkCooldowns(scope: Construct, prop: string, cooldowns: { readonly [name: string]: Duration | undefined }): void {
  for (const [name, cooldown] of Object.entries(cooldowns)) { if (cooldown) { wholeSeconds(scope, `${prop}.${name}`, cooldown); } }
}
