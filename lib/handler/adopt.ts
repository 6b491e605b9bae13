import type { Progress, Turn } from './events';
import { succeed } from './events';
import { Refused, shown } from './errors';
import type { Tree } from './job-kind';
import { canonicalJson, keyMaterial } from './run-key';
import { isObject, membersOf } from './restore-types';
import type { Run } from './runs';

/** Takes a job that somebody else made as this resource's own. It is never tagged, stopped or deleted. */
export async function adopt(turn: Turn, run: Run, request: Tree): Promise<Progress> {
  const { Name: name, Accept: accept = [] } = run.properties.Adopt!;
  const job = await turn.world.jobs.describe(run.kind, name);
  if (!job) { throw new Refused(`adopt: there is no ${run.row.noun} ${name}`); }
  const column = { ...run.row.key, omitted: [...run.row.key.omitted, ...accept] };
  const members = membersOf(run.row.schema);
  const [wanted, found] = [request, job.details].map((tree) => JSON.parse(canonicalJson(keyMaterial({ Request: onlyOf(members, tree) }, column))) as Tree);
  const different = members.filter((member) => differs(found[member], wanted[member], member, run.row.addedByService ?? []));
  if (different.length > 0) {
    const list = different.map((member) => `${member} (asked for ${shown(member, wanted[member])}, it has ${shown(member, found[member])})`);
    throw new Refused(`adopt: ${name} is another run: ${list.join('; ')}. Name the members in \`accept\`, or remove \`adopt\` to launch a job`);
  }
  const attributes = (run.properties.Attributes ?? []).map((attribute) => [attribute, attribute === 'JobArn' ? job.arn : name]);
  return succeed(name, Object.fromEntries(attributes));
}

/** A description has more than a request can have: what became of the job. */
const onlyOf = (members: readonly string[], tree: Tree): Tree => Object.fromEntries(Object.entries(tree).filter(([member]) => members.includes(member)));

/**
 * Whether a job has anything else than what is asked for, less or more. What the service adds by itself is not asked
 * for: the members named in the table, and what is empty or off.
 */
function differs(found: unknown, wanted: unknown, path: string, added: readonly string[]): boolean {
  const isAdded = added.includes(path);
  if (wanted === undefined && (isAdded || found === undefined || found === '' || found === 'false')) { return false; }
  if (Array.isArray(wanted) && Array.isArray(found) && isAdded) { return !wanted.every((entry) => found.some((each) => !differs(each, entry, `${path}.*`, added))); }
  if (Array.isArray(found) || Array.isArray(wanted)) {
    const [have, want] = [found, wanted].map((list) => (Array.isArray(list) ? list as unknown[] : undefined));
    return have?.length !== want?.length || !!have?.some((entry, index) => differs(entry, want?.[index], `${path}.*`, added));
  }
  if (isObject(found) || isObject(wanted)) {
    const [have, want] = [found, wanted].map((tree) => (isObject(tree) ? tree : {}));
    return [...new Set([...Object.keys(have), ...Object.keys(want)])].some((member) => differs(have[member], want[member], `${path}.${member}`, added));
  }
  return found !== wanted;
}
