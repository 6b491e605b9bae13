import { join } from 'node:path';
import { readServerInfo, type ServerInfo } from '../../lib/local/server-file';
import { inAppFolder, thingStack } from '../support/assembly';
import { runCli } from '../support/built-cli';

jest.setTimeout(120_000);

/** A job of the local SageMaker that runs a line of shell. */
async function launch({ apiPort }: ServerInfo, bucket: string, name: string, command: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${apiPort}/`, {
    method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'SageMaker.CreateTrainingJob' },
    body: JSON.stringify({
      TrainingJobName: name, RoleArn: 'arn:aws:iam::123456789012:role/jobs', HyperParameters: { epochs: '3' },
      AlgorithmSpecification: {
        TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/any:1', TrainingInputMode: 'File', ContainerEntrypoint: ['sh', '-c', command],
        MetricDefinitions: [{ Name: 'test:accuracy', Regex: 'accuracy=([0-9.]+)' }],
      },
      OutputDataConfig: { S3OutputPath: `s3://${bucket}/jobs` }, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 }, StoppingCondition: { MaxRuntimeInSeconds: 60 },
    }),
  });
  if (!response.ok) { throw new Error(await response.text()); }
}

describe('cdk-sagemaker logs and describe', () => {
  test('show a job of the local SageMaker while it runs and after its end, and how it ended by their exit code', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    const bucket = /BucketName = (\S+)/.exec((await local('deploy')).out)![1];
    const server = readServerInfo(join(folder, '.cdk-sagemaker')) as ServerInfo;
    const cli = (...args: string[]) => runCli(folder, [...args, '--local']);

    await launch(server, bucket, 'good', 'echo first; sleep 1; echo accuracy=0.25; echo accuracy=0.75');
    const followed = await cli('logs', 'good', '--follow');
    expect(followed).toMatchObject({ code: 0, out: 'first\naccuracy=0.25\naccuracy=0.75\n' });
    expect(followed.err).toMatch(/^\S+ \S+ Starting - Preparing the instances for training\n[^]*Training[^]*\ntest:accuracy {2}0\.75\ngood: Completed\ntrained \d+ s, billed \d+ s\n$/);
    expect(await cli('logs', 'good', '--tail', '1')).toMatchObject({ code: 0, out: 'accuracy=0.75\n' });
    const documents = (await cli('logs', 'arn:aws:sagemaker:us-east-1:123456789012:training-job/good', '--json')).out.trim().split('\n').map((line) => JSON.parse(line) as { [name: string]: unknown });
    expect(documents).toContainEqual(expect.objectContaining({ host: 'algo-1', line: 'accuracy=0.25', metrics: { 'test:accuracy': 0.25 } }));
    expect(documents).toContainEqual(expect.objectContaining({ status: 'Starting', message: 'Preparing the instances for training' }));
    expect(documents.at(-1)).toMatchObject({ job: 'good', status: 'Completed', metrics: { 'test:accuracy': 0.75 } });
    expect((await cli('logs', 'good', '--since', '2001-01-01')).out).toBe(followed.out);
    expect((await cli('logs', 'good', '--since', new Date(Date.now() + 3_600_000).toISOString())).out).toBe('');

    const described = await cli('describe', 'good');
    expect(described.out).toMatch(/^name +good\nARN +arn:\S+\nstatus +Completed\n/);
    expect(described.out).toContain('\nhyperparameters\n  epochs  3\n\nmetrics\n  test:accuracy  0.75\n');
    expect(JSON.parse((await cli('describe', 'good', '--json')).out)).toMatchObject({ TrainingJobName: 'good', TrainingJobStatus: 'Completed' });

    await launch(server, bucket, 'bad', 'echo before; echo the reason >&2; exit 3');
    const failed = await cli('logs', 'bad', '--follow');
    expect(failed).toMatchObject({ code: 1, out: 'before\nthe reason\n' });
    expect(failed.err).toMatch(/\nbad: Failed: AlgorithmError/);
  }));

  test('say what is wrong with what they are given', () => inAppFolder(async ({ folder, write, local }) => {
    expect(await runCli(folder, ['logs', 'x', '--local'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no local AWS runs in') });
    write({ App: thingStack({ Name: 'one' }) });
    await local('deploy');
    const complaint = async (...args: string[]) => (await runCli(folder, [...args, '--local'])).err;
    expect(await complaint('logs', 'x')).toContain('Requested resource not found');
    expect(await complaint('logs', 'App/Nothing')).toContain('App has no training job Nothing; it has none');
    expect(await complaint('logs', 'x', '--since', 'yesterday')).toContain('--since must be a time or a length like 10m, got yesterday');
    expect(await complaint('logs', 'x', '--tail', '0')).toContain('--tail must be a whole number from 1 on, got 0');
    expect(await complaint('describe', 'arn:aws:sagemaker:us-east-1:123456789012:model/x')).toContain('is not the ARN of a training job');
  }));
});
