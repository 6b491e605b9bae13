import type { StackNow } from '../control';
import { follow } from './follow';
import { CommandError } from './output';
import type { Output } from './output';
import type { Server } from './server';

type Paths = { readonly [logicalId: string]: string };

/**
 * Waits for the operation that a stack is in, where the command that began it is gone: killed, or left with Ctrl-C.
 *
 * @throws CommandError where another command waits for it
 */
export async function atRest(stackName: string, server: Server, paths: Paths, output: Output): Promise<void> {
  const now = await stackNow(stackName, server);
  if (now?.isInProgress !== true) { return; }
  if (now.isAttended) { throw new CommandError(`${stackName} is in state ${now.status}: another command is at work on it. Wait for that, or end it first; \`cdk-sagemaker local events ${stackName} --follow\` shows what it does`); }
  output.progress(`${stackName}: ${now.status} goes on, although the command that began it is gone; it is waited for first`);
  await follow(server, { stackName, stackId: now.stackId, kind: 'update', firstEvent: now.nextEvent }, paths, output);
}

export const stackNow = (stackName: string, server: Server) => server.command<StackNow | null>('stack', { stackName });
