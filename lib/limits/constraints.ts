/** What a service takes for one member. Every text of an error is made of these, so that it can't drift from the rule. */
export interface Constraint {
  /** Characters of a text. */
  readonly length?: readonly [number, number];
  /** Entries of a list or a map. */
  readonly count?: readonly [number, number];
  /** A whole number. */
  readonly range?: readonly [number, number];
  /** What is counted, for the text. */
  readonly unit?: string;
  /** A time in whole seconds. */
  readonly seconds?: readonly [number, number];
  /** The whole of a text, and how that reads after `must be`. */
  readonly pattern?: RegExp;
  readonly words?: string;
  readonly oneOf?: readonly (string | number)[];
  /** Members that a structure must have. */
  readonly required?: readonly string[];
}

/** By the path of a member: `A.B`, elements of a list `A[]`, names and values of a map `A{name}` and `A{}`. */
export type Limits = { readonly [path: string]: Constraint };

/** Where in a request: members and names, and places in lists. */
export type Path = readonly (string | number)[];

/** What is wrong: `<path> must <rule>, got <value>`. */
export interface Violation {
  readonly path: Path;
  readonly rule: string;
  readonly value: unknown;
  /** The name of an entry of a map is wrong, not its value. */
  readonly isName?: boolean;
}

/** Whether a value is not known yet, and passes. */
export type IsUnknown = (value: unknown) => boolean;

type Tree = { readonly [member: string]: unknown };

/** Everything in a request that is beyond its limits, member by member. Members without a limit of their own pass. */
export function beyondLimits(limits: Limits, request: unknown, isUnknown: IsUnknown = () => false): Violation[] {
  const found: Violation[] = [];
  visit(request, [], '');
  return found;

  function visit(value: unknown, path: Path, pattern: string): void {
    if (value === undefined || value === null || isUnknown(value)) { return; }
    const limit = limits[pattern];
    if (limit) { found.push(...violations(limit, value, path)); }
    if (Array.isArray(value)) { return value.forEach((entry, index) => visit(entry, [...path, index], `${pattern}[]`)); }
    if (typeof value === 'object') { visitMembers(value as Tree, path, pattern); }
  }

  function visitMembers(value: Tree, path: Path, pattern: string): void {
    const names = limits[`${pattern}{name}`];
    for (const [member, entry] of Object.entries(value)) {
      if (!names) { visit(entry, [...path, member], pattern === '' ? member : `${pattern}.${member}`); continue; }
      if (!isUnknown(member)) { found.push(...violations(names, member, [...path, member]).map((violation) => ({ ...violation, isName: true }))); }
      visit(entry, [...path, member], `${pattern}{}`);
    }
  }
}

function violations(limit: Constraint, value: unknown, path: Path): Violation[] {
  const wrong = (rule: string, shown: unknown = value): Violation[] => [{ path, rule, value: shown }];
  if (limit.required) {
    const missing = limit.required.filter((member) => (value as Tree)[member] === undefined || (value as Tree)[member] === null);
    return missing.map((member) => ({ path: [...path, member], rule: 'be given', value: undefined }));
  }
  if (limit.count) {
    const [min, max] = limit.count;
    const count = Object.keys(value as object).length;
    return count >= min && count <= max ? [] : wrong(`have ${min} to ${max} entries`, count);
  }
  if (limit.seconds) { return isWhole(value, limit.seconds) ? [] : wrong(`be between ${time(limit.seconds[0])} and ${time(limit.seconds[1])}`, typeof value === 'number' ? time(value) : value); }
  if (limit.range) {
    const [min, max] = limit.range;
    return isWhole(value, limit.range) ? [] : wrong(`be a whole number between ${min} and ${max}${limit.unit === undefined ? '' : ` ${limit.unit}`}`);
  }
  if (limit.oneOf) { return limit.oneOf.includes(value as string) ? [] : wrong(`be one of ${limit.oneOf.join(', ')}`); }
  return textViolation(limit, String(value), wrong);
}

function textViolation({ length, pattern, words }: Constraint, text: string, wrong: (rule: string, shown?: unknown) => Violation[]): Violation[] {
  if (length && (text.length < length[0] || text.length > length[1])) {
    return wrong(length[0] === 0 ? `have at most ${length[1]} characters` : `have ${length[0]} to ${length[1]} characters`, `${text.length} characters`);
  }
  return pattern && !pattern.test(text) ? wrong(`be ${words}`, text) : [];
}

function isWhole(value: unknown, [min, max]: readonly [number, number]): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

const UNITS: readonly [number, string][] = [[86_400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];

/** Seconds in the largest unit that divides them. */
export function time(seconds: number): string {
  const [size, unit] = UNITS.find(([length]) => seconds !== 0 && seconds % length === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A path as people write it: `InputDataConfig[0].ChannelName`. */
export function written(path: Path): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');
}
