import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * How Linear Learner fits its models.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/ll_hyperparameters.html
 */
export interface LinearLearnerOptimizerOptions extends BuiltInAlgorithmOptions {
  /**
   * The distribution of the first weights. `uniform` or `normal`.
   *
   * @default - the algorithm's own, `uniform`
   */
  readonly initMethod?: string;
  /**
   * The scale of a uniform distribution of first weights. A number above 0.
   *
   * @default - the algorithm's own, 0.07
   */
  readonly initScale?: number;
  /**
   * The standard deviation of a normal distribution of first weights. A number above 0.
   *
   * @default - the algorithm's own, 0.01
   */
  readonly initSigma?: number;
  /**
   * The first bias.
   *
   * @default - the algorithm's own, 0
   */
  readonly initBias?: number;
  /**
   * The optimizer. `sgd`, `adam`, `rmsprop` or `auto`.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly optimizer?: string;
  /**
   * The loss function. `logistic`, `squared_loss`, `absolute_loss`, `hinge_loss`, `eps_insensitive_squared_loss`, `eps_insensitive_absolute_loss`,
   * `quantile_loss`, `huber_loss`, `softmax_loss` or `auto`.
   *
   * @default - the algorithm's own, `auto`, by the predictor
   */
  readonly loss?: string;
  /**
   * The weight decay (L2). A number, at least 0.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly wd?: number;
  /**
   * The L1 regularization. A number, at least 0.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly l1?: number;
  /**
   * The momentum of `sgd`. A number from 0 to below 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly momentum?: number;
  /**
   * The learning rate. A number above 0.
   *
   * @default - the algorithm's own, `auto`, by the optimizer
   */
  readonly learningRate?: number;
  /**
   * The decay of the first moments of `adam`. A number from 0 to below 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly beta1?: number;
  /**
   * The decay of the second moments of `adam`. A number from 0 to below 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly beta2?: number;
  /**
   * How many times the learning rate that of the bias is. A number above 0.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly biasLrMult?: number;
  /**
   * How many times the weight decay that of the bias is. A number, at least 0.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly biasWdMult?: number;
  /**
   * Whether the learning rate decreases over time.
   *
   * @default - the algorithm's own, `true`
   */
  readonly useLrScheduler?: boolean;
  /**
   * After how many steps the learning rate decreases. A whole number, at least 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly lrSchedulerStep?: number;
  /**
   * By how much the learning rate decreases. A number above 0 and below 1.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly lrSchedulerFactor?: number;
  /**
   * The least learning rate. A number above 0.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly lrSchedulerMinimumLr?: number;
  /**
   * The margin of `hinge_loss`. A number, at least 0.
   *
   * @default - the algorithm's own, 1.0
   */
  readonly margin?: number;
  /**
   * The quantile of `quantile_loss`. A number above 0 and below 1.
   *
   * @default - the algorithm's own, 0.5
   */
  readonly quantile?: number;
  /**
   * The error that an insensitive loss takes for none. A number above 0.
   *
   * @default - the algorithm's own, 0.01
   */
  readonly lossInsensitivity?: number;
  /**
   * The error from which on `huber_loss` is linear. A number, at least 0.
   *
   * @default - the algorithm's own, 1.0
   */
  readonly huberDelta?: number;
}
