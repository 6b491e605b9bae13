import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { AwsChunkedDecoder } from './aws-chunked';
import { bodyOf, requireLocalCaller, send } from './aws-json';
import type { S3Folder, S3ObjectHeaders, S3ObjectInfo } from './s3-folder';
import { S3Listing } from './s3-listing';
import { S3Uploads } from './s3-uploads';
import { ServiceError } from './service-error';
import { elements, unescaped, xmlDocument, type XmlValue } from './xml';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** One request, taken apart. */
interface S3Request {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

export interface S3ServerOptions {
  readonly s3: S3Folder;
  /** Where the parts of multipart uploads wait. */
  readonly uploadsFolder: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** What is wrong here rather than in a request. @default nowhere */
  readonly log?: (line: string) => void;
}

/**
 * S3 over a folder, for path-style clients on this machine: objects (ranges, copies, aws-chunked and multipart uploads),
 * listings, buckets. Requests are not signed for anybody in particular, so signatures are not checked; what it does not
 * know it refuses with NotImplemented.
 */
export function s3Listener(options: S3ServerOptions): RequestListener {
  const server = new S3Server(options);
  return (request, response) => void server.answer(request, response);
}

class S3Server {
  private readonly s3: S3Folder;
  private readonly listing: S3Listing;
  private readonly uploads: S3Uploads;

  constructor(private readonly options: S3ServerOptions) {
    this.s3 = options.s3;
    this.listing = new S3Listing(options.s3);
    this.uploads = new S3Uploads(options.s3, options.uploadsFolder);
  }

  public async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Not `new URL`, which has its own idea of a path: `a/../b` and `//` are keys like any other.
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const [, bucket = '', key = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
    response.setHeader('x-amz-request-id', randomBytes(8).toString('hex').toUpperCase());
    response.setHeader('x-amz-id-2', randomBytes(40).toString('base64'));
    try {
      requireLocalCaller(request);
      await this.route({ request, response, bucket: decode(bucket), key: decode(key), query: new URLSearchParams(query) });
    } catch (error) {
      this.fail(error as Error, request, response, path);
    }
  }

  private route(r: S3Request): Promise<void> {
    const method = r.request.method ?? 'GET';
    for (const subresource of UNKNOWN_SUBRESOURCES) {
      if (r.query.has(subresource)) { throw notImplemented(`${method} ?${subresource}`); }
    }
    if (r.bucket === '') { return method === 'GET' ? this.listBuckets(r) : Promise.reject(notImplemented(`${method} /`)); }
    const routes: Readonly<Record<string, () => Promise<void>>> = r.key === '' ? {
      GET: () => (r.query.has('location') ? this.bucketLocation(r) : r.query.has('uploads') ? Promise.reject(notImplemented('ListMultipartUploads')) : this.list(r)),
      HEAD: () => this.headBucket(r),
      PUT: () => this.createBucket(r),
      DELETE: () => this.deleteBucket(r),
      POST: () => (r.query.has('delete') ? this.deleteObjects(r) : Promise.reject(notImplemented('POST on a bucket'))),
    } : {
      GET: () => (r.query.has('uploadId') ? this.listParts(r) : this.getObject(r)),
      HEAD: () => this.getObject(r),
      PUT: () => (r.query.has('uploadId') ? this.putPart(r) : r.request.headers['x-amz-copy-source'] !== undefined ? this.copyObject(r) : this.putObject(r)),
      DELETE: () => (r.query.has('uploadId') ? this.abortUpload(r) : this.deleteObject(r)),
      POST: () => (r.query.has('uploads') ? this.beginUpload(r) : r.query.has('uploadId') ? this.completeUpload(r) : Promise.reject(notImplemented('POST on an object'))),
    };
    return routes[method]?.() ?? Promise.reject(notImplemented(method));
  }

  private async listBuckets(r: S3Request): Promise<void> {
    const names = await this.s3.listBuckets();
    xml(r, 'ListAllMyBucketsResult', { Owner: { ID: 'local' }, Buckets: { Bucket: names.map((Name) => ({ Name, CreationDate: new Date(0) })) } });
  }

  private async bucketLocation(r: S3Request): Promise<void> {
    await this.requireBucket(r.bucket);
    const region = this.options.region ?? 'us-east-1';
    xml(r, 'LocationConstraint', region === 'us-east-1' ? '' : region);
  }

  private async headBucket(r: S3Request): Promise<void> {
    await this.requireBucket(r.bucket);
    send(r.response, 200, { 'x-amz-bucket-region': this.options.region ?? 'us-east-1' }, Buffer.alloc(0));
  }

  private async createBucket(r: S3Request): Promise<void> {
    await bodyOf(r.request);
    await this.s3.createBucket(r.bucket);
    send(r.response, 200, { Location: `/${r.bucket}` }, Buffer.alloc(0));
  }

