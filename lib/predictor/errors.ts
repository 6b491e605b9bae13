/** What a service answered, or what can't be sent or read; `name` says which. */
export class PredictorError extends Error {
  /** @param statusCode of HTTP, where there was an answer */
  constructor(name: string, message: string, public readonly statusCode?: number) {
    super(message);
    this.name = name;
  }
}

/** What the model's container answered in place of a prediction, or wrote to the failure path of an asynchronous endpoint. */
export class ModelError extends PredictorError {
  constructor(
    message: string,
    statusCode: number | undefined,
    /** What the container itself said. */
    public readonly originalMessage: string | undefined,
    /** The status with which the container answered. */
    public readonly originalStatusCode: number | undefined,
    /** Where the container's log is. */
    public readonly logStreamArn: string | undefined,
  ) {
    super('ModelError', message, statusCode);
  }
}

/** Data that a serializer can't write. */
export const cannotWrite = (message: string) => new PredictorError('SerializationError', message);

/** An answer that a deserializer can't read. */
export const cannotRead = (message: string) => new PredictorError('DeserializationError', message);
