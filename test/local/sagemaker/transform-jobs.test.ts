import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ImageStore } from '../../../lib/local/images/image-store';
import { processesWith } from '../support/processes';
import { IMAGE, ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

jest.setTimeout(60_000);

type Answer = Record<string, any>;
let bench: SageMakerBench;
beforeAll(async () => {
  bench = await SageMakerBench.open();
  await model('sums', SUMS, { KEPT: 'model', LAID: 'model' });
});
afterAll(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
  expect(processesWith(bench.folder)).toEqual([]);
});

/** Answers each line of CSV with the sum of its numbers; says what it was sent. */
const SUMS = `
import os, sys, time
def model_fn(model_dir):
    print("variables", sorted("%s=%s" % item for item in os.environ.items() if item[0].startswith("SAGEMAKER_BA") or item[0].startswith("SAGEMAKER_MAX") or item[0] in ("KEPT", "LAID")))
    return None
attempts = {}
def transform_fn(model, data, content_type, accept):
    text = data if isinstance(data, str) else data.decode()
    sys.stdout.write("sent %r %s %s\\n" % (text[:60], content_type, accept))
    if "slow" in text:
        time.sleep(600)
    if "exit" in text:
        os._exit(7)
    if "once" in text:
        attempts[text] = attempts.get(text, 0) + 1
        if attempts[text] == 1:
            raise RuntimeError("try again")
        return "recovered", accept
    return "\\n".join(str(sum(float(cell) for cell in line.split(","))) for line in text.splitlines()), accept
`;

async function model(name: string, inference: string, Environment: Answer = {}): Promise<void> {
  const ModelDataUrl = await bench.archive(`${name}/model.tar.gz`, { 'code/inference.py': inference });
  await bench.call('CreateModel', { ModelName: name, ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl, Environment } });
}

interface Given {
  readonly objects?: Readonly<Record<string, string | Buffer>>;
  readonly input?: Answer;
  readonly output?: Answer;
  readonly more?: Answer;
}

/** The objects are below `<name>/in/`, the results below `<name>`. */
async function create(name: string, { objects = {}, input = {}, output = {}, more = {} }: Given): Promise<Answer> {
  for (const [key, content] of Object.entries(objects)) { await bench.s3.put('data', `${name}/in/${key}`, content); }
  return bench.call('CreateTransformJob', {
    TransformJobName: name,
    ModelName: 'sums',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://data/${name}/in/` } }, ContentType: 'text/csv', ...input },
    TransformOutput: { S3OutputPath: `s3://out/${name}`, Accept: 'text/csv', ...output },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    ...more,
  });
}

const describeJob = (name: string): Promise<Answer> => bench.call('DescribeTransformJob', { TransformJobName: name });
const ended = (name: string) => until(() => describeJob(name), (job) => /Completed|Failed|Stopped/.test(job.TransformJobStatus));
async function transformed(name: string, given: Given): Promise<Answer> {
  await create(name, given);
  return ended(name);
}
const logOf = (name: string) => bench.logEvents('TransformJobs', `${name}/`);
const sentIn = async (name: string) => [...(await logOf(name)).matchAll(/^sent ('.*') text/gm)].map(([, text]) => text);
async function results(name: string): Promise<Record<string, string>> {
  const objects = await bench.s3.list('out', `${name}/`);
  return Object.fromEntries(await Promise.all(objects.map(async ({ key }) => [key.slice(name.length + 1), (await bench.s3.get('out', key)).toString()] as const)));
}

