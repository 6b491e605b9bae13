import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerImage } from './container-image';
import { grantWrite, placeInBucket, s3Uri } from './template/s3-access';

/** How a rule is evaluated. */
export interface MonitoringRuleOptions {
  /**
   * Parameters of the rule, for instance `{ rule_to_invoke: 'LossNotDecreasing' }`; at most 100, names and values of at most 256 characters.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };
  /**
   * The instance that evaluates it, for instance `ml.t3.medium`.
   *
   * @default - the service decides
   */
  readonly instanceType?: string;
  /**
   * Storage of that instance, in whole GiB.
   *
   * @default - the service decides
   */
  readonly volumeSize?: Size;
  /**
   * The folder in the rule's container that its output is written in.
   *
   * @default '/opt/ml/processing/output/rule/'
   */
  readonly localPath?: string;
  /**
   * The bucket its output is copied to.
   *
   * @default - below the output of the job
   */
  readonly outputBucket?: IBucket;
  /**
   * Below which prefix of that bucket. Comes with `outputBucket`.
   *
   * @default - the whole bucket
   */
  readonly outputPrefix?: string;
}

/** A rule, ready to be named in a request. */
export interface MonitoringRuleConfig {
  /** The image. */
  readonly imageUri: string;
  /** How it is evaluated. */
  readonly options: MonitoringRuleOptions;
  /**
   * Where its output is copied to.
   *
   * @default - below the output of the job
   */
  readonly s3Uri?: string;
}

/**
 * A rule that watches what a job's debugger or profiler writes, in a container of its own, while the job runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugRuleConfiguration.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   debugHook: DebugHook.toBucket(bucket, 'tensors/'),
 *   debugRules: { LossNotDecreasing: MonitoringRule.image(image, { parameters: { rule_to_invoke: 'LossNotDecreasing' } }) },
 * });
 */
export class MonitoringRule {
  /** A rule that an image evaluates: one of the service's evaluator images, or one's own. The role may pull the image. */
  public static image(image: ContainerImage, options: MonitoringRuleOptions = {}): MonitoringRule {
    return new MonitoringRule(image, options);
  }

  private constructor(private readonly evaluator: ContainerImage, private readonly options: MonitoringRuleOptions) {}

  /** Lets the image be pulled and the output be written and says what is evaluated how. */
  public bind(scope: Construct, grantee: IGrantable): MonitoringRuleConfig {
    const { outputBucket, outputPrefix = '' } = this.options;
    const place = outputBucket && placeInBucket(outputBucket, outputPrefix);
    if (place) { grantWrite(place, grantee); }
    return { imageUri: this.evaluator.bind(scope, grantee).imageUri, options: this.options, s3Uri: place && s3Uri(place) };
  }
}
