import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { usable } from './request/kinds';
import { grantWrite, placeInBucket, s3Uri } from './template/s3-access';
import { folder } from './template/s3-folder';

/** How what goes through a transform job is captured. */
export interface BatchDataCaptureOptions {
  /**
   * The key that records are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether each record gets an id, by which what is true of it can be told later.
   *
   * @default false
   */
  readonly generateInferenceId?: boolean;
}

/** A place for captured records, ready to be named in a request. */
export interface BatchDataCaptureConfig {
  /** The folder in S3. */
  readonly s3Uri: string;
  /** How they are captured. */
  readonly options: BatchDataCaptureOptions;
}

/**
 * Where SageMaker writes what goes in and out of a transform job, for Model Monitor. The model's role may write there. `BatchDataCaptureConfig` of
 * the Python SDK.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BatchDataCaptureConfig.html
 *
 * @example
 * model.transform('Scores', {
 *   input: DataSource.fromBucket(bucket, 'batch/'),
 *   instanceType: 'ml.m5.large',
 *   dataCapture: BatchDataCapture.toBucket(bucket, 'captured', { generateInferenceId: true }),
 * });
 */
export class BatchDataCapture {
  /** Below a prefix of a bucket, which is sent to the letter. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: BatchDataCaptureOptions = {}): BatchDataCapture {
    return new BatchDataCapture(bucket, prefix, options);
  }

  private constructor(private readonly bucket: IBucket, private readonly prefix: string, private readonly options: BatchDataCaptureOptions) {}

  /** Lets the model write there, and says where "there" is. */
  public bind(job: Construct, model: IGrantable): BatchDataCaptureConfig {
    return usable(job, 'dataCapture', () => {
      grantWrite(placeInBucket(this.bucket, folder(this.prefix), this.options.encryptionKey), model);
      const { bucketName } = this.bucket;
      return { s3Uri: this.prefix === '' ? `s3://${bucketName}` : s3Uri({ bucketName, prefix: this.prefix }), options: this.options };
    });
  }
}