  private async deleteBucket(r: S3Request): Promise<void> {
    await this.requireBucket(r.bucket);
    await this.s3.deleteBucket(r.bucket);
    send(r.response, 204, {}, Buffer.alloc(0));
  }

  private async list(r: S3Request): Promise<void> {
    await this.requireBucket(r.bucket);
    xml(r, 'ListBucketResult', await this.listing.page(r.bucket, r.query));
  }

  private async getObject(r: S3Request): Promise<void> {
    const object = await this.s3.head(r.bucket, r.key);
    const headers = objectHeaders(object);
    if (isUnmodified(r.request, object)) {
      r.response.writeHead(304, { ETag: headers.ETag as string }).end();
      return;
    }
    const range = rangeOf(r.request.headers.range, object.size);
    const length = range === undefined ? object.size : range.end - range.start + 1;
    r.response.writeHead(range === undefined ? 200 : 206, {
      ...headers, 'Content-Length': length, ...range !== undefined && { 'Content-Range': `bytes ${range.start}-${range.end}/${object.size}` },
    });
    if (r.request.method === 'HEAD' || length === 0) {
      r.response.end();
    } else {
      await pipeline(this.s3.read(r.bucket, r.key, range), r.response);
    }
  }

  private async putObject(r: S3Request): Promise<void> {
    await this.requireBucket(r.bucket);
    if (r.request.headers['if-none-match'] === '*' && await this.s3.exists(r.bucket, r.key)) {
      throw new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
    const object = await this.s3.put(r.bucket, r.key, contentOf(r.request), headersOf(r.request));
    send(r.response, 200, { ETag: `"${object.etag}"` }, Buffer.alloc(0));
  }

  private async copyObject(r: S3Request): Promise<void> {
    const { bucket, key } = copySourceOf(r.request);
    const old = await this.s3.head(bucket, key);
    const headers: S3ObjectHeaders = r.request.headers['x-amz-metadata-directive'] === 'REPLACE' ? headersOf(r.request)
      : { contentType: old.contentType, contentEncoding: old.contentEncoding, metadata: old.metadata };
    const object = await this.s3.put(r.bucket, r.key, this.s3.read(bucket, key), headers, false, 'CopyObject');
    xml(r, 'CopyObjectResult', { ETag: `"${object.etag}"`, LastModified: object.lastModified });
  }

  private async deleteObject(r: S3Request): Promise<void> {
    await this.s3.delete(r.bucket, r.key);
    send(r.response, 204, {}, Buffer.alloc(0));
  }

  private async deleteObjects(r: S3Request): Promise<void> {
    const body = await textOf(r.request);
    const keys = elements(body, 'Object').map((object) => unescaped(elements(object, 'Key')[0] ?? ''));
    for (const key of keys) { await this.s3.delete(r.bucket, key); }
    xml(r, 'DeleteResult', { Deleted: elements(body, 'Quiet')[0] === 'true' ? [] : keys.map((Key) => ({ Key })) });
  }

  private async beginUpload(r: S3Request): Promise<void> {
    await this.requireBucket(r.bucket);
    await bodyOf(r.request);
    const UploadId = await this.uploads.begin(r.bucket, r.key, headersOf(r.request));
    xml(r, 'InitiateMultipartUploadResult', { Bucket: r.bucket, Key: r.key, UploadId });
  }

  private async putPart(r: S3Request): Promise<void> {
    if (r.request.headers['x-amz-copy-source'] !== undefined) { return this.copyPart(r); }
    const etag = await this.uploads.put(r.bucket, r.key, r.query.get('uploadId') as string, Number(r.query.get('partNumber')), contentOf(r.request));
    send(r.response, 200, { ETag: `"${etag}"` }, Buffer.alloc(0));
  }

  private async copyPart(r: S3Request): Promise<void> {
    const { bucket, key } = copySourceOf(r.request);
    const range = rangeOf(r.request.headers['x-amz-copy-source-range'] as string | undefined, (await this.s3.head(bucket, key)).size);
    const etag = await this.uploads.put(r.bucket, r.key, r.query.get('uploadId') as string, Number(r.query.get('partNumber')), this.s3.read(bucket, key, range));
    xml(r, 'CopyPartResult', { ETag: `"${etag}"`, LastModified: new Date() });
  }

  private async listParts(r: S3Request): Promise<void> {
    const parts = await this.uploads.parts(r.bucket, r.key, r.query.get('uploadId') as string);
    xml(r, 'ListPartsResult', { Bucket: r.bucket, Key: r.key, UploadId: r.query.get('uploadId') as string, IsTruncated: false,
      Part: parts.map((part) => ({ PartNumber: part.number, ETag: `"${part.etag}"`, Size: part.size, LastModified: part.modified })) });
  }

  private async completeUpload(r: S3Request): Promise<void> {
    const parts = elements(await textOf(r.request), 'Part').map((part) => ({
      number: Number(elements(part, 'PartNumber')[0]), etag: unescaped(elements(part, 'ETag')[0] ?? '').replaceAll('"', ''),
    }));
    const object = await this.uploads.complete(r.bucket, r.key, r.query.get('uploadId') as string, parts);
    xml(r, 'CompleteMultipartUploadResult', { Location: `/${r.bucket}/${r.key}`, Bucket: r.bucket, Key: r.key, ETag: `"${object.etag}"` });
  }

  private async abortUpload(r: S3Request): Promise<void> {
    await this.uploads.abort(r.bucket, r.key, r.query.get('uploadId') as string);
    send(r.response, 204, {}, Buffer.alloc(0));
  }

  private async requireBucket(bucket: string): Promise<void> {
    if (!await this.s3.hasBucket(bucket)) { throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket }); }
  }

