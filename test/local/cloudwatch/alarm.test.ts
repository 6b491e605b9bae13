import { stateOf, unevaluable, type AlarmRequest } from '../../../lib/local/cloudwatch/alarm';
import { MetricStore, statisticOf } from '../../../lib/local/cloudwatch/metric-store';

const MINUTE = 1000;
const METRIC = { Namespace: 'AWS/SageMaker', MetricName: 'Invocation5XXErrors', Dimensions: [{ Name: 'EndpointName', Value: 'e' }, { Name: 'VariantName', Value: 'v' }] };
const alarm = (more: Partial<AlarmRequest> = {}): AlarmRequest => ({
  AlarmName: 'a', ...METRIC, Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 3, ComparisonOperator: 'GreaterThanOrEqualToThreshold', ...more,
});

/** The state at 100 s of an alarm whose metric had these values, by how many seconds before. */
function state(request: AlarmRequest, values: ReadonlyArray<readonly [number, number]>, before: 'OK' | 'ALARM' = 'OK') {
  let now = 0;
  const store = new MetricStore({ now: () => now, after: () => () => undefined, sleep: () => Promise.resolve() });
  for (const [ago, value] of [...values].sort(([a], [b]) => b - a)) {
    now = 100_000 - ago * 1000;
    store.put(METRIC, value);
  }
  return stateOf(request, store, 100_000, MINUTE, before);
}

describe('the state of an alarm', () => {
  test('follows the statistic of the last period, which ends now', () => {
    expect(state(alarm(), [[0.1, 1], [0.5, 2]])).toBe('ALARM');
    expect(state(alarm(), [[0.1, 1], [1.5, 2]])).toBe('OK');
  });

  test.each([
    ['GreaterThanThreshold', 3, 'OK'], ['GreaterThanThreshold', 4, 'ALARM'], ['LessThanThreshold', 3, 'OK'], ['LessThanThreshold', 2, 'ALARM'], ['LessThanOrEqualToThreshold', 3, 'ALARM'],
  ])('compares with %s: %d is %s', (ComparisonOperator, value, expected) => {
    expect(state(alarm({ ComparisonOperator }), [[0.5, value]])).toBe(expected);
  });

  test('needs as many breaching periods as it says', () => {
    const two = alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    expect(state(two, [[0.5, 5], [1.5, 0], [2.5, 5]])).toBe('ALARM');
    expect(state(two, [[0.5, 5], [1.5, 0], [2.5, 0]])).toBe('OK');
  });

  test.each([[undefined, 'INSUFFICIENT_DATA'], ['missing', 'INSUFFICIENT_DATA'], ['notBreaching', 'OK'], ['breaching', 'ALARM'], ['ignore', 'ALARM']])('without data, treated as %s, is %s', (TreatMissingData, expected) => {
    expect(state(alarm({ TreatMissingData }), [], 'ALARM')).toBe(expected);
  });

  test('may be one of an expression', () => {
    const stat = { MetricStat: { Metric: METRIC, Period: 60, Stat: 'Sum' }, ReturnData: false };
    const of = (Expression: string) => alarm({ Metrics: [{ Id: 'm', ...stat }, { Id: 'n', MetricStat: { ...stat.MetricStat, Stat: 'SampleCount' }, ReturnData: false }, { Id: 'e', Expression }] });
    const values = [[0.1, 4], [0.2, 0]] as const;
    expect(state(of('m / n + 1'), values)).toBe('ALARM');
    expect(state(of('IF(n > 2, m, 0)'), values)).toBe('OK');
    expect(state(of('m / (n - 2)'), values)).toBe('INSUFFICIENT_DATA');
    expect(state(of('FILL(m / 0, 10) ^ 1'), [])).toBe('ALARM');
  });
});

describe('a statistic', () => {
  test.each([['Sum', 10], ['Average', 2.5], ['Minimum', 1], ['Maximum', 4], ['SampleCount', 4], ['p50', 2], ['p99', 4], ['p0', 1]])('%s of 1 to 4 is %d', (name, value) => {
    expect(statisticOf(name, [4, 1, 3, 2])).toBe(value);
  });
});

describe('an alarm that can\'t be evaluated here', () => {
  test.each([
    [{ ComparisonOperator: 'GreaterThanUpperThreshold', ThresholdMetricId: 'x' }, 'ComparisonOperator GreaterThanUpperThreshold (anomaly detection)'],
    [{ Statistic: undefined, ExtendedStatistic: 'tm90' }, 'statistic tm90'],
    [{ Metrics: [{ Id: 'e', Expression: 'SEARCH("x")' }] }, 'the metric math SEARCH("x")'],
    [{ Metrics: [{ Id: 'e', Expression: 'm + 1' }] }, 'the metric math m + 1: nothing is called m'],
  ])('says what: %j', (more, what) => { expect(unevaluable(alarm(more))).toBe(what); });

  test('is one of another kind than the others', () => { expect(unevaluable(alarm())).toBeUndefined(); });
});
