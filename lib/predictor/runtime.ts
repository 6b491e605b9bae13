import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { ModelError, PredictorError } from './errors';
import type { ClientOptions } from './predictor-options';

/** The SDK's client of the runtime API. */
export function runtimeClient({ region, profile, endpointUrl, credentials, maxAttempts }: ClientOptions): SageMakerRuntimeClient {
  // The SDK is bundled in a version that runs here; what later ones need is no concern of whoever asks a model.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return new SageMakerRuntimeClient({
    // The SDK for JavaScript does not know the second variable, which the AWS CLI and boto3 go by.
    region: region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION, profile, credentials, maxAttempts,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  });
}

interface ServiceError extends Error {
  readonly Message?: string;
  readonly OriginalMessage?: string;
  readonly OriginalStatusCode?: number;
  readonly LogStreamArn?: string;
  readonly ErrorCode?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly code?: string;
}

/** Of what Node says where there is no answer; the service's names for what it refuses have small letters. */
const SYSTEM = /^(E[A-Z0-9]+|UND_ERR_\w+|(CERT|ERR_TLS|ERR_SSL)_\w+|\w*CERT\w*)$/;
/** An error of another realm, as under Jest, is put into one by the SDK. */
const WRAPPED = /^AWS SDK error wrapper for (\w+: )?/;

/** What went wrong, with the service's own name. @param endpointName whose model may have failed */
export function inOurWords(error: unknown, endpointName = ''): PredictorError {
  if (error instanceof PredictorError) { return error; }
  const { name, message, Message, OriginalMessage, OriginalStatusCode, LogStreamArn, ErrorCode, $metadata, code } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (status === undefined && (name === 'TimeoutError' || SYSTEM.test(String(code)) || WRAPPED.test(message))) { return unreachable(error as ServiceError); }
  // What is no answer of the API comes of what stands before it; the SDK's advice is about its own fields.
  if (name === 'SyntaxError' || /^Truncated event message/.test(message)) { return caused(new PredictorError('ServiceError', `HTTP ${status} with an answer that is not the service's: ${message.split('\n')[0]}`, status), error); }
  const said = [message, Message].find((text) => text !== undefined && text !== '' && text !== 'UnknownError') ?? code ?? (status === undefined ? name : `HTTP ${status}`);
  if (name === 'ModelError') {
    const log = LogStreamArn === undefined ? '' : `; its log is ${LogStreamArn}`;
    return new ModelError(`the model of endpoint ${endpointName} answers ${OriginalStatusCode ?? status}: ${OriginalMessage ?? said}${log}`, status, OriginalMessage, OriginalStatusCode, LogStreamArn);
  }
  if (name === 'ModelStreamError') { return new ModelError(`the model of endpoint ${endpointName} breaks off its answer${ErrorCode === undefined ? '' : ` (${ErrorCode})`}: ${said}`, status, said, undefined, undefined); }
  return caused(new PredictorError(['Unknown', 'UnknownError'].includes(name) ? 'ServiceError' : name, `${said}${attemptsOf($metadata)}`, status), error);
}

/** No connection, a connection that broke off, or no answer on it in time. */
function unreachable(error: ServiceError): PredictorError {
  const why = [error.message.replace(WRAPPED, ''), error.code].find((text) => text !== undefined && text !== '') ?? error.name;
  return caused(new PredictorError('ConnectionError', `no answer: ${why}${attemptsOf(error.$metadata)}`), error);
}

const attemptsOf = (metadata: ServiceError['$metadata']) => ((metadata?.attempts ?? 1) > 1 ? ` (after ${metadata?.attempts} attempts)` : '');

const caused = (error: PredictorError, cause: unknown) => Object.assign(error, { cause });
