import { Duration, type Stack } from 'aws-cdk-lib/core';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Algorithm, Capacity, ContainerImage, DataSource, Hyperparameters, TrainingJob } from '../../lib';
import { clientsFor } from '../../lib/operate/clients';
import { AwsAccount } from '../../lib/plan/aws-account';
import { planOf } from '../../lib/plan/plan-of';
import { IMAGE, PlanBench } from './support';

jest.setTimeout(120_000);

let bench: PlanBench;
const before = { ...process.env };
beforeAll(async () => {
  bench = await PlanBench.open();
  Object.assign(process.env, bench.aws.environment);
}, 120_000);
afterAll(async () => {
  process.env = before;
  await bench.close();
});

const app = (epochs: number, more: object = {}) => (stack: Stack) => {
  const job = new TrainingJob(stack, 'Train', {
    algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), hyperparameters: Hyperparameters.of({ epochs }),
    inputs: { train: DataSource.fromBucket(new Bucket(stack, 'Data'), 'train/') }, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), maxRuntime: Duration.hours(1), ...more,
  });
  new TrainingJob(stack, 'Next', {
    algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), hyperparameters: Hyperparameters.of({ parent: job.modelArtifacts }),
    capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge' }), maxRuntime: Duration.hours(2),
  });
};

test('CloudFormation on the wire says of a stack what the files of the local AWS say: the same plan', async () => {
  await bench.deploy(bench.stack(app(1)));
  const account = await AwsAccount.of({}, clientsFor({ localEndpoint: bench.aws.endpoint }));
  try {
    for (const [edit, verdicts] of [[app(1), ['unchanged', 'unchanged']], [app(2), ['retrains', 'retrains']], [app(1, { maxRuntime: Duration.hours(3) }), ['unchanged', 'unchanged']]] as const) {
      const stack = bench.stack(edit);
      const { comparedWith, ...plan } = await planOf(stack, await account.side('Digits', stack.paths));
      const { comparedWith: _local, ...expected } = await bench.plan(stack);
      expect(comparedWith).toBe('123456789012/us-east-1');
      expect(plan).toEqual(expected);
      expect(plan.jobs.map(({ verdict }) => verdict)).toEqual(verdicts);
    }
    const hours = (await planOf(bench.stack(app(2)), await account.side('Digits'))).jobs.map(({ usage }) => usage?.hours);
    expect(hours).toEqual([1, 2]);
  } finally {
    account.close();
  }
});
