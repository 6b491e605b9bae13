import type { IncomingMessage, ServerResponse } from 'node:http';
import { answering, awsJsonListener, bodyOf, requireLoopbackHost, send, type PartialListener } from '../aws-json';
import type { SageMakerApi, SageMakerRuntimeApi } from '../sagemaker-api';

/** What the runtime API takes in one request. */
const LARGEST_PAYLOAD = 25 * 1024 * 1024;

/** SageMaker and its runtime on the wire, as SDKs, the AWS CLI and the handler call them. Leaves other requests alone. */
export function sageMakerListener(sageMaker: SageMakerApi & SageMakerRuntimeApi, log?: (line: string) => void): PartialListener {
  const control = awsJsonListener('SageMaker', (operation, input) => sageMaker.call(operation, input), log);
  const runtime = runtimeListener(sageMaker, log ?? (() => undefined));
  return (request, response) => control(request, response) || runtime(request, response);
}

function runtimeListener(sageMaker: SageMakerRuntimeApi, log: (line: string) => void): PartialListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const path = /^\/endpoints\/([^/]+)\/invocations$/.exec((request.url ?? '').split('?')[0] as string);
    if (request.method !== 'POST' || path === null) { return false; }
    const header = (name: string) => request.headers[name] as string | undefined;
    void answering(response, log, (error) => ({ Message: error.message, ...error.details }), async () => {
      requireLoopbackHost(request);
      const answer = await sageMaker.invoke(decodeURIComponent(path[1] as string), {
        body: await bodyOf(request, LARGEST_PAYLOAD),
        contentType: header('content-type'),
        accept: header('accept'),
        variant: header('x-amzn-sagemaker-target-variant'),
      });
      send(response, 200, { 'Content-Type': answer.contentType, 'x-Amzn-Invoked-Production-Variant': answer.variant }, answer.body);
    });
    return true;
  };
}
