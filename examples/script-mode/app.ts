/** Trains a router of messages with a source folder of several modules and a requirements.txt, and serves it. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, DataSource, Framework, Hyperparameters, Metric, Script, ScriptPlacement, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Router', { env: { region: 'us-east-1' } });

const training = new TrainingJob(stack, 'Train', {
  // SageMaker's image of scikit-learn in the Region of the stack; what it lacks is in src/requirements.txt
  algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), {
    // the whole folder goes along: train.py and inference.py import the package routing beside them
    script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }),
  }),
  // numbers, a boolean, a text and a list, encoded as the SageMaker Python SDK encodes them
  hyperparameters: Hyperparameters.of({ epochs: 8, alpha: 1e-4, averaged: true, language: 'english', ignore: ['please', 'hello', 'hi'] }),
  inputs: {
    'train': DataSource.fromAsset(join(__dirname, 'data', 'train')),
    'validation': DataSource.fromAsset(join(__dirname, 'data', 'validation')),
    'stop-words': DataSource.fromAsset(join(__dirname, 'data', 'stop-words')),
  },
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
  metrics: [
    Metric.regex('train:accuracy', 'train_accuracy=([0-9.]+)'),
    Metric.regex('validation:accuracy', 'validation_accuracy=([0-9.]+)'),
  ],
});

// a small job puts the code into the artifact, which is then all that the endpoint needs
const model = training.toModel('Model', { entryPoint: 'inference.py', scriptPlacement: ScriptPlacement.PACKED });
const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });

new CfnOutput(stack, 'Accuracy', { value: training.metric('validation:accuracy') });
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
