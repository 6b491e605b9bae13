/** Two stacks: one that learns how many bikes are hired, again with each file of new readings, and one that answers. The endpoint moves only to a model that passes the gate. */
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, CfnOutput, Duration, Stack, TimeZone } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, DataSource, Framework, Metric, Model, ModelData, OutputLocation, QualityGate, Retraining, RetrainingTrigger, RetrainingWorkflow, Script, TrainingJob,
} from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const env = { region: 'us-east-1' };
// the stacks know of each other what has a name, and no more: an export can't change while it is in use
const ARTIFACT = '/bikes/artifact';
const bucketName = (stack: Stack) => `bikes-${stack.account}-${stack.region}`;
const framework = Framework.sklearn('1.2-1');
const script = Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' });

const learning = new Stack(app, 'BikesLearning', { env });
const data = new Bucket(learning, 'Data', {
  bucketName: bucketName(learning),
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL, encryption: BucketEncryption.S3_MANAGED, enforceSSL: true,
});
// the readings to begin with; later ones are written to readings/new/ by whoever counts bikes
const first = new BucketDeployment(learning, 'First', {
  sources: [Source.asset(join(__dirname, 'data', 'readings'))], destinationBucket: data, destinationKeyPrefix: 'readings/first', prune: false, memoryLimit: 512,
});

const training = new TrainingJob(learning, 'Train', {
  algorithm: Algorithm.framework(framework, { script }),
  inputs: { readings: DataSource.fromBucket(data, 'readings/') },
  output: OutputLocation.fromBucket(data, 'models'),
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
  metrics: [Metric.regex('validation:r2', 'validation_r2=(-?[0-9.]+)')],
  qualityGate: QualityGate.atLeast('validation:r2', 0.8),
});
training.node.addDependency(first);

const serving = new Stack(app, 'BikesServing', { env });
const workflow = new RetrainingWorkflow(learning, 'Retrain', {
  job: Retraining.ofTrainingJob(training),                   // with its gate
  publishTo: training.publishTo('Artifact', { parameterName: ARTIFACT }),
  updates: [serving],
  triggers: [
    RetrainingTrigger.newData(data, { prefix: 'readings/new/' }),
    RetrainingTrigger.schedule(ScheduleExpression.cron({ weekDay: 'MON', hour: '4', minute: '0', timeZone: TimeZone.EUROPE_BERLIN })),
  ],
});
new CfnOutput(learning, 'StateMachineArn', { value: workflow.stateMachineArn });
new CfnOutput(learning, 'BucketName', { value: data.bucketName });

const published = StringParameter.fromStringParameterName(serving, 'Artifact', ARTIFACT);
serving.addStackDependency?.(learning, 'which publishes an artifact');
const model = new Model(serving, 'Model', {
  framework, script: script.withEntryPoint('inference.py'),
  modelData: ModelData.fromSsmParameter(published, { bucket: Bucket.fromBucketName(serving, 'Data', bucketName(serving)), prefix: 'models/' }),
});
const endpoint = model.deploy('Endpoint', { instanceType: 'ml.m5.large' });
new CfnOutput(serving, 'EndpointName', { value: endpoint.endpointName });
