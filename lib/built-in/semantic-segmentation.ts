import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of the segmentation of images: a class for every pixel.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/segmentation-hyperparameters.html
 */
export interface SemanticSegmentationProps extends BuiltInAlgorithmOptions {
  /** How many classes there are. A whole number from 2 to 254. */
  readonly numClasses: number;
  /** How many images there are to train with. A whole number, at least 1. */
  readonly numTrainingSamples: number;
  /**
   * The algorithm: fully convolutional (`fcn`), pyramid scene parsing (`psp`) or DeepLab V3 (`deeplab`).
   *
   * @default - the algorithm's own, `fcn`
   */
  readonly algorithm?: string;
  /**
   * The network that finds features. `resnet-50` or `resnet-101`.
   *
   * @default - the algorithm's own, `resnet-50`
   */
  readonly backbone?: string;
  /**
   * Whether a pretrained backbone is the begin.
   *
   * @default - the algorithm's own, `true`
   */
  readonly usePretrainedModel?: boolean;
  /**
   * The longer side that images are resized to, about. A whole number, at least 17.
   *
   * @default - the algorithm's own, 520
   */
  readonly baseSize?: number;
  /**
   * The sides of the squares that are cut out; rounded up to multiples of 8. A whole number, at least 17.
   *
   * @default - the algorithm's own, 240
   */
  readonly cropSize?: number;
  /**
   * Whether training ends when the validation shows no improvement.
   *
   * @default - the algorithm's own, `false`
   */
  readonly earlyStopping?: boolean;
  /**
   * After how many epochs training may end early. A whole number, at least 0.
   *
   * @default - the algorithm's own, 5
   */
  readonly earlyStoppingMinEpochs?: number;
  /**
   * After how many epochs without improvement training ends early. A whole number, at least 0.
   *
   * @default - the algorithm's own, 4
   */
  readonly earlyStoppingPatience?: number;
  /**
   * The least relative improvement that counts. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.0
   */
  readonly earlyStoppingTolerance?: number;
  /**
   * How often the data are gone through. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10
   */
  readonly epochs?: number;
  /**
   * The decay of `rmsprop`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.9
   */
  readonly gamma1?: number;
  /**
   * The momentum of `rmsprop`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.9
   */
  readonly gamma2?: number;
  /**
   * The first learning rate. A number above 0, up to 1.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly learningRate?: number;
  /**
   * How the learning rate decreases. `step` needs `lrSchedulerStep`. `step`, `poly` or `cosine`.
   *
   * @default - the algorithm's own, `poly`
   */
  readonly lrScheduler?: string;
  /**
   * By how much the learning rate decreases with `step`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.1
   */
  readonly lrSchedulerFactor?: number;
  /**
   * After which epochs the learning rate decreases with `step`. Whole numbers, at least 1.
   *
   * @default - none
   */
  readonly lrSchedulerStep?: number[];
  /**
   * How many images are taken at a time. A whole number, at least 1.
   *
   * @default - the algorithm's own, 16
   */
  readonly miniBatchSize?: number;
  /**
   * The momentum of `sgd`. A number above 0, up to 1.
   *
   * @default - the algorithm's own, 0.9
   */
  readonly momentum?: number;
  /**
   * The optimizer. `adam`, `adagrad`, `nag`, `rmsprop` or `sgd`.
   *
   * @default - the algorithm's own, `sgd`
   */
  readonly optimizer?: string;
  /**
   * Whether batches are normalized over all GPUs.
   *
   * @default - the algorithm's own, `false`
   */
  readonly syncbn?: boolean;
  /**
   * How many images are taken at a time for validation. A whole number, at least 1.
   *
   * @default - the algorithm's own, 16
   */
  readonly validationMiniBatchSize?: number;
  /**
   * The weight decay of `sgd`. A number above 0 and below 1.
   *
   * @default - the algorithm's own, 0.0001
   */
  readonly weightDecay?: number;
}
