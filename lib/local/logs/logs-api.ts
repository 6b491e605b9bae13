import { partitionOf } from '../../limits/partitions';
import { ServiceError } from '../service-error';
import { eventsAcross, wanted, type FilterInput } from './filter-log-events';
import type { LogStore } from './log-store';
import type { LogStream } from './log-stream';

type Answer = Record<string, unknown>;
type Input = { readonly [member: string]: unknown };

export interface LogsApiOptions {
  readonly store: LogStore;
  readonly region: string;
  readonly accountId: string;
}

/** What one page may have: CloudWatch Logs counts 26 bytes more for each event. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;
const EVENT_OVERHEAD = 26;
const MOST_LISTED = 50;

const MEMBERS: { readonly [operation: string]: readonly string[] } = {
  DescribeLogGroups: ['logGroupNamePrefix', 'logGroupNamePattern', 'limit', 'nextToken'],
  DescribeLogStreams: ['logGroupName', 'logGroupIdentifier', 'logStreamNamePrefix', 'orderBy', 'descending', 'limit', 'nextToken'],
  GetLogEvents: ['logGroupName', 'logGroupIdentifier', 'logStreamName', 'startTime', 'endTime', 'startFromHead', 'limit', 'nextToken', 'unmask'],
  FilterLogEvents: ['logGroupName', 'logGroupIdentifier', 'logStreamNames', 'logStreamNamePrefix', 'startTime', 'endTime', 'filterPattern', 'interleaved', 'limit', 'nextToken', 'unmask'],
};

/** CloudWatch Logs, as far as reading goes: the logs of jobs and endpoints, for SDKs and the AWS CLI. */
export class LogsApi {
  constructor(private readonly options: LogsApiOptions) {}

  /** The operations it knows. */
  get operationNames(): string[] { return Object.keys(MEMBERS); }

  async call(operation: string, input: Input): Promise<Answer> {
    const known = MEMBERS[operation];
    if (known === undefined) { throw new ServiceError('UnknownOperationException', `The local CloudWatch Logs does not know the operation ${operation}.`); }
    const stranger = Object.keys(input).find((member) => !known.includes(member) && input[member] != null);
    if (stranger !== undefined) { throw invalid(`Not supported by the local AWS: member ${stranger} of ${operation}`); }
    const most = operation.startsWith('Describe') ? MOST_LISTED : MOST_EVENTS;
    const limit = (input.limit as number | undefined) ?? most;
    if (!Number.isInteger(limit) || limit < 1 || limit > most) {
      const bound = limit > most ? `less than or equal to ${most}` : 'greater than or equal to 1';
      throw invalid(`1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`);
    }
    switch (operation) {
      case 'DescribeLogGroups': return this.describeGroups(input, limit);
      case 'DescribeLogStreams': return this.describeStreams(input, limit);
      case 'GetLogEvents': return this.getEvents(input, limit);
      default: return { ...eventsAcross(this.streams(input, wanted(input as FilterInput, this.namesOf(input))), input as FilterInput, limit) };
    }
  }

  private describeGroups(input: Input, limit: number): Answer {
    const { store } = this.options;
    const names = store.groupNames().filter((name) => name.startsWith(String(input.logGroupNamePrefix ?? '')) && name.toLowerCase().includes(String(input.logGroupNamePattern ?? '').toLowerCase()));
    return listed('logGroups', names.map((name) => {
      const { created, bytes } = store.group(name);
      return { logGroupName: name, creationTime: created, metricFilterCount: 0, arn: `${this.arnOf(name)}:*`, logGroupArn: this.arnOf(name), logGroupClass: 'STANDARD', storedBytes: bytes };
    }), input, limit);
  }

