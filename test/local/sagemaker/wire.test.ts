import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AddTagsCommand, CreateEndpointCommand, CreateHyperParameterTuningJobCommand, CreateModelCommand, CreateProcessingJobCommand, CreateTrainingJobCommand, CreateTransformJobCommand,
  DeleteTagsCommand, DescribeEndpointCommand, DescribeHyperParameterTuningJobCommand, DescribeProcessingJobCommand, DescribeTrainingJobCommand, DescribeTransformJobCommand,
  ListAutoMLJobsCommand, ListTagsCommand, ListTrainingJobsCommand, ListTrainingJobsForHyperParameterTuningJobCommand, SageMakerClient, StopTrainingJobCommand,
  type CreateHyperParameterTuningJobCommandInput, type CreateTrainingJobCommandInput,
} from '@aws-sdk/client-sagemaker';
import { sageMakerListener } from '../../../lib/local/sagemaker/listener';
import { IMAGE, ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

let bench: SageMakerBench;
let client: SageMakerClient;
const server = createServer((request, response) => {
  if (!sageMakerListener(bench.sageMaker)(request, response)) { response.writeHead(404).end(); }
});

beforeAll(async () => {
  bench = await SageMakerBench.open();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  client = new SageMakerClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await bench.close();
});

async function post(path: string, headers: Record<string, string>, body = '{}'): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const outgoing = httpRequest({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, method: 'POST', path, headers });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response') as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) { chunks.push(chunk as Buffer); }
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks).toString() };
}

