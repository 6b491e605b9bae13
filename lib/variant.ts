import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AutoScaling } from './auto-scaling';
import { Model, type IModel } from './model';
import { inRange, isToken, oneOf, refuse, refuseToken, wholeGibibytes, wholeMebibytes } from './request/checks';
import { checkInstanceKinds, checkServerlessKinds, checkVariantModel } from './request/hosting-prop-kinds';
import type { ScaledKind } from './scaled-resource';
import { scaledVariantName } from './template/scaled-variant-name';
import { variantInstances } from './variant-instances';
import type { ComponentInstanceOptions, InstanceOptions, InstancePool, ServerlessOptions } from './variant-options';

/** What a variant is told of its configuration. */
export interface VariantContext {
  /** What errors call it, for instance `variants.AllTraffic`. */
  readonly prop: string;
  /** The roles of its containers, as far as they are of the app: what they may do is granted to these. */
  readonly answering: IGrantable[];
  /**
   * Whether it has a shadow, or is one.
   *
   * @default false
   */
  readonly isShadowed?: boolean;
}

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

  /**
   * Every model that answers: instances of some types may have one of their own.
   *
   * @internal
   */
  public get _models(): readonly IModel[] { return this.model ? [this.model] : []; }

  /** Says what the endpoint configuration asks for. */
  public abstract bind(config: Construct, variantName: string, context: VariantContext): CfnEndpointConfig.ProductionVariantProperty;

  /**
   * Refuses what is no such thing at all, before anything is made of it.
   *
   * @internal
   */
  public _checkKinds(_config: Construct, _prop: string): void {}

  /**
   * Refuses a scaling that what is asked for can't have.
   *
   * @internal
   */
  public _checkScaling(config: Construct, prop: string, kind: ScaledKind, property: CfnEndpointConfig.ProductionVariantProperty): void {
    if (!this.autoScaling) { return; }
    const { provisionedConcurrency, maxConcurrency } = (property.serverlessConfig ?? {}) as CfnEndpointConfig.ServerlessConfigProperty;
    if (kind === 'serverless' && provisionedConcurrency === undefined) { refuse(config, `${prop}.autoScaling`, 'come with provisionedConcurrency: that is what is scaled', 'autoScaling alone'); }
    if (property.managedInstanceScaling) { refuse(config, `${prop}.autoScaling`, 'be left out with maxInstanceCount, by which SageMaker scales by itself', 'both'); }
    this.autoScaling._check(config, `${prop}.autoScaling`, kind === 'serverless'
      ? { kind, countProp: `${prop}.provisionedConcurrency`, count: provisionedConcurrency, limit: { prop: 'maxConcurrency', value: maxConcurrency } }
      : { kind, countProp: `${prop}.instanceCount`, count: property.initialInstanceCount });
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
    this.autoScaling = options?.autoScaling;                 // the options may be of any kind as yet
  }

  /** @internal */
  public _checkKinds(config: Construct, prop: string): void {
    checkVariantModel(config, prop, this.model);
    checkInstanceKinds(config, prop, this.options);
  }

  /** @internal */
  public get _models(): readonly IModel[] {
    return [this.model, ...this.options.instancePools?.flatMap(({ model }) => model ?? []) ?? []];
  }

  public bind(config: Construct, variantName: string, { prop, answering, isShadowed }: VariantContext): CfnEndpointConfig.ProductionVariantProperty {
    const { instanceType, instancePools, acceleratorType, weight = 1 } = this.options;
    const instances = variantInstances(config, { prop, answering, hasComponents: false }, { ...this.options, instanceCount: this.options.instanceCount ?? this.autoScaling?._initialCount });
    checkWeight(config, prop, weight);
    oneOf(config, `${prop}.acceleratorType`, acceleratorType, ACCELERATORS);
    if (acceleratorType !== undefined) {
      if (instancePools) { refuse(config, `${prop}.acceleratorType`, 'be left out with instancePools', acceleratorType); }
      Annotations.of(config).addWarningV2('cdk-sagemaker:elasticInference', `${prop}: Elastic Inference takes no new customers since April 2023; CloudFormation's schema no longer lists its accelerators, and may refuse them`);
    }
    for (const [index, pool] of (instancePools ?? [{ instanceType }]).entries()) {
      const { model = this.model } = pool as InstancePool;
      const place = instancePools ? `${prop}.instancePools[${index}]` : prop;
      checkPlace(config, place, model);
      if (model instanceof Model) { model._servedOn(config, place, { instanceType: pool.instanceType, acceleratorType, isShadowed }); }
    }
    return { variantName: this.autoScaling ? this.scaledName(config, prop, variantName) : variantName, modelName: this.model.modelName, ...instances, initialVariantWeight: weight, acceleratorType };
  }

  private scaledName(config: Construct, prop: string, variantName: string): string {
    const { instanceType, instancePools } = this.options;
    const types = instancePools?.map((pool) => pool.instanceType) ?? [instanceType!];
    const burstable = types.find((type) => !isToken(type) && /^ml\.t\d/.test(type));
    if (burstable) { refuse(config, `${prop}.instanceType`, 'be of a type that is not burstable, for instance ml.m5.large: SageMaker scales no others', burstable); }
    if (instancePools && types.some(isToken)) { refuseToken(config, `${prop}.instancePools`, 'be known at synthesis where there is autoScaling: the name of the variant follows from them'); }
    return scaledVariantName(variantName, types);
  }
}

