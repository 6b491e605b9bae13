import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { AsyncInference } from './async-inference';
import type { DataCapture } from './data-capture';

/** What can be said of every endpoint configuration. */
export interface EndpointConfigOptions {
  /**
   * The key that the storage of the instances is encrypted with. Not for instance types with storage of their own.
   *
   * @default - a key of the service
   */
  readonly encryptionKey?: IKey;
  /**
   * Requests wait in a queue, and answers are written to S3. Not with serverless variants.
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
}
