import RULES from './built-in-hyperparameters.json';
import { jsonSpelling, strSpelling, type Unresolved } from './python-spelling';

/**
 * Hyperparameters of Amazon's own algorithms: which there are, what each may be, and its text.
 *
 * A rule of the table reads `[!] [name] kind [what is allowed] [or auto]`. `!` is one that must be given. The name is that
 * which the algorithm knows, where it is not the prop's in snake case. `auto` may stand in the user's own map: a prop has the
 * type of its value, and is left out instead. Kinds:
 *
 * - `whole`, `number`: as written; `float`: as Python writes a float (`1.0`), which the Python SDK makes of it
 * - `flag`: `True` and `False`; `truth`: `true` and `false`; `bit`: `1` and `0`
 * - `text`
 * - `list`: JSON; `csv`: entries with commas between. What is allowed holds for each entry
 *
 * Allowed is an interval (`[1,)`: at least 1; `(0,1)`: above 0 and below 1), a choice (`a|b`), or `~pattern~in words`.
 */
export interface Rule {
  readonly name: string;
  readonly kind: string;
  readonly isRequired: boolean;
  readonly mayBeAuto: boolean;
  readonly interval?: RegExpExecArray;
  readonly choices?: string[];
  readonly pattern?: RegExp;
  readonly words?: string;
}

const RULE = /^(!? ?)(?:([a-z0-9_]+) )??(whole|float|number|flag|truth|bit|text|list|csv)(?: (whole|number))?(?: ([^ ~]+)| ~(.*)~(.*))??( or auto)?$/;
const INTERVAL = /^([[(])([^,]*),([^\])]*)([\])])$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
/** What users may write for true and false, by kind. */
const BOOLEANS: { readonly [kind: string]: readonly [isTrue: string, isFalse: string] } = { flag: ['True', 'False'], truth: ['true', 'false'], bit: ['1', '0'] };

const parsed = new Map<string, [string, Rule][]>();

/** The rules of an algorithm, by the names of its props. */
export function rulesOf(algorithm: string): [string, Rule][] {
  const known = parsed.get(algorithm) ?? Object.entries((RULES as { [algorithm: string]: { [prop: string]: string } })[algorithm]).map(([prop, text]): [string, Rule] => [prop, ruleOf(prop, text)]);
  parsed.set(algorithm, known);
  return known;
}

function ruleOf(prop: string, text: string): Rule {
  const [, mark, name, outer, inner, allowed, pattern, words, auto] = RULE.exec(text)!;
  const interval = INTERVAL.exec(allowed ?? '') ?? undefined;
  return {
    name: name ?? prop.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    kind: inner ? `${outer} ${inner}` : outer,
    isRequired: mark !== '',
    mayBeAuto: auto !== undefined,
    interval,
    choices: allowed === undefined || interval ? undefined : allowed.split('|'),
    pattern: pattern === undefined ? undefined : new RegExp(pattern),
    words,
  };
}

/** The text of a value, or nothing where it is none that the rule allows. */
export function textByRule(rule: Rule, value: unknown, unresolved: Unresolved = () => undefined): string | undefined {
  const str = (each: unknown) => strSpelling(each, unresolved);
  if (!Array.isArray(value) && unresolved(value) !== undefined) { return str(value); }
  if (rule.mayBeAuto && value === 'auto') { return 'auto'; }
  const [kind, of = 'text'] = rule.kind.split(' ') as [string, string?];
  if (kind === 'list' || kind === 'csv') {
    const entries = Array.isArray(value) ? value : listIn(value, kind);
    if (!entries || unresolved(entries) !== undefined || entries.length === 0) { return undefined; }
    if (!entries.every((entry) => unresolved(entry) !== undefined || isAllowed({ ...rule, kind: of }, entry))) { return undefined; }
    return kind === 'list' ? jsonSpelling(entries, unresolved) : entries.map(str).join(',');
  }
  if (!isAllowed(rule, value)) { return undefined; }
  const names = BOOLEANS[kind];
  if (names && typeof value === 'boolean') { return names[value ? 0 : 1]; }
  // the Python SDK makes a float of it
  return kind === 'float' && Number.isSafeInteger(value) && !Object.is(value, -0) ? `${value as number}.0` : str(value);
}

/** Texts are what a user of the Python SDK may write in the map of hyperparameters. */
function listIn(value: unknown, kind: string): unknown[] | undefined {
  if (typeof value !== 'string') { return undefined; }
  if (kind === 'csv') { return value.split(',').map((entry) => (NUMBER.test(entry.trim()) ? Number(entry) : entry.trim())); }
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isAllowed(rule: Rule, value: unknown): boolean {
  const names = BOOLEANS[rule.kind];
  if (names) { return typeof value === 'boolean' || [...names, ...names.map((name) => name.toLowerCase())].includes(String(value)); }
  if (rule.kind === 'text') {
    if (!rule.choices && !rule.pattern) { return true; }
    const text = typeof value === 'number' ? strSpelling(value) : value;
    return typeof text === 'string' && (rule.choices?.includes(text) ?? rule.pattern!.test(text));
  }
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || (rule.kind === 'whole' && !Number.isInteger(number))) { return false; }
  if (rule.choices) { return rule.choices.includes(String(number)); }
  if (!rule.interval) { return true; }
  const [, open, least, most, close] = rule.interval;
  return (least === '' || (open === '[' ? number >= Number(least) : number > Number(least)))
    && (most === '' || (close === ']' ? number <= Number(most) : number < Number(most)));
}

/** What is allowed, in words. */
export function allowedBy(rule: Rule): string {
  const [kind, of = 'text'] = rule.kind.split(' ');
  const auto = rule.mayBeAuto ? ', or auto' : '';
  if (BOOLEANS[kind]) { return `true or false${auto}`; }
  if (kind === 'list' || kind === 'csv') { return `a list of ${of === 'text' ? rule.choices!.join(', ') : `${of}s`.replace('wholes', 'whole numbers')}${inWords(rule.interval)}${auto}`; }
  if (kind === 'text') { return rule.words ? `${rule.words}` : rule.choices ? `one of ${rule.choices.join(', ')}` : 'text'; }
  const noun = kind === 'whole' ? 'a whole number' : 'a number';
  return rule.choices ? `one of ${rule.choices.join(', ')}` : `${noun}${inWords(rule.interval)}${auto}`;
}

function inWords(interval: RegExpExecArray | undefined): string {
  if (!interval) { return ''; }
  const [, open, least, most, close] = interval;
  if (open === '[' && close === ']') { return ` between ${least} and ${most}`; }
  const [from, to] = [open === '[' ? `at least ${least}` : `above ${least}`, close === ']' ? `at most ${most}` : `below ${most}`];
  return most === '' ? ` ${from}` : ` ${from} and ${to}`;
}
