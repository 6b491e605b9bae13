import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const ID = 'SageMakerBucket';

/** The bucket of a stack for what has no bucket of its own: artifacts and unpacked inputs. Made when first asked for, and kept when the stack goes. */
export function stackBucket(scope: Construct): IBucket {
  const stack = Stack.of(scope);
  return (stack.node.tryFindChild(ID) as Bucket | undefined) ?? new Bucket(stack, ID, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
