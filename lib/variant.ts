import { Duration, type Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Model, type IModel } from './model';
import { durationInRange, inRange, isToken, matches, refuse, wholeGibibytes, wholeSeconds } from './request/checks';

/** The instances of a variant. */
export interface InstanceOptions {
  /** For instance `ml.m5.large`. */
  readonly instanceType: string;
  /**
   * How many instances there are at first; at least 1.
   *
   * @default 1
   */
  readonly instanceCount?: number;
  /**
   * The share of the traffic, in proportion to the weights of all variants. 0 takes a variant out of the traffic.
   *
   * @default 1
   */
  readonly weight?: number;
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

/** A variant, ready to be named in a request. */
export interface VariantConfig {
  /** The model. */
  readonly modelName: string;
  /** The instance type. */
  readonly instanceType: string;
  /** How many instances there are at first. */
  readonly initialInstanceCount: number;
  /** The share of the traffic. */
  readonly initialVariantWeight: number;
  /**
   * Storage of each instance, in GB.
   *
   * @default - the service decides
   */
  readonly volumeSizeInGb?: number;
  /**
   * Longest the download of the artifact may take, in seconds.
   *
   * @default - the service decides
   */
  readonly modelDataDownloadTimeoutInSeconds?: number;
  /**
   * Longest a container may take until it answers, in seconds.
   *
   * @default - the service decides
   */
  readonly containerStartupHealthCheckTimeoutInSeconds?: number;
}

/**
 * A model behind an endpoint, and what it runs on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 *
 * @example
 * new EndpointConfig(this, 'Config', {
 *   variants: { AllTraffic: Variant.onInstances(model, { instanceType: 'ml.m5.large', instanceCount: 2 }) },
 * });
 */
export abstract class Variant {
  /** On instances of its own. */
  public static onInstances(model: IModel, options: InstanceOptions): Variant {
    return new OnInstances(model, options);
  }

  /** Says what the endpoint configuration asks for. */
  public abstract bind(config: Construct, variantName: string): VariantConfig;
}

class OnInstances extends Variant {
  public constructor(private readonly model: IModel, private readonly options: InstanceOptions) { super(); }

  public bind(config: Construct, variantName: string): VariantConfig {
    const { instanceType, instanceCount = 1, weight = 1 } = this.options;
    const prop = `variants.${variantName}`;
    if (!instanceType) { refuse(config, `${prop}.instanceType`, 'be given', instanceType); }
    matches(config, `${prop}.instanceType`, instanceType, /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type of SageMaker, for instance ml.m5.large');
    inRange(config, `${prop}.instanceCount`, instanceCount, 1, 2147483647);
    if (!isToken(weight) && !(weight >= 0 && Number.isFinite(weight))) { refuse(config, `${prop}.weight`, 'be 0 or more', weight); }
    const { volumeSize, modelDataDownloadTimeout: download, containerStartupTimeout: startup } = this.options;
    for (const [name, timeout] of Object.entries({ modelDataDownloadTimeout: download, containerStartupTimeout: startup })) {
      durationInRange(config, `${prop}.${name}`, timeout, Duration.minutes(1), Duration.hours(1));
    }
    const volumeSizeInGb = volumeSize && wholeGibibytes(config, `${prop}.volumeSize`, volumeSize);
    inRange(config, `${prop}.volumeSize`, volumeSizeInGb, 1, 512);
    if (this.model instanceof Model) { this.model._servedOn(config, `${prop}.instanceType`, instanceType); }
    return {
      modelName: this.model.modelName,
      instanceType,
      initialInstanceCount: instanceCount,
      initialVariantWeight: weight,
      volumeSizeInGb,
      modelDataDownloadTimeoutInSeconds: download && wholeSeconds(config, `${prop}.modelDataDownloadTimeout`, download),
      containerStartupHealthCheckTimeoutInSeconds: startup && wholeSeconds(config, `${prop}.containerStartupTimeout`, startup),
    };
  }
}
