import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Duration, Size } from 'aws-cdk-lib/core';
import { checkArgument, STRUCTURE, STRUCTURES } from './request/kinds';

/** The storage of the instances of a job. */
export interface StorageOptions {
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

/** Instances of one type. */
export interface InstanceCapacityOptions extends StorageOptions {
  /** For instance `ml.m5.xlarge`. */
  readonly instanceType: string;
  /**
   * How many instances work together; at least 1.
   *
   * @default 1
   */
  readonly instanceCount?: number;
}

/** Where the instances of a job are on UltraServers. */
export interface UltraServerPlacement {
  /**
   * How many instances are together on which UltraServer, by its id; at most 10.
   *
   * @default - the service decides
   */
  readonly instances?: { [ultraServerId: string]: number };
  /**
   * Lets other jobs share the UltraServers.
   *
   * @default false
   */
  readonly multipleJobs?: boolean;
}

/** The instances of a job. */
export interface OnDemandCapacityOptions extends InstanceCapacityOptions {
  /**
   * How long the instances are kept for a further job after this one has ended (a warm pool); up to 6 hours, and charged for.
   * Deleting the job ends it.
   *
   * @default - they are released
   */
  readonly keepAlive?: Duration;
  /**
   * The ARN of a training plan whose reserved instances are used.
   *
   * @default - none
   */
  readonly trainingPlan?: string;
  /**
   * Where the instances are on UltraServers. Only for instance types of UltraServers, with a training plan.
   *
   * @default - the service decides
   */
  readonly placement?: UltraServerPlacement;
}

/** Instances that may be taken away. */
export interface SpotCapacityOptions extends InstanceCapacityOptions {
  /** Longest the job may take including the wait for instances; at least its maximum run time. */
  readonly maxWait: Duration;
}

/** The instances of a group. */
export interface InstanceGroupOptions {
  /** For instance `ml.m5.xlarge`. */
  readonly instanceType: string;
  /**
   * How many; at least 1.
   *
   * @default 1
   */
  readonly instanceCount?: number;
}

/** Instances of several types. */
export interface InstanceGroupsOptions extends StorageOptions {
  /** The groups by name; 1 to 5, names of 1 to 64 characters. A channel can be for some of them. */
  readonly groups: { [groupName: string]: InstanceGroupOptions };
  /**
   * Takes the instances at a reduced price; they may be interrupted. Longest the job may take including the wait for them.
   *
   * @default - instances at the usual price
   */
  readonly maxWait?: Duration;
  /**
   * The ARN of a training plan whose reserved instances are used. The groups are of the plan's instance type.
   *
   * @default - none
   */
  readonly trainingPlan?: string;
}

/** A type that will do. */
export interface InstancePreference {
  /** For instance `ml.p5.48xlarge`; each type once. */
  readonly instanceType: string;
  /**
   * How many of this type are needed; at least 1. Given for all preferences or for none.
   *
   * @default - as many as the capacity says
   */
  readonly instanceCount?: number;
  /**
   * The ARN of a training plan of this type whose reserved instances are used.
   *
   * @default - instances at the usual price
   */
  readonly trainingPlan?: string;
  /**
   * Storage of each instance of this type, in whole GiB. For the jobs of a tuning job; a training job has one size for whichever type is found.
   *
   * @default - as the capacity says
   */
  readonly volumeSize?: Size;
}

/** What holds for whichever type is found. */
export interface InstancePreferencesOptions extends StorageOptions {
  /**
   * How many instances, of any of the types; at least 1. Not with counts by type.
   *
   * @default 1, unless the preferences have counts
   */
  readonly instanceCount?: number;
  /**
   * How long the instances are kept for a further job after this one has ended (a warm pool); up to 6 hours, and charged for.
   *
   * @default - they are released
   */
  readonly keepAlive?: Duration;
}

/** A capacity, ready to be named in a request. */
export interface CapacityConfig extends StorageOptions {
  /**
   * The type of all instances.
   *
   * @default - there are groups, preferences, or no instances to choose
   */
  readonly instanceType?: string;
  /**
   * How many instances.
   *
   * @default - groups or preferences say it
   */
  readonly instanceCount?: number;
  /**
   * Groups of instances.
   *
   * @default - all are of one type
   */
  readonly instanceGroups?: { [groupName: string]: InstanceGroupOptions };
  /**
   * Types that will do, the best first.
   *
   * @default - no choice
   */
  readonly instancePreferences?: InstancePreference[];
  /**
   * How long instances are kept.
   *
   * @default - they are released
   */
  readonly keepAlive?: Duration;
  /**
   * The ARN of a training plan.
   *
   * @default - none
   */
  readonly trainingPlan?: string;
  /**
   * Where they are on UltraServers.
   *
   * @default - the service decides
   */
  readonly placement?: UltraServerPlacement;
  /**
   * Longest the job may take including waiting, for spot capacity.
   *
   * @default - no spot capacity
   */
  readonly maxWait?: Duration;
  /**
   * Whether the instances may be taken away.
   *
   * @default - where there is a longest wait
   */
  readonly isSpot?: boolean;
  /** Whether the service chooses the instances. */
  readonly isServerless: boolean;
}

/**
 * The instances a job runs on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity: Capacity.spot({ instanceType: 'ml.g5.xlarge', instanceCount: 2, maxWait: Duration.hours(4) }),
 *   checkpoints: Checkpoints.fromBucket(bucket, 'checkpoints/digits/'),
 *   maxRuntime: Duration.hours(2),
 * });
 */
export class Capacity {
  /** Instances at the usual price, or reserved by a training plan. */
  public static onDemand(options: OnDemandCapacityOptions): Capacity {
    checkArgument('Capacity.onDemand', 'options', options, STRUCTURE);
    const { keepAlive, trainingPlan, placement } = options;
    return new Capacity({ ...instances(options), keepAlive, trainingPlan, placement, isServerless: false });
  }

