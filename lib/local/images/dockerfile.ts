import { unsupported } from '../service-error';

/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  /** In capitals: `COPY`. */
  readonly keyword: string;
  /** `--chown=app` -> `chown: app`; a flag without a value has an empty one. */
  readonly flags: { readonly [name: string]: string };
  /** What follows the flags, variables not yet filled in. */
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
}

export type Variables = { readonly [name: string]: string };

/** @throws ServiceError for a way of writing that is not followed here */
export function instructionsOf(dockerfile: string): Instruction[] {
  const instructions: Instruction[] = [];
  const lines = dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/);
  const escape = lines.map((line) => /^#\s*escape\s*=\s*(\S)/i.exec(line)?.[1]).find((found) => found !== undefined);
  if (escape !== undefined && escape !== '\\') { throw unsupported(`Dockerfile: the directive escape=${escape}`); }
  for (let index = 0; index < lines.length; index += 1) {
    if (isEmpty(lines[index] as string)) { continue; }
    const line = index + 1;
    let text = (lines[index] as string).trim();
    while (/\\\s*$/.test(text) && index + 1 < lines.length) {
      text = text.replace(/\\\s*$/, '');
      index += 1;
      // Comments and empty lines between continued lines are no end.
      while (index < lines.length && isEmpty(lines[index] as string)) { index += 1; }
      text += (lines[index] ?? '').trim() === '' ? '' : ` ${(lines[index] as string).trim()}`;
    }
    instructions.push(instructionOf(text.replace(/\\\s*$/, ''), line));
  }
  return instructions;
}

function instructionOf(text: string, line: number): Instruction {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const keyword = word.toUpperCase();
  if ((keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD') && /<<-?\s*["']?\w/.test(rest)) { throw unsupported(`Dockerfile line ${line}: a here-document in ${keyword}`); }
  const flags: Record<string, string> = {};
  let left = rest;
  for (let flag = FLAG.exec(left); flag !== null && FLAGGED.has(keyword); flag = FLAG.exec(left)) {
    flags[flag[1] as string] = flag[2] ?? '';
    left = left.slice(flag[0].length);
  }
  return { keyword, flags, text: left.trim(), line };
}

const FLAG = /^--([a-z-]+)(?:=(\S+))?\s+/;
const FLAGGED: ReadonlySet<string> = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'HEALTHCHECK']);
const isEmpty = (line: string) => /^\s*(#.*)?$/.test(line);

/** `["a", "b"]` as a list; nothing for any other text. */
export function execForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) { return undefined; }
  try {
    const parsed = JSON.parse(text) as unknown;
    return Array.isArray(parsed) && parsed.every((each) => typeof each === 'string') ? parsed as string[] : undefined;
  } catch {
    return undefined;                                       // Docker too takes it for a shell's text then
  }
}

/** Splits a text at its blanks as Docker does: quotes hold together and go away, variables are filled in outside of single quotes. */
export function wordsOf(text: string, variables: Variables): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] as string;
    if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) { words.push(word); }
      word = undefined;
    } else if (char === quote) {
      quote = '';
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === '\\' && quote !== "'" && index + 1 < text.length && (quote === '' || '"$\\'.includes(text[index + 1] as string))) {
      index += 1;
      word = (word ?? '') + text[index];
    } else if (char === '$' && quote !== "'") {
      const [length, value] = variableAt(text.slice(index), variables);
      index += length - 1;
      word = (word ?? '') + value;
    } else {
      word = (word ?? '') + char;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** A text with its variables filled in, not split. */
export const filled = (text: string, variables: Variables) => wordsOf(text, variables).join(' ');

/** How long the reference to a variable is that a text begins with, and what it stands for. */
function variableAt(text: string, variables: Variables): readonly [number, string] {
  const plain = /^\$(\w+)/.exec(text);
  if (plain !== null) { return [plain[0].length, variables[plain[1] as string] ?? '']; }
  const braced = /^\$\{(\w+)(?::?([-+])([^}]*))?\}/.exec(text);
  if (braced === null) {
    if (text.startsWith('${')) { throw unsupported(`Dockerfile: ${/^\$\{[^}]*\}?/.exec(text)?.[0]}`); }
    return [1, '$'];
  }
  const value = variables[braced[1] as string] ?? '';
  const other = braced[3] ?? '';
  return [braced[0].length, braced[2] === '-' ? value || other : braced[2] === '+' ? (value === '' ? '' : other) : value];
}
