import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IDependable } from 'constructs';
import { refuse } from './request/checks';
import { deployedInput } from './template/deployed-input';
import { grantRead, placeInBucket, placeOfUri, s3Uri, type S3Place } from './template/s3-access';

/** How a container gets the data of a channel. */
export enum InputMode {
  /** As files that are there before the job begins. */
  FILE = 'File',
  /** As a named pipe that each object flows through. */
  PIPE = 'Pipe',
  /** As files that are fetched when they are read. */
  FAST_FILE = 'FastFile',
}

/** How the instances of a job share a channel. */
export enum DataDistribution {
  /** Each instance gets all of it. */
  FULLY_REPLICATED = 'FullyReplicated',
  /** Each instance gets a part of the objects. */
  SHARDED_BY_S3_KEY = 'ShardedByS3Key',
}

/** How the objects of a channel are compressed. */
export enum InputCompression {
  /** With gzip. Only where the channel is a pipe. */
  GZIP = 'Gzip',
}

/** What each object of a channel is wrapped in. */
export enum RecordWrapper {
  /** In RecordIO. Only where the channel is a pipe. */
  RECORD_IO = 'RecordIO',
}

/** How a channel hands its data over. */
export interface ChannelOptions {
  /**
   * How the container gets the data.
   *
   * @default - as the algorithm says
   */
  readonly inputMode?: InputMode;
  /**
   * The MIME type of the data, at most 256 characters.
   *
   * @default - none is sent
   */
  readonly contentType?: string;
  /**
   * How the objects are compressed.
   *
   * @default - they are not
   */
  readonly compression?: InputCompression;
  /**
   * What each object is wrapped in.
   *
   * @default - nothing
   */
  readonly recordWrapper?: RecordWrapper;
  /**
   * Shuffles the objects of the channel, by this seed.
   *
   * @default - in order of their keys
   */
  readonly shuffleSeed?: number;
  /**
   * How the instances share the data.
   *
   * @default DataDistribution.FULLY_REPLICATED
   */
  readonly distribution?: DataDistribution;
  /**
   * Says which data lie there. Data that change under the same prefix are invisible to a deployment: another
   * revision here is another run.
   *
   * @default - data under the same prefix count as the same
   */
  readonly revision?: string;
}

/** How a prefix of S3 hands its data over. */
export interface S3ChannelOptions extends ChannelOptions {
  /**
   * The key the objects are encrypted with, if it is not the bucket's own.
   *
   * @default - the bucket's key, if it has one
   */
  readonly encryptionKey?: IKey;
}

/** How files of the app are uploaded, and handed over. */
export interface AssetChannelOptions extends ChannelOptions {
  /**
   * The bucket they are unpacked in, under `inputs/<hash>/`.
   *
   * @default - a bucket of the stack
   */
  readonly bucket?: IBucket;
}

/** The data of a channel, ready to be named in a request. */
export interface DataSourceConfig {
  /** The prefix in S3. */
  readonly s3Uri: string;
  /** How they are handed over. */
  readonly options: ChannelOptions;
  /**
   * A hash of the data, where that is known.
   *
   * @default - the address and the revision count
   */
  readonly contentHash?: string;
  /**
   * What must have been deployed before the data are there.
   *
   * @default - nothing
   */
  readonly dependencies?: IDependable[];
}

/**
 * The data of one channel of a job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html
 */
export abstract class DataSource {
  /** Every object of a bucket whose key begins with the prefix. */
  public static fromBucket(bucket: IBucket, prefix: string = '', options: S3ChannelOptions = {}): DataSource {
    return new S3Data(() => placeInBucket(bucket, prefix, options.encryptionKey), options);
  }

  /** Every object whose URI begins like this: `s3://bucket/prefix`. Throws when it is no such URI. */
  public static fromS3Uri(uri: string, options: S3ChannelOptions = {}): DataSource {
    return new S3Data((scope) => placeOfUri(scope, uri, options.encryptionKey)
      ?? refuse(scope, 'inputs', 'have data at s3://bucket/prefix', uri), options);
  }

  /**
   * A file or a directory of the app, unpacked in a bucket when the app is deployed. File names stay as they are.
   * Old data stay, since a rollback needs them. Up to about 400 MB; what is larger belongs in a bucket of its own.
   *
   * Throws when it does not exist, or a link leads outside the directory.
   */
  public static fromAsset(path: string, options: AssetChannelOptions = {}): DataSource {
    return new AssetData(path, options);
  }

  /** Lets the job read the data and says where they are. */
  public abstract bind(job: Construct, grantee: IGrantable): DataSourceConfig;
}

class S3Data extends DataSource {
  public constructor(private readonly place: (scope: Construct) => S3Place, private readonly options: ChannelOptions) { super(); }

  public bind(job: Construct, grantee: IGrantable): DataSourceConfig {
    const place = this.place(job);
    grantRead(place, grantee);
    return { s3Uri: s3Uri(place), options: this.options };
  }
}

class AssetData extends DataSource {
  public constructor(private readonly path: string, private readonly options: AssetChannelOptions) { super(); }

  public bind(job: Construct, grantee: IGrantable): DataSourceConfig {
    const { place, contentHash, deployment } = this.deployed(job);
    grantRead(place, grantee);
    return { s3Uri: s3Uri(place), options: this.options, contentHash, dependencies: [deployment] };
  }

  private deployed(job: Construct): ReturnType<typeof deployedInput> {
    try {
      return deployedInput(job, this.path, this.options.bucket);
    } catch (error) {
      return refuse(job, 'inputs', `be files that can be uploaded: ${(error as Error).message}`, this.path);
    }
  }
}
