import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Algorithm, Capacity, ContainerImage, Hyperparameters, TrainingJob } from '../../lib';
import { IMAGE, PlanBench } from './support';

jest.setTimeout(120_000);

let bench: PlanBench;
beforeAll(async () => { bench = await PlanBench.open(); });
afterAll(() => bench.close());

/** Jobs that read by itself what a parameter of the same stack has: one before it in the template, one after. */
const stack = (value: string, waits: boolean, description?: string) => bench.stack((scope) => {
  const train = (id: string) => new TrainingJob(scope, id, {
    algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), hyperparameters: Hyperparameters.of({ rate: '{{resolve:ssm:/digits/rate}}' }),
  });
  const before = train('Before');
  const parameter = new StringParameter(scope, 'Parameter', { parameterName: '/digits/rate', stringValue: value, description });
  for (const job of [before, train('After')]) { if (waits) { job.node.addDependency(parameter); } }
});
const verdicts = async (wanted: ReturnType<typeof stack>) => (await bench.plan(wanted)).jobs.map(({ verdict, newJob, hangsOn: [what] }) => ({ verdict, newJob, what }));

test('a dynamic reference to a parameter that the stack changes has what it will be', async () => {
  await bench.deploy(stack('1', true));
  const plan = await verdicts(stack('2', true));
  expect(plan.map(({ verdict }) => verdict)).toEqual(['retrains', 'retrains']);
  expect(await bench.deploy(stack('2', true))).toEqual(plan.map(({ newJob }) => newJob).sort());
  expect((await verdicts(stack('2', true, 'Another description'))).map(({ verdict }) => verdict)).toEqual(['unchanged', 'unchanged']);
  // Nobody knows which of them is first.
  expect(await verdicts(stack('3', false))).toEqual(Array.from({ length: 2 }, () => ({ verdict: 'unknown', newJob: undefined, what: 'the SSM parameter /digits/rate, which Digits/Parameter changes meanwhile' })));
});
