import { copyFile, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseS3Uri, type S3Folder } from '../s3-folder';
import { pathOfKey } from '../s3-key-path';
import { JobFailure } from './failure-reason';
import type { Share } from './hosts';
import { filesLeft, openLeft } from './left-files';

/** Where data are, as training channels and inputs of processing and transform jobs say it. */
export interface S3Source {
  readonly S3Uri?: string;
  readonly S3DataType?: string;
}

/** An object of a source. */
export interface S3SourceObject {
  readonly bucket: string;
  readonly key: string;
  /** Its path below the source. */
  readonly name: string;
}

/**
 * Copies a source's objects into a folder, or those that are the host's share.
 *
 * @throws JobFailure when there are none
 */
export async function download(s3: S3Folder, source: S3Source, folder: string, signal: AbortSignal, share: Share = { index: 0, of: 1 }): Promise<void> {
  await mkdir(folder, { recursive: true });
  const objects = await objectsOf(s3, source);
  for (const { bucket, key, name } of objects.filter((_, index) => index % share.of === share.index)) {
    signal.throwIfAborted();
    await copyTo(s3.pathOf(bucket, key), join(folder, ...pathOfKey(name)));
  }
}

/** @throws JobFailure when there are none */
export async function objectsOf(s3: S3Folder, source: S3Source): Promise<S3SourceObject[]> {
  const uri = source.S3Uri as string;
  const objects = source.S3DataType === 'ManifestFile' ? await objectsOfManifest(s3, uri) : await objectsBelow(s3, uri);
  if (objects.length === 0 && source.S3DataType !== 'ManifestFile') { throw new JobFailure(nothingFound(uri)); }
  return objects;
}

/** A manifest is `[{"prefix": "s3://…/"}, "key", …]`: keys relative to the prefix, which are paths in the source. */
async function objectsOfManifest(s3: S3Folder, uri: string): Promise<S3SourceObject[]> {
  const manifest = await readObject(s3, uri).catch(() => { throw new JobFailure(nothingFound(uri)); });
  let entries: unknown;
  try {
    entries = JSON.parse(manifest.toString());
  } catch {
    throw new JobFailure(`ClientError: Data download failed: the manifest ${uri} is not JSON`);
  }
  const [first, ...names] = Array.isArray(entries) ? entries as [{ prefix?: string }, ...string[]] : [];
  const prefix = parseS3Uri(first?.prefix ?? '');
  if (prefix === undefined) { throw new JobFailure(`ClientError: Data download failed: the manifest ${uri} does not begin with {"prefix": "s3://..."}`); }
  const objects = names.map((name) => ({ bucket: prefix.bucket, key: prefix.key + name, name }));
  for (const { bucket, key } of objects) {
    if (!await s3.exists(bucket, key)) { throw new JobFailure(`ClientError: Data download failed: NoSuchKey s3://${bucket}/${key}`); }
  }
  return objects;
}

/** What is below a prefix, whose last part need not be a folder, as S3Prefix means it. */
async function objectsBelow(s3: S3Folder, uri: string): Promise<S3SourceObject[]> {
  const { bucket, key: prefix } = parseS3Uri(uri) as { bucket: string; key: string };
  const objects = await s3.list(bucket, prefix).catch(() => []);
  // What consoles make for an empty folder ends in a slash.
  return objects.filter(({ key }) => !key.endsWith('/')).map(({ key }) => {
    const rest = key.slice(prefix.length).replace(/^\//, '');
    // A prefix that is itself a key, or that ends within a name: the file keeps its name.
    return { bucket, key, name: rest === '' || !(prefix === '' || prefix.endsWith('/') || key[prefix.length] === '/') ? key.slice(prefix.lastIndexOf('/') + 1) : rest };
  });
}

/** Copies what is below a prefix; answers how many objects. */
export async function downloadPrefix(s3: S3Folder, uri: string, folder: string, signal?: AbortSignal): Promise<number> {
  const objects = await objectsBelow(s3, uri);
  for (const { bucket, key, name } of objects) {
    signal?.throwIfAborted();
    await copyTo(s3.pathOf(bucket, key), join(folder, ...pathOfKey(name)));
  }
  return objects.length;
}

/** Copies what a program has left in a folder below a prefix; answers what it has left out since it is neither a file nor a folder. */
export async function uploadFolder(s3: S3Folder, folder: string, uri: string): Promise<readonly string[]> {
  const top = await realpath(folder).catch(() => undefined);
  if (top === undefined) { return []; }
  const { files, others } = await filesLeft(top);
  for (const path of files.keys()) { await uploadFile(s3, top, path, uri); }
  return others;
}

/** @param top real path of the folder @param path below it */
export async function uploadFile(s3: S3Folder, top: string, path: string, uri: string): Promise<void> {
  const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
  const handle = await openLeft(join(top, path), top);
  if (handle === undefined) { return; }
  try {
    await s3.put(bucket, key === '' ? path : `${key.replace(/\/+$/, '')}/${path}`, handle.createReadStream());
  } finally {
    await handle.close();
  }
}

async function readObject(s3: S3Folder, uri: string): Promise<Buffer> {
  const { bucket, key } = parseS3Uri(uri) as { bucket: string; key: string };
  return s3.get(bucket, key);
}

async function copyTo(file: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(file, to);
}

const nothingFound = (uri: string) => `ClientError: Data download failed: No S3 objects found under S3 URL "${uri}" given in input data source. `
  + 'Please ensure that the bucket exists in the selected region, and that objects exist under that S3 prefix.';
