import type { XgboostTreeOptions } from './xgboost-tree';

/**
 * Hyperparameters of XGBoost without a script: boosted trees for figures, classes and rankings.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html
 */
export interface XgboostProps extends XgboostTreeOptions {
  /** How many rounds of boosting there are. A whole number, at least 1. */
  readonly numRound: number;
  /**
   * How many classes there are; `multi:softmax` and `multi:softprob` need it. A whole number, at least 1.
   *
   * @default - the objective has no classes
   */
  readonly numClass?: number;
  /**
   * What is learned, for instance `reg:squarederror`, `binary:logistic` or `multi:softmax`.
   *
   * @default - the algorithm's own, `reg:squarederror`
   */
  readonly objective?: string;
  /**
   * What the validation channel is scored by, for instance `rmse` or `auc`.
   *
   * @default - by the objective
   */
  readonly evalMetric?: string;
  /**
   * The first prediction for every record.
   *
   * @default - the algorithm's own, 0.5
   */
  readonly baseScore?: number;
  /**
   * What is boosted: trees (`gbtree`, `dart`) or linear functions (`gblinear`).
   *
   * @default - the algorithm's own, `gbtree`
   */
  readonly booster?: string;
  /**
   * How much of each round is taken over (the learning rate). A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.3
   */
  readonly eta?: number;
  /**
   * The L1 regularization. A number, at least 0.
   *
   * @default - the algorithm's own, 0
   */
  readonly alpha?: number;
  /**
   * The L2 regularization (`lambda`). A number, at least 0.
   *
   * @default - the algorithm's own, 1
   */
  readonly regLambda?: number;
  /**
   * The L2 regularization of the bias. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0
   */
  readonly lambdaBias?: number;
  /**
   * After how many rounds without improvement of the validation training ends. A whole number, at least 1.
   *
   * @default - it does not end early
   */
  readonly earlyStoppingRounds?: number;
  /**
   * How much positive records weigh; the ratio of negative to positive ones is usual.
   *
   * @default - the algorithm's own, 1
   */
  readonly scalePosWeight?: number;
  /**
   * What random numbers begin with. A whole number.
   *
   * @default - the algorithm's own, 0
   */
  readonly seed?: number;
  /**
   * How many threads are used. A whole number, at least 1.
   *
   * @default - all there are
   */
  readonly nthread?: number;
  /**
   * Whether the second column of CSV data is the weight of a record.
   *
   * @default - the algorithm's own, 0
   */
  readonly csvWeights?: boolean;
  /**
   * The variance of `reg:tweedie`. A number above 1 and below 2.
   *
   * @default - the algorithm's own, 1.5
   */
  readonly tweedieVariancePower?: number;
  /**
   * How much is logged: nothing (0) to everything (3). A whole number from 0 to 3.
   *
   * @default - the algorithm's own, 1
   */
  readonly verbosity?: number;
}
