import { crc32 as zlibCrc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';

/** A file of an archive. */
export interface ZipEntry {
  /** With slashes; never a way out of the folder it is unpacked to. */
  readonly path: string;
  readonly content: Buffer;
  readonly isExecutable?: boolean;
}

// 1980-01-01, the oldest date a zip can hold: the same files make the same bytes.
const DATE = 0x21;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** An archive of those files, in the order of their paths. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content, isExecutable } of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    [20, 0x0800, 8, 0, DATE].forEach((value, index) => common.writeUInt16LE(value, index * 2));
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((isExecutable ? 0o100755 : 0o100644) * 0x10000, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(numbers(CENTRAL), Buffer.from([20, 3]), common, rest, name);
    parts.push(numbers(LOCAL), common, name, packed);
    offset += 30 + name.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, numbers(END), end]);
}

/** The files of an archive. @throws Error for what is no zip, or one with a path that leads out of the folder */
export function unzip(archive: Buffer): ZipEntry[] {
  const end = archive.lastIndexOf(numbers(END));
  if (end < 0) { throw new Error('not a zip archive'); }
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    if (archive.readUInt32LE(at) !== CENTRAL) { throw new Error('the directory of the zip archive is broken'); }
    const lengths = [28, 30, 32].map((field) => archive.readUInt16LE(at + field)) as [number, number, number];
    const path = archive.toString('utf8', at + 46, at + 46 + lengths[0]);
    const mode = archive.readUInt32LE(at + 38) >>> 16;
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    if (posix.normalize(path).startsWith('..') || posix.isAbsolute(path) || path.includes('\\')) { throw new Error(`the zip archive has a path that leads out of it: ${path}`); }
    if (!path.endsWith('/')) { entries.push({ path, content: archive.readUInt16LE(at + 10) === 0 ? Buffer.from(packed) : inflateRawSync(packed), isExecutable: (mode & 0o111) !== 0 }); }
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return entries;
}

/** Every file below a folder; links are followed. */
export async function filesBelow(folder: string): Promise<ZipEntry[]> {
  const paths = await readdir(folder, { recursive: true });
  const entries: ZipEntry[] = [];
  for (const path of paths) {
    const info = await stat(join(folder, path));
    if (info.isFile()) { entries.push({ path: path.split(sep).join('/'), content: await readFile(join(folder, path)), isExecutable: (info.mode & 0o111) !== 0 }); }
  }
  return entries;
}

export async function unpack(archive: Buffer, folder: string): Promise<void> {
  for (const { path, content, isExecutable } of unzip(archive)) {
    const file = join(folder, ...path.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: isExecutable ? 0o755 : 0o644 });
  }
}

function numbers(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) { value = value & 1 ? 0xedb88320 ^ value >>> 1 : value >>> 1; }
  return value;
});

export function crc32(content: Buffer): number {
  // Node has one of its own from 20.15 and 22.2 on.
  if (typeof zlibCrc32 === 'function') { return zlibCrc32(content); }
  let value = 0xffffffff;
  for (const byte of content) { value = TABLE[(value ^ byte) & 0xff] as number ^ value >>> 8; }
  return (value ^ 0xffffffff) >>> 0;
}
