import { Deserializer, ModelError, NumpyArray, Predictor, PredictorError, Serializer, type PredictorOptions } from '../../lib/predictor';
import { inOurWords } from '../../lib/predictor/runtime';
import { KEYS, payloadPart, refusal, RuntimeServer, streamError } from '../support/runtime-server';

let server: RuntimeServer;
beforeAll(async () => { server = await RuntimeServer.open(); });
afterAll(() => server.close());
beforeEach(() => server.reset());

const at = () => ({ endpointUrl: server.url, region: 'us-west-2', credentials: KEYS });
const predictor = <I, O>(options: PredictorOptions<I, O>, name = 'ep') => new Predictor(name, { ...at(), ...options });
const csvJson = { serializer: Serializer.csv(), deserializer: Deserializer.json() };
const json = { 'content-type': 'application/json' };
const sent = () => {
  const { method, path, headers, body } = server.last;
  const told = Object.entries(headers).filter(([name]) => /^(accept|content-type|x-amzn-sagemaker-.*)$/.test(name)).map(([name, value]) => [name.replace('x-amzn-sagemaker-', ''), value]);
  return { line: `${method} ${path}`, headers: Object.fromEntries(told), body: body.toString() };
};
const failure = async (promise: Promise<unknown>): Promise<any> => promise.then(() => { throw new Error('did not fail'); }, (error: unknown) => error);

describe('What the Python SDK sends (sagemaker 2.257.6)', () => {
  test("Predictor('ep', serializer=CSVSerializer(), deserializer=JSONDeserializer()).predict([[1, 2], [3, 4]], target_model=..., target_variant=..., inference_id=..., custom_attributes=...)", async () => {
    server.answer = () => ({ headers: json, body: '{"predictions": [1, 2]}' });
    const answer = await predictor(csvJson).predict([[1, 2], [3, 4]], { targetModel: 'm.tar.gz', targetVariant: 'v', inferenceId: 'i', customAttributes: 'a=b' });
    expect(answer).toEqual({ predictions: [1, 2] });
    expect(sent()).toEqual({
      line: 'POST /endpoints/ep/invocations',
      headers: { 'content-type': 'text/csv', 'accept': 'application/json', 'target-model': 'm.tar.gz', 'target-variant': 'v', 'inference-id': 'i', 'custom-attributes': 'a=b' },
      body: '1,2\n3,4',
    });
  });

  test("Predictor('ep').predict(b'payload')", async () => {
    server.answer = () => ({ body: Uint8Array.of(0, 255) });
    expect(await new Predictor('ep', at()).predict('payload')).toEqual(Uint8Array.of(0, 255));
    expect(sent()).toEqual({ line: 'POST /endpoints/ep/invocations', headers: { 'content-type': 'application/octet-stream', 'accept': '*/*' }, body: 'payload' });
  });

  test.each([
    ['pytorch', 'application/x-npy', 'application/x-npy'], ['chainer', 'application/x-npy', 'application/x-npy'], ['scikit-learn', 'application/x-npy', 'application/x-npy'],
    ['tensorflow', 'application/json', 'application/json'], ['mxnet', 'application/json', 'application/json'], ['hugging-face', 'application/json', 'application/json'],
    ['ip-insights', 'text/csv', 'application/json'], ['spark-ml', 'text/csv', '*/*'],
  ] as const)('content type and accept of the predictor of %s', async (framework, contentType, accept) => {
    server.answer = ({ headers }) => (headers.accept === 'application/x-npy' ? { headers: { 'content-type': 'application/x-npy' }, body: Serializer.numpy().serialize([1]) } : { headers: json, body: '[1]' });
    await Predictor.forFramework(framework, 'ep', at()).predict([1, 2] as never);
    expect(sent().headers).toEqual({ 'content-type': contentType, accept });
  });

  test('content type and accept of the predictor of xgboost', async () => {
    server.answer = () => ({ headers: { 'content-type': 'text/csv' }, body: '0.5\n0.25\n' });
    expect(await Predictor.forFramework('xgboost', 'ep', at()).predict([{ features: { 1: 0.5 } }])).toEqual([['0.5'], ['0.25']]);
    expect(sent()).toMatchObject({ headers: { 'content-type': 'text/libsvm', 'accept': 'text/csv' }, body: '0 1:0.5' });
  });
});

