import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { placeInBucket, s3Uri, type S3Place } from './s3-access';

/** A prefix of a bucket. */
export interface Place { readonly bucket: IBucket; readonly prefix: string }
/** Where the artifact of a job goes. */
export interface Output extends Place { readonly options: { readonly encryptionKey?: IKey } }

/**
 * Where a job saves what is neither its artifact nor a checkpoint: a place of its own, else with the artifact, as the Python SDK
 * has it. There SageMaker makes a folder for each job and each kind of output; the address is that of the artifact, to the letter.
 */
export function savedAt(place: Place | undefined, output: Output): { readonly place: S3Place; readonly s3Uri: string } {
  if (place) {
    const given = placeInBucket(place.bucket, place.prefix);
    return { place: given, s3Uri: s3Uri(given) };
  }
  const below = placeInBucket(output.bucket, output.prefix === '' ? '' : `${output.prefix}/`, output.options.encryptionKey);
  return { place: below, s3Uri: s3Uri({ bucketName: output.bucket.bucketName, prefix: output.prefix }) };
}
