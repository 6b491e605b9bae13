import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A job's or a variant's log: a file that grows. */
export class JobLog {
  constructor(private readonly file: string) {}

  public clear(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, '');
  }

  public append(chunk: Buffer | string): void {
    appendFileSync(this.file, chunk);
  }

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
