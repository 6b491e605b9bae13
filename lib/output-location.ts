import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { usable } from './request/kinds';
import { grantWrite, placeInBucket } from './template/s3-access';
import { stackBucket } from './template/stack-bucket';

/** How the artifact of a job is packed. */
export enum OutputCompression {
  /** One `model.tar.gz`. */
  GZIP = 'GZIP',
  /** A folder of files. */
  NONE = 'NONE',
}

/** How outputs are written. */
export interface OutputOptions {
  /**
   * The key the outputs are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly encryptionKey?: IKey;
  /**
   * How the artifact is packed.
   *
   * @default OutputCompression.GZIP
   */
  readonly compression?: OutputCompression;
}

/** An output location, ready to be named in a request. */
export interface OutputLocationConfig {
  /** The bucket. */
  readonly bucket: IBucket;
  /** Below which prefix, without a slash at its end; each job makes a folder of its own there. */
  readonly prefix: string;
  /** How outputs are written. */
  readonly options: OutputOptions;
}

/**
 * Where a job writes its artifact.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   output: OutputLocation.fromBucket(bucket, 'models/digits', { encryptionKey: key, compression: OutputCompression.NONE }),
 * });
 */
export abstract class OutputLocation {
  /** Below a prefix of a bucket; each job makes a folder of its own there. */
  public static fromBucket(bucket: IBucket, prefix: string = '', options: OutputOptions = {}): OutputLocation {
    return new InBucket(bucket, prefix, options);
  }

  /** In a bucket of the stack, made when it is first needed: encrypted, private, and kept when the stack is deleted. */
  public static stackBucket(options: OutputOptions = {}): OutputLocation {
    return new InStackBucket(options);
  }

  /** Lets the job write here and says where "here" is. */
  public abstract bind(job: Construct, grantee: IGrantable): OutputLocationConfig;
}

class InBucket extends OutputLocation {
  public constructor(private readonly bucket: IBucket, private readonly prefix: string, private readonly options: OutputOptions) { super(); }

  public bind(job: Construct, grantee: IGrantable): OutputLocationConfig {
    return usable(job, 'output', () => {
      const prefix = this.prefix.replace(/\/+$/, '');
      grantWrite(placeInBucket(this.bucket, prefix === '' ? '' : `${prefix}/`, this.options.encryptionKey), grantee);
      return { bucket: this.bucket, prefix, options: this.options };
    });
  }
}

class InStackBucket extends OutputLocation {
  public constructor(private readonly options: OutputOptions) { super(); }

  public bind(job: Construct, grantee: IGrantable): OutputLocationConfig {
    return OutputLocation.fromBucket(stackBucket(job), 'jobs', this.options).bind(job, grantee);
  }
}
