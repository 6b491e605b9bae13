/**
 * Values as the text that Python makes of them. Hyperparameters are strings; containers parse what the Python
 * SDK writes, and the same value in other spelling would be another run, so the spelling is Python's to the letter.
 */

/** What stands for a value that is known at deployment; undefined for any other. @default - there are none */
export type Unresolved = (value: unknown) => string | undefined;
const RESOLVED: Unresolved = () => undefined;

/** `json.dumps(value)`: `", "` and `": "` between, everything beyond ASCII as \uXXXX, members as ordered. */
export function jsonSpelling(value: unknown, unresolved = RESOLVED): string {
  const json = (each: unknown) => jsonSpelling(each, unresolved);
  if (value === null || value === undefined) { return 'null'; }
  if (typeof value === 'number') { return unresolved(value) ?? pythonNumber(value, 'Infinity', 'NaN'); }
  if (typeof value === 'boolean' || typeof value === 'bigint') { return String(value); }
  if (typeof value === 'string') { return jsonString(value); }
  const token = unresolved(value);
  if (token !== undefined) { return jsonString(token); }
  if (Array.isArray(value)) { return `[${value.map(json).join(', ')}]`; }
  if (isPlain(value)) { return `{${entries(value).map(([key, entry]) => `${jsonString(key)}: ${json(entry)}`).join(', ')}}`; }
  throw new TypeError(`a ${value.constructor.name} has no JSON form`);
}

/** `str(value)`: `True`, `None`, `[1, 'a']`; text as it is. */
export function strSpelling(value: unknown, unresolved = RESOLVED): string {
  if (typeof value === 'string') { return value; }
  const token = typeof value === 'number' || Array.isArray(value) ? undefined : unresolved(value);
  return token ?? reprSpelling(value, unresolved);
}

/** `repr(value)`: what `str` shows of the elements of a list or a dict. */
function reprSpelling(value: unknown, unresolved: Unresolved): string {
  const repr = (each: unknown) => reprSpelling(each, unresolved);
  if (value === null || value === undefined) { return 'None'; }
  if (typeof value === 'number') { return unresolved(value) ?? pythonNumber(value, 'inf', 'nan'); }
  if (typeof value === 'bigint') { return String(value); }
  if (typeof value === 'boolean') { return value ? 'True' : 'False'; }
  if (typeof value === 'string') { return quoted(value); }
  const token = unresolved(value);
  if (token !== undefined) { return quoted(token); }
  if (Array.isArray(value)) { return `[${value.map(repr).join(', ')}]`; }
  if (isPlain(value)) { return `{${entries(value).map(([key, entry]) => `${quoted(key)}: ${repr(entry)}`).join(', ')}}`; }
  throw new TypeError(`a ${value.constructor.name} has no text form`);
}

/** JavaScript and Python agree on the digits and differ on when and how an exponent is written; on what is no finite number, so do JSON and `str`. */
function pythonNumber(value: number, infinity: string, notANumber: string): string {
  if (Number.isNaN(value)) { return notANumber; }
  if (!Number.isFinite(value)) { return `${value < 0 ? '-' : ''}${infinity}`; }
  if (Object.is(value, -0)) { return '-0.0'; }
  if (Number.isSafeInteger(value)) { return String(value); }
  const [mantissa, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 16) { return plainDecimal(mantissa, power); }
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function plainDecimal(mantissa: string, power: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (power < 0) { return `${sign}0.${'0'.repeat(-power - 1)}${digits}`; }
  const whole = digits.slice(0, power + 1).padEnd(power + 1, '0');
  return `${sign}${whole}.${digits.slice(power + 1) || '0'}`;
}

function jsonString(text: string): string {
  return withTokensKept(text, (part) => JSON.stringify(part).slice(1, -1).replace(/[\u007f-\uffff]/g, escaped), '"');
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escape = (part: string) => part.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')
    .replace(quote === "'" ? /'/g : /(?!)/, "\\'").replace(UNPRINTABLE, unprintable);
  return withTokensKept(text, escape, quote);
}

/** A token inside a text is a place holder that must not be escaped. */
function withTokensKept(text: string, escape: (part: string) => string, quote: string): string {
  return quote + text.split(/(\$\{Token\[[^\]]*\]\})/).map((part, index) => (index % 2 === 0 ? escape(part) : part)).join('') + quote;
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** What `str.isprintable` denies: what is no character to see, and spaces but the one of ASCII. */
const UNPRINTABLE = /(?! )[\p{C}\p{Z}]/gu;

/** In as few digits as there are for it. */
function unprintable(character: string): string {
  const code = character.codePointAt(0)!;
  const [letter, digits] = code < 0x100 ? ['x', 2] : code < 0x10000 ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).padStart(digits, '0')}`;
}

function isPlain(value: object): value is { [key: string]: unknown } {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A member that is `undefined` is one the user did not write. */
const entries = (value: { [key: string]: unknown }) => Object.entries(value).filter(([, entry]) => entry !== undefined);
