import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of DeepAR, which forecasts time series that have much in common.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deepar_hyperparameters.html
 */
export interface DeepArProps extends BuiltInAlgorithmOptions {
  /** How many points the model sees before it predicts. A whole number, at least 1. */
  readonly contextLength: number;
  /** How many points it predicts. A whole number, at least 1. */
  readonly predictionLength: number;
  /** How often the data are gone through at most; 10 to 1000 are usual. A whole number, at least 1. */
  readonly epochs: number;
  /** How far apart points are: `M`, `W`, `D`, `H` or `min`, or several of these, like `5min`. */
  readonly timeFreq: string;
  /**
   * How many categories each feature has, for instance `[2, 3]`; `auto`, or `ignore` to use none.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly cardinality?: string;
  /**
   * The share of units that is dropped. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.1
   */
  readonly dropoutRate?: number;
  /**
   * After how many epochs without progress training ends. A whole number, at least 1.
   *
   * @default - it does not end early
   */
  readonly earlyStoppingPatience?: number;
  /**
   * The size of the vector of a category. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10
   */
  readonly embeddingDimension?: number;
  /**
   * The learning rate. A number above 0.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly learningRate?: number;
  /**
   * How uncertain predictions are. `gaussian`, `beta`, `negative-binomial`, `student-T` or `deterministic-L1`.
   *
   * @default - the algorithm's own, `student-T`
   */
  readonly likelihood?: string;
  /**
   * How many series are taken at a time. A whole number, at least 1.
   *
   * @default - the algorithm's own, 128
   */
  readonly miniBatchSize?: number;
  /**
   * How many cells each layer has. A whole number, at least 1.
   *
   * @default - the algorithm's own, 40
   */
  readonly numCells?: number;
  /**
   * How many features there are at each point, as text: a number above 0; `auto`, or `ignore` to use none.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly numDynamicFeat?: string;
  /**
   * How many samples the test channel is scored with. A whole number, at least 1.
   *
   * @default - the algorithm's own, 100
   */
  readonly numEvalSamples?: number;
  /**
   * How many layers there are. A whole number, at least 1.
   *
   * @default - the algorithm's own, 2
   */
  readonly numLayers?: number;
  /**
   * The quantiles that the test channel is scored for. Numbers above 0 and below 1.
   *
   * @default - the algorithm's own, 0.1, 0.2 to 0.9
   */
  readonly testQuantiles?: number[];
}
