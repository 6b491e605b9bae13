import type { S3Folder, S3ObjectInfo } from './s3-folder';
import { ServiceError } from './service-error';
import type { XmlValue } from './xml';

const LARGEST_PAGE = 1000;

/** ListObjects and ListObjectsV2. */
export class S3Listing {
  constructor(private readonly s3: S3Folder) {}

  public async page(bucket: string, query: URLSearchParams): Promise<XmlValue> {
    const isV2 = query.get('list-type') === '2';
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const most = Math.min(Number(query.get('max-keys') ?? LARGEST_PAGE), LARGEST_PAGE);
    if (!Number.isInteger(most) || most < 0) { throw new ServiceError('InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647'); }
    const after = startOf(query, isV2);
    const rows = grouped(await this.s3.list(bucket, prefix), prefix, delimiter).filter((row) => after === undefined || Buffer.compare(Buffer.from(row.name), Buffer.from(after)) > 0);
    const shown = rows.slice(0, most);
    const more = rows.length > most;
    const last = shown.at(-1)?.name;
    const text = query.get('encoding-type') === 'url' ? (name: string) => encodeURIComponent(name).replaceAll('%2F', '/') : (name: string) => name;
    return {
      Name: bucket,
      Prefix: text(prefix),
      Delimiter: delimiter === '' ? undefined : text(delimiter),
      MaxKeys: most,
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: more,
      ...isV2
        ? { KeyCount: shown.length, ContinuationToken: query.get('continuation-token') ?? undefined, StartAfter: query.get('start-after') ?? undefined, NextContinuationToken: more && last !== undefined ? token(last) : undefined }
        : { Marker: text(query.get('marker') ?? ''), NextMarker: more && last !== undefined ? text(last) : undefined },
      Contents: shown.flatMap(({ object }) => (object === undefined ? []
        : [{ Key: text(object.key), LastModified: object.lastModified, ETag: `"${object.etag}"`, Size: object.size, StorageClass: 'STANDARD' }])),
      CommonPrefixes: shown.filter((row) => row.object === undefined).map((row) => ({ Prefix: text(row.name) })),
    };
  }
}

/** An object, or the common prefix of several. */
interface Row {
  readonly name: string;
  readonly object?: S3ObjectInfo;
}

function grouped(objects: readonly S3ObjectInfo[], prefix: string, delimiter: string): Row[] {
  const rows = new Map<string, Row>();
  for (const object of objects) {
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + delimiter.length);
    if (end < 0) { rows.set(name, { name, object }); } else if (!rows.has(name)) { rows.set(name, { name }); }
  }
  return [...rows.values()];
}

function startOf(query: URLSearchParams, isV2: boolean): string | undefined {
  if (!isV2) { return query.get('marker') ?? undefined; }
  const continuation = query.get('continuation-token');
  return continuation === null ? query.get('start-after') ?? undefined : Buffer.from(continuation, 'base64url').toString();
}

const token = (name: string) => Buffer.from(name).toString('base64url');
