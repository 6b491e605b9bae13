import type { ImageOptimizerOptions } from './image-optimizer';

/**
 * Hyperparameters of the classification of images (MXNet).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/IC-Hyperparameter.html
 */
export interface ImageClassificationProps extends ImageOptimizerOptions {
  /** How many classes there are. A whole number, at least 1. */
  readonly numClasses: number;
  /** How many images there are to train with. A whole number, at least 1. */
  readonly numTrainingSamples: number;
  /**
   * How images are varied. `crop`, `crop_color` or `crop_color_transform`.
   *
   * @default - they are not varied
   */
  readonly augmentationType?: string;
  /**
   * After how many epochs the model is kept. A whole number, at least 1.
   *
   * @default - the best one is kept
   */
  readonly checkpointFrequency?: number;
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
   * The size of images: channels, height, width. Whole numbers, at least 1.
   *
   * @default - the algorithm's own, 3, 224, 224
   */
  readonly imageShape?: number[];
  /**
   * Whether an image may have several classes.
   *
   * @default - the algorithm's own, 0
   */
  readonly multiLabel?: boolean;
  /**
   * How many layers the network has: 18, 34, 50, 101, 152 or 200, and for small images 20, 32, 44, 56 or 110.
   *
   * @default - the algorithm's own, 152
   */
  readonly numLayers?: number;
  /**
   * The precision of weights. `float32` or `float16`.
   *
   * @default - the algorithm's own, `float32`
   */
  readonly precisionDtype?: string;
  /**
   * The shorter side of images after they are resized. Needed for images that are not in RecordIO. A whole number, at least 1.
   *
   * @default - they are not resized
   */
  readonly resize?: number;
  /**
   * Among how many best classes the true one must be for the top-k accuracy. A whole number, at least 2.
   *
   * @default - not reported
   */
  readonly topK?: number;
  /**
   * Whether a pretrained model is the begin.
   *
   * @default - the algorithm's own, 0
   */
  readonly usePretrainedModel?: boolean;
  /**
   * Whether rare classes weigh more, with `multiLabel`.
   *
   * @default - the algorithm's own, 0
   */
  readonly useWeightedLoss?: boolean;
}
