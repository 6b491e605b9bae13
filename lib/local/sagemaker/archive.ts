import { lstat, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ProcessGroup } from '../process-group';

/** Packs the content of a folder (not the folder itself) as `.tar.gz`. */
export async function packFolder(folder: string, archive: string): Promise<void> {
  await tar(['-czf', archive, '-C', folder, '.']);
}

/**
 * Unpacks a `.tar.gz` of a user into a new folder.
 *
 * @throws Error for what is not an archive, and for an archive that would write or point outside of the folder
 */
export async function unpackArchive(archive: string, folder: string): Promise<void> {
  const names = (await tar(['-tzf', archive])).split('\n');
  const outside = names.find((name) => name.startsWith('/') || name.split('/').includes('..'));
  if (outside !== undefined) { throw new Error(`the archive has a member outside of itself: ${outside}`); }
  await mkdir(folder, { recursive: true });
  await tar(['-xzf', archive, '-C', folder, '--no-same-owner']);
  const flaw = await flawBelow(folder, await realpath(folder));
  if (flaw !== undefined) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`the archive has ${flaw}`);
  }
}

/** What is neither a file, nor a folder, nor a link to one of these. */
async function flawBelow(folder: string, top: string): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = await lstat(path);
    if (info.isDirectory()) {
      const inner = await flawBelow(path, top);
      if (inner !== undefined) { return inner; }
    } else if (info.isSymbolicLink()) {
      const target = await realpath(path).catch(() => undefined);
      if (target === undefined || !`${target}${sep}`.startsWith(`${top}${sep}`)) { return `a link that leads outside of it: ${path.slice(top.length + 1)}`; }
    } else if (!info.isFile()) {
      return `a device or a pipe: ${path.slice(top.length + 1)}`;
    }
  }
  return undefined;
}

async function tar(args: readonly string[]): Promise<string> {
  let output = '';
  let errors = '';
  const group = new ProcessGroup(['tar', ...args], {
    cwd: '/',
    env: { ...process.env, LC_ALL: 'C', COPYFILE_DISABLE: '1' },          // macOS would pack `._` files
    onOutput: (chunk, stream) => { if (stream === 'stdout') { output += chunk.toString(); } else { errors = (errors + chunk.toString()).slice(-2000); } },
  });
  group.input.end();
  const end = await group.end;
  if (end.code !== 0) { throw new Error(end.error ?? errors.trim().split('\n')[0] ?? 'tar failed'); }
  return output;
}
