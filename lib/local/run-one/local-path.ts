import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../cli/output';

/** Credentials and settings of the user, below the home folder. */
const OF_THE_USER = ['.aws', '.ssh', '.kube', '.docker', '.config', '.credentials'];
const OF_THE_SYSTEM = ['/etc', '/root', '/var/lib', '/opt/ml/metadata', '/proc', '/sys'];

/** A path or a `file://` URI as a path of this machine; nothing for a URI of another kind. */
export function pathOf(text: string): string | undefined {
  if (/^file:\/\/\//.test(text)) { return fileURLToPath(text); }
  // The Python SDK has `file://data/train` for a path relative to the current folder.
  if (text.startsWith('file://')) { return resolve(text.slice('file://'.length)); }
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? undefined : resolve(text);
}

/**
 * A folder or a file to read from, which may not be where credentials and settings are. The messages are those of the Python
 * SDK's local mode, and so is the rule, but that root's own home folder is root's to use, and that a folder with one of them in it,
 * such as `/`, is none to read from either.
 *
 * @throws CommandError
 */
export function dataAt(text: string): string {
  const path = pathOf(text);
  if (path === undefined) { throw new CommandError(`Invalid data source: ${text} is neither a path nor a file:// or s3:// URI.`); }
  if (isRestricted(path)) { throw new CommandError(`Local Mode does not support mounting from restricted system paths. Got: ${path}`); }
  if (!existsSync(path)) { throw new CommandError(`Invalid data source: ${path} does not exist.`); }
  if (isRestricted(realpathSync(path))) { throw new CommandError(`Local Mode does not support mounting from restricted system paths. Got: ${path}`); }
  return path;
}

function isRestricted(path: string): boolean {
  const home = homedir();
  const folders = [...OF_THE_USER.map((name) => join(home, name)), ...OF_THE_SYSTEM.filter((folder) => folder !== home)];
  const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
  return folders.some((folder) => isWithin(path, folder) || isWithin(folder, path) && existsSync(folder));
}
