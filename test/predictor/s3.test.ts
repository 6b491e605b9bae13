import { S3, s3Location } from '../../lib/predictor/s3';
import { runtimeClient } from '../../lib/predictor/runtime';
import { KEYS } from '../support/runtime-server';

/** Where S3 is asked, without the network. */
async function asked(uri: string, region: string, endpointUrl?: string): Promise<string> {
  const urls: string[] = [];
  const fetched = jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    urls.push(String(url));
    return new Response('x', { headers: { 'content-type': 'text/plain' } });
  });
  try {
    const s3 = new S3(runtimeClient({ region, credentials: KEYS }).config, endpointUrl, async () => undefined);
    expect(await s3.read(uri)).toEqual({ body: new Uint8Array([120]), contentType: 'text/plain' });
  } finally {
    fetched.mockRestore();
  }
  return urls.join();
}

describe('An object in S3', () => {
  test.each([
    ['s3://bucket/a/b c+d.json', 'us-west-2', 'https://bucket.s3.us-west-2.amazonaws.com/a/b%20c%2Bd.json'],
    ["s3://bucket/it's(1)!*", 'eu-west-1', 'https://bucket.s3.eu-west-1.amazonaws.com/it%27s%281%29%21%2A'],
    ['s3://my.bucket/key', 'us-east-1', 'https://s3.us-east-1.amazonaws.com/my.bucket/key'],
    ['s3://bucket/key', 'cn-north-1', 'https://bucket.s3.cn-north-1.amazonaws.com.cn/key'],
  ])('%s in %s is at %s', async (uri, region, url) => expect(await asked(uri, region)).toBe(url));

  test('is below the URL of what stands for S3', async () => expect(await asked('s3://bucket/key', 'us-east-1', 'http://127.0.0.1:4566/')).toBe('http://127.0.0.1:4566/bucket/key'));

  test('that can\'t be reached is an error of the connection, and its keys are none', async () => {
    const failed = async (reason: Error) => {
      const fetched = jest.spyOn(globalThis, 'fetch').mockRejectedValue(reason);
      try {
        return await new S3(runtimeClient({ region: 'us-west-2', credentials: KEYS }).config, undefined, async () => undefined).read('s3://bucket/key').catch((error: unknown) => error);
      } finally {
        fetched.mockRestore();
      }
    };
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(await failed(new TypeError('fetch failed', { cause: refused }))).toMatchObject({ name: 'ConnectionError', message: 'no answer: connect ECONNREFUSED 127.0.0.1:1', cause: refused });
    expect(await failed(Object.assign(new Error('The operation was aborted due to timeout'), { name: 'TimeoutError' }))).toMatchObject({ name: 'ConnectionError' });
    const nobody = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    expect(await failed(nobody)).toMatchObject({ name: 'CredentialsProviderError', message: 'Could not load credentials', cause: nobody });
  });

  test.each(['bucket/key', 's3://bucket', 's3:///key', 'https://bucket/key'])('is not %s', (uri) => expect(() => s3Location(uri)).toThrow(`an S3 URI is s3://bucket/key, got ${uri}`));
});
