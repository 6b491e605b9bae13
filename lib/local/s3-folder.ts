import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { keyOfPath, pathOfKey } from './s3-key-path';
import { ServiceError } from './service-error';

/** What S3 keeps beside an object's bytes. */
export interface S3ObjectHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** `x-amz-meta-*`, without the prefix. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Where it is not the MD5 of the content: objects of a multipart upload. */
  readonly etag?: string;
}

/** An object without its content. */
export interface S3ObjectInfo extends S3ObjectHeaders {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** An object that has just been made. */
export interface CreatedObject extends Pick<S3ObjectInfo, 'key' | 'size' | 'etag'> {
  readonly bucket: string;
  /** The operation that made it. */
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
}

/**
 * S3 as a folder: `<folder>/<bucket>/objects/<key>` is the object, so that a user can look at it with any tool,
 * and `<folder>/<bucket>/headers/<key>` what S3 knows about it.
 *
 * A key that is at once an object and the folder of others (`a` and `a/b`), which S3 knows, is refused by name.
 */
export class S3Folder {
  /** Hears of each object that is made, however. */
  public onCreated: (object: CreatedObject) => void = () => undefined;

  constructor(private readonly folder: string) {}

  async createBucket(bucket: string): Promise<void> {
    requireBucketName(bucket);
    await mkdir(this.objects(bucket), { recursive: true });
    await mkdir(this.headers(bucket), { recursive: true });
    await mkdir(this.partial(bucket), { recursive: true });
  }

  async hasBucket(bucket: string): Promise<boolean> {
    return isBucketName(bucket) && await stat(this.objects(bucket)).then((info) => info.isDirectory(), () => false);
  }

  /** @throws ServiceError BucketNotEmpty, unless told to delete the objects too; nothing happens when there is no such bucket */
  async deleteBucket(bucket: string, options: { readonly withObjects?: boolean } = {}): Promise<void> {
    if (!await this.hasBucket(bucket)) { return; }
    if (options.withObjects !== true && (await this.list(bucket)).length > 0) {
      throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    }
    await rm(join(this.folder, bucket), { recursive: true, force: true });
  }

  async listBuckets(): Promise<string[]> {
    const names: string[] = [];
    for (const name of await readdir(this.folder).catch(() => [])) {
      if (await this.hasBucket(name)) { names.push(name); }
    }
    return names.sort();
  }

  /**
   * @param durable whether it has to survive a power cut right afterwards
   * @param reason the operation of S3 that asks
   */
  async put(bucket: string, key: string, content: Buffer | string | Readable, headers: S3ObjectHeaders = {}, durable = false, reason: CreatedObject['reason'] = 'PutObject'): Promise<S3ObjectInfo> {
    await this.requireBucket(bucket);
    requireKey(key);
    const file = this.pathOf(bucket, key);
    const partial = join(this.partial(bucket), randomBytes(8).toString('hex'));
    const hash = createHash('md5');
    try {
      if (content instanceof Readable) {
        content.on('data', (chunk: Buffer) => hash.update(chunk));
        await pipeline(content, createWriteStream(partial));
      } else {
        hash.update(content);
        await writeFile(partial, content);
      }
      const etag = headers.etag ?? hash.digest('hex');
      if (durable) { await toDisk(partial); }
      const { size } = await stat(partial);
      await mkdir(dirname(file), { recursive: true });
      await mkdir(dirname(this.headersOf(bucket, key)), { recursive: true });
      await writeFile(`${partial}-headers`, JSON.stringify({ ...headers, etag, size }));
      await rename(partial, file);
      await rename(`${partial}-headers`, this.headersOf(bucket, key));
    } catch (error) {
      await rm(partial, { force: true });
      await rm(`${partial}-headers`, { force: true });
      if (isNodeError(error, 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY')) {
        throw new ServiceError('InvalidRequest', `The local S3 can't hold an object and others below it: ${key}`);
      }
      throw error;
    }
    const object = await this.head(bucket, key);
    this.onCreated({ bucket, key, size: object.size, etag: object.etag, reason });
    return object;
  }

  /** Makes a file of this machine an object, as it is and without copying it. */
  async link(bucket: string, key: string, file: string): Promise<void> {
    await this.requireBucket(bucket);
    requireKey(key);
    const { size, mtimeMs } = await stat(file);
    await mkdir(dirname(this.pathOf(bucket, key)), { recursive: true });
    await mkdir(dirname(this.headersOf(bucket, key)), { recursive: true });
    await writeFile(this.headersOf(bucket, key), JSON.stringify({ etag: createHash('md5').update(`${file} ${size} ${mtimeMs}`).digest('hex'), size }));
    await rm(this.pathOf(bucket, key), { force: true });
    await symlink(file, this.pathOf(bucket, key));
  }

  /** @throws ServiceError NoSuchBucket, NoSuchKey */
  async head(bucket: string, key: string): Promise<S3ObjectInfo> {
    await this.requireBucket(bucket);
    requireKey(key);
    const info = await stat(this.pathOf(bucket, key)).catch(() => undefined);
    if (!info?.isFile()) { throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key }); }
    const headers = await this.headersAt(bucket, key);
    return { ...headers, key, size: info.size, etag: headers?.etag !== undefined && (headers.size ?? info.size) === info.size ? headers.etag : await this.md5(bucket, key), lastModified: new Date(Math.floor(info.mtimeMs / 1000) * 1000) };
  }

