import { hasEnded, type DescribedJob } from './job-kinds';
import type { LogLine } from './log-reader';
import { MetricPicker, type PickedMetric } from './metric-picker';

/** Where a job and its lines come from, and time. */
export interface JobWorld {
  describe(): Promise<DescribedJob>;
  /** The lines that have come since the last call. */
  lines(): Promise<LogLine[]>;
  sleep(milliseconds: number): Promise<void>;
}

/** What is told of a job as it goes on. */
export interface JobListener {
  line(line: LogLine, metrics: readonly PickedMetric[]): void;
  transition(transition: DescribedJob['transitions'][number]): void;
  /** After each look. */
  looked(job: DescribedJob, metrics: ReadonlyMap<string, number>): void;
}

export interface FollowOptions {
  /** Between two looks. */
  readonly pauseMs: number;
  /** Looks without a line after the end, for lines that come late. */
  readonly quietLooks: number;
}

/** Tells everything of a job until it has ended and its last lines have come. What passes (throttling, a broken connection) is asked again. */
export async function followJob(world: JobWorld, listener: JobListener, options: FollowOptions): Promise<{ readonly job: DescribedJob; readonly metrics: ReadonlyMap<string, number> }> {
  let job = await world.describe();
  const picker = new MetricPicker(job.metricDefinitions);
  let told = 0;
  for (let quiet = 0; ;) {
    // described before the lines are read: what a job wrote before it ended is there by then, or comes in the next looks
    const lines = await patiently(() => world.lines(), []);
    for (const transition of job.transitions.slice(told)) { listener.transition(transition); }
    told = Math.max(told, job.transitions.length);
    for (const line of lines) { listener.line(line, picker.pick(line.text)); }
    listener.looked(job, picker.last);
    quiet = hasEnded(job) && lines.length === 0 ? quiet + 1 : 0;
    if (quiet >= options.quietLooks) { return { job, metrics: picker.last }; }
    await world.sleep(options.pauseMs);
    const before = job;
    job = hasEnded(job) ? job : await patiently(() => world.describe(), before);
  }
}

/** What is there now: every line, and no waiting. */
export async function readJob(world: JobWorld, listener: JobListener): Promise<{ readonly job: DescribedJob; readonly metrics: ReadonlyMap<string, number> }> {
  const job = await world.describe();
  const picker = new MetricPicker(job.metricDefinitions);
  for (const transition of job.transitions) { listener.transition(transition); }
  for (const line of await world.lines()) { listener.line(line, picker.pick(line.text)); }
  listener.looked(job, picker.last);
  return { job, metrics: picker.last };
}

const PASSING = /throttl|toomanyrequests|serviceunavailable|internal|timeout|econnreset|econnrefused|epipe|networking/i;

async function patiently<T>(ask: () => Promise<T>, meanwhile: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { name = '', code = '' } = error as { name?: string; code?: string };
    if (PASSING.test(name) || PASSING.test(code)) { return meanwhile; }
    throw error;
  }
}
