import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, RemovalPolicy, Size, type Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, CapacityReservation, ComponentDeployment, ComponentPlacement, CopySize, CoreDumps, DataCapture, Encryption, Endpoint, EndpointConfig, Explainer, FeatureType, InferenceAmi, InferenceComponent,
  Model, ModelData, Routing, ScaleIn, ShapBaseline, TextGranularity, TextLanguage, Variant,
} from 'cdk-sagemaker';
import { image, key, network, PLAN } from './every-prop';
import { bucketNamed } from './stacks';

const timeouts = { modelDataDownloadTimeout: Duration.minutes(10), containerStartupTimeout: Duration.minutes(5) };
const resources = { memory: Size.gibibytes(8), maxMemory: Size.gibibytes(16), cpus: 0.5, accelerators: 1, ...timeouts, dataCache: true };

/** Endpoint configurations, an endpoint and inference components with every prop there is. */
export function everyEndpointConfig(stack: Stack): void {
  const model = new Model(stack, 'Model', { image });
  const compiled = new Model(stack, 'Compiled', { image });
  const bucket = bucketNamed(stack, 'hosting');
  const coreDumps = CoreDumps.toBucket(bucket, 'crashes', { encryptionKey: key(stack, 'dumps') });
  const metrics = { enhancedMetrics: true, detailedObservability: true, metricsFrequency: Duration.seconds(30) };
  const dataCapture = DataCapture.toBucket(bucket, 'captured', { samplingPercentage: 100, encryptionKey: key(stack, 'captures') });
  const pools = { instancePools: [{ instanceType: 'ml.g6.2xlarge' }, { instanceType: 'ml.g5.2xlarge', model: compiled }], provisionTimeout: Duration.minutes(10) };
  const prefixAware = Routing.prefixAware({ prefixLength: 4096, concurrencyThreshold: 8 });

  new EndpointConfig(stack, 'Shadowed', {
    variants: { answers: Variant.onInstances(model, { ...pools, ...timeouts, coreDumps, instanceCount: 2, minInstanceCount: 1, maxInstanceCount: 4, scaleIn: ScaleIn.whenIdle(), routing: prefixAware, ssmAccess: true, weight: 0 }) },
    shadowVariants: { listens: Variant.onInstances(compiled, { ...pools, coreDumps, routing: Routing.random(), inferenceAmi: InferenceAmi.AL2_GPU_3_1, weight: 0.5 }) },
    dataCapture, ...metrics, encryptionKey: key(stack, 'volume'), endpointConfigName: 'shadowed', configRemovalPolicy: RemovalPolicy.RETAIN,
    explainer: Explainer.clarify({
      baseline: ShapBaseline.fromBucket(bucket, 'baseline.jsonl', { mimeType: 'application/jsonlines', encryptionKey: key(stack, 'baseline') }), enableExplanations: '`true`', numberOfSamples: 10, useLogit: true, seed: 1,
      text: { granularity: TextGranularity.SENTENCE, language: TextLanguage.ENGLISH }, featuresAttribute: 'f', contentTemplate: '{"f":$features}', maxRecordCount: 4, maxPayload: Size.mebibytes(6),
      probabilityIndex: 1, labelIndex: 0, probabilityAttribute: 'p', labelAttribute: 'l', labelHeaders: ['yes', 'no'], featureHeaders: ['title'], featureTypes: [FeatureType.TEXT],
    }),
  });
  new EndpointConfig(stack, 'Queued', {
    variants: { a: Variant.onInstances(model, { instanceType: 'ml.m5.large', volumeSize: Size.gibibytes(30), capacityReservation: CapacityReservation.fromArn(PLAN) }), b: Variant.onInstances(model, { instanceType: 'ml.m5.large', acceleratorType: 'ml.eia2.medium' }) },
    asyncInference: AsyncInference.toBucket(bucket, 'answers', {
      failurePrefix: 'failures', maxConcurrentInvocationsPerInstance: 4, successTopic: new Topic(stack, 'Success'), errorTopic: new Topic(stack, 'Error'),
      answerInSuccessMessage: true, answerInErrorMessage: true, encryptionKey: key(stack, 'answers'),
    }),
    encryption: Encryption.withKey(key(stack, 'queued')),
  });
  new EndpointConfig(stack, 'Serverless', { variants: { a: Variant.serverless(model, { memorySize: Size.gibibytes(4), maxConcurrency: 10, provisionedConcurrency: 5, weight: 2 }) } });
  everyComponent(stack, model);
}

function everyComponent(stack: Stack, model: Model): void {
  const bucket = bucketNamed(stack, 'components');
  const config = new EndpointConfig(stack, 'Components', {
    variants: {
      AllTraffic: Variant.ofComponents({
        instancePools: [{ instanceType: 'ml.g6.12xlarge' }, { instanceType: 'ml.g5.12xlarge' }], minInstanceCount: 0, maxInstanceCount: 4,
        scaleIn: ScaleIn.consolidating({ maxStepSize: 2, cooldown: Duration.minutes(30) }), routing: Routing.leastOutstandingRequests(), capacityReservation: CapacityReservation.any(),
      }),
    },
    ...network(stack), networkIsolation: true,
  });
  const at = { endpoint: new Endpoint(stack, 'Endpoint', { config }), variantName: 'AllTraffic' };
  const container = { image, modelData: ModelData.fromBucket(bucket, 'model.tar.gz'), environment: { LOG_LEVEL: 'info' }, secrets: {}, metricsPath: '/server/metrics', metricsFrequency: Duration.seconds(10) };
  const rollbackAlarms = [Alarm.fromAlarmArn(stack, 'Alarm', 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors')];
  const base = new InferenceComponent(stack, 'Base', {
    ...at, ...resources, container, placement: ComponentPlacement.spread(), copies: 2,
    deployment: ComponentDeployment.rolling(CopySize.copies(1), { waitInterval: Duration.minutes(2), maxExecutionTime: Duration.hours(1), rollbackBatch: CopySize.percent(100), rollbackAlarms }),
  });
  new InferenceComponent(stack, 'Adapter', { endpoint: at.endpoint, adapterOf: base, container: { modelData: ModelData.fromBucket(bucket, 'adapter.tar.gz') }, dataCache: false, inferenceComponentName: 'adapter' });
  new InferenceComponent(stack, 'EachType', {
    ...at, copies: 0, specifications: { 'ml.g6.12xlarge': { ...resources, model }, 'ml.g5.12xlarge': { ...resources, container, placement: ComponentPlacement.binpack({ maxZoneImbalance: 2 }) } },
  });
}
