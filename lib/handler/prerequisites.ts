import { written, type Violation } from '../limits/constraints';
import { BadProperties, inWords, isRoleNotReady, isTransient, Refused, shown } from './errors';
import type { Turn } from './events';
import type { Prerequisite, Tree } from './job-kind';
import type { Run } from './runs';
import type { World } from './world';

/**
 * The request as it fits what it names, looked up now. Only before a launch: a job that exists was taken by the service,
 * and a rollback has nothing to launch.
 */
export async function fitting({ world }: Turn, run: Run, request: Tree): Promise<Tree> {
  let complete = request;
  for (const wanted of run.properties.Prerequisites ?? []) {
    const known = run.row.prerequisites ?? {};
    if (!Object.hasOwn(known, wanted)) { throw new BadProperties(`Prerequisites: must be of ${Object.keys(known).join(', ')}, got ${wanted}`); }
    const prerequisite = known[wanted];
    for (const name of prerequisite.named(complete)) {
      const details = await lookedUp(world, prerequisite, name);
      complete = prerequisite.completed(complete, details, name);
      refuseFirst(prerequisite.violations(complete, details, name));
    }
  }
  return complete;
}

async function lookedUp(world: World, { noun, operation, nameMember }: Prerequisite, name: string): Promise<Tree> {
  try {
    return await world.lookUp(operation, { [nameMember]: name });
  } catch (error) {
    if (isTransient(error) || isRoleNotReady(error)) { throw error; }
    throw new Refused(`${noun} ${name} can't be looked up, and nothing was launched: ${inWords(error)}`);
  }
}

/**
 * Refuses what the service would refuse, before it is asked. Only before a launch: a job that exists was taken by the
 * service, whatever a later version of these limits says.
 */
export function refuseFirst([violation]: Violation[]): void {
  if (!violation) { return; }
  const { path, rule, value, isName } = violation;
  const at = isName ? `${written(path.slice(0, -1))}: the name ${String(path.at(-1))}` : written(path);
  throw new BadProperties(`Request.${at}: must ${rule}, got ${shown(at, value)}`);
}
