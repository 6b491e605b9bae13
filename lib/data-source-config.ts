import type { IDependable } from 'constructs';
import type { FileSystemAccess, S3ChannelOptions } from './channel-options';
import type { RecordOptions } from './record-options';

/** What the objects of a channel are to SageMaker. */
export enum S3DataType {
  /** Every object whose key begins with a prefix. */
  S3_PREFIX = 'S3Prefix',
  /** The objects that a manifest names. */
  MANIFEST_FILE = 'ManifestFile',
  /** Lines of attributes and references to objects. */
  AUGMENTED_MANIFEST_FILE = 'AugmentedManifestFile',
  /** Conversations in the Converse format, to customize a language model with. */
  CONVERSE = 'Converse',
}

/** The directory of a file system, ready to be named in a request. */
export interface FileSystemConfig {
  /** The id of the file system. */
  readonly fileSystemId: string;
  /** `EFS` or `FSxLustre`. */
  readonly fileSystemType: string;
  /** The directory, from the root of the file system. */
  readonly directoryPath: string;
  /** How it is mounted. */
  readonly access: FileSystemAccess;
}

/** The data of a channel, ready to be named in a request: objects of S3, a directory of a file system, or a dataset. */
export interface DataSourceConfig {
  /**
   * The prefix or the manifest in S3.
   *
   * @default - the data are not in S3
   */
  readonly s3Uri?: string;
  /**
   * What lies at the URI.
   *
   * @default S3DataType.S3_PREFIX
   */
  readonly s3DataType?: S3DataType;
  /**
   * The attributes of an augmented manifest.
   *
   * @default - it is none
   */
  readonly attributeNames?: string[];
  /**
   * The directory of a file system.
   *
   * @default - the data are in no file system
   */
  readonly fileSystem?: FileSystemConfig;
  /**
   * The ARN of a dataset of a hub.
   *
   * @default - the data are no dataset
   */
  readonly dataset?: string;
  /** How they are handed over. */
  readonly options: S3ChannelOptions;
  /**
   * What is known of the records in them.
   *
   * @default - nothing
   */
  readonly records?: RecordOptions;
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
