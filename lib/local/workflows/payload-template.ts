import { expressionOf, type Data } from './intrinsic-functions';

/** A payload template filled in: members whose name ends in `.$` are paths or functions. @throws StateError */
export function filledIn(template: unknown, data: Data): unknown {
  if (Array.isArray(template)) { return template.map((element) => filledIn(element, data)); }
  if (typeof template !== 'object' || template === null) { return template; }
  return Object.fromEntries(Object.entries(template).map(([name, member]) => (name.endsWith('.$') ? [name.slice(0, -2), expressionOf(String(member))(data)] : [name, filledIn(member, data)])));
}

/** @throws Error for a member that no path or function is */
export function requireTemplate(template: unknown): void {
  if (typeof template !== 'object' || template === null) { return; }
  for (const [name, member] of Object.entries(template)) {
    if (!name.endsWith('.$')) { requireTemplate(member); } else if (typeof member === 'string') { expressionOf(member); } else { throw new Error(`the value of ${name} must be a path`); }
  }
}
