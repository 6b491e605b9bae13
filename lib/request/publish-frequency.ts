import type { Duration } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { refuse, wholeSeconds } from './checks';

/** What the service publishes metrics by. */
const FREQUENCIES = [10, 30, 60, 120, 180, 240, 300];

/** Seconds between two values of a metric of an endpoint. */
export function publishFrequency(scope: IConstruct, prop: string, value: Duration | undefined): number | undefined {
  if (value === undefined) { return undefined; }
  const seconds = wholeSeconds(scope, prop, value);
  if (value.isUnresolved() || FREQUENCIES.includes(seconds)) { return seconds; }
  return refuse(scope, prop, `be one of ${FREQUENCIES.join(', ')} seconds`, value.toHumanString());
}
