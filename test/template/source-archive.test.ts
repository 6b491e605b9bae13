import fc from 'fast-check';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeArchive } from '../../lib/template/source-archive';
import { contentHash, sourceFiles } from '../../lib/template/source-files';
import { folderWith, tar } from '../support/folders';

/** The archive of a folder, in a folder of its own. */
function archiveOf(folder: string): string {
  const archive = join(folderWith({}), 'sourcedir.tar.gz');
  const files = sourceFiles([{ path: folder, name: '' }]);
  writeArchive(archive, files, contentHash(files));
  return archive;
}

/** The files of a folder and what is in them. */
function tree(folder: string): { [name: string]: string } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((file) => [join(file.parentPath, file.name).slice(folder.length + 1), readFileSync(join(file.parentPath, file.name), 'latin1')] as const).sort());
}

function unpacked(archive: string): string {
  const folder = folderWith({});
  tar('-xzf', archive, '-C', folder);
  return folder;
}

describe('sourcedir.tar.gz', () => {
  test('holds files and their directories in order, of nobody and no date, executable what begins like it', () => {
    const folder = folderWith({ 'train.py': 'print(1)\n', 'lib/b.py': '', 'run.sh': '#!/bin/sh\n', 'bin/tool': '\x7fELF2', 'lib-x.py': '' });
    chmodSync(join(folder, 'train.py'), 0o777);
    expect(tar('-tzvf', archiveOf(folder)).map((line) => line.replace(/\s+/g, ' '))).toEqual([
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 bin/',
      '-rwxr-xr-x 0/0 5 1970-01-01 00:00 bin/tool',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 lib/',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00 lib-x.py',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00 lib/b.py',
      '-rwxr-xr-x 0/0 10 1970-01-01 00:00 run.sh',
      '-rw-r--r-- 0/0 9 1970-01-01 00:00 train.py',
    ]);
  });

  test('is the same whatever dates, modes and folder, and says nothing of the machine', () => {
    const [one, two] = [folderWith({ 'a.py': '1', 'b/c.py': '2' }), folderWith({ 'b/c.py': '2', 'a.py': '1' })];
    utimesSync(join(one, 'a.py'), 1, 1);
    chmodSync(join(one, 'a.py'), 0o700);
    mkdirSync(join(two, 'empty'));
    const bytes = readFileSync(archiveOf(one));
    expect(bytes.equals(readFileSync(archiveOf(two)))).toBe(true);
    expect(bytes.subarray(4, 8).toString('hex')).toBe('00000000');
    expect(bytes[9]).toBe(255);
  });

  test('unpacks to the very files, whatever their names and bytes', () => {
    const part = fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 24 }), fc.stringMatching(/^[a-zé漢]{60,80}$/))
      .filter((name) => !/[/\0]|^\.\.?$|\.py[co]$|^(__pycache__|\.git|\.DS_Store)$/.test(name) && Buffer.byteLength(name) <= 255);
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    const files = fc.dictionary(path, fc.string({ unit: 'binary', maxLength: 1500 }), { minKeys: 1, maxKeys: 8 })
      .filter((map) => Object.keys(map).every((one) => Object.keys(map).every((other) => !other.startsWith(`${one}/`))));
    fc.assert(fc.property(files, (map) => {
      const folder = folderWith(map);
      expect(tree(unpacked(archiveOf(folder)))).toEqual(tree(folder));
    }), { numRuns: 60, seed: 20240501 });
  });

  test.each<[string, string]>([
    ['a name that is parted at a slash', `${'d'.repeat(90)}/${'f'.repeat(90)}.py`],
    ['a name that can not be parted', `${'f'.repeat(120)}.py`],
    ['directories that are too long', `${'d'.repeat(120)}/${'e'.repeat(120)}/${'f'.repeat(120)}/g.py`],
    ['a directory of exactly the length of the field', `${'d'.repeat(99)}/f.py`],
    ['letters of more than a byte', `${'ü'.repeat(110)}/漢.py`],
  ])('holds %s', (_what, name) => {
    const archive = archiveOf(folderWith({ [name]: '1' }));
    expect(tree(unpacked(archive))).toEqual({ [name]: '1' });
    expect(tar('-tzf', archive, '--quoting-style=literal').at(-1)).toBe(name);
  });

  test('holds what a link leads to', () => {
    const folder = folderWith({ 'real/a.py': '1' });
    symlinkSync('real', join(folder, 'again'));
    expect(tree(unpacked(archiveOf(folder)))).toEqual({ 'again/a.py': '1', 'real/a.py': '1' });
  });

  test('ends a whole number of blocks with two empty ones', () => {
    const bytes = gunzipSync(readFileSync(archiveOf(folderWith({ 'a.py': 'x'.repeat(512) }))));
    expect(bytes.length).toBe(4 * 512);
    expect(bytes.subarray(1024).every((byte) => byte === 0)).toBe(true);
  });

  test('may be larger than what is compressed at once', () => {
    const large = Buffer.alloc(70 << 20, 'all work and no play\n');
    const archive = archiveOf(folderWith({ large, 'small.py': '1' }));
    const folder = unpacked(archive);
    expect(readFileSync(join(folder, 'large')).equals(large)).toBe(true);
    expect(readFileSync(join(folder, 'small.py'), 'utf8')).toBe('1');
  });

  test('is not made of files that have changed since they were hashed, and nothing is left of it', () => {
    const [folder, target] = [folderWith({ 'a.py': '1' }), folderWith({})];
    const files = sourceFiles([{ path: folder, name: '' }]);
    const hash = contentHash(files);
    writeFileSync(join(folder, 'a.py'), '2');
    expect(() => writeArchive(join(target, 'a.tar.gz'), files, hash)).toThrow('files were changed while they were packed');
    expect(readdirSync(target)).toEqual([]);
  });
});
