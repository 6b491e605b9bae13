import { BadProperties, shown } from './errors';

/**
 * A schema of the SDK: `0..` a scalar, `64 | scalar` a list of it, `128 | scalar` a map of it, `[1, …]` a list,
 * `[2, …]` a map, `[3, …]` a structure whose last entry counts the members required, or a function that returns one.
 */
export type Schema = number | readonly unknown[] | SchemaFunction;
type SchemaFunction = () => Schema;

const LIST = 64;
const MAP = 128;
export const STRING = 0;
export const NUMBER = 1;
export const BOOLEAN = 2;

function resolve(schema: Schema): number | readonly unknown[] {
  const resolved = typeof schema === 'function' ? (schema as SchemaFunction)() : schema;
  return typeof resolved === 'function' ? resolve(resolved) : resolved as number | readonly unknown[];
}

/** The members of a structure. */
export function membersOf(schema: Schema): readonly string[] {
  return (resolve(schema) as readonly unknown[])[4] as string[];
}

type Values = { [member: string]: unknown };

/**
 * Gives CloudFormation's strings their types back, by the SDK's own schema, and refuses what the schema does not
 * know. Every message has the path of the member, what it was and what it may be.
 */
export function restoreTypes(schema: Schema, value: unknown, path = ''): unknown {
  const resolved = resolve(schema);
  if (typeof resolved === 'number') { return restoreSimple(resolved, value, path); }
  switch (resolved[0]) {
    case 0: return restoreTypes(resolved[4] as Schema, value, path);
    case 1: return restoreList(resolved[4] as Schema, value, path);
    case 2: return restoreMap(resolved[5] as Schema, value, path);
    case 3: case 4: return restoreStructure(resolved, value, path);
    default: throw new BadProperties(`${path}: of a type this version does not know`);
  }
}

/** A scalar, or a list or a map of them. */
export function restoreSimple(code: number, value: unknown, path: string): unknown {
  if (code & MAP) { return restoreMap(code ^ MAP, value, path); }
  if (code & LIST) { return restoreList(code ^ LIST, value, path); }
  if (typeof value === 'object') { throw mustBe(path, code === NUMBER ? 'a number' : code === BOOLEAN ? 'true or false' : 'a string', value); }
  switch (code) {
    case STRING: return String(value);
    case NUMBER: return restoreNumber(value, path);
    case BOOLEAN:
      if (String(value) === 'true') { return true; }
      if (String(value) === 'false') { return false; }
      throw mustBe(path, 'true or false', value);
    default: throw new BadProperties(`${path}: of a type this version does not know`);
  }
}

function restoreNumber(value: unknown, path: string): number {
  const text = String(value).trim();
  if (text === '' || !Number.isFinite(Number(text)) || !/^[-+0-9.eE]+$/.test(text)) { throw mustBe(path, 'a number', value); }
  return Number(text);
}

function restoreList(element: Schema, value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) { throw mustBe(path, 'a list', value); }
  return value.map((entry, index) => restoreTypes(element, entry, `${path}[${index}]`));
}

function restoreMap(element: Schema, value: unknown, path: string): Values {
  if (!isObject(value)) { throw mustBe(path, 'a map', value); }
  return fromEntries(Object.entries(value).map(([key, entry]) => [key, restoreTypes(element, entry, `${path}.${key}`)]));
}

function restoreStructure(schema: readonly unknown[], value: unknown, path: string): Values {
  if (!isObject(value)) { throw mustBe(path, 'a structure', value); }
  const [members, types, required] = [schema[4] as string[], schema[5] as Schema[], (schema[6] as number | undefined) ?? 0];
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null);
  for (const [member] of entries) {
    if (!members.includes(member)) { throw new BadProperties(`${join(path, member)}: no such member; ${path || schema[2]} has ${members.join(', ')}`); }
  }
  for (const member of members.slice(0, required)) {
    if (!entries.some(([name]) => name === member)) { throw new BadProperties(`${join(path, member)}: must be given`); }
  }
  return fromEntries(entries.map(([member, entry]) => [member, restoreTypes(types[members.indexOf(member)], entry, join(path, member))]));
}

/** Like `Object.fromEntries`, which defines properties and so carries a key named `__proto__` unharmed. */
const fromEntries = (entries: [string, unknown][]): Values => Object.fromEntries(entries);
export const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);
const join = (path: string, member: string) => (path === '' ? member : `${path}.${member}`);
const mustBe = (path: string, what: string, value: unknown) =>
  new BadProperties(`${path}: must be ${what}, got ${shown(path, value)}`);
