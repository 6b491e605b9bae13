import type { DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import type { Chart } from './chart';
import { shortestPeriod } from './cloudwatch';
import type { Clients } from './clients';
import { frameOf, type Row } from './dataframe';
import { CommandError, inWords, isDenied, usageError } from './faults';
import type { FoundJob } from './find-job';
import { hasEnded, type JobView } from './job-kind';
import { JobLog } from './job-log';
import { metricPick, MetricSummaries } from './metrics';
import { destinationOf, give, type ResultOptions } from './results';
import type { Screen } from './screen';
import { aligned } from './status-lines';
import { trainingJob } from './training-job-kind';
import { PROCESS, withJob, type JobOptions } from './with-job';

export interface MetricsOptions extends JobOptions, ResultOptions {
  /** Names. @default - all of the job */
  readonly metric: readonly string[];
  /** Seconds whose average is a point. @default - of CloudWatch a minute, or the least that it still has; of the log every value is a point */
  readonly period?: string;
  /** The values in the job's log, in place of CloudWatch's. @default - for a job of the local AWS, which has no CloudWatch */
  readonly fromLog?: boolean;
}

/** A value of a metric, and when. */
interface Value {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}
type Values = ReadonlyMap<string, readonly Value[]>;

const MINUTE = 60_000;
export const COLUMNS = ['timestamp', 'metric_name', 'value'];

/**
 * `cdk-sagemaker metrics`: the metrics of a training job over time, with the columns of the Python SDK's TrainingJobAnalytics.
 *
 * @returns the exit code
 * @throws CommandError
 */
export async function metrics(options: MetricsOptions, surface = PROCESS): Promise<number> {
  const destination = destinationOf(options);
  const isFromLog = options.fromLog === true || options.localEndpoint !== undefined;
  const period = periodOf(options.period, isFromLog);
  return withJob(options, surface, async (found, clients, screen) => {
    const job = found.kind.view(found.document);
    const names = namesOf(options.metric, job);
    const now = surface.clock.now();
    if (job.name !== options.job) { screen.say('grey', `training job ${job.name}`); }
    const values = isFromLog ? await fromLog(job, names, period, clients, screen) : await fromCloudWatch(found, names, period, now, clients, screen);
    const missing = names.filter((name) => values.get(name)?.length === 0);
    if (missing.length === names.length) { throw new CommandError(`the training job ${job.name} has no values of ${missing.join(', ')}${hasEnded(job) ? '' : ' yet'}; it is ${job.status}${finalsOf(job, names)}`); }
    for (const name of missing) { screen.say('yellow', `there are no values of the metric ${name}${finalsOf(job, [name])}`); }
    if (!hasEnded(job)) { screen.say('yellow', `the training job ${job.name} goes on (${job.status}): this is what there is so far`); }
    const frame = frameOf(rowsOf(values), COLUMNS);
    await give({ frame, table: frame, chart: chartOf(job, values) }, destination, screen);
    if (destination.format === 'table') { for (const line of summaryOf(values, job)) { screen.say(undefined, line); } }
    return 0;
  }, [trainingJob]);
}

function periodOf(period: string | undefined, isFromLog: boolean): number | undefined {
  if (period === undefined) { return undefined; }
  const seconds = Number(period);
  if (!/^\d{1,9}$/.test(period) || seconds < 1) { throw usageError(`--period must be a number of seconds, got ${period}`); }
  if (!isFromLog && seconds % 60 !== 0) { throw usageError(`--period must be a multiple of 60 seconds, as CloudWatch has it, got ${period}; --from-log takes any`); }
  return seconds;
}

/** Those that are wanted, or all that the job has, each once. */
function namesOf(wanted: readonly string[], job: JobView): string[] {
  const known = [...job.metricDefinitions.flatMap(({ Name: name }) => name ?? []), ...job.finalMetrics.map(({ name }) => name)];
  const names = [...new Set(wanted.length > 0 ? wanted : known)];
  if (names.length === 0) { throw new CommandError(`the training job ${job.name} has no metrics: its algorithm defines none`); }
  return names;
}

async function fromCloudWatch({ document }: FoundJob, names: readonly string[], wanted: number | undefined, now: number, { cloudWatch }: Clients, screen: Screen): Promise<Values> {
  const { TrainingJobName: job, TrainingStartTime: start, TrainingEndTime: end, TrainingJobStatus: status } = document as unknown as DescribeTrainingJobResponse;
  if (start === undefined) { throw new CommandError(`the training job ${job} has no metrics: it has not begun to train; it is ${status}`); }
  const from = start.getTime();
  const shortest = shortestPeriod(from, now);
  const period = Math.max(wanted ?? 0, shortest);
  if (period > (wanted ?? 60)) { screen.say('yellow', `each value is an average over ${period} seconds: CloudWatch has kept nothing shorter of that time`); }
  const values = new Map<string, readonly Value[]>();
  for (const metric of names) {
    // A minute more, since CloudWatch leaves out the seconds of a time.
    values.set(metric, await cloudWatch.averages({ job: job as string, metric, from, to: (end?.getTime() ?? now) + MINUTE, period }).catch((error: unknown) => {
      throw isDenied(error) ? new CommandError(`${inWords(error)}. --from-log reads the values from the job's log`) : error;
    }));
  }
  return values;
}

/** The values in a job's log, of each metric. */
export async function fromLog(job: JobView, names: readonly string[], period: number | undefined, clients: Clients, screen: Screen): Promise<Values> {
  const values = new Map<string, Value[]>(names.map((name) => [name, []]));
  const definitions = job.metricDefinitions.filter(({ Name: name }) => names.includes(name as string));
  const pick = metricPick(definitions, (metric, why) => screen.say('yellow', `metric ${metric} is not picked out: ${why}`));
  for await (const lines of JobLog.of(trainingJob, job.name, clients.logs, job.created).news()) {
    for (const { time, message } of lines) {
      for (const { name, value } of pick(message)) { values.get(name)?.push({ time, value }); }
    }
  }
  return period === undefined ? values : new Map([...values].map(([name, each]) => [name, averaged(each, period * 1000)]));
}

/** The averages over periods, which begin at multiples of their length, as those of CloudWatch do. */
function averaged(values: readonly Value[], length: number): Value[] {
  const periods = new Map<number, number[]>();
  for (const { time, value } of values) {
    const start = Math.floor(time / length) * length;
    const period = periods.get(start) ?? [];
    period.push(value);
    periods.set(start, period);
  }
  return [...periods].map(([time, each]) => ({ time, value: each.reduce((sum, value) => sum + value, 0) / each.length }));
}

/** Seconds are counted from the first value of each metric. */
const secondsIn = (values: readonly Value[]) => values.map(({ time, value }) => ({ seconds: (time - (values[0] as Value).time) / 1000, value }));

export function rowsOf(values: Values): Row[] {
  return [...values].flatMap(([name, each]) => secondsIn(each).map(({ seconds, value }) => new Map<string, string | number>([['timestamp', seconds], ['metric_name', name], ['value', value]])));
}

/** Each metric has a line and an axis of its own, since losses and accuracies are of different sizes. */
export function chartOf(job: JobView, values: Values): Chart {
  const shown = [...values].filter(([, each]) => each.length > 0);
  return {
    title: `Training job ${job.name}`,
    description: shown.map(([name, each]) => `${name}: ${each.length} ${each.length === 1 ? 'value' : 'values'}, the last ${each.at(-1)?.value}.`).join(' '),
    since: 'since the first value',
    panels: shown.map(([name, each]) => ({ label: name, dots: secondsIn(each).map((point) => ({ ...point, name: `${name}: ${point.value}` })) })),
  };
}

/** The range of each metric, and what SageMaker has as its final value. */
function summaryOf(values: Values, job: JobView): string[] {
  const summaries = new MetricSummaries();
  for (const [name, each] of values) { for (const { value } of each) { summaries.add({ name, value }); } }
  const text = (value: number) => String(Number(value.toPrecision(6)));
  const rows = summaries.all().map(({ name, least, greatest, count }) => {
    const final = job.finalMetrics.find((metric) => metric.name === name);
    return [name, final === undefined ? '' : text(final.value), text(least), text(greatest), String(count)];
  });
  return aligned([['Metric', 'Final', 'Min', 'Max', 'Values'], ...rows]);
}

/** What SageMaker has of metrics that nobody else has values of. */
function finalsOf(job: JobView, names: readonly string[]): string {
  const finals = job.finalMetrics.filter(({ name }) => names.includes(name));
  return finals.length === 0 ? '' : `. Final: ${finals.map(({ name, value }) => `${name}=${value}`).join(', ')}`;
}
