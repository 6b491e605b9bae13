import type { DescribedJob } from './job-kinds';

/** A figure found in a line. */
export interface PickedMetric { readonly name: string; readonly value: number; readonly text: string }

/** Finds a job's metrics in its lines, by the job's own expressions. */
export class MetricPicker {
  /** The last value of each metric. */
  public readonly last = new Map<string, number>();
  private readonly expressions: readonly { readonly name: string; readonly expression: RegExp }[];

  public constructor(definitions: DescribedJob['metricDefinitions']) {
    this.expressions = definitions.flatMap(({ name, regex }) => {
      try {
        return [{ name, expression: new RegExp(regex.replaceAll('(?P<', '(?<'), 'g') }];
      } catch {
        return [];                                           // an expression that only the service's language has
      }
    });
  }

  public pick(line: string): PickedMetric[] {
    const found = this.expressions.flatMap(({ name, expression }) => [...line.matchAll(expression)].map((match) => ({ name, value: Number(match[1]), text: match[0] })).filter(({ value, text }) => Number.isFinite(value) && text !== ''));
    for (const { name, value } of found) { this.last.set(name, value); }
    return found;
  }
}
