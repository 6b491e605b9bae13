import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { defaultsOf } from './defaults';

const ID = 'SageMakerBucket';

/**
 * The bucket of a stack for what has no bucket of its own: artifacts and unpacked inputs. Made when first asked for, and kept when the stack goes. It is
 * encrypted as `SageMakerDefaults` has it for the whole stack: what one job says is said of its own objects.
 */
export function stackBucket(scope: Construct): IBucket {
  const stack = Stack.of(scope);
  const { outputKey } = defaultsOf(stack).encryption ?? {};
  return (stack.node.tryFindChild(ID) as Bucket | undefined) ?? new Bucket(stack, ID, {
    ...(outputKey ? { encryption: BucketEncryption.KMS, encryptionKey: outputKey, bucketKeyEnabled: true } : { encryption: BucketEncryption.S3_MANAGED }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
