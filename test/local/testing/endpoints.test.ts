import { CreateEndpointCommand, CreateEndpointConfigCommand, CreateModelCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { Fault, LocalSageMaker } from '../../../lib/local/testing';
import { IMAGE, ROLE } from './support';

let aws: LocalSageMaker;
let client: SageMakerClient;
let runtime: SageMakerRuntimeClient;
const MODEL = "def predict_fn(data, model):\n    return {'answer': 42}\ndef model_fn(model_dir):\n    return None\n";

beforeAll(async () => {
  aws = await LocalSageMaker.start();
  client = new SageMakerClient(aws.clientConfig);
  runtime = new SageMakerRuntimeClient({ ...aws.clientConfig, maxAttempts: 1 });
  await aws.putArchive('s3://models/model.tar.gz', { 'code/inference.py': MODEL });
  await client.send(new CreateModelCommand({ ModelName: 'model', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: 's3://models/model.tar.gz' } }));
  await client.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'config', ProductionVariants: [{ VariantName: 'all', ModelName: 'model', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }] }));
  await client.send(new CreateEndpointCommand({ EndpointName: 'served', EndpointConfigName: 'config' }));
  expect(await aws.waitForEndpoint('served')).toMatchObject({ status: 'InService' });
});
afterAll(async () => {
  client.destroy();
  runtime.destroy();
  await aws.stop();
});
beforeEach(() => aws.clear());

const ask = async () => Buffer.from((await runtime.send(new InvokeEndpointCommand({ EndpointName: 'served', ContentType: 'application/json', Body: Buffer.from('{}') }))).Body).toString();

describe('A fault of an endpoint', () => {
  test('is a model that answers with an error', async () => {
    aws.inject(Fault.modelError({ endpoint: 'served', status: 503, message: 'overloaded' }));
    await expect(ask()).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 503, OriginalMessage: 'overloaded', $metadata: { httpStatusCode: 424 } });
    expect(await ask()).toBe('{"answer": 42}');
  });

  test('is a model that answers late', async () => {
    aws.inject(Fault.slowEndpoint({ endpoint: '*', by: { milliseconds: 200 } }));
    const began = performance.now();
    expect(await ask()).toBe('{"answer": 42}');
    expect(performance.now() - began).toBeGreaterThanOrEqual(199);
  });

  test('is a runtime that throttles', async () => {
    aws.inject(Fault.throttle({ operation: 'InvokeEndpoint' }));
    await expect(ask()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    expect(await ask()).toBe('{"answer": 42}');
  });

  test('is that there are no instances for it', async () => {
    aws.inject(Fault.noCapacity({ endpoint: 'late' }));
    await client.send(new CreateEndpointCommand({ EndpointName: 'late', EndpointConfigName: 'config' }));
    expect(await aws.waitForEndpoint('late')).toEqual({
      name: 'late', status: 'Failed', failureReason: 'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. Please retry using a different ML instance type.',
    });
  });
});
