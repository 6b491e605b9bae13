import { isCustom, sameValue } from '../cloudformation/resource-type';
import { referencesIn } from '../cloudformation/dependencies';
import type { Properties } from '../cloudformation/stack-record';
import type { ResourceDeclaration, Template } from '../cloudformation/template';

/** What an update would do to one resource. */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly change: 'add' | 'remove' | 'update' | 'replace';
  /** The resources whose change makes this one change too. */
  readonly because: readonly string[];
  readonly properties: readonly { readonly path: string; readonly old?: string; readonly new?: string }[];
}

type Replaces = (type: string, old: Properties, wanted: Properties) => boolean;

/** The resources that differ between two templates, and those that change along with them. */
export function templateDiff(old: Template, wanted: Template, replaces: Replaces): ResourceChange[] {
  const changes = new Map<string, ResourceChange>();
  const ids = [...new Set([...Object.keys(wanted.Resources), ...Object.keys(old.Resources)])];
  for (const id of ids) {
    const [before, after] = [old.Resources[id], wanted.Resources[id]];
    const properties = propertyDiff(before?.Properties, after?.Properties);
    const type = (after ?? before as ResourceDeclaration).Type;
    if (before === undefined || after === undefined) {
      changes.set(id, { logicalId: id, type, change: before === undefined ? 'add' : 'remove', because: [], properties: [] });
    } else if (properties.length > 0) {
      changes.set(id, { logicalId: id, type, because: [], properties, change: replaces(type, before.Properties ?? {}, after.Properties ?? {}) ? 'replace' : 'update' });
    }
  }
  propagate(changes, old, wanted, replaces);
  return ids.flatMap((id) => changes.get(id) ?? []);
}

/** A resource with another identity changes those that refer to it: a new job is a new model, and that a new configuration. */
function propagate(changes: Map<string, ResourceChange>, old: Template, wanted: Template, replaces: Replaces): void {
  for (let isChanging = true; isChanging;) {
    isChanging = false;
    for (const [id, { Type: type, Properties: properties = {} }] of Object.entries(wanted.Resources)) {
      const known = changes.get(id);
      if (old.Resources[id] === undefined || known?.change === 'add' || known?.change === 'replace') { continue; }
      const because = [...new Set(referencesIn(properties, () => true).filter((name) => hasNewIdentity(changes.get(name))))];
      if (because.length === 0 || because.every((name) => known?.because.includes(name))) { continue; }
      const marked = markReferences(properties, new Set(because)) as Properties;
      const change = replaces(type, old.Resources[id].Properties ?? {}, marked) ? 'replace' : 'update';
      changes.set(id, { logicalId: id, type, properties: known?.properties ?? [], because, change });
      isChanging = true;
    }
  }
}

/** A custom resource may answer with another id, or with other attributes, whenever it is updated. */
const hasNewIdentity = (change: ResourceChange | undefined) => change?.change === 'replace' || change?.change === 'update' && isCustom(change.type);

/** The same properties, in which the references to those resources have another value. */
function markReferences(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) { return value.map((element) => markReferences(element, names)); }
  if (typeof value !== 'object' || value === null) { return value; }
  const isReference = Object.keys(value).length === 1 && ['Ref', 'Fn::GetAtt', 'Fn::Sub'].includes(Object.keys(value)[0] as string);
  if (isReference && referencesIn(value, () => true).some((name) => names.has(name))) { return { changed: value }; }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, markReferences(member, names)]));
}

function propertyDiff(old: Properties | undefined, wanted: Properties | undefined): ResourceChange['properties'] {
  const [before, after] = [leaves(old ?? {}), leaves(wanted ?? {})];
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
  return paths.map((path) => ({ path, old: before.get(path), new: after.get(path) }));
}

/** Path of every scalar -> its text; list elements are called by their names where they have one. */
function leaves(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) { return found.set(path, String(value)); }
  const text = expressionText(value);
  if (text !== undefined) { return found.set(path, text); }
  if (Array.isArray(value)) {
    value.forEach((element, index) => leaves(element, `${path}[${nameOf(element) ?? index}]`, found));
    return value.length === 0 ? found.set(path, '[]') : found;
  }
  for (const [name, member] of Object.entries(value)) { leaves(member, path === '' ? name : `${path}.${name}`, found); }
  return Object.keys(value).length === 0 && path !== '' ? found.set(path, '{}') : found;
}

const nameOf = (element: unknown) => {
  const { ChannelName: channel, VariantName: variant, Name: name, Key: key, Sid: sid } = (element ?? {}) as { readonly [name: string]: unknown };
  return [channel, variant, name, key, sid].find((candidate) => typeof candidate === 'string');
};

/** A function of the template as people write it: `${Role.Arn}`. */
function expressionText(value: object): string | undefined {
  const [[name, argument] = [''], ...others] = Object.entries(value);
  if (others.length > 0) { return undefined; }
  if (name === 'Ref') { return `\${${String(argument)}}`; }
  if (name === 'Fn::GetAtt') { return `\${${[argument].flat().join('.')}}`; }
  if (name === 'Fn::Sub' && typeof argument === 'string') { return argument; }
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].map((part: unknown) => (typeof part === 'object' && part !== null ? expressionText(part) ?? JSON.stringify(part) : String(part))).join(String(argument[0]));
  }
  return name.startsWith('Fn::') ? JSON.stringify(value) : undefined;
}

/** Everything but resources that differs: outputs, parameters, conditions. Rules and metadata change nothing that is deployed. */
export const otherSectionsDiffer = (old: Template, wanted: Template) =>
  ['Outputs', 'Parameters', 'Conditions', 'Mappings'].filter((section) => !sameValue(old[section], wanted[section]));
