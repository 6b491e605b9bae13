import { randomUUID } from 'node:crypto';
import { cannotRead, cannotWrite, PredictorError } from './errors';
import { isNumberArray } from './sequence';

/** JSON, with arrays of numbers as lists and maps as objects. What JSON has no word for is refused: `JSON.stringify` would make `null` or `{}` of it. */
export function writeJson(data: unknown): string {
  const text = inJson(data);
  if (text === undefined) { throw cannotWrite(`JSON is written of values, got ${typeof data}`); }
  return text;
}

function inJson(data: unknown): string | undefined {
  try {
    return JSON.stringify(data, plain) as string | undefined;
  } catch (error) {
    if (error instanceof PredictorError) { throw error; }
    // The first line says why, for instance that it is a circle; the others draw the way through it.
    throw cannotWrite(`JSON can't be written of it: ${String((error as Error | undefined)?.message ?? error).split('\n')[0]}`);
  }
}

function plain(member: string, value: unknown): unknown {
  const at = member === '' ? '' : ` (at ${member})`;
  if (typeof value === 'number' && !Number.isFinite(value)) { throw cannotWrite(`JSON has no ${value}${at}`); }
  if (typeof value === 'bigint') { return safeNumber(value, at); }
  if (isNumberArray(value)) { return Array.from(value as ArrayLike<number | bigint>); }
  if (value instanceof Map) { return Object.fromEntries(Array.from(value as ReadonlyMap<unknown, unknown>, ([key, entry]) => [nameOf(key, at), entry])); }
  if (value instanceof Set) { throw cannotWrite(`JSON has no sets${at}: pass a list, [...set]`); }
  return isNumpyLike(value) ? value.toNested() : value;
}

function nameOf(key: unknown, at: string): string {
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof key)) { throw cannotWrite(`the names of JSON are texts, got a map with ${key === null ? 'null' : typeof key}${at}`); }
  return String(key);
}

/** One JSON value a line, without a newline at the end; a text is sent as it is. */
export function writeJsonLines(data: string | Iterable<unknown>): string {
  if (typeof data === 'string') { return data; }
  if (typeof (data as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function') { throw cannotWrite(`JSON lines are written of a text or a list, got ${typeof data}`); }
  return Array.from(data, writeJson).join('\n');
}

export function readJson(text: string, what = 'the answer'): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const value = PYTHON_WORD.test(text) ? readPython(text) : undefined;
    if (value !== undefined) { return value; }
    throw cannotRead(`${what} is not JSON (${(error as Error).message}): ${excerpt(text)}`);
  }
}

const PYTHON_WORD = /NaN|Infinity/;

/** Python writes NaN and Infinity where JSON has no word for them, and containers answer so. @returns undefined for what is no JSON even so */
function readPython(text: string): unknown {
  const nan = randomUUID();                                                     // no text of the answer
  const words = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"?|(?<![\w.+])(?:NaN|Infinity)\b/gs, (word) => (word === 'NaN' ? `"${nan}"` : word === 'Infinity' ? '1e999' : word));
  try {
    return JSON.parse(words, (name, value: unknown) => {
      if (name === nan) { throw new SyntaxError('a name is a text'); }
      return value === nan ? NaN : value;
    });
  } catch {
    return undefined;
  }
}

export const readJsonLines = (text: string): unknown[] => {
  const lines = text.trimEnd();
  return lines === '' ? [] : lines.split('\n').map((line, index) => readJson(line, `line ${index + 1} of the answer`));
};

const excerpt = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

function safeNumber(value: bigint, at: string): number {
  if (!Number.isSafeInteger(Number(value))) { throw cannotWrite(`${value}${at} is no number of JSON that keeps its digits: send it as a text`); }
  return Number(value);
}

const isNumpyLike = (value: unknown): value is { toNested(): unknown } => typeof (value as { toNested?: unknown } | null)?.toNested === 'function';
