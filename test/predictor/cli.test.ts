import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Serializer } from '../../lib/predictor';
import { runCli } from '../support/built-cli';
import { payloadPart, refusal, RuntimeServer } from '../support/runtime-server';

jest.setTimeout(60_000);

let server: RuntimeServer;
const folder = mkdtempSync(join(tmpdir(), 'invoke-'));
beforeAll(async () => { server = await RuntimeServer.open(); });
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => server.reset());

const env = () => ({
  AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url, AWS_ENDPOINT_URL_S3: server.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_MAX_ATTEMPTS: '2',
});
const invoke = (args: string[], input?: string) => runCli(folder, ['invoke', 'ep', ...args], { env: env(), input });
const json = (body: string) => ({ headers: { 'content-type': 'application/json', 'x-amzn-invoked-production-variant': 'blue' }, body });

describe('cdk-sagemaker invoke', () => {
  test('sends what it is given, and prints the answer as it came', async () => {
    server.answer = () => json('{"score": 0.5}');
    expect(await invoke(['--data', '{"x": 1}'])).toEqual({ code: 0, out: '{"score": 0.5}\n', err: '' });
    expect(server.last).toMatchObject({ path: '/endpoints/ep/invocations', headers: { 'content-type': 'application/json', 'authorization': expect.stringContaining('/eu-west-1/sagemaker/') } });
    expect(server.last.headers).not.toHaveProperty('accept');
    expect(server.last.body.toString()).toBe('{"x": 1}');
  });

  test('sends a file, or standard input, with what else a request may say', async () => {
    writeFileSync(join(folder, 'digit.csv'), '1,2\n');
    await invoke(['--file', 'digit.csv', '--content-type', 'text/csv', '--accept', 'text/plain', '--region', 'us-west-2', '--variant', 'blue', '--model', 'm.tar.gz', '--container', 'first', '--component', 'part', '--attributes', 'a=b', '--inference-id', 'i']);
    expect(server.last.body.toString()).toBe('1,2\n');
    expect(server.last.headers).toMatchObject({
      'content-type': 'text/csv', 'accept': 'text/plain', 'x-amzn-sagemaker-target-variant': 'blue', 'x-amzn-sagemaker-target-model': 'm.tar.gz', 'x-amzn-sagemaker-target-container-hostname': 'first',
      'x-amzn-sagemaker-inference-component': 'part', 'x-amzn-sagemaker-custom-attributes': 'a=b', 'x-amzn-sagemaker-inference-id': 'i', 'authorization': expect.stringContaining('/us-west-2/sagemaker/'),
    });
    await invoke([], 'from elsewhere');
    expect(server.last.body.toString()).toBe('from elsewhere');
  });

  test('writes and reads formats', async () => {
    server.answer = ({ body }) => ({ headers: { 'content-type': 'application/x-npy' }, body });
    expect(await invoke(['--data', '[[0.5, 1]]', '--serializer', 'numpy', '--deserializer', 'numpy'])).toEqual({ code: 0, out: '[[0.5,1]]\n', err: '' });
    expect(server.last.headers).toMatchObject({ 'content-type': 'application/x-npy', 'accept': 'application/x-npy' });
    expect(server.last.body.equals(Serializer.numpy().serialize([[0.5, 1]]))).toBe(true);
    server.answer = () => ({ headers: { 'content-type': 'text/csv' }, body: '1,2\n' });
    expect(await invoke(['--body', '[[1, 2], [3, 4]]', '--serializer', 'csv', '--deserializer', 'csv'])).toMatchObject({ code: 0, out: '[["1","2"]]\n' });
    expect(server.last.body.toString()).toBe('1,2\n3,4');
  });

  test('gives one document with what came with the answer', async () => {
    server.answer = () => json('[1]');
    expect(JSON.parse((await invoke(['--data', 'x', '--json'])).out)).toEqual({ endpoint: 'ep', contentType: 'application/json', variant: 'blue', body: '[1]' });
    expect(JSON.parse((await invoke(['--data', 'x', '--json', '--deserializer', 'json'])).out)).toMatchObject({ body: [1] });
    server.answer = () => ({ headers: { 'content-type': 'image/png' }, body: Uint8Array.of(0x89, 0xff) });
    expect(JSON.parse((await invoke(['--data', 'x', '--json'])).out)).toEqual({ endpoint: 'ep', contentType: 'image/png', bodyBase64: 'if8=' });
  });

  test('prints a stream', async () => {
    server.answer = () => ({ headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: [payloadPart('one '), payloadPart('two\n')] });
    expect(await invoke(['--data', 'x', '--stream'])).toEqual({ code: 0, out: 'one two\n', err: '' });
    expect(await invoke(['--data', 'x', '--stream', '--json'])).toEqual({ code: 0, out: '{"part":"one "}\n{"part":"two\\n"}\n', err: '' });
  });

  test('leaves a request with an asynchronous endpoint, and waits for its answer', async () => {
    server.answer = ({ method, path }) => (path.endsWith('/async-invocations')
      ? { status: 202, headers: { 'x-amzn-sagemaker-outputlocation': 's3://out/one.out', 'x-amzn-sagemaker-failurelocation': 's3://out/one-error.out' }, body: '{"InferenceId":"made"}' }
      : method === 'PUT' ? {} : path === '/out/one.out' ? json('{"score": 1}') : { status: 404 });
    expect(await invoke(['--async', '--input-location', 's3://in/x.json'])).toEqual({ code: 0, out: 's3://out/one.out\n', err: '' });
    expect(server.last.headers['x-amzn-sagemaker-inputlocation']).toBe('s3://in/x.json');
    expect(JSON.parse((await invoke(['--async', '--data', 'x', '--json'])).out)).toEqual({ endpoint: 'ep', inferenceId: 'made', outputLocation: 's3://out/one.out', failureLocation: 's3://out/one-error.out' });
    expect(await invoke(['--async', '--data', 'x', '--upload', 's3://in/here.json', '--wait', '5'])).toEqual({ code: 0, out: '{"score": 1}\n', err: 'the answer will be at s3://out/one.out\n' });
    expect(server.received.find(({ method }) => method === 'PUT')).toMatchObject({ path: '/in/here.json', body: Buffer.from('x') });
  });

  test('ends with what went wrong on standard error', async () => {
    server.answer = () => refusal(424, 'ModelError', { Message: 'Received server error (500)', OriginalStatusCode: 500, OriginalMessage: 'no such column' });
    expect(await invoke(['--data', 'x'])).toEqual({ code: 1, out: '', err: 'the model of endpoint ep answers 500: no such column\n' });
    server.answer = () => refusal(400, 'ValidationError', { Message: 'Endpoint ep of account 123456789012 not found.' });
    expect(await invoke(['--data', 'x'])).toEqual({ code: 1, out: '', err: 'Endpoint ep of account 123456789012 not found.\n' });
    server.answer = () => json('<html>');
    expect(await invoke(['--data', 'x', '--deserializer', 'json'])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^the answer is not JSON \(.*\): <html>\n$/) });
  });

  test.each([
    [['--data', 'x', '--file', 'y'], '--data and --file both say what to send: give one of them'],
    [['--data', 'x', '--body', 'y'], '--body and --data both say what to send: give one of them'],
    [['--file', 'missing'], "--file can't be read: ENOENT: no such file or directory, open 'missing'"],
    [['--data', 'x', '--serializer', 'xml'], '--serializer must be one of json, jsonlines, csv, libsvm, numpy, got xml'],
    [['--data', 'x', '--deserializer', 'toString'], '--deserializer must be one of json, jsonlines, csv, numpy, text, got toString'],
    [['--data', '1,2', '--serializer', 'csv'], /^what is to be serialized is not JSON \(.*\): 1,2$/],
    [['--input-location', 's3://in/x'], '--input-location is for asynchronous endpoints: add --async'],
    [['--data', 'x', '--wait', '5'], '--wait is for asynchronous endpoints: add --async'],
    [['--async', '--data', 'x', '--variant', 'blue'], "--variant can't be asked of an asynchronous endpoint"],
    [['--async', '--data', 'x', '--wait', 'long'], '--wait must be a number of seconds, got long'],
    [['--data', 'x', '--stream', '--deserializer', 'json'], '--stream prints the parts as they come, --deserializer reads a whole answer: give one of them'],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await invoke(args);
    expect({ code, out }).toEqual({ code: args.includes('1,2') ? 1 : 2, out: '' });
    expect(err.trimEnd()).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
    expect(server.received).toEqual([]);
  });
});
