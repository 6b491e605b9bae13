/** A line of a log, and whose. */
export interface LogLine {
  /** Name of the stream. */
  readonly stream: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
}

/** What has been read of a stream and not been given on yet. */
export interface Pending {
  readonly lines: readonly LogLine[];
  /** The stream has more that has not been read. */
  readonly hasMore: boolean;
}

/**
 * The lines of several streams by time, as far as they are certain: a stream with more to come may have a line before the last
 * one of another. Lines of the same time stay in the order of the streams, and within a stream in its own.
 *
 * @returns the lines to give on, and what stays of each stream
 */
export function released(pending: readonly Pending[]): { readonly lines: LogLine[]; readonly kept: LogLine[][] } {
  const certain = Math.min(...pending.filter(({ hasMore }) => hasMore).map(({ lines }) => lines.at(-1)?.time ?? -Infinity), Infinity);
  const lines: LogLine[] = [];
  const kept = pending.map((stream) => {
    const first = stream.lines.findIndex(({ time }) => time > certain);
    const count = first < 0 ? stream.lines.length : first;
    for (const line of stream.lines.slice(0, count)) { lines.push(line); }
    return stream.lines.slice(count);
  });
  return { lines: lines.sort((a, b) => a.time - b.time), kept };
}

/**
 * What streams are called in front of their lines: `algo-1` for `job/algo-1-1767268800`. A later stream of the same instance,
 * which a restarted job has, is `algo-1.2`. Where they are of several jobs, as for a tuning job, the job comes first, without
 * what all their names begin with: `003-0a1b2c3d/algo-1`.
 */
export function shortNames(streams: readonly string[]): Map<string, string> {
  const counts = new Map<string, number>();
  const jobs = [...new Set(streams.map((stream) => stream.slice(0, stream.lastIndexOf('/') + 1)))];
  const shared = sharedWords(jobs);
  return new Map([...streams].sort().map((stream) => {
    const own = jobs.length > 1 ? stream.slice(shared, stream.lastIndexOf('/') + 1) : '';
    const short = own + stream.slice(stream.lastIndexOf('/') + 1).replace(/-\d{9,}$/, '');
    const count = (counts.get(short) ?? 0) + 1;
    counts.set(short, count);
    return [stream, count === 1 ? short : `${short}.${count}`];
  }));
}

/** How many characters of all names are the same words, of those between hyphens. */
function sharedWords(names: readonly string[]): number {
  const [first = '', ...others] = names;
  const words = first.split('-');
  const count = words.findIndex((word, index) => others.some((other) => other.split('-')[index] !== word));
  return words.slice(0, Math.max(0, count)).join('-').length + (count > 0 ? 1 : 0);
}

/** A line as a terminal would show it in the end: what a progress bar has written over is not there any more. */
export function shownText(message: string): string {
  return message.replace(/[\r\n]+$/, '').split('\r').at(-1) as string;
}

const UNITS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `10m`, `2h` or `1d` ago, or a time as ISO 8601 writes it; nothing for anything else. */
export function sinceTime(text: string, now: number): number | undefined {
  const [, count, unit] = /^(\d+)\s*([smhd])$/.exec(text) ?? [];
  if (count !== undefined) { return now - Number(count) * (UNITS[unit as string] as number); }
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