  private describeStreams(input: Input, limit: number): Answer {
    const group = groupOf(input);
    if (input.orderBy === 'LastEventTime' && input.logStreamNamePrefix !== undefined) { throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.'); }
    const streams = this.streams(input, this.namesOf(input).filter((name) => name.startsWith(String(input.logStreamNamePrefix ?? ''))));
    if (input.orderBy === 'LastEventTime') { streams.sort((a, b) => (a.last as number) - (b.last as number)); }
    if (input.descending === true) { streams.reverse(); }
    return listed('logStreams', streams.map((stream) => ({
      logStreamName: stream.name, creationTime: stream.first, firstEventTimestamp: stream.first, lastEventTimestamp: stream.last, lastIngestionTime: stream.last,
      uploadSequenceToken: '0', arn: `${this.arnOf(group)}:log-stream:${stream.name}`, storedBytes: 0,       // AWS too has counted none since 2019
    })), input, limit);
  }

  /** Tokens are positions between events, so that a page never misses what has come since the last one. */
  private getEvents(input: Input, limit: number): Answer {
    const name = String(input.logStreamName ?? '');
    const [stream] = this.streams(input, this.namesOf(input).filter((each) => each === name));
    if (stream === undefined) { throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.'); }
    const first = input.startTime == null ? 0 : stream.indexAt(input.startTime as number);
    const last = input.endTime == null ? stream.length : Math.max(first, stream.indexAt(input.endTime as number));
    const token = input.nextToken == null ? undefined : /^([fb])\/(\d{56})\/s$/.exec(String(input.nextToken));
    if (token === null) { throw invalid('The specified nextToken is invalid.'); }
    const forward = token === undefined ? input.startFromHead === true : token[1] === 'f';
    const position = token === undefined ? (forward ? first : last) : Number(token[2]);
    const [from, to] = forward
      ? fitting(stream, Math.min(Math.max(position, first), last), last, limit)
      : fittingBackward(stream, first, Math.min(Math.max(position, first), last), limit);
    const isEmpty = from === to;
    return {
      events: stream.events(from, to).map((event) => ({ ...event, ingestionTime: event.timestamp })),
      // Without events the position is where it was: the same token says that this is the end.
      nextForwardToken: tokenOf('f', isEmpty ? position : to),
      nextBackwardToken: tokenOf('b', isEmpty ? position : from),
    };
  }

  /** @throws ServiceError when there is no such group */
  private namesOf(input: Input): string[] {
    const names = this.options.store.streamNames(groupOf(input));
    if (names === undefined) { throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.'); }
    return names;
  }

  private streams(input: Input, names: readonly string[]): LogStream[] {
    return names.map((name) => this.options.store.stream(groupOf(input), name));
  }

  private arnOf(group: string): string {
    const { region, accountId } = this.options;
    return `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${group}`;
  }
}

/** A group by its name, or by its ARN. */
function groupOf(input: Input): string {
  if ((input.logGroupName == null) === (input.logGroupIdentifier == null)) { throw invalid('Exactly one of logGroupName and logGroupIdentifier must be given.'); }
  return String(input.logGroupName ?? input.logGroupIdentifier).replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

function fitting(stream: LogStream, from: number, end: number, limit: number): readonly [number, number] {
  const events = stream.events(from, Math.min(end, from + limit));
  let bytes = 0;
  const tooMany = events.findIndex(({ message }) => (bytes += Buffer.byteLength(message) + EVENT_OVERHEAD) > MOST_BYTES);
  return [from, from + (tooMany < 0 ? events.length : Math.max(tooMany, 1))];
}

function fittingBackward(stream: LogStream, start: number, to: number, limit: number): readonly [number, number] {
  const events = stream.events(Math.max(start, to - limit), to).reverse();
  let bytes = 0;
  const tooMany = events.findIndex(({ message }) => (bytes += Buffer.byteLength(message) + EVENT_OVERHEAD) > MOST_BYTES);
  return [to - (tooMany < 0 ? events.length : Math.max(tooMany, 1)), to];
}

function listed(member: string, rows: readonly object[], input: Input, limit: number): Answer {
  const from = Number(input.nextToken ?? 0);
  if (!Number.isInteger(from) || from < 0) { throw invalid('The specified nextToken is invalid.'); }
  return { [member]: rows.slice(from, from + limit), nextToken: from + limit < rows.length ? String(from + limit) : undefined };
}

const tokenOf = (direction: 'f' | 'b', position: number) => `${direction}/${String(position).padStart(56, '0')}/s`;
const invalid = (message: string) => new ServiceError('InvalidParameterException', message);
