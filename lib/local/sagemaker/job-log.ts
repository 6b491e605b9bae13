import type { LogEvent, LogStream } from '../logs/log-stream';

/** How much is read of a log at once. */
const PAGE = 10_000;

/** The log of a job or of a variant, as they write it: a stream of the local CloudWatch Logs. */
export class JobLog {
  constructor(private readonly stream: LogStream) {}

  public append(chunk: Buffer, source: 'stdout' | 'stderr'): void {
    this.stream.append(chunk, source);
  }

  /** A line of ours, not of the script's. */
  public note(line: string): void {
    this.stream.append(`${line}\n`, 'note');
  }

  /** The same log; calls `found` once, when a line has this text. */
  public watched(text: string, found: () => void): JobLog {
    return new WatchedLog(this.stream, text, found);
  }

  /** Nothing more is written for now. */
  public finish(): void {
    this.stream.finish();
  }

  /** All there is, page by page. */
  public *events(): Generator<LogEvent> {
    for (let from = 0; from < this.stream.length; from += PAGE) { yield* this.stream.events(from, Math.min(from + PAGE, this.stream.length)); }
  }

  /** The whole lines since a position, which counts lines. */
  public linesFrom(position: number): { readonly lines: string[]; readonly next: number } {
    return { lines: this.stream.events(position).map(({ message }) => message), next: this.stream.length };
  }
}

class WatchedLog extends JobLog {
  private seen: number;
  private isFound = false;

  constructor(stream: LogStream, private readonly text: string, private readonly found: () => void) {
    super(stream);
    this.seen = stream.length;
  }

  public override append(chunk: Buffer, source: 'stdout' | 'stderr'): void {
    super.append(chunk, source);
    if (this.isFound) { return; }
    const { lines, next } = this.linesFrom(this.seen);
    this.seen = next;
    this.isFound = lines.some((line) => line.includes(this.text));
    if (this.isFound) { this.found(); }
  }
}
