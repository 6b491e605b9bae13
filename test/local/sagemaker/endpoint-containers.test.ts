import { IMAGE, ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

/** Adds its text to what it gets, and says in which type it got it and what answer was asked for. */
const ADDING = `
import os
def model_fn(model_dir):
    with open(os.path.join(model_dir, "text.txt")) as file:
        return file.read()
def transform_fn(model, body, content_type, accept):
    if body == "fail " + model:
        raise RuntimeError("asked to fail")
    return "%s > %s(%s, %s)" % (body if isinstance(body, str) else body.decode(), model, content_type, accept), "application/x-" + model
`;

let bench: SageMakerBench;
beforeAll(async () => {
  bench = await SageMakerBench.open();
  await bench.modelSaying('one', 'one');
  await bench.modelSaying('two', 'two');
});
afterAll(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
});

const container = async (text: string, more: object = {}, script = ADDING) => ({ Image: IMAGE, ModelDataUrl: await bench.archive(`${text}/model.tar.gz`, { 'text.txt': text, 'code/inference.py': script }), ...more });
const createModel = (ModelName: string, more: object) => bench.call('CreateModel', { ModelName, ExecutionRoleArn: ROLE, ...more });

async function createConfig(name: string, model: string, more: object = {}): Promise<void> {
  await bench.call('CreateEndpointConfig', { EndpointConfigName: name, ProductionVariants: [{ VariantName: 'live', ModelName: model, InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }], ...more });
}

/** An endpoint at rest, with a model and a configuration of the same name. */
async function endpoint(name: string, model: string, more: object = {}): Promise<Record<string, unknown>> {
  await createConfig(name, model, more);
  await bench.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name });
  return bench.endpointAtRest(name);
}

const objects = async (prefix: string) => Promise.all((await bench.s3.list('out', prefix)).map(async ({ key }) => ({ key, text: (await bench.s3.get('out', key)).toString() })));

describe('a model of several containers', () => {
  test('is asked container by container, each with the answer of the one before', async () => {
    await createModel('serial', { Containers: [await container('a'), await container('b', { Environment: { SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: 'text/b' } }), await container('c')] });
    expect(await endpoint('serial', 'serial')).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ DeployedImages: [{}, {}, {}] }] });
    const answer = await bench.sageMaker.invoke('serial', { body: Buffer.from('x'), contentType: 'text/csv', accept: 'text/plain' });
    expect(answer.body.toString()).toBe('x > a(text/csv, application/json) > b(application/x-a, text/b) > c(application/x-b, text/plain)');
    expect(answer.contentType).toBe('application/x-c');
    expect((await bench.logEvents('Endpoints/serial', 'live/')).length).toBeGreaterThan(0);
  });

  test('answers with the error of the first that fails, and names it', async () => {
    await expect(bench.sageMaker.invoke('serial', { body: Buffer.from('fail a'), contentType: 'text/csv' })).rejects.toMatchObject({
      name: 'ModelError', message: expect.stringMatching(/^Received server error \(500\) from container-1 with message/), details: { OriginalStatusCode: 500 },
    });
    await createModel('half', { Containers: [await container('a'), await container('broken', { ContainerHostname: 'second' }, 'raise RuntimeError("no")')] });
    expect((await endpoint('half', 'half')).FailureReason).toMatch(/^The second container for production variant live did not pass the ping health check\. .*RuntimeError: no$/s);
  });

  test('is asked directly for the container that is named', async () => {
    await createModel('direct', {
      InferenceExecutionConfig: { Mode: 'Direct' }, Containers: [await container('a', { ContainerHostname: 'first' }), await container('b', { ContainerHostname: 'second' })],
    });
    await endpoint('direct', 'direct');
    const ask = (targetContainer?: string) => bench.sageMaker.invoke('direct', { body: Buffer.from('x'), contentType: 'text/csv', accept: 'text/plain', targetContainer }).then(({ body }) => body.toString());
    expect([await ask('second'), await ask('first')]).toEqual(['x > b(text/csv, text/plain)', 'x > a(text/csv, text/plain)']);
    await expect(ask()).rejects.toThrow('TargetContainerHostname must be specified');
    await expect(ask('third')).rejects.toThrow('Container third not found; containers: first, second.');
    await expect(createModel('nameless', { InferenceExecutionConfig: { Mode: 'Direct' }, Containers: [await container('a'), await container('b')] })).rejects.toThrow('ContainerHostname is required');
  });

  test('transforms a batch', async () => {
    await bench.s3.put('data', 'rows/a.csv', 'x');
    await bench.call('CreateTransformJob', {
      TransformJobName: 'serial', ModelName: 'serial', TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/rows/' } }, ContentType: 'text/csv' },
      TransformOutput: { S3OutputPath: 's3://out/rows/' }, TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    });
    expect(await until(() => bench.call('DescribeTransformJob', { TransformJobName: 'serial' }), ({ TransformJobStatus }) => TransformJobStatus !== 'InProgress')).toMatchObject({ TransformJobStatus: 'Completed' });
    expect((await bench.s3.get('out', 'rows/a.csv.out')).toString()).toMatch(/^x > a\(text\/csv, .*\) > b\(.*\) > c\(/);
  });
});

