import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** A `BucketDeployment` of the CDK, as far as it is looked at. By what it has, not by its class, which would be loaded for it. */
interface Deployment extends IConstruct {
  readonly handlerRole: IRole;
  readonly destinationBucket: IBucket;
}

/** The deployments of files of the app into a bucket. */
export function deploymentsInto(bucket: IBucket): Deployment[] {
  const resources = bucket.node.root.node.findAll().filter((part) => CfnResource.isCfnResource(part) && part.cfnResourceType === 'Custom::CDKBucketDeployment');
  const found = resources.flatMap((part) => part.node.scopes.filter((each): each is Deployment => 'handlerRole' in each && 'destinationBucket' in each));
  return [...new Set(found)].filter(({ destinationBucket: other }) => other === bucket || nameOf(other) === nameOf(bucket));
}

const nameOf = (bucket: IBucket): string => JSON.stringify(Stack.of(bucket).resolve(bucket.bucketName)) + Stack.of(bucket).node.path;
