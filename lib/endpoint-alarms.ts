import { Alarm, ComparisonOperator, TreatMissingData, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BacklogAgeAlarmOptions, BacklogAlarmOptions, EndpointAlarmOptions, ErrorAlarmOptions, ErrorRateAlarmOptions, LatencyAlarmOptions, VariantAlarmOptions } from './endpoint-alarm-options';
import type { IEndpointMetrics } from './endpoint-metrics';
import { inRange, isToken, refuse, refuseToken, wholeMilliseconds, wholeSeconds } from './request/checks';
import { OF_AN_ALARM } from './request/hosting-prop-kinds';
import { checkOptions, DURATION, NUMBER } from './request/kinds';

type Measured = Construct & IEndpointMetrics;

interface Rule {
  readonly metric: Metric;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly words: string;
  readonly comparison?: ComparisonOperator;
  readonly missing?: TreatMissingData;
}

export function onCount(endpoint: Measured, id: string, metricName: string, options: ErrorAlarmOptions): Alarm {
  checkOptions(endpoint, '', options, { ...OF_AN_ALARM, threshold: NUMBER });
  const { threshold = 1 } = options;
  aboveZero(endpoint, 'threshold', threshold);
  return alarm(endpoint, id, options, { metric: metricOf(endpoint, metricName, options), threshold, evaluationPeriods: 1, words: `${metricName} in a period` });
}

export function onErrorRate(endpoint: Measured, id: string, options: ErrorRateAlarmOptions): Alarm {
  checkOptions(endpoint, '', options, OF_AN_ALARM);
  const { percent = 1 } = options;
  if (isToken(percent)) { refuseToken(endpoint, 'percent', 'be known at synth'); }
  aboveZero(endpoint, 'percent', percent, 100);
  // each request sends 1 or 0, so that the average is the share
  const metric = metricOf(endpoint, 'Invocation5XXErrors', options, 'Average');
  return alarm(endpoint, id, options, { metric, threshold: percent / 100, evaluationPeriods: 3, words: 'The share of requests that fail with 5xx' });
}

export function onLatency(endpoint: Measured, id: string, options: LatencyAlarmOptions): Alarm {
  checkOptions(endpoint, '', options, OF_AN_ALARM, { threshold: DURATION });
  const { percentile = 99 } = options;
  aboveZero(endpoint, 'percentile', percentile, 99.99);
  if (options.threshold.isUnresolved()) { refuseToken(endpoint, 'threshold', 'be known at synth'); }
  const microseconds = wholeMilliseconds(endpoint, 'threshold', options.threshold) * 1000;
  aboveZero(endpoint, 'threshold', microseconds);
  const metric = metricOf(endpoint, 'ModelLatency', options, `p${percentile}`);
  return alarm(endpoint, id, options, { metric, threshold: microseconds, evaluationPeriods: 3, words: `What ${percentile} % of the requests take at most in the model, in microseconds` });
}

export function onSilence(endpoint: Measured, id: string, metricName: string, options: VariantAlarmOptions): Alarm {
  checkOptions(endpoint, '', options, OF_AN_ALARM);
  const metric = metricOf(endpoint, metricName, { ...options, period: options.period ?? Duration.hours(1) });
  return alarm(endpoint, id, options, {
    metric, threshold: 1, evaluationPeriods: 1, words: 'Requests in a period', comparison: ComparisonOperator.LESS_THAN_THRESHOLD, missing: TreatMissingData.BREACHING,
  });
}

export function onBacklog(endpoint: Measured, id: string, options: BacklogAlarmOptions): Alarm {
  checkOptions(endpoint, '', options, OF_AN_ALARM, { threshold: NUMBER });
  aboveZero(endpoint, 'threshold', options.threshold);
  const metric = metricOf(endpoint, 'ApproximateBacklogSize', options);
  return alarm(endpoint, id, options, { metric, threshold: options.threshold, evaluationPeriods: 5, words: 'Requests that wait or are worked on' });
}

export function onBacklogAge(endpoint: Measured, id: string, options: BacklogAgeAlarmOptions): Alarm {
  checkOptions(endpoint, '', options, OF_AN_ALARM, { threshold: DURATION });
  const threshold = wholeSeconds(endpoint, 'threshold', options.threshold);
  aboveZero(endpoint, 'threshold', threshold);
  const metric = metricOf(endpoint, 'ApproximateAgeOfOldestRequest', options);
  return alarm(endpoint, id, options, { metric, threshold, evaluationPeriods: 1, words: 'How long the oldest request has waited, in seconds' });
}

function metricOf(endpoint: Measured, name: string, { variantName, period = Duration.minutes(1) }: VariantAlarmOptions, statistic?: string): Metric {
  checkPeriod(endpoint, period);
  return endpoint.metric(name, { period, ...(variantName !== undefined && { variantName }), ...(statistic !== undefined && { statistic }) });
}

/** Where there is no request there is no data, and nothing wrong. */
function alarm(endpoint: Measured, id: string, options: EndpointAlarmOptions, { metric, threshold, words, comparison, missing, ...rule }: Rule): Alarm {
  const { evaluationPeriods = rule.evaluationPeriods, datapointsToAlarm } = options;
  inRange(endpoint, 'evaluationPeriods', evaluationPeriods, 1, 86400);
  checkWindow(endpoint, metric.period, evaluationPeriods);
  if (!isToken(evaluationPeriods)) { inRange(endpoint, 'datapointsToAlarm', datapointsToAlarm, 1, evaluationPeriods); }
  return new Alarm(endpoint, id, {
    metric, threshold, evaluationPeriods, datapointsToAlarm,
    comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: options.treatMissingData ?? missing ?? TreatMissingData.NOT_BREACHING,
    alarmName: options.alarmName,
    alarmDescription: options.alarmDescription ?? words,
  });
}

const PERIODS = [10, 30];

function checkPeriod(endpoint: Construct, period: Duration): void {
  if (period.isUnresolved()) { return; }
  const seconds = wholeSeconds(endpoint, 'period', period);
  if (!(PERIODS.includes(seconds) || (seconds > 0 && seconds % 60 === 0 && seconds <= 86400))) { refuse(endpoint, 'period', `be ${PERIODS.join(' or ')} seconds, or whole minutes up to a day`, period.toHumanString()); }
}

/** CloudWatch looks back a day, or a week where periods are of an hour or more. */
function checkWindow(endpoint: Construct, period: Duration, evaluationPeriods: number): void {
  if (period.isUnresolved() || isToken(evaluationPeriods)) { return; }
  const seconds = period.toSeconds();
  const window = seconds >= 3600 ? Duration.days(7) : Duration.days(1);
  if (seconds * evaluationPeriods > window.toSeconds()) {
    refuse(endpoint, 'evaluationPeriods', `be at most ${Math.floor(window.toSeconds() / seconds)} with periods of ${period.toHumanString()}: an alarm looks at ${window.toHumanString()}`, evaluationPeriods);
  }
}

function aboveZero(endpoint: Construct, prop: string, value: number, most = Infinity): void {
  if (isToken(value) || (value > 0 && value <= most && Number.isFinite(value))) { return; }
  refuse(endpoint, prop, most === Infinity ? 'be more than 0' : `be more than 0 and at most ${most}`, value);
}
