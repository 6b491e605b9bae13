import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * How the classification of images fits its model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/IC-Hyperparameter.html
 */
export interface ImageOptimizerOptions extends BuiltInAlgorithmOptions {
  /**
   * The decay of the first moments of `adam`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.9
   */
  readonly beta1?: number;
  /**
   * The decay of the second moments of `adam`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.999
   */
  readonly beta2?: number;
  /**
   * What `adam` and `rmsprop` add to avoid a division by 0. A number from 0 to 1.
   *
   * @default - the algorithm's own, 1e-8
   */
  readonly eps?: number;
  /**
   * The decay of `rmsprop`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.9
   */
  readonly gamma?: number;
  /**
   * How several instances agree on weights. `dist_sync` or `dist_async`.
   *
   * @default - none
   */
  readonly kvStore?: string;
  /**
   * The first learning rate. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.1
   */
  readonly learningRate?: number;
  /**
   * By how much the learning rate decreases. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.1
   */
  readonly lrSchedulerFactor?: number;
  /**
   * After which epochs the learning rate decreases. Whole numbers, at least 1.
   *
   * @default - none
   */
  readonly lrSchedulerStep?: number[];
  /**
   * How many images are taken at a time. A whole number, at least 1.
   *
   * @default - the algorithm's own, 32
   */
  readonly miniBatchSize?: number;
  /**
   * The momentum of `sgd` and `nag`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.9
   */
  readonly momentum?: number;
  /**
   * The optimizer. `sgd`, `adam`, `rmsprop` or `nag`.
   *
   * @default - the algorithm's own, `sgd`
   */
  readonly optimizer?: string;
  /**
   * The weight decay of `sgd` and `nag`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.0001
   */
  readonly weightDecay?: number;
}
