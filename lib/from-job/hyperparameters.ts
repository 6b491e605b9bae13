import { jsonSpelling, strSpelling } from '../request/python-spelling';

/** The value whose text in JSON it is, if it is one that comes out to the letter. */
export function valueOfJson(text: unknown): { readonly value: unknown } | undefined {
  if (typeof text !== 'string') { return undefined; }
  try {
    const value: unknown = JSON.parse(text);
    return jsonSpelling(value) === text && !hasProto(value) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** A member of that name would be the prototype of what a program writes. */
const hasProto = (value: unknown): boolean => typeof value === 'object' && value !== null && (Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProto));

/** The text in JSON, as a text. */
export function textOfJson(text: unknown): string | undefined {
  const value = valueOfJson(text)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The value whose text it is as Python's `str` writes it: a number, true or false, else the text itself. */
export function valueOfStr(text: string): string | number | boolean {
  if (text === 'True' || text === 'False') { return text === 'True'; }
  return /^-?\d[\d.e+-]*$/.test(text) && strSpelling(Number(text)) === text ? Number(text) : text;
}
