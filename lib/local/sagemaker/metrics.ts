import type { MetricData, MetricDefinition } from '@aws-sdk/client-sagemaker';

/**
 * The value of each metric in the last line that has one, as SageMaker reads it from a job's log: the first group of
 * the regular expression.
 */
export function finalMetrics(definitions: readonly MetricDefinition[], log: string, now: Date): MetricData[] {
  const found: MetricData[] = [];
  for (const { Name, Regex } of definitions) {
    const values = [...log.matchAll(javaScriptRegex(Regex as string))].map((match) => Number(match[1])).filter(Number.isFinite);
    if (values.length > 0) { found.push({ MetricName: Name, Value: values.at(-1), Timestamp: now }); }
  }
  return found;
}

/** @throws SyntaxError for what is not a regular expression */
export function javaScriptRegex(regex: string): RegExp {
  return new RegExp(regex.replaceAll('(?P<', '(?<'), 'g');
}
