import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations, Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { countInRange, durationInRange, inRange, isToken, matches, refuse, unique, wholeGibibytes, wholeSeconds } from './request/checks';
import { LOCAL_STORAGE } from './request/instance-type-warnings';
import { grantRemoteDebug } from './template/execution-role';
import { boundToEach, granteeFor } from './template/granted';
import type { VariantInstanceOptions } from './variant-options';

type Instances = Omit<CfnEndpointConfig.ProductionVariantProperty, 'variantName'>;

/** Who is on the instances of a variant. */
export interface InstancesContext {
  /** What errors call the variant. */
  readonly prop: string;
  /** Who writes what the containers leave. */
  readonly answering: readonly IGrantable[];
  /** Whether there are inference components on them, which may all be gone. */
  readonly hasComponents: boolean;
}

/** What a configuration asks for of instances, whatever they serve. */
export function variantInstances(config: Construct, context: InstancesContext, options: VariantInstanceOptions): Instances {
  const { minInstanceCount: min, maxInstanceCount: max, routing, inferenceAmi, ssmAccess, provisionTimeout, volumeSize, modelDataDownloadTimeout: download, containerStartupTimeout: startup } = options;
  const { prop, answering } = context;
  const types = instanceTypesOf(config, context, options);
  inRange(config, `${prop}.minInstanceCount`, min, 0, max === undefined || isToken(max) ? 2147483647 : max);
  const instanceCount = initialCount(options);
  inRange(config, `${prop}.instanceCount`, instanceCount, 1, 2147483647);
  durationInRange(config, `${prop}.provisionTimeout`, provisionTimeout, Duration.minutes(5), Duration.hours(1));
  for (const [name, timeout] of Object.entries({ modelDataDownloadTimeout: download, containerStartupTimeout: startup })) {
    durationInRange(config, `${prop}.${name}`, timeout, Duration.minutes(1), Duration.hours(1));
  }
  routing?._check(config, `${prop}.routing`);
  inferenceAmi?._check(config, `${prop}.inferenceAmi`, types);
  if (ssmAccess) { answering.forEach((model) => grantRemoteDebug(granteeFor(config, `${prop}.ssmAccess`, model))); }
  return {
    instanceType: options.instanceType,
    instancePools: options.instancePools?.map(({ instanceType, model }, index) => ({ instanceType, modelNameOverride: model?.modelName, priority: index + 1 })),
    variantInstanceProvisionTimeoutInSeconds: provisionTimeout && wholeSeconds(config, `${prop}.provisionTimeout`, provisionTimeout),
    initialInstanceCount: instanceCount,
    managedInstanceScaling: managedScaling(config, context, options),
    routingConfig: routing && { routingStrategy: routing.strategy, prefixAwareRoutingConfig: routing.prefix && { ...routing.prefix } },
    capacityReservationConfig: capacity(config, prop, options),
    inferenceAmiVersion: inferenceAmi?.versionName,
    coreDumpConfig: coreDumps(config, context, options),
    enableSsmAccess: ssmAccess,
    volumeSizeInGb: volume(config, prop, volumeSize, types),
    modelDataDownloadTimeoutInSeconds: download && wholeSeconds(config, `${prop}.modelDataDownloadTimeout`, download),
    containerStartupHealthCheckTimeoutInSeconds: startup && wholeSeconds(config, `${prop}.containerStartupTimeout`, startup),
  };
}

