import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { awsJsonListener } from '../../lib/local/aws-json';
import { sageMakerListener } from '../../lib/local/sagemaker/listener';
import { endpointVariables, writeServerInfo } from '../../lib/local/server-file';
import { SageMakerBench, until } from '../local/support/sagemaker-bench';
import { runCli } from '../support/built-cli';

jest.setTimeout(60_000);

let bench: SageMakerBench;
let info: { pid: number; apiPort: number; s3Port: number; token: string };
const server = createServer((request, response) => {
  const listeners = [sageMakerListener(bench.sageMaker), awsJsonListener('Logs_20140328', (operation, input) => bench.sageMaker.logs.call(operation, input))];
  if (!listeners.some((listener) => listener(request, response))) { response.writeHead(404).end(); }
});

beforeAll(async () => {
  bench = await SageMakerBench.open();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  info = { pid: process.pid, apiPort: (server.address() as AddressInfo).port, s3Port: 1, token: 'none' };
  mkdirSync(join(bench.folder, '.cdk-sagemaker'));
  writeServerInfo(join(bench.folder, '.cdk-sagemaker'), info);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  await bench.close();
});

const METRICS = { AlgorithmSpecification: { TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }] } };
const SLOW = 'import time\nfor epoch in range(3):\n    print(f"epoch {epoch} loss={1 / (epoch + 1):.2f}")\n    time.sleep(0.4)\n';
const FOREVER = 'import time\nprint("begun")\nwhile True: time.sleep(0.05)';
const OWNER = [{ Key: 'cdk-sagemaker:stack', Value: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Digits/0a1b' }, { Key: 'cdk-sagemaker:logical-id', Value: 'Train1234ABCD' }, { Key: 'team', Value: 'vision' }];

const begin = async (name: string, script: string, overrides: Record<string, unknown> = METRICS) => bench.call('CreateTrainingJob', await bench.trainingRequest(name, script, overrides));
const cli = (...args: string[]) => runCli(bench.folder, args);
const local = (command: string, job: string, ...args: string[]) => cli(command, job, '--local', ...args);
const withoutTimes = (text: string) => text.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/gm, 'TIME').trimEnd().split('\n');

describe('cdk-sagemaker logs', () => {
  test('follows a job to its end: history, lines, metrics, seconds and status', async () => {
    await begin('well', SLOW);
    const { code, out, err } = await local('logs', 'well', '--follow');
    expect({ code, out }).toEqual({ code: 0, out: 'epoch 0 loss=1.00\nepoch 1 loss=0.50\nepoch 2 loss=0.33\n' });
    const seconds = (await bench.call('DescribeTrainingJob', { TrainingJobName: 'well' })).TrainingTimeInSeconds;
    expect(withoutTimes(err)).toEqual([
      'TIME Starting - Preparing the instances for training',
      'TIME Downloading - Downloading input data',
      'TIME Training - Training image download completed. Training in progress.',
      'TIME Uploading - Uploading generated training model',
      'TIME Completed - Training job completed',
      'Metric  Last  Min   Max  Values',
      'loss    0.33  0.33  1    3',
      `Training seconds: ${seconds}`, `Billable seconds: ${seconds}`,
      'Completed',
    ]);
  });

  test('ends with the reason of a failed job, and all it has written', async () => {
    await begin('broken', 'print("first")\nraise ValueError("no such thing")');
    const { code, out, err } = await local('logs', 'broken', '-f');
    expect(code).toBe(1);
    expect(out).toMatch(/^first\nTraceback \(most recent call last\):\n[^]*ValueError: no such thing\n$/);
    expect(err).toMatch(/\nFailed: AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "Traceback [^]*ValueError: no such thing"\nCommand "python[0-9.]* train.py", exit code: 1\n$/);
    expect(await local('logs', 'broken')).toEqual({ code, out, err });
  });

  test('tells a job that was stopped from one that failed', async () => {
    await begin('halted', FOREVER, { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    expect(await local('logs', 'halted', '--follow')).toMatchObject({ code: 3, err: expect.stringMatching(/\nStopped \(MaxRuntimeExceeded\)\n$/) });
  });

  test('leaves the job running on Ctrl-C, and says how to go on', async () => {
    await begin('endless', FOREVER);
    const { code, out, err } = await runCli(bench.folder, ['logs', 'endless', '--local', '--follow'], { interruptAfter: /begun/ });
    expect({ code, out }).toEqual({ code: 130, out: 'begun\n' });
    expect(err).toMatch(/\nthe training job endless goes on\. Follow it again with `cdk-sagemaker logs endless --local --follow`\n$/);
    expect(await bench.call('DescribeTrainingJob', { TrainingJobName: 'endless' })).toMatchObject({ TrainingJobStatus: 'InProgress' });
    expect(await local('logs', 'endless')).toMatchObject({ code: 0, out: 'begun\n' });
    await bench.call('StopTrainingJob', { TrainingJobName: 'endless' });
    await bench.jobEnd('endless');
  });

  test('shows the last lines, or those since a time', async () => {
    await bench.train('long', 'for line in range(50): print(f"line {line}")', METRICS);
    const lines = async (...args: string[]) => (await local('logs', 'long', ...args)).out.split('\n').filter((line) => line.startsWith('line'));
    expect(await lines('--tail', '2')).toEqual(['line 48', 'line 49']);
    expect(await lines('--since', '1h')).toHaveLength(50);
    expect(await lines('--since', '2100-01-01')).toEqual([]);
    expect(await local('logs', 'long', '--tail', 'all')).toMatchObject({ code: 1, err: '--tail must be a number of lines, got all\n' });
    expect(await local('logs', 'long', '--since', 'noon')).toMatchObject({ code: 1, err: '--since must be a time (2026-01-31T12:00:00Z) or how long ago (30s, 10m, 2h, 1d), got noon\n' });
  });

  test('writes one JSON document a line', async () => {
    await bench.train('documents', 'print("loss=0.5")', METRICS);
    const { code, out } = await local('logs', 'documents', '--json', '--follow');
    const documents = out.trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string });
    expect(code).toBe(0);
    expect(documents.map(({ type }) => type)).toEqual(['status', 'status', 'status', 'log', 'status', 'status', 'end']);
    expect(documents[3]).toEqual({ type: 'log', time: expect.stringMatching(/Z$/), stream: expect.stringMatching(/^documents\/algo-1-\d{10}$/), message: 'loss=0.5', metrics: { loss: 0.5 } });
    expect(documents[6]).toMatchObject({ job: 'documents', status: 'Completed', metrics: { loss: 0.5 } });
  });

  test('finds AWS, or what stands for it, as every SDK does', async () => {
    await bench.train('elsewhere', 'print("hello")', METRICS);
    const env = { ...endpointVariables(info), AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
    const arn = 'arn:aws:sagemaker:us-east-1:123456789012:training-job/elsewhere';
    expect(await runCli(bench.folder, ['logs', arn], { env })).toMatchObject({ code: 0, out: 'hello\n' });
    expect(await runCli(bench.folder, ['logs', 'elsewhere', '--region', 'eu-west-1', '--tail', '1'], { env })).toMatchObject({ code: 0, out: 'hello\n' });
    expect(await runCli(bench.folder, ['logs', 'elsewhere'], { env: { ...env, AWS_DEFAULT_REGION: 'eu-west-1' } })).toMatchObject({ code: 0 });
    expect(await runCli(bench.folder, ['logs', 'elsewhere'], { env })).toMatchObject({ code: 1, err: 'no region: give --region, set AWS_REGION, or say --local for the jobs of this machine\n' });
  });

  test('takes the newest job of a construct by its path', async () => {
    await bench.train('digits-train-0a1b2c3d4e', 'print("first")', { Tags: OWNER });
    await until(async () => Date.now(), (now) => now % 1000 > 5);
    await bench.train('digits-train-0a1b2c3d4e-2', 'print("second")', { Tags: OWNER });
    await bench.train('digits-train-of-others', 'print("other")');
    const { code, out, err } = await local('logs', 'Digits/Train');
    expect({ code, out }).toEqual({ code: 0, out: 'second\n' });
    expect(err).toMatch(/^training job digits-train-0a1b2c3d4e-2\n/);
    expect(await local('logs', 'Digits/Train/Resource', '--stack', 'Digits')).toMatchObject({ code: 0, out });
    expect(await local('logs', 'Digits/Train', '--stack', 'Other')).toMatchObject({ code: 1, err: expect.stringContaining('there is no job of Digits/Train of stack Other in us-east-1') });
  });

  test('says what is not there', async () => {
    expect(await local('logs', 'nobody')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^there is no training job nobody in us-east-1\. Another account or region: --profile, --region;/) });
    expect(await local('logs', 'nobody', '--state', 'elsewhere')).toMatchObject({ code: 1, err: expect.stringMatching(/^the local AWS of .*elsewhere does not run; `cdk-sagemaker local deploy` starts it\n$/) });
  });
});