  /** Instances at a reduced price that may be interrupted: set checkpoints, so that an interrupted job can go on. */
  public static spot(options: SpotCapacityOptions): Capacity {
    checkArgument('Capacity.spot', 'options', options, STRUCTURE);
    return new Capacity({ ...instances(options), maxWait: options.maxWait, isSpot: true, isServerless: false });
  }

  /** Instances of several types that work together (a heterogeneous cluster). SageMaker keeps no warm pool of them. */
  public static instanceGroups(options: InstanceGroupsOptions): Capacity {
    checkArgument('Capacity.instanceGroups', 'options', options, STRUCTURE);
    const { groups, maxWait, trainingPlan } = options;
    return new Capacity({ ...storage(options), instanceGroups: groups, maxWait, trainingPlan, isSpot: maxWait !== undefined, isServerless: false });
  }

  /**
   * The first of several types that is to be had, the best first; 1 to 5. The job is charged by the type it got.
   * At the usual price or reserved; no spot capacity.
   */
  public static instancePreferences(preferences: InstancePreference[], options: InstancePreferencesOptions = {}): Capacity {
    checkArgument('Capacity.instancePreferences', 'preferences', preferences, STRUCTURES);
    checkArgument('Capacity.instancePreferences', 'options', options, STRUCTURE);
    const counted = preferences.some((preference) => preference.instanceCount !== undefined);
    const instanceCount = options.instanceCount ?? (counted ? undefined : 1);
    return new Capacity({ ...storage(options), instanceCount, keepAlive: options.keepAlive, instancePreferences: preferences, isServerless: false });
  }

  /** Instances that the service chooses. For `Algorithm.serverless`, and only for that. */
  public static serverless(): Capacity {
    return new Capacity({ isServerless: true });
  }

  /** What instances. */
  public readonly config: CapacityConfig;

  private constructor(config: CapacityConfig) {
    this.config = config;
  }
}

// Member by member: what a program without types passes beside them must not turn one kind of capacity into another.
function storage({ volumeSize, volumeKey }: StorageOptions): StorageOptions {
  return { volumeSize, volumeKey };
}

function instances(options: InstanceCapacityOptions): InstanceCapacityOptions {
  return { ...storage(options), instanceType: options.instanceType, instanceCount: options.instanceCount ?? 1 };
}
