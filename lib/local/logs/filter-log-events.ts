import { createHash } from 'node:crypto';
import { ServiceError } from '../service-error';
import { filterOf } from './filter-pattern';
import type { LogEvent, LogStream } from './log-stream';

export interface FilterInput {
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  readonly startTime?: number;
  /** Included, unlike in GetLogEvents. */
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly nextToken?: string;
}

/** The streams that are meant. @throws ServiceError for one that does not exist */
export function wanted({ logStreamNames, logStreamNamePrefix: prefix }: FilterInput, names: readonly string[]): readonly string[] {
  if (logStreamNames === undefined) { return names.filter((name) => name.startsWith(prefix ?? '')); }
  if (prefix !== undefined) { throw new ServiceError('InvalidParameterException', 'logStreamNamePrefix and logStreamNames are mutually exclusive.'); }
  if (logStreamNames.some((name) => !names.includes(name))) { throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.'); }
  return logStreamNames;
}

/** FilterLogEvents: the events of several streams that match, by time. A token is the number of events that went before. */
export function eventsAcross(streams: readonly LogStream[], input: FilterInput, limit: number): object {
  const { startTime = 0, endTime, filterPattern = '' } = input;
  const skipped = Number(input.nextToken ?? 0);
  if (!Number.isInteger(skipped) || skipped < 0) { throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.'); }
  const matches = filterOf(filterPattern);
  const found = streams.flatMap((stream) => {
    const first = stream.indexAt(startTime);
    const events = stream.events(first, endTime === undefined ? stream.length : stream.indexAt(endTime + 1));
    return events.map((event, index) => eventOf(stream.name, event, first + index)).filter(({ message }) => matches(message));
  });
  found.sort((a, b) => a.timestamp - b.timestamp);
  const events = found.slice(skipped, skipped + limit);
  return {
    events: events.map(({ index, ...event }) => ({ ...event, eventId: eventId(event, index) })),
    searchedLogStreams: [],                                  // deprecated, and empty at AWS too
    nextToken: skipped + limit < found.length ? String(skipped + limit) : undefined,
  };
}

const eventOf = (logStreamName: string, { timestamp, message }: LogEvent, index: number) => ({ logStreamName, timestamp, message, ingestionTime: timestamp, index });

/** 56 digits, as at AWS: the time, the stream, and which event of the stream it is. */
function eventId({ timestamp, logStreamName }: { readonly timestamp: number; readonly logStreamName: string }, index: number): string {
  const stream = createHash('sha256').update(logStreamName).digest().readUInt32BE();
  return `${String(timestamp).padStart(14, '0')}${String(stream).padStart(10, '0')}${String(index).padStart(32, '0')}`;
}
