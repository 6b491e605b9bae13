/** A metric of a job, as DescribeTrainingJob has it. */
export interface MetricDefinition {
  readonly Name?: string;
  readonly Regex?: string;
}

/** A value that a line of the log has, and where in the line. */
export interface PickedMetric {
  readonly name: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** Finds the values of metrics in a line. */
export type Pick = (line: string) => PickedMetric[];

/**
 * What SageMaker reads from a job's log: of each match of a metric's regular expression the first group, where that is a number.
 *
 * @param onUnusable told of each metric whose expression JavaScript can't read. @default - they are left out in silence
 */
export function metricPick(definitions: readonly MetricDefinition[], onUnusable: (name: string, why: string) => void = () => undefined): Pick {
  const metrics = definitions.flatMap(({ Name: name = '', Regex: regex = '' }) => {
    try {
      return [{ name, regex: javaScriptRegex(regex) }];
    } catch (error) {
      onUnusable(name, (error as Error).message);
      return [];
    }
  });
  return (line) => metrics.flatMap(({ name, regex }) => [...line.matchAll(regex)]
    .filter((match) => match[1] !== undefined && match[1].trim() !== '' && Number.isFinite(Number(match[1])))
    .map((match) => ({ name, value: Number(match[1]), from: match.index, to: match.index + match[0].length })));
}

/** @throws SyntaxError for what is not a regular expression */
export function javaScriptRegex(regex: string): RegExp {
  return new RegExp(regex.replaceAll('(?P<', '(?<'), 'g');
}

/** What is known of a metric so far. */
export interface MetricSummary {
  readonly name: string;
  readonly last: number;
  readonly least: number;
  readonly greatest: number;
  readonly count: number;
}

/** The values of metrics as they come. */
export class MetricSummaries {
  private readonly byName = new Map<string, MetricSummary>();

  add({ name, value }: { readonly name: string; readonly value: number }): void {
    const { least = value, greatest = value, count = 0 } = this.byName.get(name) ?? {};
    this.byName.set(name, { name, last: value, least: Math.min(least, value), greatest: Math.max(greatest, value), count: count + 1 });
  }

  /** In the order in which they first came. */
  all(): MetricSummary[] {
    return [...this.byName.values()];
  }
}
