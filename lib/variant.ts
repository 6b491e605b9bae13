import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations, Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AutoScaling } from './auto-scaling';
import { Model, type IModel } from './model';
import { durationInRange, inRange, isToken, matches, oneOf, refuse, wholeGibibytes, wholeMebibytes, wholeSeconds } from './request/checks';
import type { ScaledKind } from './scaled-resource';
import { scaledVariantName } from './template/scaled-variant-name';
import type { ComponentInstanceOptions, InstanceOptions, ServerlessOptions, VariantInstanceOptions } from './variant-options';

/**
 * A model behind an endpoint, and what it runs on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 *
 * @example
 * new EndpointConfig(this, 'Config', {
 *   variants: { AllTraffic: Variant.onInstances(model, { instanceType: 'ml.m5.large', instanceCount: 2 }) },
 * });
 * new EndpointConfig(this, 'Sometimes', { variants: { AllTraffic: Variant.serverless(model, { memorySize: Size.gibibytes(4) }) } });
 */
export abstract class Variant {
  /** On instances of its own. */
  public static onInstances(model: IModel, options: InstanceOptions): Variant {
    return new OnInstances(model, options);
  }

  /**
   * Without instances of its own: SageMaker finds some when requests come. It is the only variant of its configuration.
   *
   * The configuration throws for a model that can't be served so: in a VPC, under network isolation, of several containers or many models, or of
   * a folder of files.
   */
  public static serverless(model: IModel, options: ServerlessOptions = {}): Variant {
    return new Serverless(model, options);
  }

  /** On instances that inference components share, which are put there one by one (`InferenceComponent`). */
  public static ofComponents(options: ComponentInstanceOptions): Variant {
    return new OfComponents(options);
  }

  /** The model; inference components have models of their own. */
  public readonly model?: IModel;

  /** How many instances there are, or how much of a serverless variant is kept ready, where that changes by itself. */
  public readonly autoScaling?: AutoScaling;

  /** Says what the endpoint configuration asks for. */
  public abstract bind(config: Construct, variantName: string): CfnEndpointConfig.ProductionVariantProperty;

  /**
   * Refuses a scaling that what is asked for can't have.
   *
   * @internal
   */
  public _checkScaling(config: Construct, prop: string, kind: ScaledKind, { instanceType, initialInstanceCount, serverlessConfig }: CfnEndpointConfig.ProductionVariantProperty): void {
    if (!this.autoScaling) { return; }
    const { provisionedConcurrency, maxConcurrency } = (serverlessConfig ?? {}) as CfnEndpointConfig.ServerlessConfigProperty;
    if (kind === 'serverless' && provisionedConcurrency === undefined) { refuse(config, `${prop}.autoScaling`, 'come with provisionedConcurrency: that is what is scaled', 'autoScaling alone'); }
    if (instanceType && /^ml\.t\d/.test(instanceType)) { refuse(config, `${prop}.instanceType`, 'be of a type that is not burstable, for instance ml.m5.large: SageMaker scales no others', instanceType); }
    this.autoScaling._check(config, `${prop}.autoScaling`, kind === 'serverless'
      ? { kind, countProp: `${prop}.provisionedConcurrency`, count: provisionedConcurrency, limit: { prop: 'maxConcurrency', value: maxConcurrency } }
      : { kind, countProp: `${prop}.instanceCount`, count: initialInstanceCount });
  }
}

/** Those there are. */
const ACCELERATORS = ['ml.eia1.medium', 'ml.eia1.large', 'ml.eia1.xlarge', 'ml.eia2.medium', 'ml.eia2.large', 'ml.eia2.xlarge'];

class OnInstances extends Variant {
  public readonly model: IModel;
  public readonly autoScaling?: AutoScaling;

  public constructor(model: IModel, private readonly options: InstanceOptions) {
    super();
    this.model = model;
    this.autoScaling = options.autoScaling;
  }

  public bind(config: Construct, variantName: string): CfnEndpointConfig.ProductionVariantProperty {
    const { instanceType, acceleratorType, weight = 1 } = this.options;
    const prop = `variants.${variantName}`;
    const instances = instancesOf(config, prop, { ...this.options, instanceCount: this.options.instanceCount ?? this.autoScaling?._initialCount });
    checkWeight(config, prop, weight);
    oneOf(config, `${prop}.acceleratorType`, acceleratorType, ACCELERATORS);
    if (acceleratorType !== undefined) {
      Annotations.of(config).addWarningV2('cdk-sagemaker:elasticInference', `${prop}: Elastic Inference takes no new customers since April 2023; CloudFormation's schema no longer lists its accelerators, and may refuse them`);
    }
    if (this.model instanceof Model) { this.model._servedOn(config, prop, { instanceType, acceleratorType }); }
    return {
      variantName: this.autoScaling ? scaledVariantName(variantName, [instanceType]) : variantName,
      modelName: this.model.modelName, ...instances, initialVariantWeight: weight, acceleratorType,
    };
  }
}

