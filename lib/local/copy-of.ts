import { types } from 'node:util';

/** A copy of a JSON-like value, times included and `undefined` members left out, that shares nothing with it. */
export function copyOf<T>(value: T): T {
  if (types.isDate(value)) { return new Date(value.getTime()) as T; }
  if (Array.isArray(value)) { return value.map(copyOf) as T; }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [key, copyOf(member)])) as T;
}