describe('a multi-model container', () => {
  test('loads an artifact when it is first asked for', async () => {
    await createModel('many', { PrimaryContainer: { Image: IMAGE, Mode: 'MultiModel', ModelDataUrl: 's3://data/' } });
    await endpoint('many', 'many');
    const ask = (targetModel?: string) => bench.sageMaker.invoke('many', { body: Buffer.from('{}'), contentType: 'application/json', accept: 'application/json', targetModel }).then(({ body }) => (JSON.parse(body.toString()) as { text: string }).text);
    expect([await ask('one/model.tar.gz'), await ask('two/model.tar.gz'), await ask('one/model.tar.gz')]).toEqual(['one', 'two', 'one']);
    expect((await bench.logEvents('Endpoints/many', 'live/')).match(/Loading model one\/model\.tar\.gz/g)).toHaveLength(1);
    await expect(ask()).rejects.toThrow('TargetModel must be specified');
    await expect(ask('none.tar.gz')).rejects.toMatchObject({ name: 'ModelError', message: expect.stringContaining('Failed to load model none.tar.gz') });
  });
});

describe('a shadow variant', () => {
  test('gets copies of requests by its weight; its answers go nowhere but to the log', async () => {
    await createConfig('shadowed', 'one', { ShadowProductionVariants: [{ VariantName: 'shadow', ModelName: 'two', InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 0.5 }] });
    await bench.call('CreateEndpoint', { EndpointName: 'shadowed', EndpointConfigName: 'shadowed' });
    expect(await bench.endpointAtRest('shadowed')).toMatchObject({ ProductionVariants: [{ VariantName: 'live' }], ShadowProductionVariants: [{ VariantName: 'shadow' }] });
    for (let nth = 0; nth < 4; nth++) { expect(JSON.parse(await bench.ask('shadowed'))).toMatchObject({ text: 'one' }); }
    const logged = await until(() => bench.logEvents('Endpoints/shadowed', 'shadow/shadow-requests'), (text) => text.split('\n').length === 2);
    expect(logged).toMatch(/^200 in \d+ ms, \d+ bytes\n200 in \d+ ms/);
    await expect(bench.ask('shadowed', '{}', 'shadow')).rejects.toThrow('Variant shadow not found');
  });
});

describe('data capture', () => {
  test('writes what was asked and answered, as SageMaker lays it out', async () => {
    await endpoint('captured', 'one', {
      DataCaptureConfig: {
        EnableCapture: true, InitialSamplingPercentage: 50, DestinationS3Uri: 's3://out/captured/', CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        CaptureContentTypeHeader: { JsonContentTypes: ['application/json'] },
      },
    });
    for (let nth = 0; nth < 4; nth++) { await bench.ask('captured', JSON.stringify({ nth })); }
    const written = await until(() => objects('captured/'), (all) => all.map(({ text }) => text).join('').trim().split('\n').length === 2);
    expect(written[0]?.key).toMatch(/^captured\/captured\/live\/\d{4}\/\d\d\/\d\d\/\d\d\/\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl$/);
    const records = written.flatMap(({ text }) => text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, any>));
    expect(records[0]).toEqual({
      captureData: {
        endpointInput: { observedContentType: 'application/json', mode: 'INPUT', data: '{"nth":1}', encoding: 'JSON' },
        endpointOutput: { observedContentType: 'application/json', mode: 'OUTPUT', data: '{"text": "one", "data": {"nth": 1}}', encoding: 'JSON' },
      },
      eventMetadata: { eventId: expect.any(String), inferenceTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) },
      eventVersion: '0',
    });
    expect(await bench.call('DescribeEndpoint', { EndpointName: 'captured' })).toMatchObject({ DataCaptureConfig: { EnableCapture: true, CaptureStatus: 'Started', CurrentSamplingPercentage: 50 } });
  });
});

