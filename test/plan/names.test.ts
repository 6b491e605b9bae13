import { Size, type Stack } from 'aws-cdk-lib/core';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Algorithm, Capacity, ContainerImage, Endpoint, EndpointConfig, Hyperparameters, Model, ModelData, TrainingJob, Variant, type ModelProps } from '../../lib';
import { assemblySide } from '../../lib/plan/assembly-side';
import { planOf } from '../../lib/plan/plan-of';
import { IMAGE, PlanBench } from './support';

jest.setTimeout(120_000);

let bench: PlanBench;
beforeAll(async () => { bench = await PlanBench.open(); });
afterAll(() => bench.close());

interface Options { readonly id?: string; readonly modelName?: string; readonly environment?: ModelProps['environment']; readonly configName?: string; readonly memory?: number; readonly parameter?: string }

/** A serverless endpoint of that name. */
const stack = ({ id = 'E', modelName, environment, configName, memory = 2048, parameter = 'P' }: Options = {}) => bench.stack((scope: Stack) => {
  const model = new Model(scope, 'M', { image: ContainerImage.fromUri(IMAGE), modelData: ModelData.fromBucket(Bucket.fromBucketName(scope, 'Models', 'models'), 'a.tar.gz'), modelName, environment });
  const config = new EndpointConfig(scope, 'Config', { variants: { A: Variant.serverless(model, { memorySize: Size.mebibytes(memory) }) }, endpointConfigName: configName });
  new Endpoint(scope, id, { config, endpointName: 'Digits-1' });
  new StringParameter(scope, parameter, { parameterName: '/digits/x', stringValue: '1' });
});
const BASE = { modelName: 'digits-model', configName: 'digits-config' };

test.each([
  ['an endpoint under another logical id', { id: 'F' }, "Digits/F/Serverless can't be made: its name Digits-1 is taken by Digits/E/Serverless, which goes after it. Give it another one"],
  ['a model that is replaced', { environment: { A: '1' } }, "Digits/M can't be made: its name digits-model is taken by what it is to replace. Give it another one"],
  ['a configuration that is replaced', { memory: 3072 }, "Digits/Config can't be made: its name digits-config is taken by what it is to replace. Give it another one"],
  ['an SSM parameter under another logical id', { parameter: 'Q' }, "Digits/Q can't be made: its name /digits/x is taken by Digits/P, which goes after it. Give it another one"],
  ['one without a name of its own', { modelName: undefined, environment: { A: '1' }, configName: undefined, memory: 3072 }, undefined],
  ['another name', { modelName: 'digits-model-2', configName: 'digits-config-2' }, undefined],
])('a name that the stack has is taken until all else is done: %s', async (_, change, fails) => {
  const base = stack(BASE);
  const head = stack({ ...BASE, ...change });
  expect((await planOf(head, assemblySide(base))).fails).toBe(fails);
});

test('as the deployment finds out', async () => {
  const train = (id: string, rate: number) => bench.stack((scope) => {
    const job = new TrainingJob(scope, 'Train', { algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), hyperparameters: Hyperparameters.of({ rate }) });
    const model = new Model(scope, 'M', { image: ContainerImage.fromUri(IMAGE), modelData: job.modelData, modelName: 'fixed' });
    const after = new TrainingJob(scope, id, { algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }) });
    after.node.addDependency(model);
  }, 'Named');
  expect((await bench.plan(train('After', 1))).fails).toBeUndefined();
  await bench.deploy(train('After', 1));
  const head = train('Later', 2);
  const { fails, jobs } = await bench.plan(head);
  expect(fails).toBe("Named/M can't be made: its name fixed is taken by what it is to replace. Give it another one: jobs that run before that are paid for, and rolled back");
  expect(jobs.map(({ logicalId, verdict, reason }) => [logicalId.replace(/[0-9A-F]{8}$/, ''), verdict, reason])).toEqual([
    ['Train', 'retrains', undefined], ['Later', 'blocked', 'not reached: Named/M fails'], ['After', 'blocked', 'not reached: Named/M fails'],
  ]);
  await expect(bench.deploy(head)).rejects.toThrow('Cannot create already existing model');
  expect((await bench.aws.deploy(train('After', 1).folder, 'Named').then(() => bench.plan(train('After', 1)))).jobs.every(({ verdict }) => verdict === 'unchanged')).toBe(true);
});
