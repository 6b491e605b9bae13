import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Duration, Size } from 'aws-cdk-lib/core';
import type { ContainerImage } from './container-image';
import type { OutputLocation } from './output-location';

/** How a container that serves gets its script. */
export enum ScriptPlacement {
  /** The container downloads the script from S3 when it starts. */
  DOWNLOADED = 'DOWNLOADED',
  /** A job puts the script into the folder `code` of the artifact before the model is made. */
  PACKED = 'PACKED',
}

/** How the job is run that packs a script into an artifact. */
export interface RepackOptions {
  /**
   * The instance it runs on.
   *
   * @default 'ml.m5.large'
   */
  readonly instanceType?: string;
  /**
   * Its storage, in whole GiB. It holds the artifact, packed and unpacked, twice.
   *
   * @default Size.gibibytes(30)
   */
  readonly volumeSize?: Size;
  /**
   * The key that the storage is encrypted with.
   *
   * @default - a key of the service
   */
  readonly volumeKey?: IKey;
  /**
   * The image, which needs a shell, tar and gzip.
   *
   * @default - the framework's serving image for CPU; Scikit-learn's where there is none
   */
  readonly image?: ContainerImage;
  /**
   * The role of the job. A role of the app is allowed what the props need, also one that is given; one made elsewhere is used as it is, and
   * a warning lists what it must be allowed.
   *
   * @default - one of its own, which may read the artifact and the script and write the new artifact
   */
  readonly role?: IRole;
  /**
   * Longest it may take.
   *
   * @default Duration.minutes(25)
   */
  readonly maxRuntime?: Duration;
  /**
   * Where the new artifact is written.
   *
   * @default - where the training job writes; for other artifacts a bucket of the stack
   */
  readonly output?: OutputLocation;
}
