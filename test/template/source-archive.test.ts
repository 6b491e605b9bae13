import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { contentHash, filesOf, sourceArchive } from '../../lib/template/source-archive';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function folderWith(files: { [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  folders.push(folder);
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  return folder;
}

function listed(bytes: Buffer): string[] {
  const folder = folderWith({});
  writeFileSync(join(folder, 'a.tar.gz'), bytes);
  return execFileSync('tar', ['-tzvf', join(folder, 'a.tar.gz')], { env: { ...process.env, TZ: 'UTC' } }).toString().trim().split('\n');
}

describe('sourcedir.tar.gz', () => {
  test('holds the files in order, of nobody and no date, readable by the tar of the system', () => {
    const { bytes, files } = sourceArchive(folderWith({ 'train.py': 'print(1)\n', 'lib/b.py': '', 'run.sh': '#!/bin/sh\n' }));
    expect(files).toEqual(['lib/b.py', 'run.sh', 'train.py']);
    expect(listed(bytes).map((line) => line.replace(/\s+/g, ' '))).toEqual([
      '-rw-r--r-- 0/0 0 1970-01-01 00:00 lib/b.py',
      '-rwxr-xr-x 0/0 10 1970-01-01 00:00 run.sh',
      '-rw-r--r-- 0/0 9 1970-01-01 00:00 train.py',
    ]);
  });

  test('is the same whatever dates, modes and folder', () => {
    const [one, two] = [folderWith({ 'a.py': '1', 'b/c.py': '2' }), folderWith({ 'b/c.py': '2', 'a.py': '1' })];
    utimesSync(join(one, 'a.py'), 1, 1);
    chmodSync(join(one, 'a.py'), 0o700);
    expect(sourceArchive(one)).toEqual(sourceArchive(two));
  });

  test('has a hash of what is inside, and says nothing of the machine that compressed it', () => {
    const { bytes, hash } = sourceArchive(folderWith({ 'a.py': '1' }));
    expect(hash).toBe('27254e8cece01616183ff3a77f783dfd364735ce699e62a794ff4004ea5507b7');
    expect(bytes.subarray(4, 10).toString('hex')).toBe('0000000002ff');
    expect(sourceArchive(folderWith({ 'a.py': '2' })).hash).not.toBe(hash);
    expect(sourceArchive(folderWith({ 'b.py': '1' })).hash).not.toBe(hash);
  });

  test('leaves out what Python and macOS leave behind, and what the user excludes', () => {
    const folder = folderWith({ 'a.py': '', '__pycache__/a.pyc': '', 'x/__pycache__/y.pyc': '', 'b.pyc': '', '.DS_Store': '', 'tests/t.py': '', 'notes.md': '' });
    expect(sourceArchive(folder, ['tests', '*.md']).files).toEqual(['a.py']);
  });

  test('follows links inside the directory', () => {
    const folder = folderWith({ 'real/a.py': '1' });
    symlinkSync('real', join(folder, 'again'));
    expect(sourceArchive(folder).files).toEqual(['again/a.py', 'real/a.py']);
  });

  test('rejects a link that leads outside', () => {
    const folder = folderWith({ 'a.py': '1' });
    symlinkSync(folderWith({ secret: '' }), join(folder, 'out'));
    expect(() => sourceArchive(folder)).toThrow('out leads outside the directory');
  });

  test('rejects a link that leads back', () => {
    const folder = folderWith({ 'a/b.py': '1' });
    symlinkSync('..', join(folder, 'a', 'up'));
    expect(() => sourceArchive(folder)).toThrow('leads back');
  });

  test('parts a name of more than 100 characters, and refuses one that can not be parted', () => {
    const long = `${'d'.repeat(90)}/${'f'.repeat(90)}.py`;
    expect(listed(sourceArchive(folderWith({ [long]: '1' })).bytes)[0]).toContain(long);
    expect(() => sourceArchive(folderWith({ [`${'f'.repeat(120)}.py`]: '1' }))).toThrow('too long a name');
  });

  test('is a whole number of blocks with two empty ones at its end', () => {
    const tar = gunzipSync(sourceArchive(folderWith({ 'a.py': 'x'.repeat(512) })).bytes);
    expect(tar.length).toBe(4 * 512);
    expect(tar.subarray(1024).every((byte) => byte === 0)).toBe(true);
  });
});

describe('the hash of data', () => {
  test('changes with names and bytes', () => {
    const hash = (files: { [name: string]: string }) => { const folder = folderWith(files); return contentHash(folder, filesOf(folder)); };
    expect(hash({ a: '1', b: '2' })).toBe(hash({ b: '2', a: '1' }));
    expect(new Set([hash({ a: '1' }), hash({ a: '2' }), hash({ b: '1' }), hash({ a: '1', b: '' })]).size).toBe(4);
  });
});
