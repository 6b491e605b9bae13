import type { JobProperties } from '../handler/contract';
import type { Tree } from '../handler/job-kind';
import { canonicalJson, runMaterial, type KeyColumn } from '../handler/run-key';
import type { Unknowns } from '../local/run-one/unknown';
import type { MemberChange } from './plan';

/** Beside the request, what the properties of a job say of its run. */
const OTHERS = ['Revision', 'RetrainOn', 'ChannelRevisions', 'NamePrefix', 'KeyVersion', 'AcceptTimeLimit', 'RemovalPolicy', 'Adopt'] as const;
/** What of them makes another run, or another name for it. */
const NAMES = ['NamePrefix', 'KeyVersion', 'RetrainOn'];

type Leaves = Map<string, string>;

/** The members in which two requests for a job differ, and which of them count: those in which the run key sees a difference. */
export function memberChanges(column: KeyColumn, old: JobProperties, wanted: JobProperties, unknowns: Unknowns): MemberChange[] {
  const [before, after] = [leavesOf(old, column), leavesOf(wanted, column)];
  const counting = differing(materialLeaves(old, column), materialLeaves(wanted, column));
  const counts = (path: string) => NAMES.includes(path) || counting.some((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`));
  return differing(before, after).sort().map((path) => ({
    path, ...text('old', path, before, unknowns), ...text('new', path, after, unknowns), counts: counts(path),
  }));
}

/** The changes of a resource that is made anew whatever changes. */
export function allChanges(old: object, wanted: object, unknowns: Unknowns): MemberChange[] {
  const keyed = { Tags: 'Key', ProcessingInputs: 'InputName', Outputs: 'OutputName', ProductionVariants: 'VariantName', ShadowProductionVariants: 'VariantName' };
  const [before, after] = [old, wanted].map((tree) => walk(tree, '', '', (pattern) => keyed[pattern.split('.').at(-1) as keyof typeof keyed]));
  return differing(before!, after!).sort().map((path) => ({ path, ...text('old', path, before!, unknowns), ...text('new', path, after!, unknowns), counts: true }));
}

/** All that tells a run from others of the resource, in the form in which two of them are compared. */
export function materialOf(properties: JobProperties, column: KeyColumn): Tree {
  return JSON.parse(canonicalJson({ ...runMaterial(properties, column), NamePrefix: properties.NamePrefix })) as Tree;
}

function materialLeaves(properties: JobProperties, column: KeyColumn): Leaves {
  const { Request: request = {}, NamePrefix: _prefix, ...rest } = materialOf(properties, column);
  const leaves = [...walk(request, '', '', (pattern) => column.keyed[pattern]), ...walk(rest, '', '', () => undefined)];
  return new Map(leaves.map(([path, value]) => [path.replace(/\.Content(?=\.|$)/, ''), value]));
}

/** Content stands for its address, as in the key; where only the address is another one, that is what differs. */
function leavesOf(properties: JobProperties, column: KeyColumn): Leaves {
  const leaves = walk(properties.Request, '', '', (pattern) => (pattern === 'Tags' ? 'Key' : column.keyed[pattern]), new Set(column.sets));
  for (const [path, content] of Object.entries(properties.Content ?? {})) {
    for (const each of [...leaves.keys()].filter((other) => other === path || other.startsWith(`${path}.`))) { leaves.delete(each); }
    if (typeof content === 'object' && content !== null) {
      for (const [below, value] of walk(content, path, path, () => undefined)) { leaves.set(below, value); }
    } else {
      leaves.set(path, `content ${String(content).slice(0, 12)}`);
    }
  }
  for (const name of OTHERS) {
    for (const [path, value] of walk(properties[name], name, name, () => undefined)) { leaves.set(path, value); }
  }
  return leaves;
}

/** Path of every scalar -> its text. Elements of a list are called by the member they are known by; a list of scalars is one text. */
function walk(value: unknown, path: string, pattern: string, keyOf: (pattern: string) => string | undefined, sets: ReadonlySet<string> = new Set(), found: Leaves = new Map()): Leaves {
  if (value === undefined || value === null) { return found; }
  if (typeof value !== 'object') { return found.set(path, String(value)); }
  const join = (at: string, member: string) => (at === '' ? member : `${at}.${member}`);
  if (Array.isArray(value)) {
    if (value.every((element) => typeof element !== 'object')) {
      const texts = value.map(String);
      return value.length === 0 ? found : found.set(path, (sets.has(pattern) ? texts.sort() : texts).join(', '));
    }
    const key = keyOf(pattern);
    value.forEach((element: unknown, index) => {
      const { [key ?? '']: name, ...rest } = (typeof element === 'object' && element !== null ? element : {}) as Tree;
      const isTag = key === 'Key' && Object.keys(rest).join() === 'Value';
      walk(isTag ? rest.Value : element, join(path, String(name ?? index)), join(pattern, '*'), keyOf, sets, found);
    });
    return found;
  }
  for (const [member, entry] of Object.entries(value)) { walk(entry, join(path, member), join(pattern, member), keyOf, sets, found); }
  return found;
}

const differing = (before: Leaves, after: Leaves) => [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));

/** Values of an environment may be secrets, and plans are read by many. */
function text(side: 'old' | 'new', path: string, leaves: Leaves, unknowns: Unknowns): { readonly [side: string]: string } {
  const value = leaves.get(path);
  return value === undefined ? {} : { [side]: /(^|\.)Environment\./.test(path) ? '…' : unknowns.shown(value) };
}
