import { ServiceError } from '../service-error';

/** A log that can be asked for, as CloudWatch Logs has it. */
export interface LocalLogStream {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  events(): readonly { readonly timestamp: number; readonly message: string }[];
}

/** The groups of logs that there are, by name. */
export type LocalLogGroups = () => ReadonlyMap<string, readonly LocalLogStream[]>;

type Input = Record<string, any>;
const MOST_EVENTS = 10_000;
const MOST_STREAMS = 50;

/** CloudWatch Logs for reading, with its pages and tokens: `DescribeLogGroups`, `DescribeLogStreams`, `GetLogEvents`, `FilterLogEvents`. */
export class LocalLogs {
  private readonly operations: Readonly<Record<string, (input: Input) => Record<string, unknown>>> = {
    DescribeLogGroups: (input) => this.describeGroups(input),
    DescribeLogStreams: (input) => this.describeStreams(input),
    GetLogEvents: (input) => this.getEvents(input),
    FilterLogEvents: (input) => this.filterEvents(input),
  };

  public constructor(private readonly groups: LocalLogGroups) {}

  public call(operation: string, input: Input): Promise<Record<string, unknown>> {
    const run = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (run === undefined) { return Promise.reject(new ServiceError('UnknownOperationException', `The local CloudWatch Logs does not know the operation ${operation}.`)); }
    try { return Promise.resolve(run(input)); } catch (error) { return Promise.reject(error as Error); }
  }

  private describeGroups({ logGroupNamePrefix: prefix = '' }: Input): Record<string, unknown> {
    const logGroups = [...this.groups()].filter(([name]) => name.startsWith(prefix)).map(([logGroupName, streams]) => ({ logGroupName, creationTime: Math.min(...streams.map((stream) => stream.created)) }));
    return { logGroups };
  }

  private describeStreams({ logGroupName, logStreamNamePrefix: prefix = '', limit = MOST_STREAMS, nextToken }: Input): Record<string, unknown> {
    const streams = [...this.group(logGroupName)].filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
    const first = nextToken === undefined ? 0 : place(nextToken, 's');
    const page = streams.slice(first, first + Math.min(limit, MOST_STREAMS));
    return {
      logStreams: page.map((stream) => {
        const events = stream.events();
        return { logStreamName: stream.name, creationTime: stream.created, firstEventTimestamp: events[0]?.timestamp, lastEventTimestamp: events.at(-1)?.timestamp };
      }),
      nextToken: first + page.length < streams.length ? `s/${first + page.length}` : undefined,
    };
  }

  /** Tokens are places in the stream; the end answers with the token that it was asked by. */
  private getEvents({ logGroupName, logStreamName, startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = MOST_EVENTS, startFromHead = false, nextToken }: Input): Record<string, unknown> {
    const stream = this.group(logGroupName).find(({ name }) => name === logStreamName);
    if (stream === undefined) { throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.'); }
    const events = stream.events().filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
    const most = Math.min(limit, MOST_EVENTS);
    const backward = typeof nextToken === 'string' && nextToken.startsWith('b/');
    const last = backward ? place(nextToken, 'b') : undefined;
    const first = last !== undefined ? Math.max(0, last - most) : nextToken !== undefined ? place(nextToken, 'f') : startFromHead ? 0 : Math.max(0, events.length - most);
    const page = events.slice(first, last ?? first + most);
    return { events: page.map((event) => ({ ...event, ingestionTime: event.timestamp })), nextForwardToken: `f/${first + page.length}`, nextBackwardToken: `b/${first}` };
  }

  private filterEvents({ logGroupName, logStreamNames, logStreamNamePrefix, startTime = 0, endTime = Number.MAX_SAFE_INTEGER, filterPattern = '', limit = MOST_EVENTS, nextToken }: Input): Record<string, unknown> {
    if (/^[{[]|[?%]/.test(filterPattern)) { throw new ServiceError('InvalidParameterException', `The local CloudWatch Logs takes words as a filter, got ${filterPattern}`); }
    const words = String(filterPattern).split(/\s+/).map((word) => word.replace(/^"|"$/g, '')).filter((word) => word !== '');
    const events = this.group(logGroupName)
      .filter(({ name }) => (logStreamNames === undefined || logStreamNames.includes(name)) && (logStreamNamePrefix === undefined || name.startsWith(logStreamNamePrefix)))
      .flatMap((stream) => stream.events().map((event) => ({ ...event, logStreamName: stream.name, ingestionTime: event.timestamp })))
      .filter(({ timestamp, message }) => timestamp >= startTime && timestamp <= endTime && words.every((word) => message.includes(word)))
      .sort((a, b) => a.timestamp - b.timestamp);
    const first = nextToken === undefined ? 0 : place(nextToken, 'e');
    const page = events.slice(first, first + Math.min(limit, MOST_EVENTS));
    return { events: page.map((event, index) => ({ ...event, eventId: String(first + index) })), nextToken: first + page.length < events.length ? `e/${first + page.length}` : undefined };
  }

  private group(name: unknown): readonly LocalLogStream[] {
    const streams = this.groups().get(String(name));
    if (streams === undefined) { throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.'); }
    return streams;
  }
}

function place(token: unknown, kind: string): number {
  const index = new RegExp(`^${kind}/(\\d+)$`).exec(String(token))?.[1];
  if (index === undefined) { throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.'); }
  return Number(index);
}
