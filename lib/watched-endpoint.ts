import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { BoundVariant } from './bound-variant';

/** An endpoint whose alarms are made. */
export interface WatchedEndpoint {
  /** Known before the endpoint is: without it, alarms are made after the endpoint. */
  readonly givenName?: string;
  /** Undefined of a configuration made elsewhere. */
  readonly variants?: readonly BoundVariant[];
  /** How many seconds there are between two values of the metrics of requests; undefined where that is not known. */
  readonly metricsFrequency?: number;
  readonly endpoint: () => CfnEndpoint;
}
