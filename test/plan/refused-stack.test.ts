import { CfnResource, NestedStack } from 'aws-cdk-lib/core';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { totalsOf } from '../../lib/plan/totals';
import { Algorithm, Capacity, ContainerImage, TrainingJob } from '../../lib';
import { IMAGE, PlanBench } from './support';

jest.setTimeout(120_000);

let bench: PlanBench;
beforeAll(async () => { bench = await PlanBench.open(); });
afterAll(() => bench.close());

const deploy = (stack: Parameters<PlanBench['deploy']>[0]) => bench.deploy(stack).then(() => undefined, ({ message }: Error) => message);

test('what the local AWS refuses before it begins is refused, with its words', async () => {
  const nested = bench.stack((stack) => {
    new TrainingJob(new NestedStack(stack, 'Inner'), 'Train', { algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }) });
  }, 'Nested');
  const plan = await bench.plan(nested);
  expect(plan.refused).toMatch(/^Not supported by the local AWS: AWS::CloudFormation::Stack \(Inner\w+\)$/);
  expect(await deploy(nested)).toContain(plan.refused);
  expect(totalsOf({ stacks: [plan] }).jobs).toMatchObject({ launched: 0, mayLaunch: 0, hours: 0 });

  const other = bench.stack((stack) => new CfnResource(stack, 'Thing', { type: 'AWS::Nowhere::Thing' }), 'Other');
  expect((await bench.plan(other)).refused).toBe('Not supported by the local AWS: AWS::Nowhere::Thing (Thing)');
});

test('a resource can\'t have another type', async () => {
  await bench.deploy(bench.stack((stack) => { (new Bucket(stack, 'A').node.defaultChild as CfnResource).overrideLogicalId('Thing'); }, 'Types'));
  const changed = bench.stack((stack) => new CfnResource(stack, 'Thing', { type: 'AWS::SQS::Queue' }), 'Types');
  const { refused } = await bench.plan(changed);
  expect(refused).toContain('Update of resource type is not permitted');
  expect(await deploy(changed)).toContain(refused);
});
