import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageStore } from '../../../lib/local/images/image-store';
import { processesWith } from '../support/processes';
import { IMAGE, ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

type Answer = Record<string, any>;
let bench: SageMakerBench;
beforeAll(async () => { bench = await SageMakerBench.open(); });
afterAll(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
  expect(processesWith(bench.folder)).toEqual([]);
});

const input = (InputName: string, S3Uri: string, LocalPath: string, more: Answer = {}) => ({ InputName, S3Input: { S3Uri, LocalPath, S3DataType: 'S3Prefix', S3InputMode: 'File', ...more } });
const output = (OutputName: string, S3Uri: string, LocalPath: string, S3UploadMode = 'EndOfJob') => ({ OutputName, S3Output: { S3Uri, LocalPath, S3UploadMode } });

/** Runs a script that arrives as the input `code`, on the input `data`, with the output `result`. */
async function request(name: string, script: string, more: Answer = {}): Promise<Answer> {
  await bench.s3.put('data', `${name}/code/process.py`, script);
  return {
    ProcessingJobName: name,
    RoleArn: ROLE,
    AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/process.py'], ContainerArguments: ['--out', '/opt/ml/processing/output', '--data=/opt/ml/processing/input/data'] },
    ProcessingInputs: [input('code', `s3://data/${name}/code`, '/opt/ml/processing/input/code'), input('data', 's3://data/train/', '/opt/ml/processing/input/data')],
    ProcessingOutputConfig: { Outputs: [output('result', `s3://out/${name}/result`, '/opt/ml/processing/output')] },
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 } },
    ...more,
  };
}

const describeJob = (name: string): Promise<Answer> => bench.call('DescribeProcessingJob', { ProcessingJobName: name });
const ended = (name: string) => until(() => describeJob(name), (job) => /Completed|Failed|Stopped/.test(job.ProcessingJobStatus));
async function processed(...given: Parameters<typeof request>): Promise<Answer> {
  await bench.call('CreateProcessingJob', await request(...given));
  return ended(given[0]);
}
const logOf = (name: string) => bench.logEvents('ProcessingJobs', `${name}/`);
const keys = async (prefix: string) => (await bench.s3.list('out', prefix)).map(({ key }) => key);

const COPIES = `import argparse, os
parser = argparse.ArgumentParser()
parser.add_argument("--out")
parser.add_argument("--data")
given = parser.parse_args()
os.makedirs(os.path.join(given.out, "deep"))
with open(os.path.join(given.out, "deep", "b.txt"), "w") as file:
    file.write(open(os.path.join(given.data, "a.txt")).read().upper() + os.environ.get("SUFFIX", ""))
print("done")
`;
const FOREVER = 'import time\nprint("begun", flush=True)\nwhile True: time.sleep(0.05)';

