import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The files below a folder, those that links lead to included, by their path in it with slashes; in order. */
export async function filesBelowFolder(folder: string, inside = ''): Promise<string[]> {
  const files: string[] = [];
  for (const name of (await readdir(join(folder, inside))).sort()) {
    const path = inside === '' ? name : `${inside}/${name}`;
    const info = await stat(join(folder, path)).catch(() => undefined);
    if (info?.isDirectory() === true) { files.push(...await filesBelowFolder(folder, path)); } else if (info?.isFile() === true) { files.push(path); }
  }
  return files;
}
