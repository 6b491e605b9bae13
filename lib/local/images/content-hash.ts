import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Tells folders apart by what is in them: names, contents, and which files may be run. */
export async function contentHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const file = join(folder, path);
    const info = await lstat(file);
    hash.update(`${path}\0${info.isDirectory() ? 'folder' : (info.mode & 0o777).toString(8)}\0${info.isFile() ? info.size : ''}\0`);
    if (info.isSymbolicLink()) { hash.update(`${await readlink(file)}\0`); }
    if (info.isFile()) { await pipeline(createReadStream(file), hash, { end: false }); }
  }
  return hash.digest('hex');
}
