import { call, literal } from './code';
import type { Program } from './program';
import { isEmpty, isSame, isTree } from './tree';

/** What no prop of a native resource says, or says otherwise, is said of the resource itself. */
export function propertyOverrides(program: Program, constant: string, className: string, wanted: unknown, made: unknown): void {
  for (const [path, value] of differences(wanted, made, '')) {
    const resource = `(${constant}.node.defaultChild as ${className})`;
    program.note(`${path}: no prop says it so; it is said of the resource`);
    program.statement(value === undefined ? call(`${resource}.addPropertyDeletionOverride`, literal(path)) : call(`${resource}.addPropertyOverride`, literal(path), literal(value)));
    program.uses(className);
  }
}

function differences(wanted: unknown, made: unknown, path: string): (readonly [path: string, value: unknown])[] {
  if (isSame(wanted, made)) { return []; }
  const within = (member: string) => (path === '' ? member : `${path}.${member.replace(/\./g, '\\.')}`);
  if (isTree(wanted) && isTree(made)) { return [...new Set([...Object.keys(wanted), ...Object.keys(made)])].flatMap((member) => differences(wanted[member], made[member], within(member))); }
  if (Array.isArray(wanted) && Array.isArray(made) && wanted.length === made.length && wanted.every(isTree)) { return wanted.flatMap((entry, index) => differences(entry, made[index], within(String(index)))); }
  return [[path, isEmpty(wanted) ? undefined : wanted]];
}