  private fail(error: Error, request: IncomingMessage, response: ServerResponse, path: string): void {
    const known = error instanceof ServiceError;
    if (!known && (error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') { this.options.log?.(error.stack ?? String(error)); }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // A body that nobody reads would be taken for the next request.
    if (!request.complete) { response.setHeader('Connection', 'close'); }
    const body = { Code: known ? error.name : 'InternalError', Message: error.message, ...known ? error.details as Record<string, string> : {}, Resource: path };
    const isHead = request.method === 'HEAD';
    send(response, known ? error.status : 500, { 'Content-Type': 'application/xml' }, Buffer.from(isHead ? '' : xmlDocument('Error', body)));
  }
}

const UNKNOWN_SUBRESOURCES = ['acl', 'tagging', 'versioning', 'versions', 'versionId', 'policy', 'lifecycle', 'cors', 'website', 'replication', 'encryption', 'notification',
  'object-lock', 'retention', 'legal-hold', 'select', 'restore', 'torrent', 'publicAccessBlock', 'ownershipControls', 'accelerate', 'analytics', 'inventory', 'metrics', 'logging', 'attributes'];

const notImplemented = (what: string) => new ServiceError('NotImplemented', `The local S3 does not know ${what}.`, 501);

function xml(r: S3Request, root: string, value: XmlValue): void {
  send(r.response, 200, { 'Content-Type': 'application/xml' }, Buffer.from(xmlDocument(root, value, NAMESPACE)));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function copySourceOf(request: IncomingMessage): { readonly bucket: string; readonly key: string } {
  const source = decode(String(request.headers['x-amz-copy-source']).split('?')[0] as string).replace(/^\//, '');
  return { bucket: source.slice(0, source.indexOf('/')), key: source.slice(source.indexOf('/') + 1) };
}

/** The object itself, whatever it was wrapped in on the way. */
function contentOf(request: IncomingMessage): Readable {
  const chunked = /aws-chunked/.test(String(request.headers['content-encoding'] ?? '')) || String(request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!chunked) { return request; }
  const decoder = new AwsChunkedDecoder();
  decoder.on('error', () => undefined);                    // whoever reads it is told, even when it begins to later
  request.on('error', (error) => decoder.destroy(error));
  request.on('aborted', () => decoder.destroy(new Error('the client has gone')));
  return request.pipe(decoder);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of contentOf(request)) { chunks.push(chunk as Buffer); }
  return Buffer.concat(chunks).toString();
}

function headersOf(request: IncomingMessage): S3ObjectHeaders {
  const encoding = String(request.headers['content-encoding'] ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '' && each !== 'aws-chunked').join(',');
  const metadata = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('x-amz-meta-')).map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)]));
  return { contentType: request.headers['content-type'], contentEncoding: encoding === '' ? undefined : encoding, metadata };
}

function objectHeaders(object: S3ObjectInfo): Record<string, string> {
  return {
    'Content-Type': object.contentType ?? 'binary/octet-stream',
    ...object.contentEncoding !== undefined && { 'Content-Encoding': object.contentEncoding },
    'ETag': `"${object.etag}"`,
    'Last-Modified': object.lastModified.toUTCString(),
    'Accept-Ranges': 'bytes',
    ...Object.fromEntries(Object.entries(object.metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
}

function isUnmodified(request: IncomingMessage, object: S3ObjectInfo): boolean {
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted.replaceAll('"', '') !== object.etag) {
    throw new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  return request.headers['if-none-match']?.replaceAll('"', '') === object.etag;
}

function rangeOf(header: string | undefined, size: number): { readonly start: number; readonly end: number } | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (parts === null || (parts[1] === '' && parts[2] === '')) { return undefined; }
  const start = parts[1] === '' ? Math.max(0, size - Number(parts[2])) : Number(parts[1]);
  const end = parts[1] === '' || parts[2] === '' ? size - 1 : Math.min(Number(parts[2]), size - 1);
  if (start > end || start >= size) { throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416); }
  return { start, end };
}
