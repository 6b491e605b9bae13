import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { partitionOf } from '../../limits/partitions';
import { answering, bodyOf, CBOR_WIRE, requireLocalCaller, send } from '../aws-json';
import { ServiceError } from '../service-error';
import { xmlDocument } from '../xml';
import type { Calls } from './calls';
import type { CalledOperation, Protocol } from './operation-of';
import type { Scenario } from './scenario';
import { millisecondsOf, type Time } from './time';

type Options = { readonly [member: string]: unknown };

/** Notes what is called, and lets go wrong what is to go wrong. What comes in otherwise is left to the listener. */
export function withFaults(listener: RequestListener, scenario: Scenario, operationOf: (request: IncomingMessage) => CalledOperation | undefined, calls: Calls): RequestListener {
  return (request, response) => {
    const called = operationOf(request);
    if (called === undefined) { return listener(request, response); }
    const call = calls.add(called.name);
    response.on('finish', () => { call.status = response.statusCode; });
    const fault = scenario.faultOfCall(called.name);
    if (fault === undefined) { return listener(request, response); }
    switch (fault.kind) {
      case 'cutConnection': return cut(listener, request, response, fault.options.afterEffect === true);
      case 'noAnswer': return void request.resume();
      case 'slowAnswer': return void scenario.pause(millisecondsOf(fault.options.by as Time, 'by')).then(() => listener(request, response));
      default: return void answering(response, () => undefined, bodyFor(called.protocol), async () => {
        requireLocalCaller(request);
        const input = await bodyOf(request, LARGEST);
        const error = errorOf(fault.kind, fault.options, called, input);
        if (called.protocol !== 's3') { throw error; }
        send(response, error.status, { 'Content-Type': 'application/xml' }, Buffer.from(request.method === 'HEAD' ? '' : xmlDocument('Error', { Code: error.name, Message: error.message })));
      }, called.protocol === 'cbor' ? CBOR_WIRE : undefined);
    }
  };
}

function cut(listener: RequestListener, request: IncomingMessage, response: ServerResponse, afterEffect: boolean): void {
  if (!afterEffect) { return void request.socket.destroy(); }
  // Whatever is written closes the connection in its place.
  const instead = () => { request.socket.destroy(); return true; };
  response.writeHead = () => response;
  response.write = instead;
  response.end = () => { instead(); return response; };
  listener(request, response);
}

/** What is refused, in the words of the service. */
function errorOf(kind: string, options: Options, { name, protocol }: CalledOperation, input: Buffer): ServiceError {
  const isS3 = protocol === 's3';
  switch (kind) {
    case 'throttle': return isS3 ? new ServiceError('SlowDown', 'Please reduce your request rate.', 503) : new ServiceError('ThrottlingException', 'Rate exceeded');
    case 'serverError': return options.status === 503
      ? new ServiceError(isS3 ? 'SlowDown' : 'ServiceUnavailable', 'The request has failed due to a temporary failure of the server.', 503)
      : new ServiceError(isS3 ? 'InternalError' : 'InternalFailure', 'The request processing has failed because of an unknown error, exception or failure.', 500);
    case 'accessDenied': return isS3 ? new ServiceError('AccessDenied', 'Access Denied', 403)
      : new ServiceError('AccessDeniedException', `User: arn:${partitionOf('us-east-1')}:sts::123456789012:assumed-role/local/test is not authorized to perform: sagemaker:${name} because no identity-based policy allows the sagemaker:${name} action`);
    case 'limitExceeded': {
      const type = options.instanceType ?? /"InstanceType":\s*"([^"]+)"/.exec(input.toString())?.[1] ?? 'ml.m5.large';
      return new ServiceError('ResourceLimitExceeded', `The account-level service limit '${String(type)} for ${usageOf(name)} usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. `
        + 'Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.');
    }
    default: return new ServiceError(options.name as string, options.message as string, (options.status as number | undefined) ?? 400);
  }
}

const usageOf = (operation: string) => (/Endpoint/.test(operation) ? 'endpoint' : /Transform/.test(operation) ? 'transform job' : /Processing/.test(operation) ? 'processing job' : 'training job');
const bodyFor = (protocol: Protocol) => (error: ServiceError) => (protocol === 'json' || protocol === 'cbor' ? { __type: error.name, message: error.message } : { Message: error.message });
/** S3 takes objects of any size; what is refused is read all the same, so that clients get the answer. */
const LARGEST = 1024 ** 3;
