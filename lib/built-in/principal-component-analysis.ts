import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of the principal component analysis, which reduces the dimensions of records.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/PCA-reference.html
 */
export interface PcaProps extends BuiltInAlgorithmOptions {
  /** How many components are wanted. A whole number, at least 1. */
  readonly numComponents: number;
  /**
   * How they are computed: `regular` for sparse and moderate data, `randomized` for many records and features.
   *
   * @default - the algorithm's own, `regular`
   */
  readonly algorithmMode?: string;
  /**
   * Whether the mean is taken from the data, in training and inference.
   *
   * @default - the algorithm's own, `true`
   */
  readonly subtractMean?: boolean;
  /**
   * How many components more the randomized mode computes, for a better result; -1 for the larger of 10 and the components wanted. A whole number, at
   * least -1.
   *
   * @default - the algorithm's own, -1
   */
  readonly extraComponents?: number;
  /**
   * How many records are taken at a time. Must be given where the number of records is not known. A whole number, at least 1.
   *
   * @default - 500, or the records of each instance where they are fewer
   */
  readonly miniBatchSize?: number;
  /**
   * How many features a record has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`
   */
  readonly featureDim?: number;
}
