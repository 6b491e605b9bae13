import { createHash, createHmac } from 'node:crypto';
import type { Hash, Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { environmentCredentials } from './environment-credentials';
import type { HttpReply, Send } from './http';
import type { Tree } from './job-kind';

/** The hash in the shape the signer wants. */
class Sha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | Uint8Array) { this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array); }
  public update(data: string | Uint8Array): void { this.hash.update(data); }
  public async digest(): Promise<Uint8Array> { return this.hash.digest(); }
}

interface Service {
  /** The name in signatures. */
  readonly name: string;
  /** The name in hosts. */
  readonly host: string;
  /** The environment variable that sends calls elsewhere, as in the SDKs. */
  readonly endpointVariable: string;
}

const STATES: Service = { name: 'states', host: 'states', endpointVariable: 'AWS_ENDPOINT_URL_SFN' };
const CLOUDFORMATION: Service = { name: 'cloudformation', host: 'cloudformation', endpointVariable: 'AWS_ENDPOINT_URL_CLOUDFORMATION' };
const SAGEMAKER: Service = { name: 'sagemaker', host: 'api.sagemaker', endpointVariable: 'AWS_ENDPOINT_URL_SAGEMAKER' };

/**
 * Three calls to three services: by hand, because their clients would make the bundle half as large again
 * (CloudFormation's brings an XML parser for one word, SageMaker's would describe all that an algorithm can say).
 */
export function signedCalls(send: Send) {
  return {
    async stackStatus(stackId: string): Promise<string> {
      const body = new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackId }).toString();
      const reply = await call(send, CLOUDFORMATION, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body);
      const status = /<StackStatus>\s*([A-Z_]+)\s*<\/StackStatus>/.exec(reply.body)?.[1];
      if (reply.status !== 200 || !status) { throw serviceError('DescribeStacks', reply, xmlText(reply.body, 'Code'), xmlText(reply.body, 'Message')); }
      return status;
    },

    async startExecution(name: string, input: Tree): Promise<boolean> {
      const body = JSON.stringify({ stateMachineArn: process.env.STATE_MACHINE_ARN, name, input: JSON.stringify(input) });
      const reply = await call(send, STATES, { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.StartExecution' }, body);
      if (reply.status === 200) { return true; }
      const error = jsonError('StartExecution', reply);
      if (error.name === 'ExecutionAlreadyExists') { return false; }
      throw error;
    },

    async lookUp(operation: string, input: Tree): Promise<Tree> {
      const reply = await call(send, SAGEMAKER, { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` }, JSON.stringify(input));
      if (reply.status !== 200) { throw jsonError(operation, reply); }
      return jsonOf(reply.body);
    },
  };
}

async function call(send: Send, service: Service, headers: { [name: string]: string }, body: string): Promise<HttpReply> {
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const url = new URL(process.env[service.endpointVariable] ?? `https://${service.host}.${region}.${process.env.URL_SUFFIX ?? 'amazonaws.com'}/`);
  const signer = new SignatureV4({ service: service.name, region, credentials: environmentCredentials(), sha256: Sha256 as never });
  const signed = await signer.sign({
    method: 'POST', protocol: url.protocol, hostname: url.hostname, port: url.port ? Number(url.port) : undefined, path: url.pathname,
    headers: { ...headers, host: url.host }, body,
  });
  return send({ method: 'POST', url: url.toString(), headers: signed.headers, body });
}

function jsonError(action: string, reply: HttpReply): Error {
  const error = jsonOf(reply.body);
  return serviceError(action, reply, String(error.__type ?? '').replace(/^.*#/, ''), error.message ?? error.Message);
}

function serviceError(action: string, reply: HttpReply, code: string | undefined, message: string | undefined): Error {
  return Object.assign(new Error(`${action}: ${message ?? `HTTP ${reply.status}`}`), { name: code || 'ServiceError', $metadata: { httpStatusCode: reply.status } });
}

const xmlText = (xml: string, element: string) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];

function jsonOf(text: string): Tree {
  try { return JSON.parse(text) as Tree; } catch { return {}; }
}
