import { evaluate, idsOf, UnknownMath } from './metric-math';
import { isStatistic, statisticOf, type Metric, type MetricStore } from './metric-store';

/** What PutMetricAlarm takes, as far as it is read here. */
export interface AlarmRequest extends Metric {
  readonly AlarmName: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  /** In seconds. */
  readonly Period?: number;
  readonly EvaluationPeriods?: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ThresholdMetricId?: string;
  readonly ComparisonOperator?: string;
  readonly TreatMissingData?: string;
  readonly Metrics?: readonly MetricQuery[];
  readonly Tags?: readonly object[];
}

interface MetricQuery {
  readonly Id?: string;
  readonly MetricStat?: { readonly Metric?: Metric; readonly Period?: number; readonly Stat?: string };
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly AccountId?: string;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

const COMPARISONS: { readonly [operator: string]: (value: number, threshold: number) => boolean } = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** What of an alarm can't be evaluated here; nothing when all of it can. */
export function unevaluable(alarm: AlarmRequest): string | undefined {
  if (COMPARISONS[alarm.ComparisonOperator ?? ''] === undefined || alarm.ThresholdMetricId !== undefined) { return `ComparisonOperator ${alarm.ComparisonOperator} (anomaly detection)`; }
  const queries = queriesOf(alarm);
  for (const { MetricStat: stat, Expression, AccountId } of queries) {
    if (AccountId !== undefined) { return 'a metric of another account'; }
    if (stat !== undefined && !isStatistic(stat.Stat ?? '')) { return `statistic ${stat.Stat}`; }
    if (Expression === undefined) { continue; }
    try {
      const unknown = idsOf(Expression).find((id) => !queries.some(({ Id }) => Id === id));
      if (unknown !== undefined) { return `the metric math ${Expression}: nothing is called ${unknown}`; }
    } catch (error) {
      if (!(error instanceof UnknownMath)) { throw error; }
      return `the metric math ${Expression}`;
    }
  }
  return undefined;
}

/**
 * The state of an alarm now: its periods end now, and are as much shorter than at AWS as a minute is here.
 *
 * @param minute in milliseconds
 * @param before the state it had; it stays when missing data is to be ignored
 */
export function stateOf(alarm: AlarmRequest, store: MetricStore, now: number, minute: number, before: AlarmState): AlarmState {
  const periods = alarm.EvaluationPeriods ?? 1;
  const breaches = COMPARISONS[alarm.ComparisonOperator ?? ''] as (value: number, threshold: number) => boolean;
  const missing = alarm.TreatMissingData ?? 'missing';
  const points = Array.from({ length: periods }, (_, nth) => valueAt(alarm, store, now, minute, nth));
  const known = points.filter((value) => value !== undefined);
  if (known.length === 0 && missing === 'missing') { return 'INSUFFICIENT_DATA'; }
  if (known.length === 0 && missing === 'ignore') { return before; }
  const breaching = known.filter((value) => breaches(value, alarm.Threshold ?? 0)).length + (missing === 'breaching' ? points.length - known.length : 0);
  return breaching >= (alarm.DatapointsToAlarm ?? periods) ? 'ALARM' : 'OK';
}

/** The alarm's value in the nth period before now. */
function valueAt(alarm: AlarmRequest, store: MetricStore, now: number, minute: number, nth: number): number | undefined {
  const queries = queriesOf(alarm);
  const valueOf = (id: string | undefined, seen: readonly string[] = []): number | undefined => {
    const query = queries.find(({ Id }) => Id === id);
    const { MetricStat: stat, Expression } = query ?? {};
    if (stat !== undefined) {
      const period = (stat.Period ?? 60) / 60 * minute;
      return statisticOf(stat.Stat ?? '', store.values(stat.Metric ?? {}, now - (nth + 1) * period, now - nth * period));
    }
    return Expression === undefined || seen.includes(String(id)) ? undefined : evaluate(Expression, (other) => valueOf(other, [...seen, String(id)]));
  };
  return valueOf((queries.find(({ ReturnData }) => ReturnData !== false) ?? queries[0])?.Id);
}

function queriesOf(alarm: AlarmRequest): readonly MetricQuery[] {
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic } = alarm;
  return alarm.Metrics ?? [{ Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat: Statistic ?? ExtendedStatistic } }];
}
