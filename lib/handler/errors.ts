/** What the caller asked for can't be: reported at once, with the path of the member. */
export class BadProperties extends Error {
  public override readonly name = 'BadProperties';
}

/** The event ends here, with this reason for CloudFormation. */
export class Refused extends Error {
  public override readonly name = 'Refused';
}

interface ServiceErrorLike {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: unknown;
}

const THROTTLING = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|Rate exceeded/i;
const CONNECTION = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|TimeoutError$|RequestTimeout|NetworkingError)|socket hang up|Connection (was )?(reset|closed|refused)/i;

/** Throttling, 5xx, network: the call may be made again. What it did, if anything, has to be looked up. */
export function isTransient(error: unknown): boolean {
  const e = error as ServiceErrorLike;
  const status = e.$metadata?.httpStatusCode ?? 0;
  return THROTTLING.test(e.name ?? '') || /rate exceeded/i.test(e.message ?? '')
    || status === 429 || status >= 500
    || CONNECTION.test(e.code ?? '') || CONNECTION.test(e.name ?? '') || CONNECTION.test(e.message ?? '')
    || /^(InternalFailure|InternalError|InternalServerException|ServiceUnavailable|ServiceUnavailableException)$/.test(e.name ?? '');
}

/**
 * What a role or its policy that is not everywhere yet looks like when a job is created. The same words
 * mean a lasting mistake too, hence only for a while.
 *
 * @see aws-facts 2.6; the list is the one Terraform's provider retries on.
 */
const ROLE_NOT_READY = [
  'Could not assume role',
  'Unauthorized to List objects under S3 URL',
  'Access denied to OutputDataConfig S3 bucket',
  'no identity-based policy allows the s3:ListBucket action',
  'Access denied to hub content',
  'Access denied for repository',
  'Access denied when describing algorithm',
  'The AWS Access Key Id you provided does not exist in our records',
  'is not authorized to perform: sagemaker:DescribeAlgorithm',
  'is not authorized to perform: sagemaker:DescribeEndpoint',    // the handler's own policy, which the same deployment has just changed
];

export function isRoleNotReady(error: unknown): boolean {
  const message = (error as ServiceErrorLike).message ?? '';
  return ROLE_NOT_READY.some((words) => message.includes(words));
}

/** The name is taken: by ourselves a moment ago, or by somebody else. */
export function isNameTaken(error: unknown): boolean {
  const e = error as ServiceErrorLike;
  return e.name === 'ResourceInUse' || (/already exists/i.test(e.message ?? '') && e.name === 'ValidationException');
}

/** The job came to its end between our look and our call. */
export function isEndedAlready(error: unknown): boolean {
  const e = error as ServiceErrorLike;
  return e.name === 'ValidationException' && /is in status|already|terminal/i.test(e.message ?? '');
}

/** The record can't be deleted yet: the job, or its warm pool, is still there (aws-facts 2.9). */
export function isStillHeld(error: unknown): boolean {
  const e = error as ServiceErrorLike;
  return e.name === 'ResourceInUse' || (e.name === 'ValidationException' && /warm pool|in use/i.test(e.message ?? ''));
}

/** The kinds word it differently and two of them send no modelled error (aws-facts 2.1). */
export function isNotFound(error: unknown): boolean {
  const e = error as ServiceErrorLike;
  return e.name === 'ResourceNotFound' || e.name === 'ResourceNotFoundException'
    || (e.name === 'ValidationException' && /Requested resource not found|Could not find (requested|endpoint)/i.test(e.message ?? ''));
}

/** A value for a person: a beginning of it. Those of an environment may be secrets, and answers are read by many. */
export function shown(path: string, value: unknown): string {
  return path.includes('Environment') && value !== undefined ? 'what is not told' : (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}

/** One line for a person: the service's name of the error and its words. */
export function inWords(error: unknown): string {
  const e = error as ServiceErrorLike;
  const message = e.message ?? String(error);
  return e.name && !['Error', 'BadProperties', 'Refused'].includes(e.name) ? `${e.name}: ${message}` : message;
}
