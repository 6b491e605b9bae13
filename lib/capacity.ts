import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Duration, Size } from 'aws-cdk-lib/core';

/** The instances of a job. */
export interface OnDemandCapacityOptions {
  /** For instance `ml.m5.xlarge`. */
  readonly instanceType: string;
  /**
   * How many instances work together; at least 1.
   *
   * @default 1
   */
  readonly instanceCount?: number;
  /**
   * Storage of each instance, in whole GiB; at least 1. Instance types with storage of their own use that.
   *
   * @default Size.gibibytes(30)
   */
  readonly volumeSize?: Size;
  /**
   * The key that the storage is encrypted with. Not for instance types with storage of their own.
   *
   * @default - a key of the service
   */
  readonly volumeKey?: IKey;
}

/** Instances that may be taken away. */
export interface SpotCapacityOptions extends OnDemandCapacityOptions {
  /** Longest the job may take including the wait for instances; at least its maximum run time. */
  readonly maxWait: Duration;
}

/**
 * The instances a job runs on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
 */
export class Capacity {
  /** Instances at the usual price. */
  public static onDemand(options: OnDemandCapacityOptions): Capacity {
    return new Capacity(options, undefined);
  }

  /** Instances at a reduced price that may be interrupted: set checkpoints, so that an interrupted job can go on. */
  public static spot(options: SpotCapacityOptions): Capacity {
    return new Capacity(options, options.maxWait);
  }

  /** What instances. */
  public readonly options: OnDemandCapacityOptions;
  /** Longest the job may take including waiting; set for spot capacity only. */
  public readonly maxWait?: Duration;

  private constructor(options: OnDemandCapacityOptions, maxWait: Duration | undefined) {
    this.options = options;
    this.maxWait = maxWait;
  }
}
