/** Scores the readings of a night in one go, without an endpoint: `cdk deploy -c night=2026-01-06` from a nightly pipeline. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Algorithm, AssembleWith, Capacity, Completion, DataSource, Framework, JoinSource, Script, SplitType, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Meters', { env: { region: 'us-east-1' } });
const night: string = app.node.tryGetContext('night') ?? '2026-01-05';

// trained once: another night changes nothing of what determines this job
const training = new TrainingJob(stack, 'Train', {
  algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), {
    script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }),
  }),
  inputs: { train: DataSource.fromAsset(join(__dirname, 'data', 'train')) },
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
});

// lines of meter, hour and kWh; the model is shown the last two, and the result is the meter and its score
const scores = training.toModel('Model', { entryPoint: 'inference.py' }).transform('Score', {
  input: DataSource.fromAsset(join(__dirname, 'data', 'nights', night), { contentType: 'text/csv' }),
  splitType: SplitType.LINE,
  inputFilter: '$[1:]',
  joinSource: JoinSource.INPUT,
  outputFilter: '$[0,-1]',
  accept: 'text/csv',
  assembleWith: AssembleWith.LINE,
  instanceType: 'ml.m5.large',
  completion: Completion.finished({ within: Duration.minutes(50) }),
});

new CfnOutput(stack, 'Scores', { value: scores.outputPath });
