import type { AdjustmentType, Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { Duration, TimeZone } from 'aws-cdk-lib/core';

/** How a metric is held at its target. */
export interface TargetTrackingOptions {
  /**
   * How long it takes after capacity was removed until more may be; whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration;
  /**
   * How long it takes after capacity was added until more may be; whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleOutCooldown?: Duration;
  /**
   * Whether capacity is added only, and never removed by this policy.
   *
   * @default false
   */
  readonly disableScaleIn?: boolean;
}

/** How capacity changes in steps. */
export interface StepScalingOptions {
  /**
   * What the change of a step is: so many more or fewer, so many percent more or fewer, or so many.
   *
   * @default AdjustmentType.CHANGE_IN_CAPACITY
   */
  readonly adjustment?: AdjustmentType;
  /**
   * The least that a change in percent adds or removes; at least 1.
   *
   * @default 1
   */
  readonly minAdjustment?: number;
  /**
   * How long it takes after a change until the next; whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly cooldown?: Duration;
  /**
   * Over how many periods of the metric it is looked at; at least 1.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;
  /**
   * In how many of these periods it must be in a step; 1 to `evaluationPeriods`.
   *
   * @default - in all of them
   */
  readonly datapointsToAlarm?: number;
}

/** What capacity may be from some time on, until another schedule says otherwise. */
export interface ScheduledScalingOptions {
  /** When: once, at a rate, or as cron says. */
  readonly schedule: Schedule;
  /**
   * The least there is from then on. One of `min` and `max` is given.
   *
   * @default - as before
   */
  readonly min?: number;
  /**
   * The most there is from then on; at least `min`.
   *
   * @default - as before
   */
  readonly max?: number;
  /**
   * Where the hours of the schedule are those of the clock.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
  /**
   * Before that, the schedule does nothing.
   *
   * @default - it holds at once
   */
  readonly start?: Date;
  /**
   * After that, the schedule does nothing.
   *
   * @default - it holds for ever
   */
  readonly end?: Date;
}
