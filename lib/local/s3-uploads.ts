import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Folder, S3ObjectHeaders, S3ObjectInfo } from './s3-folder';
import { ServiceError } from './service-error';

export interface UploadPart {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly modified: Date;
}

/** Multipart uploads: the parts wait in a folder of the upload until they become an object. */
export class S3Uploads {
  constructor(private readonly s3: S3Folder, private readonly folder: string) {}

  public async begin(bucket: string, key: string, headers: S3ObjectHeaders): Promise<string> {
    const id = randomUUID();
    await mkdir(join(this.folder, id), { recursive: true });
    await writeFile(join(this.folder, id, 'upload.json'), JSON.stringify({ bucket, key, headers }));
    return id;
  }

  /** The ETag of the part. */
  public async put(bucket: string, key: string, id: string, number: number, content: Readable): Promise<string> {
    const { folder } = await this.upload(bucket, key, id);
    if (!Number.isInteger(number) || number < 1 || number > 10_000) { throw new ServiceError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive'); }
    const hash = createHash('md5');
    const partial = join(folder, `partial-${randomUUID()}`);
    content.on('data', (chunk: Buffer) => hash.update(chunk));
    await pipeline(content, createWriteStream(partial));
    const etag = hash.digest('hex');
    for (const old of (await this.parts(bucket, key, id)).filter((part) => part.number === number)) { await rm(join(folder, nameOf(old)), { force: true }); }
    await rename(partial, join(folder, nameOf({ number, etag })));
    return etag;
  }

  public async parts(bucket: string, key: string, id: string): Promise<UploadPart[]> {
    const { folder } = await this.upload(bucket, key, id);
    const parts: UploadPart[] = [];
    for (const name of await readdir(folder)) {
      const [, number, etag] = /^part-(\d+)-(\w+)$/.exec(name) ?? [];
      if (number === undefined || etag === undefined) { continue; }
      const info = await stat(join(folder, name));
      parts.push({ number: Number(number), etag, size: info.size, modified: info.mtime });
    }
    return parts.sort((a, b) => a.number - b.number);
  }

  public async complete(bucket: string, key: string, id: string, wanted: ReadonlyArray<{ readonly number: number; readonly etag: string }>): Promise<S3ObjectInfo> {
    const { folder, headers } = await this.upload(bucket, key, id);
    const there = await this.parts(bucket, key, id);
    const isThere = wanted.length > 0 && wanted.every((part) => there.some((each) => each.number === part.number && each.etag === part.etag));
    if (!isThere) { throw new ServiceError('InvalidPart', 'One or more of the specified parts could not be found.'); }
    if (wanted.some((part, index) => index > 0 && part.number <= (wanted[index - 1] as { number: number }).number)) {
      throw new ServiceError('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    const content = Readable.from((async function* () {
      for (const part of wanted) { yield* createReadStream(join(folder, nameOf(part))) as AsyncIterable<Buffer>; }
    })(), { objectMode: false });
    const etag = `${createHash('md5').update(Buffer.concat(wanted.map((part) => Buffer.from(part.etag, 'hex')))).digest('hex')}-${wanted.length}`;
    const object = await this.s3.put(bucket, key, content, { ...headers, etag }, false, 'CompleteMultipartUpload');
    await rm(folder, { recursive: true, force: true });
    return object;
  }

  public async abort(bucket: string, key: string, id: string): Promise<void> {
    const { folder } = await this.upload(bucket, key, id);
    await rm(folder, { recursive: true, force: true });
  }

  private async upload(bucket: string, key: string, id: string): Promise<{ readonly folder: string; readonly headers: S3ObjectHeaders }> {
    const folder = join(this.folder, /^[0-9a-f-]{36}$/.test(id) ? id : 'none');
    const upload = await readFile(join(folder, 'upload.json'), 'utf8').then((text) => JSON.parse(text) as { bucket: string; key: string; headers: S3ObjectHeaders }, () => undefined);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) {
      throw new ServiceError('NoSuchUpload', 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.', 404);
    }
    return { folder, headers: upload.headers };
  }
}

const nameOf = (part: { readonly number: number; readonly etag: string }) => `part-${part.number}-${part.etag}`;
