import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Algorithm, Capacity, ContainerImage, Hyperparameters, TrainingJob } from '../../lib';
import type { Plan } from '../../lib/plan/plan';
import { runCli } from '../support/built-cli';
import { IMAGE } from './support';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'plan-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An assembly in a folder of that name: two stacks with a job each. */
function assembly(name: string, epochs: number): void {
  const app = new App({ outdir: join(folder, name), context: { 'aws:cdk:disable-creation-stack-traces': true }, analyticsReporting: false });
  for (const id of ['Digits', 'Letters']) {
    new TrainingJob(new Stack(app, id, { env: { region: 'us-east-1', account: '123456789012' } }), 'Train', {
      algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), hyperparameters: Hyperparameters.of({ epochs: id === 'Digits' ? epochs : 1 }),
      capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), maxRuntime: Duration.hours(2),
    });
  }
  app.synth();
}
beforeAll(() => {
  assembly('base', 10);
  assembly('head', 20);
  writeFileSync(join(folder, 'prices.json'), '{"currency": "USD", "ml.m5.large": 0.115}');
  writeFileSync(join(folder, 'bad.json'), '{"m5": 1}');
  writeFileSync(join(folder, 'huge.json'), '{"ml.m5.large": 0.115, "hosting:ml.m5.large" : -1e400}');
  writeFileSync(join(folder, 'marked.json'), '\ufeff{"currency": "USD", "ml.m5.large": 0.115}');
});

/** Nothing of this machine's own AWS, and nothing in the network. */
const ENV = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
const plan = (...args: string[]) => runCli(folder, ['plan', '--app', 'head', ...args], { env: ENV });
const against = (...args: string[]) => plan('--against', 'base', ...args);

test('the plan of an app against another one is on standard output', async () => {
  expect(await against()).toEqual({
    code: 0, err: '',
    out: `Digits  compared with base
  retrains   Digits/Train  at most 2 instance-hours of ml.m5.large
      HyperParameters.epochs: 10 -> 20

Letters  compared with base
  1 unchanged

1 job is launched: at most 2 instance-hours.
`,
  });
});

test('with names it is about those stacks; a name that the app does not have is a fault', async () => {
  expect((await against('Let*')).out).toBe('Letters  compared with base\n  1 unchanged\n\nNo job is launched.\n');
  expect(await against('Digit')).toMatchObject({ code: 1, out: '', err: 'the app has no stack Digit; it has Digits, Letters\n' });
});

test('as JSON it is all that is known, with what it uses and which gates are missed', async () => {
  const { code, out, err } = await against('--json', '--prices', 'prices.json', '--fail-on', 'retrain');
  const document = JSON.parse(out) as Plan & { totals: { jobs: object }; missed: string[] };
  expect([code, err]).toEqual([1, '']);
  expect(document.stacks[0]).toMatchObject({ path: 'Digits', isDeployed: true, jobs: [{ path: 'Digits/Train', verdict: 'retrains', usage: { hours: 2, cost: 0.23 }, changes: [{ path: 'HyperParameters.epochs', old: '10', new: '20', counts: true }] }] });
  expect(document).toMatchObject({ totals: { jobs: { launched: 1, mayLaunch: 0, hours: 2, cost: 0.23, unbounded: [], unpriced: [] }, currency: 'USD' }, missed: ['--fail-on retrain: Digits/Train'] });
});

