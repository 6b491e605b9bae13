import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseS3Uri, S3Folder } from '../../lib/local/s3-folder';
import { keyOfPath, pathOfKey } from '../../lib/local/s3-key-path';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

async function bucketFolder() {
  const folder = mkdtempSync(join(tmpdir(), 's3-'));
  folders.push(folder);
  const s3 = new S3Folder(folder);
  await s3.createBucket('bucket');
  return { folder, s3 };
}

describe('S3Folder', () => {
  test('keeps content, MD5 and headers of an object', async () => {
    const { s3 } = await bucketFolder();
    const put = await s3.put('bucket', 'a/b.csv', 'hello', { contentType: 'text/csv', metadata: { by: 'me' } });
    expect(put).toMatchObject({ key: 'a/b.csv', size: 5, etag: '5d41402abc4b2a76b9719d911017c592', contentType: 'text/csv', metadata: { by: 'me' } });
    expect((await s3.get('bucket', 'a/b.csv')).toString()).toBe('hello');
  });

  test('takes a stream, and lets a reader see the old object until the new one is whole', async () => {
    const { s3, folder } = await bucketFolder();
    await s3.put('bucket', 'k', 'old');
    const failing = Readable.from((async function* () { yield Buffer.from('new'); throw new Error('cut off'); })());
    await expect(s3.put('bucket', 'k', failing)).rejects.toThrow('cut off');
    expect((await s3.get('bucket', 'k')).toString()).toBe('old');
    expect(readdirSync(join(folder, 'bucket', 'partial'))).toEqual([]);
    await s3.put('bucket', 'k', Readable.from([Buffer.from('ne'), Buffer.from('w')]));
    expect((await s3.get('bucket', 'k')).toString()).toBe('new');
  });

  test('lists by prefix in the order of the keys, whether or not the prefix ends at a slash', async () => {
    const { s3 } = await bucketFolder();
    for (const key of ['train/b', 'train/a', 'training', 'test/x', 'train/deep/er/c']) { await s3.put('bucket', key, key); }
    const keys = async (prefix?: string) => (await s3.list('bucket', prefix)).map((object) => object.key);
    expect(await keys('train')).toEqual(['train/a', 'train/b', 'train/deep/er/c', 'training']);
    expect(await keys('train/')).toEqual(['train/a', 'train/b', 'train/deep/er/c']);
    expect(await keys('train/deep/er')).toEqual(['train/deep/er/c']);
    expect(await keys()).toHaveLength(5);
  });

  test('keeps every key inside its bucket and gives it back as it was', async () => {
    const { s3, folder } = await bucketFolder();
    const keys = ['../../escape', '/absolute', 'a//b', 'folder/', './x', '100%', '%2E%2E', 'ümlaut ☃', 'co:lon?*|"<>', 'line\nbreak', 'x'.repeat(900), `${'☃'.repeat(200)}/y`];
    for (const key of keys) { await s3.put('bucket', key, key); }
    expect((await s3.list('bucket')).map((object) => object.key).sort()).toEqual([...keys].sort());
    for (const key of keys) { expect((await s3.get('bucket', key)).toString()).toBe(key); }
    expect(readdirSync(folder)).toEqual(['bucket']);
    expect(readdirSync(join(folder, 'bucket')).sort()).toEqual(['headers', 'objects', 'partial']);
  });

  test('a key and its path are one to one', () => {
    for (const key of ['a', 'a/', '/', '//', '.', '..', '...', 'a/../b', '%', '%0', '%-', 'a%-', `${'y'.repeat(240)}`, `${'y'.repeat(241)}/z`]) {
      expect(keyOfPath(pathOfKey(key))).toBe(key);
      expect(pathOfKey(key).every((name) => name !== '.' && name !== '..' && name !== '' && !name.includes('/'))).toBe(true);
    }
  });

  test('removes folders that a deletion leaves empty', async () => {
    const { s3, folder } = await bucketFolder();
    await s3.put('bucket', 'a/b/c', '1');
    await s3.delete('bucket', 'a/b/c');
    await s3.delete('bucket', 'a/b/c');
    expect(readdirSync(join(folder, 'bucket', 'objects'))).toEqual([]);
    expect(readdirSync(join(folder, 'bucket', 'headers'))).toEqual([]);
  });

  test('rejects what is not there in the words of S3', async () => {
    const { s3 } = await bucketFolder();
    await expect(s3.get('bucket', 'none')).rejects.toMatchObject({ name: 'NoSuchKey', status: 404 });
    await expect(s3.get('other-bucket', 'none')).rejects.toMatchObject({ name: 'NoSuchBucket', status: 404 });
    await expect(s3.createBucket('../up')).rejects.toMatchObject({ name: 'InvalidBucketName' });
    await expect(s3.put('..', 'k', '')).rejects.toMatchObject({ name: 'NoSuchBucket' });
    expect(() => s3.pathOf('..', 'k')).toThrow('not valid');
  });

  test('rejects a key that is also the folder of others', async () => {
    const { s3 } = await bucketFolder();
    await s3.put('bucket', 'a', '1');
    await expect(s3.put('bucket', 'a/b', '2')).rejects.toThrow("can't hold an object and others below it");
    await s3.put('bucket', 'c/d', '2');
    await expect(s3.put('bucket', 'c', '2')).rejects.toThrow("can't hold an object and others below it");
  });

  test('deletes a bucket only when it is empty or told to', async () => {
    const { s3 } = await bucketFolder();
    await s3.put('bucket', 'a', '1');
    await expect(s3.deleteBucket('bucket')).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await s3.deleteBucket('bucket', { withObjects: true });
    expect(await s3.listBuckets()).toEqual([]);
    await s3.deleteBucket('bucket');
  });
});

test('an S3 URI is a bucket and a key', () => {
  expect(parseS3Uri('s3://b/some/key')).toEqual({ bucket: 'b', key: 'some/key' });
  expect(parseS3Uri('s3://b')).toEqual({ bucket: 'b', key: '' });
  expect(parseS3Uri('https://b/x')).toBeUndefined();
});
