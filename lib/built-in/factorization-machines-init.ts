import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * What Factorization Machines begin with.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/fact-machines-hyperparameters.html
 */
export interface FactorizationMachinesInitOptions extends BuiltInAlgorithmOptions {
  /**
   * How the bias begins. `normal`, `uniform` or `constant`.
   *
   * @default - the algorithm's own, `normal`
   */
  readonly biasInitMethod?: string;
  /**
   * The range of a uniform bias. A number, at least 0.
   *
   * @default - none
   */
  readonly biasInitScale?: number;
  /**
   * The standard deviation of a normal bias. A number, at least 0.
   *
   * @default - the algorithm's own, 0.01
   */
  readonly biasInitSigma?: number;
  /**
   * The value of a constant bias.
   *
   * @default - none
   */
  readonly biasInitValue?: number;
  /**
   * How the linear terms begin. `normal`, `uniform` or `constant`.
   *
   * @default - the algorithm's own, `normal`
   */
  readonly linearInitMethod?: string;
  /**
   * The range of uniform linear terms. A number, at least 0.
   *
   * @default - none
   */
  readonly linearInitScale?: number;
  /**
   * The standard deviation of normal linear terms. A number, at least 0.
   *
   * @default - the algorithm's own, 0.01
   */
  readonly linearInitSigma?: number;
  /**
   * The value of constant linear terms.
   *
   * @default - none
   */
  readonly linearInitValue?: number;
  /**
   * How the factors begin. `normal`, `uniform` or `constant`.
   *
   * @default - the algorithm's own, `normal`
   */
  readonly factorsInitMethod?: string;
  /**
   * The range of uniform factors. A number, at least 0.
   *
   * @default - none
   */
  readonly factorsInitScale?: number;
  /**
   * The standard deviation of normal factors. A number, at least 0.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly factorsInitSigma?: number;
  /**
   * The value of constant factors.
   *
   * @default - none
   */
  readonly factorsInitValue?: number;
}
