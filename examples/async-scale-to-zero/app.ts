/** An endpoint that costs nothing while nobody asks: requests wait in a queue, instances come when there are some, and go when there are none. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Algorithm, AsyncInference, AutoScaling, Capacity, DataSource, Framework, ScalingPolicy, Script, TrainingJob } from 'cdk-sagemaker';
import { join } from 'node:path';

// without the paths of this machine in the assembly: the same bytes on every machine
export const app = new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Sensors', { env: { region: 'us-east-1' } });

/** Recordings are put below `recordings/`, and what is odd in them is found below `answers/`. */
const bucket = new Bucket(stack, 'Recordings', {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL, encryption: BucketEncryption.S3_MANAGED, enforceSSL: true, minimumTLSVersion: 1.2,
});

const training = new TrainingJob(stack, 'Train', {
  algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), {
    script: Script.fromDirectory(join(__dirname, 'src'), { entryPoint: 'train.py' }),
  }),
  inputs: { train: DataSource.fromAsset(join(__dirname, 'data', 'train')) },
  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  maxRuntime: Duration.minutes(20),
});

const model = training.toModel('Model', { entryPoint: 'inference.py' });
const endpoint = model.deploy('Endpoint', {
  instanceType: 'ml.m5.large',
  asyncInference: AsyncInference.toBucket(bucket, 'answers', { failurePrefix: 'failures', maxConcurrentInvocationsPerInstance: 4 }),
  // between no instance and five: one for each ten requests that wait; the step up from none is made by itself
  autoScaling: AutoScaling.between(0, 5, [ScalingPolicy.backlogPerInstance(10, { scaleInCooldown: Duration.minutes(10) })]),
});

// may put recordings there, which the model then reads, and read the answers
const operator = new Role(stack, 'Operator', { assumedBy: new AccountRootPrincipal() });
endpoint.grantInvokeAsync(operator, { requestBucket: bucket, requestPrefix: 'recordings/' });

new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
