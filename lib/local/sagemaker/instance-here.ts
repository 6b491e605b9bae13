import { totalmem } from 'node:os';
import { hasGpus, memoryOfInstance } from '../../limits/instance-memory';
import type { Engine } from '../containers/engine';
import { canUseGpus } from '../containers/gpus';

/** What containers of an instance type have here: bytes of memory, where this machine has more, and its GPUs. */
export const memoryHere = (instanceType: string | undefined): number | undefined => {
  const memory = memoryOfInstance(instanceType);
  return memory !== undefined && memory < totalmem() ? memory : undefined;
};

/** Whether containers of these instance types get the GPUs of this machine; says so where they should and can't. */
export async function gpusHere(engine: Engine, instanceTypes: readonly (string | undefined)[], what: string, note: (line: string) => void): Promise<boolean> {
  const types = [...new Set(instanceTypes.filter(hasGpus))];
  if (types.length === 0) { return false; }
  if (await canUseGpus(engine)) { return true; }
  note(`${types.join(', ')}: there is no GPU here that containers of ${engine.name} can use; ${what} without.`);
  return false;
}
