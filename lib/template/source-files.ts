import { IgnoreStrategy } from 'aws-cdk-lib/core';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A file that goes along, and the name it gets there: relative, `/` between. */
export interface SourceFile {
  readonly name: string;
  readonly path: string;
}

/** A file or a directory that goes along, and the name it gets: that of a directory may be empty, for its files to be at the root. */
export interface SourceRoot {
  readonly path: string;
  readonly name: string;
}

/** What Python, macOS and notebooks leave behind, and what another clone of the same files has otherwise. */
const NEVER_WANTED = /^(__pycache__|\.git|\.ipynb_checkpoints|\.DS_Store|.*\.py[co])$/;
const CHUNK = 1 << 20;
/** `IgnoreStrategy` matches below an absolute directory, whichever it is. */
const ANYWHERE = resolve('/');

/** A root that goes by its own name, as the Python SDK has its dependencies. */
export function namedRoot(path: string): SourceRoot {
  return { path, name: basename(resolve(path)) };
}

/**
 * The files of all roots, in order of their names. A link is what it leads to; one that leads out of its root is refused.
 * Directories are known by the files in them, since the empty ones get lost in version control.
 */
export function sourceFiles(roots: readonly SourceRoot[], exclude: readonly string[] = []): SourceFile[] {
  const isIgnored = exclusion(exclude);
  const found = new Map<string, { file: SourceFile; root: string }>();
  for (const root of roots) {
    for (const file of filesOfRoot(root, isIgnored)) {
      const other = found.get(file.name);
      if (other && resolve(other.file.path) !== resolve(file.path)) { throw new Error(`${file.name} would come from ${other.root} and from ${root.path}`); }
      found.set(file.name, { file, root: root.path });
    }
  }
  const files = [...found.values()].map(({ file }) => file).sort((a, b) => (a.name < b.name ? -1 : 1));
  const both = directoriesOf(files).find((directory) => found.has(directory));
  if (both !== undefined) { throw new Error(`${both} would be a file of ${found.get(both)!.root} and a directory`); }
  return files;
}

/** Relative names of the files below a directory, in order. */
export function filesOf(directory: string, exclude: readonly string[] = []): string[] {
  return sourceFiles([{ path: directory, name: '' }], exclude).map(({ name }) => name);
}

/** The directories that files are in, outer ones first. */
export function directoriesOf(files: readonly SourceFile[]): string[] {
  const found = new Set<string>();
  for (const { name } of files) {
    for (let at = name.lastIndexOf('/'); at > 0 && !found.has(name.slice(0, at)); at = name.lastIndexOf('/', at - 1)) { found.add(name.slice(0, at)); }
  }
  return [...found].sort();
}

/**
 * A hash of names and bytes, whatever the dates, modes and owners. `each` sees the pieces as they go by: what is packed
 * is what was hashed.
 */
export function contentHash(files: readonly SourceFile[], each: (file: SourceFile, piece: Buffer, isFirst: boolean) => void = () => undefined): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (const file of files) {
    const ofFile = createHash('sha256');
    let length = 0;
    const descriptor = openSync(file.path, 'r');
    try {
      for (let read = readSync(descriptor, buffer); read > 0 || length === 0; read = readSync(descriptor, buffer)) {
        const piece = buffer.subarray(0, read);
        each(file, piece, length === 0);
        ofFile.update(piece);
        length += read;
        if (read === 0) { break; }
      }
    } finally {
      closeSync(descriptor);
    }
    hash.update(`${JSON.stringify(file.name)} ${length} ${ofFile.digest('hex')}\n`);
  }
  return hash.digest('hex');
}

function exclusion(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0) { return () => false; }
  const strategy = IgnoreStrategy.glob(ANYWHERE, patterns.map((pattern) => pattern.replace(/(.)\/+$/, '$1')));
  return (name) => strategy.ignores(join(ANYWHERE, name));
}

function filesOfRoot(root: SourceRoot, isIgnored: (name: string) => boolean): SourceFile[] {
  const top = real(root.path, root.path);
  const found: SourceFile[] = [];
  const visit = (path: string, name: string, is: { isDirectory(): boolean; isFile(): boolean }, above: readonly string[]) => {
    if (is.isDirectory()) {
      if (above.includes(path)) { throw new Error(`${name} leads back to a directory above it`); }
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const inside = name === '' ? entry.name : `${name}/${entry.name}`;
        if (NEVER_WANTED.test(entry.name) || isIgnored(inside)) { continue; }
        const link = entry.isSymbolicLink();
        const place = link ? within(top, real(join(path, entry.name), inside), inside) : join(path, entry.name);
        visit(place, inside, link ? statSync(place) : entry, [...above, path]);
      }
    } else if (is.isFile()) {
      found.push({ name, path });
    } else {
      throw new Error(`${name} is neither a file nor a directory`);
    }
  };
  if (root.name === '' || !isIgnored(root.name)) { visit(top, root.name, statSync(top), []); }
  return found;
}

function real(path: string, name: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new Error(`${name} can't be found: it does not exist, is a link that leads nowhere, or has a name that is not UTF-8`);
  }
}

function within(top: string, path: string, name: string): string {
  const way = relative(top, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) { throw new Error(`${name} leads outside the directory`); }
  return path;
}