describe('Predictor', () => {
  test('of a framework has typed arrays both ways, unless options name other formats', async () => {
    server.answer = ({ body }) => ({ headers: { 'content-type': 'application/x-npy' }, body });
    const answer = await Predictor.forFramework('pytorch', 'ep', { ...at(), serializer: Serializer.numpy({ dtype: 'float32' }) }).predict([[1, 2]]);
    expect(answer).toEqual(new NumpyArray('float32', [1, 2], Float32Array.of(1, 2)));
    expect(() => Predictor.forFramework('toString' as never, 'ep')).toThrow(/^framework must be one of chainer, hugging-face, .*, got toString$/);
  });

  test('asks the target of its options, or of the call', async () => {
    const one = predictor({ ...csvJson, targetVariant: 'blue', targetContainer: 'first', inferenceComponent: 'part', customAttributes: 'tfs-method=classify' });
    server.answer = () => ({ headers: json, body: '1' });
    await one.predict([1]);
    expect(sent().headers).toMatchObject({ 'target-variant': 'blue', 'target-container-hostname': 'first', 'inference-component': 'part', 'custom-attributes': 'tfs-method=classify' });
    await one.predict([1], { targetVariant: 'green', inferenceComponent: undefined, contentType: 'text/csv; header=absent', accept: 'text/plain', sessionId: 'NEW_SESSION', enableExplanations: '`true`' });
    expect(sent().headers).toMatchObject({ 'target-variant': 'green', 'inference-component': 'part', 'content-type': 'text/csv; header=absent', 'accept': 'text/plain', 'session-id': 'NEW_SESSION', 'enable-explanations': '`true`' });
  });

  test('tells what comes with an answer', async () => {
    server.answer = () => ({ headers: { ...json, 'x-amzn-invoked-production-variant': 'blue', 'x-amzn-sagemaker-custom-attributes': 'id=1', 'x-amzn-sagemaker-new-session-id': 's1' }, body: '[1]' });
    expect(await predictor(csvJson).invoke([1])).toEqual({ body: [1], contentType: 'application/json', invokedVariant: 'blue', customAttributes: 'id=1', newSessionId: 's1', closedSessionId: undefined });
  });

  test('signs for SageMaker in its region', async () => {
    await new Predictor('ep', at()).predict('x');
    expect(server.last.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-west-2\/sagemaker\/aws4_request, /);
  });

  test('takes keys of a function', async () => {
    await new Predictor('ep', { ...at(), credentials: async () => ({ ...KEYS, sessionToken: 'token' }) }).predict('x');
    expect(server.last.headers['x-amz-security-token']).toBe('token');
  });

  test.each(['no/slash', 'ends-', 's3://x'])('refuses the name %j', (name) => expect(() => new Predictor(name)).toThrow(`an endpoint's name is of letters, digits and hyphens, got ${name}`));

  test.each([[undefined, 'undefined'], ['', 'an empty text']])('refuses the name %j, which a variable that is not set gives', (name, what) => {
    expect(() => new Predictor(name as never)).toThrow(expect.objectContaining({ name: 'ValidationError', message: `an endpoint's name is needed, got ${what}: is the variable of the environment set that has it?` }));
  });

  test('sends nothing when the data can\'t be written', async () => {
    expect(await failure(predictor(csvJson).predict([]))).toMatchObject({ name: 'SerializationError', message: 'Cannot serialize empty array' });
    expect(server.received).toEqual([]);
  });
});

