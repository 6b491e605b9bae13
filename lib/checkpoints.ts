import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { grantRead, grantWrite, placeInBucket, s3Uri } from './template/s3-access';

/** How checkpoints are kept. */
export interface CheckpointOptions {
  /**
   * The folder in the container that SageMaker keeps in step with S3.
   *
   * @default '/opt/ml/checkpoints'
   */
  readonly localPath?: string;
}

/** Checkpoints, ready to be named in a request. */
export interface CheckpointsConfig {
  /** Where they are kept. */
  readonly s3Uri: string;
  /**
   * The folder in the container.
   *
   * @default - /opt/ml/checkpoints
   */
  readonly localPath?: string;
}

/**
 * Where a job keeps its checkpoints, and takes them up again after an interruption.
 *
 * Another run with the same place goes on from the checkpoints it finds there: give each a prefix of its own.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity: Capacity.spot({ instanceType: 'ml.g5.xlarge', maxWait: Duration.hours(4) }),
 *   checkpoints: Checkpoints.fromBucket(bucket, 'checkpoints/run-1/', { localPath: '/opt/ml/points' }),
 * });
 */
export class Checkpoints {
  /** Below a prefix of a bucket. */
  public static fromBucket(bucket: IBucket, prefix: string = '', options: CheckpointOptions = {}): Checkpoints {
    return new Checkpoints(bucket, prefix, options);
  }

  private constructor(private readonly bucket: IBucket, private readonly prefix: string, private readonly options: CheckpointOptions) {}

  /** Lets the job read and write its checkpoints and says where they are. */
  public bind(_job: Construct, grantee: IGrantable): CheckpointsConfig {
    // the folder, and nothing whose name only begins like it
    const folder = this.prefix.replace(/\/+$/, '');
    const place = placeInBucket(this.bucket, folder === '' ? '' : `${folder}/`);
    grantRead(place, grantee);
    grantWrite(place, grantee);
    return { s3Uri: s3Uri(placeInBucket(this.bucket, this.prefix)), localPath: this.options.localPath };
  }
}
