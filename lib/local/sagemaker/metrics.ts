import type { MetricDefinition } from '@aws-sdk/client-sagemaker';
import { metricPick } from '../../operate/metrics';
import type { LogEvent } from '../logs/log-stream';
import type { TrainingJobRecord } from './state-file';

/** The last value of each metric, with the time of its line, as SageMaker reads them from a job's log. */
export function finalMetrics(definitions: readonly MetricDefinition[], log: Iterable<LogEvent>): NonNullable<TrainingJobRecord['metrics']> {
  const pick = metricPick(definitions);
  const last = new Map<string, { readonly MetricName: string; readonly Value: number; readonly Timestamp: number }>();
  for (const { timestamp, message } of log) {
    for (const { name, value } of pick(message)) { last.set(name, { MetricName: name, Value: value, Timestamp: timestamp }); }
  }
  return definitions.flatMap(({ Name: name }) => last.get(name as string) ?? []);
}