describe('a transform job', () => {
  test('sends whole objects to the model and writes its answers under their names', async () => {
    const job = await transformed('Whole', { objects: { 'a.csv': '1,2\n3,4\n', 'deep/b.csv': '5,6\n' }, more: { Tags: [{ Key: 'team', Value: 'a' }] } });
    expect(job).toMatchObject({
      TransformJobName: 'Whole', TransformJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:transform-job/whole', TransformJobStatus: 'Completed', ModelName: 'sums',
      TransformInput: { SplitType: 'None', CompressionType: 'None' }, TransformOutput: { AssembleWith: 'None' }, TransformStartTime: expect.any(Date), TransformEndTime: expect.any(Date),
    });
    expect(await results('Whole')).toEqual({ 'a.csv.out': '3.0\n7.0', 'deep/b.csv.out': '11.0' });
    expect(await sentIn('Whole')).toEqual(["'1,2\\n3,4\\n'", "'5,6\\n'"]);
    expect(await logOf('Whole')).toContain('[sagemaker logs]: MaxConcurrentTransforms=1, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD');
    expect(await bench.call('ListTags', { ResourceArn: job.TransformJobArn })).toEqual({ Tags: [{ Key: 'team', Value: 'a' }] });
  });

  test('tells the container how it is asked, under the variables of the model and of the job', async () => {
    await transformed('told', { objects: { 'a.csv': '1' }, more: { Environment: { LAID: 'job' }, MaxPayloadInMB: 1, BatchStrategy: 'SingleRecord', MaxConcurrentTransforms: 2 } });
    expect(await logOf('told')).toContain("variables ['KEPT=model', 'LAID=job', 'SAGEMAKER_BASE_DIR=");
    for (const variable of ['SAGEMAKER_BATCH=True', 'SAGEMAKER_BATCH_STRATEGY=SINGLE_RECORD', 'SAGEMAKER_MAX_CONCURRENT_TRANSFORMS=2', 'SAGEMAKER_MAX_PAYLOAD_IN_MB=1']) { expect(await logOf('told')).toContain(`'${variable}'`); }
    await transformed('told-less', { objects: { 'a.csv': '1' } });
    expect(await logOf('told-less')).toContain("'SAGEMAKER_BATCH=True', 'SAGEMAKER_MAX_CONCURRENT_TRANSFORMS=1']");
  });

  test('sends lines together or one by one, and ends each answer with a newline when it is to', async () => {
    const objects = { 'a.csv': '1,2\n3,4\n5' };
    await transformed('together', { objects, input: { SplitType: 'Line' }, output: { AssembleWith: 'Line' } });
    expect([await sentIn('together'), await results('together')]).toEqual([["'1,2\\n3,4\\n5'"], { 'a.csv.out': '3.0\n7.0\n5.0\n' }]);
    await transformed('apart', { objects, input: { SplitType: 'Line' }, output: { AssembleWith: 'Line' }, more: { BatchStrategy: 'SingleRecord', MaxConcurrentTransforms: 3 } });
    expect((await sentIn('apart')).sort()).toEqual(["'1,2\\n'", "'3,4\\n'", "'5'"]);
    expect(await results('apart')).toEqual({ 'a.csv.out': '3.0\n7.0\n5.0\n' });
  });

  test('keeps a request within the payload', async () => {
    const line = `${'1'.repeat(400_001)}\n`.replaceAll('11', '1,');
    await transformed('payload', { objects: { 'a.csv': line.repeat(4) }, input: { SplitType: 'Line' }, more: { MaxPayloadInMB: 1 } });
    expect(await sentIn('payload')).toHaveLength(2);
    const job = await transformed('too-large', { objects: { 'a.csv': line.repeat(4) }, more: { MaxPayloadInMB: 1 } });
    expect(job).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: expect.stringMatching(/^ClientError: See job logs for more information\. s3:\/\/data\/too-large\/in\/a\.csv: Too much data for max payload size/) });
  });

  test('filters what it sends and joins it with the answer', async () => {
    await transformed('joined', {
      objects: { 'a.csv': 'id1,1,2\nid2,3,4\n' }, input: { SplitType: 'Line' }, output: { AssembleWith: 'Line' },
      more: { DataProcessing: { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' } },
    });
    expect([await sentIn('joined'), await results('joined')]).toEqual([["'1,2\\n3,4'"], { 'a.csv.out': 'id1,3.0\nid2,7.0\n' }]);
  });

  test('reads compressed objects, and the objects of a manifest', async () => {
    await transformed('gzip', { objects: { 'a.csv.gz': gzipSync('1,2') }, input: { CompressionType: 'Gzip' } });
    expect(await results('gzip')).toEqual({ 'a.csv.gz.out': '3.0' });
    expect((await transformed('no-gzip', { objects: { 'a.csv': '1,2' }, input: { CompressionType: 'Gzip' } })).FailureReason).toMatch(/^ClientError: .*Unable to decompress/);
    await bench.s3.put('data', 'some.manifest', JSON.stringify([{ prefix: 's3://data/Whole/in/' }, 'deep/b.csv']));
    await transformed('manifest', { input: { DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://data/some.manifest' } } } });
    expect(await results('manifest')).toEqual({ 'deep/b.csv.out': '11.0' });
  });

  test('fails with what the model says, and stores the answers for the other objects', async () => {
    const job = await transformed('part', { objects: { 'a.csv': '1,2', 'b.csv': 'x,y', 'c.csv': '3' }, more: { ModelClientConfig: { InvocationsMaxRetries: 0 } } });
    expect(job).toMatchObject({ TransformJobStatus: 'Failed' });
    expect(job.FailureReason).toMatch(/^AlgorithmError: See job logs for more information\. s3:\/\/data\/part\/in\/b\.csv: Bad HTTP status received from algorithm: 500\n[^]*could not convert string to float/);
    expect(await results('part')).toEqual({ 'a.csv.out': '3.0', 'c.csv.out': '3.0' });
    expect(await logOf('part')).toContain('[sagemaker logs]: data/part/in/b.csv: Bad HTTP status received from algorithm: 500');
  });

  test('asks again when the model could not answer, and gives up in time', async () => {
    await transformed('again', { objects: { 'a.csv': 'once' } });
    expect([await sentIn('again'), await results('again')]).toEqual([["'once'", "'once'"], { 'a.csv.out': 'recovered' }]);
    const job = await transformed('slow', { objects: { 'a.csv': 'slow' }, more: { ModelClientConfig: { InvocationsTimeoutInSeconds: 1, InvocationsMaxRetries: 1 } } });
    expect(job.FailureReason).toMatch(/^AlgorithmError: .*timed out/);
    expect(await sentIn('slow')).toHaveLength(2);
  });

  test('fails when the model ends, does not load, or there is nothing to transform', async () => {
    expect((await transformed('ends', { objects: { 'a.csv': 'exit' } })).FailureReason).toMatch(/^AlgorithmError: See job logs/);
    await model('broken', 'raise RuntimeError("can not load this")');
    expect((await transformed('broken', { objects: { 'a.csv': '1' }, more: { ModelName: 'broken' } })).FailureReason)
      .toMatch(/^AlgorithmError: The primary container for transform job broken did not pass the ping health check\. Traceback [^]*RuntimeError: can not load this$/);
    await bench.call('CreateModel', { ModelName: 'gone', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: 's3://data/gone.tar.gz' } });
    expect((await transformed('gone', { objects: { 'a.csv': '1' }, more: { ModelName: 'gone' } })).FailureReason).toMatch(/^ClientError: Failed to download model data/);
    expect((await transformed('nothing', {})).FailureReason).toContain('No S3 objects found under S3 URL "s3://data/nothing/in/"');
  });

  test('stops on request and stores nothing; it can not be deleted', async () => {
    await create('stopped', { objects: { 'a.csv': '1', 'b.csv': 'slow' } });
    await until(() => sentIn('stopped'), ({ length }) => length === 2);
    await bench.call('StopTransformJob', { TransformJobName: 'stopped' });
    expect((await describeJob('stopped')).TransformJobStatus).toBe('Stopping');
    expect((await ended('stopped')).TransformJobStatus).toBe('Stopped');
    expect(await results('stopped')).toEqual({});
    await expect(bench.call('StopTransformJob', { TransformJobName: 'stopped' })).rejects.toMatchObject({ name: 'ValidationException', message: 'The request was rejected because the transform job is in status Stopped.' });
    await expect(bench.call('DeleteTransformJob', { TransformJobName: 'stopped' })).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  test('has a name of its own for ever, and is listed', async () => {
    await expect(create('whole', {})).rejects.toMatchObject({
      name: 'ResourceInUse', message: 'Job name must be unique within an AWS account and region, and a job with this name already exists (arn:aws:sagemaker:us-east-1:123456789012:transform-job/whole)',
    });
    await expect(describeJob('nobody')).rejects.toMatchObject({ name: 'ValidationException', message: 'Could not find requested job with name: nobody' });
    const { TransformJobSummaries: listed } = await bench.call('ListTransformJobs', { StatusEquals: 'Failed', NameContains: 'part' });
    expect(listed).toMatchObject([{ TransformJobName: 'part', TransformJobStatus: 'Failed', FailureReason: expect.stringContaining('AlgorithmError') }]);
  });

  test('asks the image\'s own server as that wants to be asked', async () => {
    const directory = mkdtempSync(join(bench.folder, 'context-'));
    writeFileSync(join(directory, 'Dockerfile'), 'FROM python:3.12\nENV PATH="/opt/program:${PATH}"\nWORKDIR /opt/program\nCOPY serve .');
    writeFileSync(join(directory, 'serve'), `#!/usr/bin/env python3
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(json.dumps({"MaxConcurrentTransforms": 2, "BatchStrategy": "SINGLE_RECORD", "MaxPayloadInMB": 3}) if self.path == "/execution-parameters" else "")
    def do_POST(self):
        self.answer("<" + self.rfile.read(int(self.headers["Content-Length"])).decode().strip() + ">")
    def answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())
ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
`);
    chmodSync(join(directory, 'serve'), 0o755);
    new ImageStore(join(bench.folder, 'sagemaker', 'images')).put('own', '1', { directory });
    await bench.call('CreateModel', { ModelName: 'own', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1' } });
    const job = await transformed('own', { objects: { 'a.csv': '1\n2\n' }, input: { SplitType: 'Line' }, more: { ModelName: 'own' } });
    expect(job.FailureReason).toBeUndefined();
    expect(await results('own')).toEqual({ 'a.csv.out': '<1><2>' });
    expect(await logOf('own')).toContain('MaxConcurrentTransforms=2, MaxPayloadInMB=3, BatchStrategy=SINGLE_RECORD');
  });

  test('has failed after a restart, since nobody ran it meanwhile', async () => {
    await create('cut', { objects: { 'a.csv': 'slow' } });
    await until(() => sentIn('cut'), ({ length }) => length === 1);
    await bench.sageMaker.close();
    bench.reopen();
    expect(await describeJob('cut')).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: expect.stringMatching(/^InternalServerError/) });
    expect((await describeJob('Whole')).TransformJobStatus).toBe('Completed');
  });
});

test.each<[string, Given, string]>([
  ['a model that is not there', { more: { ModelName: 'nobody' } }, 'Could not find model "arn:aws:sagemaker:us-east-1:123456789012:model/nobody".'],
  ['RecordIO', { input: { SplitType: 'RecordIO' } }, 'Not supported by the local AWS: SplitType RecordIO'],
  ['TFRecord', { input: { SplitType: 'TFRecord' } }, 'Not supported by the local AWS: SplitType TFRecord'],
  ['an augmented manifest', { input: { DataSource: { S3DataSource: { S3DataType: 'AugmentedManifestFile', S3Uri: 's3://data/a' } } } }, 'S3DataType of TransformInput must be S3Prefix or ManifestFile'],
  ['more than 100 MB under way', { more: { MaxPayloadInMB: 51, MaxConcurrentTransforms: 2 } }, 'MaxConcurrentTransforms * MaxPayloadInMB must be at most 100'],
  ['data capture', { more: { DataCaptureConfig: { DestinationS3Uri: 's3://out/captured' } } }, 'Not supported by the local AWS: DataCaptureConfig'],
  ['a filter that is no path', { more: { DataProcessing: { InputFilter: '$..x' } } }, 'Invalid filter in DataProcessing: $..x'],
  ['a filter of images', { input: { ContentType: 'image/png' }, more: { DataProcessing: { InputFilter: '$[1:]' } } }, 'DataProcessing requires ContentType text/csv, application/json or application/jsonlines, got image/png.'],
  ['a join of lines with what is not assembled', { input: { SplitType: 'Line' }, more: { DataProcessing: { JoinSource: 'Input' } } }, 'SplitType and AssembleWith are the same'],
  ['a strategy that nobody knows', { more: { BatchStrategy: 'Some' } }, 'Member must satisfy enum value set: [MultiRecord, SingleRecord]'],
])('a transform job with %s is refused', async (_, given, message) => {
  await expect(create('refused', given)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
  await expect(describeJob('refused')).rejects.toThrow('Could not find requested job');
});
