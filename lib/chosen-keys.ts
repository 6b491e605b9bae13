import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { CapacityConfig } from './capacity';
import type { Encryption, EncryptionKeys } from './encryption';
import { EXPRESS } from './limits/training-job-rules';
import type { OutputLocationConfig } from './output-location';
import { refuse } from './request/checks';
import { hasLocalStorage } from './request/instance-type-warnings';
import { ENCRYPTION } from './request/kinds';
import { defaultsOf } from './template/defaults';
import { granteeFor } from './template/granted';
import { grantEncrypt } from './template/s3-access';

/** A key of storage, and the prop that says so. */
export interface ChosenKey {
  readonly key: IKey;
  readonly prop: string;
}

/** What a construct says of keys, else what is said nearest for all. What an option of its own names goes before both. */
export function keysOf(scope: Construct, encryption: Encryption | undefined): EncryptionKeys {
  return checkedKeys(scope, 'encryption', encryption) ?? defaultsOf(scope).encryption ?? {};
}

/** The keys of what a program without types may have passed; what is known at deployment is no encryption either. */
export function checkedKeys(scope: Construct, prop: string, encryption: Encryption | undefined): EncryptionKeys | undefined {
  if (encryption !== undefined && !ENCRYPTION[1](encryption)) { refuse(scope, prop, `be ${ENCRYPTION[0]}`, encryption ?? undefined); }
  return encryption?._keys(scope, prop);
}

/**
 * The key of the storage of instances. With none of its own, storage that hardware encrypts is given none: SageMaker would refuse it. Where types of
 * both kinds are asked for, the key is, and a warning names those that take none: storage without the key is not made in silence.
 */
export function volumeKeyOf(scope: Construct, own: ChosenKey | undefined, encryption: Encryption | undefined, instanceTypes: readonly string[]): ChosenKey | undefined {
  if (own) { return own; }
  const { volumeKey } = keysOf(scope, encryption);
  return volumeKey && !instanceTypes.every(hasLocalStorage) ? { key: volumeKey, prop: 'encryption' } : undefined;
}

/** The same for the instances of a job; none where the service chooses them. */
export function volumeKeyOfCapacity(scope: Construct, { volumeKey, instanceType, instanceGroups = {}, instancePreferences = [] }: CapacityConfig, encryption: Encryption | undefined): ChosenKey | undefined {
  const types = [instanceType ?? [], ...[...Object.values(instanceGroups), ...instancePreferences].map((each) => each.instanceType)].flat();
  return volumeKeyOf(scope, volumeKey && { key: volumeKey, prop: 'capacity.volumeKey' }, encryption, types);
}

/** The key of what is written to a place that names none itself; who writes there may use it. Directory buckets of S3 Express One Zone take none. */
export function outputKeyOf(scope: Construct, encryption: Encryption | undefined, uri: string, writers: readonly IGrantable[]): IKey | undefined {
  const { outputKey } = keysOf(scope, encryption);
  if (!outputKey || EXPRESS.test(uri)) { return undefined; }
  writers.forEach((writer) => grantEncrypt(outputKey, granteeFor(scope, 'encryption', writer)));
  return outputKey;
}

/** An output with its key: that of its own, else the one that is chosen for all. */
export function encryptedOutput(scope: Construct, encryption: Encryption | undefined, output: OutputLocationConfig, writer: IGrantable): OutputLocationConfig {
  const encryptionKey = output.options.encryptionKey ?? outputKeyOf(scope, encryption, `s3://${output.bucket.bucketName}/`, [writer]);
  return { ...output, options: { ...output.options, encryptionKey } };
}
