import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock';
import { LogStream } from './log-stream';

const SUFFIX = '.log';

/** The log groups of the local AWS and their streams: a folder a group, a file a stream. They outlive what has written them. */
export class LogStore {
  private readonly streams = new Map<string, LogStream>();

  constructor(private readonly folder: string, private readonly clock: Clock) {}

  /** A stream, which is there for readers from its first line on. */
  stream(group: string, name: string): LogStream {
    const file = join(this.folder, encodeURIComponent(group), `${encodeURIComponent(name)}${SUFFIX}`);
    const known = this.streams.get(file) ?? new LogStream(name, file, () => this.clock.now());
    this.streams.set(file, known);
    return known;
  }

  groupNames(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).map(decodeURIComponent).sort() : [];
  }

  /** When the first stream of a group was made, in milliseconds since 1970, and how large all are. */
  group(name: string): { readonly created: number; readonly bytes: number } {
    const folder = join(this.folder, encodeURIComponent(name));
    const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    return { created: Math.round(statSync(folder).birthtimeMs), bytes };
  }

  /** The streams of a group; nothing when there is no such group. */
  streamNames(group: string): string[] | undefined {
    const folder = join(this.folder, encodeURIComponent(group));
    return existsSync(folder) ? readdirSync(folder).map((file) => decodeURIComponent(file.slice(0, -SUFFIX.length))).sort() : undefined;
  }
}
