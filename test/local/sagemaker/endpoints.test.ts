import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { processesWith } from '../support/processes';
import { IMAGE, ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

let bench: SageMakerBench;
beforeAll(async () => {
  bench = await SageMakerBench.open();
  await bench.modelSaying('one', 'one');
  await bench.modelSaying('two', 'two');
  await bench.modelSaying('bad', 'bad', 'raise RuntimeError("can not load this")');
});
afterAll(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
  expect(servers()).toEqual([]);
});

/** Model servers of this test that are still there. */
const servers = (...texts: string[]) => processesWith('serve.py', bench.folder, ...texts);

async function endpoint(name: string, config: string): Promise<Record<string, unknown>> {
  await bench.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: config });
  return bench.endpointAtRest(name);
}

describe('an endpoint', () => {
  test('writes a log that CloudWatch Logs has after its end too', async () => {
    await bench.modelSaying('talking', 'x', 'def model_fn(model_dir):\n    print("loaded", flush=True)\n    return 1\ndef predict_fn(data, model):\n    return data\n');
    await endpoint('Talks', 'talking');
    await bench.call('DeleteEndpoint', { EndpointName: 'Talks' });
    await until(() => bench.call('ListEndpoints', { NameContains: 'Talks' }), ({ Endpoints }) => (Endpoints as object[]).length === 0);
    const events = await bench.sageMaker.logs.call('FilterLogEvents', { logGroupName: '/aws/sagemaker/Endpoints/Talks' });
    expect(events.events).toContainEqual(expect.objectContaining({ logStreamName: expect.stringMatching(/^talking\/i-0[0-9a-f]{16}$/), message: 'loaded' }));
  });

  test('loads the model and answers', async () => {
    await bench.call('CreateEndpoint', { EndpointName: 'First', EndpointConfigName: 'one' });
    expect(await bench.call('DescribeEndpoint', { EndpointName: 'First' })).toMatchObject({ EndpointStatus: 'Creating' });
    expect(await bench.endpointAtRest('First')).toMatchObject({
      EndpointName: 'First',
      EndpointArn: 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/first',
      EndpointConfigName: 'one',
      EndpointStatus: 'InService',
      ProductionVariants: [{ VariantName: 'one', CurrentWeight: 1, DesiredInstanceCount: 1, DeployedImages: [{ SpecifiedImage: IMAGE }] }],
    });
    expect(JSON.parse(await bench.ask('First', '{"a":1}'))).toEqual({ text: 'one', data: { a: 1 } });
  });

  test('has a name that differs from others in more than case, and is invoked by that very name', async () => {
    await expect(bench.call('CreateEndpoint', { EndpointName: 'first', EndpointConfigName: 'one' })).rejects.toMatchObject({
      name: 'ValidationException', message: 'Cannot create already existing endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/first".',
    });
    await expect(bench.ask('first')).rejects.toMatchObject({ name: 'ValidationError', message: 'Endpoint first of account 123456789012 not found.' });
  });

  test('reports an error of the model with its status and its last lines', async () => {
    await expect(bench.ask('First', '{"fail": true}')).rejects.toMatchObject({
      name: 'ModelError',
      status: 424,
      message: expect.stringMatching(/^Received server error \(500\) from primary with message "[^]*RuntimeError: asked to fail/),
      details: { OriginalStatusCode: 500, OriginalMessage: expect.stringContaining('asked to fail') },
    });
    await expect(bench.ask('First', 'no json')).rejects.toMatchObject({ name: 'ModelError', details: { OriginalStatusCode: 400 } });
    await expect(bench.sageMaker.invoke('First', { body: Buffer.from('{}'), accept: 'image/png' })).rejects.toMatchObject({ name: 'ModelError', details: { OriginalStatusCode: 415 } });
  });

  test('starts its model server again when that has died', async () => {
    await endpoint('dies', 'one');
    const [server] = servers('/dies/');
    process.kill((server as { pid: number }).pid, 'SIGKILL');
    await until(async () => servers('/dies/'), (left) => left.length === 0);
    await new Promise((resolve) => setTimeout(resolve, 200));            // its sockets go a little later
    const answers = await Promise.all([bench.ask('dies'), bench.ask('dies')]);
    expect(answers.map((answer) => (JSON.parse(answer) as { text: string }).text)).toEqual(['one', 'one']);
    expect(servers('/dies/')).toHaveLength(1);
  });

  test('fails with the last lines of a script that does not load', async () => {
    const failed = await endpoint('unloadable', 'bad');
    expect(failed).toMatchObject({ EndpointStatus: 'Failed' });
    expect(failed.FailureReason).toMatch(/^The primary container for production variant bad did not pass the ping health check\. Traceback [^]*RuntimeError: can not load this$/);
    await expect(bench.ask('unloadable')).rejects.toMatchObject({ name: 'ValidationError' });
    await bench.call('DeleteEndpoint', { EndpointName: 'unloadable' });
  });

  test('fails when the artifact is missing, and when there is no inference script', async () => {
    const model = (name: string, url: string) => bench.call('CreateModel', { ModelName: name, ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: url } });
    await model('gone', 's3://data/gone/model.tar.gz');
    await bench.config('gone', { gone: 1 });
    expect((await endpoint('gone', 'gone')).FailureReason).toContain('Failed to download model data from URL: "s3://data/gone/model.tar.gz"');
    await model('scriptless', await bench.archive('scriptless.tar.gz', { 'text.txt': 'x' }));
    await bench.config('scriptless', { scriptless: 1 });
    expect((await endpoint('scriptless', 'scriptless')).FailureReason).toContain('has no inference script code/inference.py');
  });

  test('takes its script from an archive of its own, as the scikit-learn image does', async () => {
    const source = await bench.archive('sourcedir.tar.gz', { 'deep/serving.py': 'import json\ndef model_fn(d): return open(d + "/text.txt").read()\ndef transform_fn(model, body, content_type, accept): return json.dumps([model, body]), "application/x-mine"' });
    await bench.call('CreateModel', {
      ModelName: 'own', ExecutionRoleArn: ROLE,
      PrimaryContainer: { Image: IMAGE, ModelDataUrl: await bench.archive('own.tar.gz', { 'text.txt': 'own' }), Environment: { SAGEMAKER_PROGRAM: 'deep/serving.py', SAGEMAKER_SUBMIT_DIRECTORY: source } },
    });
    await bench.config('own', { own: 1 });
    await endpoint('own', 'own');
    const answer = await bench.sageMaker.invoke('own', { body: Buffer.from('[1]'), contentType: 'application/json' });
    expect([answer.contentType, answer.body.toString(), answer.variant]).toEqual(['application/x-mine', '["own", "[1]"]', 'own']);
  });

  test('reads and writes JSON and CSV for a script that only loads a model', async () => {
    await bench.modelSaying('sums', '', 'class Sums:\n    def predict(self, rows): return [float(sum(row)) for row in rows]\ndef model_fn(d): return Sums()');
    await endpoint('sums', 'sums');
    expect(await bench.ask('sums', '[[1, 2], [3, 4]]')).toBe('[3.0, 7.0]');
    const csv = await bench.sageMaker.invoke('sums', { body: Buffer.from('1,2\n3,4\n'), contentType: 'text/csv; charset=utf-8', accept: 'text/csv' });
    expect([csv.contentType, csv.body.toString()]).toEqual(['text/csv', '3.0\n7.0\n']);
    await expect(bench.sageMaker.invoke('sums', { body: Buffer.from('x'), contentType: 'image/png' })).rejects.toMatchObject({ details: { OriginalStatusCode: 415 } });
  });

  test('serves an uncompressed model', async () => {
    await bench.s3.put('data', 'flat/text.txt', 'flat');
    await bench.s3.put('data', 'flat/code/inference.py', 'def model_fn(d): return open(d + "/text.txt").read()\ndef predict_fn(data, model): return [model]\ndef input_fn(b, t): return b');
    await bench.call('CreateModel', {
      ModelName: 'flat', ExecutionRoleArn: ROLE,
      PrimaryContainer: { Image: IMAGE, ModelDataSource: { S3DataSource: { S3Uri: 's3://data/flat/', S3DataType: 'S3Prefix', CompressionType: 'None' } } },
    });
    await bench.config('flat', { flat: 1 });
    await endpoint('flat', 'flat');
    expect(await bench.ask('flat')).toBe('["flat"]');
  });

  test('divides requests by weight; a weight of 0 gets none; a target variant is honoured', async () => {
    await bench.config('shared', { one: 3, two: 1, own: 0 });
    await endpoint('shared', 'shared');
    const count = async () => {
      const answers: Record<string, number> = {};
      for (let i = 0; i < 8; i++) {
        const { variant } = await bench.sageMaker.invoke('shared', { body: Buffer.from('{}') });
        answers[variant] = (answers[variant] ?? 0) + 1;
      }
      return answers;
    };
    expect(await count()).toEqual({ one: 6, two: 2 });
    expect(JSON.parse(await bench.ask('shared', '{}', 'own'))[0]).toBe('own');
    await expect(bench.ask('shared', '{}', 'nobody')).rejects.toMatchObject({ name: 'ValidationError', message: 'Variant nobody not found for endpoint shared.' });
    await bench.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'shared', DesiredWeightsAndCapacities: [{ VariantName: 'one', DesiredWeight: 0 }] });
    expect(await count()).toEqual({ two: 8 });
  });

  test('is updated without a request lost', async () => {
    await endpoint('moving', 'one');
    const answers = new Set<string>();
    let going = true;
    const asking = Promise.all([1, 2].map(async () => {
      while (going) { answers.add((JSON.parse(await bench.ask('moving')) as { text: string }).text); }
    }));
    await bench.call('UpdateEndpoint', { EndpointName: 'moving', EndpointConfigName: 'two' });
    expect(await bench.call('DescribeEndpoint', { EndpointName: 'moving' })).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'one', PendingDeploymentSummary: { EndpointConfigName: 'two' } });
    for (const operation of ['UpdateEndpoint', 'DeleteEndpoint']) {
      await expect(bench.call(operation, { EndpointName: 'moving', ...operation === 'UpdateEndpoint' && { EndpointConfigName: 'one' } })).rejects.toThrow('Cannot update in-progress endpoint');
    }
    expect(await bench.endpointAtRest('moving')).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    await bench.ask('moving');
    going = false;
    await asking;
    expect([...answers]).toEqual(['one', 'two']);
    await until(async () => servers('/moving/'), (left) => left.length === 1);
  });

  test('serves on with the old configuration when the new one does not load', async () => {
    await endpoint('steady', 'one');
    await bench.call('UpdateEndpoint', { EndpointName: 'steady', EndpointConfigName: 'bad' });
    const after = await bench.endpointAtRest('steady');
    expect(after).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'one', FailureReason: expect.stringContaining('can not load this') });
    expect(JSON.parse(await bench.ask('steady'))).toMatchObject({ text: 'one' });
  });

  test('is gone when it has been deleted, and so is its process', async () => {
    await endpoint('leaving', 'one');
    await bench.call('DeleteEndpoint', { EndpointName: 'leaving' });
    await until(() => bench.call('DescribeEndpoint', { EndpointName: 'leaving' }).then(() => '', (error: Error) => error.message), (message) => message.startsWith('Could not find endpoint "arn'));
    expect(servers('/leaving/')).toEqual([]);
    expect(readdirSync(join(bench.folder, 'sagemaker', 'endpoints'))).not.toContain('leaving');
  });
});
