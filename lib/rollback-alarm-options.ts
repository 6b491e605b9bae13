import type { Duration } from 'aws-cdk-lib/core';

/** How long something must go on until an alarm of an endpoint rings. */
export interface RollbackAlarmOptions {
  /**
   * What is counted together; 10 or 30 seconds, or whole minutes up to an hour. No less than metrics are published by: a minute, or with `enhancedMetrics`
   * the `metricsFrequency` of the configuration.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;
  /**
   * How many periods in a row must be too bad; 1 to 24.
   *
   * @default 2
   */
  readonly evaluationPeriods?: number;
}

/** From which share of failed requests on an alarm of an endpoint rings. */
export interface RollbackErrorsOptions extends RollbackAlarmOptions {
  /**
   * The share of the requests that may fail, in percent; 0 to 100.
   *
   * @default 5
   */
  readonly abovePercent?: number;
}

/** From which latency on an alarm of an endpoint rings. */
export interface RollbackLatencyOptions extends RollbackAlarmOptions {
  /** How long a model may take to answer; more than 0. */
  readonly above: Duration;
  /**
   * The share of the requests that must be answered in that time, in percent; above 0, and at most 100.
   *
   * @default 90
   */
  readonly percentile?: number;
}
