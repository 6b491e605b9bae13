import type { StackRecord } from '../cloudformation/stack-record';
import { deployedStacks, isThere } from './deployed';
import { CommandError } from './output';
import type { Server } from './server';

/** A state machine of a stack. */
export interface Workflow {
  readonly stackName: string;
  readonly path: string;
  readonly arn: string;
}

/** The logical id, which never changes, of the machine that waits for the jobs of a stack; nobody starts it by hand. */
const WAITER = 'SageMakerJobWaiter';

/** The state machines that are meant: those of a stack, or one by its path, logical id or name. @throws CommandError where there is none */
export function workflowsOf(name: string, state: string): Workflow[] {
  const all = deployedStacks(state).filter(isThere).flatMap(machinesOf);
  const isStack = all.some(({ stackName }) => stackName === name);
  const found = all.filter(({ stackName, path, id, arn }) => (isStack ? stackName === name : [path, `${stackName}/${path}`, id, arn, arn.split(':').at(-1)].includes(name.replace(/\/Resource$/, ''))));
  if (found.length > 0) { return found; }
  throw new CommandError(`there is no workflow ${name} in ${state}; ${all.length === 0 ? 'no state machine is deployed there' : `there is ${all.map(({ stackName, path }) => `${stackName}/${path}`).join(', ')}`}`);
}

/** @throws CommandError where there are several */
export function workflowOf(name: string, state: string): Workflow {
  const [workflow, ...others] = workflowsOf(name, state);
  if (others.length > 0) { throw new CommandError(`${name} has several workflows, say which: ${[workflow as Workflow, ...others].map(({ stackName, path }) => `${stackName}/${path}`).join(', ')}`); }
  return workflow as Workflow;
}

function machinesOf({ stackName, resources, paths = {} }: StackRecord): (Workflow & { readonly id: string })[] {
  return Object.entries(resources).flatMap(([id, { type, physical }]) => {
    const path = (paths[id] ?? id).replace(/\/Resource$/, '');
    return type === 'AWS::StepFunctions::StateMachine' && physical !== undefined && id !== WAITER ? [{ stackName, id, path, arn: physical.physicalId }] : [];
  });
}

/** Asks the local Step Functions. @throws CommandError with its own words */
export async function askStepFunctions<T>(server: Server, operation: string, input: object): Promise<T> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` };
  const { status, body } = await server.send('POST', '/', headers, Buffer.from(JSON.stringify(input)));
  const answer = JSON.parse(body.toString()) as T & { readonly message?: string };
  if (status !== 200) { throw new CommandError(answer.message ?? `HTTP ${status}`); }
  return answer;
}

/** As Step Functions describes an execution; times are seconds since 1970. */
export interface DescribedExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: number;
  readonly stopDate?: number;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}
