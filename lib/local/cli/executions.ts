import type { Output } from './output';
import { Server } from './server';
import { askStepFunctions, workflowsOf, type DescribedExecution } from './workflows';

/** Prints the executions of the workflows of a stack, the newest first. */
export async function executions(name: string, { state, program }: { readonly state: string; readonly program: string }, output: Output): Promise<void> {
  const workflows = workflowsOf(name, state);
  const server = await Server.started(state, program);
  const results: object[] = [];
  for (const { arn: stateMachineArn, path } of workflows) {
    const { executions: found } = await askStepFunctions<{ executions: DescribedExecution[] }>(server, 'ListExecutions', { stateMachineArn, maxResults: 1000 });
    results.push({ path, stateMachineArn, executions: found });
    if (found.length === 0) { output.progress(`${path}: never started`); }
    for (const { executionArn, status, startDate } of found) {
      const { error } = status === 'FAILED' || status === 'ABORTED' ? await askStepFunctions<DescribedExecution>(server, 'DescribeExecution', { executionArn }) : { error: undefined };
      const word = output.paint(status === 'SUCCEEDED' ? 'green' : status === 'RUNNING' ? 'grey' : 'red', status.padEnd(9));
      output.result(`${word}  ${new Date(startDate * 1000).toISOString()}  ${path}  ${executionArn}${error === undefined ? '' : `  ${error}`}`);
    }
  }
  output.json(results);
}