describe('a processing job', () => {
  test('runs its program on its inputs and uploads its outputs', async () => {
    const job = await processed('Whole', COPIES, { Environment: { SUFFIX: '!' }, Tags: [{ Key: 'team', Value: 'a' }] });
    expect(job).toMatchObject({
      ProcessingJobName: 'Whole', ProcessingJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:processing-job/whole', ProcessingJobStatus: 'Completed',
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 }, ProcessingStartTime: expect.any(Date), ProcessingEndTime: expect.any(Date), Environment: { SUFFIX: '!' },
    });
    expect([job.FailureReason, job.ExitMessage]).toEqual([undefined, undefined]);
    expect((await bench.s3.get('out', 'Whole/result/deep/b.txt')).toString()).toBe('ALPHA!');
    expect(await logOf('Whole')).toContain('done');
    expect(await bench.call('ListTags', { ResourceArn: job.ProcessingJobArn })).toEqual({ Tags: [{ Key: 'team', Value: 'a' }] });
  });

  test('is told what it is, and says itself what has come of it', async () => {
    const script = `import json, os
base = os.environ["SAGEMAKER_BASE_DIR"]
config = json.load(open(base + "/config/processingjobconfig.json"))
hosts = json.load(open(base + "/config/resourceconfig.json"))["hosts"]
open(base + "/output/message", "w").write(config["ProcessingJobName"] + " on " + hosts[0] + " " + os.environ["WHERE"].replace(base, "BASE"))`;
    expect((await processed('told', script, { Environment: { WHERE: '/opt/ml/processing' } })).ExitMessage).toBe('told on algo-1 BASE/processing');
  });

  test('runs what a shell reads, paths of the container being paths here', async () => {
    const AppSpecification = { ImageUri: IMAGE, ContainerEntrypoint: ['/bin/sh', '-c', 'cd /opt/ml/processing/input/data && cp a.txt "/opt/ml/processing/output/c.txt"'] };
    const job = await processed('shell', '', { AppSpecification });
    expect(job.FailureReason).toBeUndefined();
    expect(await keys('shell/')).toEqual(['shell/result/c.txt']);
  });

  test('says in its log which script names a path that is elsewhere here', async () => {
    const job = await processed('fixed', 'open("/opt/ml/processing/input/data/a.txt")');
    expect(job.FailureReason).toContain("FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/processing/input/data/a.txt'");
    expect(await logOf('fixed')).toMatch(/\/opt\/ml\/processing\/input\/code\/process\.py names \/opt\/ml, which is .*\/opt\/ml here/);
  });

  test('fails with the end of what it said, and uploads nothing but what was to be uploaded all along', async () => {
    const ProcessingOutputConfig = { Outputs: [output('result', 's3://out/broken/result', '/opt/ml/processing/output'), output('always', 's3://out/broken/always', '/opt/ml/processing/always', 'Continuous')] };
    const script = 'import os, sys\nfor name in ("output", "always"): open(os.environ["SAGEMAKER_BASE_DIR"] + "/processing/" + name + "/x", "w").close()\nraise ValueError("no such thing")';
    const job = await processed('broken', script, { ProcessingOutputConfig });
    expect(job).toMatchObject({ ProcessingJobStatus: 'Failed', FailureReason: expect.stringMatching(/^AlgorithmError: Traceback [^]*ValueError: no such thing, exit code: 1$/) });
    expect(job.FailureReason).toContain('File "/opt/ml/processing/input/code/process.py"');
    expect(await keys('broken/')).toEqual(['broken/always/x']);
  });

  test('fails when an input has no data', async () => {
    const job = await processed('empty', COPIES, { ProcessingInputs: [input('data', 's3://data/nothing/', '/opt/ml/processing/input/data')] });
    expect(job.FailureReason).toContain('No S3 objects found under S3 URL "s3://data/nothing/"');
  });

  test('stops on request, and when its time is over', async () => {
    await bench.call('CreateProcessingJob', await request('stopped', FOREVER));
    await until(() => logOf('stopped'), (log) => log.includes('begun'));
    await expect(bench.call('DeleteProcessingJob', { ProcessingJobName: 'stopped' })).rejects.toMatchObject({ name: 'ResourceInUse' });
    await bench.call('StopProcessingJob', { ProcessingJobName: 'stopped' });
    expect((await describeJob('stopped')).ProcessingJobStatus).toBe('Stopping');
    expect(await ended('stopped')).toMatchObject({ ProcessingJobStatus: 'Stopped' });
    await expect(bench.call('StopProcessingJob', { ProcessingJobName: 'stopped' })).rejects.toMatchObject({ name: 'ValidationException', message: 'The request was rejected because the processing job is in status Stopped.' });
    expect(await processed('limited', FOREVER, { StoppingCondition: { MaxRuntimeInSeconds: 1 } })).toMatchObject({ ProcessingJobStatus: 'Stopped' });
  });

  test('is isolated from credentials and endpoints when it is to be isolated', async () => {
    const script = 'import os; print("credentials", [name for name in os.environ if "ENDPOINT" in name or "ACCESS_KEY" in name])';
    await processed('open', script);
    expect(await logOf('open')).toContain('AWS_ENDPOINT_URL_S3');
    await processed('isolated', script, { NetworkConfig: { EnableNetworkIsolation: true } });
    expect(await logOf('isolated')).toContain('credentials []');
  });

  test('has a name of its own until it is deleted', async () => {
    await processed('Once', 'pass');
    await expect(processed('once', 'pass')).rejects.toMatchObject({
      name: 'ResourceInUse', message: 'Job name must be unique within an AWS account and region, and a job with this name already exists (arn:aws:sagemaker:us-east-1:123456789012:processing-job/once)',
    });
    await bench.call('DeleteProcessingJob', { ProcessingJobName: 'Once' });
    await expect(describeJob('Once')).rejects.toMatchObject({ name: 'ValidationException', message: 'Could not find requested job with name: Once' });
    await expect(bench.call('DeleteProcessingJob', { ProcessingJobName: 'Once' })).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  test('is listed', async () => {
    const listed = await bench.call('ListProcessingJobs', { NameContains: 'hole', StatusEquals: 'Completed' });
    expect(listed.ProcessingJobSummaries).toMatchObject([{ ProcessingJobName: 'Whole', ProcessingJobStatus: 'Completed', ProcessingEndTime: expect.any(Date) }]);
  });

  test('has failed after a restart, since nobody ran it meanwhile', async () => {
    await bench.call('CreateProcessingJob', await request('cut', FOREVER));
    await until(() => logOf('cut'), (log) => log.includes('begun'));
    await bench.sageMaker.close();
    bench.reopen();
    expect(await describeJob('cut')).toMatchObject({ ProcessingJobStatus: 'Failed', FailureReason: expect.stringMatching(/^InternalServerError/) });
    expect((await describeJob('Whole')).ProcessingJobStatus).toBe('Completed');
  });
});

describe('a processing job with an image of the user\'s own', () => {
  const image = (name: string, dockerfile: string) => {
    const directory = mkdtempSync(join(bench.folder, 'context-'));
    mkdirSync(join(directory, 'app'));
    writeFileSync(join(directory, 'app', 'main.py'), 'import os, sys\nprint("told", sys.argv[1:], os.environ.get("MINE"))\nopen(os.environ["SAGEMAKER_BASE_DIR"] + "/processing/output/x", "w").close()');
    writeFileSync(join(directory, 'Dockerfile'), dockerfile);
    new ImageStore(join(bench.folder, 'sagemaker', 'images')).put(name, '1', { directory });
    return `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}:1`;
  };
  const run = (name: string, dockerfile: string, more: Answer = {}) => processed(name, '', { AppSpecification: { ImageUri: image(name, dockerfile), ...more } });

  test.each<[string, string, Answer, string]>([
    ['entry', 'ENTRYPOINT ["python", "/app/main.py"]', { ContainerArguments: ['a', 'b'] }, "told ['a', 'b'] yes"],
    ['cmd', 'CMD ["python", "/app/main.py", "c"]', {}, "told ['c'] yes"],
    ['requested', 'ENTRYPOINT ["nothing"]', { ContainerEntrypoint: ['python3', '/app/main.py'] }, 'told [] yes'],
  ])('runs its %s', async (name, last, more, said) => {
    const job = await run(name, `FROM python:3.12\nENV MINE=yes\nCOPY app /app\n${last}`, more);
    expect(job.FailureReason).toBeUndefined();
    expect(await logOf(name)).toContain(said);
    expect(await keys(`${name}/`)).toEqual([`${name}/result/x`]);
  });

  test('is refused when it has nothing to run', async () => {
    await expect(run('nothing', 'FROM python:3.12')).rejects.toThrow('an image FROM python:3.12 without ENTRYPOINT or CMD of its own');
    await expect(processed('unknown', '', { AppSpecification: { ImageUri: IMAGE } })).rejects.toThrow('with neither of them needs a container');
  });
});

test.each<[string, Answer, string]>([
  ['several instances', { ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } } }, 'Not supported by the local AWS: 2 instances'],
  ['pipe mode', { ProcessingInputs: [input('a', 's3://data/a', '/opt/ml/processing/a', { S3InputMode: 'Pipe' })] }, 'S3InputMode Pipe of input a'],
  ['compression in file mode', { ProcessingInputs: [input('a', 's3://data/a', '/opt/ml/processing/a', { S3CompressionType: 'Gzip' })] }, 'requires S3InputMode Pipe'],
  ['a dataset', { ProcessingInputs: [{ InputName: 'a', DatasetDefinition: { LocalPath: '/opt/ml/processing/a' } }] }, 'DatasetDefinition of input a'],
  ['an input that the program manages', { ProcessingInputs: [{ ...input('a', 's3://data/a', '/opt/ml/processing/a'), AppManaged: true }] }, 'AppManaged of input a'],
  ['an output to the Feature Store', { ProcessingOutputConfig: { Outputs: [{ OutputName: 'o', FeatureStoreOutput: { FeatureGroupName: 'g' } }] } }, 'FeatureStoreOutput of output o'],
  ['a path elsewhere', { ProcessingInputs: [input('a', 's3://data/a', '/tmp/a')] }, 'LocalPath of input a must begin with /opt/ml/processing/'],
  ['a path out of it', { ProcessingInputs: [input('a', 's3://data/a', '/opt/ml/processing/../../a')] }, 'must begin with /opt/ml/processing/'],
  ['an input twice', { ProcessingInputs: [input('a', 's3://data/a', '/opt/ml/processing/a'), input('a', 's3://data/a', '/opt/ml/processing/b')] }, 'Duplicate input: a'],
  ['ten days', { StoppingCondition: { MaxRuntimeInSeconds: 864_000 } }, 'have value less than or equal to 777600'],
])('a processing job with %s is refused', async (_, more, message) => {
  await expect(bench.call('CreateProcessingJob', await request('refused', '', more))).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
  await expect(describeJob('refused')).rejects.toThrow('Could not find requested job');
});
