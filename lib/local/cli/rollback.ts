import { atRest } from './at-rest';
import { deployedStack } from './deployed';
import { failuresOf, follow } from './follow';
import { CommandError } from './output';
import type { Output } from './output';
import { Server } from './server';

/** Takes back an update that failed with --no-rollback, or goes on with a rollback that failed. */
export async function rollback(name: string, options: { readonly state: string; readonly skip: readonly string[]; readonly program: string }, output: Output): Promise<void> {
  const record = deployedStack(options.state, name);
  const { paths = {} } = record;
  const skip = options.skip.map((given) => Object.keys(paths).find((id) => id === given || paths[id] === given) ?? given);
  const server = await Server.started(options.state, options.program);
  await atRest(record.stackName, server, paths, output);
  const followed = await follow(server, await server.command('rollback', { stackName: record.stackName, skip }), paths, output);
  output.json({ stackName: record.stackName, status: followed.status });
  if (followed.status !== 'UPDATE_ROLLBACK_COMPLETE') {
    throw new CommandError([...failuresOf(followed.events).map(({ logicalId, reason }) => `${logicalId}: ${reason ?? ''}`), `${record.stackName} is in state ${followed.status}`].join('\n'));
  }
}
