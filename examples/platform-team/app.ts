/** Trains as the organization allows it: with a construct of the platform team, which is a package of its own. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, DataSource, Framework, Metric, Script } from 'cdk-sagemaker';
import { join } from 'node:path';
import { DataClass, SecureTrainingJob } from 'secure-sagemaker';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Claims', { env: { region: 'us-east-1' } });

// no word about networks, keys, isolation, run times: the package says it all, and checks it
const severity = new SecureTrainingJob(stack, 'Severity', {
  team: 'claims',
  dataClass: DataClass.CONFIDENTIAL,
  algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }) }),
  inputs: { train: DataSource.fromAsset(join(__dirname, 'data', 'train')) },
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  metrics: [Metric.regex('train:r2', 'r2=([0-9.]+)')],
});

new CfnOutput(stack, 'R2', { value: severity.job.metric('train:r2') });
new CfnOutput(stack, 'Artifact', { value: severity.job.modelArtifacts });
