import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of the detection of objects in images (MXNet).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/object-detection-api-config.html
 */
export interface ObjectDetectionProps extends BuiltInAlgorithmOptions {
  /** How many classes there are. A whole number, at least 1. */
  readonly numClasses: number;
  /** How many images there are to train with. A whole number, at least 1. */
  readonly numTrainingSamples: number;
  /**
   * The network that finds features. `vgg-16` or `resnet-50`.
   *
   * @default - the algorithm's own, `vgg-16`
   */
  readonly baseNetwork?: string;
  /**
   * Whether training ends when the validation shows no improvement.
   *
   * @default - the algorithm's own, `false`
   */
  readonly earlyStopping?: boolean;
  /**
   * After how many epochs training may end early. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10
   */
  readonly earlyStoppingMinEpochs?: number;
  /**
   * After how many epochs without improvement training ends early. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5
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
   * @default - the algorithm's own, 30
   */
  readonly epochs?: number;
  /**
   * A regular expression of the layers whose weights stay.
   *
   * @default - none
   */
  readonly freezeLayerPattern?: string;
  /**
   * The length of the sides that images are resized to; 300 and 512 are usual. A whole number, at least 300.
   *
   * @default - the algorithm's own, 300
   */
  readonly imageShape?: number;
  /**
   * How several instances agree on weights. `dist_sync` or `dist_async`.
   *
   * @default - none
   */
  readonly kvStore?: string;
  /**
   * The room for the annotations of an image. A whole number, at least 1.
   *
   * @default - the algorithm's own, 350
   */
  readonly labelWidth?: number;
  /**
   * The first learning rate. A number above 0, up to 1.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly learningRate?: number;
  /**
   * By how much the learning rate decreases. A number above 0 and below 1.
   *
   * @default - the algorithm's own, 0.1
   */
  readonly lrSchedulerFactor?: number;
  /**
   * After which epochs the learning rate decreases. Whole numbers, at least 1.
   *
   * @default - none
   */
  readonly lrSchedulerStep?: number[];
  /**
   * How many images are taken at a time. A whole number, at least 1.
   *
   * @default - the algorithm's own, 32
   */
  readonly miniBatchSize?: number;
  /**
   * The momentum of `sgd`. A number above 0, up to 1.
   *
   * @default - the algorithm's own, 0.9
   */
  readonly momentum?: number;
  /**
   * How much boxes may overlap before the weaker one is dropped. A number above 0, up to 1.
   *
   * @default - the algorithm's own, 0.45
   */
  readonly nmsThreshold?: number;
  /**
   * The optimizer. `sgd`, `adam`, `rmsprop` or `adadelta`.
   *
   * @default - the algorithm's own, `sgd`
   */
  readonly optimizer?: string;
  /**
   * How much a box must overlap the true one to count. A number above 0, up to 1.
   *
   * @default - the algorithm's own, 0.5
   */
  readonly overlapThreshold?: number;
  /**
   * Whether a pretrained model is the begin.
   *
   * @default - the algorithm's own, 1
   */
  readonly usePretrainedModel?: boolean;
  /**
   * The weight decay of `sgd` and `rmsprop`. A number above 0 and below 1.
   *
   * @default - the algorithm's own, 0.0005
   */
  readonly weightDecay?: number;
}
