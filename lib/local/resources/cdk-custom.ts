import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Properties } from '../cloudformation/stack-record';
import type { EventBus } from '../events/event-bus';
import type { S3Folder } from '../s3-folder';
import { unzip } from '../zip';
import { isWatched } from './bucket';
import type { LocalServices } from './services';

/**
 * Custom resources of the CDK, done here: their functions are written in Python and call the AWS CLI, or empty
 * a bucket with the permissions of its policy.
 */
export function cdkCustomTypes({ s3, events }: LocalServices): [string, ResourceType][] {
  return [['Custom::CDKBucketDeployment', bucketDeployment(s3)], ['Custom::S3AutoDeleteObjects', autoDeleteObjects(s3)], ['Custom::S3BucketNotifications', bucketNotifications(events)]];
}

/** What `eventBridgeEnabled` of a bucket becomes. Notifications of functions, queues and topics are refused. */
function bucketNotifications(events: EventBus): ResourceType {
  const watch = ({ properties: { BucketName: bucket, NotificationConfiguration: configuration } }: ResourceRequest) => {
    const others = Object.keys(configuration ?? {}).filter((member) => member !== 'EventBridgeConfiguration');
    if (others.length > 0) { throw new Error(`Not supported by the local AWS: ${others.join(', ')} of the notifications of a bucket; EventBridgeConfiguration is`); }
    events.watch(String(bucket), isWatched(configuration));
  };
  return {
    async create(request) {
      watch(request);
      return { physicalId: request.generatedName(100), attributes: {} };
    },
    async update(request, physical) {
      watch(request);
      return physical;
    },
    async restore(request) { watch(request); },
    async delete({ properties }) { events.watch(String(properties.BucketName), false); },
  };
}

function bucketDeployment(s3: S3Folder): ResourceType {
  const deploy = async (properties: Properties) => {
    const prefix = String(properties.DestinationBucketKeyPrefix ?? '').replace(/^\/+|\/+$/g, '');
    const bucket = String(properties.DestinationBucketName);
    refuse(properties, ['DistributionId', 'UserMetadata']);
    const keys = new Set<string>();
    const sources = properties.SourceBucketNames as string[];
    for (const [index, source] of sources.entries()) {
      const key = String((properties.SourceObjectKeys as string[])[index]);
      const archive = await s3.get(source, key);
      const marked = Object.entries(((properties.SourceMarkers as Properties[] | undefined)?.[index] ?? {}));
      const files = isFalse(properties.Extract) ? [{ path: key.split('/').at(-1) as string, content: archive }] : unzip(archive);
      for (const { path, content } of files) {
        const name = prefix === '' ? path : `${prefix}/${path}`;
        keys.add(name);
        await s3.put(bucket, name, marked.length === 0 ? content : Buffer.from(marked.reduce((text, [marker, value]) => text.replaceAll(marker, String(value)), content.toString())));
      }
    }
    if (isFalse(properties.Prune)) { return; }
    for (const { key } of await s3.list(bucket, prefix === '' ? '' : `${prefix}/`)) {
      if (!keys.has(key)) { await s3.delete(bucket, key); }
    }
  };
  const physicalOf = (physicalId: string, { properties, stack: { partition } }: ResourceRequest) => ({
    physicalId,
    attributes: { DestinationBucketArn: `arn:${partition}:s3:::${String(properties.DestinationBucketName)}`, SourceObjectKeys: properties.SourceObjectKeys },
  });
  return {
    async create(request) {
      await deploy(request.properties);
      return physicalOf(request.generatedName(100), request);
    },
    async update(request, { physicalId }, old) {
      const { properties } = request;
      await deploy(properties);
      if (old.DestinationBucketName !== properties.DestinationBucketName || old.DestinationBucketKeyPrefix !== properties.DestinationBucketKeyPrefix) { await remove(s3, old); }
      return physicalOf(physicalId, request);
    },
    delete: ({ properties }) => remove(s3, properties),
  };
}

/** What was deployed goes with the resource, unless it is to stay. */
async function remove(s3: S3Folder, properties: Properties): Promise<void> {
  const bucket = String(properties.DestinationBucketName);
  const prefix = String(properties.DestinationBucketKeyPrefix ?? '').replace(/^\/+|\/+$/g, '');
  if (properties.RetainOnDelete === undefined || !isFalse(properties.RetainOnDelete) || !await s3.hasBucket(bucket)) { return; }
  for (const { key } of await s3.list(bucket, prefix === '' ? '' : `${prefix}/`)) { await s3.delete(bucket, key); }
}

function autoDeleteObjects(s3: S3Folder): ResourceType {
  return {
    create: ({ properties }) => Promise.resolve({ physicalId: String(properties.BucketName), attributes: {} }),
    update: ({ properties }) => Promise.resolve({ physicalId: String(properties.BucketName), attributes: {} }),
    async delete({ properties }) {
      const bucket = String(properties.BucketName);
      if (!await s3.hasBucket(bucket)) { return; }
      for (const { key } of await s3.list(bucket)) { await s3.delete(bucket, key); }
    },
  };
}

const isFalse = (value: unknown) => value === false || value === 'false';

function refuse(properties: Properties, names: readonly string[]): void {
  const found = names.filter((name) => properties[name] !== undefined);
  if (found.length > 0) { throw new Error(`Not supported by the local AWS: ${found.join(', ')} of a bucket deployment`); }
}
