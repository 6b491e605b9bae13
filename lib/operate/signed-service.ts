import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from './clients';
import { isPassing } from './faults';
import { elementAt, textAt, xmlTree, type XmlElement } from './xml-tree';

const MOST_ATTEMPTS = 5;

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<{ readonly status: number; readonly body: string }>;

/** A service of which a call or two is needed. */
export interface ServiceFacts {
  /** By which calls are signed. */
  readonly name: string;
  /** The first part of its domain. @default - its name */
  readonly host?: string;
  /** Which says where it is instead, as for the SDKs. */
  readonly endpointVariable: string;
}

/**
 * Calls of a service, by hand: a whole client is not worth one or two of them. Region, credentials and domain are those of SageMaker's client.
 */
export class SignedService {
  constructor(private readonly facts: ServiceFacts, private readonly config: SageMakerClient['config'], private readonly clock: Pick<Clock, 'sleep'>, private readonly post: Post = byFetch) {}

  /** A call of the Query protocol; the answer is its outermost element. @throws an error with the name that the service gives it */
  async query(version: string, action: string, parameters: { readonly [name: string]: string } = {}): Promise<XmlElement> {
    const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
    const reply = await this.call({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body);
    const [answer] = xmlTree(reply.body).children;
    if (reply.status === 200 && answer !== undefined) { return answer; }
    const fault = elementAt(answer, 'Error') ?? answer;
    throw serviceError(reply.status, textAt(fault, 'Code'), textAt(fault, 'Message'));
  }

  /** A call of the JSON protocol. @param target the service's prefix and the operation: `AmazonSSM.GetParameter` @throws as `query` does */
  async json(target: string, input: object): Promise<{ readonly [member: string]: unknown }> {
    const reply = await this.call({ 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }, JSON.stringify(input));
    const answer = JSON.parse(reply.body === '' ? '{}' : reply.body) as { readonly __type?: string; readonly message?: string; readonly Message?: string };
    if (reply.status === 200) { return answer; }
    throw serviceError(reply.status, answer.__type?.replace(/^.*#/, ''), answer.message ?? answer.Message);
  }

  /** What passes is waited for. */
  private async call(headers: Record<string, string>, body: string) {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await this.attempt(headers, body);
        if (reply.status >= 500 || /Throttl|RequestLimitExceeded|TooManyRequests/.test(reply.status === 200 ? '' : reply.body)) {
          if (attempt < MOST_ATTEMPTS) { await this.pause(attempt); continue; }
        }
        return reply;
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || !isPassing(error)) { throw error; }
        await this.pause(attempt);
      }
    }
  }

  private pause(attempt: number): Promise<void> { return this.clock.sleep(250 * 2 ** attempt); }

  private async attempt(given: Record<string, string>, body: string) {
    const region = await this.config.region();
    const url = new URL(this.endpoint(region));
    const signer = new SignatureV4({ service: this.facts.name, region, credentials: this.config.credentials, sha256: this.config.sha256 });
    const { headers } = await signer.sign({
      method: 'POST', protocol: url.protocol, hostname: url.hostname, port: url.port === '' ? undefined : Number(url.port), path: url.pathname,
      headers: { host: url.host, ...given }, body,
    });
    return this.post(url.toString(), headers, body);
  }

  /** In the domain of the region, which is not everywhere the same. */
  private endpoint(region: string): string {
    const { host, name, endpointVariable } = this.facts;
    const given = process.env[endpointVariable] ?? process.env.AWS_ENDPOINT_URL;
    if (given !== undefined && given !== '') { return given; }
    const { url } = this.config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    return url.toString().replace('//api.sagemaker.', `//${host ?? name}.`);
  }
}

const serviceError = (status: number, name = 'ServiceError', message = `HTTP ${status}`) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

async function byFetch(url: string, { host: _host, ...headers }: Record<string, string>, body: string): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const reply = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) });
    return { status: reply.status, body: await reply.text() };
  } catch (error) {
    // What went wrong is the cause of what fetch says.
    throw (error as Error).cause ?? error;
  }
}
