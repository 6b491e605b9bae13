/** Trains and serves with an image of one's own: a Dockerfile, a program `train` and a program `serve`. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, ContainerImage, DataSource, Hyperparameters, Metric, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Rentals', { env: { region: 'us-east-1' } });

// Built and pushed by `cdk deploy`; `cdk-sagemaker local deploy` follows its Dockerfile without Docker
const image = ContainerImage.fromAsset(join(__dirname, 'container'));

const training = new TrainingJob(stack, 'Train', {
  algorithm: Algorithm.image(image),
  hyperparameters: Hyperparameters.of({ 'epochs': 400, 'learning-rate': 0.5 }),
  inputs: {
    train: DataSource.fromAsset(join(__dirname, 'data', 'train')),
    validation: DataSource.fromAsset(join(__dirname, 'data', 'validation')),
  },
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
  metrics: [Metric.regex('validation:rmse', 'validation_rmse=([0-9.]+)')],
});

// the same image, told to serve
const model = training.toModel('Model');
const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });

new CfnOutput(stack, 'Error', { value: training.metric('validation:rmse') });
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