function instanceTypesOf(config: Construct, { prop, hasComponents }: InstancesContext, { instanceType, instancePools: pools }: VariantInstanceOptions): string[] {
  if (instanceType === undefined && pools === undefined) { refuse(config, `${prop}.instanceType`, 'be given, or instancePools', undefined); }
  if (instanceType !== undefined && pools !== undefined) { refuse(config, `${prop}.instancePools`, 'be left out where there is instanceType', 'both'); }
  if (isToken(pools)) { refuse(config, `${prop}.instancePools`, 'be known at synthesis', pools); }
  countInRange(config, `${prop}.instancePools`, pools, 1, 5);
  const types = pools ? pools.map((pool) => pool.instanceType) : [instanceType!];
  types.forEach((type, index) =>
    matches(config, `${prop}.${pools ? `instancePools[${index}].` : ''}instanceType`, type ?? '', /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type of SageMaker, for instance ml.m5.large'));
  unique(config, `${prop}.instancePools: instanceType`, types);
  const own = hasComponents ? pools?.findIndex(({ model }) => model !== undefined) ?? -1 : -1;
  if (own >= 0) { refuse(config, `${prop}.instancePools[${own}].model`, 'be left out for Variant.ofComponents: an InferenceComponent has `specifications` for it', 'a model'); }
  return types;
}

function managedScaling(config: Construct, { prop, hasComponents }: InstancesContext, options: VariantInstanceOptions): CfnEndpointConfig.ManagedInstanceScalingProperty | undefined {
  const { minInstanceCount: min, maxInstanceCount: max, scaleIn } = options;
  const instanceCount = initialCount(options);
  if (scaleIn && max === undefined) { refuse(config, `${prop}.scaleIn`, 'come with maxInstanceCount', scaleIn.strategy); }
  if (min === 0 && !hasComponents) {
    refuse(config, `${prop}.minInstanceCount`, 'be at least 1: a model keeps an instance (Variant.ofComponents may have none, and so may an endpoint with asyncInference by auto scaling)', min);
  }
  if (min !== undefined && !isToken(min) && !isToken(instanceCount) && instanceCount < min) { refuse(config, `${prop}.instanceCount`, `be at least minInstanceCount, which is ${min}`, instanceCount); }
  inRange(config, `${prop}.maxInstanceCount`, max, isToken(instanceCount) ? 1 : instanceCount, 2147483647);
  scaleIn?._check(config, `${prop}.scaleIn`);
  if (min === undefined && max === undefined) { return undefined; }
  const { maxStepSize, cooldown } = scaleIn?.consolidation ?? {};
  return {
    status: 'ENABLED', minInstanceCount: min ?? instanceCount, maxInstanceCount: max,
    scaleInPolicy: scaleIn && { strategy: scaleIn.strategy, maximumStepSize: maxStepSize, cooldownInMinutes: cooldown && wholeMinutes(config, `${prop}.scaleIn.cooldown`, cooldown) },
  };
}

/** None is what SageMaker scales to, not what it begins with. */
function initialCount({ instanceCount, minInstanceCount: min }: VariantInstanceOptions): number {
  return instanceCount ?? (min !== undefined && !isToken(min) && min > 1 ? min : 1);
}

function wholeMinutes(config: Construct, prop: string, duration: Duration): number {
  const seconds = duration.isUnresolved() ? 0 : wholeSeconds(config, prop, duration);
  if (seconds % 60 !== 0) { refuse(config, prop, 'be a whole number of minutes', duration.toHumanString()); }
  return duration.toMinutes();
}

function capacity(config: Construct, prop: string, { capacityReservation: reservation }: VariantInstanceOptions): CfnEndpointConfig.CapacityReservationConfigProperty | undefined {
  reservation?._check(config, `${prop}.capacityReservation`);
  return reservation && { capacityReservationPreference: reservation.exclusive ? 'capacity-reservations-only' : undefined, mlReservationArn: reservation.reservationArn };
}

function coreDumps(config: Construct, { prop, answering }: InstancesContext, { coreDumps: dumps }: VariantInstanceOptions): CfnEndpointConfig.CoreDumpConfigProperty | undefined {
  if (!dumps) { return undefined; }
  const { s3Uri, encryptionKey } = boundToEach(config, `${prop}.coreDumps`, answering, (model) => dumps.bind(config, `${prop}.coreDumps`, model));
  return { destinationS3Uri: s3Uri, kmsKeyId: encryptionKey?.keyArn };
}

function volume(config: Construct, prop: string, size: VariantInstanceOptions['volumeSize'], types: readonly string[]): number | undefined {
  const volumeSizeInGb = size && wholeGibibytes(config, `${prop}.volumeSize`, size);
  inRange(config, `${prop}.volumeSize`, volumeSizeInGb, 1, 512);
  for (const type of types.filter((each) => size && LOCAL_STORAGE.test(each))) {
    Annotations.of(config).addWarningV2('cdk-sagemaker:volumeSizeOnLocalStorage', `${prop}.volumeSize: ${type} has storage of its own, for which SageMaker takes no size`);
  }
  return volumeSizeInGb;
}
