import { Duration, Size, SizeRoundingBehavior, Token, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Checks of what a user wrote. One helper per rule, and the helper writes the message, so that the text can't
 * drift from the rule. Tokens pass: their value is known at deployment, where the handler checks it again.
 */

/** Ends the synthesis with `<path>: <prop> must <rule>, got <value>`. */
export function refuse(scope: IConstruct, prop: string, rule: string, value: unknown): never {
  throw new Error(`${scope.node.path}: ${prop} must ${rule}, got ${shown(value)}`);
}

/** The same for a value that is known only at deployment, in the hands of an object that does not say so itself. */
export function refuseToken(scope: IConstruct, prop: string, rule: string): never {
  throw new Error(`${scope.node.path}: ${prop} must ${rule}, got a value known at deployment`);
}

export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value);
}

export function inRange(scope: IConstruct, prop: string, value: number | undefined, min: number, max: number, unit = ''): void {
  if (value === undefined || isToken(value) || (Number.isInteger(value) && value >= min && value <= max)) { return; }
  const words = unit === '' ? '' : ` ${unit}`;
  refuse(scope, prop, `be a whole number between ${min} and ${max}${words}`, value);
}

export function durationInRange(scope: IConstruct, prop: string, value: Duration | undefined, min: Duration, max: Duration): void {
  if (value === undefined) { return; }
  if (typeof value?.toSeconds !== 'function') { refuse(scope, prop, 'be a Duration', value); }
  if (value.isUnresolved()) { return; }
  const seconds = wholeSeconds(scope, prop, value);
  if (seconds >= min.toSeconds() && seconds <= max.toSeconds()) { return; }
  refuse(scope, prop, `be between ${min.toHumanString()} and ${max.toHumanString()}`, value.toHumanString());
}

/** Seconds of a duration; parts of a second are refused, for the service knows none. */
export function wholeSeconds(scope: IConstruct, prop: string, value: Duration): number {
  if (value.isUnresolved()) { return inUnit(scope, prop, 'Duration.seconds', () => value.toSeconds()); }
  if (Number.isInteger(value.toSeconds({ integral: false }))) { return value.toSeconds(); }
  return refuse(scope, prop, 'be a whole number of seconds', value.toHumanString());
}

/** Milliseconds of a duration; parts of one are refused, for the service knows none. */
export function wholeMilliseconds(scope: IConstruct, prop: string, value: Duration): number {
  if (value.isUnresolved()) { return inUnit(scope, prop, 'Duration.millis', () => value.toMilliseconds()); }
  const count = value.toMilliseconds({ integral: false });
  return Number.isInteger(count) ? count : refuse(scope, prop, 'be a whole number of milliseconds', `${count} milliseconds`);
}

/** Minutes of a duration; parts of one are refused, for the service knows none. */
export function wholeMinutes(scope: IConstruct, prop: string, value: Duration): number {
  if (value.isUnresolved()) { return inUnit(scope, prop, 'Duration.minutes', () => value.toMinutes()); }
  return Number.isInteger(value.toMinutes({ integral: false })) ? value.toMinutes() : refuse(scope, prop, 'be a whole number of minutes', value.toHumanString());
}

/** What is not known yet can't be converted: it must be in the unit that the service counts in. */
function inUnit(scope: IConstruct, prop: string, maker: string, count: () => number): number {
  try { return count(); } catch { return refuseToken(scope, prop, `be made by ${maker} where its value is known only at deployment`); }
}

/** GiB of a size; parts of a GiB are refused, for the service knows none. */
export function wholeGibibytes(scope: IConstruct, prop: string, value: Size): number {
  if (value.isUnresolved()) { return inUnit(scope, prop, 'Size.gibibytes', () => value.toGibibytes()); }
  if (Number.isInteger(value.toGibibytes({ rounding: SizeRoundingBehavior.NONE }))) { return value.toGibibytes(); }
  return refuse(scope, prop, 'be a whole number of GiB', `${value.toGibibytes({ rounding: SizeRoundingBehavior.NONE })} GiB`);
}

/** MiB of a size; parts of a MiB are refused, for the service knows none. */
export function wholeMebibytes(scope: IConstruct, prop: string, value: Size): number {
  if (value.isUnresolved()) { return inUnit(scope, prop, 'Size.mebibytes', () => value.toMebibytes()); }
  const count = value.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  return Number.isInteger(count) ? count : refuse(scope, prop, 'be a whole number of MiB', `${count} MiB`);
}

/** Length in characters, as the service counts it. A text with a token in it passes. */
export function lengthInRange(scope: IConstruct, prop: string, value: string | undefined, min: number, max: number): void {
  if (value === undefined || isToken(value)) { return; }
  if (typeof value !== 'string') { refuse(scope, prop, 'be text', value); }
  if (value.length >= min && value.length <= max) { return; }
  refuse(scope, prop, min === 0 ? `have at most ${max} characters` : `have ${min} to ${max} characters`, `${value.length} characters`);
}

