import { pathOf, valueAt } from './json-path';
import type { Data } from './intrinsic-functions';
import { runtimeError } from './state-error';

export interface Rule { readonly [operator: string]: unknown }

type Comparison = (value: unknown, wanted: unknown) => boolean;

/** As Step Functions' timestamps are: RFC 3339 with a capital T, and Z or an offset. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const timeOf = (value: unknown) => (typeof value === 'string' && TIMESTAMP.test(value) ? Date.parse(value) : NaN);

const ORDERS: { readonly [order: string]: (a: number | string, b: number | string) => boolean } = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
};

const TYPES: { readonly [test: string]: (value: unknown) => boolean } = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsBoolean: (value) => typeof value === 'boolean',
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsTimestamp: (value) => !Number.isNaN(timeOf(value)),
};

/** Every operator that compares the Variable with a value of the rule. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ...Object.entries(ORDERS).flatMap(([order, holdsFor]): [string, Comparison][] => [
    [`String${order}`, (a, b) => typeof a === 'string' && typeof b === 'string' && holdsFor(a, b)],
    [`Numeric${order}`, (a, b) => typeof a === 'number' && typeof b === 'number' && holdsFor(a, b)],
    [`Timestamp${order}`, (a, b) => holdsFor(timeOf(a), timeOf(b))],
  ]),
  ['BooleanEquals', (a, b) => typeof a === 'boolean' && a === b],
  ['StringMatches', (a, b) => typeof a === 'string' && typeof b === 'string' && matcherOf(b).test(a)],
  ...Object.entries(TYPES).map(([test, is]): [string, Comparison] => [test, (value, wanted) => is(value) === wanted]),
]);

/** `*` stands for anything; `\*` for itself. */
function matcherOf(pattern: string): RegExp {
  const parts = pattern.match(/\\[^]|[^]/g) ?? [];
  return new RegExp(`^${parts.map((part) => (part === '*' ? '.*' : part.at(-1)?.replace(/[\\^$.|?*+()[\]{}]/, '\\$&'))).join('')}$`, 's');
}

/** Operators whose value is a path: all but the tests of types. */
const isPathOf = (operator: string) => operator.endsWith('Path') && operator !== 'StringMatchesPath' && !operator.startsWith('Is') && COMPARISONS.has(operator.slice(0, -4));
const OTHERS = new Set(['Variable', 'Next', 'Comment']);

const nestedIn = ({ And: and, Or: or, Not: not }: Rule) => [and, or, not].flat().filter((rule) => rule !== undefined) as Rule[];

/** @throws Error with what of a rule is not known */
export function requireRule(rule: Rule): void {
  const nested = nestedIn(rule);
  nested.forEach(requireRule);
  const operators = Object.keys(rule).filter((key) => !OTHERS.has(key) && !['And', 'Or', 'Not'].includes(key));
  const unknown = operators.filter((operator) => !COMPARISONS.has(operator) && !isPathOf(operator));
  if (unknown.length > 0) { throw new Error(unknown.join(', ')); }
  if (nested.length > 0) { return; }
  if (operators.length !== 1) { throw new Error(`a rule with ${operators.length === 0 ? 'no operator' : operators.join(' and ')}`); }
  pathOf(String(rule.Variable));
  for (const operator of operators) { if (isPathOf(operator)) { pathOf(String(rule[operator])); } }
}

/** Whether a rule of a Choice state holds. @throws StateError where it asks for what is not there */
export function holds(rule: Rule, data: Data): boolean {
  if (rule.And !== undefined) { return (rule.And as Rule[]).every((nested) => holds(nested, data)); }
  if (rule.Or !== undefined) { return (rule.Or as Rule[]).some((nested) => holds(nested, data)); }
  if (rule.Not !== undefined) { return !holds(rule.Not as Rule, data); }
  const at = (path: unknown) => valueAt(data.input, String(path), data.context);
  const needed = (path: unknown) => {
    const value = at(path);
    if (value === undefined) { throw runtimeError(`Invalid path '${String(path)}': The choice state's condition path references an invalid value.`); }
    return value;
  };
  const [operator = '', wanted] = Object.entries(rule).find(([key]) => !OTHERS.has(key)) ?? [];
  if (operator === 'IsPresent') { return (at(rule.Variable) !== undefined) === wanted; }
  const value = needed(rule.Variable);
  return isPathOf(operator)
    ? (COMPARISONS.get(operator.slice(0, -4)) as Comparison)(value, needed(wanted))
    : (COMPARISONS.get(operator) as Comparison)(value, wanted);
}
