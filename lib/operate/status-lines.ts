import { hasEnded, type JobView, type Transition } from './job-kind';
import type { MetricSummary } from './metrics';

/** Texts about a job, without colour. Times are UTC, as the Python SDK and the console of CloudWatch write them. */

/** 2026-01-01 12:00:00 */
export function utc(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** 45 s, 3 min 12 s, 2 h 03 min */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 60) { return `${seconds} s`; }
  if (seconds < 3600) { return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`; }
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
}

/** Something that happened to a job. */
export interface StatusChange {
  readonly time: number;
  readonly status: string;
  readonly message: string;
}

/** What is new among a job's secondary statuses: further ones, and other messages of those that were known. */
export function statusChanges(before: readonly Transition[], now: readonly Transition[], modified: number): StatusChange[] {
  return now.flatMap(({ status, message, start }, index) => {
    const known = before[index];
    if (known === undefined) { return [{ time: start, status, message }]; }
    return known.message === message ? [] : [{ time: modified, status, message }];
  });
}

/** 2026-01-01 12:00:00 Starting - Preparing the instances for training */
export function statusLine({ time, status, message }: StatusChange): string {
  return `${utc(time)} ${status}${message === '' ? '' : ` - ${message}`}`;
}

/** What a running job is doing, on one line that is no wider than the terminal. */
export function progressLine(job: JobView, metrics: readonly MetricSummary[], now: number, columns: number): string {
  const parts = [
    job.secondaryStatus === undefined || job.secondaryStatus === job.status ? job.status : `${job.status}, ${job.secondaryStatus}`,
    duration(now - job.created),
    ...metrics.map(({ name, last }) => `${name}=${last}`),
    ...billedSoFar(job, now),
    ...job.standing?.texts ?? [],
  ];
  const line = parts.join(' | ');
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;
}

/** Every instance is billed from the end of its preparation on; an interrupted spot job is not billed for its pauses. */
function billedSoFar({ started, ended, instances, isSpot }: JobView, now: number): string[] {
  if (started === undefined || instances === undefined) { return []; }
  const seconds = Math.max(0, Math.round(((ended ?? now) - started) / 1000)) * instances;
  return [`${isSpot ? 'at most ' : ''}${seconds} s billable so far`];
}

/** The last lines about a job that has ended, in the words of the Python SDK's `fit()`. */
export function finalLines(job: JobView): string[] {
  const { training, billable } = secondsOf(job);
  const saving = savingOf(job);
  return [
    ...job.standing?.texts ?? [],
    ...training === undefined ? [] : [`Training seconds: ${training}`],
    ...billable === undefined ? [] : [`Billable seconds: ${billable}`],
    ...saving === undefined ? [] : [`Managed Spot Training savings: ${saving.toFixed(1)}%`],
  ];
}

/** Of all instances. */
export function secondsOf({ trainingSeconds, billableSeconds, instances = 1 }: JobView): { readonly training?: number; readonly billable?: number } {
  return {
    training: trainingSeconds === undefined ? undefined : trainingSeconds * instances,
    billable: billableSeconds === undefined ? undefined : billableSeconds * instances,
  };
}

/** In percent; nothing for a job on demand. */
export function savingOf({ trainingSeconds, billableSeconds, isSpot }: Pick<JobView, 'trainingSeconds' | 'billableSeconds' | 'isSpot'>): number | undefined {
  return isSpot === true && billableSeconds !== undefined && trainingSeconds ? (1 - billableSeconds / trainingSeconds) * 100 : undefined;
}

/** `Failed: <reason>`, `Stopped (MaxRuntimeExceeded)`, `Completed` */
export function outcomeLine({ status, secondaryStatus, reason }: JobView): string {
  const more = secondaryStatus === undefined || secondaryStatus === status ? '' : ` (${secondaryStatus})`;
  return `${status}${more}${reason === undefined ? '' : `: ${reason}`}`;
}

/**
 * Every metric on a line: its last value, its range, and how many values were shown. Of a metric that only SageMaker has seen,
 * its final value.
 */
export function metricTable(metrics: readonly MetricSummary[], finals: JobView['finalMetrics']): string[] {
  const text = (value: number) => String(Number(value.toPrecision(6)));
  const rows = [
    ...metrics.map(({ name, last, least, greatest, count }) => [name, text(last), text(least), text(greatest), String(count)]),
    ...finals.filter(({ name }) => metrics.every((metric) => metric.name !== name)).map(({ name, value }) => [name, text(value)]),
  ];
  return rows.length === 0 ? [] : aligned([['Metric', 'Last', 'Min', 'Max', 'Values'], ...rows]);
}

/** Cells below each other, two spaces apart. The last cell of a row may be as long as it likes. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) { row.slice(0, -1).forEach((cell, index) => { widths[index] = Math.max(widths[index] ?? 0, cell.length); }); }
  return rows.map((row) => row.map((cell, index) => (index < row.length - 1 ? cell.padEnd(widths[index] as number) : cell)).join('  ').trimEnd());
}

/** 0: completed; 3: stopped, by hand or by its time limit; 1: failed, as for a command that could not do its work. */
export function exitCodeOf(job: JobView): number {
  if (!hasEnded(job) || job.status === 'Completed') { return 0; }
  return job.status === 'Stopped' ? STOPPED_EXIT_CODE : 1;
}

const STOPPED_EXIT_CODE = 3;
