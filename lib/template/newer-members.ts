import { Token, type CfnResource } from 'aws-cdk-lib/core';

/**
 * Writes what is newer than the lowest aws-cdk-lib we promise: its resources leave out, without a word, every member that they don't know.
 *
 * @param resource the resource, made of `props`
 * @param props its props by the names of the newest version
 * @param paths of members whose names are CloudFormation's but for the first letter; each entry of a list on the way has one
 */
export function keepNewerMembers(resource: CfnResource, props: object, paths: readonly string[]): void {
  for (const path of paths) {
    for (const [place, value] of valuesAt(props, path.split('.'))) { resource.addPropertyOverride(place, inItsWords(value)); }
  }
}

function valuesAt(value: unknown, path: readonly string[], before: readonly string[] = []): [place: string, value: unknown][] {
  if (value === undefined) { return []; }
  if (path.length === 0) { return [[before.join('.'), value]]; }
  if (Array.isArray(value)) { return value.flatMap((entry, index) => valuesAt(entry, path, [...before, String(index)])); }
  const [member, ...rest] = path;
  return valuesAt((value as { [name: string]: unknown })[member], rest, [...before, capital(member)]);
}

/** The same with CloudFormation's names. Names of variables are the user's own. */
function inItsWords(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(inItsWords); }
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) { return value; }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [capital(name), name === 'environment' ? member : inItsWords(member)]));
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
