import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { builtCli } from '../../support/built-cli';
import { inRunApp, trainingStack, type RunApp } from '../../support/run-app';

jest.setTimeout(120_000);

interface Served {
  readonly url: string;
  readonly endpoint: string;
  /** What it has printed. */
  readonly said: () => string;
}

/** Serves until the work is done, then ends it by Ctrl-C. */
async function serving(app: RunApp, args: readonly string[], work: (served: Served) => Promise<void>): Promise<number | null> {
  const child = spawn(process.execPath, [join(builtCli(), 'cli', 'cdk-sagemaker.js'), 'local', 'serve', ...args], { cwd: app.folder, env: { ...process.env, NO_COLOR: '1' } });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const ready = new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      said += chunk.toString();
      const url = /answers at (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url !== undefined) { resolve(url); }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void ended.then(() => reject(new Error(said)));
  });
  try {
    await work({ url: await ready, endpoint: 'local', said: () => said });
  } finally {
    child.kill('SIGINT');
    await ended;
  }
  return ended;
}

const post = async (url: string, body: string, type = 'text/csv') => {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};

describe('cdk-sagemaker local serve', () => {
  test('serves what the last local train has left, as a container does and as boto3 asks, until Ctrl-C', () => inRunApp(async (app) => {
    expect(await app.run(['serve', 'App/Endpoint', '--port', '0'])).toMatchObject({
      code: 1, err: expect.stringContaining('App/Endpoint: PrimaryContainer.ModelDataUrl is not known without a deployed stack, it is ModelArtifacts of App/TrainOutcome. Give --model <file or folder>, or run App/Train first, in the same state folder\n'),
    });
    await app.json('train', '--hyperparameter', 'word=cat');
    const code = await serving(app, ['App/Endpoint', '--port', '0'], async ({ url, said }) => {
      expect((await fetch(`${url}/ping`)).status).toBe(200);
      expect(await post(`${url}/invocations`, 'a\nb')).toEqual({ status: 200, type: 'text/csv', text: 'cat:a\ncat:b\n' });
      expect(await post(`${url}/endpoints/local/invocations`, 'c')).toMatchObject({ status: 200, text: 'cat:c\n' });
      expect(await post(`${url}/invocations`, 'a', 'application/json')).toMatchObject({ status: 400 });
      expect(said()).toContain('model: what the last run of App/Train has left, ');
      expect(said()).toContain(`curl ${url}/invocations`);
      expect(said()).toContain(`endpoint_url="${url}"`);
    });
    expect(code).toBe(0);
    await serving(app, ['App/Train', '--port', '0'], async ({ url }) => expect((await post(`${url}/invocations`, 'x')).text).toBe('cat:x\n'));
  }));

  test('serves a model of the user\'s own, and the script as it is on disk', () => inRunApp(async (app) => {
    app.write('model/model.txt', 'dog');
    app.write('src/inference.py', readFileSync(join(app.source, 'inference.py'), 'utf8').replace('{model}:', '{model}!'));
    await serving(app, ['App/TrainModel', '--model', './model', '--port', '0'], async ({ url }) => expect((await post(`${url}/invocations`, 'x')).text).toBe('dog!x\n'));
  }));

  test('takes the variant that is named', () => inRunApp(async (app) => {
    const variant = (VariantName: string) => ({ VariantName, ModelName: { 'Fn::GetAtt': ['TrainModel', 'ModelName'] }, InitialInstanceCount: 1, InstanceType: 'ml.m5.large', InitialVariantWeight: 1 });
    app.stacks({ App: trainingStack({ more: { Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [variant('blue'), variant('green')] } } } }) });
    app.write('model/model.txt', 'dog');
    const options = ['--model', './model', '--port', '0'];
    await serving(app, options, async ({ said }) => expect(said()).toContain('variant blue; --variant takes another: green'));
    expect(await app.run(['serve', '--variant', 'red', ...options])).toMatchObject({ code: 2, err: expect.stringContaining('--variant must be one of blue, green, which App/Endpoint has; got red') });
  }));

  test('says when its port is taken, and why a model can\'t be served', () => inRunApp(async (app) => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => { other.once('listening', resolve); });
    const { port } = other.address() as AddressInfo;
    app.write('model/other.txt', 'dog');
    try {
      const taken = await app.run(['serve', '--model', 'model', '--port', String(port)]);
      expect(taken).toMatchObject({ code: 1, err: expect.stringContaining(`port ${port} of 127.0.0.1 is taken; --port 0 takes one that is free`) });
    } finally {
      other.close();
    }
    const broken = await app.run(['serve', '--model', 'model', '--port', '0']);
    expect(broken.code).toBe(1);
    expect(broken.err + broken.out).toContain('model.txt');
  }));
});

