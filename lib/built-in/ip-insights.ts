import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * Hyperparameters of IP Insights, which learns which IPv4 addresses an account or a user comes from.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/ip-insights-hyperparameters.html
 */
export interface IpInsightsProps extends BuiltInAlgorithmOptions {
  /** How many vectors accounts are told apart by; twice the number of accounts is a good start. A whole number from 1 to 250000000. */
  readonly numEntityVectors: number;
  /** The dimensions of each vector. A whole number from 4 to 4096. */
  readonly vectorDim: number;
  /**
   * After how many batches the speed is logged. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1000
   */
  readonly batchMetricsPublishInterval?: number;
  /**
   * How often the data are gone through. A whole number, at least 1.
   *
   * @default - the algorithm's own, 10
   */
  readonly epochs?: number;
  /**
   * The learning rate. A number from 1e-6 to 10.
   *
   * @default - the algorithm's own, 0.001
   */
  readonly learningRate?: number;
  /**
   * How many layers encode an address. A whole number from 0 to 100.
   *
   * @default - the algorithm's own, 1
   */
  readonly numIpEncoderLayers?: number;
  /**
   * How many random addresses are set against each record. A whole number from 0 to 500.
   *
   * @default - the algorithm's own, 1
   */
  readonly randomNegativeSamplingRate?: number;
  /**
   * How many addresses of other records are set against each record. A whole number from 0 to 500.
   *
   * @default - the algorithm's own, 1
   */
  readonly shuffledNegativeSamplingRate?: number;
  /**
   * The weight decay (L2). A number from 0 to 10.
   *
   * @default - the algorithm's own, 0.00001
   */
  readonly weightDecay?: number;
  /**
   * How many records are taken at a time. A whole number from 1 to 500000.
   *
   * @default - the algorithm's own, 10000
   */
  readonly miniBatchSize?: number;
  /**
   * How many features a record has. A whole number, at least 1.
   *
   * @default - that of the record set of the channel `train`, if it is one
   */
  readonly featureDim?: number;
}
