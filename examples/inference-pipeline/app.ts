/** Two models in a row behind one endpoint: raw listings go in, an encoder makes numbers of them, a regressor makes a rent of those. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Algorithm, AssembleWith, Capacity, Completion, DataSource, Framework, Metric, Model, Script, SplitType, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Rents', { env: { region: 'us-east-1' } });

const framework = Framework.sklearn('1.2-1');
// a file each: another regressor does not train the encoder again
const encoderScript = Script.fromFile(join(__dirname, 'src', 'encoder.py'));
const regressorScript = Script.fromFile(join(__dirname, 'src', 'regressor.py'));
const capacity = Capacity.onDemand({ instanceType: 'ml.m5.large' });
const listings = DataSource.fromAsset(join(__dirname, 'data', 'train'), { contentType: 'text/csv' });

// learns which districts there are, and the scale of each number
const encoder = new TrainingJob(stack, 'Encoder', {
  algorithm: Algorithm.framework(framework, { script: encoderScript }),
  inputs: { train: listings },
  capacity,
  maxRuntime: Duration.minutes(20),
});

// the listings as the regressor will be shown them by the endpoint: by the same code
const encoded = encoder.toModel('Model', { script: encoderScript }).transform('Encode', {
  input: listings,
  splitType: SplitType.LINE,
  assembleWith: AssembleWith.LINE,
  accept: 'text/csv',
  instanceType: 'ml.m5.large',
  completion: Completion.finished({ within: Duration.minutes(50) }),
});

const regressor = new TrainingJob(stack, 'Regressor', {
  algorithm: Algorithm.framework(framework, { script: regressorScript }),
  inputs: { train: encoded.outputData() },
  capacity,
  maxRuntime: Duration.minutes(20),
  metrics: [Metric.regex('train:r2', 'train_r2=([0-9.]+)')],
});

// a request goes through both: each container gets the answer of the one before
const pipeline = new Model(stack, 'Pipeline', {
  containers: [
    { containerName: 'encoder', framework, modelData: encoder.modelData, script: encoderScript },
    { containerName: 'regressor', framework, modelData: regressor.modelData, script: regressorScript },
  ],
});
const endpoint = pipeline.deploy('Endpoint', { instanceType: 'ml.m5.large' });

new CfnOutput(stack, 'R2', { value: regressor.metric('train:r2') });
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
