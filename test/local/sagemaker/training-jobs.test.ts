import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../support/processes';
import { SageMakerBench, until } from '../support/sagemaker-bench';

let bench: SageMakerBench;
beforeAll(async () => { bench = await SageMakerBench.open(); });
afterAll(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
});

const SAVES = 'import os; open(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"), "w").write("trained")';
const FOREVER = 'import time\nprint("begun")\nwhile True: time.sleep(0.05)';

async function filesOf(uri: string): Promise<string[]> {
  const { bucket, key } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.*)$/.exec(uri)?.groups as { bucket: string; key: string };
  return execFileSync('tar', ['-tzf', bench.s3.pathOf(bucket, key)]).toString().split('\n').filter((name) => !name.endsWith('/') && name !== '').sort();
}

describe('a training job', () => {
  test('runs the script on its channel and leaves a real artifact', async () => {
    const job = await bench.train('good', `${SAVES}
print("loss=0.9 acc=1e-1"); print("loss=0.5 acc=0.75")
print(sorted(os.listdir(os.environ["SM_CHANNEL_TRAIN"])), open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "a.txt")).read())
open(os.path.join(os.environ["SM_OUTPUT_DATA_DIR"], "report.txt"), "w").write("fine")`, {
      AlgorithmSpecification: {
        TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', TrainingInputMode: 'File',
        MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }, { Name: 'acc', Regex: 'acc=(?P<value>[0-9.e-]+)' }, { Name: 'none', Regex: 'none=([0-9]+)' }],
      },
    });
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      TrainingJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/good',
      ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/good/output/model.tar.gz' },
      FinalMetricDataList: [{ MetricName: 'loss', Value: 0.5 }, { MetricName: 'acc', Value: 0.75 }],
    });
    expect((job.SecondaryStatusTransitions as Array<{ Status: string; EndTime: Date }>).map((each) => each.Status)).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
    expect((job.SecondaryStatusTransitions as Array<{ EndTime?: Date }>).every((each) => each.EndTime instanceof Date)).toBe(true);
    expect(job.BillableTimeInSeconds).toBe(job.TrainingTimeInSeconds);
    expect(job.TrainingEndTime).toBeInstanceOf(Date);
    expect(job.FailureReason).toBeUndefined();
    expect(bench.logOf('good')).toContain("['a.txt'] alpha");
    expect(await filesOf('s3://out/jobs/good/output/model.tar.gz')).toEqual(['./model.txt']);
    expect(await filesOf('s3://out/jobs/good/output/output.tar.gz')).toEqual(['./report.txt']);
  });

  test('uploads the model as it is when no compression is asked for', async () => {
    const job = await bench.train('plain', SAVES, { OutputDataConfig: { S3OutputPath: 's3://out/jobs', CompressionType: 'NONE' } });
    expect(job.ModelArtifacts).toEqual({ S3ModelArtifacts: 's3://out/jobs/plain/output/model/' });
    expect((await bench.s3.get('out', 'jobs/plain/output/model/model.txt')).toString()).toBe('trained');
  });

  test('says in its log what of AWS goes on around it there and not here', async () => {
    const job = await bench.train('around', SAVES, { DebugHookConfig: { S3OutputPath: 's3://out/tensors' }, ProfilerConfig: { DisableProfiler: true }, ExperimentConfig: { RunName: 'one' } });
    expect(job.TrainingJobStatus).toBe('Completed');
    expect(bench.logOf('around')).toMatch(/^The local SageMaker runs this job without DebugHookConfig, ExperimentConfig\.$/m);
  });

  test('fails with the last lines of the script, in the words of the training toolkit', async () => {
    const job = await bench.train('broken', 'print("to stdout")\ndef f():\n    raise ValueError("no such thing")\nf()', { HyperParameters: { epochs: '3' } });
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed' });
    expect(job.FailureReason).toMatch(/^AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "Traceback [^]*ValueError: no such thing"\nCommand "python[0-9.]* train.py --epochs 3", exit code: 1$/);
    expect(job.ModelArtifacts).toEqual({ S3ModelArtifacts: '' });
  });

  test('keeps the end of a long failure within 1,024 characters', async () => {
    const job = await bench.train('wordy', 'raise ValueError("x" * 5000 + " the end")');
    expect((job.FailureReason as string).length).toBe(1024);
    expect(job.FailureReason).toContain(' the end"\nCommand');
  });

  test('fails with what the script wrote to the failure file', async () => {
    const job = await bench.train('own-words', 'import os, sys; open(os.path.join(os.environ["SM_OUTPUT_DIR"], "failure"), "w").write("my own words"); sys.exit(3)');
    expect(job.FailureReason).toBe('AlgorithmError: my own words, exit code: 3');
  });

  test('fails when its channel has no data, before the script runs', async () => {
    const job = await bench.train('no-data', SAVES, {
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/nothing/' } } }],
    });
    expect(job.FailureReason).toContain('No S3 objects found under S3 URL "s3://data/nothing/"');
  });

  test('fails when its script is not to be had, and says what is there', async () => {
    const gone = await bench.train('no-archive', '', { HyperParameters: { sagemaker_submit_directory: '"s3://data/gone.tar.gz"' } });
    expect(gone.FailureReason).toContain('s3://data/gone.tar.gz: there is no such object');
    const other = await bench.train('no-program', '', { HyperParameters: { sagemaker_program: '"other.py"' } });
    expect(other.FailureReason).toContain('has no file other.py; it has train.py');
  });

  test('is stopped by its time limit, which keeps what was saved', async () => {
    const job = await bench.train('limited', `${SAVES}\n${FOREVER}`, { StoppingCondition: { MaxRuntimeInSeconds: 3 } });
    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/limited/output/model.tar.gz' } });
    expect(job.FailureReason).toBeUndefined();
  });

  test('stops on request: SIGTERM first, then SIGKILL for the whole group', async () => {
    const script = `import signal, subprocess, sys
signal.signal(signal.SIGTERM, lambda *_: print("told to stop", flush=True))
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
${FOREVER}`;
    await bench.call('CreateTrainingJob', await bench.trainingRequest('stopped', script));
    await until(async () => bench.logOf('stopped'), (log) => log.includes('begun'));
    await bench.call('StopTrainingJob', { TrainingJobName: 'stopped' });
    expect(await bench.call('DescribeTrainingJob', { TrainingJobName: 'stopped' })).toMatchObject({ TrainingJobStatus: 'Stopping', SecondaryStatus: 'Stopping' });
    const job = await bench.jobEnd('stopped');
    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' });
    expect(job.ModelArtifacts).toEqual({ S3ModelArtifacts: '' });
    expect(bench.logOf('stopped')).toContain('told to stop');
    const child = Number(/child (\d+)/.exec(bench.logOf('stopped'))?.[1]);
    await until(async () => isAlive(child), (alive) => !alive);
    await expect(bench.call('StopTrainingJob', { TrainingJobName: 'stopped' })).rejects.toMatchObject({
      name: 'ValidationException', message: 'The request was rejected because the training job is in status Stopped.',
    });
  });

  test('has a name of its own until it is deleted', async () => {
    await bench.train('once', SAVES);
    await expect(bench.train('once', SAVES)).rejects.toMatchObject({ name: 'ResourceInUse', message: expect.stringMatching(/already exists \(arn:aws:sagemaker:us-east-1:123456789012:training-job\/once\)/) });
    await bench.call('DeleteTrainingJob', { TrainingJobName: 'once' });
    expect(existsSync(join(bench.folder, 'sagemaker', 'jobs', 'once'))).toBe(false);
    await expect(bench.call('DescribeTrainingJob', { TrainingJobName: 'once' })).rejects.toMatchObject({ name: 'ValidationException', message: 'Requested resource not found.' });
    expect(await bench.train('once', SAVES)).toMatchObject({ TrainingJobStatus: 'Completed' });
  });

  test('that runs can not be deleted', async () => {
    await bench.call('CreateTrainingJob', await bench.trainingRequest('busy', FOREVER));
    await expect(bench.call('DeleteTrainingJob', { TrainingJobName: 'busy' })).rejects.toMatchObject({ name: 'ResourceInUse' });
    await bench.call('StopTrainingJob', { TrainingJobName: 'busy' });
    await bench.jobEnd('busy');
    await expect(bench.call('DeleteTrainingJob', { TrainingJobName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  test('takes up its checkpoints and leaves them', async () => {
    await bench.s3.put('data', 'checkpoints/1/state', 'one');
    const script = `import os; base = os.path.join(os.environ["SAGEMAKER_BASE_DIR"], "checkpoints")
print("found", open(os.path.join(base, "1", "state")).read())
os.makedirs(os.path.join(base, "2")); open(os.path.join(base, "2", "state"), "w").write("two")`;
    await bench.train('checkpointed', script, { CheckpointConfig: { S3Uri: 's3://data/checkpoints' } });
    expect(bench.logOf('checkpointed')).toContain('found one');
    expect((await bench.s3.get('data', 'checkpoints/2/state')).toString()).toBe('two');
  });

  test('reads a manifest', async () => {
    await bench.s3.put('data', 'list.manifest', JSON.stringify([{ prefix: 's3://data/' }, 'train/a.txt']));
    const job = await bench.train('manifest', 'import os; print(os.listdir(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train")))', {
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://data/list.manifest' } } }],
    });
    expect(job.TrainingJobStatus).toBe('Completed');
    expect(bench.logOf('manifest')).toContain("['a.txt']");
  });

  test('runs an entry point of the container, paths of the container being paths here', async () => {
    await bench.s3.put('data', 'program/main.py', 'import sys; print("arguments", sys.argv[1:]); open(sys.argv[1] + "/m", "w").close()');
    const job = await bench.train('entrypoint', '', {
      AlgorithmSpecification: {
        TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', TrainingInputMode: 'File',
        ContainerEntrypoint: ['python3', '/opt/ml/input/data/program/main.py'], ContainerArguments: ['/opt/ml/model'],
      },
      HyperParameters: { sagemaker_program: undefined, sagemaker_submit_directory: undefined },
      InputDataConfig: [{ ChannelName: 'program', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/program' } } }],
    });
    expect(job.FailureReason).toBeUndefined();
    expect(await filesOf((job.ModelArtifacts as { S3ModelArtifacts: string }).S3ModelArtifacts)).toEqual(['./m']);
  });

  test('takes its code from the channel `code` under network isolation, without credentials or endpoints', async () => {
    await bench.archive('isolated-code/sourcedir.tar.gz', { 'train.sh': '#!/bin/sh\necho "arguments $*"; env | grep -c AWS_ACCESS_KEY_ID; exit 0' });
    const job = await bench.train('isolated', '', {
      EnableNetworkIsolation: true,
      HyperParameters: { sagemaker_program: '"train.sh"', sagemaker_submit_directory: '"/opt/ml/input/data/code/sourcedir.tar.gz"', text: '"a b; c"' },
      InputDataConfig: [{ ChannelName: 'code', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/isolated-code/sourcedir.tar.gz' } } }],
    });
    expect(job.FailureReason).toBeUndefined();
    expect(bench.logOf('isolated')).toBe('arguments --text a b; c\n0');
  });

  test('rejects an archive that would write outside of its folder', async () => {
    execFileSync('sh', ['-c', `cd ${bench.folder} && mkdir -p evil/in && echo x > evil/up && tar -czf evil.tar.gz -P -C evil/in ../up && ln -s /etc evil/in/link && tar -czf link.tar.gz -C evil/in .`]);
    const { readFileSync } = await import('node:fs');
    for (const name of ['evil', 'link']) {
      await bench.s3.put('data', `${name}.tar.gz`, readFileSync(join(bench.folder, `${name}.tar.gz`)));
      const job = await bench.train(name, '', { HyperParameters: { sagemaker_submit_directory: `"s3://data/${name}.tar.gz"` } });
      expect(job.FailureReason).toMatch(/can't be unpacked: the archive has a (member|link)/);
    }
  });

  test('changes nothing outside of its folder and leaves no files of a job behind but its log', () => {
    expect(readdirSync(join(bench.folder, 'sagemaker')).sort()).toEqual(['jobs', 'logs', 'sagemaker.json']);
    for (const job of readdirSync(join(bench.folder, 'sagemaker', 'jobs'))) {
      expect(readdirSync(join(bench.folder, 'sagemaker', 'jobs', job)).filter((name) => name !== 'opt')).toEqual([]);
    }
  });
});
