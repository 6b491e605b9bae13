import { createHash } from 'node:crypto';
import type { JobProperties } from './contract';
import { BadProperties } from './errors';

/** What of a request determines the result of a job of one kind. A column of the kinds table; paths are dotted, `*` is any element. */
export interface KeyColumn {
  /** Members that do not: who runs it, who pays, how patiently. */
  readonly omitted: readonly string[];
  /** Members that say what the service assumes anyway: path -> value, or the spellings of it. */
  readonly defaults: { readonly [path: string]: string | readonly string[] };
  /** Members that may repeat what another one says for all: path -> the path of that one. */
  readonly inherited: { readonly [path: string]: string };
  /** Lists whose order means nothing. */
  readonly sets: readonly string[];
  /** Lists whose elements are known by one of their members: path -> that member. */
  readonly keyed: { readonly [path: string]: string };
  /** Container images: what they hold counts, not the registry they are pulled from. */
  readonly images: readonly string[];
}

/** A column that says nothing. */
export const EMPTY_COLUMN: KeyColumn = { omitted: [], defaults: {}, inherited: {}, sets: [], keyed: {}, images: [] };

/** The same column for a request that is a member of another one. */
export function columnWithin(member: string, column: KeyColumn): KeyColumn {
  const path = (text: string) => join(member, text);
  const paths = <T>(map: { readonly [path: string]: T }, value: (entry: T) => T = (entry) => entry) => Object.fromEntries(Object.entries(map).map(([text, entry]) => [path(text), value(entry)]));
  return {
    omitted: column.omitted.map(path), defaults: paths(column.defaults), inherited: paths(column.inherited, path),
    sets: column.sets.map(path), keyed: paths(column.keyed), images: column.images.map(path),
  };
}

/** What two columns say. */
export function bothColumns(one: KeyColumn, other: KeyColumn): KeyColumn {
  return {
    omitted: [...one.omitted, ...other.omitted], defaults: { ...one.defaults, ...other.defaults }, inherited: { ...one.inherited, ...other.inherited },
    sets: [...one.sets, ...other.sets], keyed: { ...one.keyed, ...other.keyed }, images: [...one.images, ...other.images],
  };
}

/** Where a run belongs: the same request elsewhere is another run. */
export interface RunPlace {
  readonly stackId: string;
  readonly logicalId: string;
}

type Tree = { [member: string]: unknown };
/** A structure or a list on the way to a member. */
interface Place { readonly pattern: string; readonly value: unknown }
type KeyFunction = (properties: JobProperties, place: RunPlace, column: KeyColumn) => string;

/**
 * The rules by version. A version's rules never change, because a changed key is a job trained again;
 * a better rule is a new version beside the old ones.
 */
const KEY_VERSIONS: { readonly [version: string]: KeyFunction } = { 1: runKeyV1 };

/** 10 hex digits that are the same exactly when the run is the same. */
export function runKey(properties: JobProperties, place: RunPlace, column: KeyColumn): string {
  const compute = Object.hasOwn(KEY_VERSIONS, properties.KeyVersion) && KEY_VERSIONS[properties.KeyVersion];
  if (!compute) { throw new BadProperties(`KeyVersion: must be one of ${Object.keys(KEY_VERSIONS).join(', ')}, got ${properties.KeyVersion}`); }
  return compute(properties, place, column);
}

function runKeyV1(properties: JobProperties, place: RunPlace, column: KeyColumn): string {
  const material = { Stack: place.stackId, LogicalId: place.logicalId, ...runMaterial(properties, column) };
  return createHash('sha256').update(canonicalJson(material)).digest('hex').slice(0, 10);
}

/** All that tells a run from another one of the same resource. */
export function runMaterial(properties: JobProperties, column: KeyColumn): Tree {
  return {
    Revision: properties.Revision,
    ...(properties.RetrainOn === 'Revision' ? {} : { Request: keyMaterial(properties, column), ChannelRevisions: properties.ChannelRevisions }),
  };
}

/** The request as the key sees it: without what does not count, content in the place of addresses. */
export function keyMaterial(properties: Pick<JobProperties, 'Request' | 'Content'>, column: KeyColumn): Tree {
  const content = properties.Content ?? {};
  const visit = (value: unknown, path: string, pattern: string, above: readonly Place[]): unknown => {
    if (column.omitted.includes(pattern)) { return undefined; }
    if (Object.hasOwn(content, path)) { return { Content: visit(content[path], `${path}.Content`, `${pattern}.Content`, above) }; }
    const within = [...above, { pattern, value }];
    if (Array.isArray(value)) { return visitList(value, path, pattern, within); }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([member, entry]) => [member, visit(entry, join(path, member), join(pattern, member), within)]));
    }
    if (value === undefined || value === null || [column.defaults[pattern] ?? []].flat().includes(String(value))) { return undefined; }
    if (Object.hasOwn(column.inherited, pattern) && String(inheritedFrom(above, column.inherited[pattern])) === String(value)) { return undefined; }
    return column.images.includes(pattern) ? imageIdentity(String(value)) : String(value);
  };
  const visitList = (list: unknown[], path: string, pattern: string, within: readonly Place[]): unknown => {
    const key = column.keyed[pattern];
    const names = list.map((entry, index) => String((key && (entry as Tree | undefined)?.[key]) ?? index));
    const visited = list.map((entry, index) => visit(entry, join(path, names[index]), join(pattern, '*'), within));
    if (key) { return visited.map((entry, index) => ({ name: names[index], entry })).sort(by((e) => e.name)).map((e) => e.entry); }
    return column.sets.includes(pattern) ? visited.sort(by((entry) => canonicalJson(entry))) : visited;
  };
  return visit(properties.Request, '', '', []) as Tree;
}

/** Members in order of name, nothing that is empty, every scalar as the string CloudFormation makes of it. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(withoutEmpty(value)) ?? 'null';
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map((entry) => withoutEmpty(entry) ?? null);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([member, entry]) => [member, withoutEmpty(entry)] as const).filter(([, entry]) => entry !== undefined);
    return entries.length === 0 ? undefined : Object.fromEntries(entries.sort(by(([member]) => member)));
  }
  return value === undefined || value === null ? undefined : String(value);
}

/** A digest alone where there is one, else repository and tag: the same image in another account is the same image. */
function imageIdentity(uri: string): string {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(uri)?.[1];
  return digest ?? uri.replace(/^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+\//, '');
}

/** What a member repeats, in the nearest structure around it that has the other one: that of its own definition where there are several. */
function inheritedFrom(above: readonly Place[], pattern: string): unknown {
  const nearest = [...above].reverse().find((place) => place.pattern === '' || pattern.startsWith(`${place.pattern}.`));
  return nearest && memberAt(nearest.value, nearest.pattern === '' ? pattern : pattern.slice(nearest.pattern.length + 1));
}

const memberAt = (tree: unknown, path: string): unknown => path.split('.').reduce<unknown>((place, member) => (place as Tree | undefined)?.[member], tree);
const join = (path: string, member: string) => (path === '' ? member : `${path}.${member}`);

/** By code unit: `localeCompare` differs between machines. */
function by<T>(text: (entry: T) => string): (a: T, b: T) => number {
  return (a, b) => { const [x, y] = [text(a), text(b)]; return x < y ? -1 : x > y ? 1 : 0; };
}
