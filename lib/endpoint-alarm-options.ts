import type { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib/core';

/** What can be said of every alarm of an endpoint. */
export interface EndpointAlarmOptions {
  /**
   * What the metric is summed up over; 10 or 30 seconds, or whole minutes up to a day.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;
  /**
   * How many periods are looked at; 1 or more, and a day at most, or a week with periods of an hour or more.
   *
   * @default - as the alarm says
   */
  readonly evaluationPeriods?: number;
  /**
   * How many of these periods must be bad.
   *
   * @default - all
   */
  readonly datapointsToAlarm?: number;
  /**
   * What periods without data mean.
   *
   * @default - as the alarm says
   */
  readonly treatMissingData?: TreatMissingData;
  /**
   * The name. An alarm with a name given can't be replaced by a change.
   *
   * @default - a generated name
   */
  readonly alarmName?: string;
  /**
   * What whom it wakes reads.
   *
   * @default - what is counted
   */
  readonly alarmDescription?: string;
}

/** What can be said of every alarm of a variant. */
export interface VariantAlarmOptions extends EndpointAlarmOptions {
  /**
   * The variant, as it is called in the endpoint's configuration.
   *
   * @default - the only one; must be said where there are several, or where the endpoint was made elsewhere and its variants are not known
   */
  readonly variantName?: string;
}

/** When errors are too many: in 1 period, if `evaluationPeriods` is not said. */
export interface ErrorAlarmOptions extends VariantAlarmOptions {
  /**
   * How many in a period are too many.
   *
   * @default 1
   */
  readonly threshold?: number;
}

/** When the share of errors is too large: in 3 periods, if `evaluationPeriods` is not said. */
export interface ErrorRateAlarmOptions extends VariantAlarmOptions {
  /**
   * How many percent of the requests of a period are too many; above 0, at most 100.
   *
   * @default 1
   */
  readonly percent?: number;
}

/** When answers are too slow: in 3 periods, if `evaluationPeriods` is not said. */
export interface LatencyAlarmOptions extends VariantAlarmOptions {
  /** What is too long. */
  readonly threshold: Duration;
  /**
   * How many percent of the requests must be faster; above 0, below 100.
   *
   * @default 99
   */
  readonly percentile?: number;
}

/** When too many wait: in 5 periods, if `evaluationPeriods` is not said. */
export interface BacklogAlarmOptions extends EndpointAlarmOptions {
  /** How many requests are too many; those that are worked on count. */
  readonly threshold: number;
}

/** When the oldest waits too long: in 1 period, if `evaluationPeriods` is not said. */
export interface BacklogAgeAlarmOptions extends EndpointAlarmOptions {
  /** What is too long, in whole seconds. */
  readonly threshold: Duration;
}
