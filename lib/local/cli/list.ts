import { deployedStacks, isThere } from './deployed';
import type { Output } from './output';
import { endpointsText, Server } from './server';

/** Prints the stacks, and where the local AWS listens. */
export async function list(options: { readonly state: string }, output: Output): Promise<void> {
  const stacks = deployedStacks(options.state).filter(isThere);
  const server = await Server.running(options.state);
  for (const { stackName, status, updated, created } of stacks) {
    output.result(`${output.status(status.padEnd(24))}  ${stackName}  (${new Date(updated ?? created).toISOString()})`);
  }
  if (stacks.length === 0) { output.progress(`nothing is deployed in ${options.state}`); }
  if (server !== undefined) {
    output.progress(server.runsIn);
    output.progress(endpointsText(server.info));
  }
  const { apiPort, s3Port, pid } = server?.info ?? {};
  output.json({ stacks: stacks.map(({ stackName, stackId, status }) => ({ stackName, stackId, status })), server: server === undefined ? null : { pid, apiPort, s3Port, runsIn: server.runsIn } });
}