class Serverless extends Variant {
  public readonly model: IModel;
  public readonly autoScaling?: AutoScaling;

  public constructor(model: IModel, private readonly options: ServerlessOptions) {
    super();
    this.model = model;
    this.autoScaling = options.autoScaling;
  }

  public bind(config: Construct, variantName: string): CfnEndpointConfig.ProductionVariantProperty {
    const { memorySize, maxConcurrency = 5, provisionedConcurrency, weight = 1 } = this.options;
    const prop = `variants.${variantName}`;
    if (memorySize && !memorySize.isUnresolved()) { inRange(config, `${prop}.memorySize`, wholeGibibytes(config, `${prop}.memorySize`, memorySize), 1, 6, 'GiB'); }
    const memorySizeInMb = memorySize ? wholeMebibytes(config, `${prop}.memorySize`, memorySize) : 2048;
    inRange(config, `${prop}.maxConcurrency`, maxConcurrency, 1, 200);
    inRange(config, `${prop}.provisionedConcurrency`, provisionedConcurrency, 1, isToken(maxConcurrency) ? 200 : maxConcurrency);
    checkWeight(config, prop, weight);
    if (this.model instanceof Model) { this.model._servedOn(config, prop, { isServerless: true }); }
    const serverlessConfig = { memorySizeInMb, maxConcurrency, provisionedConcurrency };
    return { variantName, modelName: this.model.modelName, initialVariantWeight: weight, serverlessConfig };
  }
}

class OfComponents extends Variant {
  public constructor(private readonly options: ComponentInstanceOptions) { super(); }

  public bind(config: Construct, variantName: string): CfnEndpointConfig.ProductionVariantProperty {
    const { instanceCount = 1, maxInstanceCount: max, minInstanceCount: min, routing } = this.options;
    const prop = `variants.${variantName}`;
    if ((this.options as { readonly autoScaling?: AutoScaling }).autoScaling) { refuse(config, `${prop}.autoScaling`, 'be left out: maxInstanceCount scales the instances, and autoScaling of each InferenceComponent its copies', 'autoScaling'); }
    if (min !== undefined && max === undefined) { refuse(config, `${prop}.minInstanceCount`, 'come with maxInstanceCount', min); }
    inRange(config, `${prop}.maxInstanceCount`, max, isToken(instanceCount) ? 1 : instanceCount, 2147483647);
    inRange(config, `${prop}.minInstanceCount`, min, 0, isToken(max) ? 2147483647 : max ?? 0);
    return {
      variantName,
      ...instancesOf(config, prop, this.options),
      managedInstanceScaling: max === undefined ? undefined : { status: 'ENABLED', minInstanceCount: min ?? instanceCount, maxInstanceCount: max },
      routingConfig: routing && { routingStrategy: routing },
    };
  }
}

function instancesOf(config: Construct, prop: string, options: VariantInstanceOptions): Omit<CfnEndpointConfig.ProductionVariantProperty, 'variantName'> {
  const { instanceType, instanceCount = 1, volumeSize, modelDataDownloadTimeout: download, containerStartupTimeout: startup } = options;
  if (!instanceType) { refuse(config, `${prop}.instanceType`, 'be given', instanceType); }
  matches(config, `${prop}.instanceType`, instanceType, /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type of SageMaker, for instance ml.m5.large');
  inRange(config, `${prop}.instanceCount`, instanceCount, 1, 2147483647);
  for (const [name, timeout] of Object.entries({ modelDataDownloadTimeout: download, containerStartupTimeout: startup })) {
    durationInRange(config, `${prop}.${name}`, timeout, Duration.minutes(1), Duration.hours(1));
  }
  const volumeSizeInGb = volumeSize && wholeGibibytes(config, `${prop}.volumeSize`, volumeSize);
  inRange(config, `${prop}.volumeSize`, volumeSizeInGb, 1, 512);
  return {
    instanceType,
    initialInstanceCount: instanceCount,
    volumeSizeInGb,
    modelDataDownloadTimeoutInSeconds: download && wholeSeconds(config, `${prop}.modelDataDownloadTimeout`, download),
    containerStartupHealthCheckTimeoutInSeconds: startup && wholeSeconds(config, `${prop}.containerStartupTimeout`, startup),
  };
}

function checkWeight(config: Construct, prop: string, weight: number): void {
  if (!isToken(weight) && !(weight >= 0 && Number.isFinite(weight))) { refuse(config, `${prop}.weight`, 'be 0 or more', weight); }
}