  async exists(bucket: string, key: string): Promise<boolean> {
    return this.head(bucket, key).then(() => true, () => false);
  }

  /** Whether an object is there with all its bytes: a power cut may leave fewer. */
  async isWhole(bucket: string, key: string): Promise<boolean> {
    const now = await stat(this.pathOf(bucket, key)).catch(() => undefined);
    return now !== undefined && (await this.headersAt(bucket, key))?.size === now.size;
  }

  async get(bucket: string, key: string): Promise<Buffer> {
    await this.head(bucket, key);
    return readFile(this.pathOf(bucket, key));
  }

  /** The content between two offsets, both inclusive. */
  read(bucket: string, key: string, range?: { readonly start: number; readonly end: number }): Readable {
    return createReadStream(this.pathOf(bucket, key), range);
  }

  /** Everything whose key begins with `prefix`, in S3's order (by the keys' UTF-8 bytes). */
  async list(bucket: string, prefix = ''): Promise<S3ObjectInfo[]> {
    await this.requireBucket(bucket);
    const keys: string[] = [];
    await collectKeys(this.objects(bucket), [], prefix, keys);
    keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const objects: S3ObjectInfo[] = [];
    for (const key of keys) {
      const object = await this.head(bucket, key).catch(() => undefined);       // deleted since
      if (object !== undefined) { objects.push(object); }
    }
    return objects;
  }

  /** Nothing happens when there is no such object, as with S3. */
  async delete(bucket: string, key: string): Promise<void> {
    await this.requireBucket(bucket);
    requireKey(key);
    await rm(this.pathOf(bucket, key), { force: true });
    await rm(this.headersOf(bucket, key), { force: true });
    await removeEmptyFolders(dirname(this.pathOf(bucket, key)), this.objects(bucket));
    await removeEmptyFolders(dirname(this.headersOf(bucket, key)), this.headers(bucket));
  }

  /** The file that holds an object's content, whether or not it exists. */
  pathOf(bucket: string, key: string): string {
    requireBucketName(bucket);
    return join(this.objects(bucket), ...pathOfKey(key));
  }

  /** Nothing where somebody else has put the object there, or a power cut has taken the headers. */
  private async headersAt(bucket: string, key: string): Promise<S3ObjectHeaders & { readonly size?: number } | undefined> {
    try {
      return JSON.parse(await readFile(this.headersOf(bucket, key), 'utf8')) as S3ObjectHeaders;
    } catch {
      return undefined;
    }
  }

  private headersOf(bucket: string, key: string): string {
    return join(this.headers(bucket), ...pathOfKey(key));
  }

  private objects(bucket: string): string {
    return join(this.folder, bucket, 'objects');
  }

  private headers(bucket: string): string {
    return join(this.folder, bucket, 'headers');
  }

  /** What is not whole yet: renamed into its place, so that a reader never sees half an object. */
  private partial(bucket: string): string {
    return join(this.folder, bucket, 'partial');
  }

  private async requireBucket(bucket: string): Promise<void> {
    if (!await this.hasBucket(bucket)) {
      throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
    }
  }

  private async md5(bucket: string, key: string): Promise<string> {
    const hash = createHash('md5');
    await pipeline(this.read(bucket, key), hash);
    return hash.digest('hex');
  }
}

/** `s3://bucket/some/key` as its two parts; the key may be empty. */
export function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const parts = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri);
  return parts === null ? undefined : { bucket: parts[1] as string, key: parts[2] ?? '' };
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const isBucketName = (bucket: string) => BUCKET_NAME.test(bucket) && !bucket.includes('..');

function requireBucketName(bucket: string): void {
  if (!isBucketName(bucket)) { throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: bucket }); }
}

function requireKey(key: string): void {
  if (key === '') { throw new ServiceError('InvalidArgument', 'An object needs a key'); }
  if (Buffer.byteLength(key) > 1024) { throw new ServiceError('KeyTooLongError', 'Your key is too long'); }
}

/** The keys below a folder that begin with `prefix`; folders that can't hold one are not entered. */
async function collectKeys(folder: string, names: readonly string[], prefix: string, keys: string[]): Promise<void> {
  for (const entry of await readdir(join(folder, ...names), { withFileTypes: true }).catch(() => [])) {
    const path = [...names, entry.name];
    const key = keyOfPath(path);
    if (entry.isDirectory()) {
      const begins = entry.name.endsWith('%-') ? key : `${key}/`;
      if (begins.startsWith(prefix) || prefix.startsWith(begins)) { await collectKeys(folder, path, prefix, keys); }
    } else if (key.startsWith(prefix)) {
      keys.push(key);
    }
  }
}

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try { await handle.sync(); } finally { await handle.close(); }
}

/** Folders exist because of the objects in them; `top` stays. */
async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (let at = folder; at !== top; at = dirname(at)) {
    if (!await rmdir(at).then(() => true, () => false)) { return; }
  }
}

const isNodeError = (error: unknown, ...codes: string[]) => codes.includes((error as NodeJS.ErrnoException).code ?? '');
