import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { refuse, revisionText } from './request/checks';
import { grantRead, placeInBucket, placeOfUri, s3Uri, type S3Place } from './template/s3-access';

/** How the artifact of a model is kept. */
export interface ModelDataOptions {
  /**
   * The key the artifact is encrypted with, if it is not the bucket's own.
   *
   * @default - the bucket's key, if it has one
   */
  readonly encryptionKey?: IKey;
  /**
   * Says which artifact lies there, in 1 to 256 characters. One that is overwritten is invisible to a deployment: another revision here runs every
   * job again that reads it, for instance the one that packs a script into it. A model alone takes no notice: SageMaker reads its artifact when
   * instances start.
   *
   * @default - an artifact at the same address counts as the same
   */
  readonly revision?: string;
}

/** The artifact of a model, ready to be named in a request. */
export interface ModelDataConfig {
  /** The object, or the prefix with a slash at its end. */
  readonly s3Uri: string;
  /** Whether it is one compressed archive, or a folder of files. */
  readonly isCompressed: boolean;
  /**
   * Which artifact lies there, by the user's own word.
   *
   * @default - an artifact at the same address counts as the same
   */
  readonly revision?: string;
}

/**
 * The artifact of a model: a `model.tar.gz`, or a folder of files.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 *
 * @example
 * const modelData = ModelData.fromBucket(bucket, 'models/digits/model.tar.gz');
 * new Model(this, 'Model', { image, modelData });
 */
export abstract class ModelData {
  /**
   * An object of a bucket, or, where the key ends with a slash, the files below it.
   */
  public static fromBucket(bucket: IBucket, key: string, options: ModelDataOptions = {}): ModelData {
    return new S3ModelData(() => placeInBucket(bucket, key, options.encryptionKey), options.revision);
  }

  /** By its URI: `s3://bucket/model.tar.gz`, or `s3://bucket/folder/` with the slash. Throws when it is no such URI. */
  public static fromS3Uri(uri: string, options: ModelDataOptions = {}): ModelData {
    return new S3ModelData((scope) => placeOfUri(scope, uri, options.encryptionKey) ?? refuse(scope, 'modelData', 'be at s3://bucket/key', uri), options.revision);
  }

  /** Lets the model read the artifact and says where it is. */
  public abstract bind(model: Construct, grantee: IGrantable): ModelDataConfig;
}

class S3ModelData extends ModelData {
  public constructor(private readonly place: (scope: Construct) => S3Place, private readonly revision?: string) { super(); }

  public bind(model: Construct, grantee: IGrantable): ModelDataConfig {
    revisionText(model, 'modelData: revision', this.revision);
    const place = this.place(model);
    const isCompressed = !place.prefix.endsWith('/');
    grantRead({ ...place, isObject: isCompressed }, grantee);
    return { s3Uri: s3Uri(place), isCompressed, revision: this.revision };
  }
}
