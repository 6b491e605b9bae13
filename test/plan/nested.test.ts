import { CfnOutput, NestedStack, Stack, type App } from 'aws-cdk-lib/core';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App as CdkApp, Stage } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, ContainerImage, DataSource, Hyperparameters, TrainingJob } from '../../lib';
import { stacksOf, type AssemblyStack } from '../../lib/local/assembly';
import { assemblySide } from '../../lib/plan/assembly-side';
import { planOf } from '../../lib/plan/plan-of';

const folder = mkdtempSync(join(tmpdir(), 'nested-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let apps = 0;

function synthesized(define: (app: App) => void): AssemblyStack {
  const app = new CdkApp({ outdir: join(folder, String(apps++)), context: { 'aws:cdk:disable-creation-stack-traces': true }, analyticsReporting: false });
  define(app);
  return stacksOf(app.synth().directory)[0] as AssemblyStack;
}

/** A job in a stack that is nested, which reads a bucket of the outer one; and one outside, which follows it. */
const nested = (epochs: number, tag = 1) => synthesized((app) => {
  const stack = new Stack(new Stage(app, 'Prod'), 'Digits', { env: { region: 'us-east-1', account: '123456789012' } });
  const data = new Bucket(stack, 'Data');
  const inner = new NestedStack(stack, 'Inner');
  const job = (scope: Stack, id: string, hyperparameters: { readonly [name: string]: unknown }) => new TrainingJob(scope, id, {
    algorithm: Algorithm.image(ContainerImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1')), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
    inputs: { train: DataSource.fromBucket(data, 'train/') }, hyperparameters: Hyperparameters.of(hyperparameters),
  });
  const first = job(inner, 'Train', { epochs });
  job(stack, 'After', { before: first.trainingJobName });
  new CfnOutput(stack, 'Tag', { value: String(tag) });
});

const verdicts = async (old: AssemblyStack, wanted: AssemblyStack) => (await planOf(wanted, assemblySide(old))).jobs.map(({ path, verdict }) => `${path} ${verdict}`);

test('jobs of nested stacks, in a stage too, are compared with what they were', async () => {
  expect(await verdicts(nested(1), nested(1, 2))).toEqual(['Prod/Digits/Inner/Train unchanged', 'Prod/Digits/After unchanged']);
});

test('what a nested stack gives to the outer one makes its jobs train again', async () => {
  expect(await verdicts(nested(1), nested(2))).toEqual(['Prod/Digits/Inner/Train retrains', 'Prod/Digits/After retrains']);
});

test('a nested stack that is new launches its jobs', async () => {
  const plain = synthesized((app) => new Bucket(new Stack(new Stage(app, 'Prod'), 'Digits', { env: { region: 'us-east-1', account: '123456789012' } }), 'Data'));
  expect(await verdicts(plain, nested(1))).toEqual(['Prod/Digits/Inner/Train launches', 'Prod/Digits/After launches']);
  expect((await verdicts(nested(1), plain)).sort()).toEqual(['Prod/Digits/Inner/Train stops', 'Prod/Digits/After stops'].sort());
});
