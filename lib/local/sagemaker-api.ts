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
}

/** What the endpoint's container answered. */
export interface InvocationAnswer {
  readonly body: Buffer;
  readonly contentType: string;
  /** The variant that answered. */
  readonly variant: string;
}

/** The SageMaker runtime. */
export interface SageMakerRuntimeApi {
  /** @throws ServiceError `ModelError` with the container's own status and message, `ValidationError` for an unknown endpoint */
  invoke(endpointName: string, invocation: Invocation): Promise<InvocationAnswer>;
}
