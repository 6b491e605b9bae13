import type { BegunOperation, News } from '../control';
import { STACK_TYPE, type StackEvent } from '../cloudformation/stack-record';
import type { JobProgress } from '../job-progress';
import type { Output } from './output';
import type { Server } from './server';

/** How an operation has ended. */
export interface Followed extends Omit<News, 'events' | 'jobs' | 'isInProgress'> {
  readonly stackName: string;
  readonly stackId: string;
  readonly events: readonly StackEvent[];
}

/** How often a job that says nothing is mentioned, in milliseconds. */
const QUIET = 15_000;
const POLL = 1000;

/**
 * Prints what happens to a stack until it is at rest.
 *
 * @param attends whether others are to leave the stack alone meanwhile
 */
export async function follow(server: Server, operation: BegunOperation, paths: { readonly [logicalId: string]: string }, output: Output, attends = true): Promise<Followed> {
  const { stackName, stackId, firstEvent } = operation;
  const events: StackEvent[] = [];
  const jobs = new JobLines(output);
  for (let after = firstEvent - 1; ;) {
    const news: News = await server.command('news', { stackId, after, wait: POLL, attends });
    for (const event of news.events) { output.progress(eventLine(event, paths, output)); }
    events.push(...news.events);
    after = events.at(-1)?.number ?? after;
    news.jobs.forEach((job) => jobs.say(job));
    if (!news.isInProgress) { return { stackName, stackId, status: news.status, statusReason: news.statusReason, outputs: news.outputs, events }; }
  }
}

/** One event as a line: when, what, where. */
export function eventLine({ time, status, type, logicalId, reason }: StackEvent, paths: { readonly [logicalId: string]: string }, output: Output): string {
  const clock = new Date(time).toTimeString().slice(0, 8);
  const said = reason === undefined || reason === 'User Initiated' ? '' : `  ${reason.split('\n')[0]}`;
  return `${output.paint('grey', clock)}  ${output.status(status.padEnd(20))}  ${type}  ${output.paint('bold', paths[logicalId] ?? logicalId)}${said}`;
}

/** What jobs are doing: a line whenever there is something new to say, at most one a second. */
class JobLines {
  private readonly said = new Map<string, { readonly text: string; readonly at: number }>();

  constructor(private readonly output: Output) {}

  say({ name, secondaryStatus, since, lastLine }: JobProgress): void {
    const now = Date.now();
    const before = this.said.get(name);
    const text = `${secondaryStatus}|${lastLine ?? ''}`;
    if (before !== undefined && (now - before.at < POLL || text === before.text && now - before.at < QUIET)) { return; }
    this.said.set(name, { text, at: now });
    const seconds = Math.max(0, Math.round((now - since) / 1000));
    this.output.progress(`          ${this.output.paint('yellow', `${name}: ${secondaryStatus}, ${seconds} s`)}${lastLine === undefined ? '' : `  ${lastLine.trim().slice(0, 160)}`}`);
  }
}

/** The reasons of what has failed first; what was merely cancelled is not one. Where no resource has failed, why the stack was rolled back. */
export function failuresOf(events: readonly StackEvent[]): StackEvent[] {
  const ofStack = ({ type }: StackEvent) => type === STACK_TYPE;
  const failed = events.filter((event) => event.status.endsWith('_FAILED') && !ofStack(event) && event.reason !== undefined && !/^Resource (creation|update) cancelled$/.test(event.reason));
  if (failed.length > 0) { return failed; }
  return events.filter((event) => ofStack(event) && event.status.endsWith('ROLLBACK_IN_PROGRESS') && event.reason !== undefined && event.reason !== 'User Initiated').slice(0, 1);
}
