/** Searches for the hyperparameters of a model, and puts the best one behind an endpoint if it is good enough. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, DataSource, Framework, Hyperparameters, HyperparameterTuningJob, Metric, Objective, ParameterRange, QualityGate, ScalingType, Script, TuningStrategy,
} from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Churn', { env: { region: 'us-east-1' } });

const tuning = new HyperparameterTuningJob(stack, 'Tune', {
  // what each training job is made of, as for a TrainingJob, and what is searched for
  definition: {
    algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), {
      script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }),
    }),
    hyperparameters: Hyperparameters.of({ epochs: 60 }),
    ranges: {
      'learning-rate': ParameterRange.continuous(0.0005, 0.05, { scaling: ScalingType.LOGARITHMIC }),
      'hidden-units': ParameterRange.integer(4, 64),
      'activation': ParameterRange.categorical('relu', 'tanh'),
    },
    objective: Objective.maximize('validation:auc'),
    metrics: [Metric.regex('validation:auc', 'validation_auc=([0-9.]+)')],
    inputs: {
      train: DataSource.fromAsset(join(__dirname, 'data', 'train')),
      validation: DataSource.fromAsset(join(__dirname, 'data', 'validation')),
    },
    capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
    maxRuntime: Duration.minutes(20),
  },
  strategy: TuningStrategy.random(),
  randomSeed: 7,
  maxJobs: 4,
  maxParallelJobs: 2,
  // a best job below this fails the deployment, and the endpoint stays with the model it has
  qualityGate: QualityGate.atLeast('validation:auc', 0.9),
});

const model = tuning.toModel('Model', { entryPoint: 'inference.py' });
const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });

new CfnOutput(stack, 'BestJob', { value: tuning.bestTrainingJobName });
new CfnOutput(stack, 'Auc', { value: tuning.objectiveValue });
new CfnOutput(stack, 'LearningRate', { value: tuning.tunedHyperparameter('learning-rate') });
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