/** What programs in JavaScript, or with options that are spread, may say all the same. */
const OF_INSTANCES: { readonly [name in Exclude<keyof InstanceOptions, keyof ServerlessOptions>]: true } = {
  instanceType: true, instancePools: true, provisionTimeout: true, instanceCount: true, minInstanceCount: true, maxInstanceCount: true, scaleIn: true, routing: true,
  capacityReservation: true, inferenceAmi: true, coreDumps: true, ssmAccess: true, volumeSize: true, modelDataDownloadTimeout: true, containerStartupTimeout: true, acceleratorType: true,
};

class Serverless extends Variant {
  public readonly model: IModel;
  public readonly autoScaling?: AutoScaling;

  public constructor(model: IModel, private readonly options: ServerlessOptions) {
    super();
    this.model = model;
    this.autoScaling = options?.autoScaling;
  }

  /** @internal */
  public _checkKinds(config: Construct, prop: string): void {
    checkVariantModel(config, prop, this.model);
    checkServerlessKinds(config, prop, this.options);
  }

  public bind(config: Construct, variantName: string, { prop }: VariantContext): CfnEndpointConfig.ProductionVariantProperty {
    for (const name of Object.keys(OF_INSTANCES) as (keyof typeof OF_INSTANCES)[]) {
      const value = (this.options as InstanceOptions)[name];
      if (value !== undefined) { refuse(config, `${prop}.${name}`, 'be left out for a serverless variant, which has no instances', value); }
    }
    const { memorySize, maxConcurrency = 5, provisionedConcurrency, weight = 1 } = this.options;
    if (memorySize && !memorySize.isUnresolved()) { inRange(config, `${prop}.memorySize`, wholeGibibytes(config, `${prop}.memorySize`, memorySize), 1, 6, 'GiB'); }
    const memorySizeInMb = memorySize ? wholeMebibytes(config, `${prop}.memorySize`, memorySize) : 2048;
    inRange(config, `${prop}.maxConcurrency`, maxConcurrency, 1, 200);
    inRange(config, `${prop}.provisionedConcurrency`, provisionedConcurrency, 1, isToken(maxConcurrency) ? 200 : maxConcurrency);
    checkWeight(config, prop, weight);
    checkPlace(config, prop, this.model);
    if (this.model instanceof Model) { this.model._servedOn(config, prop, { isServerless: true }); }
    const serverlessConfig = { memorySizeInMb, maxConcurrency, provisionedConcurrency };
    return { variantName, modelName: this.model.modelName, initialVariantWeight: weight, serverlessConfig };
  }
}

class OfComponents extends Variant {
  public constructor(private readonly options: ComponentInstanceOptions) { super(); }

  /** @internal */
  public _checkKinds(config: Construct, prop: string): void { checkInstanceKinds(config, prop, this.options); }

  public bind(config: Construct, variantName: string, { prop, answering }: VariantContext): CfnEndpointConfig.ProductionVariantProperty {
    if ((this.options as { readonly autoScaling?: AutoScaling }).autoScaling) { refuse(config, `${prop}.autoScaling`, 'be left out: maxInstanceCount scales the instances, and autoScaling of each InferenceComponent its copies', 'autoScaling'); }
    return { variantName, ...variantInstances(config, { prop, answering, hasComponents: true }, this.options) };
  }
}

/** A model made elsewhere may be of anywhere; behind an endpoint there are those of its own account and Region alone. */
function checkPlace(config: Construct, prop: string, { env }: IModel): void {
  const own = Stack.of(config);
  for (const part of ['account', 'region'] as const) {
    if (!isToken(env[part]) && !isToken(own[part]) && env[part] !== own[part]) {
      refuse(config, `${prop}: the ${part} of the model`, `be that of the configuration, ${own[part]} (register the model in a ModelPackageGroup, and make a Model of its version here)`, env[part]);
    }
  }
}

function checkWeight(config: Construct, prop: string, weight: number): void {
  if (!isToken(weight) && !(weight >= 0 && Number.isFinite(weight))) { refuse(config, `${prop}.weight`, 'be 0 or more', weight); }
}
