import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Stack, Tags } from 'aws-cdk-lib/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Algorithm, Capacity, CapacitySize, DataSource, DeploymentPolicy, Framework, Hyperparameters, Script, TrainingJob } from '../../lib';
import { stacksOf, type AssemblyStack } from '../../lib/local/assembly';

/** The app of a team, before and after the pull request that the documents show, synthesized below a folder. */
export function payments(folder: string, isAfter: boolean): AssemblyStack {
  const source = join(folder, 'src');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'train.py'), 'print("train")\n');
  const app = new App({ outdir: join(folder, isAfter ? 'head' : 'base'), context: { 'aws:cdk:disable-creation-stack-traces': true }, analyticsReporting: false });
  const stack = new Stack(app, 'Payments', { env: { region: 'eu-west-1' } });
  const algorithm = () => Algorithm.framework(Framework.sklearn('1.2-1'), { script: Script.fromDirectory(source, { entryPoint: 'train.py' }) });
  const inputs = { train: DataSource.fromBucket(Bucket.fromBucketName(stack, 'Data', 'payments-data'), 'train/') };
  const train = new TrainingJob(stack, 'Train', {
    algorithm: algorithm(), inputs, hyperparameters: Hyperparameters.of({ strength: isAfter ? 2 : 1 }),
    capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), maxRuntime: Duration.hours(6),
  });
  Tags.of(train).add('owner', isAfter ? 'risk' : 'payments');
  train.toModel('Model').deploy('Endpoint', {
    instanceType: 'ml.m5.large', instanceCount: isAfter ? 3 : 2, deployment: DeploymentPolicy.canary(CapacitySize.percent(10), { waitInterval: Duration.minutes(10) }),
  });
  const baseline = new TrainingJob(stack, 'Baseline', { algorithm: algorithm(), inputs, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), maxRuntime: Duration.hours(1) });
  Tags.of(baseline).add('owner', isAfter ? 'risk' : 'payments');
  app.synth();
  return stacksOf(join(folder, isAfter ? 'head' : 'base'))[0] as AssemblyStack;
}
