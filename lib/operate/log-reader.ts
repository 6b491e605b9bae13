import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

/** A line of a job's log. */
export interface LogLine {
  /** The host: `algo-1`. */
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

interface Stream { readonly name: string; token?: string }

/** Reads the logs of one job, each line once, in the order of time as far as they are there. */
export class LogReader {
  private readonly streams = new Map<string, Stream>();
  /** Read, and not yet handed over: what one host has written is not lost when another one can't be read. */
  private pending: LogLine[] = [];

  public constructor(private readonly client: CloudWatchLogsClient, private readonly group: string, private readonly job: string, private readonly since?: number) {}

  /** The lines that have come since the last call. Streams and the group itself come with the first line. */
  public async next(): Promise<LogLine[]> {
    await this.findStreams();
    const read = await Promise.allSettled([...this.streams.values()].map((stream) => this.readStream(stream)));
    const failed = read.find((result) => result.status === 'rejected');
    if (failed) { throw failed.reason; }
    const lines = this.pending;
    this.pending = [];
    // a stream's own order counts where times are equal
    return lines.map((line, index) => ({ line, index })).sort((a, b) => a.line.time - b.line.time || a.index - b.index).map(({ line }) => line);
  }

  /** How many hosts have written. */
  public get hosts(): number { return this.streams.size; }

  private async findStreams(): Promise<void> {
    let nextToken: string | undefined;
    do {
      const page = await this.client.send(new DescribeLogStreamsCommand({ logGroupName: this.group, logStreamNamePrefix: `${this.job}/`, nextToken })).catch(nothingYet);
      for (const { logStreamName: name } of page?.logStreams ?? []) {
        if (name !== undefined && !this.streams.has(name)) { this.streams.set(name, { name }); }
      }
      nextToken = page?.nextToken;
    } while (nextToken !== undefined);
  }

  /** All pages; the last one answers with the token that it was asked by. */
  private async readStream(stream: Stream): Promise<void> {
    for (;;) {
      const page = await this.client.send(new GetLogEventsCommand({
        logGroupName: this.group, logStreamName: stream.name, startFromHead: true, nextToken: stream.token, startTime: this.since,
      })).catch(nothingYet);
      if (page === undefined) { return; }
      for (const event of page.events ?? []) { this.pending.push({ host: hostOf(stream.name, this.job), time: event.timestamp ?? 0, text: (event.message ?? '').replace(/\n$/, '') }); }
      const isLast = page.nextForwardToken === stream.token || page.nextForwardToken === undefined;
      stream.token = page.nextForwardToken ?? stream.token;
      if (isLast) { return; }
    }
  }
}

/** A job that has written nothing has no stream, and the first job of an account no group. */
function nothingYet(error: Error): undefined {
  if (error.name === 'ResourceNotFoundException') { return undefined; }
  throw error;
}

/** `<job>/algo-1-1700000000` -> `algo-1` */
export function hostOf(stream: string, job: string): string {
  return stream.slice(job.length + 1).replace(/-\d{6,}$/, '');
}
