import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * The trees of XGBoost.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html
 */
export interface XgboostTreeOptions extends BuiltInAlgorithmOptions {
  /**
   * How deep a tree may be; 0 for no limit. A whole number, at least 0.
   *
   * @default - the algorithm's own, 6
   */
  readonly maxDepth?: number;
  /**
   * How many leaves a tree may have with `growPolicy` `lossguide`; 0 for no limit. A whole number, at least 0.
   *
   * @default - the algorithm's own, 0
   */
  readonly maxLeaves?: number;
  /**
   * Where a tree grows. `depthwise` or `lossguide`.
   *
   * @default - the algorithm's own, `depthwise`
   */
  readonly growPolicy?: string;
  /**
   * How trees are made. `gpu_hist` needs a GPU. `auto`, `exact`, `approx`, `hist` or `gpu_hist`.
   *
   * @default - the algorithm's own, `auto`
   */
  readonly treeMethod?: string;
  /**
   * The least improvement for which a leaf is split. A number, at least 0.
   *
   * @default - the algorithm's own, 0
   */
  readonly gamma?: number;
  /**
   * The least weight of records in a leaf. A number, at least 0.
   *
   * @default - the algorithm's own, 1
   */
  readonly minChildWeight?: number;
  /**
   * The largest step of a leaf; 0 for no limit. A number, at least 0.
   *
   * @default - the algorithm's own, 0
   */
  readonly maxDeltaStep?: number;
  /**
   * The share of records that each tree is made from. A number from 0 to 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly subsample?: number;
  /**
   * The share of columns that each tree is made from. A number from 0 to 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly colsampleBytree?: number;
  /**
   * The share of columns that each level is made from. A number from 0 to 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly colsampleBylevel?: number;
  /**
   * The share of columns that each split is made from. A number above 0, up to 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly colsampleBynode?: number;
  /**
   * Into how many bins `hist` puts values. A whole number, at least 1.
   *
   * @default - the algorithm's own, 256
   */
  readonly maxBin?: number;
  /**
   * How exact `approx` is. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.03
   */
  readonly sketchEps?: number;
  /**
   * The steps by which trees are made, with commas between.
   *
   * @default - by the tree method
   */
  readonly updater?: string;
  /**
   * Whether the updater `refresh` renews leaves too.
   *
   * @default - the algorithm's own, 1
   */
  readonly refreshLeaf?: boolean;
  /**
   * Whether trees are made (`default`) or renewed (`update`).
   *
   * @default - the algorithm's own, `default`
   */
  readonly processType?: string;
  /**
   * Which way a prediction goes with each column, for instance `(0, 1)`.
   *
   * @default - none
   */
  readonly monotoneConstraints?: string;
  /**
   * Which columns may be in one branch, for instance `[[1,2],[3,4]]`.
   *
   * @default - none
   */
  readonly interactionConstraints?: string;
  /**
   * Whether `gpu_hist` gives the same result each time.
   *
   * @default - the algorithm's own, `true`
   */
  readonly deterministicHistogram?: boolean;
  /**
   * Whether histograms have single precision.
   *
   * @default - the algorithm's own, `false`
   */
  readonly singlePrecisionHistogram?: boolean;
  /**
   * How `dart` chooses the trees to drop. `uniform` or `weighted`.
   *
   * @default - the algorithm's own, `uniform`
   */
  readonly sampleType?: string;
  /**
   * How `dart` weighs new trees. `tree` or `forest`.
   *
   * @default - the algorithm's own, `tree`
   */
  readonly normalizeType?: string;
  /**
   * The share of trees that `dart` drops. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.0
   */
  readonly rateDrop?: number;
  /**
   * Whether `dart` drops at least one tree each time.
   *
   * @default - the algorithm's own, 0
   */
  readonly oneDrop?: boolean;
  /**
   * The probability that `dart` drops nothing. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0.0
   */
  readonly skipDrop?: number;
}
