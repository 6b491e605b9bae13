import { once } from 'node:events';
import { shortNames, shownText, type LogLine } from './log-lines';
import { hasEnded, type JobView } from './job-kind';
import type { MetricSummary, PickedMetric } from './metrics';
import { exitCodeOf, finalLines, metricTable, outcomeLine, progressLine, savingOf, secondsOf, statusLine, type StatusChange } from './status-lines';

/** Where the text goes; a part of what standard output and standard error are. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

export interface ScreenOptions {
  readonly out: Terminal;
  readonly err: Terminal;
  readonly json: boolean;
  /** Where there is a terminal. */
  readonly color: boolean;
}

const COLOURS = { bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 } as const;
type Colour = keyof typeof COLOURS;
/** Of streams, one after the other. */
const STREAM_COLOURS: readonly Colour[] = ['cyan', 'magenta', 'yellow', 'blue', 'green'];
const CLEAR_LINE = '\r\u001b[K';

/**
 * What `logs` shows: the lines of the log on standard output, and what is said about the job on standard error, so that a file
 * gets the log alone. As JSON all of it goes to standard output.
 */
export class Screen {
  private hasProgress = false;

  constructor(private readonly options: ScreenOptions) {}

  /** A line of the log. @param of the streams, when there are several */
  async line({ stream, time, message }: LogLine, metrics: readonly PickedMetric[], streams: readonly string[] | undefined): Promise<void> {
    if (this.options.json) {
      const values = metrics.length === 0 ? undefined : Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
      await this.document({ type: 'log', time: new Date(time).toISOString(), stream, message, metrics: values });
      return;
    }
    const short = streams === undefined ? undefined : shortNames(streams);
    const colour = STREAM_COLOURS[(streams ?? []).indexOf(stream) % STREAM_COLOURS.length];
    const prefix = short === undefined ? '' : `${this.paint(colour ?? 'cyan', short.get(stream) ?? stream)}  `;
    await this.result(`${prefix}${metrics.length === 0 ? shownText(message) : this.highlighted(message, metrics)}`);
  }

  async statusChange(change: StatusChange): Promise<void> {
    if (this.options.json) {
      await this.document({ type: 'status', time: new Date(change.time).toISOString(), status: change.status, message: change.message });
    } else {
      this.say('bold', statusLine(change));
    }
  }

  /** What the job is doing now: on a terminal, in place of what was said before. */
  progress(job: JobView, metrics: readonly MetricSummary[], now: number): void {
    const { out, err, json } = this.options;
    if (json || out.isTTY !== true || err.isTTY !== true) { return; }
    err.write(`${CLEAR_LINE}${this.paint('grey', progressLine(job, metrics, now, err.columns ?? 80), err)}`);
    this.hasProgress = true;
  }

  clearProgress(): void {
    if (this.hasProgress) { this.options.err.write(CLEAR_LINE); }
    this.hasProgress = false;
  }

  /** About the job, or about the command itself. */
  say(colour: Colour | undefined, text: string): void {
    this.clearProgress();
    const { err } = this.options;
    err.write(`${colour === undefined ? text : this.paint(colour, text, err)}\n`);
  }

  /** How the job stands at the end of the command. */
  async end(job: JobView, metrics: readonly MetricSummary[]): Promise<void> {
    const ended = hasEnded(job);
    if (this.options.json) {
      const { name, status, secondaryStatus, reason, finalMetrics, standing } = job;
      const { training, billable } = secondsOf(job);
      await this.document({
        type: ended ? 'end' : 'now', job: name, status, secondaryStatus, reason,
        trainingSeconds: training, billableSeconds: billable,
        spotSavingsPercent: savingOf(job),
        metrics: Object.fromEntries([...metrics.map(({ name: metric, last }) => [metric, last] as const), ...finalMetrics.map(({ name: metric, value }) => [metric, value] as const)]),
        ...standing?.data,
      });
      return;
    }
    for (const text of metricTable(metrics, job.finalMetrics)) { this.say(undefined, text); }
    if (!ended) { return; }
    for (const text of finalLines(job)) { this.say(undefined, text); }
    this.say(exitCodeOf(job) === 0 ? 'green' : exitCodeOf(job) === 1 ? 'red' : 'yellow', outcomeLine(job));
  }

  async result(text: string): Promise<void> {
    this.clearProgress();
    await this.write(`${text}\n`);
  }

  async document(document: object): Promise<void> {
    await this.write(`${JSON.stringify(document)}\n`);
  }

  paint(colour: Colour, text: string, on = this.options.out): string {
    return this.options.color && on.isTTY === true && text !== '' ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  }

  private highlighted(message: string, metrics: readonly PickedMetric[]): string {
    const text = shownText(message);
    const offset = message.indexOf(text, Math.max(0, message.replace(/[\r\n]+$/, '').lastIndexOf('\r')));
    let shown = '';
    let position = 0;
    for (const { from, to } of [...metrics].sort((a, b) => a.from - b.from)) {
      const [start, end] = [Math.max(from - offset, position), Math.min(to - offset, text.length)];
      if (end <= start) { continue; }
      shown += text.slice(position, start) + this.paint('cyan', text.slice(start, end));
      position = end;
    }
    return shown + text.slice(position);
  }

  /** Waits for a reader that is slower than the log. */
  private async write(text: string): Promise<void> {
    if (!this.options.out.write(text)) { await once(this.options.out as never, 'drain'); }
  }
}