/** What tells one run from another by the user's own word. */
export function revisionText(scope: IConstruct, prop: string, value: string | undefined): void {
  if (value !== undefined && typeof value !== 'string') { refuse(scope, prop, 'be text', value); }
  lengthInRange(scope, prop, value, 1, 256);
}

export function matches(scope: IConstruct, prop: string, value: string | undefined, pattern: RegExp, words: string): void {
  if (value === undefined || isToken(value) || (typeof value === 'string' && pattern.test(value) && !isWild(value))) { return; }
  refuse(scope, prop, `be ${words}`, value);
}

/** An ARN goes into policies, where these signs stand for others: no name of SageMaker has them. */
const isWild = (value: string): boolean => value.startsWith('arn:') && /[*?$]/.test(value);

/** What SageMaker lets its resources and their parts be called. */
export function serviceName(scope: IConstruct, prop: string, value: string | undefined, before = 'of', longest = 63): void {
  matches(scope, prop, value, new RegExp(`^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,${longest - 1}}$`), `${before} 1 to ${longest} letters, digits and dashes`);
}

/** `arn:<partition>:sagemaker:<region>:<account>:hub-content/<hub>/<type>/<name>[/<version>]`; the account of public hubs is `aws`. */
export function hubContentArn(scope: IConstruct, prop: string, value: string | undefined, what = 'the content'): void {
  matches(scope, prop, value, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:hub-content\/[^/]+\/[^/]+\/.+$/, `the ARN of ${what} of a hub`);
}

export function oneOf(scope: IConstruct, prop: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || isToken(value) || allowed.includes(value)) { return; }
  refuse(scope, prop, `be one of ${allowed.join(', ')}`, value);
}

/** How many entries a list or map has. A list that is a token passes. */
export function countInRange(scope: IConstruct, prop: string, value: readonly unknown[] | object | undefined, min: number, max: number): void {
  if (value === undefined || isToken(value)) { return; }
  if (typeof value !== 'object' || value === null) { refuse(scope, prop, 'be a list or a map', value); }
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  if (count >= min && count <= max) { return; }
  refuse(scope, prop, min === max ? `have ${min} entries` : `have ${min} to ${max} entries`, count);
}

export function unique(scope: IConstruct, prop: string, values: readonly string[]): void {
  const twice = values.find((value, index) => !isToken(value) && values.indexOf(value) !== index);
  if (twice !== undefined) { refuse(scope, prop, 'be unique', `${shown(twice)} twice`); }
}

/** Maps by name, no list of them: programs in JavaScript are checked by no compiler. */
export function mapsByName(scope: IConstruct, prop: string, value: object | undefined): void {
  if (value === undefined || isToken(value)) { return; }
  if (!isMap(value)) { refuse(scope, prop, 'be a map by name', value); }
  for (const [name, entry] of Object.entries(value)) { textsByName(scope, `${prop}.${name}`, (entry ?? null) as object); }
}

/** A map by name, no list. */
export function textsByName(scope: IConstruct, prop: string, value: object | undefined): void {
  if (value !== undefined && !isToken(value) && !isMap(value)) { refuse(scope, prop, 'be a map by name', value); }
}

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value in a message: short, and a token as what it is. */
function shown(value: unknown): string {
  if (isToken(value)) { return 'a value known at deployment'; }
  const text = typeof value === 'string' ? value : inText(value);
  const plain = Tokenization.reverseString(text).length === 0 ? text : text.replace(/\$\{Token\[[^\]]*\]\}/g, '<token>');
  return plain.length > 200 ? `${plain.slice(0, 200)}...` : plain;
}

/** Objects of a class are named by it: a construct has no text, and its whole tree hangs on it. */
function inText(value: unknown): string {
  if (typeof value === 'function') { return 'a function'; }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return typeof value === 'bigint' ? String(value) : inJson(value) ?? String(value); }
  return isPlain(value) ? inJson(value) as string : oneOfClass(value);
}

/** What contains itself has no text either. */
function inJson(value: unknown): string | undefined {
  try { return JSON.stringify(value, classByName); } catch { return 'something that has no text'; }
}

const classByName = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlain(value) ? oneOfClass(value) : value);

/** A class of ours that nobody else sees has a name of two letters in the package: the class that it extends says more. */
function oneOfClass(value: object): string {
  const names: string[] = [];
  for (let place: unknown = Object.getPrototypeOf(value); place !== null && place !== Object.prototype; place = Object.getPrototypeOf(place)) {
    names.push((place as { constructor?: { name?: string } }).constructor?.name ?? '');
  }
  const name = names.find((each) => each.length > 3) ?? (names.find((each) => each !== '') || 'thing');
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
