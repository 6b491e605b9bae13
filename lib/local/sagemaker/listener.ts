import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answering, awsJsonListener, bodyOf, requireLocalCaller, send, type PartialListener } from '../aws-json';
import { eventMessage } from '../event-stream';
import type { Invocation, InvocationAnswer, SageMakerApi, SageMakerRuntimeApi } from '../sagemaker-api';
import { ServiceError } from '../service-error';

/** What the runtime API takes in one request. */
const LARGEST_PAYLOAD = 25 * 1024 * 1024;
const ATTRIBUTES = 'X-Amzn-SageMaker-Custom-Attributes';
const VARIANT = 'x-Amzn-Invoked-Production-Variant';

/** SageMaker and its runtime on the wire, as SDKs, the AWS CLI and the handler call them. Leaves other requests alone. */
export function sageMakerListener(sageMaker: SageMakerApi & SageMakerRuntimeApi, log?: (line: string) => void): PartialListener {
  const control = awsJsonListener('SageMaker', (operation, input) => sageMaker.call(operation, input), log);
  const runtime = runtimeListener(sageMaker, log ?? (() => undefined));
  return (request, response) => control(request, response) || runtime(request, response);
}

type Answering = (sageMaker: SageMakerRuntimeApi, endpoint: string, request: IncomingMessage, response: ServerResponse) => Promise<void>;
const OPERATIONS: { readonly [path: string]: Answering } = { 'invocations': invoke, 'invocations-response-stream': invokeStreaming, 'async-invocations': invokeAsync };

function runtimeListener(sageMaker: SageMakerRuntimeApi, log: (line: string) => void): PartialListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const [, endpoint, operation = ''] = /^\/endpoints\/([^/]+)\/([a-z-]+)$/.exec((request.url ?? '').split('?')[0] as string) ?? [];
    const answer = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (request.method !== 'POST' || endpoint === undefined || answer === undefined) { return false; }
    void answering(response, log, (error) => ({ Message: error.message, ...error.details }), () => {
      requireLocalCaller(request);
      return answer(sageMaker, decodeURIComponent(endpoint), request, response);
    });
    return true;
  };
}

async function invoke(sageMaker: SageMakerRuntimeApi, endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await sageMaker.invoke(endpoint, await invocationOf(request, 'content-type', 'accept'));
  send(response, 200, { 'Content-Type': answer.contentType, ...answerHeaders(answer) }, answer.body);
}

/** The parts as events, as they come. */
async function invokeStreaming(sageMaker: SageMakerRuntimeApi, endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const invocation = await invocationOf(request, 'content-type', 'x-amzn-sagemaker-accept');
  await sageMaker.invoke(endpoint, {
    ...invocation,
    sink: {
      begin: (contentType, variant) => response.writeHead(200, {
        'Content-Type': 'application/vnd.amazon.eventstream', 'X-Amzn-SageMaker-Content-Type': contentType, 'x-amzn-RequestId': randomUUID(),
        ...variant !== undefined && { [VARIANT]: variant },
      }),
      part: (chunk) => response.write(eventMessage({ ':message-type': 'event', ':event-type': 'PayloadPart', ':content-type': 'application/octet-stream' }, chunk)),
    },
  });
  response.end();
}

async function invokeAsync(sageMaker: SageMakerRuntimeApi, endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const header = headersOf(request);
  const seconds = (name: string) => (header(name) === undefined ? undefined : Number(header(name)));
  await bodyOf(request);
  const inputLocation = header('x-amzn-sagemaker-inputlocation');
  if (inputLocation === undefined) { throw new ServiceError('ValidationError', 'InputLocation is required.'); }
  const { inferenceId, outputLocation, failureLocation } = sageMaker.invokeAsync(endpoint, {
    inputLocation,
    contentType: header('x-amzn-sagemaker-content-type'),
    accept: header('x-amzn-sagemaker-accept'),
    customAttributes: header(ATTRIBUTES),
    inferenceId: header('x-amzn-sagemaker-inference-id'),
    timeoutSeconds: seconds('x-amzn-sagemaker-invocationtimeoutseconds'),
    waitSeconds: seconds('x-amzn-sagemaker-requestttlseconds'),
  });
  send(response, 202, {
    'Content-Type': 'application/json', 'X-Amzn-SageMaker-OutputLocation': outputLocation,
    ...failureLocation !== undefined && { 'X-Amzn-SageMaker-FailureLocation': failureLocation },
  }, Buffer.from(JSON.stringify({ InferenceId: inferenceId })));
}

async function invocationOf(request: IncomingMessage, contentType: string, accept: string): Promise<Invocation> {
  const header = headersOf(request);
  const refused = ['x-amzn-sagemaker-inference-component', 'x-amzn-sagemaker-enable-explanations', 'x-amzn-sagemaker-session-id'].find((name) => header(name) !== undefined);
  if (refused !== undefined) { throw new ServiceError('ValidationError', `Not supported by the local AWS: the header ${refused}`); }
  return {
    body: await bodyOf(request, LARGEST_PAYLOAD),
    contentType: header(contentType),
    accept: header(accept),
    variant: header('x-amzn-sagemaker-target-variant'),
    targetContainer: header('x-amzn-sagemaker-target-container-hostname'),
    targetModel: header('x-amzn-sagemaker-target-model'),
    customAttributes: header(ATTRIBUTES),
    inferenceId: header('x-amzn-sagemaker-inference-id'),
  };
}

const headersOf = (request: IncomingMessage) => (name: string) => request.headers[name.toLowerCase()] as string | undefined;
const answerHeaders = ({ variant, customAttributes }: InvocationAnswer) => ({ [VARIANT]: variant, ...customAttributes !== undefined && { [ATTRIBUTES]: customAttributes } });
