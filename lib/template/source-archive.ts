import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { contentHash, directoriesOf, type SourceFile } from './source-files';

const BLOCK = 512;
/** What the plain `ustar` format can hold of a name, and of a size. */
const LONGEST_NAME = 100;
const LONGEST_PREFIX = 155;
const LARGEST_SIZE = 0o77777777777;
/** So much is compressed at once, each piece as a gzip member of its own, which every reader of gzip puts together. */
const PIECE = 64 << 20;

/**
 * Writes a `sourcedir.tar.gz`: files and the directories they are in, in order, of nobody and no date. The file is
 * there when it is complete, and not before. Throws when the files are no longer those of the hash.
 */
export function writeArchive(target: string, files: readonly SourceFile[], hash: string): void {
  const unfinished = `${target}.${process.pid}`;
  const descriptor = openSync(unfinished, 'w');
  try {
    try {
      if (pack(files, (bytes) => writeFileSync(descriptor, bytes)) !== hash) { throw new Error('files were changed while they were packed'); }
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Hands on the compressed archive, and returns the hash of what is in it. */
function pack(files: readonly SourceFile[], write: (bytes: Buffer) => void): string {
  const sizes = new Map(files.map(({ name, path }) => [name, statSync(path).size]));
  const tar = new Gzip([...sizes.values()].reduce((sum, size) => sum + size, (files.length + 2) * 8 * BLOCK), write);
  const directories = directoriesOf(files);
  let written = 0;
  const hash = contentHash(files, (file, piece, isFirst) => {
    if (isFirst) {
      tar.write(padding(written));
      for (; directories.length > 0 && directories[0] < file.name; directories.shift()) { tar.write(header(`${directories[0]}/`, 0, 0o755, '5')); }
      tar.write(header(file.name, sizes.get(file.name)!, isExecutable(piece) ? 0o755 : 0o644, '0'));
      written = 0;
    }
    tar.write(piece);
    written += piece.length;
  });
  tar.write(padding(written));
  tar.write(Buffer.alloc(2 * BLOCK));
  tar.end();
  return hash;
}

/** Level 6 as of the gzip command: level 9 takes longer and saves next to nothing. */
class Gzip {
  private readonly piece: Buffer;
  private filled = 0;

  public constructor(expected: number, private readonly to: (bytes: Buffer) => void) {
    this.piece = Buffer.allocUnsafe(Math.min(expected, PIECE));
  }

  public write(bytes: Buffer): void {
    for (let from = 0; from < bytes.length;) {
      const copied = bytes.copy(this.piece, this.filled, from);
      from += copied;
      this.filled += copied;
      if (this.filled === this.piece.length) { this.end(); }
    }
  }

  public end(): void {
    if (this.filled === 0) { return; }
    const member = gzipSync(this.piece.subarray(0, this.filled), { level: 6, memLevel: 9, chunkSize: 1 << 20 });
    member[9] = 255;                                         // the operating system that compressed: unknown, whichever it is
    this.to(member);
    this.filled = 0;
  }
}

/** A `ustar` header, after one of `pax` where the name is too long for it: nobody's file, of no date, readable by all. */
function header(name: string, size: number, mode: number, type: string): Buffer {
  if (size > LARGEST_SIZE) { throw new Error(`${name} is larger than 8 GiB`); }
  const parts = partsOf(name);
  if (parts) { return ustar(...parts, size, mode, type); }
  const record = paxRecord('path', name);
  const shortened = Buffer.from(name).subarray(0, LONGEST_NAME).toString('latin1').replace(/[^ -~]/g, '_');
  return Buffer.concat([ustar('', 'PaxHeader', record.length, 0o644, 'x'), record, padding(record.length), ustar('', shortened, size, mode, type)]);
}

function ustar(prefix: string, name: string, size: number, mode: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('        ', 148);                              // the checksum counts as blanks while it is computed
  block.write(type, 156);
  block.write('ustar\0' + '00', 257);
  block.write(prefix, 345);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 6)}\0 `, 148);
  return block;
}

/** A long name is parted at a slash, so that both parts fit their fields; undefined where it can't be. */
function partsOf(name: string): [string, string] | undefined {
  const bytes = (text: string) => Buffer.byteLength(text);
  if (bytes(name) <= LONGEST_NAME) { return ['', name]; }
  for (let at = name.indexOf('/'); at >= 0 && at < name.length - 1; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (bytes(prefix) <= LONGEST_PREFIX && bytes(rest) <= LONGEST_NAME) { return [prefix, rest]; }
  }
  return undefined;
}

/** `<length> <key>=<value>`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes;
  while (length !== bytes + String(length).length) { length = bytes + String(length).length; }
  return Buffer.from(`${length}${rest}`);
}

/**
 * By what it begins with, a script or a program of Linux: the mode of a file depends on the machine it was checked out
 * on, and there may be none.
 */
function isExecutable(beginning: Buffer): boolean {
  return ['#!', '\x7fELF'].some((magic) => beginning.subarray(0, magic.length).toString('latin1') === magic);
}

const padding = (length: number) => Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);
const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
