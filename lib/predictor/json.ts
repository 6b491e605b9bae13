import { cannotRead, cannotWrite } from './errors';
import { isNumberArray } from './sequence';

/** JSON, with arrays of numbers as lists. What JSON has no word for is refused: `JSON.stringify` would make `null` of it. */
export function writeJson(data: unknown): string {
  const text = JSON.stringify(data, (member, value: unknown) => {
    const at = member === '' ? '' : ` (at ${member})`;
    if (typeof value === 'number' && !Number.isFinite(value)) { throw cannotWrite(`JSON has no ${value}${at}`); }
    if (typeof value === 'bigint') { return safeNumber(value, at); }
    if (isNumberArray(value)) { return Array.from(value as ArrayLike<number | bigint>); }
    return isNumpyLike(value) ? value.toNested() : value;
  }) as string | undefined;
  if (text === undefined) { throw cannotWrite(`JSON is written of values, got ${typeof data}`); }
  return text;
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
    throw cannotRead(`${what} is not JSON (${(error as Error).message}): ${excerpt(text)}`);
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
