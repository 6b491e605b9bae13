import { readFileSync, writeFileSync } from 'node:fs';
import { CommandError } from './output';

const WORDS: { readonly [code: string]: string } = { ENOENT: 'no such file', EISDIR: 'a folder, and no file', EACCES: 'not allowed' };

/** A file's text, without the mark that some editors put at its beginning. @param file standard input is 0 @throws CommandError that calls it by its option */
export const textOf = (what: string, file: string | 0): string => inWords(what, () => readFileSync(file, 'utf8').replace(/^\ufeff/, ''));

/** @throws CommandError that calls it by its option */
export const writeText = (what: string, file: string, text: string): void => inWords(what, () => writeFileSync(file, text), { ENOENT: 'no such folder' });

function inWords<T>(what: string, work: () => T, words: typeof WORDS = {}): T {
  try {
    return work();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new CommandError(`${what}: ${words[code] ?? WORDS[code] ?? message}`);
  }
}
