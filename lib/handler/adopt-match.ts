import type { JobProperties } from './contract';
import type { JobRules, Tree } from './job-kind';
import { canonicalJson, keyMaterial } from './run-key';
import { isObject } from './restore-types';

/** A member of which a job that is to be adopted has something else. */
export type Difference = readonly [member: string, wanted: unknown, found: unknown];

/**
 * In what a job is another run than the one that is asked for.
 *
 * @param members those that a request of this kind can have
 * @param accept those that may differ
 */
export function differencesOf(row: Pick<JobRules, 'key' | 'addedByService'>, members: readonly string[], request: JobProperties['Request'], details: Tree, accept: readonly string[]): Difference[] {
  const column = { ...row.key, omitted: [...row.key.omitted, ...accept] };
  const [wanted, found] = [request, details].map((tree) => JSON.parse(canonicalJson(keyMaterial({ Request: onlyOf(members, tree) }, column))) as Tree);
  return members.filter((member) => differs(found[member], wanted[member], member, row.addedByService ?? [])).map((member) => [member, wanted[member], found[member]]);
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
