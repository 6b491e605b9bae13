import { StringConcat, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { written, type Path, type Violation } from '../limits/constraints';
import { S3_URI, URI } from '../limits/training-job';
import { isToken, refuse } from './checks';

type Tree = { readonly [member: string]: any };

/** Member -> prop. `#` is the place in a list, `@` the name of its element; what is below a `*` is named as it is. */
export type PropTable = { readonly [member: string]: string };

/** Ends the synthesis with what is wrong, said of the prop that the member came from. */
export function refuseViolation(scope: IConstruct, props: PropTable, request: Tree, overrides: Tree | undefined, violation: Violation): never {
  return refuseAt(scope, violation, (at) => (isOverridden(overrides, at) ? `overrides.${written(at)}` : propIn(props, at, request)));
}

/** The same, where somebody else knows the prop. */
export function refuseAt(scope: IConstruct, { path, rule, value, isName }: Violation, propAt: (path: Path) => string): never {
  const prop = propAt(isName ? path.slice(0, -1) : path);
  return refuse(scope, isName ? `${prop}: the name ${String(path.at(-1)).slice(0, 40)}` : prop, rule, value);
}

/** Two slashes in a URI whose bucket is known only at deployment: what is known of it is wrong enough. */
export function doubleSlash(value: unknown, path: Path = []): Violation | undefined {
  if (typeof value === 'object' && value !== null) {
    const entries = Array.isArray(value) ? value.map((entry, index): [number, unknown] => [index, entry]) : Object.entries(value);
    return entries.reduce<Violation | undefined>((found, [member, entry]) => found ?? doubleSlash(entry, [...path, member]), undefined);
  }
  if (typeof value !== 'string' || !isToken(value) || !/S3(Uri|OutputPath)$/.test(String(path.at(-1)))) { return undefined; }
  const known = Tokenization.reverseString(value).mapTokens({ mapToken: () => 'token' }).join(new StringConcat()) as string;
  return /^(https|s3):\/\//.test(known) && !S3_URI.test(known) ? { path, rule: `be ${URI.words}`, value: known } : undefined;
}

/** Whether a member is what an override says: overrides replace lists as a whole. */
export function isOverridden(overrides: Tree | undefined, path: Path): boolean {
  let place: unknown = overrides;
  for (const part of path) {
    if (typeof place !== 'object' || place === null) { return false; }
    if (Array.isArray(place)) { return true; }
    place = (place as Tree)[part];
  }
  return place !== undefined;
}

/** The prop that a member of the request comes from, in the words of the user's program. */
export function propIn(props: PropTable, path: Path, request: Tree): string {
  for (let length = path.length; length > 0; length--) {
    const template = props[path.slice(0, length).map((part) => (typeof part === 'number' ? '[]' : part)).join('.').replaceAll('.[]', '[]')];
    if (template === undefined) { continue; }
    const rest = template.endsWith('*') ? path.slice(length).map((name) => `.${name}`).join('') : '';
    return template.replace('*', '').replace('#', String(path.find((part) => typeof part === 'number'))).replace('@', elementName(path, request)) + rest;
  }
  return `overrides.${written(path)}`;
}

/** What the first element of a list on the path is called. */
function elementName(path: Path, request: Tree): string {
  const at = path.findIndex((part) => typeof part === 'number');
  const element = path.slice(0, at + 1).reduce<any>((place, part) => place?.[part], request) as Tree | undefined;
  const name = NAMES.map((member) => element?.[member]).find((value) => value !== undefined);
  return name === undefined || isToken(name) ? String(path[at]) : String(name);
}

const NAMES = ['Name', 'ChannelName', 'InstanceGroupName', 'RuleConfigurationName', 'CollectionName', 'UltraServerId'];
