import { DescribeLogStreamsCommand, GetLogEventsCommand, type CloudWatchLogsClient, type GetLogEventsCommandInput, type OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { isNotThere } from './faults';
import type { JobKind } from './job-kind';
import { released, type LogLine } from './log-lines';

/** How far back a stream is read again, since lines may come late, in milliseconds: while its job runs, and at the end. */
const LOOK_BACK = 10_000;
export const LAST_LOOK_BACK = 120_000;
/** The most that GetLogEvents gives at once. */
const MOST_EVENTS = 10_000;

/** Where a stream has been read up to. */
interface Reading {
  /** The time of the newest line. */
  newest: number;
  /** Nothing up to this time is wanted. */
  after: number;
  /** The lines of late, and how often each was there. */
  readonly seen: Map<string, { readonly time: number; readonly count: number }>;
}

/**
 * The log of a job: all streams of a log group whose names begin alike.
 *
 * A stream is read from a little before its newest line, and lines that are known are left out: a line may come late, with
 * an earlier time than one that has been read. Tokens are good for the pages of one reading only, so none is ever too old.
 */
export class JobLog {
  private readonly readings = new Map<string, Reading>();

  /** The log of a job of any kind. */
  static of(kind: JobKind, name: string, client: CloudWatchLogsClient, from: number): JobLog {
    return new JobLog(client, kind.logGroup, kind.logStreams(name), from, (stream) => kind.isLogStream?.(name, stream) ?? true);
  }

  /** @param from only lines from this time on, in milliseconds since 1970 */
  constructor(
    private readonly client: CloudWatchLogsClient, private readonly group: string, private readonly prefix: string, private readonly from: number,
    private readonly isOurs: (stream: string) => boolean = () => true,
  ) {}

  /** The streams that have had lines. */
  get streams(): string[] { return [...this.readings].filter(([, { newest }]) => newest > -Infinity).map(([name]) => name); }

  /**
   * What has come since the last reading, by time, in batches. Where a call fails, what had been read comes first.
   *
   * @throws the SDK's error; the next reading goes on from there
   */
  async *news(lookBack = LOOK_BACK): AsyncGenerator<LogLine[]> {
    const names = await this.streamNames();
    const sources = names.map((name) => ({ pages: this.pagesOf(name, lookBack), lines: [] as LogLine[], hasMore: true }));
    let failure: unknown;
    while (failure === undefined && sources.some(({ hasMore }) => hasMore)) {
      for (const source of sources.filter(({ lines, hasMore }) => hasMore && lines.length === 0)) {
        try {
          const { value, done } = await source.pages.next();
          source.hasMore = done !== true;
          source.lines.push(...value ?? []);
        } catch (error) {
          failure ??= error;
          source.hasMore = false;
        }
      }
      const { lines, kept } = released(sources);
      sources.forEach((source, index) => { source.lines = kept[index] as LogLine[]; });
      if (lines.length > 0) { yield lines; }
    }
    const { lines } = released(sources.map((source) => ({ ...source, hasMore: false })));
    if (lines.length > 0) { yield lines; }
    if (failure !== undefined) { throw failure; }
  }

  /** The last lines there are; `news` goes on after them. @throws the SDK's error, and nothing is read then */
  async last(count: number): Promise<LogLine[]> {
    const streams: { readonly name: string; readonly events: readonly OutputLogEvent[] }[] = [];
    for (const name of await this.streamNames()) { streams.push({ name, events: await this.eventsBackward(name, Math.max(count, 1)) }); }
    const lines = streams.flatMap(({ name, events }) => {
      const reading = this.readingOf(name);
      const unseen = this.unseen(name, reading, events, new Map());
      // There may be earlier ones in the same millisecond, and nobody has asked for those.
      if (events.length >= count) { reading.after = events[0]?.timestamp ?? reading.after; }
      return unseen;
    });
    return count === 0 ? [] : lines.sort((a, b) => a.time - b.time).slice(-count);
  }

  /** Streams appear when their instance writes its first line; before that of the first job ever, there is not even the group. */
  private async streamNames(): Promise<string[]> {
    const names = new Set(this.readings.keys());
    try {
      for (let nextToken: string | undefined, isFirst = true; isFirst || nextToken !== undefined; isFirst = false) {
        const answer = await this.client.send(new DescribeLogStreamsCommand({ logGroupName: this.group, logStreamNamePrefix: this.prefix, nextToken }));
        for (const { logStreamName: name } of answer.logStreams ?? []) { if (name !== undefined && this.isOurs(name)) { names.add(name); } }
        nextToken = answer.nextToken;
      }
    } catch (error) {
      if (!isNotThere(error)) { throw error; }
    }
    return [...names].sort();
  }

  private async *pagesOf(name: string, lookBack: number): AsyncGenerator<LogLine[]> {
    const reading = this.readingOf(name);
    const startTime = Math.max(reading.after + 1, reading.newest - lookBack);
    const counts = new Map<string, number>();
    for (let token: string | undefined; ;) {
      const page = await this.page({ logStreamName: name, startFromHead: true, startTime, limit: MOST_EVENTS, nextToken: token });
      if (page === undefined) { return; }
      yield this.unseen(name, reading, page.events, counts);
      // A page may be empty before the end. At the end the token stays the same.
      if (page.forward === undefined || page.forward === token) { return; }
      token = page.forward;
    }
  }

  private async eventsBackward(name: string, count: number): Promise<OutputLogEvent[]> {
    let events: OutputLogEvent[] = [];
    for (let token: string | undefined; events.length < count;) {
      const page = await this.page({ logStreamName: name, startTime: this.from, limit: Math.min(count - events.length, MOST_EVENTS), nextToken: token });
      if (page === undefined || page.backward === undefined || page.backward === token) { break; }
      events = [...page.events, ...events];
      token = page.backward;
    }
    return events;
  }

  private async page(input: Omit<GetLogEventsCommandInput, 'logGroupName'>): Promise<{ readonly events: OutputLogEvent[]; readonly forward?: string; readonly backward?: string } | undefined> {
    try {
      const answer = await this.client.send(new GetLogEventsCommand({ logGroupName: this.group, ...input } as GetLogEventsCommandInput));
      return { events: answer.events ?? [], forward: answer.nextForwardToken, backward: answer.nextBackwardToken };
    } catch (error) {
      if (isNotThere(error)) { return undefined; }            // retention has just taken it
      throw error;
    }
  }

  /** The events that were not there at the last reading. One that is there twice is two lines. */
  private unseen(stream: string, reading: Reading, events: readonly OutputLogEvent[], counts: Map<string, number>): LogLine[] {
    const lines: LogLine[] = [];
    for (const { timestamp: time = 0, ingestionTime, message = '' } of events) {
      if (time <= reading.after) { continue; }
      const key = `${time} ${ingestionTime} ${message}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count <= (reading.seen.get(key)?.count ?? 0)) { continue; }
      reading.seen.set(key, { time, count });
      reading.newest = Math.max(reading.newest, time);
      lines.push({ stream, time, message });
    }
    for (const [key, { time }] of reading.seen) {
      if (time < reading.newest - LAST_LOOK_BACK) { reading.seen.delete(key); }
    }
    return lines;
  }

  private readingOf(name: string): Reading {
    const reading = this.readings.get(name) ?? { newest: -Infinity, after: this.from - 1, seen: new Map() };
    this.readings.set(name, reading);
    return reading;
  }
}