describe('Errors', () => {
  const model = refusal(424, 'ModelError', { Message: 'Received server error (500) from primary', OriginalStatusCode: 500, OriginalMessage: 'no such column', LogStreamArn: 'arn:aws:logs:us-west-2:123456789012:log-group:/aws/sagemaker/Endpoints/ep' });

  test('of the model say its status, its message and where its log is, and are not tried again', async () => {
    server.answer = () => model;
    const error = await failure(new Predictor('ep', at()).predict('x'));
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ name: 'ModelError', statusCode: 424, originalStatusCode: 500, originalMessage: 'no such column', logStreamArn: expect.stringMatching(/^arn:aws:logs:/) });
    expect(error.message).toBe('the model of endpoint ep answers 500: no such column; its log is arn:aws:logs:us-west-2:123456789012:log-group:/aws/sagemaker/Endpoints/ep');
    expect(server.received).toHaveLength(1);
  });

  test('of the service keep its name, status and message', async () => {
    server.answer = () => refusal(400, 'ValidationError', { Message: 'Endpoint ep of account 123456789012 not found.' });
    const error = await failure(new Predictor('ep', at()).predict('x'));
    expect(error).toBeInstanceOf(PredictorError);
    expect(error).toMatchObject({ name: 'ValidationError', statusCode: 400, message: 'Endpoint ep of account 123456789012 not found.' });
  });

  test.each([['ThrottlingException', 400], ['ServiceUnavailable', 503], ['InternalFailure', 500], ['ModelNotReadyException', 429]])('%s is tried again', async (name, status) => {
    server.answer = (_, count) => (count < 3 ? refusal(status, name, { Message: 'later' }) : { body: 'now' });
    expect(Buffer.from(await new Predictor('ep', at()).predict('x')).toString()).toBe('now');
    expect(server.received).toHaveLength(3);
  });

  test('that stay are told with the number of attempts', async () => {
    server.answer = () => refusal(503, 'ServiceUnavailable', { Message: 'later' });
    expect(await failure(new Predictor('ep', { ...at(), maxAttempts: 2 }).predict('x'))).toMatchObject({ name: 'ServiceUnavailable', statusCode: 503, message: 'later (after 2 attempts)' });
    expect(server.received).toHaveLength(2);
  });

  test('of the network are those of the system', async () => {
    const nobody = await RuntimeServer.open();
    const { url } = nobody;
    await nobody.close();
    const error = await failure(new Predictor('ep', { ...at(), endpointUrl: url, maxAttempts: 1 }).predict('x'));
    expect(error).toBeInstanceOf(PredictorError);
    expect(error).toMatchObject({ name: 'ConnectionError', message: expect.stringContaining('ECONNREFUSED') });
  });

  test('of a connection that breaks off are not those of waiting', async () => {
    server.answer = () => ({ hangUp: true });
    expect(await failure(new Predictor('ep', { ...at(), maxAttempts: 2 }).predict('x'))).toMatchObject({ name: 'ConnectionError', message: expect.stringMatching(/^no answer: socket hang up/), statusCode: undefined });
  });

  const thrown = (name: string, message: string, more: object) => Object.assign(new Error(message), { name }, more);
  test.each([
    [thrown('TimeoutError', 'socket hang up', { code: 'ECONNRESET', $metadata: { attempts: 3 } }), 'ConnectionError', 'no answer: socket hang up (after 3 attempts)'],
    [thrown('TimeoutError', 'Connection timed out after 1000 ms', {}), 'ConnectionError', 'no answer: Connection timed out after 1000 ms'],
    [thrown('AggregateError', '', { code: 'ECONNREFUSED' }), 'ConnectionError', 'no answer: ECONNREFUSED'],
    [thrown('Error', 'self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'ConnectionError', 'no answer: self-signed certificate'],
    [thrown('CredentialsProviderError', 'no keys', {}), 'CredentialsProviderError', 'no keys'],
    [thrown('ThrottlingException', 'later', { code: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }), 'ThrottlingException', 'later'],
  ])('%s is called by its kind', (error, name, message) => expect(inOurWords(error, 'ep')).toMatchObject({ name, message, cause: error }));

  test.each([500, 404, 200])('of an answer that is not the service\'s have its status (%d)', async (status) => {
    server.answer = () => ({ status, headers: { 'content-type': 'text/html' }, body: '<html>oops' });
    const error = await failure(new Predictor('ep', { ...at(), maxAttempts: 1 }).predictAsync({ data: 'x' }));
    expect(error).toMatchObject({ name: 'ServiceError', statusCode: status, message: expect.stringMatching(new RegExp(`^HTTP ${status} with an answer that is not the service's: .*<html>`)) });
    expect(error).toBeInstanceOf(PredictorError);
  });

  test('without a word of the service have its status', async () => {
    server.answer = () => ({ status: 503 });
    expect(await failure(new Predictor('ep', { ...at(), maxAttempts: 1 }).predict('x'))).toMatchObject({ name: 'ServiceError', statusCode: 503, message: 'HTTP 503' });
  });

  test('of the answer say what it is', async () => {
    server.answer = () => ({ headers: { 'content-type': 'text/html' }, body: '<html>' });
    expect(await failure(predictor({ ...csvJson, deserializer: Deserializer.numpy() }).predict([1]))).toMatchObject({ name: 'DeserializationError', message: 'an array of NumPy is read of application/x-npy, application/json or text/csv, the answer is text/html' });
  });
});

