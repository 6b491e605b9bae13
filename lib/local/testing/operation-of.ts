import type { IncomingMessage } from 'node:http';

/** How a service writes its errors. */
export type Protocol = 'json' | 'runtime' | 's3';

export interface CalledOperation {
  readonly name: string;
  readonly protocol: Protocol;
}

const RUNTIME: { readonly [path: string]: string } = {
  'invocations': 'InvokeEndpoint', 'invocations-response-stream': 'InvokeEndpointWithResponseStream', 'async-invocations': 'InvokeEndpointAsync',
};
/** By method, with the parameter of the query that tells it from others. */
const OF_BUCKETS: readonly (readonly [method: string, operation: string, parameter?: string])[] = [
  ['GET', 'GetBucketLocation', 'location'], ['GET', 'ListObjectsV2', 'list-type'], ['GET', 'ListObjects'], ['HEAD', 'HeadBucket'], ['PUT', 'CreateBucket'], ['DELETE', 'DeleteBucket'],
  ['POST', 'DeleteObjects', 'delete'],
];
const OF_OBJECTS: typeof OF_BUCKETS = [
  ['GET', 'ListParts', 'uploadId'], ['GET', 'GetObject'], ['HEAD', 'HeadObject'], ['PUT', 'UploadPart', 'uploadId'], ['PUT', 'PutObject'], ['DELETE', 'AbortMultipartUpload', 'uploadId'],
  ['DELETE', 'DeleteObject'], ['POST', 'CreateMultipartUpload', 'uploads'], ['POST', 'CompleteMultipartUpload', 'uploadId'],
];

/** Operations that are known by the path of their request. */
export const OPERATIONS_BY_PATH: readonly string[] = [...Object.values(RUNTIME), 'ListBuckets', 'CopyObject', ...[...OF_BUCKETS, ...OF_OBJECTS].map(([, operation]) => operation)];

/** The operation of SageMaker, its runtime, CloudWatch or CloudWatch Logs that a request is for. */
export function operationOfApi({ headers, method, url = '' }: IncomingMessage): CalledOperation | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') { return { name: target.slice(target.lastIndexOf('.') + 1), protocol: 'json' }; }
  const path = /^\/endpoints\/[^/]+\/([a-z-]+)(\?|$)/.exec(url)?.[1] ?? '';
  return method === 'POST' && Object.hasOwn(RUNTIME, path) ? { name: RUNTIME[path] as string, protocol: 'runtime' } : undefined;
}

export function operationOfS3({ headers, method, url = '' }: IncomingMessage): CalledOperation | undefined {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const [, bucket = '', key = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  const parameters = new URLSearchParams(query);
  const found = (key === '' ? OF_BUCKETS : OF_OBJECTS).find(([of, , parameter]) => of === method && (parameter === undefined || parameters.has(parameter)))?.[1];
  const isCopy = found === 'PutObject' && headers['x-amz-copy-source'] !== undefined;
  const name = bucket === '' ? 'ListBuckets' : isCopy ? 'CopyObject' : found;
  return name === undefined ? undefined : { name, protocol: 's3' };
}
