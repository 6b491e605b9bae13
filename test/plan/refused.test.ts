import { CfnParameter, NestedStack, Size, type Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, ContainerImage, DataSource, Hyperparameters, Metric, ObjectiveType, QualityGate, TrainingJob, type TrainingJobProps } from '../../lib';
import type { AssemblyStack } from '../../lib/local/assembly';
import { follow } from '../../lib/local/cli/follow';
import { Output } from '../../lib/local/cli/output';
import { Server } from '../../lib/local/cli/server';
import { isSuccess } from '../../lib/local/cloudformation/stack-record';
import { localSide } from '../../lib/plan/local-side';
import { planOf } from '../../lib/plan/plan-of';
import { IMAGE, PlanBench } from './support';

let bench: PlanBench;
beforeAll(async () => { bench = await PlanBench.open(); }, 120_000);
afterAll(() => bench.close());

interface Deployment { readonly parameters?: { readonly [name: string]: string }; readonly rollback?: boolean }

/** What a plan says of the jobs, and what the deployment then does. */
async function planned(stack: AssemblyStack, { parameters = {}, rollback = true }: Deployment = {}) {
  const { jobs } = await planOf({ ...stack, parameters: { ...stack.parameters, ...parameters } }, localSide(bench.aws.folder, stack.stackName));
  const before = bench.aws.calls('CreateTrainingJob').length;
  const server = await Server.running(bench.aws.folder) as Server;
  const begun = await server.command('deploy', { assembly: stack.folder, id: stack.id, parameters, rollback });
  const { status, events } = await follow(server, begun as Parameters<typeof follow>[1], stack.paths, new Output(true));
  return {
    verdicts: Object.fromEntries(jobs.map(({ path, verdict }) => [path.split('/').pop(), verdict])), reasons: jobs.flatMap(({ reason }) => reason ?? []),
    launched: bench.aws.calls('CreateTrainingJob').length - before, isDeployed: isSuccess(status), failures: events.flatMap(({ reason }) => reason ?? []).join('\n'),
  };
}

const train = (stack: Stack, id: string, props: Partial<TrainingJobProps> = {}) => new TrainingJob(stack, id, {
  algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), metrics: [Metric.regex('accuracy', 'a=([0-9.]+)')], ...props,
});
const after = (stack: Stack, id: string, job: TrainingJob, props: Partial<TrainingJobProps> = {}) => train(stack, id, { inputs: { model: DataSource.fromModelData(job.modelData) }, ...props });
const epochs = (count: number) => ({ hyperparameters: Hyperparameters.of({ epochs: count }) });

test('a job that has failed fails again where its outcome is asked for again, and nothing that needs it is reached', async () => {
  const app = () => bench.stack((stack) => { after(stack, 'B', train(stack, 'A')); }, 'Left');
  bench.aws.script('left-a-*', bench.Outcome.fails('AlgorithmError: no'));
  expect(await planned(app(), { rollback: false })).toMatchObject({ verdicts: { A: 'launches', B: 'launches' }, launched: 1, isDeployed: false });
  const again = await planned(app(), { rollback: false });
  expect(again).toMatchObject({ verdicts: { A: 'fails', B: 'blocked' }, launched: 0, isDeployed: false });
  expect(again.reasons).toEqual([expect.stringMatching(/^training job left-a-\w+ ended as Failed: AlgorithmError: no\. .*another `revision`/), 'not reached: Left/A fails']);
  expect(again.failures).toContain(String(again.reasons[0]).split('. CloudFormation')[0]);
}, 120_000);

test('a request that the handler refuses fails, with its words', async () => {
  const app = () => bench.stack((stack) => {
    const volume = new CfnParameter(stack, 'Volume', { type: 'Number', default: 30 });
    after(stack, 'B', train(stack, 'A', { capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeSize: Size.gibibytes(volume.valueAsNumber) }) }));
  }, 'Sizes');
  expect(await planned(app(), { parameters: { Volume: '0' } })).toMatchObject({ verdicts: { A: 'fails', B: 'blocked' }, launched: 0, isDeployed: false });
  expect(await planned(app())).toMatchObject({ verdicts: { A: 'launches', B: 'launches' }, launched: 2, isDeployed: true });
  const none = await planned(app(), { parameters: { Volume: '0' } });
  expect(none).toMatchObject({ verdicts: { A: 'fails', B: 'blocked' }, launched: 0, isDeployed: false });
  expect(none.reasons[0]).toBe('Request.ResourceConfig.VolumeSizeInGB: must be a whole number between 1 and 65536 GiB, got 0');
  expect(none.failures).toContain(none.reasons[0]);
}, 120_000);

