import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of BlazingText: vectors of words (Word2Vec), or classes of texts (`supervised`).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/blazingtext_hyperparameters.html
 */
export interface BlazingTextProps extends BuiltInAlgorithmOptions {
  /** What is learned: vectors of words in three ways, or classes of texts (`supervised`). `batch_skipgram`, `skipgram`, `cbow` or `supervised`. */
  readonly mode: string;
  /**
   * The size of batches of `batch_skipgram`. A whole number, at least 1.
   *
   * @default - the algorithm's own, 11
   */
  readonly batchSize?: number;
  /**
   * Into how many buckets parts of words or groups of words are put. A whole number, at least 1.
   *
   * @default - the algorithm's own, 2000000
   */
  readonly buckets?: number;
  /**
   * Whether `supervised` training ends when the validation channel shows no improvement.
   *
   * @default - the algorithm's own, `false`
   */
  readonly earlyStopping?: boolean;
  /**
   * How often the data are gone through. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5
   */
  readonly epochs?: number;
  /**
   * Whether vectors are scored by the WordSimilarity-353 test.
   *
   * @default - the algorithm's own, `true`
   */
  readonly evaluation?: boolean;
  /**
   * The learning rate. A number above 0.
   *
   * @default - the algorithm's own, 0.05
   */
  readonly learningRate?: number;
  /**
   * The shortest parts of words. A whole number, at least 1.
   *
   * @default - the algorithm's own, 3
   */
  readonly minChar?: number;
  /**
   * The longest parts of words. A whole number, at least 1.
   *
   * @default - the algorithm's own, 6
   */
  readonly maxChar?: number;
  /**
   * How often a word must be there to be learned. A whole number, at least 0.
   *
   * @default - the algorithm's own, 5
   */
  readonly minCount?: number;
  /**
   * After how many epochs training may end early. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5
   */
  readonly minEpochs?: number;
  /**
   * How many words that don't belong together are set against each that does. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5
   */
  readonly negativeSamples?: number;
  /**
   * After how many epochs without improvement training ends early. A whole number, at least 1.
   *
   * @default - the algorithm's own, 4
   */
  readonly patience?: number;
  /**
   * From which frequency on words are left out at random; up to 0.001 is usual. A number above 0 and below 1.
   *
   * @default - the algorithm's own, 0.0001
   */
  readonly samplingThreshold?: number;
  /**
   * Whether vectors of parts of words are learned.
   *
   * @default - the algorithm's own, `false`
   */
  readonly subwords?: boolean;
  /**
   * The size of the vectors. A whole number, at least 1.
   *
   * @default - the algorithm's own, 100
   */
  readonly vectorDim?: number;
  /**
   * How many words around a word are looked at. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5
   */
  readonly windowSize?: number;
  /**
   * How many words are taken as one feature of a text. A whole number, at least 1.
   *
   * @default - the algorithm's own, 2
   */
  readonly wordNgrams?: number;
}
