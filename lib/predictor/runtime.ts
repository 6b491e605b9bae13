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

/** What went wrong, with the service's own name. */
export function inOurWords(error: unknown, endpointName: string): PredictorError {
  if (error instanceof PredictorError) { return error; }
  const { name, message, Message, OriginalMessage, OriginalStatusCode, LogStreamArn, ErrorCode, $metadata, code } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  const said = [message, Message].find((text) => text !== undefined && text !== '' && text !== 'UnknownError') ?? code ?? (status === undefined ? name : `HTTP ${status}`);
  if (name === 'ModelError') {
    const log = LogStreamArn === undefined ? '' : `; its log is ${LogStreamArn}`;
    return new ModelError(`the model of endpoint ${endpointName} answers ${OriginalStatusCode ?? status}: ${OriginalMessage ?? said}${log}`, status, OriginalMessage, OriginalStatusCode, LogStreamArn);
  }
  if (name === 'ModelStreamError') { return new ModelError(`the model of endpoint ${endpointName} breaks off its answer${ErrorCode === undefined ? '' : ` (${ErrorCode})`}: ${said}`, status, said, undefined, undefined); }
  const attempts = ($metadata?.attempts ?? 1) > 1 ? ` (after ${$metadata?.attempts} attempts)` : '';
  return Object.assign(new PredictorError(name === 'Error' && code !== undefined ? code : name, `${said}${attempts}`, status), { cause: error });
}
