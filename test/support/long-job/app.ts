/** A job that nobody waits for, and a neighbour that can't be made while it runs. */
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Algorithm, Capacity, Completion, ContainerImage, Hyperparameters, Script, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

const stack = new Stack(new App(), 'Long', { env: { region: 'us-east-1' } });

const training = new TrainingJob(stack, 'Train', {
  algorithm: Algorithm.image(ContainerImage.fromUri('683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3'), {
    script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }),
  }),
  hyperparameters: Hyperparameters.of({ round: 1 }),
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
  completion: Completion.started(),
});

const neighbour = new CfnEndpointConfig(stack, 'Neighbour', {
  productionVariants: [{ variantName: 'Only', modelName: 'no-such-model', instanceType: 'ml.m5.large', initialInstanceCount: 1, initialVariantWeight: 1 }],
});
neighbour.node.addDependency(training);
