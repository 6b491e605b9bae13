import { Deserializer, ModelError, Predictor, Serializer, type PredictAsyncOptions } from '../../lib/predictor';
import { KEYS, RuntimeServer, type Answer, type Received } from '../support/runtime-server';

/** The runtime API, and S3 with a few objects. */
let server: RuntimeServer;
let objects: Map<string, Answer>;
let accepted: Answer;
beforeAll(async () => { server = await RuntimeServer.open(); });
afterAll(() => server.close());
beforeEach(() => {
  server.reset();
  objects = new Map();
  accepted = { status: 202, headers: { 'content-type': 'application/json', 'x-amzn-sagemaker-outputlocation': 's3://out/answers/one.out', 'x-amzn-sagemaker-failurelocation': 's3://out/failures/one-error.out' }, body: '{"InferenceId":"made"}' };
  server.answer = (request) => (request.path.endsWith('/async-invocations') ? accepted : s3(request));
});

const MISSING = { status: 404, body: '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>' };
const DENIED = { status: 403, body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>' };
const s3 = ({ method, path }: Received) => (method === 'PUT' ? {} : objects.get(path) ?? MISSING);
const json = (value: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
const predictor = () => new Predictor('ep', { endpointUrl: server.url, s3EndpointUrl: server.url, region: 'us-west-2', credentials: KEYS, serializer: Serializer.csv(), deserializer: Deserializer.json() });
const ask = (options: Partial<PredictAsyncOptions<any>> = {}) => predictor().predictAsync({ inputLocation: 's3://in/data.csv', ...options });
const failure = async (promise: Promise<unknown>): Promise<any> => promise.then(() => { throw new Error('did not fail'); }, (error: unknown) => error);
const invocation = () => server.received.find(({ path }) => path.endsWith('/async-invocations')) as Received;
const QUICK = { timeoutSeconds: 5, pollSeconds: 0.02 };

describe('A request that is left with an asynchronous endpoint', () => {
  test('names its input in S3, and tells where the answer will be', async () => {
    const handle = await ask({ inferenceId: 'mine', requestTtlSeconds: 60, invocationTimeoutSeconds: 3600, customAttributes: 'a=b' });
    expect(handle).toMatchObject({ inferenceId: 'made', outputLocation: 's3://out/answers/one.out', failureLocation: 's3://out/failures/one-error.out' });
    const { path, headers, body } = invocation();
    expect(path).toBe('/endpoints/ep/async-invocations');
    expect(headers).toMatchObject({
      'x-amzn-sagemaker-accept': 'application/json', 'x-amzn-sagemaker-inputlocation': 's3://in/data.csv', 'x-amzn-sagemaker-inference-id': 'mine',
      'x-amzn-sagemaker-requestttlseconds': '60', 'x-amzn-sagemaker-invocationtimeoutseconds': '3600', 'x-amzn-sagemaker-custom-attributes': 'a=b',
    });
    expect(body.toString()).toBe('');
  });

  test('has the type of what is in S3 only where it is told', async () => {
    await ask();
    expect(invocation().headers).not.toHaveProperty('x-amzn-sagemaker-content-type');
    server.received.length = 0;
    await ask({ contentType: 'image/png' });
    expect(invocation().headers['x-amzn-sagemaker-content-type']).toBe('image/png');
    server.received.length = 0;
    await ask({ inputLocation: undefined, data: [1] });
    expect(invocation().headers['x-amzn-sagemaker-content-type']).toBe('text/csv');
  });

  test('needs to be said', async () => {
    expect(await failure(predictor().predictAsync(undefined as never))).toMatchObject({ name: 'ValidationError', message: 'predictAsync takes { data } or { inputLocation }, got undefined' });
  });

  test('has its data with it, when there is little', async () => {
    await ask({ inputLocation: undefined, data: [[1, 2], [3, 4]] });
    expect(invocation().body.toString()).toBe('1,2\n3,4');
    expect(invocation().headers).not.toHaveProperty('x-amzn-sagemaker-inputlocation');
    expect(await failure(ask({ inputLocation: undefined, data: 'x'.repeat(128_001) }))).toMatchObject({ message: "the request itself takes 128000 bytes, the data has 128001: say where to put it with upload: 's3://bucket/prefix/'" });
  });

  test('has its data in S3, where it is told to', async () => {
    await ask({ inputLocation: undefined, data: [1, 2], upload: 's3://in/some folder/' });
    const [put] = server.received as [Received];
    expect(put).toMatchObject({ method: 'PUT', path: expect.stringMatching(/^\/in\/some%20folder\/[0-9a-f-]{36}$/), headers: { 'content-type': 'text/csv' } });
    expect(put.headers.authorization).toContain('/us-west-2/s3/aws4_request');
    expect(put.body.toString()).toBe('1,2');
    expect(invocation().headers['x-amzn-sagemaker-inputlocation']).toBe(decodeURI(`s3:/${put.path}`));
    await ask({ inputLocation: undefined, data: [1], upload: 's3://in/exactly.csv' });
    expect(server.received.map(({ path }) => path)).toContain('/in/exactly.csv');
  });

  test.each([
    [{ data: [1] }, 'give data or inputLocation, and not both'],
    [{ inputLocation: undefined }, 'give data or inputLocation, and not both'],
    [{ upload: 's3://in/' }, 'upload is for data; what is at inputLocation is there already'],
    [{ inputLocation: 'https://in/x' }, 'an S3 URI is s3://bucket/key, got https://in/x'],
  ])('is refused as %j', async (options, message) => {
    expect(await failure(ask(options))).toMatchObject({ name: 'ValidationError', message });
    expect(server.received).toEqual([]);
  });
});

describe('Its answer', () => {
  test('is nothing yet, then what the deserializer makes of it', async () => {
    const handle = await ask();
    expect(await handle.result()).toBeUndefined();
    objects.set('/out/answers/one.out', json([0.5]));
    expect(await handle.result()).toEqual([0.5]);
  });

  test('is waited for', async () => {
    const handle = await ask();
    setTimeout(() => objects.set('/out/answers/one.out', json({ late: true })), 60);
    expect(await handle.wait(QUICK)).toEqual({ late: true });
  });

  test('is the model\'s error, where there is one at the failure location', async () => {
    objects.set('/out/failures/one-error.out', { body: 'no such column' });
    const error = await failure((await ask()).wait(QUICK));
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ message: 'the model has failed: no such column', originalMessage: 'no such column' });
  });

  test('is looked for where there is no failure location, too', async () => {
    accepted = { ...accepted, headers: { 'x-amzn-sagemaker-outputlocation': 's3://out/answers/one.out' } };
    const handle = await ask();
    objects.set('/out/answers/one.out', json(1));
    expect(handle.failureLocation).toBeUndefined();
    expect(await handle.wait(QUICK)).toBe(1);
  });

  test('that does not come is an error that says where it was looked for', async () => {
    const handle = await ask();
    expect(await failure(handle.wait({ timeoutSeconds: 0.05, pollSeconds: 0.02 }))).toMatchObject({ name: 'TimeoutError', message: 'there is no answer at s3://out/answers/one.out after 0.05 seconds' });
    objects.set('/out/answers/one.out', DENIED);
    expect((await failure(handle.wait({ timeoutSeconds: 0.05, pollSeconds: 0.02 }))).message).toMatch(/after 0.05 seconds\. S3 answers that access is denied: .*s3:ListBucket/);
    expect(await failure(handle.wait({ timeoutSeconds: 0 }))).toMatchObject({ name: 'ValidationError' });
  });

  test('outlives a bad moment of S3, and what is really wrong is told', async () => {
    const handle = await ask();
    let count = 0;
    server.answer = () => (++count <= 2 ? { status: 503, body: '<Error><Code>SlowDown</Code></Error>' } : count <= 4 ? { hangUp: true } : json([1]));
    expect(await handle.result()).toEqual([1]);
    server.answer = () => ({ status: 404, body: '<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>' });
    expect(await failure(handle.result())).toMatchObject({ name: 'NoSuchBucket', statusCode: 404, message: 'S3 answers 404 NoSuchBucket to s3://out/answers/one.out: The specified bucket does not exist' });
    server.answer = () => ({ status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } });
    expect((await failure(handle.result())).message).toBe('S3 answers 301 to s3://out/answers/one.out: the bucket is in eu-west-1');
  });
});
