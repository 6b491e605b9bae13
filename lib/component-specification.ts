import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ComponentContainerOptions, ComponentSpecificationOptions } from './component-specification-options';
import { Model } from './model';
import { checkEnvironment } from './model-container';
import { durationInRange, inRange, isToken, lengthInRange, matches, refuse, wholeMebibytes, wholeSeconds } from './request/checks';
import { OF_A_PLACEMENT } from './request/hosting-prop-kinds';
import { checkOptions } from './request/kinds';
import { definedMembers, nonEmpty } from './request/members';
import { publishFrequency } from './request/publish-frequency';
import { secretVariables } from './secret-variables';
import { warnAcrossStacks } from './template/across-stacks';
import { granteeFor } from './template/granted';

/** Where a specification is. */
export interface SpecificationContext {
  readonly scope: Construct;
  /** What errors put before the names of props: nothing, or `specifications.<type>.`. */
  readonly prefix: string;
  /** Whose the role of the instances is. */
  readonly grantee: IGrantable;
  /** By which a framework's image is chosen. */
  readonly instanceType?: string;
  /** Whether it is an adapter to another component, which has instances and a container already. */
  readonly isAdapter?: boolean;
  /** Whether the instances reach no network. */
  readonly isIsolated?: boolean;
}

/** What a component asks for. */
export function specification(context: SpecificationContext, options: ComponentSpecificationOptions): CfnInferenceComponent.InferenceComponentSpecificationProperty {
  const { scope, prefix, isAdapter } = context;
  const { model, container } = options;
  if (!model && !container) { refuse(scope, `${prefix}model`, 'be given, or container', undefined); }
  if (model && container) { refuse(scope, `${prefix}container`, 'be left out where there is a model', 'both'); }
  if (isAdapter) { checkAdapter(context, options); }
  if (model instanceof Model) {
    warnAcrossStacks(scope, `${prefix}model`, model);
    model._servedAsComponent(scope, context.instanceType);
  }
  return {
    modelName: model?.modelName,
    container: container && containerOf(context, container),
    startupParameters: startupParameters(context, options),
    computeResourceRequirements: isAdapter ? undefined : resources(context, options),
    dataCacheConfig: options.dataCache === undefined ? undefined : { enableCaching: options.dataCache },
    schedulingConfig: scheduling(context, options),
  };
}

/** An adapter is an artifact, and otherwise what its base is. */
function checkAdapter({ scope, prefix }: SpecificationContext, options: ComponentSpecificationOptions): void {
  if (!options.container?.modelData) { refuse(scope, `${prefix}container.modelData`, 'be given with adapterOf: the artifact of the adapter', undefined); }
  for (const prop of ['memory', 'maxMemory', 'cpus', 'accelerators', 'placement'] as const) {
    if (options[prop] !== undefined) { refuse(scope, `${prefix}${prop}`, 'be left out with adapterOf: an adapter shares what its base has', 'both'); }
  }
}

function containerOf(context: SpecificationContext, container: ComponentContainerOptions): CfnInferenceComponent.InferenceComponentContainerSpecificationProperty {
  const { scope, prefix, grantee, isAdapter } = context;
  const { image, modelData, secrets } = container;
  if (!image && !isAdapter) { refuse(scope, `${prefix}container.image`, 'be given', undefined); }
  if (image && isAdapter) { refuse(scope, `${prefix}container.image`, 'be left out with adapterOf: an adapter is in the container of its base', 'both'); }
  const part = prefix === '' ? scope : new Construct(scope, `Container-${context.instanceType}`);
  const boundImage = image?.bind(part, granteeFor(scope, `${prefix}container.image`, grantee));
  if (boundImage?.isInVpc) { refuse(scope, `${prefix}container.image`, 'be in Amazon ECR (a model can have an image of another registry)', boundImage.imageUri); }
  const data = modelData?.bind(part, granteeFor(scope, `${prefix}container.modelData`, grantee));
  if (data && !data.isCompressed) { refuse(scope, `${prefix}container.modelData`, 'be one compressed archive (a model can have a folder of files)', data.s3Uri); }
  const environment = {
    ...container.environment,
    ...secretVariables({
      scope, prefix: `${prefix}container.`, secrets, environment: container.environment, isolatedBy: context.isIsolated ? 'networkIsolation of the endpoint configuration' : undefined, longest: [1024, 1024],
      granteeFor: (prop) => granteeFor(scope, prop, grantee),
    }),
  };
  checkEnvironment(scope, environment, `${prefix}container.environment`);
  return { image: boundImage?.imageUri, artifactUrl: data?.s3Uri, environment: nonEmpty(environment), containerMetricsConfig: metrics(context, container) };
}

