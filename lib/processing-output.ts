import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { grantWrite, placeInBucket, type S3Place } from './template/s3-access';
import { folder } from './template/s3-folder';
import { stackBucket } from './template/stack-bucket';
import { namePrefix } from './template/names';

/** When an output is written to S3. */
export enum ProcessingUpload {
  /** When the job has ended. */
  END_OF_JOB = 'EndOfJob',
  /** Each file as soon as it is there. */
  CONTINUOUS = 'Continuous',
}

/** Where in the container an output is found, and when it is written. */
export interface ProcessingOutputOptions {
  /**
   * The folder in the container, at most 256 characters.
   *
   * @default - `/opt/ml/processing/output/<name>`
   */
  readonly localPath?: string;
  /**
   * When it is written.
   *
   * @default ProcessingUpload.END_OF_JOB
   */
  readonly upload?: ProcessingUpload;
}

/** What a place is made of that has none of its own. */
export interface ProcessingOutputContext {
  /** The name of the output. */
  readonly name: string;
  /** A text that is another one for another job. */
  readonly jobHash: string;
  /**
   * The key that the outputs of the job are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly encryptionKey?: IKey;
}

/** An output, ready to be named in a template. */
export interface ProcessingOutputConfig {
  /** The bucket. */
  readonly bucket: IBucket;
  /** The prefix of its keys, with a slash at its end unless it is the whole bucket. */
  readonly prefix: string;
  /** Where it comes from. */
  readonly options: ProcessingOutputOptions;
}

/**
 * What a processing job writes. `ProcessingOutput` of the Python SDK.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutput.html
 *
 * @example
 * new ProcessingJob(this, 'Prepare', {
 *   image,
 *   capacity,
 *   outputs: {
 *     clean: ProcessingOutput.toStackBucket(),
 *     report: ProcessingOutput.toBucket(bucket, 'reports/latest', { localPath: '/opt/report', upload: ProcessingUpload.CONTINUOUS }),
 *   },
 * });
 */
export abstract class ProcessingOutput {
  /** Below a prefix of a bucket, to the letter: another run writes to the same place, over what is there. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: ProcessingOutputOptions = {}): ProcessingOutput {
    return new InBucket(bucket, prefix, options);
  }

  /**
   * In a bucket of the stack, made when it is first needed: encrypted, private, and kept when the stack is deleted. What the template says of the job is
   * part of the place, so that a job that was changed does not write over the output of the one before.
   */
  public static toStackBucket(options: ProcessingOutputOptions = {}): ProcessingOutput {
    return new InStackBucket(options);
  }

  /** Lets the job write there and says where "there" is. */
  public abstract bind(job: Construct, grantee: IGrantable, context: ProcessingOutputContext): ProcessingOutputConfig;
}

class InBucket extends ProcessingOutput {
  public constructor(private readonly bucket: IBucket, private readonly prefix: string, private readonly options: ProcessingOutputOptions) { super(); }

  public bind(_job: Construct, grantee: IGrantable, { encryptionKey }: ProcessingOutputContext): ProcessingOutputConfig {
    return written(placeInBucket(this.bucket, folder(this.prefix), encryptionKey), grantee, this.bucket, folder(this.prefix), this.options);
  }
}

class InStackBucket extends ProcessingOutput {
  public constructor(private readonly options: ProcessingOutputOptions) { super(); }

  public bind(job: Construct, grantee: IGrantable, { name, jobHash, encryptionKey }: ProcessingOutputContext): ProcessingOutputConfig {
    const bucket = stackBucket(job);
    const own = `processing/${namePrefix(job)}/`;
    // all runs of the job, so that the policy does not hang on what it is part of
    return written(placeInBucket(bucket, own, encryptionKey), grantee, bucket, `${own}${jobHash}/${name}/`, this.options);
  }
}

function written(place: S3Place, grantee: IGrantable, bucket: IBucket, prefix: string, options: ProcessingOutputOptions): ProcessingOutputConfig {
  grantWrite(place, grantee);
  return { bucket, prefix, options };
}
