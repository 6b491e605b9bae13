import type { Object2VecEncoderOptions } from './object2-vec-encoder';

/**
 * Hyperparameters of Object2Vec, which learns vectors of things from pairs of them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/object2vec-hyperparameters.html
 */
export interface Object2VecProps extends Object2VecEncoderOptions {
  /**
   * How often the data are gone through. A whole number from 1 to 100.
   *
   * @default - the algorithm's own, 30
   */
  readonly epochs?: number;
  /** The longest sequence of the first encoder. A whole number from 1 to 5000. */
  readonly enc0MaxSeqLen: number;
  /** How many different tokens the first encoder knows. A whole number from 2 to 3000000. */
  readonly enc0VocabSize: number;
  /**
   * How many pairs are taken at a time. A whole number from 1 to 10000.
   *
   * @default 32
   */
  readonly miniBatchSize?: number;
  /**
   * After how many epochs without improvement training ends. A whole number from 1 to 5.
   *
   * @default - the algorithm's own, 3
   */
  readonly earlyStoppingPatience?: number;
  /**
   * The least improvement that counts. A number from 1e-6 to 0.1.
   *
   * @default - the algorithm's own, 0.01
   */
  readonly earlyStoppingTolerance?: number;
  /**
   * The probability that a unit is dropped. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.0
   */
  readonly dropout?: number;
  /**
   * The weight decay. A number from 0 to 10000.
   *
   * @default - the algorithm's own, 0
   */
  readonly weightDecay?: number;
  /**
   * By how much the lengths of sequences of a bucket may differ; 0 for no buckets. A whole number from 0 to 100.
   *
   * @default - the algorithm's own, 0
   */
  readonly bucketWidth?: number;
  /**
   * How many classes there are. A whole number from 2 to 30.
   *
   * @default - the algorithm's own, 2
   */
  readonly numClasses?: number;
  /**
   * How many layers compare the two vectors. A whole number from 1 to 10.
   *
   * @default - the algorithm's own, 2
   */
  readonly mlpLayers?: number;
  /**
   * The size of each of those layers. A whole number from 2 to 10000.
   *
   * @default - the algorithm's own, 512
   */
  readonly mlpDim?: number;
  /**
   * The activation of those layers. `tanh`, `relu` or `linear`.
   *
   * @default - the algorithm's own, `linear`
   */
  readonly mlpActivation?: string;
  /**
   * What comes out: a class (`softmax`) or a figure (`mean_squared_error`).
   *
   * @default - the algorithm's own, `softmax`
   */
  readonly outputLayer?: string;
  /**
   * The optimizer. `adagrad`, `adam`, `rmsprop`, `sgd` or `adadelta`.
   *
   * @default - the algorithm's own, `adam`
   */
  readonly optimizer?: string;
  /**
   * The learning rate. A number from 1e-6 to 1.
   *
   * @default - the algorithm's own, 0.0004
   */
  readonly learningRate?: number;
  /**
   * How many pairs that don't belong together are made up for each that does. A whole number from 0 to 100.
   *
   * @default - the algorithm's own, 0
   */
  readonly negativeSamplingRate?: number;
  /**
   * How the two vectors are compared, in this order. Any of `hadamard`, `concat`, `abs_diff`.
   *
   * @default - all three
   */
  readonly comparatorList?: string[];
  /**
   * How many features a record has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`, if it is one
   */
  readonly featureDim?: number;
}
