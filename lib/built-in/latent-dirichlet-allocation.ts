import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of the latent Dirichlet allocation, which finds topics in documents.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/lda_hyperparameters.html
 */
export interface LdaProps extends BuiltInAlgorithmOptions {
  /** How many topics are wanted. A whole number, at least 1. */
  readonly numTopics: number;
  /** How many documents there are in all. A whole number, at least 1. */
  readonly miniBatchSize: number;
  /**
   * A first guess of the concentration; small values make few topics of a document likely. A number above 0.
   *
   * @default - the algorithm's own, 1.0
   */
  readonly alpha0?: number;
  /**
   * How often the decomposition is begun anew. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10
   */
  readonly maxRestarts?: number;
  /**
   * Most iterations of the decomposition. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1000
   */
  readonly maxIterations?: number;
  /**
   * The error at which the decomposition ends. A number above 0.
   *
   * @default - the algorithm's own, 1e-8
   */
  readonly tol?: number;
  /**
   * How many features a record has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`
   */
  readonly featureDim?: number;
}
