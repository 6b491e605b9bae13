import type { LogEvent, LogStream } from '../logs/log-stream';
import type { LogStore } from '../logs/log-store';
import type { Host } from './hosts';
import { JobLog } from './job-log';

/** In which order lines of several streams have been seen: a reader's position in them must mean the same later. */
interface Order {
  /** Stream and line, as one number. */
  readonly lines: number[];
  readonly seen: number[];
}

const LINES = 2 ** 40;
const orders = new WeakMap<LogStream, Order>();

/** The logs of a job's hosts, a stream each, and all of them as one. */
export class HostLogs {
  private readonly logs: readonly JobLog[];

  /** @param names of the hosts, in the order of their streams */
  constructor(private readonly streams: readonly LogStream[], private readonly names: readonly string[], as: (log: JobLog) => JobLog = (log) => log) {
    this.logs = streams.map((stream) => as(new JobLog(stream)));
  }

  /** The same logs; calls `found` when a line has this text. */
  public watched(text: string, found: () => void): HostLogs {
    return new HostLogs(this.streams, this.names, (log) => log.watched(text, found));
  }

  /** That of the host that speaks for all. */
  public get first(): JobLog {
    return this.logs[0] as JobLog;
  }

  public host(name: string): JobLog {
    return this.logs[this.names.indexOf(name)] as JobLog;
  }

  /** A line of ours, not of a program's. */
  public note(line: string): void {
    this.logs[0]?.note(line);
  }

  public finish(): void {
    this.logs.forEach((log) => log.finish());
  }

  /** Everything, by its time. */
  public *events(): Generator<LogEvent> {
    const waiting = this.logs.map((log) => log.events()).map((events) => ({ events, next: events.next() }));
    for (;;) {
      const first = waiting.filter(({ next }) => next.done !== true).sort((a, b) => (a.next.value as LogEvent).timestamp - (b.next.value as LogEvent).timestamp)[0];
      if (first === undefined) { return; }
      yield first.next.value as LogEvent;
      first.next = first.events.next();
    }
  }

  /** The whole lines since a position, which counts lines; with the host's name where there are several. */
  public linesFrom(position: number): { readonly lines: string[]; readonly next: number } {
    if (this.logs.length === 1) { return (this.logs[0] as JobLog).linesFrom(position); }
    const { lines } = this.order();
    const wanted = lines.slice(position).map((line) => ({ stream: Math.floor(line / LINES), index: line % LINES }));
    const starts = this.streams.map((_, stream) => wanted.find((each) => each.stream === stream)?.index ?? 0);
    const events = this.streams.map((stream, number) => (wanted.some((each) => each.stream === number) ? stream.events(starts[number] as number) : []));
    return { lines: wanted.map(({ stream, index }) => `[${this.names[stream]}] ${events[stream]?.[index - (starts[stream] as number)]?.message}`), next: lines.length };
  }

  private order(): Order {
    const first = this.streams[0] as LogStream;
    const order = orders.get(first) ?? { lines: [], seen: this.streams.map(() => 0) };
    orders.set(first, order);
    const fresh = this.streams.flatMap((stream, number) => {
      const from = order.seen[number] as number;
      order.seen[number] = stream.length;
      return Array.from({ length: stream.length - from }, (_, index) => ({ time: stream.timeOf(from + index) as number, line: number * LINES + from + index }));
    });
    order.lines.push(...fresh.sort((a, b) => a.time - b.time).map(({ line }) => line));
    return order;
  }
}

/** A stream a host, named by when the job was made. */
export function hostLogs(store: LogStore, group: string, job: string, created: number, hosts: readonly Host[]): HostLogs {
  const names = hosts.map(({ name }) => name);
  return new HostLogs(names.map((name) => store.stream(group, `${job}/${name}-${Math.floor(created / 1000)}`)), names);
}
