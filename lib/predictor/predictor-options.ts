import type { Deserializer } from './deserializer';
import type { Serializer } from './serializer';

/** Keys of AWS. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Whom to ask, and as whom. */
export interface ClientOptions {
  /** @default - AWS_REGION, AWS_DEFAULT_REGION, or that of the profile */
  readonly region?: string;
  /** @default - AWS_PROFILE, or `default` */
  readonly profile?: string;
  /** @default - AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME, AWS_ENDPOINT_URL, or the service of the region */
  readonly endpointUrl?: string;
  /** Where the inputs and outputs of asynchronous endpoints are. @default - AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, or S3 of the region */
  readonly s3EndpointUrl?: string;
  /** Keys, or a function that gets some, for instance one of `@aws-sdk/credential-providers`. @default - as every SDK finds them */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  /** How often a call is sent in all when the service is busy, restarts, or can't be reached. @default 3 */
  readonly maxAttempts?: number;
}

/** Which model is asked, and what goes with the request. */
export interface TargetOptions {
  /** The variant that is to answer. @default - one by weight */
  readonly targetVariant?: string;
  /** Of a multi-model endpoint, the archive of the model, relative to the endpoint's prefix. */
  readonly targetModel?: string;
  /** Of an endpoint with several containers, the host name of the one that is asked directly. */
  readonly targetContainer?: string;
  /** Of an endpoint with inference components, the one that is asked. */
  readonly inferenceComponent?: string;
  /** Goes to the container as it is; at most 1024 characters of ASCII. */
  readonly customAttributes?: string;
}

export interface PredictorOptions<I, O> extends ClientOptions, TargetOptions {
  /** What writes the data. @default Serializer.bytes() */
  readonly serializer?: Serializer<I>;
  /** What reads the answer. @default Deserializer.bytes() */
  readonly deserializer?: Deserializer<O>;
}

export interface PredictOptions extends TargetOptions {
  /** Is kept with the captured data, to find the request by. */
  readonly inferenceId?: string;
  /** In place of the serializer's. */
  readonly contentType?: string;
  /** In place of the deserializer's. */
  readonly accept?: string;
  /** Whether Clarify explains the answer: an expression of JMESPath. */
  readonly enableExplanations?: string;
  /** A session of a stateful model, or `NEW_SESSION`. */
  readonly sessionId?: string;
}

/** Exactly one of `data` and `inputLocation`. */
export interface PredictAsyncOptions<I> {
  /** What is to be predicted: sent with the request where it has at most 128,000 bytes, uploaded where `upload` says so. */
  readonly data?: I;
  /** An object in S3 that is there already, as `s3://bucket/key`. */
  readonly inputLocation?: string;
  /** Where `data` is uploaded to, as `s3://bucket/key`; below a prefix that ends in `/` it gets a name of its own. */
  readonly upload?: string;
  /** @default - one that SageMaker makes */
  readonly inferenceId?: string;
  /** @default - the serializer's; with `inputLocation` none, as the object has its own */
  readonly contentType?: string;
  /** @default - the deserializer's */
  readonly accept?: string;
  readonly customAttributes?: string;
  /** How long it may wait in the queue, 60 to 21600. @default 21600 */
  readonly requestTtlSeconds?: number;
  /** How long the model may take, 1 to 3600. @default 900 */
  readonly invocationTimeoutSeconds?: number;
}

/** An answer, and what came with it. */
export interface Prediction<O> {
  readonly body: O;
  readonly contentType: string;
  /** The variant that answered. */
  readonly invokedVariant?: string;
  readonly customAttributes?: string;
  readonly newSessionId?: string;
  readonly closedSessionId?: string;
}
