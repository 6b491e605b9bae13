import type { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { lengthInRange, matches } from './request/checks';
import { BUCKET, checkArgument, STRUCTURE, TEXT } from './request/kinds';
import { placeInBucket, s3Uri } from './template/s3-access';

/** What a report is. */
export interface ModelReportOptions {
  /**
   * The MIME type.
   *
   * @default application/json
   */
  readonly contentType?: string;
  /**
   * The hash of its content: `sha256:` and 64 hex digits, or of another algorithm.
   *
   * @default - none
   */
  readonly digest?: string;
}

/**
 * A file in S3 that says something of a model: what Clarify and Model Monitor report, for instance. The registry keeps its address and reads nothing.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsSource.html
 *
 * @example
 * const quality = ModelReport.fromBucket(bucket, 'reports/quality.json');
 * training.register('Version', {
 *   group: new ModelPackageGroup(this, 'Digits'),
 *   contentTypes: ['text/csv'],
 *   responseTypes: ['text/csv'],
 *   metrics: { modelQuality: { statistics: quality } },
 * });
 */
export class ModelReport {
  /** An object of a bucket. */
  public static fromBucket(bucket: IBucket, key: string, options: ModelReportOptions = {}): ModelReport {
    checkArgument('ModelReport.fromBucket', 'bucket', bucket, BUCKET);
    checkArgument('ModelReport.fromBucket', 'key', key, TEXT);
    checkArgument('ModelReport.fromBucket', 'options', options, STRUCTURE);
    return new ModelReport(s3Uri(placeInBucket(bucket, key)), options);
  }

  /** By its URI: `s3://bucket/key`. */
  public static fromS3Uri(uri: string, options: ModelReportOptions = {}): ModelReport {
    checkArgument('ModelReport.fromS3Uri', 'options', options, STRUCTURE);
    return new ModelReport(uri, options);
  }

  private constructor(private readonly uri: string, private readonly options: ModelReportOptions) {}

  /**
   * As the registry has it.
   *
   * @internal
   */
  public _bind(modelPackage: Construct, prop: string): CfnModelPackage.MetricsSourceProperty {
    const { contentType = 'application/json', digest } = this.options;
    matches(modelPackage, prop, this.uri, /^s3:\/\/[^/]+\/.+$/, 'at s3://bucket/key');
    lengthInRange(modelPackage, `${prop}: contentType`, contentType, 1, 256);
    matches(modelPackage, `${prop}: digest`, digest, /^[Ss][Hh][Aa]256:[0-9a-fA-F]{64}$/, 'sha256: and 64 hex digits');
    return { s3Uri: this.uri, contentType, contentDigest: digest };
  }
}
