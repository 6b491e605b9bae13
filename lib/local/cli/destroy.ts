import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isSuccess } from '../cloudformation/stack-record';
import type { StackRecord } from '../cloudformation/stack-record';
import type { BegunOperation } from '../control';
import { stackNow } from './at-rest';
import { deployedStack, deployedStacks, isThere } from './deployed';
import { onInterrupt } from './deploy';
import { failuresOf, follow } from './follow';
import { sweepIfUnused } from '../sweep';
import { CommandError } from './output';
import type { Output } from './output';
import { Server } from './server';

export interface DestroyOptions {
  readonly state: string;
  readonly all: boolean;
  /** The built bin/local-server. */
  readonly program: string;
}

/** Deletes stacks; with the last one goes the local AWS itself. */
export async function destroy(names: readonly string[], options: DestroyOptions, output: Output): Promise<void> {
  const { state } = options;
  const there = deployedStacks(state).filter(isThere);
  if (names.length === 0 && !options.all && there.length > 1) { throw new CommandError(`say which stack, or --all: ${there.map(({ stackName }) => stackName).join(', ')}`); }
  const stacks = names.length === 0 ? there : names.map((name) => deployedStack(state, name));
  if (names.length === 0 && there.length === 0) { output.progress(`nothing is deployed in ${state}`); }
  const results: object[] = [];
  const retained: string[] = [];
  // The newest first: it may use what an older one exports.
  for (const record of [...stacks].sort((a, b) => b.created - a.created)) {
    const server = await Server.started(state, options.program);
    const followed = await destroyStack(record, server, state, output);
    results.push({ stackName: followed.stackName, status: followed.status });
    retained.push(...followed.events.filter(({ status, type }) => status === 'DELETE_SKIPPED' && type === 'AWS::S3::Bucket').map(({ physicalId }) => String(physicalId)));
    if (!isSuccess(followed.status)) {
      output.json({ stacks: results, retained });
      const reasons = failuresOf(followed.events).map(({ logicalId, reason }) => `${logicalId}: ${reason ?? ''}`);
      throw new CommandError([...reasons, `${followed.stackName} is in state ${followed.status}; run destroy again when that is repaired`].join('\n'));
    }
  }
  for (const bucket of retained) { output.progress(`retained: bucket ${bucket}, its objects are in ${join(state, 's3', bucket, 'objects')}`); }
  const isEmpty = !deployedStacks(state).some(isThere);
  const server = isEmpty ? await Server.settled(state) : undefined;
  if (await server?.stop('needed') === true) { output.progress('no stack is left: the local AWS has ended'); }
  if (isEmpty) { await sweepIfUnused(state); }
  output.json({ stacks: results, retained, serverEnded: isEmpty && !existsSync(join(state, 'server.json')) });
}

async function destroyStack(record: StackRecord, server: Server, state: string, output: Output) {
  const { stackName, paths = {} } = record;
  const forget = onInterrupt(stackName, state, output);
  try {
    // As it is now: the record is from before the local AWS was started, perhaps.
    const now = await stackNow(stackName, server);
    if (now?.isInProgress === true && /^UPDATE/.test(now.status)) {
      output.progress(`${stackName}: an update is under way, it is cancelled first`);
      const cancelled: BegunOperation = now.status === 'UPDATE_IN_PROGRESS'
        ? await server.command('cancel', { stackName })
        : { stackName, stackId: now.stackId, kind: 'cancel', firstEvent: now.nextEvent };
      await follow(server, cancelled, paths, output);
    }
    return await follow(server, await server.command('destroy', { stackName, stackId: record.stackId, after: record.events.at(-1)?.number ?? -1 }), paths, output);
  } finally {
    forget();
  }
}
