/** Trains a classifier of handwritten digits and puts it behind an endpoint. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, DataSource, Framework, Hyperparameters, Metric, Script, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Digits', { env: { region: 'us-east-1' } });

const training = new TrainingJob(stack, 'Train', {
  algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), {
    script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }),
  }),
  hyperparameters: Hyperparameters.of({ 'epochs': 20, 'hidden-units': 64 }),
  inputs: {
    train: DataSource.fromAsset(join(__dirname, 'data', 'train')),
    test: DataSource.fromAsset(join(__dirname, 'data', 'test')),
  },
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
  metrics: [Metric.regex('test:accuracy', 'test_accuracy=([0-9.]+)')],
});

const model = training.toModel('Model', { entryPoint: 'inference.py' });
const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });

new CfnOutput(stack, 'Accuracy', { value: training.metric('test:accuracy') });
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
