import { IgnoreStrategy } from 'aws-cdk-lib/core';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A `sourcedir.tar.gz`, the same bytes for the same files on every machine. */
export interface SourceArchive {
  /** Of the uncompressed archive: what zlib makes of it differs between versions of node. */
  readonly hash: string;
  readonly bytes: Buffer;
  readonly files: readonly string[];
}

const NEVER_WANTED = [/(^|\/)__pycache__(\/|$)/, /\.py[co]$/, /(^|\/)\.DS_Store$/];
const BLOCK = 512;
/** The longest name and the largest size that the plain `ustar` format can hold. */
const LONGEST_NAME = 100;
const LONGEST_PREFIX = 155;

export function sourceArchive(directory: string, exclude: readonly string[] = []): SourceArchive {
  const files = filesOf(directory, exclude);
  const entries = files.flatMap((file) => {
    const contents = readFileSync(join(directory, ...file.split('/')));
    return [header(file, contents.length, isExecutable(contents)), contents, Buffer.alloc((BLOCK - (contents.length % BLOCK)) % BLOCK)];
  });
  const tar = Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
  const bytes = gzipSync(tar, { level: 9 });
  bytes[9] = 255;                                            // the operating system that compressed: unknown, whichever it is
  return { hash: sha256(tar), bytes, files };
}

/** A hash of the names and bytes of the files, whatever their dates, modes and owners. */
export function contentHash(directory: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const contents = readFileSync(join(directory, ...file.split('/')));
    hash.update(`${JSON.stringify(file)} ${contents.length} ${sha256(contents)}\n`);
  }
  return hash.digest('hex');
}

/** Relative names of the files below a directory, `/` between, in order of code units. A link is what it leads to. */
export function filesOf(directory: string, exclude: readonly string[] = []): string[] {
  const root = realpathSync(directory);
  const ignore = IgnoreStrategy.glob(root, [...exclude]);
  const found: string[] = [];
  const visit = (path: string, name: string, above: readonly string[]) => {
    const real = realpathSync(path);
    if (real !== root && !real.startsWith(root + sep)) { throw new Error(`${name} leads outside the directory`); }
    if (NEVER_WANTED.some((pattern) => pattern.test(name))) { return; }
    if (statSync(real).isDirectory()) {
      if (above.includes(real)) { throw new Error(`${name} leads back to a directory above it`); }
      if (name !== '' && exclude.length > 0 && ignore.completelyIgnores(join(root, name))) { return; }
      for (const entry of readdirSync(path)) { visit(join(path, entry), name === '' ? entry : `${name}/${entry}`, [...above, real]); }
    } else if (!lstatSync(real).isFile()) {
      throw new Error(`${name} is neither a file nor a directory`);
    } else if (!ignore.ignores(join(root, name))) {
      found.push(name);
    }
  };
  visit(root, '', []);
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** A `ustar` header: nobody's file, of no date, readable by all. */
function header(name: string, size: number, executable: boolean): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, rest] = splitName(name);
  block.write(rest, 0);
  block.write(octal(executable ? 0o755 : 0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('        ', 148);                              // the checksum counts as blanks while it is computed
  block.write('0', 156);
  block.write('ustar\0' + '00', 257);
  block.write(prefix, 345);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 6)}\0 `, 148);
  return block;
}

/** A long name is parted at a slash, so that both parts fit their fields. */
function splitName(name: string): [string, string] {
  const bytes = (text: string) => Buffer.byteLength(text);
  if (bytes(name) <= LONGEST_NAME) { return ['', name]; }
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (bytes(prefix) <= LONGEST_PREFIX && bytes(rest) <= LONGEST_NAME) { return [prefix, rest]; }
  }
  throw new Error(`${name} is too long a name for a tar archive`);
}

/** By what it begins with: the mode of a file depends on the machine it was checked out on. */
function isExecutable(contents: Buffer): boolean {
  return contents.subarray(0, 2).toString('latin1') === '#!';
}

const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
