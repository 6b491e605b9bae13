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

describe('cdk-sagemaker logs and describe, of the local AWS of a deployment', () => {
  test('show a job while it runs and after its end, and how it ended by their exit code', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    const deployed = await local('deploy');
    const bucket = /BucketName = (\S+)/.exec(deployed.out)![1]!;
    const server = readServerInfo(join(folder, '.cdk-sagemaker')) as ServerInfo;
    expect(deployed.err).toContain(`AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://127.0.0.1:${server.apiPort} `);
    const cli = (...args: string[]) => runCli(folder, [...args, '--local']);

    await launch(server, bucket, 'good', 'echo first; sleep 1; echo accuracy=0.25; echo accuracy=0.75');
    const followed = await cli('logs', 'good', '--follow');
    expect(followed).toMatchObject({ code: 0, out: 'first\naccuracy=0.25\naccuracy=0.75\n' });
    expect(followed.err).toMatch(/^\S+ \S+ Starting - Preparing the instances for training\n[^]*Training[^]*\ntest:accuracy {2}0\.75 {2}0\.25 {2}0\.75 {2}2\nTraining seconds: \d+\nBillable seconds: \d+\nCompleted\n$/);
    expect(await cli('logs', 'good', '--tail', '1')).toMatchObject({ code: 0, out: 'accuracy=0.75\n' });
    expect((await cli('describe', 'good')).out).toContain('\nhyperparameters  epochs  3\nmetrics          test:accuracy  0.75\n');

    await launch(server, bucket, 'bad', 'echo before; echo the reason >&2; exit 3');
    const failed = await cli('logs', 'bad', '--follow');
    expect(failed.code).toBe(1);
    expect(failed.out.trim().split('\n').sort()).toEqual(['before', 'the reason']);
    expect(failed.err).toMatch(/\nFailed: AlgorithmError: [^]*the reason[^]*exit code: 3\n$/);
  }));
});
