import { constants, type Stats } from 'node:fs';
import { chmod, lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What a program has left below a folder: paths below it. */
export interface LeftFiles {
  readonly files: ReadonlyMap<string, Stats>;
  /** Links, pipes, sockets and devices: none of them is followed or opened. */
  readonly others: readonly string[];
}

/** All below a folder, of which the program may have made anything. */
export async function filesLeft(folder: string): Promise<LeftFiles> {
  const files = new Map<string, Stats>();
  const others: string[] = [];
  const look = async (below: string): Promise<void> => {
    for (const name of await readdir(join(folder, below)).catch(() => [])) {
      const path = below === '' ? name : `${below}/${name}`;
      const info = await lstat(join(folder, path)).catch(() => undefined);     // gone since
      if (info?.isDirectory() === true) { await look(path); } else if (info?.isFile() === true) { files.set(path, info); } else if (info !== undefined) { others.push(path); }
    }
  };
  await look('');
  return { files, others };
}

/**
 * Opens a file that a program has left; nothing for what is not a regular file, or is not where it seems to be.
 *
 * @param top real path of the folder that it must lie in: one of the folders between them may be a link by now
 */
export async function openLeft(file: string, top?: string): Promise<FileHandle | undefined> {
  // Opening a device may do something.
  if ((await lstat(file).catch(() => undefined))?.isFile() !== true) { return undefined; }
  // It may be a link or a pipe since.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const isIn = async () => top === undefined || (await realpath(process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : file).catch(() => '')).startsWith(`${top}${sep}`);
  if ((await handle.stat()).isFile() && await isIn()) { return handle; }
  await handle.close();
  return undefined;
}

/** The beginning of a file that a program has left to say something; nothing where it has left anything else. */
export async function readLeft(file: string): Promise<string> {
  const handle = await openLeft(file).catch(() => undefined);
  if (handle === undefined) { return ''; }
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_WORDS), 0, MOST_WORDS, 0);
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await handle.close();
  }
}

/** Whether a folder is still the one that was made below `base`: not gone, and nothing else in its place or in that of one above it. */
export async function isAsMade(folder: string, base: string): Promise<boolean> {
  const [real, top] = await Promise.all([realpath(folder).catch(() => undefined), realpath(base).catch(() => undefined)]);
  return real !== undefined && top !== undefined && real === join(top, relative(base, folder)) && (await lstat(base)).isDirectory() && (await lstat(real)).isDirectory();
}

/** Lets everybody read what is in a folder: the user of an image is somebody else, whatever this process lets others see. */
export async function letRead(folder: string): Promise<void> {
  const info = await lstat(folder);
  if (!info.isDirectory() && !info.isFile()) { return; }
  const wanted = info.mode | 0o444 | (info.isDirectory() || (info.mode & 0o100) !== 0 ? 0o111 : 0);
  if (wanted !== info.mode) { await chmod(folder, wanted & 0o7777); }
  for (const name of info.isDirectory() ? await readdir(folder) : []) { await letRead(join(folder, name)); }
}

/** More than SageMaker keeps of any of them. */
const MOST_WORDS = 64 * 1024;
