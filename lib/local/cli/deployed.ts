import { join } from 'node:path';
import type { StackRecord } from '../cloudformation/stack-record';
import { FolderStackStore } from '../cloudformation/stack-store';
import { CommandError } from './output';

/** The stacks of a state folder, read from their files: no server is needed for that. */
export function deployedStacks(state: string): StackRecord[] {
  return new FolderStackStore(join(state, 'stacks'), true).all();
}

export const isThere = ({ status }: StackRecord) => status !== 'DELETE_COMPLETE';

/** @throws CommandError that lists the stacks there are */
export function deployedStack(state: string, name: string, includeDeleted = false): StackRecord {
  const stacks = deployedStacks(state).filter((record) => includeDeleted || isThere(record));
  const record = stacks.find(({ stackName, stackId }) => stackName === name || stackId === name);
  if (record !== undefined) { return record; }
  const known = stacks.map(({ stackName }) => stackName);
  throw new CommandError(`there is no stack ${name} in ${state}; ${known.length === 0 ? 'nothing is deployed there' : `there is ${known.join(', ')}`}`);
}
