/** SageMaker as the CloudFormation engine and the servers see it: an operation's name and its input, as on the wire. */
export interface SageMakerApi {
  /**
   * Performs one operation.
   *
   * Times in the answer are `Date`s; the wire writes them as seconds since 1970.
   *
   * @throws ServiceError with SageMaker's own name and message
   */
  call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** What a client of the runtime API sends to an endpoint. */
export interface Invocation {
  readonly body: Buffer;
  readonly contentType?: string;
  readonly accept?: string;
  /** The variant to ask; by weight without it. */
  readonly variant?: string;
  /** The container to ask, of a model whose containers are asked directly. */
  readonly targetContainer?: string;
  /** The artifact to ask, below the prefix of a multi-model container. */
  readonly targetModel?: string;
  /** Passed on to the container as they are. */
  readonly customAttributes?: string;
  /** What a captured record is known by. */
  readonly inferenceId?: string;
  /** Gets the answer as it comes, if it is one; without it the answer comes whole. */
  readonly sink?: AnswerSink;
}

/** Takes an answer part by part. */
export interface AnswerSink {
  /** @param variant who answers, if that is known */
  begin(contentType: string, variant?: string): void;
  part(chunk: Buffer): void;
}

/** An invocation whose body is an object in S3, and whose answer will be one. */
export interface AsyncInvocation {
  readonly inputLocation: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly customAttributes?: string;
  readonly inferenceId?: string;
  /** How long the container has, in seconds. @default 900 */
  readonly timeoutSeconds?: number;
  /** How long it may wait for its turn, in seconds. @default 21,600 */
  readonly waitSeconds?: number;
}

/** Where the answer of an asynchronous invocation will be. */
export interface AsyncInvocationAnswer {
  readonly inferenceId: string;
  readonly outputLocation: string;
  readonly failureLocation?: string;
}

/** What the endpoint's container answered. */
export interface InvocationAnswer {
  readonly body: Buffer;
  readonly contentType: string;
  /** The variant that answered. */
  readonly variant: string;
  readonly customAttributes?: string;
}

/** The SageMaker runtime. */
export interface SageMakerRuntimeApi {
  /** @throws ServiceError `ModelError` with the container's own status and message, `ValidationError` for an unknown endpoint */
  invoke(endpointName: string, invocation: Invocation): Promise<InvocationAnswer>;
  /** @throws ServiceError `ValidationError` for an endpoint that does not answer asynchronously */
  invokeAsync(endpointName: string, invocation: AsyncInvocation): AsyncInvocationAnswer;
}
