import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

interface Event {
  readonly timestamp: number;
  readonly message: string;
  /** From when on it can be read. */
  readonly ingestionTime: number;
}

interface Input {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logStreamNamePrefix?: string;
  readonly startTime?: number;
  readonly startFromHead?: boolean;
  readonly limit?: number;
  readonly nextToken?: string;
}

export const serviceError = (name: string, message = name, httpStatusCode = 400) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

const TOKENS_LAST = 60_000;

/**
 * CloudWatch Logs as it is when it is difficult: small pages, empty pages before the end, lines that come late and in any
 * order, streams and a group that are not there yet, tokens that grow old, and faults when they are wanted.
 */
export class SimulatedLogs {
  /** Faults of the next calls: an error, or nothing for a call that goes well. */
  public readonly faults: (Error | undefined)[] = [];
  public readonly calls: string[] = [];
  private readonly streams = new Map<string, Event[]>();

  constructor(private readonly now: () => number, private readonly pageSize = 3) {}

  /** @param late how much later than its time a line can be read */
  public put(stream: string, timestamp: number, message: string, late = 0): void {
    const events = this.streams.get(stream) ?? [];
    this.streams.set(stream, [...events, { timestamp, message, ingestionTime: timestamp + late }]);
  }

  public client(): CloudWatchLogsClient {
    return { send: (command: { constructor: { name: string }; input: Input }) => this.send(command.constructor.name, command.input), destroy: () => undefined } as unknown as CloudWatchLogsClient;
  }

  private async send(name: string, input: Input): Promise<object> {
    this.calls.push(name.replace('Command', ''));
    const fault = this.faults.shift();
    if (fault !== undefined) { throw fault; }
    const there = [...this.streams].map(([stream, events]) => [stream, events.filter(({ ingestionTime }) => ingestionTime <= this.now())] as const).filter(([, events]) => events.length > 0);
    if (there.length === 0) { throw serviceError('ResourceNotFoundException', 'The specified log group does not exist.'); }
    if (name === 'DescribeLogStreamsCommand') {
      const names = there.map(([stream]) => stream).filter((stream) => stream.startsWith(input.logStreamNamePrefix ?? '')).sort();
      const from = Number(input.nextToken ?? 0);
      return { logStreams: names.slice(from, from + 2).map((logStreamName) => ({ logStreamName })), nextToken: from + 2 < names.length ? String(from + 2) : undefined };
    }
    const events = there.find(([stream]) => stream === input.logStreamName)?.[1].filter(({ timestamp }) => timestamp >= (input.startTime ?? 0)).sort((a, b) => a.timestamp - b.timestamp);
    if (events === undefined) { throw serviceError('ResourceNotFoundException', 'The specified log stream does not exist.'); }
    return this.page(events, input);
  }

  private page(events: readonly Event[], { startFromHead, nextToken, limit = 10_000 }: Input): object {
    const [direction, position, since, wasEmpty] = nextToken?.split('/') ?? [startFromHead === true ? 'f' : 'b', startFromHead === true ? '0' : String(events.length), undefined, undefined];
    if (since !== undefined && this.now() - Number(since) > TOKENS_LAST) { throw serviceError('InvalidParameterException', 'The specified nextToken is invalid.'); }
    const at = Number(position);
    const size = Math.min(limit, this.pageSize);
    const [from, to] = direction === 'f' ? [at, Math.min(at + size, events.length)] : [Math.max(0, at - size), at];
    const made = since ?? String(this.now());
    // An empty page between the full ones, which is not the end.
    if (from < to && nextToken !== undefined && wasEmpty !== 'e') { return { events: [], nextForwardToken: `f/${at}/${made}/e`, nextBackwardToken: `b/${at}/${made}/e` }; }
    if (from === to) { return { events: [], nextForwardToken: nextToken ?? `f/${at}/${made}/n`, nextBackwardToken: nextToken ?? `b/${at}/${made}/n` }; }
    return { events: events.slice(from, to), nextForwardToken: `f/${to}/${made}/n`, nextBackwardToken: `b/${from}/${made}/n` };
  }
}
