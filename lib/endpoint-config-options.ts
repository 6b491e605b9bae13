import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { AsyncInference } from './async-inference';
import type { DataCapture } from './data-capture';
import type { Encryption } from './encryption';
import type { Explainer } from './explainer';

/** What can be said of every endpoint configuration. */
export interface EndpointConfigOptions {
  /**
   * The key that the storage of the instances is encrypted with. Not for instance types with storage of their own.
   *
   * @default - a key of the service
   */
  readonly encryptionKey?: IKey;
  /**
   * What the storage of the instances, answers, captured data and core dumps are encrypted with, where `encryptionKey`, `asyncInference`, `dataCapture`
   * and `coreDumps` name no key. Serverless variants have no storage to encrypt.
   *
   * @default - as the model, made by whose `deploy` it is; else as `SageMakerDefaults` says, else as the service and the buckets encrypt by themselves
   */
  readonly encryption?: Encryption;
  /**
   * Requests wait in a queue, and answers are written to S3. Not with serverless variants, shadows or explanations, and not on Inf1.
   *
   * @default - an answer comes with the request
   */
  readonly asyncInference?: AsyncInference;
  /**
   * What goes through the endpoint is written to S3, too. Not with serverless variants.
   *
   * @default - nothing is
   */
  readonly dataCapture?: DataCapture;
  /**
   * Answers come with explanations. Not with serverless variants or `asyncInference`.
   *
   * @default - they don't
   */
  readonly explainer?: Explainer;
  /**
   * Whether metrics of use and of requests are kept of each instance and each container, and not of each variant alone.
   *
   * @default false
   */
  readonly enhancedMetrics?: boolean;
  /**
   * Whether metrics of containers, of each GPU and of hosts are kept as well.
   *
   * @default - the service decides
   */
  readonly detailedObservability?: boolean;
  /**
   * How often metrics of use are published, and with `enhancedMetrics` those of requests: every 10 or 30 seconds, or 1 to 5 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly metricsFrequency?: Duration;
  /**
   * What becomes of the configuration when it is replaced or removed. `RemovalPolicy.RETAIN` keeps each one that ever was, for instance to go back to
   * by hand, as `delete_endpoint(delete_endpoint_config=False)` of the Python SDK does; the models in it must be kept as well for that.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly configRemovalPolicy?: RemovalPolicy;
}
