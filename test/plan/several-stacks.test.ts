import { Stack, type App } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, ContainerImage, DataSource, Hyperparameters, TrainingJob, type TrainingJobProps } from '../../lib';
import type { AssemblyStack } from '../../lib/local/assembly';
import { AppValues } from '../../lib/plan/app-values';
import { assemblySide } from '../../lib/plan/assembly-side';
import { missedGates } from '../../lib/plan/gates';
import { localSide } from '../../lib/plan/local-side';
import { planOf } from '../../lib/plan/plan-of';
import type { StackPlan } from '../../lib/plan/plan';
import type { StackSide } from '../../lib/plan/stack-side';
import { linesOf } from '../../lib/plan/text';
import { totalsOf } from '../../lib/plan/totals';
import { IMAGE, PlanBench } from './support';

jest.setTimeout(120_000);

let bench: PlanBench;
beforeAll(async () => { bench = await PlanBench.open(); });
afterAll(() => bench.close());

const train = (stack: Stack, id: string, props: Partial<TrainingJobProps> = {}) => new TrainingJob(stack, id, {
  algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), ...props,
});

/** A job in a stack, and one in another, which may read its model. */
const two = (epochs: number, reads: boolean) => bench.synthesized((app: App) => {
  const [first, second] = ['W', 'R'].map((name) => new Stack(app, name, { env: { region: 'us-east-1' } })) as [Stack, Stack];
  const { modelData } = train(first, 'J', { hyperparameters: Hyperparameters.of({ epochs }) });
  train(second, 'Z', reads ? { inputs: { model: DataSource.fromModelData(modelData) } } : {});
}).sort((a, b) => b.stackName.localeCompare(a.stackName));

async function plans(stacks: readonly AssemblyStack[], sideOf: (stack: AssemblyStack) => StackSide = ({ stackName }) => localSide(bench.aws.folder, stackName)) {
  const app = new AppValues();
  const all: StackPlan[] = [];
  for (const stack of stacks) { all.push(await planOf(stack, sideOf(stack), app)); }
  return all;
}
const said = (all: readonly StackPlan[]) => all.map(({ path, refused, fails, jobs }) => ({ path, refused, fails, jobs: jobs.map(({ logicalId, verdict }) => `${logicalId.charAt(0)} ${verdict}`) }));

/** What the first stack launches, and why it fails. */
async function failing([first]: readonly AssemblyStack[]) {
  const before = await jobs();
  const error = await bench.aws.deploy(first!.folder, first!.id).then(() => '', ({ message }: Error) => message);
  return { error, launched: (await jobs()).filter((name) => !before.includes(name)) };
}
const jobs = async () => (await localSide(bench.aws.folder, 'W').jobNames?.('TrainingJob', '')) ?? [];

const IN_USE = /^Cannot update export W:ExportsOutputFnGetAttJOutcome\w+ as it is in use by R: jobs that run before that are paid for, and rolled back$/;
const NOT_REACHED = 'it is not reached: the deployment ends with W, which fails';

test('an export that another stack imports can\'t be another, nor go', async () => {
  const base = two(1, true);
  for (const stack of base) { await bench.deploy(stack); }

  const head = two(2, true);
  const changed = await plans(head);
  expect(said(changed)).toEqual([
    { path: 'W', fails: expect.stringMatching(IN_USE), refused: undefined, jobs: ['J retrains'] },
    { path: 'R', fails: undefined, refused: NOT_REACHED, jobs: ['Z unchanged'] },
  ]);
  const { error, launched } = await failing(head);
  expect(launched).toEqual([changed[0]?.jobs[0]?.newJob]);
  expect(error).toMatch(/^W: Cannot update export W:\S+ as it is in use by R\nW is in state UPDATE_ROLLBACK_COMPLETE$/);

  const gone = two(2, false);
  expect(said(await plans(gone))[0]).toEqual({ path: 'W', fails: expect.stringContaining('in use by R'), refused: undefined, jobs: ['J adopts'] });
  expect((await failing(gone)).error).toContain('in use by R');
  // The other way round, nobody imports it any more.
  expect(said(await plans([...gone].reverse())).map(({ fails }) => fails)).toEqual([undefined, undefined]);

  const same = two(1, true);
  expect(said(await plans(same)).map(({ fails }) => fails)).toEqual([undefined, undefined]);
  expect(said(await plans(head, (stack) => assemblySide(base.find(({ stackName }) => stackName === stack.stackName)!, base)))).toEqual(said(changed));
  expect(said(await plans(gone, (stack) => assemblySide(base.find(({ stackName }) => stackName === stack.stackName)!, base)))[0]?.fails).toContain('in use by R');
});

test('what is not reached is launched by nobody, and is within every gate', async () => {
  const job = { path: 'R/Z', logicalId: 'Z', kind: 'TrainingJob', verdict: 'launches' as const, changes: [], hangsOn: [], usage: { instances: [{ instanceType: 'ml.m5.large', hours: 3 }], hours: 3, isRunning: false } };
  const endpoint = { path: 'R/E', logicalId: 'E', verdict: 'updates' as const, models: [], changes: [], hangsOn: [], usage: { instances: [], hours: 1460, isRunning: true }, oldUsage: { instances: [], hours: 730, isRunning: true } };
  const stack = { stackName: 'R', comparedWith: 'x', isDeployed: true, endpoints: [endpoint] };
  const plan = { stacks: [{ ...stack, path: 'W', fails: 'an export is in use', jobs: [{ ...job, path: 'W/J' }] }, { ...stack, path: 'R', refused: 'it is not reached', jobs: [job] }] };
  const totals = totalsOf(plan);
  expect(totals).toMatchObject({ jobs: { launched: 1, hours: 3 }, endpoints: { hours: 1460, oldHours: 1460 } });
  expect(missedGates(plan, totals, { failOn: ['fail'], maxInstanceHours: 3 })).toEqual(['--fail-on fail: W, R']);
  expect(missedGates(plan, totals, { failOn: [], maxInstanceHours: 2 })).toEqual(['--max-instance-hours 2: it may be 3: W/J 3']);
  expect(linesOf(plan, totals, (_, text) => text)).toEqual(expect.arrayContaining(['  fails      an export is in use', '  refused    it is not reached', '1 job is launched: at most 3 instance-hours.']));
});
