import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOfProcess } from '../../../lib/local/process-start';
import { SageMakerBench, until } from '../support/sagemaker-bench';

const FOREVER = 'import time\nprint("begun")\nwhile True: time.sleep(0.05)';

async function benchWith<T>(use: (bench: SageMakerBench) => Promise<T>): Promise<T> {
  const bench = await SageMakerBench.open();
  try {
    return await use(bench);
  } finally {
    await bench.close();
  }
}

describe('a local SageMaker on the folder of a former one', () => {
  test('knows its jobs, and fails those whose process has gone', () => benchWith(async (bench) => {
    await bench.train('done', 'print("fine")', { Tags: [{ Key: 'a', Value: 'b' }] });
    await bench.call('CreateTrainingJob', await bench.trainingRequest('cut', FOREVER));
    await until(async () => bench.logOf('cut'), (log) => log.includes('begun'));
    const before = await bench.call('DescribeTrainingJob', { TrainingJobName: 'done' });
    await bench.sageMaker.close();
    bench.reopen();
    expect(await bench.call('DescribeTrainingJob', { TrainingJobName: 'done' })).toEqual(before);
    expect(await bench.call('ListTags', { ResourceArn: before.TrainingJobArn })).toEqual({ Tags: [{ Key: 'a', Value: 'b' }] });
    const cut = await bench.call('DescribeTrainingJob', { TrainingJobName: 'cut' });
    expect(cut).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: expect.stringMatching(/^InternalServerError/) });
  }));

  test('runs a job again that asked for retries', () => benchWith(async (bench) => {
    const script = 'import os, time\npath = os.path.join(os.environ["SAGEMAKER_BASE_DIR"], "..", "..", "mark")\nif os.path.exists(path): raise SystemExit(0)\nopen(path, "w").close()\nprint("begun")\ntime.sleep(600)';
    await bench.call('CreateTrainingJob', await bench.trainingRequest('again', script, { RetryStrategy: { MaximumRetryAttempts: 1 } }));
    await until(async () => bench.logOf('again'), (log) => log.includes('begun'));
    await bench.sageMaker.close();
    bench.reopen();
    const job = await bench.jobEnd('again');
    expect(job.TrainingJobStatus).toBe('Completed');
    expect((job.SecondaryStatusTransitions as Array<{ Status: string }>).map((each) => each.Status)).toContain('Restarting');
  }));

  test('runs a job again with the checkpoints of its first attempt, which was cut off', () => benchWith(async (bench) => {
    const script = `import os, time
path = os.path.join(os.environ["SAGEMAKER_BASE_DIR"], "checkpoints", "epoch")
if os.path.exists(path): print("goes on after", open(path).read()); raise SystemExit(0)
with open(path, "w") as file: file.write("3")
time.sleep(600)`;
    await bench.call('CreateTrainingJob', await bench.trainingRequest('cut', script, { RetryStrategy: { MaximumRetryAttempts: 1 }, CheckpointConfig: { S3Uri: 's3://data/checkpoints' } }));
    await until(() => bench.s3.exists('data', 'checkpoints/epoch'), (is) => is);
    await bench.sageMaker.close();
    bench.reopen();
    expect((await bench.jobEnd('cut')).TrainingJobStatus).toBe('Completed');
    expect(bench.logOf('cut')).toContain('goes on after 3');
  }));

  test('serves its endpoints again, also when their models have been deleted, and goes on with an update', () => benchWith(async (bench) => {
    await bench.modelSaying('one', 'one');
    await bench.modelSaying('two', 'two');
    await bench.call('CreateEndpoint', { EndpointName: 'kept', EndpointConfigName: 'one' });
    await bench.endpointAtRest('kept');
    await bench.call('DeleteModel', { ModelName: 'one' });
    await bench.call('DeleteEndpointConfig', { EndpointConfigName: 'one' });
    await bench.sageMaker.close();
    await expect(bench.ask('kept')).rejects.toThrow();
    bench.reopen();
    expect(JSON.parse(await bench.ask('kept'))).toMatchObject({ text: 'one' });
    await bench.endpointAtRest('kept');
    await bench.call('UpdateEndpoint', { EndpointName: 'kept', EndpointConfigName: 'two' });
    await bench.sageMaker.close();
    bench.reopen();
    await until(() => bench.call('DescribeEndpoint', { EndpointName: 'kept' }), (endpoint) => endpoint.EndpointConfigName === 'two');
    expect(JSON.parse(await bench.ask('kept'))).toMatchObject({ text: 'two' });
  }));

  test('ends a process that outlived the former one, but not another one that has its number now', () => benchWith(async (bench) => {
    await bench.sageMaker.close();
    const file = join(bench.folder, 'sagemaker', 'sagemaker.json');
    const sleepers = [1, 2].map(() => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }));
    try {
      const [left, other] = sleepers.map((sleeper) => sleeper.pid as number) as [number, number];
      const record = async (name: string, process: { pid: number; start?: string }) => ({
        arn: `arn:aws:sagemaker:us-east-1:123456789012:training-job/${name}`, request: await bench.trainingRequest(name, ''), status: 'InProgress', secondaryStatus: 'Training',
        transitions: [{ status: 'Training', start: 1, message: '' }], created: 1, modified: 1, attempts: 1, process,
      });
      writeFileSync(file, JSON.stringify({ trainingJobs: { left: await record('left', { pid: left, start: startOfProcess(left) }), other: await record('other', { pid: other, start: 'once' }) } }));
      const ended = once(sleepers[0] as NodeJS.EventEmitter, 'exit');
      bench.reopen();
      expect((await ended)[1]).toBe('SIGKILL');
      expect(sleepers[1]?.exitCode ?? sleepers[1]?.signalCode).toBeNull();
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ trainingJobs: { left: { status: 'Failed' }, other: { status: 'Failed' } } });
    } finally {
      sleepers.forEach((sleeper) => sleeper.kill('SIGKILL'));
    }
  }));
});

test('a model server ends when the one who started it does', async () => {
  const bench = await SageMakerBench.open();
  try {
    const folder = join(bench.folder, 'model');
    mkdirSync(folder);
    writeFileSync(join(folder, 'inference.py'), 'def model_fn(d): return 1');
    const server = spawn('python3', [join(__dirname, '..', '..', '..', 'lib', 'local', 'python', 'serve.py'), 'inference', folder], { env: { ...process.env, PYTHONPATH: folder }, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
    const [report] = await once(server.stdio[3] as NodeJS.ReadableStream, 'data');
    expect(JSON.parse(String(report))).toEqual({ port: expect.any(Number) });
    server.stdin?.end();
    expect((await once(server, 'exit'))[0]).toBe(0);
  } finally {
    await bench.close();
  }
});
