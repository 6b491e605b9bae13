import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { lengthInRange, oneOf } from './request/checks';
import { BUCKET, checkGiven, checkOptions, KEY, TEXT } from './request/kinds';
import { grantRead, placeInBucket, s3Uri } from './template/s3-access';

/** What a baseline is written in. */
export interface ShapBaselineOptions {
  /**
   * `text/csv` or `application/jsonlines`.
   *
   * @default 'text/csv'
   */
  readonly mimeType?: string;
}

/** What a baseline in S3 is written in, and encrypted with. */
export interface ShapBaselineObjectOptions extends ShapBaselineOptions {
  /**
   * The key that it is encrypted with, if it is not the bucket's own.
   *
   * @default - the bucket's key, if it has one
   */
  readonly encryptionKey?: IKey;
}

/** A baseline, ready to be named in a request. */
export interface ShapBaselineConfig {
  /**
   * The records themselves.
   *
   * @default - they are in S3
   */
  readonly records?: string;
  /**
   * The object with the records.
   *
   * @default - they are said
   */
  readonly s3Uri?: string;
  /**
   * What they are written in.
   *
   * @default 'text/csv'
   */
  readonly mimeType?: string;
}

/**
 * The records that SHAP compares others with, in the format of the training data without labels. For texts: what stands in their place.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClarifyShapBaselineConfig.html
 *
 * @example
 * const said = ShapBaseline.of('0.5,1,blue');
 * const stored = ShapBaseline.fromBucket(bucket, 'baseline.jsonl', { mimeType: 'application/jsonlines' });
 */
export abstract class ShapBaseline {
  /** The records themselves; 1 to 4,096 characters. */
  public static of(records: string, options: ShapBaselineOptions = {}): ShapBaseline {
    return new Said(records, options);
  }

  /** An object of a bucket. The models may read it. */
  public static fromBucket(bucket: IBucket, key: string, options: ShapBaselineObjectOptions = {}): ShapBaseline {
    return new InBucket(bucket, key, options);
  }

  /** Lets a model read the records, and says where they are. */
  public abstract bind(config: Construct, model: IGrantable): ShapBaselineConfig;
}

const checkType = (config: Construct, mimeType: string | undefined): void => oneOf(config, 'explainer.baseline: mimeType', mimeType, ['text/csv', 'application/jsonlines']);

class Said extends ShapBaseline {
  public constructor(private readonly records: string, private readonly options: ShapBaselineOptions) { super(); }

  public bind(config: Construct): ShapBaselineConfig {
    checkGiven(config, 'explainer.baseline: records', this.records, TEXT);
    checkOptions(config, 'explainer.baseline: ', this.options, { mimeType: TEXT });
    lengthInRange(config, 'explainer.baseline', this.records, 1, 4096);
    checkType(config, this.options.mimeType);
    return { records: this.records, mimeType: this.options.mimeType };
  }
}

class InBucket extends ShapBaseline {
  public constructor(private readonly bucket: IBucket, private readonly key: string, private readonly options: ShapBaselineObjectOptions) { super(); }

  public bind(config: Construct, model: IGrantable): ShapBaselineConfig {
    checkGiven(config, 'explainer.baseline: bucket', this.bucket, BUCKET);
    checkGiven(config, 'explainer.baseline: key', this.key, TEXT);
    checkOptions(config, 'explainer.baseline: ', this.options, { mimeType: TEXT, encryptionKey: KEY });
    const place = placeInBucket(this.bucket, this.key, this.options.encryptionKey);
    lengthInRange(config, 'explainer.baseline: key', this.key, 1, 960);
    checkType(config, this.options.mimeType);
    grantRead({ ...place, isObject: true }, model);
    return { s3Uri: s3Uri(place), mimeType: this.options.mimeType };
  }
}
