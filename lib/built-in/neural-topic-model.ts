import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of the neural topic model, which finds topics in documents.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/ntm_hyperparameters.html
 */
export interface NtmProps extends BuiltInAlgorithmOptions {
  /** How many topics are wanted. A whole number from 2 to 1000. */
  readonly numTopics: number;
  /**
   * The sizes of the layers of the encoder. Whole numbers, at least 1.
   *
   * @default - two layers of 3 and 2 times `numTopics`
   */
  readonly encoderLayers?: number[];
  /**
   * How often the data are gone through at most. A whole number from 1 to 100.
   *
   * @default - the algorithm's own, 50
   */
  readonly epochs?: number;
  /**
   * The activation in the encoder. `sigmoid`, `tanh` or `relu`.
   *
   * @default - the algorithm's own, `sigmoid`
   */
  readonly encoderLayersActivation?: string;
  /**
   * The optimizer. `adagrad`, `adam`, `rmsprop`, `sgd` or `adadelta`.
   *
   * @default - the algorithm's own, `adadelta`
   */
  readonly optimizer?: string;
  /**
   * The relative change of the loss below which training ends. A number from 1e-6 to 0.1.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly tolerance?: number;
  /**
   * Over how many epochs that change is looked at. A whole number from 1 to 10.
   *
   * @default - the algorithm's own, 3
   */
  readonly numPatienceEpochs?: number;
  /**
   * Whether batches are normalized.
   *
   * @default - the algorithm's own, `false`
   */
  readonly batchNorm?: boolean;
  /**
   * What gradients are multiplied with. A number from 1e-3 to 1.
   *
   * @default - the algorithm's own, 1.0
   */
  readonly rescaleGradient?: number;
  /**
   * The largest part of a gradient. A number, at least 1e-3.
   *
   * @default - no limit
   */
  readonly clipGradient?: number;
  /**
   * The weight decay (L2). A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.0
   */
  readonly weightDecay?: number;
  /**
   * The learning rate. A number from 1e-6 to 1.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly learningRate?: number;
  /**
   * How many records are taken at a time. A whole number from 1 to 10000.
   *
   * @default - the algorithm's own, 256
   */
  readonly miniBatchSize?: number;
  /**
   * How many words the vocabulary has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`
   */
  readonly featureDim?: number;
}
