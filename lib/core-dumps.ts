import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { lengthInRange } from './request/checks';
import { OF_CORE_DUMPS } from './request/hosting-prop-kinds';
import { checkPlace } from './request/kinds';
import { grantWrite, placeInBucket, s3Uri } from './template/s3-access';
import { folder, withoutSlash } from './template/s3-folder';

/** How core dumps are kept. */
export interface CoreDumpsOptions {
  /**
   * The key that they are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly encryptionKey?: IKey;
}

/** Where core dumps go, ready to be named in a request. */
export interface CoreDumpsConfig {
  /** The place in S3. */
  readonly s3Uri: string;
  /**
   * The key that they are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly encryptionKey?: IKey;
}

/**
 * What is left of the memory of a container that crashed, written to S3. The models' roles may write it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html
 *
 * @example
 * model.deploy('Endpoint', { instanceType: 'ml.m5.large', coreDumps: CoreDumps.toBucket(bucket, 'crashes') });
 */
export abstract class CoreDumps {
  /** Dumps below a prefix of a bucket. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: CoreDumpsOptions = {}): CoreDumps {
    return new ToBucket(bucket, prefix, options);
  }

  /** Lets a model write there, and says where there is. */
  public abstract bind(config: Construct, prop: string, model: IGrantable): CoreDumpsConfig;
}

class ToBucket extends CoreDumps {
  public constructor(private readonly bucket: IBucket, private readonly prefix: string, private readonly options: CoreDumpsOptions) { super(); }

  public bind(config: Construct, prop: string, model: IGrantable): CoreDumpsConfig {
    checkPlace(config, `${prop}.`, { bucket: this.bucket, prefix: this.prefix, options: this.options }, OF_CORE_DUMPS);
    const { encryptionKey } = this.options;
    const place = placeInBucket(this.bucket, folder(this.prefix), encryptionKey);
    const uri = withoutSlash(s3Uri(place));
    lengthInRange(config, prop, uri, 1, 512);
    // of a bucket of the app the name is not known, which has at least 3 characters
    lengthInRange(config, `${prop}: prefix`, withoutSlash(folder(this.prefix)), 0, 512 - 's3://abc/'.length);
    grantWrite(place, model);
    return { s3Uri: uri, encryptionKey };
  }
}
