import { resolve } from 'node:path';
import type { AssemblyStack } from '../assembly';
import { selectedStacks } from '../cli/app';
import { failuresOf, follow } from '../cli/follow';
import { Output } from '../cli/output';
import { Server } from '../cli/server';
import { isSuccess } from '../cloudformation/stack-record';
import type { BegunOperation } from '../control';

/** What a stack says of itself. */
export interface DeployedStack {
  readonly stackName: string;
  readonly outputs: { readonly [name: string]: string };
}

/** Deploys stacks of a cloud assembly one after the other. @throws Error with the reasons, when one fails */
export async function deployStacks(state: string, assembly: string, names: readonly string[]): Promise<DeployedStack[]> {
  const server = await Server.running(state);
  if (server === undefined) { throw new Error('the local SageMaker has been stopped'); }
  const deployed: DeployedStack[] = [];
  for (const stack of selectedStacks(resolve(assembly), names)) { deployed.push(await deployStack(server, stack)); }
  return deployed;
}

async function deployStack(server: Server, { folder, id, paths }: AssemblyStack): Promise<DeployedStack> {
  const begun: BegunOperation = await server.command('deploy', { assembly: folder, id, parameters: {}, rollback: true });
  const { stackName, status, statusReason, events, outputs } = await follow(server, begun, paths, new Output(true));
  if (begun.kind !== 'unchanged' && !isSuccess(status)) {
    const reasons = failuresOf(events).map(({ logicalId, reason }) => `${paths[logicalId] ?? logicalId}: ${reason ?? ''}`);
    throw new Error([...reasons.length > 0 ? reasons : [statusReason ?? ''], `${stackName} is in state ${status}`].join('\n'));
  }
  return { stackName, outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, String(value)])) };
}
