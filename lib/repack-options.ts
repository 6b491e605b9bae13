import type { Duration, Size } from 'aws-cdk-lib/core';
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
