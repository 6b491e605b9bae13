import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AsyncCallerOptions, EndpointCallerOptions } from './endpoint-caller-options';
import type { EndpointFacts } from './endpoint-facts';
import { isToken, matches, refuse } from './request/checks';
import { callerFor, granteeFor } from './template/granted';
import { RecordedGrants, warnOfUnknownRole } from './template/recorded-grants';
import { grantDecrypt, grantRead, grantWrite, placeInBucket, s3Uri, type S3Place } from './template/s3-access';
import { folder } from './template/s3-folder';

export function grantAsync(endpoint: IEndpoint, facts: EndpointFacts, caller: IGrantable, options: AsyncCallerOptions): Grant {
  const grantee = callerFor(endpoint, 'grantInvokeAsync', caller);
  if (facts.kind && facts.kind !== 'async') { refuse(endpoint, 'grantInvokeAsync', 'be of an endpoint with asyncInference: one that answers at once has grantInvoke', facts.kind); }
  const { readAnswers = facts.asyncInference !== undefined } = options;
  if (readAnswers && !facts.asyncInference) { refuse(endpoint, 'readAnswers', 'be left out where the app does not have the configuration, which says where answers are', readAnswers); }
  const requests = requestPlace(endpoint, options);
  if (requests) {
    grantWrite(requests, grantee);
    letRead(endpoint, facts, requests);
  }
  if (readAnswers) {
    facts.asyncInference!._grantRead(grantee);
    if (facts.answersKey) { grantDecrypt(facts.answersKey, grantee); }
  }
  return Grant.addToPrincipal({ grantee, actions: ['sagemaker:InvokeEndpointAsync'], resourceArns: [endpoint.endpointArn] });
}

export function handOver(endpoint: IEndpoint, facts: EndpointFacts, caller: LambdaFunction, options: EndpointCallerOptions): Grant {
  const { variablePrefix: prefix = 'SAGEMAKER', component, contentType } = options;
  matches(endpoint, 'variablePrefix', prefix, /^[A-Z][A-Z0-9_]*$/, 'of capital letters, digits and underscores, beginning with a letter');
  onlyOne(endpoint, caller, prefix);
  const requests = facts.kind === 'async' ? requestPlace(endpoint, options) : undefined;
  const variables = {
    ENDPOINT_NAME: endpoint.endpointName,
    ENDPOINT_REGION: otherRegion(endpoint, caller),
    INFERENCE_COMPONENT_NAME: component?.inferenceComponentName,
    CONTENT_TYPE: contentType,
    REQUEST_URI: requests && s3Uri(requests),
  };
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined) { caller.addEnvironment(`${prefix}_${name}`, value); }
  }
  if (facts.kind === 'async') { return grantAsync(endpoint, facts, caller, options); }
  for (const prop of ['requestBucket', 'requestPrefix', 'requestKey', 'readAnswers'] as const) {
    if (options[prop] !== undefined) { refuse(endpoint, prop, 'be left out: the endpoint is not known to be asynchronous', 'one that answers at once'); }
  }
  const invoke = endpoint.grantInvoke(caller);
  return component ? invoke.combine(Grant.addToPrincipal({ grantee: callerFor(endpoint, 'addCaller', caller), actions: INVOKE, resourceArns: [component.inferenceComponentArn] })) : invoke;
}

/** Models read requests; those whose roles are not known are named in a warning. */
function letRead(endpoint: IEndpoint, { answering }: EndpointFacts, requests: S3Place): void {
  for (const model of answering) {
    if (!(model instanceof RecordedGrants)) { grantRead(requests, granteeFor(endpoint, 'grantInvokeAsync', model)); continue; }
    const wanted = new RecordedGrants(endpoint);
    grantRead(requests, wanted);
    warnOfUnknownRole(endpoint, wanted, 'requests');
  }
}

const INVOKE = ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'];

function requestPlace(endpoint: Construct, { requestBucket, requestPrefix, requestKey }: AsyncCallerOptions): S3Place | undefined {
  for (const [prop, value] of Object.entries({ requestPrefix, requestKey })) {
    if (value !== undefined && !requestBucket) { refuse(endpoint, prop, 'come with requestBucket', value); }
  }
  return requestBucket && placeInBucket(requestBucket, folder(requestPrefix ?? ''), requestKey);
}

/** A second endpoint under the same names would take the place of the first, and nobody would notice. */
function onlyOne(endpoint: IEndpoint, caller: LambdaFunction, prefix: string): void {
  const told = TOLD.get(caller) ?? new Map<string, IEndpoint>();
  const before = told.get(prefix);
  if (before && before !== endpoint) { refuse(endpoint, 'variablePrefix', `be another than that of ${before.node.path}, of which ${caller.node.path} was told`, prefix); }
  TOLD.set(caller, told.set(prefix, endpoint));
}

const TOLD = new WeakMap<LambdaFunction, Map<string, IEndpoint>>();

/** A function knows its own Region. */
function otherRegion(endpoint: IEndpoint, caller: LambdaFunction): string | undefined {
  const { region } = endpoint.env;
  return isToken(region) || region === Stack.of(caller).region ? undefined : region;
}
