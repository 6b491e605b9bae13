/** An app with every prop, for the versions of aws-cdk-lib that it must synthesize with. */
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { App, Aspects, Duration, PropertyInjectors, Size, Stack, TimeZone } from 'aws-cdk-lib/core';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AsyncInference, AutoScaling, CheckSeverity, DataSource, Endpoint, EndpointConfig, EndpointDashboard, InferenceComponent, JobProvider, JobVpcEndpoints, JobVpcService, Model, ModelData, ModelPackage, ModelPackageGroup,
  ModelReport, OrganizationDefaults, SageMakerCheck, SageMakerChecks, ScalingMetric, ScalingPolicy, Variant, VpcOnlyAccess,
} from 'cdk-sagemaker';
import { everyEndpointConfig } from './every-endpoint-config';
import { EVERY_PROP, image, network } from './every-prop';
import { bucketNamed, trainingIn } from './stacks';

const app = new App();

for (const [index, props] of Object.values(EVERY_PROP).entries()) {
  const stack = new Stack(app, `Props${index}`);
  trainingIn(stack, props(stack));
}

const served = new Stack(app, 'Served');
JobProvider.configure(served, { ...network(served), encryptionKey: new Key(served, 'Key') });
const endpoint = trainingIn(served, { inputs: { train: DataSource.fromAsset(__dirname) } }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
const alarms = [endpoint.alarmErrorRate('Errors'), endpoint.alarmLatency('Slow', { threshold: Duration.millis(200) })];
new EndpointDashboard(served, 'Dashboard', { endpoints: [endpoint], alarms });
endpoint.allowFromVpc(new Vpc(served, 'Callers', { natGateways: 0 }), { describe: true });

const networks = new Stack(app, 'Networks');
const inside = new Vpc(networks, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] });
JobProvider.configure(networks, { vpc: inside });
JobVpcEndpoints.of(inside, { additionalServices: Object.values(JobVpcService) });
const data = new Bucket(networks, 'Data');
VpcOnlyAccess.ofVpc(data, inside);
trainingIn(networks, { isolated: true, vpc: inside, inputs: { train: DataSource.fromAsset(__dirname, { bucket: data }) } }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' }).allowFromVpc(inside, { describe: true });

everyEndpointConfig(new Stack(app, 'Hosting'));

const scaled = new Stack(app, 'Scaled');
const model = new Model(scaled, 'Model', { image });
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
const registry = new Stack(app, 'Registry', { env: { account: '123456789012', region: 'eu-west-1' } });
const group = new ModelPackageGroup(registry, 'Group', { modelPackageGroupName: 'digits' });
group.grantDeploy(new AccountPrincipal('210987654321'));
const training = trainingIn(registry);
const published = training.publishTo('Artifact', { parameterName: '/digits/artifact' });
const report = ModelReport.fromS3Uri('s3://reports/quality.json');
training.register('Version', {
  group, contentTypes: ['text/csv'], responseTypes: ['text/csv'], approvalDescription: 'good', metrics: { modelQuality: { statistics: report } },
  driftBaselines: { bias: { config: report } }, modelCard: { content: '{}' }, encryptionKey: new Key(registry, 'Key'), samplePayload: report, origin: { commit: 'abc' },
  frameworkName: 'PYTORCH', frameworkVersion: '2.6.0', nearestModelName: 'resnet50', dataInputConfiguration: '{"input":[1,3]}',
});
const elsewhere = new Stack(app, 'Elsewhere', { env: { account: '123456789012', region: 'eu-west-1' } });
elsewhere.node.setContext('cdk-sagemaker:approved-version:account=123456789012:group=digits:region=eu-west-1', 3);
new Model(elsewhere, 'Digits', { image, modelData: ModelData.fromSsmParameter(published, { bucket: bucketNamed(elsewhere, 'models'), prefix: 'digits/' }) });
new Model(elsewhere, 'Gated', {
  image, modelData: ModelData.fromS3Uri('s3://jumpstart/llama/', { acceptEula: true, hubContent: 'arn:aws:sagemaker:eu-west-1:123456789012:hub-content/team/ModelReference/llama/1.0.0' }),
});
new Model(elsewhere, 'Latest', { modelPackage: ModelPackage.latestApproved(elsewhere, 'Approved', group) });

const governed = new Stack(app, 'Governed');
PropertyInjectors.of(governed).add(...OrganizationDefaults.injectors({ ...network(governed), networkIsolation: true }));
Aspects.of(governed).add(SageMakerChecks.all({ severity: CheckSeverity.WARNING }));
SageMakerChecks.suppress(trainingIn(governed), SageMakerCheck.VOLUME_KEY, 'nothing is kept');

app.synth();
