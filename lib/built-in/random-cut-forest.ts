import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of Random Cut Forest, which finds unusual records. They are taken 1000 at a time.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/rcf_hyperparameters.html
 */
export interface RandomCutForestProps extends BuiltInAlgorithmOptions {
  /**
   * How many records each tree is made from. A whole number from 1 to 2048.
   *
   * @default - the algorithm's own, 256
   */
  readonly numSamplesPerTree?: number;
  /**
   * How many trees there are. A whole number from 50 to 1000.
   *
   * @default - the algorithm's own, 100
   */
  readonly numTrees?: number;
  /**
   * What a labelled test channel is scored by. Any of `accuracy`, `precision_recall_fscore`.
   *
   * @default - both
   */
  readonly evalMetrics?: string[];
  /**
   * How many features a record has. A whole number from 1 to 10000.
   *
   * @default - that of the record set of the channel `train`
   */
  readonly featureDim?: number;
}
