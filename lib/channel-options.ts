import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

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
  /** Not at all. */
  NONE = 'None',
  /** With gzip. A channel must be a pipe for that; a transform job takes it as it is. */
  GZIP = 'Gzip',
}

/** What each object of a channel is wrapped in. */
export enum RecordWrapper {
  /** In nothing. */
  NONE = 'None',
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

/** How objects of S3 are handed over. */
export interface S3ChannelOptions extends ChannelOptions {
  /**
   * Which instance groups of the capacity get the channel, by name; at most 5.
   *
   * @default - all of them
   */
  readonly instanceGroups?: string[];
  /**
   * Whether the license of a model that lies there is agreed to. A gated model of a hub needs it.
   *
   * @default - nothing is said of a license
   */
  readonly acceptEula?: boolean;
  /**
   * The ARN of the content of a private hub, a reference to a public model, that the data belong to.
   * The role may describe exactly this content.
   *
   * @default - the data belong to no hub
   */
  readonly hubContent?: string;
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
   * Which instance groups of the capacity get the channel, by name; at most 5.
   *
   * @default - all of them
   */
  readonly instanceGroups?: string[];
  /**
   * The bucket they are unpacked in, under `inputs/<hash>/`.
   *
   * @default - a bucket of the stack
   */
  readonly bucket?: IBucket;
}

/** How the artifact that training goes on from is handed over. */
export interface ModelChannelOptions {
  /**
   * The MIME type, at most 256 characters.
   *
   * @default 'application/x-sagemaker-model'
   */
  readonly contentType?: string;
  /**
   * Which instance groups of the capacity get the channel, by name; at most 5.
   *
   * @default - all of them
   */
  readonly instanceGroups?: string[];
  /**
   * Says which model lies there. Another model at the same address is invisible to a deployment: another revision here
   * is another run. The artifact of a training job has an address of its own for each run.
   *
   * @default - the revision of the model data; without one, a model at the same address counts as the same
   */
  readonly revision?: string;
}

/** Which part of the outputs of a job is handed over, and how. */
export interface OutputDataOptions extends S3ChannelOptions {
  /**
   * Which part: `output.tar.gz` is what a container leaves in `/opt/ml/output/data`; of an uncompressed output, that is
   * the folder `data/`, and the model is `model/`.
   *
   * @default - all of it
   */
  readonly part?: string;
}

/** Where the objects lie that a manifest names, and how they are handed over. */
export interface ManifestOptions extends S3ChannelOptions {
  /** The prefix of the bucket that all objects named by the manifest are below. The role may read what is there. */
  readonly dataPrefix: string;
  /**
   * The bucket of those objects.
   *
   * @default - the bucket of the manifest
   */
  readonly dataBucket?: IBucket;
}

/** What of the lines of an augmented manifest is handed over. */
export interface AugmentedManifestOptions extends ManifestOptions {
  /** Which attributes of each line, in this order; 1 to 16 names. */
  readonly attributeNames: string[];
}

/** How a dataset of a hub is handed over. */
export interface DatasetOptions {
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
   * Says which data it holds, where its ARN has no version.
   *
   * @default - data of the same ARN count as the same
   */
  readonly revision?: string;
}

/** How a directory of a file system is mounted. */
export enum FileSystemAccess {
  /** The job can't change it. */
  READ_ONLY = 'ro',
  /** The job can change it. */
  READ_WRITE = 'rw',
}

/** Which part of a file system a channel is. */
export interface FileSystemOptions {
  /**
   * The directory, for instance `/datasets/train`. For FSx for Lustre it is below the mount name, which is put before it.
   *
   * @default '/'
   */
  readonly directory?: string;
  /**
   * How it is mounted.
   *
   * @default FileSystemAccess.READ_ONLY
   */
  readonly access?: FileSystemAccess;
  /**
   * The MIME type of the data, at most 256 characters.
   *
   * @default - none is sent
   */
  readonly contentType?: string;
  /**
   * Says which data lie there. Data that change in the same directory are invisible to a deployment: another
   * revision here is another run.
   *
   * @default - data in the same directory count as the same
   */
  readonly revision?: string;
}

/** Which part of a file system of FSx for Lustre a channel is. */
export interface LustreOptions extends FileSystemOptions {
  /**
   * The mount name of the file system.
   *
   * @default - that of the construct; must be given for a file system made elsewhere
   */
  readonly mountName?: string;
}
