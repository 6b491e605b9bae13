import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of the k nearest neighbors: a class or a figure from the most similar records.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/kNN_hyperparameters.html
 */
export interface KnnProps extends BuiltInAlgorithmOptions {
  /** How many neighbors are asked. A whole number, at least 1. */
  readonly k: number;
  /** How many records of the data are taken into the index. A whole number, at least 1. */
  readonly sampleSize: number;
  /** What is predicted. `classifier` or `regressor`. */
  readonly predictorType: string;
  /**
   * To how many dimensions records are reduced; fewer than the features. A whole number, at least 1.
   *
   * @default - they are not reduced
   */
  readonly dimensionReductionTarget?: number;
  /**
   * How dimensions are reduced: by random projection (`sign`) or a fast Johnson-Lindenstrauss transform (`fjlt`). Comes with
   * `dimensionReductionTarget`.
   *
   * @default - they are not reduced
   */
  readonly dimensionReductionType?: string;
  /**
   * How near records are. `COSINE`, `INNER_PRODUCT` or `L2`.
   *
   * @default - the algorithm's own, `L2`
   */
  readonly indexMetric?: string;
  /**
   * The kind of the index. `faiss.Flat`, `faiss.IVFFlat` or `faiss.IVFPQ`.
   *
   * @default - the algorithm's own, `faiss.Flat`
   */
  readonly indexType?: string;
  /**
   * How many centroids an index of kind `faiss.IVFFlat` or `faiss.IVFPQ` has, as text: a number above 0, or `auto`.
   *
   * @default - the algorithm's own, `auto`, the square root of `sampleSize`
   */
  readonly faissIndexIvfNlists?: string;
  /**
   * Of how many parts vectors of an index of kind `faiss.IVFPQ` are made. A whole number, at least 1.
   *
   * @default - none
   */
  readonly faissIndexPqM?: number;
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
