import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerImage } from './container-image';
import { refuse } from './request/checks';
import { grantWrite, placeInBucket, s3Uri } from './template/s3-access';

/** How a rule is evaluated. */
export interface MonitoringRuleOptions {
  /**
   * Parameters of the rule, for instance `{ rule_to_invoke: 'LossNotDecreasing' }`; at most 100, names and values of at most 256 characters.
   * What an action of a rule needs of the role, to stop the job or to send a message, is granted by hand.
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
   * Below which prefix of that bucket. Only with `outputBucket`.
   *
   * @default - the whole bucket
   */
  readonly outputPrefix?: string;
}

/** A rule, ready to be named in a request. */
export interface MonitoringRuleConfig {
  /** The image. */
  readonly imageUri: string;
  /**
   * What the image holds, where that is known.
   *
   * @default - the repository's name and the tag count
   */
  readonly contentHash?: string;
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
  /**
   * A rule that an image in Amazon ECR evaluates: one of the service's evaluator images, or one's own. The role may pull the image.
   *
   * Throws when the image is in a registry of one's own, which SageMaker reaches for no rule.
   */
  public static image(image: ContainerImage, options: MonitoringRuleOptions = {}): MonitoringRule {
    return new MonitoringRule(image, options);
  }

  private constructor(private readonly evaluator: ContainerImage, private readonly options: MonitoringRuleOptions) {}

  /** Lets the image be pulled and the output be written and says what is evaluated how. */
  public bind(scope: Construct, grantee: IGrantable): MonitoringRuleConfig {
    const { outputBucket, outputPrefix } = this.options;
    if (outputPrefix !== undefined && !outputBucket) { refuse(scope, 'outputPrefix', 'come with outputBucket', outputPrefix); }
    const { imageUri, contentHash, isInVpc } = this.evaluator.bind(scope, grantee);
    // a rule has no member that says how its image is reached
    if (isInVpc) { refuse(scope, 'image', 'be in Amazon ECR for a rule', imageUri); }
    const place = outputBucket && placeInBucket(outputBucket, outputPrefix ?? '');
    if (place) { grantWrite(place, grantee); }
    return { imageUri, contentHash, options: this.options, s3Uri: place && s3Uri(place) };
  }
}
