import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { grantFarKey } from './far-key';

/** Part of a bucket: everything whose key begins with the prefix. */
export interface S3Place {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly prefix: string;
  /** Whether the prefix is the whole key of one object, and nothing that only begins like it is meant. */
  readonly isObject?: boolean;
  /** Where known, so that a bucket of another account of the app gets its policy too. */
  readonly bucket?: IBucket;
  /** The keys that what lies there is encrypted with. */
  readonly keys: readonly IKey[];
}

export function placeInBucket(bucket: IBucket, prefix: string, key?: IKey): S3Place {
  const keys = [bucket.encryptionKey, key].filter((k): k is IKey => k !== undefined);
  return { bucket, bucketName: bucket.bucketName, bucketArn: bucket.bucketArn, prefix, keys: [...new Set(keys)] };
}

/** `s3://bucket/prefix` taken apart; undefined for anything else. */
export function placeOfUri(scope: Construct, uri: string, key?: IKey): S3Place | undefined {
  const parts = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  if (!parts) { return undefined; }
  const [, bucketName, prefix] = parts;
  const bucketArn = Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
  return { bucketName, bucketArn, prefix, keys: key ? [key] : [] };
}

export function s3Uri(place: Pick<S3Place, 'bucketName' | 'prefix'>): string {
  return `s3://${place.bucketName}/${place.prefix}`;
}

/**
 * Lets objects below the prefix be listed and read, and what they are encrypted with be decrypted. Also for a single
 * object: SageMaker lists it before it reads it.
 */
export function grantRead(place: S3Place, grantee: iam.IGrantable): void {
  grantList(place, grantee);
  grantObjects(place, grantee, ['s3:GetObject']);
  place.keys.forEach((key) => grantDecrypt(key, grantee));
}

/**
 * Lets objects be written below the prefix, and listed there, which SageMaker does before it accepts an output: by the
 * folder's name as it is given, with or without the slash at its end.
 */
export function grantWrite(place: S3Place, grantee: iam.IGrantable): void {
  grantList(place, grantee, place.prefix.endsWith('/') ? [place.prefix.slice(0, -1), keysOf(place)] : undefined);
  grantObjects(place, grantee, ['s3:PutObject', 's3:AbortMultipartUpload']);
  place.keys.forEach((key) => grantEncrypt(key, grantee));
}

/** Lets objects be encrypted with a key. A multipart upload decrypts the data key of its parts when it puts them together. */
export function grantEncrypt(key: IKey, grantee: iam.IGrantable): void {
  grantKey(key, grantee, 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:Decrypt');
}

/** Lets objects be decrypted with a key. */
export function grantDecrypt(key: IKey, grantee: iam.IGrantable): void {
  grantKey(key, grantee, 'kms:Decrypt');
}

function grantKey(key: IKey, grantee: iam.IGrantable, ...actions: string[]): void {
  if (!grantFarKey(key, grantee, actions)) { key.grant(grantee, ...actions); }
}

function grantList(place: S3Place, grantee: iam.IGrantable, prefixes = [keysOf(place)]): void {
  const conditions = place.prefix === '' ? undefined : { StringLike: { 's3:prefix': prefixes } };
  grant(place, grantee, ['s3:ListBucket'], place.bucketArn, conditions);
}

function grantObjects(place: S3Place, grantee: iam.IGrantable, actions: string[]): void {
  grant(place, grantee, actions, `${place.bucketArn}/${keysOf(place)}`);
}

const keysOf = (place: S3Place) => (place.isObject ? place.prefix : `${place.prefix}*`);

/** In the bucket's policy too, if the bucket is made by the app in another account. */
function grant(place: S3Place, grantee: iam.IGrantable, actions: string[], arn: string, conditions?: Record<string, Record<string, unknown>>): void {
  const options = { grantee, actions, resourceArns: [arn], conditions };
  if (place.bucket) {
    iam.Grant.addToPrincipalOrResource({ ...options, resource: place.bucket });
  } else {
    iam.Grant.addToPrincipal(options);
  }
}
