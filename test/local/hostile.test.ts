import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Daemon } from '../../lib/local/daemon';
import { unpackArchive } from '../../lib/local/sagemaker/archive';
import { readServerInfo, type ServerInfo } from '../../lib/local/server-file';
import { unpack, zip } from '../../lib/local/zip';
import { IMAGE, ROLE, SageMakerBench } from './support/sagemaker-bench';

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const state = join(folder, 'state');
let daemon: Daemon;
let info: ServerInfo;

beforeAll(async () => {
  daemon = await Daemon.start({ state, runner: join(folder, 'no-runner.js') });
  info = readServerInfo(state)!;
  expect((await ask(info.s3Port, 'PUT', '/bucket')).status).toBe(200);
});
afterAll(async () => {
  await daemon.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(port: number, method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<{ status: number; body: string; headers: IncomingMessage['headers'] }> {
  const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers: { 'Content-Length': Buffer.byteLength(body), ...headers } });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response') as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) { chunks.push(chunk as Buffer); }
  return { status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString(), headers: incoming.headers };
}

/** Every kind of request that the local AWS answers. */
const requests = (): [what: string, port: number, method: string, path: string, headers: Record<string, string>, body: string][] => [
  ['S3', info.s3Port, 'GET', '/bucket', {}, ''],
  ['S3, to delete objects', info.s3Port, 'POST', '/bucket?delete', { 'Content-Type': 'text/plain' }, '<Delete></Delete>'],
  ['SageMaker', info.apiPort, 'POST', '/', { 'X-Amz-Target': 'SageMaker.ListTrainingJobs' }, '{}'],
  ['the runtime of SageMaker', info.apiPort, 'POST', '/endpoints/digits/invocations', { 'Content-Type': 'text/plain' }, '1'],
  ['CloudWatch Logs', info.apiPort, 'POST', '/', { 'X-Amz-Target': 'Logs_20140328.DescribeLogGroups' }, '{}'],
  ['CloudWatch', info.apiPort, 'POST', '/', { 'X-Amz-Target': 'GraniteServiceVersion20100801.DescribeAlarms' }, '{}'],
  ['Step Functions', info.apiPort, 'POST', '/', { 'X-Amz-Target': 'AWSStepFunctions.StartExecution' }, '{}'],
  ['CloudFormation', info.apiPort, 'POST', '/', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'Action=DescribeStacks'],
  ['an answer of a custom resource', info.apiPort, 'PUT', '/cloudformation/responses/x', {}, '{}'],
  ['the control of the command line', info.apiPort, 'POST', '/control/stacks', { Authorization: `Bearer ${info.token}` }, '{}'],
];
const WHAT = ['S3', 'S3, to delete objects', 'SageMaker', 'the runtime of SageMaker', 'CloudWatch Logs', 'CloudWatch', 'Step Functions', 'CloudFormation', 'an answer of a custom resource', 'the control of the command line'];
const requestFor = (wanted: string) => requests().find(([what]) => what === wanted)!.slice(1) as [number, string, string, Record<string, string>, string];

describe('The local AWS', () => {
  test('listens on 127.0.0.1 and nowhere else', () => {
    const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
    const addresses = handles.filter((handle): handle is Server => handle instanceof Server && handle.listening).map((server) => server.address());
    expect(addresses.length).toBeGreaterThanOrEqual(2);
    expect(addresses.map((address) => (address as { address: string }).address).filter((address) => address !== '127.0.0.1')).toEqual([]);
  });

  test('keeps what controls it from others of this machine', () => {
    expect(readFileSync(join(state, 'server.json'), 'utf8')).toContain(info.token);
    expect(requests().length).toBe(WHAT.length);
  });

  test.each(WHAT)('answers to no name of another host, and to no page of a browser: %s', async (what) => {
    const [port, method, path, headers, body] = requestFor(what);
    const isRefused = async (more: Record<string, string>) => {
      const answer = await ask(port, method, path, { ...headers, ...more }, body);
      return answer.status === 403 && answer.body.includes('The local AWS answers to');
    };
    expect(await isRefused({})).toBe(false);
    for (const Host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example', '169.254.169.254', '0.0.0.0', '[::2]']) {
      expect([Host, await isRefused({ Host })]).toEqual([Host, true]);
    }
    for (const [name, value] of [['Origin', 'https://evil.example'], ['Origin', 'null'], ['Origin', 'http://localhost:3000'], ['Sec-Fetch-Site', 'cross-site'], ['Sec-Fetch-Site', 'same-site']] as const) {
      expect([value, await isRefused({ [name]: value })]).toEqual([value, true]);
    }
    for (const Host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'bucket.localhost']) {
      expect([Host, await isRefused({ Host })]).toEqual([Host, false]);
    }
  });

  test('is controlled by nobody without the token', async () => {
    for (const Authorization of ['', 'Bearer x', `Bearer ${info.token}x`, `Basic ${info.token}`]) { expect((await ask(info.apiPort, 'POST', '/control/stacks', { Authorization }, '{}')).status).toBe(403); }
  });

  test('sends no allowance for pages, and answers no question for one', async () => {
    for (const port of [info.s3Port, info.apiPort]) {
      const { status, headers } = await ask(port, 'OPTIONS', '/bucket', { 'Origin': 'https://evil.example', 'Access-Control-Request-Method': 'PUT' });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

/** Everything in the folder but what is in the buckets. */
const outside = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => !/^state\/(s3\/|s3$|server\.log)/.test(path)).sort();

describe('S3', () => {
  const KEYS: [what: string, key: string][] = [
    ['two dots', '../../escaped'], ['encoded dots', '%2e%2e/%2e%2e/escaped'], ['dots encoded twice', '%252e%252e/escaped'], ['a slash at its beginning', '/etc/escaped'],
    ['backslashes', '..\\..\\escaped'], ['a null byte', 'a\0b'], ['line breaks', 'a\r\nb'], ['what a shell reads', '$(touch escaped); `touch escaped` | "\' && #'],
    ['letters of four bytes', '\u{1F4A5}/\u{10FFFF}'], ['a name of 1,024 bytes', 'x'.repeat(1024)], ['256 letters of four bytes', '\u{1F4A5}'.repeat(256)], ['only dots', '..'], ['one dot', '.'],
    ['only slashes', '///'], ['the end of a folder', 'folder/'], ['a name of Windows', 'CON:a*?'], ['what looks like its own folders', '../headers/escaped'], ['what looks like an encoding', '%0/%-/%'],
  ];
  const path = (key: string) => `/bucket/${encodeURIComponent(key)}`;

  test.each(KEYS)('carries a key of %s unharmed, within its bucket', async (_what, key) => {
    const before = outside();
    expect((await ask(info.s3Port, 'PUT', path(key), { 'Content-Type': 'text/odd' }, `of ${key}`)).status).toBe(200);
    expect(await ask(info.s3Port, 'GET', path(key))).toMatchObject({ status: 200, body: `of ${key}`, headers: { 'content-type': 'text/odd' } });
    const started = await ask(info.s3Port, 'POST', `${path(`${key.slice(0, 200)}m`)}?uploads`);
    const id = /<UploadId>(.*)<\/UploadId>/.exec(started.body)![1]!;
    const etag = (await ask(info.s3Port, 'PUT', `${path(`${key.slice(0, 200)}m`)}?partNumber=1&uploadId=${id}`, {}, 'part')).headers.etag!;
    expect((await ask(info.s3Port, 'POST', `${path(`${key.slice(0, 200)}m`)}?uploadId=${id}`, {}, `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`)).status).toBe(200);
    expect((await ask(info.s3Port, 'GET', path(`${key.slice(0, 200)}m`))).body).toBe('part');
    expect((await ask(info.s3Port, 'PUT', '/bucket/copy', { 'x-amz-copy-source': path(key) })).status).toBe(200);
    expect((await ask(info.s3Port, 'GET', '/bucket/copy')).body).toBe(`of ${key}`);
    expect((await ask(info.s3Port, 'DELETE', path(key))).status).toBe(204);
    expect((await ask(info.s3Port, 'DELETE', path(`${key.slice(0, 200)}m`))).status).toBe(204);
    expect((await ask(info.s3Port, 'GET', path(key))).status).toBe(404);
    expect(outside().filter((name) => !name.startsWith('state/s3-uploads'))).toEqual(before.filter((name) => !name.startsWith('state/s3-uploads')));
  });

  test('refuses a key that is too long, and one that is no text', async () => {
    expect(await ask(info.s3Port, 'PUT', path('x'.repeat(1025)), {}, 'x')).toMatchObject({ status: 400, body: expect.stringContaining('KeyTooLongError') });
    expect((await ask(info.s3Port, 'PUT', '/bucket/%ff%zz', {}, 'x')).status).toBeLessThan(500);
  });

  test.each(['..', '.', '%2e%2e', '..%2f..%2fup', 'a%2fb', 'a%00b', '%5c..', 'a..b', '-', 'UPPER', 'x'.repeat(64), '__proto__', '%F0%9F%92%A5', '$(touch%20escaped)'])('refuses a bucket named %s', async (bucket) => {
    const before = outside();
    for (const [method, rest] of [['PUT', ''], ['PUT', '/key'], ['DELETE', ''], ['DELETE', '/key'], ['GET', '/../server.json'], ['POST', '/key?uploads']] as const) {
      const { status } = await ask(info.s3Port, method, `/${bucket}${rest}`, {}, '');
      expect([method, rest, status >= 400 && status < 500]).toEqual([method, rest, true]);
    }
    expect(outside()).toEqual(before);
    expect(existsSync(join(state, 'server.json'))).toBe(true);
  });

  test.each(['../../state', '..%2f..%2fserver.json', 'none', '%00', '00000000-0000-0000-0000-000000000000'])('knows no upload of the id %s', async (id) => {
    for (const [method, query] of [['PUT', 'partNumber=1&'], ['DELETE', ''], ['GET', ''], ['POST', '']] as const) {
      expect((await ask(info.s3Port, method, `/bucket/key?${query}uploadId=${id}`, {}, '<CompleteMultipartUpload></CompleteMultipartUpload>')).status).toBe(404);
    }
  });

  test.each(['/bucket/../../server.json', '/../server.json', '..%2f..%2fserver.json', '/bucket/..%2f..%2f..%2fserver.json', ''])('copies nothing from outside of its buckets: %s', async (source) => {
    const { status, body } = await ask(info.s3Port, 'PUT', '/bucket/stolen', { 'x-amz-copy-source': source });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain(info.token);
  });
});

interface Member { readonly name: string; readonly type?: string; readonly link?: string; readonly content?: string }

/** A tar archive with whatever members. */
function tarOf(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ name, type = '0', link = '', content = '' }) => {
    const header = Buffer.alloc(512);
    const octal = (value: number, at: number, length: number) => header.write(value.toString(8).padStart(length - 1, '0'), at);
    header.write(name, 0);
    octal(0o644, 100, 8); octal(0, 108, 8); octal(0, 116, 8); octal(Buffer.byteLength(content), 124, 12); octal(0, 136, 12);
    header.write(' '.repeat(8), 148); header.write(type, 156); header.write(link, 157); header.write('ustar\x0000', 257); octal(1, 329, 8); octal(3, 337, 8);
    octal(header.reduce((sum, byte) => sum + byte, 0), 148, 7);
    return [header, Buffer.from(content), Buffer.alloc((512 - Buffer.byteLength(content) % 512) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

describe('An archive', () => {
  let count = 0;
  const unpacked = async (members: readonly Member[]) => {
    const place = mkdtempSync(join(folder, 'archive-'));
    const file = join(place, `a${++count}.tar.gz`);
    writeFileSync(file, tarOf(members));
    writeFileSync(join(place, 'untouched'), 'as before');
    const into = join(place, 'into');
    const error = await unpackArchive(file, into).then(() => undefined, (reason: Error) => reason.message);
    return { error, place, into, around: readdirSync(place).filter((name) => !/^(a\d+\.tar\.gz|into|untouched)$/.test(name)), untouched: readFileSync(join(place, 'untouched'), 'utf8') };
  };

  test.each<[string, Member[], RegExp]>([
    ['a way up', [{ name: '../escaped', content: 'x' }], /has a member outside of itself: \.\.\/escaped/],
    ['a way up within a way down', [{ name: 'a/../../escaped', content: 'x' }], /has a member outside of itself/],
    ['an absolute name', [{ name: '/tmp/escaped-absolute', content: 'x' }], /has a member outside of itself/],
    ['a link to a folder outside', [{ name: 'link', type: '2', link: '/tmp' }], /has a link that leads outside of it: link/],
    ['a link up', [{ name: 'link', type: '2', link: '../untouched' }], /has a link that leads outside of it: link/],
    ['a link to nothing', [{ name: 'link', type: '2', link: 'nothing' }], /has a link that leads outside of it: link/],
    ['a file through a link outside', [{ name: 'link', type: '2', link: '..' }, { name: 'link/untouched', content: 'changed' }], /./],
    ['a file through a chain of links', [{ name: 'a', type: '5' }, { name: 'a/up', type: '2', link: '..' }, { name: 'a/upper', type: '2', link: 'up/..' }, { name: 'a/upper/untouched', content: 'changed' }], /./],
    ['a hard link to a file outside', [{ name: 'link', type: '1', link: '../untouched' }, { name: 'link', content: 'changed' }], /./],
    ['a hard link to an absolute name', [{ name: 'link', type: '1', link: '/etc/passwd' }], /./],
    ['a pipe', [{ name: 'pipe', type: '6' }], /has a device or a pipe: pipe/],
    ['a device', [{ name: 'device', type: '3' }], /./],
  ])('with %s is refused, and nothing around it is changed', async (_what, members, message) => {
    const { error, around, untouched } = await unpacked(members);
    expect(error).toMatch(message);
    expect([around, untouched]).toEqual([[], 'as before']);
    expect(existsSync('/tmp/escaped-absolute')).toBe(false);
  });

  test('with names that a shell would read is unpacked as it is', async () => {
    const names = ['$(touch escaped)', ';touch escaped', '`touch escaped`', '-rf', '--checkpoint-action=exec=touch escaped', '"\' |&', '\u{1F4A5}'];
    const { error, into, around } = await unpacked(names.map((name) => ({ name, content: 'x' })));
    expect([error, around]).toEqual([undefined, []]);
    expect(readdirSync(into).sort()).toEqual([...names].sort());
  });

  test('of code with a way up is refused', async () => {
    const place = mkdtempSync(join(folder, 'zip-'));
    for (const path of ['../escaped', 'a/../../escaped', '/tmp/escaped-absolute', '..\\escaped']) {
      await expect(unpack(zip([{ path, content: Buffer.from('x') }]), join(place, 'into'))).rejects.toThrow('has a path that leads out of it');
    }
    expect(readdirSync(place).filter((name) => name !== 'into')).toEqual([]);
  });
});

describe('SageMaker', () => {
  let bench: SageMakerBench;
  beforeAll(async () => { bench = await SageMakerBench.open(); });
  afterAll(() => bench.close());

  const ODD = ['../escaped', '..', '.', '/tmp/escaped', 'a/b', 'a\\b', 'a\0b', 'a\nb', '$(touch escaped)', ';touch escaped', '-', '', '__proto__', '\u{1F4A5}', 'x'.repeat(64)];
  const NAMED: [operation: string, input: (name: string) => Record<string, unknown>][] = [
    ['CreateTrainingJob', (name) => ({ TrainingJobName: name, RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' }, OutputDataConfig: { S3OutputPath: 's3://out/' }, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 }, StoppingCondition: { MaxRuntimeInSeconds: 60 } })],
    ['DescribeTrainingJob', (name) => ({ TrainingJobName: name })], ['StopTrainingJob', (name) => ({ TrainingJobName: name })], ['DeleteTrainingJob', (name) => ({ TrainingJobName: name })],
    ['DescribeTransformJob', (name) => ({ TransformJobName: name })], ['DescribeHyperParameterTuningJob', (name) => ({ HyperParameterTuningJobName: name })], ['DescribeProcessingJob', (name) => ({ ProcessingJobName: name })],
    ['CreateModel', (name) => ({ ModelName: name, ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: 's3://data/m.tar.gz' } })], ['DeleteModel', (name) => ({ ModelName: name })],
    ['CreateEndpoint', (name) => ({ EndpointName: name, EndpointConfigName: name })], ['DeleteEndpoint', (name) => ({ EndpointName: name })], ['DeleteEndpointConfig', (name) => ({ EndpointConfigName: name })],
  ];
  const around = () => readdirSync(dirname(bench.folder)).filter((name) => name.startsWith('escaped'));

  test.each(NAMED)('refuses names that lead elsewhere, or are none: %s', async (operation, input) => {
    for (const name of ODD) { await expect(bench.call(operation, input(name))).rejects.toMatchObject({ name: expect.stringMatching(/^(Validation|ResourceNotFound|Serialization)/), status: 400 }); }
    expect(around()).toEqual([]);
  });

  const SCRIPT = 'import json, os, sys\nprint("ARGS " + json.dumps(sys.argv[1:]))\nprint("VARIABLE " + json.dumps(os.environ.get("ODD")))\n';

  test('hands hyperparameters and variables on letter by letter: no shell reads them', async () => {
    const odd = '$(touch escaped-by-shell); `touch escaped-by-shell` && "quoted" \'single\' | > x\n# end';
    const job = await bench.train('Odd-values', SCRIPT, { HyperParameters: { odd: JSON.stringify(odd) }, Environment: { ODD: odd } });
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(bench.logOf('Odd-values')).toContain(`ARGS ["--odd", ${JSON.stringify(odd)}]`);
    expect(bench.logOf('Odd-values')).toContain(`VARIABLE ${JSON.stringify(odd)}`);
    for (const found of [readdirSync(process.cwd()), readdirSync(bench.folder, { recursive: true, encoding: 'utf8' })]) { expect(found.filter((name) => name.includes('escaped-by-shell'))).toEqual([]); }
  });

  test('runs a program whose name a shell would read, and no other', async () => {
    const name = '$(touch escaped-by-name);.py';
    const request = await bench.trainingRequest('Odd-program', '', { HyperParameters: {
      sagemaker_program: JSON.stringify(name), sagemaker_submit_directory: JSON.stringify(await bench.archive('odd/sourcedir.tar.gz', { [name]: SCRIPT })),
    } });
    await bench.call('CreateTrainingJob', request);
    const { TrainingJobStatus, FailureReason } = await bench.jobEnd('Odd-program');
    expect([TrainingJobStatus === 'Completed' || /entry point|sagemaker_program|program/i.test(String(FailureReason)), FailureReason]).toEqual([true, FailureReason]);
    expect(readdirSync(bench.folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('escaped-by-name'))).toEqual([]);
  });

  test.each(['..', '.', '...'])('refuses a channel named %s, which is no name of a folder', async (ChannelName) => {
    const InputDataConfig = [{ ChannelName, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/' } } }];
    await expect(bench.train('Odd-channel', SCRIPT, { InputDataConfig })).rejects.toThrow(`the channel name ${ChannelName}`);
  });

  test.each(['/opt/ml/../../tmp/x', '/opt/ml/checkpoints/../../../x', '/etc', '../x'])('refuses checkpoints at %s', async (LocalPath) => {
    await expect(bench.train('Odd-checkpoints', SCRIPT, { CheckpointConfig: { S3Uri: 's3://out/c', LocalPath } })).rejects.toThrow('CheckpointConfig.LocalPath');
  });

  test('downloads what is named like a way up to where the channel is', async () => {
    await bench.s3.put('data', 'ways/../../../../escaped-by-key', 'x');
    const job = await bench.train('Odd-keys', 'import os\nprint("FOUND", sum(len(files) for _, _, files in os.walk(os.environ["SM_CHANNEL_TRAIN"])))\n', {
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/ways/' } } }],
    });
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(bench.logOf('Odd-keys')).toContain('FOUND 1');
    expect(around()).toEqual([]);
  });
});

describe('No program is started by a shell', () => {
  test('but the command of the user\'s own app, as the CDK does; scripts of ours get what requests say as arguments', () => {
    const root = join(__dirname, '..', '..');
    const local = readdirSync(join(root, 'lib', 'local'), { recursive: true, encoding: 'utf8' }).map((file) => join('lib', 'local', file));
    const sources = [...local, ...readdirSync(join(root, 'bin')).map((file) => join('bin', file))].filter((file) => file.endsWith('.ts'));
    const found = (pattern: RegExp) => sources.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8'))).sort();
    expect(found(/shell: *true|import \{[^}]*\bexec(Sync)?\b[^}]*\} from 'node:child_process'/)).toEqual([]);
    // The app's command (evaluated), what is left behind, feeders of pipes, shell scripts of users by their name, and inside of containers.
    expect(found(/(bin\/sh|['"](ba)?sh)['"],? *(\[ *)?['"]-c['"]/).map((file) => file.slice('lib/local/'.length))).toEqual([
      join('cli', 'app.ts'), join('images', 'image-plan.ts'), 'last-will.ts', join('sagemaker', 'pipe-channels.ts'), join('sagemaker', 'script.ts'),
    ]);
    const python = readdirSync(join(root, 'lib', 'local', 'python')).filter((file) => file.endsWith('.py'));
    expect(python.filter((file) => /shell *= *True|os\.(system|popen)/.test(readFileSync(join(root, 'lib', 'local', 'python', file), 'utf8')))).toEqual([]);
  });
});
