import type { Clock } from './clients';
import { inWords, isDenied, isPassing } from './faults';
import { LAST_LOOK_BACK, type JobLog } from './job-log';
import { hasEnded, type JobView, type Transition } from './job-kind';
import type { LogLine } from './log-lines';
import { MetricSummaries, type Pick } from './metrics';
import type { Screen } from './screen';
import { statusChanges, type StatusChange } from './status-lines';

/** How often it is looked, in milliseconds. */
export interface Pace {
  /** Between two readings of the log; each stream adds to it, since an account may read only so often. */
  readonly log: number;
  readonly stream: number;
  readonly describe: number;
  /** Lines may come some time after the job has ended: between two readings then, and how long after the end that is to be expected. */
  readonly drain: number;
  readonly settled: number;
}

export const AWS_PACE: Pace = { log: 2000, stream: 300, describe: 5000, drain: 5000, settled: 60_000 };
/** The local AWS has every line when it says that a job has ended. */
export const LOCAL_PACE: Pace = { log: 250, stream: 0, describe: 250, drain: 0, settled: 0 };

/** Readings without news, after the end, that are believed. */
const QUIET_READINGS = 2;
const MOST_DRAINS = 12;
const LONGEST_PAUSE = 60_000;
/** How long a service may fail before the command gives up. */
const PATIENCE = 10 * 60_000;

export interface FollowOptions {
  readonly describe: () => Promise<JobView>;
  readonly log: JobLog;
  readonly screen: Screen;
  readonly pick: Pick;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Only the last lines of those that are there. @default - all */
  readonly tail?: number;
}

/** Prints what there is of a job's log and history and, if wanted, what comes until the job has ended. */
export class Follower {
  public readonly metrics = new MetricSummaries();
  private transitions: readonly Transition[] = [];
  private troubleSince?: number;
  private troubles = 0;
  private mayRead = true;

  constructor(private job: JobView, private readonly options: FollowOptions) {}

  /** What there is now. */
  async now(): Promise<JobView> {
    await this.patiently(() => this.first());
    return this.job;
  }

  /** Until the job has ended and its lines are all there. */
  async untilEnded(): Promise<JobView> {
    const { clock, pace, screen } = this.options;
    await this.now();
    for (let described = clock.now(), isRead = true; !hasEnded(this.job) || !isRead;) {
      screen.progress(this.job, this.metrics.all(), clock.now());
      await clock.sleep(this.pause());
      if (clock.now() - described >= pace.describe && await this.attempt(async () => { this.job = await this.options.describe(); })) { described = clock.now(); }
      // After the look at the job: what it has written before its end is read after it.
      isRead = await this.attempt(() => this.read());
    }
    await this.drain();
    return this.job;
  }

  private async first(): Promise<void> {
    const { tail } = this.options;
    if (tail === undefined) {
      await this.read();
      return;
    }
    const lines = this.mayRead ? await this.options.log.last(tail) : [];
    await this.show(lines, this.changes());
  }

  /** Reads and shows what is new. Statuses come where they belong among the lines. */
  private async read(lookBack?: number): Promise<number> {
    let changes = this.changes();
    let count = 0;
    try {
      for await (const lines of this.mayRead ? this.options.log.news(lookBack) : []) {
        const until = lines.at(-1)?.time ?? 0;
        await this.show(lines, changes.filter(({ time }) => time <= until));
        changes = changes.filter(({ time }) => time > until);
        count += lines.length;
      }
    } finally {
      await this.show([], changes);
    }
    return count;
  }

  private async show(lines: readonly LogLine[], changes: readonly StatusChange[]): Promise<void> {
    const { screen, log, pick } = this.options;
    const several = (this.job.instances ?? 1) > 1 || log.streams.length > 1 ? [...log.streams].sort() : undefined;
    let next = 0;
    for (const line of lines) {
      for (; next < changes.length && (changes[next] as StatusChange).time <= line.time; next++) { await screen.statusChange(changes[next] as StatusChange); }
      const metrics = pick(line.message);
      metrics.forEach((metric) => this.metrics.add(metric));
      await screen.line(line, metrics, several);
    }
    for (const change of changes.slice(next)) { await screen.statusChange(change); }
  }

  private changes(): StatusChange[] {
    const changes = statusChanges(this.transitions, this.job.transitions, this.job.modified);
    this.transitions = this.job.transitions;
    return changes;
  }

  /** Lines that are late. */
  private async drain(): Promise<void> {
    const { clock, pace, screen } = this.options;
    const end = this.job.ended ?? this.job.modified;
    if (clock.now() - end >= pace.settled) { return; }
    let isRead = true;
    for (let readings = 0, quiet = 0; readings < MOST_DRAINS && quiet < QUIET_READINGS; readings++) {
      screen.progress(this.job, this.metrics.all(), clock.now());
      await clock.sleep(pace.drain);
      let count = 0;
      isRead = await this.attempt(async () => { count = await this.read(LAST_LOOK_BACK); });
      quiet = isRead && count === 0 ? quiet + 1 : 0;
    }
    if (!isRead) { screen.say('yellow', 'the end of the log could not be read, lines may be missing'); }
  }

  /** Does what has to succeed, however often it takes. @throws the error when it does not pass */
  private async patiently(action: () => Promise<unknown>): Promise<void> {
    while (!await this.attempt(action)) { await this.options.clock.sleep(this.pause()); }
  }

  /** Whether it went well. @throws the error when it is not one that passes, or has not passed for long */
  private async attempt(action: () => Promise<unknown>): Promise<boolean> {
    const { clock, screen } = this.options;
    try {
      await action();
      this.troubleSince = undefined;
      this.troubles = 0;
      return true;
    } catch (error) {
      if (isDenied(error) && this.mayRead) {
        // The status may be shown to those who may not read the log.
        this.mayRead = false;
        screen.say('yellow', `the log can't be read, only the status is shown: ${inWords(error)}`);
        return false;
      }
      this.troubleSince ??= clock.now();
      if (!isPassing(error) || clock.now() - this.troubleSince > PATIENCE) { throw error; }
      this.troubles += 1;
      if (this.troubles === SAID_AFTER) { screen.say('yellow', `${inWords(error)}; asking again, more slowly`); }
      return false;
    }
  }

  private pause(): number {
    const { pace, log } = this.options;
    return Math.min(LONGEST_PAUSE, (pace.log + pace.stream * log.streams.length) * 2 ** this.troubles);
  }
}

/** The SDK has asked several times before it gives an error. */
const SAID_AFTER = 2;