describe('cdk-sagemaker describe', () => {
  test('shows a job, aligned', async () => {
    await bench.train('digits-fit-0a1b2c3d4e', 'print("loss=0.5")', { ...METRICS, Tags: OWNER, HyperParameters: { 'epochs': '3', 'hidden-units': '64' } });
    const { code, out } = await local('describe', 'Digits/Fit');
    expect(code).toBe(0);
    expect(out).toMatch(/^training job {5}digits-fit-0a1b2c3d4e\nstatus {11}Completed\nhistory {10}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\d+ s {2}Starting {5}Preparing the instances for training\n {17}\d{4}/);
    expect(out).toContain('\ninstances        1 x ml.m5.large  on demand, 10 GB\n');
    expect(out).toContain('\nhyperparameters  epochs                      3\n                 hidden-units                64\n');
    expect(out).toContain('\nartifact         s3://out/jobs/digits-fit-0a1b2c3d4e/output/model.tar.gz\n');
    expect(out).toContain('\nmetrics          loss  0.5\nstack            Digits, Train1234ABCD\ntags             team  vision\n');
    expect(out).not.toContain('\u001b');
  });

  test('gives the document as it is', async () => {
    await bench.train('raw', 'pass');
    const { code, out } = await local('describe', 'raw', '--json');
    const { CreationTime, ...document } = JSON.parse(out) as Record<string, unknown>;
    expect(code).toBe(0);
    expect(CreationTime).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(document).toMatchObject({ TrainingJobName: 'raw', TrainingJobStatus: 'Completed', ResourceConfig: { InstanceType: 'ml.m5.large' } });
    expect(document).not.toHaveProperty('$metadata');
  });
});
