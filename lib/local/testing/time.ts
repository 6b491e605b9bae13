/** A length of time: seconds, as SageMaker counts in its requests; parts by their names; or a `Duration` of the CDK. */
export type Time = number | TimeParts | TimeLike;

/** `{ hours: 1, minutes: 30 }` */
export interface TimeParts {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/** What the CDK's `Duration` is. */
export interface TimeLike {
  toMilliseconds(): number;
}

const PARTS: { readonly [part in keyof TimeParts]-?: number } = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000, milliseconds: 1 };

/** @param what names it in errors. @throws Error when it is no time, or a negative one */
export function millisecondsOf(time: Time, what: string): number {
  const milliseconds = countOf(time);
  if (Number.isNaN(milliseconds) || milliseconds < 0) {
    throw new Error(`${what} must be seconds, parts such as { hours: 1 }, or a Duration, and not be negative; got ${JSON.stringify(time)}`);
  }
  return milliseconds;
}

function countOf(time: Time): number {
  if (typeof time === 'number') { return time * 1000; }
  if (typeof time !== 'object' || time === null) { return NaN; }
  if ('toMilliseconds' in time) { return time.toMilliseconds(); }
  const parts = Object.entries(time) as [string, unknown][];
  const isTime = parts.length > 0 && parts.every(([part, count]) => Object.hasOwn(PARTS, part) && typeof count === 'number' && count >= 0);
  return isTime ? parts.reduce((sum, [part, count]) => sum + (count as number) * PARTS[part as keyof TimeParts], 0) : NaN;
}
