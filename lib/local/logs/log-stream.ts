import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** A line of a log. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** What CloudWatch Logs takes as one event. */
const LONGEST_EVENT_BYTES = 256 * 1024;
const NEWLINE = 10;

/**
 * A log stream: a file with one event a line, each with its time before it. Where each begins is kept in memory, so that a
 * page in the middle of a long log is one read.
 *
 * Times never decrease, as little as they do in a stream of one container at AWS.
 */
export class LogStream {
  private readonly offsets: number[] = [];
  private readonly times: number[] = [];
  private size = 0;
  /** What has come without its end yet, by where it comes from. */
  private readonly unfinished = new Map<string, Buffer>();

  constructor(public readonly name: string, private readonly file: string, private readonly now: () => number) {
    if (existsSync(file)) { this.load(readFileSync(file)); }
  }

  get length(): number { return this.offsets.length; }
  get bytes(): number { return this.size; }
  get first(): number | undefined { return this.times[0]; }
  get last(): number | undefined { return this.times.at(-1); }

  /** What a process has written; whole lines become events. Empty lines do not: CloudWatch Logs has no events without text. */
  append(chunk: Buffer | string, source = ''): void {
    const before = this.unfinished.get(source) ?? Buffer.alloc(0);
    const bytes = Buffer.concat([before, Buffer.from(chunk)]);
    const end = bytes.length >= LONGEST_EVENT_BYTES && !bytes.includes(NEWLINE) ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    this.unfinished.set(source, bytes.subarray(end));
    this.write(bytes.subarray(0, end));
  }

  /** A line without its end is an event when nothing follows any more. */
  finish(): void {
    for (const bytes of this.unfinished.values()) { this.write(bytes); }
    this.unfinished.clear();
  }

  /** The index of the first event at or after a time. */
  indexAt(time: number): number {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.times[middle] as number) < time) { low = middle + 1; } else { high = middle; }
    }
    return low;
  }

  timeOf(index: number): number | undefined { return this.times[index]; }

  /** The events from one index to before another. */
  events(from: number, to = this.length): LogEvent[] {
    if (from >= to) { return []; }
    const start = this.offsets[from] as number;
    const content = Buffer.alloc((this.offsets[to] ?? this.size) - start);
    const handle = openSync(this.file, 'r');
    try {
      readSync(handle, content, 0, content.length, start);
    } finally {
      closeSync(handle);
    }
    return content.toString().split('\n').slice(0, -1).map((line) => {
      const tab = line.indexOf('\t');
      return { timestamp: Number(line.slice(0, tab)), message: line.slice(tab + 1) };
    });
  }

  private write(bytes: Buffer): void {
    const time = Math.max(this.now(), this.last ?? 0);
    const lines: Buffer[] = [];
    for (const message of pieces(bytes)) {
      const line = Buffer.concat([Buffer.from(`${time}\t`), message, Buffer.of(NEWLINE)]);
      this.add(line.length, time);
      lines.push(line);
    }
    if (lines.length === 0) { return; }
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, Buffer.concat(lines));
  }

  private load(content: Buffer): void {
    for (let start = 0; start < content.length;) {
      const end = content.indexOf(NEWLINE, start);
      if (end < 0) {
        // Cut off by a crash: what comes next begins where it began.
        truncateSync(this.file, start);
        break;
      }
      this.add(end + 1 - start, Number(content.subarray(start, content.indexOf('\t', start)).toString()));
      start = end + 1;
    }
  }

  private add(length: number, time: number): void {
    this.offsets.push(this.size);
    this.times.push(time);
    this.size += length;
  }
}

/** The lines of what was written, those that are too long in several pieces. */
function pieces(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const stop = bytes[end - 1] === 13 ? end - 1 : end;      // a line of another system ends with a carriage return too
    for (let from = start; from < stop; from += LONGEST_EVENT_BYTES) { found.push(bytes.subarray(from, Math.min(stop, from + LONGEST_EVENT_BYTES))); }
    start = end + 1;
  }
  return found;
}
