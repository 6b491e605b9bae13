/** A structure of a request. */
export type Tree = { readonly [member: string]: any };

export const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those members, and no others: what a construct has no words for is not made by it. */
export function only(value: Tree, ...members: readonly string[]): Tree {
  return Object.fromEntries(members.map((member) => [member, value[member]]));
}

/** Whether it says nothing: a map or a list without an entry is none. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) { return true; }
  if (Array.isArray(value)) { return value.length === 0; }
  return isTree(value) && Object.values(value).every(isEmpty);
}

/** Lists whose order means nothing, by what their entries are known by. */
const KEYED: { readonly [member: string]: string } = { InputDataConfig: 'ChannelName', ParameterRanges: 'Name', ProductionVariants: 'VariantName', MetricDefinitions: 'Name' };

/** Whether two values ask for the same. CloudFormation makes texts of numbers, and the handler numbers of texts. */
export function isSame(one: unknown, other: unknown, member = ''): boolean {
  if (isEmpty(one) || isEmpty(other)) { return isEmpty(one) && isEmpty(other); }
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) { return false; }
    const key = KEYED[member];
    const [mine, theirs] = [one, other].map((entries) => (key === undefined ? entries : inOrder(entries, key)));
    return mine!.every((entry, index) => isSame(entry, theirs![index]));
  }
  if (isTree(one) || isTree(other)) {
    return isTree(one) && isTree(other) && [...new Set([...Object.keys(one), ...Object.keys(other)])].every((each) => isSame(one[each], other[each], each));
  }
  return String(one) === String(other);
}

const inOrder = (entries: readonly unknown[], key: string) => [...entries].sort((a, b) => (String((a as Tree)?.[key]) < String((b as Tree)?.[key]) ? -1 : 1));

/** What of a request the props don't ask for, or ask for otherwise. */
export interface Difference {
  readonly path: string;
  readonly wanted: unknown;
  readonly made: unknown;
}

/**
 * What has to be laid over what the props make, for the request to come out: structures member by member, lists as a whole, `null` for what is not
 * wanted. What may not be laid over it is a difference that stays.
 *
 * @param fixed members that an override can't say
 */
export function overridesFor(wanted: Tree, made: Tree, fixed: readonly string[], path = ''): { readonly overrides?: { [member: string]: any }; readonly different: readonly Difference[] } {
  const overrides: { [member: string]: any } = {};
  const different: Difference[] = [];
  for (const member of new Set([...Object.keys(wanted), ...Object.keys(made)])) {
    const place = path === '' ? member : `${path}.${member}`;
    const [here, there] = [wanted[member], made[member]];
    if (isSame(here, there, member)) { continue; }
    if (fixed.includes(place)) { different.push({ path: place, wanted: here, made: there }); continue; }
    if (isEmpty(here)) {
      if (fixed.some((each) => each.startsWith(`${place}.`))) { different.push({ path: place, wanted: here, made: there }); } else { overrides[member] = null; }
    } else if (isTree(here) && !isEmpty(here)) {
      const within = overridesFor(here, isTree(there) ? there : {}, fixed, place);
      different.push(...within.different);
      if (within.overrides) { overrides[member] = within.overrides; }
    } else {
      overrides[member] = here;
    }
  }
  return { overrides: Object.keys(overrides).length > 0 ? overrides : undefined, different };
}

/** Without what is empty. */
export function pruned<T>(value: T): T {
  if (Array.isArray(value)) { return value.map(pruned) as T; }
  if (!isTree(value)) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => !isEmpty(entry)).map(([member, entry]) => [member, pruned(entry)])) as T;
}
