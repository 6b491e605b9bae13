import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SignatureV4 } from '@smithy/signature-v4';
import { PredictorError } from './errors';
import { inOurWords } from './runtime';
import { textOf } from './sequence';
import type { Absence, ObjectStore, StoredObject } from './stored-object';

/** What S3 said; `code` is its own word. */
class S3Error extends PredictorError {}

const MOST_ATTEMPTS = 4;

/**
 * Two calls of S3, by hand: with the SDK's client of S3 (3.1142, minified) the bundle would have 465 kB in place of 324. Region and
 * credentials are those of the runtime's client.
 */
export class S3 implements ObjectStore {
  constructor(private readonly config: SageMakerRuntimeClient['config'], private readonly endpointUrl: string | undefined, private readonly sleep: (milliseconds: number) => Promise<void>) {}

  async read(uri: string): Promise<StoredObject | Absence> {
    const reply = await this.send('GET', uri);
    if (reply.status === 404 && /<Code>NoSuchBucket</.test(textOf(await bytesOf(reply.clone())))) { throw await errorOf(reply, uri); }
    if (reply.status === 404) { return 'missing'; }
    if (reply.status === 403 && /<Code>AccessDenied</.test(textOf(await bytesOf(reply.clone())))) { return 'forbidden'; }
    if (reply.status !== 200) { throw await errorOf(reply, uri); }
    return { body: await bytesOf(reply), contentType: reply.headers.get('content-type') ?? '' };
  }

  async write(uri: string, body: Uint8Array, contentType: string): Promise<void> {
    const reply = await this.send('PUT', uri, body, { 'content-type': contentType });
    if (reply.status !== 200) { throw await errorOf(reply, uri); }
  }

  private async send(method: string, uri: string, body?: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await this.attempt(method, uri, body, headers);
        if (attempt === MOST_ATTEMPTS || (reply.status < 500 && reply.status !== 429)) { return reply; }
      } catch (error) {
        // What went wrong on the way is the cause of what fetch says.
        if (attempt === MOST_ATTEMPTS) { throw inOurWords((error as Error).cause ?? error); }
      }
      await this.sleep(100 * 2 ** attempt);
    }
  }

  private async attempt(method: string, uri: string, body: Uint8Array | undefined, given: Record<string, string>): Promise<Response> {
    const region = await this.config.region();
    const url = await this.urlOf(uri, region);
    // S3 takes the path as it is sent; others are encoded once more to be signed.
    const signer = new SignatureV4({ service: 's3', region, credentials: this.config.credentials, sha256: this.config.sha256, uriEscapePath: false });
    const { headers: { host: _host, ...headers } } = await signer.sign({
      method, protocol: url.protocol, hostname: url.hostname, port: url.port === '' ? undefined : Number(url.port), path: url.pathname, headers: { host: url.host, ...given }, body,
    });
    return fetch(url, { method, headers, body: body as RequestInit['body'], signal: AbortSignal.timeout(60_000), redirect: 'manual' });
  }

  /** A bucket with a dot in its name has no certificate for a host of its own. */
  private async urlOf(uri: string, region: string): Promise<URL> {
    const { bucket, key } = s3Location(uri);
    const path = key.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)).join('/');
    const given = [this.endpointUrl, process.env.AWS_ENDPOINT_URL_S3, process.env.AWS_ENDPOINT_URL].find((url) => url !== undefined && url !== '');
    if (given !== undefined) { return new URL(`${given.replace(/\/$/, '')}/${bucket}/${path}`); }
    const { url } = this.config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    const host = url.hostname.replace(/^runtime\.sagemaker\./, 's3.');
    return new URL(bucket.includes('.') ? `https://${host}/${bucket}/${path}` : `https://${bucket}.${host}/${path}`);
  }
}

/** @throws PredictorError for what is no S3 URI of an object or a folder */
export function s3Location(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) { throw new PredictorError('ValidationError', `an S3 URI is s3://bucket/key, got ${uri}`); }
  return { bucket, key };
}

const bytesOf = async (reply: Response) => new Uint8Array(await reply.arrayBuffer());

async function errorOf(reply: Response, uri: string): Promise<S3Error> {
  const text = textOf(await bytesOf(reply));
  const part = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const elsewhere = reply.headers.get('x-amz-bucket-region');
  const message = [`S3 answers ${reply.status}${part('Code') === undefined ? '' : ` ${part('Code')}`} to ${uri}`, part('Message'), elsewhere === null ? undefined : `the bucket is in ${elsewhere}`];
  return new S3Error(part('Code') ?? 'S3Error', message.filter((each) => each !== undefined).join(': '), reply.status);
}
