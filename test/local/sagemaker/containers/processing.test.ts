import { CONTRACT_IMAGE, saidIn } from '../../support/contract-image';
import { describeWithContainers, engineSays, withContainers, type ContainerBench } from '../../support/containers';
import { ROLE, until } from '../../support/sagemaker-bench';

jest.setTimeout(120_000);

const input = (InputName: string, LocalPath: string, more: object = {}) => ({ InputName, S3Input: { S3Uri: 's3://data/train', LocalPath, S3DataType: 'S3Prefix', S3InputMode: 'File', ...more } });
const output = (OutputName: string, LocalPath: string, S3UploadMode = 'EndOfJob') => ({ OutputName, S3Output: { S3Uri: `s3://out/${OutputName}`, LocalPath, S3UploadMode } });

async function process({ bench, image }: ContainerBench, name: string, script: string, overrides: Record<string, unknown> = {}, count = 1): Promise<Record<string, unknown>> {
  const { ProcessingInputs: inputs = [], ...others } = overrides;
  await bench.s3.put('data', `scripts/${name}/run.py`, script);
  await bench.call('CreateProcessingJob', {
    ProcessingJobName: name, RoleArn: ROLE,
    ProcessingInputs: [{ InputName: 'script', S3Input: { S3Uri: `s3://data/scripts/${name}/`, LocalPath: '/opt/ml/processing/script', S3DataType: 'S3Prefix', S3InputMode: 'File' } }, ...inputs as object[]],
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: count, VolumeSizeInGB: 1 } },
    AppSpecification: { ImageUri: image('contract', CONTRACT_IMAGE) }, ...others,
  });
  return until(() => bench.call('DescribeProcessingJob', { ProcessingJobName: name }), (job) => /Completed|Failed|Stopped/.test(job.ProcessingJobStatus as string), 60);
}

const said = async ({ bench }: ContainerBench, name: string) => saidIn(await bench.logEvents('ProcessingJobs', `${name}/`));
const keys = async ({ bench }: ContainerBench, prefix: string) => (await bench.s3.list('out', prefix)).map(({ key }) => key);

describeWithContainers('a processing job in a container', () => {
  test('runs the image\'s own program on its inputs, and leaves outputs and a message', () => withContainers(async (place) => {
    const job = await process(place, 'whole', `
say({"files": text("/opt/ml/processing/in/a.txt"), "config": json.loads(text("/opt/ml/config/resourceconfig.json"))["hosts"], "job": json.loads(text("/opt/ml/config/processingjobconfig.json"))["ProcessingJobArn"]})
say({"environment": sorted(name for name in os.environ if name.startswith("AWS") or name.endswith("_URL"))})
write("/opt/ml/processing/out/sub/x", "x"); write("/opt/ml/output/message", "one left")`, {
      ProcessingInputs: [input('in', '/opt/ml/processing/in')], ProcessingOutputConfig: { Outputs: [output('end', '/opt/ml/processing/out')] },
    });
    expect(job).toMatchObject({ ProcessingJobStatus: 'Completed', ExitMessage: 'one left' });
    expect(await said(place, 'whole')).toEqual([
      { files: 'alpha', config: ['algo-1'], job: 'arn:aws:sagemaker:us-east-1:123456789012:processing-job/whole' },
      { environment: ['AWS_ACCESS_KEY_ID', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL_S3', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY', 'S3_ENDPOINT_URL'] },
    ]);
    expect(await keys(place, 'end/')).toEqual(['end/sub/x']);
  }));

  test('runs the entry point and the arguments of the request as they are', () => withContainers(async (place) => {
    const job = await process(place, 'own', '', { AppSpecification: { ImageUri: 'localhost/cdk-sagemaker-test', ContainerEntrypoint: ['sh', '-c', 'echo "{\\"got\\": \\"$1\\"}"', '-'], ContainerArguments: ['/opt/ml/processing/a b'] } });
    expect(job).toMatchObject({ ProcessingJobStatus: 'Completed' });
    expect(await said(place, 'own')).toEqual([{ got: '/opt/ml/processing/a b' }]);
  }));

  test('uploads continuously what is to be uploaded so, and nothing else of a job that fails', () => withContainers(async (place) => {
    const { bench, containers } = place;
    const job = process(place, 'broken', `
write("/opt/ml/processing/always/1", "one"); write("/opt/ml/processing/end/1", "one")
while not os.path.exists("/opt/ml/output/go"): time.sleep(0.05)
raise ValueError("no such thing")`, { ProcessingOutputConfig: { Outputs: [output('always', '/opt/ml/processing/always', 'Continuous'), output('end', '/opt/ml/processing/end')] } });
    await until(() => bench.s3.exists('out', 'always/1'), (is) => is);
    engineSays('exec', engineSays('ps', '--quiet', '--filter', `label=${containers.label}`), 'touch', '/opt/ml/output/go');
    expect((await job).FailureReason).toMatch(/^AlgorithmError: Traceback [^]*ValueError: no such thing, exit code: 1$/);
    expect(await keys(place, 'end/')).toEqual([]);
  }));

  test('has hosts that each process their share', () => withContainers(async (place) => {
    for (const name of ['b', 'c']) { await place.bench.s3.put('data', `train/${name}.txt`, name); }
    const job = await process(place, 'many', `
for name in os.listdir("/opt/ml/processing/in"): write("/opt/ml/processing/out/" + name, socket.gethostname())
say({"of": socket.gethostname(), "reaches": socket.gethostbyname("algo-2").startswith("10.217.")})`, {
      NetworkConfig: { EnableNetworkIsolation: true },
      ProcessingInputs: [input('in', '/opt/ml/processing/in', { S3DataDistributionType: 'ShardedByS3Key' })], ProcessingOutputConfig: { Outputs: [output('end', '/opt/ml/processing/out')] },
    }, 2);
    expect(job).toMatchObject({ ProcessingJobStatus: 'Completed' });
    expect((await said(place, 'many')).sort((a, b) => ((a.of as string) < (b.of as string) ? -1 : 1))).toEqual([{ of: 'algo-1', reaches: true }, { of: 'algo-2', reaches: true }]);
    const contents = await Promise.all((await keys(place, 'end/')).map(async (key) => [key, (await place.bench.s3.get('out', key)).toString()]));
    expect(Object.fromEntries(contents)).toEqual({ 'end/a.txt': 'algo-1', 'end/b.txt': 'algo-2', 'end/c.txt': 'algo-1' });
  }));

  test('is stopped by its time limit', () => withContainers(async (place) => {
    const job = await process(place, 'limited', 'signal.signal(signal.SIGTERM, signal.SIG_DFL); time.sleep(600)', { StoppingCondition: { MaxRuntimeInSeconds: 2 } });
    expect(job.ProcessingJobStatus).toBe('Stopped');
  }));
});
