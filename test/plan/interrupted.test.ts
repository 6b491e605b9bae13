import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, ContainerImage, DataSource, Hyperparameters, Script, TrainingJob } from '../../lib';
import { stacksOf, type AssemblyStack } from '../../lib/local/assembly';
import { INTERRUPTED, type ResourceRecord, type StackRecord, type StackStatus } from '../../lib/local/cloudformation/stack-record';
import { isAlive, readServerInfo } from '../../lib/local/server-file';
import { jobsAfterRestart, stackAfterRestart } from '../../lib/plan/after-restart';
import { localSide } from '../../lib/plan/local-side';
import { planOf } from '../../lib/plan/plan-of';
import { runLocal } from '../support/built-cli';
import { IMAGE } from './support';

jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'interrupted-'));
const [begun, goOn, state] = ['begun', 'go-on', '.cdk-sagemaker'].map((name) => join(folder, name)) as [string, string, string];
const local = (...args: string[]) => runLocal(folder, args, { env: { CDK_SAGEMAKER_LOCAL_MODE: 'process' } });
const sleep = (milliseconds: number) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const pid = readServerInfo(state)?.pid;
  if (pid === undefined) { return; }
  process.kill(pid, signal);
  while (isAlive(pid)) { await sleep(20); }
}
afterAll(async () => {
  await end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

/** A job that waits for a file, and one that follows it. */
function synthesized(size: number): AssemblyStack {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src', 'train.py'), `import os, time\nopen(${JSON.stringify(begun)}, "a").write("begun")\nwhile not os.path.exists(${JSON.stringify(goOn)}): time.sleep(0.05)\n`);
  const app = new App({ outdir: join(folder, 'cdk.out'), analyticsReporting: false });
  const stack = new Stack(app, 'Digits', { env: { region: 'us-east-1' } });
  const algorithm = Algorithm.image(ContainerImage.fromUri(IMAGE), { script: Script.fromDirectory(join(folder, 'src'), { entryPoint: 'train.py' }) });
  const capacity = Capacity.onDemand({ instanceType: 'ml.m5.large' });
  const first = new TrainingJob(stack, 'A', { algorithm, capacity, hyperparameters: Hyperparameters.of({ size }) });
  new TrainingJob(stack, 'B', { algorithm, capacity, inputs: { model: DataSource.fromModelData(first.modelData) } });
  return stacksOf(app.synth().directory)[0]!;
}

/** The local AWS is killed while the first job runs; what is planned then, and what the next deployment launches. */
async function interrupted(size: number) {
  const stack = synthesized(size);
  rmSync(begun, { force: true });
  rmSync(goOn, { force: true });
  const deploying = local('deploy');
  for (let turns = 0; turns < 1500 && !existsSync(begun); turns += 1) { await sleep(20); }
  await end('SIGKILL');
  expect((await deploying).code).toBe(1);
  const jobs = async () => await localSide(state, 'Digits').jobNames?.('TrainingJob', '') ?? [];
  const before = await jobs();
  const { refused, fails, jobs: planned } = await planOf(stack, localSide(state, 'Digits'));
  writeFileSync(goOn, '');
  expect((await local('deploy')).code).toBe(0);
  return { refused, fails, planned, launched: (await jobs()).filter((name) => !before.includes(name)) };
}

test.each([['creation', 1, 'launches'], ['update', 2, 'retrains']] as const)('after an interrupted %s, the plan is that of the deployment that goes on', async (_, size, verdict) => {
  const { refused, fails, planned, launched } = await interrupted(size);
  expect([refused, fails]).toEqual([undefined, undefined]);
  expect(planned.map((job) => [job.logicalId.charAt(0), job.verdict])).toEqual([['A', verdict], ['B', verdict]]);
  expect(planned[0]?.newJob).toMatch(/-2$/);
  expect(launched.sort()).toEqual(planned.map(({ newJob }) => newJob).sort());
});

const resource = (status: ResourceRecord['status'], more: Partial<ResourceRecord> = {}): ResourceRecord => ({ type: 'AWS::S3::Bucket', status, properties: {}, physical: { physicalId: 'b', attributes: {} }, deletionPolicy: 'Delete', updateReplacePolicy: 'Delete', dependsOn: [], ...more });
const record = (status: StackStatus, more: Partial<StackRecord> = {}): StackRecord => ({
  stackName: 'Digits', stackId: 'id', region: 'us-east-1', account: '1', status, created: 0, template: { Resources: {} }, parameters: {}, resources: { A: resource('UPDATE_IN_PROGRESS') }, superseded: [], outputs: {}, imports: [], touched: [], events: [], ...more,
});

test.each<[StackStatus, StackStatus]>([
  ['CREATE_IN_PROGRESS', 'CREATE_FAILED'], ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED'], ['DELETE_IN_PROGRESS', 'DELETE_COMPLETE'], ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE'],
  ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'], ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'], ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'], ['UPDATE_COMPLETE', 'UPDATE_COMPLETE'],
])('a stack that was cut short in %s will be in %s', (status, after) => {
  const before = record(status, { previous: { template: { Resources: { Old: { Type: 'x' } } }, parameters: {}, resources: { Old: resource('CREATE_COMPLETE') }, outputs: {} } });
  const kept = structuredClone(before);
  const found = stackAfterRestart(before, () => false);
  expect(found.status).toBe(after);
  expect(before).toEqual(kept);
  if (after === 'UPDATE_FAILED') { expect(found.resources.A).toMatchObject({ status: 'UPDATE_FAILED', statusReason: INTERRUPTED }); }
  if (after === 'UPDATE_ROLLBACK_COMPLETE') { expect([Object.keys(found.resources), Object.keys(found.template.Resources)]).toEqual([['Old'], ['Old']]); }
});

test('jobs that were under way are lost, but those that are tried again, and those of a tuning job, which goes on', () => {
  const job = (status: string, retries?: number) => ({ status, attempts: 1, request: retries === undefined ? {} : { RetryStrategy: { MaximumRetryAttempts: retries } } });
  const after = jobsAfterRestart({ trainingJobs: { a: job('InProgress'), b: job('InProgress', 1), c: job('Stopping', 1), d: job('Completed') }, tuningJobs: { e: job('InProgress') }, transformJobs: { f: job('InProgress') }, processingJobs: {} } as never);
  expect(Object.fromEntries([after.trainingJobs, after.tuningJobs, after.transformJobs].flatMap((all) => Object.entries(all).map(([name, { status }]) => [name, status])))).toEqual({ a: 'Failed', b: 'InProgress', c: 'Stopped', d: 'Completed', e: 'InProgress', f: 'Failed' });
});
