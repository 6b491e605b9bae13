import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * Writes a file so that there is the old one or the new one, whatever happens meanwhile, a power cut included: beside it,
 * brought to the disk, and renamed.
 */
export function writeWhole(file: string, content: string, mode = 0o666): void {
  // A name of its own for each process: two that write at once do not write into one file.
  const partial = `${file}.${process.pid}.partial`;
  const handle = openSync(partial, 'w', mode);
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partial, file);
}

/** A file of the state folder that says nothing any more, for instance since a disk was full or somebody has edited it. */
export class UnreadableFile extends Error {}

/**
 * What a JSON file holds; nothing when there is no such file.
 *
 * @param instead what can be done when it can't be read
 * @throws UnreadableFile
 */
export function readWhole<T>(file: string, instead: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') { return undefined; }
    throw new UnreadableFile(`${file} can't be read: ${(error as Error).message}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) { return value as T; }
  } catch { /* said below */ }
  throw new UnreadableFile(`${file} is ${text.trim() === '' ? 'empty' : 'damaged'} and says nothing any more: ${instead}`);
}
