import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesBelow, unpack, unzip, zip } from '../../lib/local/zip';

const FILES = [{ path: 'b/c.txt', content: Buffer.from('häh'.repeat(1000)) }, { path: 'a.sh', content: Buffer.from('#!/bin/sh'), isExecutable: true }, { path: 'empty', content: Buffer.alloc(0) }];

describe('a zip archive', () => {
  test('has the same bytes for the same files', () => expect(zip(FILES)).toEqual(zip([...FILES].reverse())));

  test('is unpacked to what it was made of, modes included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      await unpack(zip(FILES), folder);
      expect(readFileSync(join(folder, 'b', 'c.txt'), 'utf8')).toBe('häh'.repeat(1000));
      expect(statSync(join(folder, 'a.sh')).mode & 0o111).not.toBe(0);
      expect((await filesBelow(folder)).map(({ path }) => path).sort()).toEqual(['a.sh', 'b/c.txt', 'empty']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is one for Python's zipfile too, and the other way round", () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      writeFileSync(join(folder, 'ours.zip'), zip(FILES));
      const program = 'import zipfile; z = zipfile.ZipFile("ours.zip"); assert z.testzip() is None; print(",".join(z.namelist()));\n'
        + 'w = zipfile.ZipFile("theirs.zip", "w"); w.writestr("stored", "x"); w.writestr("deflated", "y" * 100, zipfile.ZIP_DEFLATED); w.writestr("folder/", ""); w.close()';
      const { stdout, status } = spawnSync('python3', ['-c', program], { cwd: folder, encoding: 'utf8' });
      expect(status).toBe(0);
      expect(stdout.trim()).toBe('a.sh,b/c.txt,empty');
      expect(unzip(readFileSync(join(folder, 'theirs.zip'))).map(({ path, content }) => [path, content.toString()])).toEqual([['stored', 'x'], ['deflated', 'y'.repeat(100)]]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each(['../out', '/out', 'a/../../out'])('with the path %s is refused', (path) => {
    expect(() => unzip(zip([{ path, content: Buffer.from('x') }]))).toThrow('a path that leads out of it');
  });

  test('is not just any file', () => expect(() => unzip(Buffer.from('x'.repeat(100)))).toThrow('not a zip archive'));
});