test('what needs a job that is to be adopted and is not there is not reached', async () => {
  const app = () => bench.stack((stack) => {
    const job = train(stack, 'A', { adopt: { name: 'nothing-there' } });
    after(stack, 'C', after(stack, 'B', job));
    train(stack, 'D').node.addDependency(job);
  }, 'Adopts');
  expect(await planned(app())).toMatchObject({ verdicts: { A: 'fails', B: 'blocked', C: 'blocked', D: 'blocked' }, launched: 0, isDeployed: false });
}, 120_000);

test('a quality gate that a job is known to miss fails, also when it is deployed again', async () => {
  const app = (gate: QualityGate, count = 1) => bench.stack((stack) => { after(stack, 'B', train(stack, 'A', { qualityGate: gate, ...epochs(count) }), epochs(count)); }, 'Gated');
  expect(await planned(app(QualityGate.atLeast('accuracy', 0.5)))).toMatchObject({ launched: 2, isDeployed: true });
  const missed = await planned(app(QualityGate.atLeast('accuracy', 0.95)));
  expect(missed).toMatchObject({ verdicts: { A: 'fails', B: 'unchanged' }, launched: 0, isDeployed: false });
  expect(missed.reasons[0]).toContain('misses the quality gate: accuracy is 0.9, and must be at least 0.95');
  expect(await planned(app(QualityGate.atLeast('accuracy', 0.95), 2))).toMatchObject({ verdicts: { A: 'retrains', B: 'retrains' }, launched: 1, isDeployed: false });
  expect(await planned(app(QualityGate.atLeast('accuracy', 0.95), 2))).toMatchObject({ verdicts: { A: 'fails', B: 'blocked' }, launched: 0, isDeployed: false });
  expect(await planned(app(QualityGate.atLeast('accuracy', 0.5), 2))).toMatchObject({ verdicts: { A: 'adopts', B: 'retrains' }, launched: 1, isDeployed: true });
  bench.aws.script('gated-a-*', bench.Outcome.completesAfter(0, { metrics: { accuracy: 0.8 } }));
  const near = (by: number) => QualityGate.notWorseThanBefore('accuracy', { goal: ObjectiveType.MAXIMIZE, by });
  expect(await planned(app(near(0.05), 3))).toMatchObject({ verdicts: { A: 'retrains' }, launched: 1, isDeployed: false });
  expect(await planned(app(near(0.05), 3))).toMatchObject({ verdicts: { A: 'fails', B: 'blocked' }, launched: 0, isDeployed: false });
  expect(await planned(app(near(0.2), 3))).toMatchObject({ verdicts: { A: 'adopts', B: 'retrains' }, launched: 1, isDeployed: true });
}, 240_000);

test('what fails in a nested stack keeps from being reached what needs the stack, and what fails before it all that is in it', async () => {
  const app = (isOuter: boolean) => bench.stack((stack) => {
    const volume = new CfnParameter(stack, 'Volume', { type: 'Number', default: 30 });
    const inner = new NestedStack(stack, 'Inner');
    const sized = (id: string, parent: Stack) => train(parent, id, { capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeSize: Size.gibibytes(volume.valueAsNumber) }) });
    if (isOuter) { inner.node.addDependency(sized('A', stack)); } else { train(stack, 'After').node.addDependency(inner); }
    sized('B', inner);
    train(inner, 'C');
  }, 'Nested');
  const verdicts = async (isOuter: boolean) => {
    const { jobs } = await planOf({ ...app(isOuter), parameters: { Volume: '0' } }, undefined);
    return Object.fromEntries(jobs.map(({ path, verdict }) => [path.split('/').pop(), verdict]));
  };
  expect(await verdicts(false)).toEqual({ B: 'fails', C: 'launches', After: 'blocked' });
  expect(await verdicts(true)).toEqual({ A: 'fails', B: 'blocked', C: 'blocked' });
});
