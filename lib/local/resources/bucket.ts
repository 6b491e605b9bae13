import { urlSuffixOf } from '../../limits/partitions';
import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical } from '../cloudformation/stack-record';
import type { LocalServices } from './services';

/** A real bucket of the local S3; it has to be empty when it goes, as at AWS. */
export function bucketType({ s3 }: LocalServices): ResourceType {
  return {
    replaces: whenChanged('BucketName'),
    async create(request) {
      const name = String(request.properties.BucketName ?? request.generatedName(63).toLowerCase());
      if (await s3.hasBucket(name)) { throw new Error(`${name} already exists`); }
      request.planned(physicalOf(name, request));
      await s3.createBucket(name);
      return physicalOf(name, request);
    },
    update: (request, { physicalId }) => Promise.resolve(physicalOf(physicalId, request)),
    async delete(_, { physicalId }) {
      await s3.deleteBucket(physicalId);
    },
  };
}

function physicalOf(name: string, { stack: { partition, region } }: ResourceRequest): Physical {
  const domain = urlSuffixOf(region);
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:${partition}:s3:::${name}`, DomainName: `${name}.s3.${domain}`, RegionalDomainName: `${name}.s3.${region}.${domain}`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.${domain}`, WebsiteURL: `http://${name}.s3-website-${region}.${domain}`,
    },
  };
}
