import type { Duration, Size } from 'aws-cdk-lib/core';
import type { AutoScaling } from './auto-scaling';
import type { CapacityReservation } from './capacity-reservation';
import type { CoreDumps } from './core-dumps';
import type { InferenceAmi } from './inference-ami';
import type { IModel } from './model';
import type { Routing } from './routing';
import type { ScaleIn } from './scale-in';

/** What can be said of a variant, whatever it runs on. */
export interface VariantOptions {
  /**
   * The share of the traffic, in proportion to the weights of all variants. 0 takes a variant out of the traffic. A shadow gets copies of so many
   * requests, in proportion to the weight of the variant that answers them.
   *
   * @default 1
   */
  readonly weight?: number;
}

/** Instances of one type among several that a variant may have. */
export interface InstancePool {
  /** For instance `ml.g5.2xlarge`. */
  readonly instanceType: string;
  /**
   * The model on instances of this type, for instance one that was compiled for them. Not for `Variant.ofComponents`.
   *
   * @default - the model of the variant
   */
  readonly model?: IModel;
}

/** What instances of a variant are, whatever they serve. */
export interface VariantInstanceOptions {
  /**
   * For instance `ml.m5.large`.
   *
   * @default - `instancePools` says it; one of both must be given
   */
  readonly instanceType?: string;
  /**
   * Types to choose from, 1 to 5, the best one first: where there is no capacity of a type, instances are of the next. In place of `instanceType`.
   *
   * @default - instances are of one type
   */
  readonly instancePools?: InstancePool[];
  /**
   * Longest it may take until there is capacity for the instances; 5 minutes to 1 hour.
   *
   * @default - the service decides
   */
  readonly provisionTimeout?: Duration;
  /**
   * How many instances there are at first; at least 1, and within the bounds of `autoScaling`, or of `minInstanceCount` and `maxInstanceCount`.
   *
   * @default 1, or what `autoScaling` or `minInstanceCount` keeps at least
   */
  readonly instanceCount?: number;
  /**
   * The least number of instances SageMaker scales to by itself. At least 1; at least 0 for `Variant.ofComponents`: with 0, and all components at
   * 0 copies, there are none.
   *
   * @default - `instanceCount`, where `maxInstanceCount` is given
   */
  readonly minInstanceCount?: number;
  /**
   * The greatest number of instances SageMaker scales to by itself (managed instance scaling).
   *
   * @default - the number of instances does not change by itself; with `minInstanceCount`, the service decides
   */
  readonly maxInstanceCount?: number;
  /**
   * How instances are given back when SageMaker scales by itself. Comes with `maxInstanceCount`.
   *
   * @default - the service decides
   */
  readonly scaleIn?: ScaleIn;
  /**
   * How requests are spread over instances.
   *
   * @default - the service decides
   */
  readonly routing?: Routing;
  /**
   * The reservation that the instances are of.
   *
   * @default - none
   */
  readonly capacityReservation?: CapacityReservation;
  /**
   * The system of the instances. For instances with GPUs, Inferentia2 or Trainium.
   *
   * @default - the service decides
   */
  readonly inferenceAmi?: InferenceAmi;
  /**
   * Where core dumps of the container are written.
   *
   * @default - nowhere
   */
  readonly coreDumps?: CoreDumps;
  /**
   * Whether the containers can be logged into by Systems Manager. The role may talk to it then; the account must have been allowed to by AWS.
   *
   * @default false
   */
  readonly ssmAccess?: boolean;
  /**
   * Storage of each instance, in whole GiB; 1 to 512. Not for instance types with storage of their own.
   *
   * @default - the service decides
   */
  readonly volumeSize?: Size;
  /**
   * Longest the download of the artifact to an instance may take; 1 minute to 1 hour.
   *
   * @default - the service decides
   */
  readonly modelDataDownloadTimeout?: Duration;
  /**
   * Longest a container may take until it answers a health check; 1 minute to 1 hour.
   *
   * @default - the service decides
   */
  readonly containerStartupTimeout?: Duration;
}

/** The instances of a variant. */
export interface InstanceOptions extends VariantInstanceOptions, VariantOptions {
  /**
   * The accelerator of Elastic Inference that is attached to each instance, for instance `ml.eia2.medium`. The service takes no new customers since
   * April 2023, and CloudFormation's schema no longer lists it: there is a warning. Not for models of Scikit-learn, nor with `instancePools`.
   *
   * @default - none
   */
  readonly acceleratorType?: string;
  /**
   * How the number of instances changes by itself. Not for burstable types (`ml.t2`). The name of the variant then has its instance type in it.
   *
   * @default - there are always `instanceCount`
   */
  readonly autoScaling?: AutoScaling;
}

/** What a variant may use that has no instances of its own. */
export interface ServerlessOptions extends VariantOptions {
  /**
   * The memory: 1 to 6 GiB, in whole GiB. Processors come in proportion.
   *
   * @default Size.gibibytes(2)
   */
  readonly memorySize?: Size;
  /**
   * How many requests may be answered at once; 1 to 200.
   *
   * @default 5
   */
  readonly maxConcurrency?: number;
  /**
   * For how many requests at once something is kept ready, which is paid for all the time; 1 to `maxConcurrency`.
   *
   * @default - none; a request may wait for a start
   */
  readonly provisionedConcurrency?: number;
  /**
   * How `provisionedConcurrency` changes by itself, from what is given there on, up to `maxConcurrency`.
   *
   * @default - it does not
   */
  readonly autoScaling?: AutoScaling;
}

/** The instances that inference components share. */
export interface ComponentInstanceOptions extends VariantInstanceOptions {}
