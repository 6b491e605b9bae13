/** An endpoint that takes over a new model carefully: half of the traffic first, and back again if an alarm goes off. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, CapacitySize, DataSource, DeploymentPolicy, Framework, Hyperparameters, RollbackAlarm, Script, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Payments', { env: { region: 'us-east-1' } });

const training = new TrainingJob(stack, 'Train', {
  algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), {
    script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }),
  }),
  hyperparameters: Hyperparameters.of({ strength: 1 }),
  inputs: { train: DataSource.fromAsset(join(__dirname, 'data', 'train')) },
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
});

const endpoint = training.toModel('Model', { entryPoint: 'inference.py' }).deploy('Endpoint', {
  instanceType: 'ml.m5.large',
  instanceCount: 2,
  // new instances beside the old ones: half of the capacity answers for five minutes, then all of it; the old instances stay for ten minutes more
  deployment: DeploymentPolicy.canary(CapacitySize.percent(50), { waitInterval: Duration.minutes(5), terminationWait: Duration.minutes(10) }),
  // made from the endpoint's own metrics: the service goes back to the old instances by itself, and the deployment fails
  rollbackAlarms: [
    RollbackAlarm.invocation5xxErrors({ abovePercent: 1, evaluationPeriods: 1 }),
    RollbackAlarm.modelLatency({ above: Duration.seconds(2) }),
  ],
});

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
