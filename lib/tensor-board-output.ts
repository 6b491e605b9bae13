import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { OutputLocationConfig } from './output-location';
import { savedAt, type Place } from './template/output-place';
import { grantWrite } from './template/s3-access';

/** How TensorBoard data are kept. */
export interface TensorBoardOptions {
  /**
   * The folder in the container that they are written in.
   *
   * @default '/opt/ml/output/tensorboard'
   */
  readonly localPath?: string;
}

/** TensorBoard data, ready to be named in a request. */
export interface TensorBoardOutputConfig {
  /** Where they are kept. */
  readonly s3Uri: string;
  /**
   * The folder in the container.
   *
   * @default - /opt/ml/output/tensorboard
   */
  readonly localPath?: string;
}

/**
 * Where a job keeps its data for TensorBoard while it runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TensorBoardOutputConfig.html
 *
 * @example
 * new TrainingJob(this, 'Train', { algorithm, capacity, tensorBoard: TensorBoardOutput.fromBucket(bucket, 'boards/digits/') });
 */
export class TensorBoardOutput {
  /** Below a prefix of a bucket. */
  public static fromBucket(bucket: IBucket, prefix: string = '', options: TensorBoardOptions = {}): TensorBoardOutput {
    return new TensorBoardOutput({ bucket, prefix }, options);
  }

  /** With the artifact, in `<output>/<job>/tensorboard-output`. */
  public static toOutput(options: TensorBoardOptions = {}): TensorBoardOutput {
    return new TensorBoardOutput(undefined, options);
  }

  private constructor(private readonly place: Place | undefined, private readonly options: TensorBoardOptions) {}

  /** Lets the job write its data and says where they are. */
  public bind(_job: Construct, grantee: IGrantable, output: OutputLocationConfig): TensorBoardOutputConfig {
    const { place, s3Uri } = savedAt(this.place, output);
    grantWrite(place, grantee);
    return { s3Uri, localPath: this.options.localPath };
  }
}
