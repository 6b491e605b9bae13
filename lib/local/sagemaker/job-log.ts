import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A job's or a variant's log: a file that grows. */
export class JobLog {
  constructor(private readonly file: string, private readonly now: () => number = Date.now) {}

  public clear(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, '');
    writeFileSync(this.times, '');
  }

  public append(chunk: Buffer | string): void {
    appendFileSync(this.file, chunk);
    // where the chunk ends, and when it came
    appendFileSync(this.times, `${statSync(this.file).size} ${this.now()}\n`);
  }

  /** Every line, with the time at which it was complete; what has no end yet is a line once the log is closed. */
  public events(isClosed: boolean): { readonly timestamp: number; readonly message: string }[] {
    if (!existsSync(this.file)) { return []; }
    const content = readFileSync(this.file);
    const chunks = existsSync(this.times) ? readFileSync(this.times, 'utf8').trim().split('\n').filter((line) => line !== '').map((line) => line.split(' ').map(Number)) : [];
    const events: { timestamp: number; message: string }[] = [];
    for (let start = 0, chunk = 0; start < content.length;) {
      const end = content.indexOf(10, start);
      if (end === -1 && !isClosed) { break; }
      const stop = end === -1 ? content.length : end;
      while (chunk < chunks.length - 1 && (chunks[chunk] as number[])[0] as number <= stop) { chunk++; }
      events.push({ timestamp: chunks[chunk]?.[1] ?? 0, message: content.subarray(start, stop).toString() });
      start = stop + 1;
    }
    return events;
  }

  private get times(): string { return `${this.file}.times`; }

  /** A line of ours, not of the script's. */
  public note(line: string): void {
    this.append(`${line}\n`);
  }

  public text(): string {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
  }

  /** The whole lines since a position; a line without its end is given when it has ended. */
  public linesFrom(position: number): { readonly lines: string[]; readonly next: number } {
    const size = existsSync(this.file) ? statSync(this.file).size : 0;
    if (size <= position) { return { lines: [], next: position }; }
    const content = Buffer.alloc(size - position);
    const handle = openSync(this.file, 'r');
    try {
      readSync(handle, content, 0, content.length, position);
    } finally {
      closeSync(handle);
    }
    const end = content.lastIndexOf('\n') + 1;
    return { lines: end === 0 ? [] : content.subarray(0, end - 1).toString().split('\n'), next: position + end };
  }
}
