/** Ends a command with a message and an exit code; nothing else is printed. */
export class CommandError extends Error {
  constructor(message: string, public readonly exitCode = 1) { super(message); }
}

/** The command line itself is wrong. */
export const usageError = (message: string) => new CommandError(message, 2);

/** An error of an SDK. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const PASSING = /Throttl|TooManyRequests|RequestLimitExceeded|LimitExceededException|SlowDown|ServiceUnavailable|InternalFailure|InternalServer|RequestTimeout|TimeoutError|NetworkingError/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)/;
const DENIED = /AccessDenied|NotAuthorized|UnauthorizedOperation/;
const EXPIRED = /ExpiredToken|RequestExpired/;

/** Asking again later may do. */
export function isPassing(error: unknown): boolean {
  const { name = '', code = '', $metadata } = error as SdkError;
  return PASSING.test(name) || NETWORK.test(code) || ($metadata?.httpStatusCode ?? 0) >= 500;
}

/** A log group or a stream that does not exist. */
export const isNotThere = (error: unknown) => (error as SdkError).name === 'ResourceNotFoundException';

/** SageMaker has no error of its own for a name that it does not know. */
export const isUnknownJob = (error: unknown) => (error as SdkError).name === 'ResourceNotFound' || /resource not found|could not find|can't find/i.test((error as SdkError).message ?? '');

/** A service, or what stands for one, that does not know such jobs at all. */
export const isUnknownOperation = (error: unknown) => (error as SdkError).name === 'UnknownOperationException';

export const isDenied = (error: unknown) => DENIED.test((error as SdkError).name ?? '');

/** What went wrong and what to do, for people. @param orLocal what else may be given, by a command that knows the local AWS */
export function inWords(error: unknown, orLocal = ', or --local for the jobs of this machine'): string {
  const { name = 'Error', message = '', code } = error as SdkError;
  if (EXPIRED.test(name)) { return `the credentials have expired (${message}): renew them and run the command again; nothing was changed`; }
  if (name === 'CredentialsProviderError' || /Could not load credentials|Token is expired|SSO session/.test(message)) { return `no AWS credentials: ${message}. Give --profile${orLocal}`; }
  if (/Region is missing/.test(message)) { return `no region: give --region or set AWS_REGION${orLocal}`; }
  if (name === 'AggregateError' || code !== undefined && NETWORK.test(code)) { return `the service can't be reached: ${code ?? name} ${message}`.trim(); }
  return name === 'Error' ? message : `${name}: ${message}`;
}
