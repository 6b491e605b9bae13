import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointVariables } from '../../lib/local/server-file';
import { until, type SageMakerBench } from '../local/support/sagemaker-bench';
import { runCli } from '../support/built-cli';
import { JobServer } from '../support/job-server';

jest.setTimeout(60_000);

let server: JobServer;
let bench: SageMakerBench;
beforeAll(async () => {
  server = await JobServer.open();
  bench = server.bench;
});
afterAll(() => server.close());

const METRICS = { AlgorithmSpecification: { TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }] } };
const SLOW = 'import time\nfor epoch in range(3):\n    print(f"epoch {epoch} loss={1 / (epoch + 1):.2f}")\n    time.sleep(0.4)\n';
const FOREVER = 'import time\nprint("begun")\nwhile True: time.sleep(0.05)';
const OWNER = [{ Key: 'cdk-sagemaker:stack', Value: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Digits/0a1b' }, { Key: 'cdk-sagemaker:logical-id', Value: 'Train1234ABCD' }, { Key: 'team', Value: 'vision' }];

const begin = async (name: string, script: string, overrides: Record<string, unknown> = METRICS) => bench.call('CreateTrainingJob', await bench.trainingRequest(name, script, overrides));
const local = (command: string, job: string, ...args: string[]) => server.local(command, job, ...args);
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
    expect(await local('logs', 'long', '--tail', 'all')).toMatchObject({ code: 2, err: '--tail must be a number of lines, got all\n' });
    expect(await local('logs', 'long', '--since', 'noon')).toMatchObject({ code: 2, err: '--since must be a time (2026-01-31T12:00:00Z) or how long ago (30s, 10m, 2h, 1d), got noon\n' });
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
    const env = { ...endpointVariables(server.info), AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
    const arn = 'arn:aws:sagemaker:us-east-1:123456789012:training-job/elsewhere';
    expect(await runCli(bench.folder, ['logs', arn], { env })).toMatchObject({ code: 0, out: 'hello\n' });
    expect(await runCli(bench.folder, ['logs', 'elsewhere', '--region', 'eu-west-1', '--tail', '1'], { env })).toMatchObject({ code: 0, out: 'hello\n' });
    expect(await runCli(bench.folder, ['logs', 'elsewhere'], { env: { ...env, AWS_DEFAULT_REGION: 'eu-west-1' } })).toMatchObject({ code: 0 });
    expect(await runCli(bench.folder, ['logs', 'elsewhere'], { env })).toMatchObject({ code: 1, err: 'no region: give --region or set AWS_REGION, or --local for the jobs of this machine\n' });
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
    expect(await local('logs', 'Digits/Train', '--stack', 'Other')).toMatchObject({ code: 1, err: expect.stringContaining('there is no job of Digits/Train of stack Other in the local AWS') });
  });

  test('says what is not there', async () => {
    expect(await local('logs', 'nobody')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^there is no training job, tuning job or transform job nobody in the local AWS\. That of another folder: --state; a job at AWS: without --local; a construct by its path: Stack\/Construct\n$/) });
    expect(await local('from-job', 'nobody')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^there is no training job, tuning job, transform job, endpoint or model nobody in the local AWS\. That of another folder: --state;/) });
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

describe('cdk-sagemaker metrics', () => {
  const script = 'import time\nfor epoch in range(3):\n    print(f"epoch {epoch} loss={1 / 2 ** epoch}")\n    time.sleep(0.05)';

  test('gives the values in the log of a job of this machine, and draws them', async () => {
    await bench.train('digits-measure-0a1b2c3d4e', script, { ...METRICS, Tags: OWNER });
    const table = await local('metrics', 'Digits/Measure', '--picture', 'loss.svg');
    expect(table).toMatchObject({ code: 0, out: expect.stringMatching(/^timestamp {2}metric_name {2}value\n0 +loss +1\n[\d.]+ +loss +0\.5\n[\d.]+ +loss +0\.25\n$/) });
    expect(table.err).toBe('training job digits-measure-0a1b2c3d4e\npicture written to loss.svg\nMetric  Final  Min   Max  Values\nloss    0.25   0.25  1    3\n');
    expect(readFileSync(join(bench.folder, 'loss.svg'), 'utf8')).toMatch(/^<svg /);
    const { code, out } = await local('metrics', 'digits-measure-0a1b2c3d4e', '--json', '--metric', 'loss', '--period', '3600');
    expect(code).toBe(0);
    expect((JSON.parse(out) as object[]).every((row) => Object.keys(row).join() === 'timestamp,metric_name,value')).toBe(true);
  });

  test('ends with a message and no file when something is wrong', async () => {
    await bench.train('silent', 'pass', METRICS);
    expect(await local('metrics', 'silent', '--output', 'silent.csv')).toEqual({ code: 1, out: '', err: 'the training job silent has no values of loss; it is Completed\n' });
    expect(existsSync(join(bench.folder, 'silent.csv'))).toBe(false);
    expect(await local('metrics', 'silent', '--format', 'xml')).toEqual({ code: 2, out: '', err: '--format must be one of table, csv, json, got xml\n' });
    expect(await local('analytics', 'silent')).toEqual({ code: 1, out: '', err: 'silent is a training job, this command is about a tuning job\n' });
  });

  test.each(['analytics', 'metrics'])('has help, as %s has', async (command) => {
    const { code, out } = await runCli(bench.folder, [command, '--help']);
    expect(code).toBe(0);
    for (const option of ['--format', '--json', '--output', '--picture', '--local', '--profile']) { expect(out).toContain(option); }
  });
});