describe('cdk-sagemaker local transform', () => {
  test('transforms the files of a folder with the model of the last local train, and leaves x.out for each x', () => inRunApp(async (app) => {
    app.write('data/a.csv', '1\n2\n');
    app.write('data/b/c.csv', '3\n');
    expect((await app.run(['transform', '--input', 'data'])).err).toContain('is ModelArtifacts of App/TrainOutcome');
    await app.json('train', '--hyperparameter', 'word=cat');
    expect((await app.run(['transform'])).err).toContain('App/Score: the input is not here: there is nothing at s3://nowhere-at-all/x/ in the local S3, and the app deploys nothing there. Give --input <folder or file>');
    const { code, err } = await app.run(['transform', 'App/Score', '--input', './data', '--output', './out', '--split-type', 'Line', '--assemble-with', 'Line', '--strategy', 'SingleRecord']);
    expect(err).toContain('Completed');
    expect(code).toBe(0);
    expect(readFileSync(join(app.folder, 'out', 'a.csv.out'), 'utf8')).toContain('cat:2');
    expect(readFileSync(join(app.folder, 'out', 'b', 'c.csv.out'), 'utf8')).toContain('cat:3');
    expect(readFileSync(join(app.folder, 'data', 'a.csv'), 'utf8')).toBe('1\n2\n');
    const one = await app.json('transform', '--input', 'data/a.csv', '--output', 'one');
    expect(one).toMatchObject({ path: 'App/Score', status: 'Completed', files: ['a.csv.out'] });
  }));

  test('gives what it leaves to the channel that another job has of it', () => inRunApp(async (app) => {
    const stack = trainingStack();
    const { Train: { Properties: properties, ...train } } = stack.Resources;
    const InputDataConfig = [{ ChannelName: 'scores', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: { 'Fn::Join': ['', ['s3://b/', { Ref: 'Score' }, '/']] } } } }];
    app.stacks({ App: { ...stack, Resources: { ...stack.Resources, Second: { ...train, Properties: { ...properties, NamePrefix: 'app-second', Request: { ...properties.Request, InputDataConfig } } } } } });
    app.write('data/a.csv', '1\n');
    await app.json('train', 'App/Train');
    await app.json('transform', '--input', 'data');
    const { code, err } = await app.run(['train', 'App/Second']);
    expect(err).toMatch(/^channel scores: what the last run of App\/Score has left, /m);
    expect(code).toBe(0);
  }));
});

describe('cdk-sagemaker local tune', () => {
  test('runs so many training jobs, shows them with the best one first, and leaves its model', () => inRunApp(async (app) => {
    const { code, err } = await app.run(['tune', 'App/Tune', '--max-jobs', '2', '--parallel', '2', '--output', 'out', '--picture', 'tuning.html']);
    expect(err).toContain('2 of 2 training jobs: 2 completed');
    expect(code).toBe(0);
    expect(err).toMatch(/^epochs +TrainingJobName +TrainingJobStatus +FinalObjectiveValue/m);
    expect(existsSync(join(app.folder, 'out', 'model.tar.gz'))).toBe(true);
    expect(readFileSync(join(app.folder, 'tuning.html'), 'utf8')).toContain('<svg');
    const result = await app.json('tune', '--max-jobs', '3', '--environment', 'MY=1') as unknown as { trainingJobs: readonly { value: number }[]; best: string; status: string };
    expect(result).toMatchObject({ status: 'Completed', best: expect.stringMatching(/^app-tune-[0-9a-f]{10}-\d{3}-/) });
    expect(result.trainingJobs).toHaveLength(3);
    expect((await app.run(['tune', '--hyperparameter', 'epochs=3'])).err).toContain('--hyperparameter epochs: the tuning job searches for it; `local train` takes values');
  }));

  test('stops its training jobs on Ctrl-C', () => inRunApp(async (app) => {
    const { code, out } = await app.run(['tune', '--environment', 'SECONDS=60'], { interruptAfter: /epoch=1/ });
    expect(code).toBe(130);
    const pids = [...out.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(readdirSync(join(app.folder, '.cdk-sagemaker', 'runs', 'App-Tune'))).toHaveLength(1);
  }));
});
