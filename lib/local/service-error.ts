/**
 * An error as an AWS service answers it: `name` goes over the wire as `__type` (or as the `Code` of XML
 * protocols), so that the SDKs raise their own exception for it.
 */
export class ServiceError extends Error {
  constructor(name: string, message: string, public readonly status = 400, public readonly details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
  }
}

/** What most refused requests get. SageMaker does not model it: clients tell the cases apart by the message. */
export const validationException = (message: string) => new ServiceError('ValidationException', message);

/** A request that the local AWS can't answer, by name. Never retried by the SDKs, unlike an HTTP 500. */
export const unsupported = (what: string) => new Unsupported(what);

export class Unsupported extends ServiceError {
  constructor(what: string) { super('ValidationException', `Not supported by the local AWS: ${what}`); }
}
