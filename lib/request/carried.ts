import type { Path, Violation } from '../limits/constraints';

/** Half of a character of two parts: no UTF-8 has it, and CloudFormation takes no template with it. */
const HALF_A_CHARACTER = /\p{Surrogate}/u;
/** The CDK assigns it where it copies a map, and so loses it without a word. */
const LOST_NAME = '__proto__';

/** The first of what no template carries unharmed, in a request or in a map. What is made by a class looks after itself. */
export function uncarried(value: unknown, path: Path = []): Violation | undefined {
  if (typeof value === 'string') { return HALF_A_CHARACTER.test(value) ? { path, rule: 'be of whole characters: there is half of one (a lone surrogate) in it', value } : undefined; }
  if (!isPlain(value)) { return undefined; }
  for (const [member, entry] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const place = [...path, member];
    if (member === LOST_NAME || (typeof member === 'string' && HALF_A_CHARACTER.test(member))) { return { path: place, isName: true, rule: 'be another one, since no template carries this one', value: member }; }
    const found = uncarried(entry, place);
    if (found) { return found; }
  }
  return undefined;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) { return false; }
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
}
