/** An app with every prop, for the versions of aws-cdk-lib that it must synthesize with. */
import { Key } from 'aws-cdk-lib/aws-kms';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { App, Duration, Size, Stack, TimeZone } from 'aws-cdk-lib/core';
import {
  AsyncInference, AutoScaling, ContainerImage, DataSource, Endpoint, EndpointConfig, InferenceComponent, JobProvider, Model, ScalingMetric, ScalingPolicy, Variant,
} from 'cdk-sagemaker';
import { EVERY_PROP, network } from './every-prop';
import { bucketNamed, IMAGE_URI, trainingIn } from './stacks';

const app = new App();

for (const [index, props] of Object.values(EVERY_PROP).entries()) {
  const stack = new Stack(app, `Props${index}`);
  trainingIn(stack, props(stack));
}

const served = new Stack(app, 'Served');
JobProvider.configure(served, { ...network(served), encryptionKey: new Key(served, 'Key') });
trainingIn(served, { inputs: { train: DataSource.fromAsset(__dirname) } }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });

const scaled = new Stack(app, 'Scaled');
const model = new Model(scaled, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
model.deploy('Endpoint', {
  instanceType: 'ml.m5.large',
  autoScaling: AutoScaling.between(1, 8, [
    ScalingPolicy.invocationsPerInstance(200, { scaleInCooldown: Duration.minutes(10), scaleOutCooldown: Duration.minutes(1), disableScaleIn: true }),
    ScalingPolicy.concurrentRequestsPerInstance(5),
    ScalingPolicy.cpuUtilization(60),
    ScalingPolicy.steps('Bursts', ScalingMetric.modelLatency(), [{ upper: 20, change: -1 }, { lower: 80, change: 2 }], { cooldown: Duration.minutes(2), evaluationPeriods: 2, datapointsToAlarm: 1 }),
    ScalingPolicy.onSchedule('Night', { schedule: Schedule.cron({ hour: '22', minute: '0' }), min: 1, max: 1, timeZone: TimeZone.EUROPE_BERLIN }),
  ]),
});
model.deploy('Queued', {
  instanceType: 'ml.m5.large', asyncInference: AsyncInference.toBucket(bucketNamed(scaled, 'answers')), autoScaling: AutoScaling.between(0, 4, [ScalingPolicy.backlogPerInstance(5)]),
});
model.deployServerless('Ready', { provisionedConcurrency: 1, autoScaling: AutoScaling.between(1, 5, [ScalingPolicy.provisionedConcurrencyUtilization(0.7)]) });
const shared = new EndpointConfig(scaled, 'Shared', { variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.xlarge', minInstanceCount: 0, maxInstanceCount: 2 }) } });
new InferenceComponent(scaled, 'Component', {
  endpoint: new Endpoint(scaled, 'SharedEndpoint', { config: shared }), variantName: 'AllTraffic', model, memory: Size.gibibytes(1),
  autoScaling: AutoScaling.between(0, 4, [ScalingPolicy.concurrentRequestsPerCopy(5), ScalingPolicy.invocationsPerCopy(100), ScalingPolicy.gpuUtilization(70)]),
});

app.synth();