test('as Markdown it is a comment, with the gates that are missed in it', async () => {
  const { code, out, err } = await against('--markdown', '--max-instance-hours', '1');
  expect([code, err]).toEqual([1, '--max-instance-hours 1: it may be 2: Digits/Train 2\n']);
  expect(out).toMatch(/^<!-- cdk-sagemaker plan -->\n\n### What a deployment will do\n[^]*- --max-instance-hours 1: it may be 2: Digits\/Train 2\n$/);
});

test('gates that are met, or missed, are the exit code', async () => {
  expect((await against('--fail-on', 'replace,delete', '--fail-on', 'unknown', '--max-instance-hours', '2', '--prices', 'prices.json', '--max-cost', '0.23')).code).toBe(0);
  expect(await against('--prices', 'prices.json', '--max-cost', '0.2')).toMatchObject({ code: 1, err: '--max-cost 0.2: it may be 0.23 USD: Digits/Train 0.23 USD\n' });
});

test('what can\'t be meant is a wrong command line', async () => {
  const wrong = async (...args: string[]) => { const { code, err } = await plan(...args); return [code, err.trim()]; };
  expect(await wrong('--against', 'base', '--local')).toEqual([2, '--against and --local both say what to compare with: give one of them']);
  expect(await wrong('--local', '--profile', 'a')).toEqual([2, '--profile is of AWS, which --local does not ask']);
  expect(await wrong('--against', 'base', '--fail-on', 'everything')).toEqual([2, '--fail-on must be of launch, retrain, adopt, in-place, stop, unknown, fail, replace, delete, got everything']);
  expect(await wrong('--against', 'base', '--max-cost', '2')).toEqual([2, '--max-cost needs a price list: --prices prices.json']);
  expect(await wrong('--against', 'base', '--markdown', '--json')).toEqual([2, '--json and --markdown both say how the plan is printed: give one of them']);
  expect(await wrong('--against', '')).toEqual([2, '--against must not be empty']);
  expect(await wrong('--against', 'base', '--prices', '')).toEqual([2, '--prices must not be empty']);
  expect(await wrong('--local', '--state', '')).toEqual([2, '--state must not be empty']);
  expect(await wrong('--against', 'base', '--fail-on', '')).toEqual([2, '--fail-on must not be empty']);
  expect(await wrong('', '--against', 'base')).toEqual([2, '[stacks...] must not be empty']);
  expect(await wrong('--against', 'base', '--parameters', 'x')).toEqual([2, '--parameters must be Name=value, got x']);
});

test('what is not there, or no price list, is a fault', async () => {
  const fault = async (...args: string[]) => { const { code, err } = await plan(...args); return [code, err.trim()]; };
  expect(await fault('--against', 'nothing')).toEqual([1, '--against nothing: no such folder']);
  expect(await fault('--against', 'base', '--prices', 'none.json')).toEqual([1, '--prices none.json: no such file']);
  expect(await fault('--against', 'base', '--prices', 'bad.json')).toEqual([1, expect.stringMatching(/^--prices bad\.json is no price list: "m5" must be an instance type/)]);
  expect(await fault('--against', 'base', '--prices', 'base')).toEqual([1, '--prices base: a folder, and no file']);
  expect(await fault('--against', 'base', '--prices', 'huge.json')).toEqual([1, '--prices huge.json is no price list: hosting:ml.m5.large must be the price of an hour, got -1e400']);
  expect(await fault('--against', 'base', '--prices', 'marked.json')).toEqual([0, '']);
  expect(await fault('--against', 'base', '--parameters', 'None=1')).toEqual([1, '--parameters None: none of the stacks has a parameter of that name']);
});

test('with the local AWS, in which there is nothing, everything is launched', async () => {
  expect((await plan('--local', 'Digits')).out).toBe('Digits  not yet deployed at the local AWS\n  launches   Digits/Train  at most 2 instance-hours of ml.m5.large\n\n1 job is launched: at most 2 instance-hours.\n');
});

test('without saying with what, it is AWS that is asked; who may not look is told which permission that takes', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => asked.push(new URLSearchParams(chunk.toString()).get('Action') ?? ''));
    request.on('end', () => response.writeHead(403).end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>a is not authorized</Message></Error></ErrorResponse>'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const env = { ...ENV, AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    expect(await runCli(folder, ['plan', 'Digits', '--app', 'head'], { env })).toEqual({ code: 1, out: '', err: 'not allowed: cloudformation:DescribeStacks, which plan needs (a is not authorized)\n' });
    expect(asked).toEqual(['DescribeStacks']);
  } finally {
    server.close();
  }
});
