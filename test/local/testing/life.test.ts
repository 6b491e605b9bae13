import { CreateTrainingJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from '../../../lib/local/cli/server';
import { LocalSageMaker, Outcome } from '../../../lib/local/testing';
import { builtCli } from '../../support/built-cli';
import { training, trainingBy } from './support';

const SLEEPS = 'import time\nprint("sleeping", flush=True)\ntime.sleep(600)\n';
/** Whether a process runs that has this in its environment or command. */
const isRunning = (text: string) => execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n').some((line) => line.includes(text));
const until = async (is: () => boolean) => { for (let turns = 0; turns < 200 && !is(); turns += 1) { await new Promise((resolve) => { setTimeout(resolve, 50); }); } };
const send = async (aws: LocalSageMaker, command: CreateTrainingJobCommand) => {
  const client = new SageMakerClient(aws.clientConfig);
  await client.send(command);
  client.destroy();
};

describe('Several of them', () => {
  test('know nothing of each other', async () => {
    const [one, other] = await Promise.all([LocalSageMaker.start(), LocalSageMaker.start({ region: 'eu-west-1' })]);
    try {
      for (const aws of [one, other]) {
        aws.script('same', Outcome.completesAfter(0));
        await aws.createBucket('out');
        await send(aws, new CreateTrainingJobCommand(training('same')));
        expect(await aws.waitForJob('same')).toMatchObject({ status: 'Completed' });
      }
      expect(other.environment).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_SAGEMAKER: other.endpoint });
      expect(one.endpoint).not.toBe(other.endpoint);
      await one.putObject('s3://only/here.txt', 'x');
      await expect(other.getText('s3://only/here.txt')).rejects.toThrow('The specified bucket does not exist');
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  test('do not have the same folder at once, but one after the other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kept-'));
    const one = await LocalSageMaker.start({ folder });
    await one.putObject('s3://kept/a.txt', 'a');
    await expect(LocalSageMaker.start({ folder })).rejects.toThrow('runs already');
    await one.stop();
    const other = await LocalSageMaker.start({ folder });
    expect(await other.getText('s3://kept/a.txt')).toBe('a');
    await other.stop();
    expect(existsSync(folder)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe('A test that keeps its process busy', () => {
  test('finds it afterwards', async () => {
    const aws = await LocalSageMaker.start();
    try {
      // Before anybody has asked for anything, and longer than connections are kept that nobody uses; synthesizing an app can take as long.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5500);
      expect(await Server.running(aws.folder)).toBeDefined();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5500);
      expect(await Server.running(aws.folder)).toBeDefined();
    } finally {
      await aws.stop();
    }
  }, 30_000);
});

describe('Its end', () => {
  test('is that of everything it runs, of its ports and of its temporary folder', async () => {
    const aws = await LocalSageMaker.start({ clock: 'virtual' });
    await send(aws, new CreateTrainingJobCommand(await trainingBy(aws, 'sleeper', SLEEPS)));
    await aws.waitForJob('sleeper', 'Training');
    await until(() => aws.logs('sleeper').length > 0);
    expect(isRunning(aws.folder)).toBe(true);
    const waiting = aws.waitForJob('sleeper').catch((error: Error) => error.message);
    const { folder, endpoint } = aws;
    await aws.stop();
    expect(await waiting).toBe('the local SageMaker has been stopped');
    expect(isRunning(folder)).toBe(false);
    expect(existsSync(folder)).toBe(false);
    await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
    await aws.stop();
  });

  test('comes with a test process that is killed', async () => {
    const program = `
      const { LocalSageMaker } = require(${JSON.stringify(join(builtCli(), 'local', 'index.js'))});
      LocalSageMaker.start().then(async (aws) => {
        await aws.putArchive('s3://code/source.tar.gz', { 'train.py': ${JSON.stringify(SLEEPS)} });
        await aws.createBucket('out');
        await fetch(aws.endpoint, { method: 'POST', headers: { 'x-amz-target': 'SageMaker.CreateTrainingJob', 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(${JSON.stringify({
          ...training('sleeper'), AlgorithmSpecification: { TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', TrainingInputMode: 'File' },
          HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: '"s3://code/source.tar.gz"' },
        })}) });
        while (aws.logs('sleeper').length === 0) { await new Promise((resolve) => setTimeout(resolve, 50)); }
        console.log(aws.folder);
      });`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = await once(child.stdout, 'data') as [Buffer];
    const folder = chunk.toString().trim();
    expect(isRunning(folder)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !isRunning(folder) && !existsSync(folder));
    expect({ isRunning: isRunning(folder), isThere: existsSync(folder) }).toEqual({ isRunning: false, isThere: false });
  });
});

describe('Options that are wrong are refused', () => {
  test.each<[object, string]>([
    [{ clock: 'fast' }, "clock must be 'real' or 'virtual', got \"fast\""],
    [{ startTime: new Date() }, "startTime needs clock: 'virtual'"],
    [{ stopGrace: -1 }, 'stopGrace must be seconds'],
    [{ mode: 'box' }, 'mode must be one of auto, container, process, got "box"'],
    [{ port: -1 }, 'port must be a number from 0 to 65535, got -1'],
    [{ region: '' }, 'region must not be empty'],
    [{ ports: 1 }, 'there is no option ports; there is folder, region'],
  ])('%p', async (options, message) => { await expect(LocalSageMaker.start(options)).rejects.toThrow(message); });

  test('and what is no object of S3, or no job', async () => {
    const aws = await LocalSageMaker.start();
    await expect(aws.putObject('out/a.txt', '')).rejects.toThrow('an object is named by its URI, s3://bucket/key; got out/a.txt');
    await aws.putObject('s3://out/a.txt', '');
    expect(await aws.listObjects('out')).toEqual(['s3://out/a.txt']);
    await expect(aws.listObjects('/out')).rejects.toThrow('objects are listed by s3://bucket/prefix, or by the name of a bucket; got /out');
    await expect(aws.waitForJob('none')).rejects.toThrow('there is no job none');
    await expect(aws.clock.advance(-1)).rejects.toThrow('the time to advance by must be seconds');
    await aws.stop();
  });
});
