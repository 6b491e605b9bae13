import { isInProgress } from '../cloudformation/stack-record';
import { deployedStack } from './deployed';
import { eventLine, follow } from './follow';
import type { Output } from './output';
import { Server } from './server';

/** Prints what has happened to a stack, and with `follow` what goes on happening. Deleted stacks have events too. */
export async function events(name: string, options: { readonly state: string; readonly follow: boolean }, output: Output): Promise<void> {
  const record = deployedStack(options.state, name, true);
  const paths = record.paths ?? {};
  for (const event of record.events) { output.result(eventLine(event, paths, output)); }
  output.json({ stackName: record.stackName, stackId: record.stackId, status: record.status, events: record.events });
  const server = options.follow && isInProgress(record.status) ? await Server.running(options.state) : undefined;
  if (server === undefined) { return; }
  await follow(server, { stackName: record.stackName, stackId: record.stackId, kind: 'update', firstEvent: (record.events.at(-1)?.number ?? -1) + 1 }, paths, output, false);
}
