import type { Clock } from '../clock';
import { MINUTE } from '../pace';

/** A metric, by all that tells it from others. */
export interface Metric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: ReadonlyArray<{ readonly Name?: string; readonly Value?: string }>;
}

interface Point {
  readonly time: number;
  readonly value: number;
}

/** How long values are kept, in minutes of alarms: a quarter of an hour of real time, usually. */
const KEPT = 900;
const MANY = 1000;

/** The values of metrics of the last quarter of an hour, each with its time; in memory alone. */
export class MetricStore {
  private readonly points = new Map<string, Point[]>();

  /** @param minute how long a minute is here, in milliseconds */
  constructor(private readonly clock: Clock, private readonly minute = MINUTE) {}

  put(metric: Metric, value: number): void {
    const key = keyOf(metric);
    const points = this.points.get(key) ?? [];
    this.points.set(key, points);
    const time = this.clock.now();
    points.push({ time, value });
    if (points.length % MANY === 0) {
      const first = points.findIndex((point) => point.time > time - KEPT * this.minute);
      points.splice(0, first);
    }
  }

  /** The values after one time and up to another, in milliseconds since 1970. */
  values(metric: Metric, after: number, upTo: number): number[] {
    const points = this.points.get(keyOf(metric)) ?? [];
    const values: number[] = [];
    // The last ones are asked for.
    for (let index = points.length - 1; index >= 0; index -= 1) {
      const { time, value } = points[index] as Point;
      if (time <= after) { break; }
      if (time <= upTo) { values.push(value); }
    }
    return values;
  }
}

const keyOf = ({ Namespace, MetricName, Dimensions }: Metric) => JSON.stringify([Namespace, MetricName, (Dimensions ?? []).map(({ Name, Value }) => [Name, Value]).sort()]);

/** A statistic of CloudWatch over some values; nothing when there are none. */
export function statisticOf(name: string, values: readonly number[]): number | undefined {
  if (values.length === 0) { return undefined; }
  const sum = () => values.reduce((total, value) => total + value, 0);
  if (name === 'Sum') { return sum(); }
  if (name === 'Average') { return sum() / values.length; }
  if (name === 'SampleCount') { return values.length; }
  if (name === 'Minimum' || name === 'Maximum') { return values.reduce((best, value) => (name === 'Minimum' ? Math.min(best, value) : Math.max(best, value))); }
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(Number(name.slice(1)) / 100 * sorted.length) - 1)];
}

export const isStatistic = (name: string) => /^(Sum|Average|SampleCount|Minimum|Maximum|p(100|\d{1,2}(\.\d+)?))$/.test(name);