function metrics({ scope, prefix }: SpecificationContext, { metricsPath: path, metricsFrequency: frequency }: ComponentContainerOptions): CfnInferenceComponent.ContainerMetricsConfigProperty | undefined {
  if (path === undefined) {
    if (frequency) { refuse(scope, `${prefix}container.metricsFrequency`, 'come with metricsPath', frequency.toHumanString()); }
    return undefined;
  }
  lengthInRange(scope, `${prefix}container.metricsPath`, path, 2, 256);
  matches(scope, `${prefix}container.metricsPath`, path, /^\/(?!.*\.\.)[a-zA-Z0-9/_.-]+$/, 'a path, for instance /server/metrics');
  return { metricsEndpoints: [{ metricsEndpointPath: path, metricPublishFrequencyInSeconds: publishFrequency(scope, `${prefix}container.metricsFrequency`, frequency) }] };
}

function startupParameters({ scope, prefix }: SpecificationContext, options: ComponentSpecificationOptions): CfnInferenceComponent.InferenceComponentStartupParametersProperty | undefined {
  const { modelDataDownloadTimeout: download, containerStartupTimeout: startup } = options;
  for (const [name, timeout] of Object.entries({ modelDataDownloadTimeout: download, containerStartupTimeout: startup })) {
    durationInRange(scope, `${prefix}${name}`, timeout, Duration.minutes(1), Duration.hours(1));
  }
  return nonEmpty(definedMembers({
    modelDataDownloadTimeoutInSeconds: download && wholeSeconds(scope, `${prefix}modelDataDownloadTimeout`, download),
    containerStartupHealthCheckTimeoutInSeconds: startup && wholeSeconds(scope, `${prefix}containerStartupTimeout`, startup),
  }));
}

function resources({ scope, prefix }: SpecificationContext, { memory, maxMemory, cpus, accelerators }: ComponentSpecificationOptions): CfnInferenceComponent.InferenceComponentComputeResourceRequirementsProperty {
  if (!memory) { return refuse(scope, `${prefix}memory`, 'be given', memory); }
  const minMemoryRequiredInMb = wholeMebibytes(scope, `${prefix}memory`, memory);
  const maxMemoryRequiredInMb = maxMemory && wholeMebibytes(scope, `${prefix}maxMemory`, maxMemory);
  inRange(scope, `${prefix}memory`, minMemoryRequiredInMb, 128, 2147483647, 'MiB');
  if (maxMemory && !isToken(maxMemoryRequiredInMb) && !isToken(minMemoryRequiredInMb) && maxMemoryRequiredInMb! < minMemoryRequiredInMb) {
    refuse(scope, `${prefix}maxMemory`, `be at least memory, which is ${minMemoryRequiredInMb} MiB`, `${maxMemoryRequiredInMb} MiB`);
  }
  for (const [prop, count, least] of [['cpus', cpus, 0.25], ['accelerators', accelerators, 1]] as const) {
    if (count !== undefined && !isToken(count) && !(count >= least && Number.isFinite(count))) { refuse(scope, `${prefix}${prop}`, `be ${least} or more`, count); }
  }
  return { minMemoryRequiredInMb, maxMemoryRequiredInMb, numberOfCpuCoresRequired: cpus, numberOfAcceleratorDevicesRequired: accelerators };
}

/** `PERMISSIVE` is the only way in which zones are balanced. */
function scheduling({ scope, prefix }: SpecificationContext, { placement }: ComponentSpecificationOptions): CfnInferenceComponent.InferenceComponentSchedulingConfigProperty | undefined {
  if (placement) { checkOptions(scope, `${prefix}placement.`, placement.balance, OF_A_PLACEMENT); }
  const maxImbalance = placement?.balance.maxZoneImbalance;
  inRange(scope, `${prefix}placement.maxZoneImbalance`, maxImbalance, 0, 100);
  return placement && { placementStrategy: placement.strategy, availabilityZoneBalance: { enforcementMode: 'PERMISSIVE', maxImbalance } };
}
