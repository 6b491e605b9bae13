import { urlSuffixOf } from '../../limits/partitions';
import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical } from '../cloudformation/stack-record';
import type { LocalServices } from './services';

/** What buckets are made of. */
interface BucketServices extends Pick<LocalServices, 's3'> {
  readonly events: Pick<LocalServices['events'], 'watch'>;
}

/** A real bucket of the local S3; it has to be empty when it goes, as at AWS. */
export function bucketType({ s3, events }: BucketServices): ResourceType {
  return {
    replaces: whenChanged('BucketName'),
    async create(request) {
      const name = String(request.properties.BucketName ?? request.generatedName(63).toLowerCase());
      if (await s3.hasBucket(name)) { throw new Error(`${name} already exists`); }
      request.planned(physicalOf(name, request));
      await s3.createBucket(name);
      events.watch(name, isWatched(request.properties.NotificationConfiguration));
      return physicalOf(name, request);
    },
    async update(request, { physicalId }, old) {
      const is = isWatched(request.properties.NotificationConfiguration);
      if (is !== isWatched(old.NotificationConfiguration)) { events.watch(physicalId, is); }
      return physicalOf(physicalId, request);
    },
    async restore({ properties }, { physicalId }) { if (isWatched(properties.NotificationConfiguration)) { events.watch(physicalId, true); } },
    async delete(_, { physicalId }) {
      events.watch(physicalId, false);
      await s3.deleteBucket(physicalId);
    },
  };
}

/** Whether a bucket sends its events to EventBridge. */
export function isWatched(configuration: unknown): boolean {
  const { EventBridgeConfiguration: bridge } = (configuration ?? {}) as { EventBridgeConfiguration?: { EventBridgeEnabled?: unknown } };
  return bridge !== undefined && String(bridge.EventBridgeEnabled ?? true) === 'true';
}

/** A bucket is known by its name. */
export function physicalOf(name: string, { stack: { partition, region } }: Pick<ResourceRequest, 'stack'>): Physical {
  const domain = urlSuffixOf(region);
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:${partition}:s3:::${name}`, DomainName: `${name}.s3.${domain}`, RegionalDomainName: `${name}.s3.${region}.${domain}`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.${domain}`, WebsiteURL: `http://${name}.s3-website-${region}.${domain}`,
    },
  };
}
