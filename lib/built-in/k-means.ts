import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of K-Means, which finds groups in unlabelled records.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/k-means-api-config.html
 */
export interface KMeansProps extends BuiltInAlgorithmOptions {
  /** How many groups are wanted. A whole number, at least 2. */
  readonly k: number;
  /**
   * How the first centers are chosen. `random` or `kmeans++`.
   *
   * @default - the algorithm's own, `random`
   */
  readonly initMethod?: string;
  /**
   * Most iterations of the last step, in which the final groups are made (`local_lloyd_max_iter`). A whole number, at least 1.
   *
   * @default - the algorithm's own, 300
   */
  readonly maxIterations?: number;
  /**
   * Change of the loss below which the last step ends early (`local_lloyd_tol`). A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.0001
   */
  readonly tol?: number;
  /**
   * How often the last step is tried, the best result of which is kept (`local_lloyd_num_trials`). A whole number, at least 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly numTrials?: number;
  /**
   * How the last step chooses its first centers (`local_lloyd_init_method`). `random` or `kmeans++`.
   *
   * @default - the algorithm's own, `kmeans++`
   */
  readonly localInitMethod?: string;
  /**
   * After how many records an older one has half its weight; 0 lets all weigh the same. A whole number, at least 0.
   *
   * @default - the algorithm's own, 0
   */
  readonly halfLifeTimeSize?: number;
  /**
   * How often the data are gone through. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly epochs?: number;
  /**
   * How many times `k` centers are kept before they are reduced to `k` (`extra_center_factor`). A whole number, at least 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly centerFactor?: number;
  /**
   * What the test channel is scored by: mean (`msd`) or sum (`ssd`) of the squared distances to the centers.
   *
   * @default - the algorithm's own, `msd`
   */
  readonly evalMetrics?: string[];
  /**
   * How many records are taken at a time. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5000
   */
  readonly miniBatchSize?: number;
  /**
   * How many features a record has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`
   */
  readonly featureDim?: number;
}
