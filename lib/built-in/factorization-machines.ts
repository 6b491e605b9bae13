import type { FactorizationMachinesInitOptions } from './factorization-machines-init';

/**
 * Hyperparameters of Factorization Machines: classes or figures from sparse records.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/fact-machines-hyperparameters.html
 */
export interface FactorizationMachinesProps extends FactorizationMachinesInitOptions {
  /** The dimensions of the factorization; 2 to 1000 are usual. A whole number, at least 1. */
  readonly numFactors: number;
  /** What is predicted. `binary_classifier` or `regressor`. */
  readonly predictorType: string;
  /**
   * How often the data are gone through. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly epochs?: number;
  /**
   * The size gradients are clipped to.
   *
   * @default - none
   */
  readonly clipGradient?: number;
  /**
   * What is added to avoid a division by 0.
   *
   * @default - none
   */
  readonly eps?: number;
  /**
   * What gradients are multiplied with.
   *
   * @default - none
   */
  readonly rescaleGrad?: number;
  /**
   * The learning rate of the bias. A number, at least 0.
   *
   * @default - the algorithm's own, 0.1
   */
  readonly biasLr?: number;
  /**
   * The learning rate of the linear terms. A number, at least 0.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly linearLr?: number;
  /**
   * The learning rate of the factors. A number, at least 0.
   *
   * @default - the algorithm's own, 0.0001
   */
  readonly factorsLr?: number;
  /**
   * The weight decay of the bias. A number, at least 0.
   *
   * @default - the algorithm's own, 0.01
   */
  readonly biasWd?: number;
  /**
   * The weight decay of the linear terms. A number, at least 0.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly linearWd?: number;
  /**
   * The weight decay of the factors. A number, at least 0.
   *
   * @default - the algorithm's own, 0.00001
   */
  readonly factorsWd?: number;
  /**
   * How many records are taken at a time. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1000
   */
  readonly miniBatchSize?: number;
  /**
   * How many features a record has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`
   */
  readonly featureDim?: number;
}
