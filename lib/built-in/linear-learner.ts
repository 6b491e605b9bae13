import type { LinearLearnerOptimizerOptions } from './linear-learner-optimizer';

/**
 * Hyperparameters of Linear Learner: linear and logistic regression, two classes or several.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/ll_hyperparameters.html
 */
export interface LinearLearnerProps extends LinearLearnerOptimizerOptions {
  /** What is predicted. `multiclass_classifier` needs `numClasses`. `binary_classifier`, `multiclass_classifier` or `regressor`. */
  readonly predictorType: string;
  /**
   * How many classes there are; at least 3 for `multiclass_classifier`, which needs it. A whole number from 1 to 1000000.
   *
   * @default - the predictor has two classes or none
   */
  readonly numClasses?: number;
  /**
   * What the best model of two classes is chosen by. `accuracy`, `f1`, `f_beta`, `precision_at_target_recall`, `recall_at_target_precision`,
   * `cross_entropy_loss` or `loss_function`.
   *
   * @default - the algorithm's own, `accuracy`
   */
  readonly binaryClassifierModelSelectionCriteria?: string;
  /**
   * The recall that is held while precision is maximized. A number above 0 and below 1.
   *
   * @default - the algorithm's own, 0.8
   */
  readonly targetRecall?: number;
  /**
   * The precision that is held while recall is maximized. A number above 0 and below 1.
   *
   * @default - the algorithm's own, 0.8
   */
  readonly targetPrecision?: number;
  /**
   * The weight of positive examples, as text: a number above 0, `balanced` or `auto`.
   *
   * @default - the algorithm's own, `1.0`
   */
  readonly positiveExampleWeightMult?: string;
  /**
   * How often the data are gone through at most. A whole number, at least 1.
   *
   * @default - the algorithm's own, 15
   */
  readonly epochs?: number;
  /**
   * Whether the model has a bias.
   *
   * @default - the algorithm's own, `true`
   */
  readonly useBias?: boolean;
  /**
   * How many models are trained side by side. A whole number, at least 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly numModels?: number;
  /**
   * How many records of the validation channel the threshold is found with. A whole number, at least 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly numCalibrationSamples?: number;
  /**
   * Whether features are scaled to a standard deviation of 1.
   *
   * @default - the algorithm's own, `true`
   */
  readonly normalizeData?: boolean;
  /**
   * Whether the label of a regression is scaled to a standard deviation of 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly normalizeLabel?: boolean;
  /**
   * Whether features are shifted to a mean of 0.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly unbiasData?: boolean;
  /**
   * Whether the label of a regression is shifted to a mean of 0.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly unbiasLabel?: boolean;
  /**
   * How many records scaling and shifting are computed from. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10000
   */
  readonly numPointForScaler?: number;
  /**
   * After how many epochs without improvement training ends. A whole number, at least 1.
   *
   * @default - the algorithm's own, 3
   */
  readonly earlyStoppingPatience?: number;
  /**
   * The least relative improvement that counts. A number above 0.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly earlyStoppingTolerance?: number;
  /**
   * Among how many best classes the true one must be for the top-k accuracy. A whole number from 1 to 1000000.
   *
   * @default - the algorithm's own, 3
   */
  readonly accuracyTopK?: number;
  /**
   * The beta of F scores. A number above 0.
   *
   * @default - the algorithm's own, 1.0
   */
  readonly fBeta?: number;
  /**
   * Whether all classes count the same in the loss of `multiclass_classifier`.
   *
   * @default - the algorithm's own, `false`
   */
  readonly balanceMulticlassWeights?: boolean;
  /**
   * How many records are taken at a time. A whole number, at least 1.
   *
   * @default - 1000, or the records of each instance where they are fewer; the algorithm's own where the number of records is not known
   */
  readonly miniBatchSize?: number;
  /**
   * How many features a record has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`, otherwise the algorithm finds out
   */
  readonly featureDim?: number;
}