describe('A stream', () => {
  const streamed = (...parts: Uint8Array[]) => ({ headers: { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-sagemaker-content-type': 'application/jsonlines', 'x-amzn-invoked-production-variant': 'blue' }, body: parts });
  const all = async <T>(parts: AsyncIterable<T>) => {
    const list: T[] = [];
    for await (const part of parts) { list.push(part); }
    return list;
  };

  test('gives the parts as they come', async () => {
    server.answer = () => streamed(payloadPart('one '), payloadPart('two'));
    const stream = await predictor(csvJson).predictStream([[1, 2]], { targetVariant: 'blue' });
    expect({ contentType: stream.contentType, variant: stream.invokedVariant }).toEqual({ contentType: 'application/jsonlines', variant: 'blue' });
    expect((await all(stream)).map((part) => Buffer.from(part).toString())).toEqual(['one ', 'two']);
    expect(sent()).toMatchObject({ line: 'POST /endpoints/ep/invocations-response-stream', headers: { 'content-type': 'text/csv', 'target-variant': 'blue' }, body: '1,2' });
    expect(server.last.headers['x-amzn-sagemaker-accept']).toBe('application/json');
  });

  test('gives texts, lines and values, however the parts cut them', async () => {
    const cut = (text: string) => [...Buffer.from(text)].map((byte) => payloadPart(Uint8Array.of(byte)));
    const ask = () => predictor(csvJson).predictStream([1]);
    server.answer = () => streamed(...cut('grü\r\nße\n\n7'));
    expect((await all((await ask()).texts())).join('')).toBe('grü\r\nße\n\n7');
    expect(await all((await ask()).lines())).toEqual(['grü', 'ße', '', '7']);
    server.answer = () => streamed(...cut('{"a":1}\n\n[2]\n'));
    expect(await all((await ask()).jsonLines())).toEqual([{ a: 1 }, [2]]);
  });

  test('that the model breaks off is an error after what there was', async () => {
    server.answer = () => streamed(payloadPart('one'), streamError('ModelStreamError', { Message: 'too long', ErrorCode: 'ModelInvocationTimeExceeded' }));
    const got: string[] = [];
    const stream = await predictor(csvJson).predictStream([1]);
    const error = await failure((async () => { for await (const text of stream.texts()) { got.push(text); } })());
    expect(got).toEqual(['one']);
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toBe('the model of endpoint ep breaks off its answer (ModelInvocationTimeExceeded): too long');
  });

  test('that is refused is an error at once', async () => {
    server.answer = () => refusal(424, 'ModelError', { Message: 'Received client error (400)', OriginalStatusCode: 400, OriginalMessage: 'bad' });
    expect(await failure(predictor(csvJson).predictStream([1]))).toMatchObject({ name: 'ModelError', originalStatusCode: 400 });
  });
});
