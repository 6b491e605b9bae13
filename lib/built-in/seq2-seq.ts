import type { Seq2SeqNetworkOptions } from './seq2-seq-network';

/**
 * Hyperparameters of Seq2Seq: a sequence of tokens from another, as in translation.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/seq-2-seq-hyperparameters.html
 */
export interface Seq2SeqProps extends Seq2SeqNetworkOptions {
  /**
   * How many pairs are taken at a time. A whole number, at least 1.
   *
   * @default - the algorithm's own, 64
   */
  readonly batchSize?: number;
  /**
   * How many candidates are followed when a sequence is made. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5
   */
  readonly beamSize?: number;
  /**
   * How many pairs of the validation BLEU is computed of; -1 for all. A whole number, at least -1.
   *
   * @default - the algorithm's own, 0
   */
  readonly bleuSampleSize?: number;
  /**
   * The step of the lengths of buckets. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10
   */
  readonly bucketWidth?: number;
  /**
   * Whether pairs of similar lengths are put together.
   *
   * @default - the algorithm's own, `true`
   */
  readonly bucketingEnabled?: boolean;
  /**
   * After how many batches the model is scored and kept. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1000
   */
  readonly checkpointFrequencyNumBatches?: number;
  /**
   * After how many scores without improvement training ends. A whole number, at least 1.
   *
   * @default - the algorithm's own, 3
   */
  readonly checkpointThreshold?: number;
  /**
   * The size gradients are clipped to; below 0 for no limit.
   *
   * @default - the algorithm's own, 1
   */
  readonly clipGradient?: number;
  /**
   * After how many scores a fixed rate is halved. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10
   */
  readonly fixedRateLrHalfLife?: number;
  /**
   * The first learning rate. A number above 0.
   *
   * @default - the algorithm's own, 0.0003
   */
  readonly learningRate?: number;
  /**
   * The loss function. Only `cross-entropy`.
   *
   * @default - the algorithm's own, `cross-entropy`
   */
  readonly lossType?: string;
  /**
   * How the learning rate decreases. `plateau_reduce`, `fixed_rate_inv_t` or `fixed_rate_inv_sqrt_t`.
   *
   * @default - the algorithm's own, `plateau_reduce`
   */
  readonly lrSchedulerType?: string;
  /**
   * Most batches; -1 for no limit. A whole number, at least -1.
   *
   * @default - the algorithm's own, -1
   */
  readonly maxNumBatches?: number;
  /**
   * How often the data are gone through at most. A whole number, at least 1.
   *
   * @default - no limit
   */
  readonly maxNumEpochs?: number;
  /**
   * How often the data are gone through at least. A whole number, at least 0.
   *
   * @default - the algorithm's own, 0
   */
  readonly minNumEpochs?: number;
  /**
   * The momentum of `sgd`.
   *
   * @default - none
   */
  readonly momentum?: number;
  /**
   * What decides when training ends. `perplexity`, `accuracy` or `bleu`.
   *
   * @default - the algorithm's own, `perplexity`
   */
  readonly optimizedMetric?: string;
  /**
   * The optimizer. `adam`, `sgd` or `rmsprop`.
   *
   * @default - the algorithm's own, `adam`
   */
  readonly optimizerType?: string;
  /**
   * What `plateau_reduce` multiplies the learning rate with.
   *
   * @default - the algorithm's own, 0.5
   */
  readonly plateauReduceLrFactor?: number;
  /**
   * After how many scores without improvement it does so. A whole number, at least 1.
   *
   * @default - the algorithm's own, 3
   */
  readonly plateauReduceLrThreshold?: number;
  /**
   * What is tracked in training. `perplexity` or `accuracy`.
   *
   * @default - the algorithm's own, `perplexity`
   */
  readonly trainingMetric?: string;
  /**
   * The weight decay.
   *
   * @default - the algorithm's own, 0
   */
  readonly weightDecay?: number;
}
