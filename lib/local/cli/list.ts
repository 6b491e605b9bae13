import { INTERRUPTED, isInProgress, type StackRecord } from '../cloudformation/stack-record';
import { deployedStacks, isThere } from './deployed';
import type { Output } from './output';
import { endpointsText, Server } from './server';

/** Prints the stacks, and where the local AWS listens. */
export async function list(options: { readonly state: string }, output: Output): Promise<void> {
  const stacks = deployedStacks(options.state).filter(isThere);
  const server = await Server.running(options.state);
  const isInterrupted = ({ status, statusReason }: StackRecord) => (isInProgress(status) ? server === undefined : statusReason === INTERRUPTED);
  for (const stack of stacks) {
    const { stackName, status, updated, created } = stack;
    output.result(`${output.status(status.padEnd(24))}  ${stackName}  (${new Date(updated ?? created).toISOString()})${isInterrupted(stack) ? '  interrupted: deploy or destroy goes on' : ''}`);
  }
  if (stacks.length === 0) { output.progress(`nothing is deployed in ${options.state}`); }
  if (server !== undefined) {
    output.progress(server.runsIn);
    output.progress(endpointsText(server.info));
  }
  const { apiPort, s3Port, pid } = server?.info ?? {};
  output.json({ stacks: stacks.map((stack) => ({ stackName: stack.stackName, stackId: stack.stackId, status: stack.status, ...isInterrupted(stack) && { isInterrupted: true } })), server: server === undefined ? null : { pid, apiPort, s3Port, runsIn: server.runsIn } });
}