describe('the local SageMaker on the wire, called by the SDK', () => {
  test('takes a training job through its life', async () => {
    const request = await bench.trainingRequest('wired', 'print("fine")', { Tags: [{ Key: 'a', Value: '1' }] }) as unknown as CreateTrainingJobCommandInput;
    const { TrainingJobArn } = await client.send(new CreateTrainingJobCommand(request));
    await bench.jobEnd('wired');
    const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'wired' }));
    expect(job.TrainingJobStatus).toBe('Completed');
    expect(Math.abs((job.CreationTime as Date).getTime() - Date.now())).toBeLessThan(60_000);
    expect(job.HyperParameters).toEqual(request.HyperParameters);
    await client.send(new AddTagsCommand({ ResourceArn: TrainingJobArn, Tags: [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '' }] }));
    await client.send(new DeleteTagsCommand({ ResourceArn: TrainingJobArn, TagKeys: ['nobody'] }));
    expect((await client.send(new ListTagsCommand({ ResourceArn: TrainingJobArn }))).Tags).toEqual([{ Key: 'a', Value: '2' }, { Key: 'b', Value: '' }]);
    const listed = await client.send(new ListTrainingJobsCommand({ NameContains: 'WIRED', CreationTimeAfter: new Date(Date.now() - 60_000) }));
    expect(listed.TrainingJobSummaries?.map((each) => each.TrainingJobName)).toEqual(['wired']);
    expect((await client.send(new ListTrainingJobsCommand({ CreationTimeAfter: new Date(Date.now() + 60_000) }))).TrainingJobSummaries).toEqual([]);
  });

  test('takes a tuning job through its life', async () => {
    const { TrainingJobName: _name, HyperParameters, InputDataConfig, ...definition } = await bench.trainingRequest('tuned', 'import os; print("score=" + os.environ["SM_HP_X"])');
    const request = {
      HyperParameterTuningJobName: 'tuned',
      HyperParameterTuningJobConfig: {
        Strategy: 'Random', RandomSeed: 1, ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
        HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'score' }, ParameterRanges: { IntegerParameterRanges: [{ Name: 'x', MinValue: '1', MaxValue: '1000' }] },
      },
      TrainingJobDefinition: {
        ...definition, StaticHyperParameters: HyperParameters, InputDataConfig,
        AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'score', Regex: 'score=([0-9]+)' }] },
      },
    };
    await client.send(new CreateHyperParameterTuningJobCommand(request as unknown as CreateHyperParameterTuningJobCommandInput));
    const job = await until(() => client.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'tuned' })), ({ HyperParameterTuningJobStatus: status }) => status !== 'InProgress');
    expect(job).toMatchObject({ HyperParameterTuningJobStatus: 'Completed', BestTrainingJob: { ObjectiveStatus: 'Succeeded', TrainingEndTime: expect.any(Date) }, TrainingJobStatusCounters: { Completed: 2 } });
    const { TrainingJobSummaries: children = [] } = await client.send(new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'tuned', SortBy: 'FinalObjectiveMetricValue' }));
    expect(children.map(({ TrainingJobName: name }) => name)[0]).toBe(job.BestTrainingJob?.TrainingJobName);
  });

  test('takes processing and transform jobs through theirs', async () => {
    await client.send(new CreateProcessingJobCommand({
      ProcessingJobName: 'processed', RoleArn: ROLE, AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['python3', '-c', 'print("fine")'] },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
    }));
    await bench.s3.put('data', 'some.json', '{"a":1}');
    await bench.modelSaying('transforms', 'said');
    await client.send(new CreateTransformJobCommand({
      TransformJobName: 'transformed', ModelName: 'transforms', TransformResources: { InstanceCount: 1, InstanceType: 'ml.m5.large' }, TransformOutput: { S3OutputPath: 's3://out/transformed' },
      TransformInput: { ContentType: 'application/json', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/some.json' } } },
    }));
    const { ProcessingJobStatus } = await until(() => client.send(new DescribeProcessingJobCommand({ ProcessingJobName: 'processed' })), (job) => job.ProcessingJobStatus !== 'InProgress');
    const { TransformJobStatus } = await until(() => client.send(new DescribeTransformJobCommand({ TransformJobName: 'transformed' })), (job) => job.TransformJobStatus !== 'InProgress');
    expect([ProcessingJobStatus, TransformJobStatus]).toEqual(['Completed', 'Completed']);
    expect(JSON.parse((await bench.s3.get('out', 'transformed/some.json.out')).toString())).toEqual({ text: 'said', data: { a: 1 } });
  });

  test('throws the exceptions of SageMaker', async () => {
    const request = await bench.trainingRequest('wired', '') as unknown as CreateTrainingJobCommandInput;
    await expect(client.send(new CreateTrainingJobCommand(request))).rejects.toMatchObject({ name: 'ResourceInUse', $metadata: { httpStatusCode: 400 } });
    await expect(client.send(new StopTrainingJobCommand({ TrainingJobName: 'wired' }))).rejects.toMatchObject({ name: 'ValidationException', message: 'The request was rejected because the training job is in status Completed.' });
    await expect(client.send(new CreateModelCommand({ ModelName: 'a_b' }))).rejects.toMatchObject({
      name: 'ValidationException', message: expect.stringMatching(/^1 validation error detected: Value 'a_b' at 'modelName' failed to satisfy constraint: Member must satisfy regular expression pattern: /),
    });
    await expect(client.send(new DescribeEndpointCommand({ EndpointName: 'none' }))).rejects.toMatchObject({ message: 'Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/none".' });
  });

  test('names an operation that it does not know, and does not pretend', async () => {
    await expect(client.send(new ListAutoMLJobsCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException', message: expect.stringContaining('ListAutoMLJobs'), $metadata: { httpStatusCode: 400 } });
    expect((await post('/', { 'X-Amz-Target': 'SageMaker.constructor' })).body).toContain('UnknownOperationException');
  });

  test('answers invocations and their errors as the runtime API does', async () => {
    await bench.modelSaying('said', 'said');
    await client.send(new CreateEndpointCommand({ EndpointName: 'Wired', EndpointConfigName: 'said' }));
    await bench.endpointAtRest('Wired');
    const json = { 'Content-Type': 'application/json', 'Accept': 'application/json' };
    expect(await post('/endpoints/Wired/invocations', json, '{"a":1}')).toMatchObject({ status: 200, body: '{"text": "said", "data": {"a": 1}}', headers: { 'content-type': 'application/json', 'x-amzn-invoked-production-variant': 'said' } });
    expect((await post('/endpoints/Wired/invocations', { ...json, 'X-Amzn-SageMaker-Target-Variant': 'said' })).status).toBe(200);
    const failed = await post('/endpoints/Wired/invocations', json, '{"fail":true}');
    expect(failed).toMatchObject({ status: 424, headers: { 'x-amzn-errortype': 'ModelError' } });
    expect(JSON.parse(failed.body)).toMatchObject({ OriginalStatusCode: 500, OriginalMessage: expect.stringContaining('asked to fail'), Message: expect.stringContaining('Received server error (500)') });
    expect(await post('/endpoints/none/invocations', json)).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'ValidationError' }, body: '{"Message":"Endpoint none of account 123456789012 not found."}' });
  });

  test('answers only to names of this machine', async () => {
    expect(await post('/', { 'Host': 'evil.example', 'X-Amz-Target': 'SageMaker.ListModels' })).toMatchObject({ status: 403 });
    expect(await post('/endpoints/Wired/invocations', { Host: 'evil.example' })).toMatchObject({ status: 403 });
  });

  test('rejects what is no JSON', async () => {
    expect(await post('/', { 'X-Amz-Target': 'SageMaker.ListModels' }, '[')).toMatchObject({ status: 400, body: expect.stringContaining('SerializationException') });
  });
});