describe('an asynchronous endpoint', () => {
  test('reads the request from S3 and writes the answer there', async () => {
    await endpoint('later', 'one', { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://out/later', S3FailurePath: 's3://out/failed/' } } });
    await bench.s3.put('data', 'request.json', '{"a":1}');
    const { outputLocation, failureLocation } = bench.sageMaker.invokeAsync('later', { inputLocation: 's3://data/request.json', contentType: 'application/json' });
    expect(outputLocation).toMatch(/^s3:\/\/out\/later\/[0-9a-f-]{36}\.out$/);
    expect(failureLocation).toMatch(/^s3:\/\/out\/failed\/[0-9a-f-]{36}-error\.out$/);
    const [written] = await until(() => objects('later/'), (all) => all.length === 1);
    expect([`s3://out/${written?.key}`, JSON.parse(written?.text ?? '')]).toEqual([outputLocation, { text: 'one', data: { a: 1 } }]);
  });

  test('writes why it has failed, and is not invoked at once', async () => {
    await bench.s3.put('data', 'fails.json', '{"fail": true}');
    bench.sageMaker.invokeAsync('later', { inputLocation: 's3://data/fails.json', contentType: 'application/json' });
    bench.sageMaker.invokeAsync('later', { inputLocation: 's3://data/gone.json', contentType: 'application/json' });
    const failures = await until(() => objects('failed/'), (all) => all.length === 2);
    expect(failures.map(({ text }) => text).filter((text) => text.startsWith('Failed to download s3://data/gone.json: '))).toHaveLength(1);
    expect(failures.map(({ text }) => text).filter((text) => text.includes('RuntimeError: asked to fail'))).toHaveLength(1);
    await expect(bench.ask('later')).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining('use InvokeEndpointAsync') });
    await expect(async () => bench.sageMaker.invokeAsync('many', { inputLocation: 's3://data/fails.json' })).rejects.toThrow('use InvokeEndpoint.');
  });
});

describe('several instances', () => {
  test('are processes of their own, two at most, and the log says so', async () => {
    await bench.modelSaying('pid', '', `import os, json\ndef model_fn(d): return 1\ndef transform_fn(model, body, content_type, accept): return json.dumps(os.getpid()), accept\n`);
    await createConfig('three', 'pid', { ProductionVariants: [{ VariantName: 'live', ModelName: 'pid', InstanceType: 'ml.m5.large', InitialInstanceCount: 3 }] });
    await bench.call('CreateEndpoint', { EndpointName: 'three', EndpointConfigName: 'three' });
    expect(await bench.endpointAtRest('three')).toMatchObject({ ProductionVariants: [{ CurrentInstanceCount: 3 }] });
    const pids: string[] = [];
    for (let nth = 0; nth < 4; nth++) { pids.push(await bench.ask('three')); }
    expect([new Set(pids).size, pids[0] === pids[2], pids[1] === pids[3]]).toEqual([2, true, true]);
    expect(await bench.logEvents('Endpoints/three', 'deployments')).toBe('The local SageMaker runs 2 processes for the 3 instances of variant live.');
  });
});

describe('what is not done here is refused by name', () => {
  const config = (more: object) => createConfig('refused', 'one', more);
  test.each([
    [{ ExplainerConfig: { ClarifyExplainerConfig: { ShapConfig: { ShapBaselineConfig: {} } } } }, 'ExplainerConfig'],
    [{ AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://out/', NotificationConfig: { SuccessTopic: 'arn:aws:sns:us-east-1:123456789012:t' } } } }, 'NotificationConfig of an AsyncInferenceConfig'],
    [{ ProductionVariants: [{ VariantName: 'v', ModelName: 'one', InstanceType: 'ml.m5.large', InitialInstanceCount: 1, CoreDumpConfig: { DestinationS3Uri: 's3://out/' } }] }, 'CoreDumpConfig of variant v'],
    [{ ProductionVariants: [{ VariantName: 'v', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }], ExecutionRoleArn: ROLE }, 'ExecutionRoleArn'],
  ])('%j', async (more, what) => {
    await expect(config(more)).rejects.toThrow(`Not supported by the local AWS: ${what}`);
  });
});
