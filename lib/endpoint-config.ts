import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig, type CfnEndpointConfigProps, type EndpointConfigReference, type IEndpointConfigRef } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AsyncInference } from './async-inference';
import { instanceTypesOf, type BoundVariant } from './bound-variant';
import { outputKeyOf, volumeKeyOf } from './chosen-keys';
import { checkTogether, warnOf } from './endpoint-config-checks';
import type { EndpointConfigOptions } from './endpoint-config-options';
import { ISOLATION_OF_MODELS, isolatedProps } from './isolation';
import { JobNetwork, type JobNetworkProps } from './job-network';
import { Model, type IModel } from './model';
import { countInRange, isToken, refuse, serviceName, unique } from './request/checks';
import { checkEndpointConfigKinds } from './request/hosting-prop-kinds';
import { checkImportedName, placeOf } from './request/kinds';
import { definedMembers, nonEmpty } from './request/members';
import { publishFrequency } from './request/publish-frequency';
import { kindOfVariant } from './scaled-resource';
import { executionRole, grantNetworkInterfaces, policiesOf } from './template/execution-role';
import { boundToEach, granteeFor } from './template/granted';
import { injected } from './template/injected';
import { arnName } from './template/names';
import { keepNewerMembers } from './template/newer-members';
import { RecordedGrants, warnOfUnknownRole } from './template/recorded-grants';
import type { Variant } from './variant';

/** Members that aws-cdk-lib 2.224.0 does not know. */
const NEWER_OF_VARIANTS = ['instancePools', 'variantInstanceProvisionTimeoutInSeconds', 'managedInstanceScaling.scaleInPolicy', 'routingConfig.prefixAwareRoutingConfig', 'coreDumpConfig'];
const NEWER_MEMBERS = ['metricsConfig', ...['productionVariants', 'shadowProductionVariants'].flatMap((variants) => NEWER_OF_VARIANTS.map((member) => `${variants}.${member}`))];

type AsyncInferenceConfig = CfnEndpointConfig.AsyncInferenceConfigProperty;

/** An endpoint configuration. */
export interface IEndpointConfig extends IResource, IEndpointConfigRef {
  /**
   * The name of the endpoint configuration.
   *
   * @attribute
   */
  readonly endpointConfigName: string;
  /**
   * The ARN of the endpoint configuration.
   *
   * @attribute
   */
  readonly endpointConfigArn: string;
}

/** What an endpoint configuration is made of. `vpc`, `vpcSubnets`, `securityGroups` and `isolated` are for `Variant.ofComponents`; models have networks of their own. */
export interface EndpointConfigProps extends EndpointConfigOptions, JobNetworkProps {
  /** The variants by name; 1 to 10. Names have at most 63 letters, digits and dashes. */
  readonly variants: { [variantName: string]: Variant };
  /**
   * A variant that gets copies of requests, and whose answers nobody sees: 1, beside 1 in `variants`, and by another name. Its weight says of how
   * many requests: with the weights 1 and 0.5, of half of them. Both on instances, and not of pipelines, many models, or model packages of AWS Marketplace.
   *
   * @default - none
   */
  readonly shadowVariants?: { [variantName: string]: Variant };
  /**
   * The role of the instances of `Variant.ofComponents`. Models have roles of their own. A role of the app is allowed what the props need, also one that is
   * given; one made elsewhere is used as it is, and a warning lists what it must be allowed.
   *
   * @default - one of its own
   */
  readonly role?: IRole;
  /**
   * Cuts inference components off from every network. For `Variant.ofComponents`; models say it themselves.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;
  /**
   * The name, at most 63 letters, digits and dashes. A configuration with a name given can't be replaced by a change,
   * and every change replaces it: there is a warning.
   *
   * @default - a generated name
   */
  readonly endpointConfigName?: string;
}

/**
 * What is behind an endpoint: one model, or several that share the traffic.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 *
 * @example
 * const config = new EndpointConfig(this, 'Config', {
 *   variants: {
 *     current: Variant.onInstances(model, { instanceType: 'ml.m5.large', instanceCount: 2, weight: 9 }),
 *     next: Variant.onInstances(challenger, { instanceType: 'ml.m5.large', weight: 1 }),
 *   },
 * });
 * new Endpoint(this, 'Endpoint', { config });
 */
export class EndpointConfig extends Resource implements IEndpointConfig, IConnectable {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.EndpointConfig';

  /** An endpoint configuration made elsewhere, in the account and the Region of the stack. */
  public static fromEndpointConfigName(scope: Construct, id: string, endpointConfigName: string): IEndpointConfig {
    checkImportedName(placeOf(scope, id), 'endpointConfigName', endpointConfigName);
    class Import extends Resource implements IEndpointConfig {
      public readonly endpointConfigName = endpointConfigName;
      public readonly endpointConfigArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint-config', resourceName: arnName(endpointConfigName) });
      public readonly endpointConfigRef: EndpointConfigReference = { endpointConfigArn: this.endpointConfigArn };
    }
    return new Import(scope, id);
  }

  public readonly endpointConfigName: string;
  public readonly endpointConfigArn: string;
  public readonly endpointConfigRef: EndpointConfigReference;
  /** The role of the instances of `Variant.ofComponents`; undefined where models have roles of their own. */
  public readonly role?: IRole;
  /**
   * Where inference components are.
   *
   * @internal
   */
  public readonly _network?: JobNetwork;
  /** What models would have to be allowed that were made elsewhere, and whose roles nobody said. */
  private readonly unknownRoles = new RecordedGrants(this);
  /**
   * The variants as they are asked for: what an endpoint scales, measures and keeps is said of these.
   *
   * @internal
   */
  public readonly _variants: readonly BoundVariant[];
  /**
   * The variants that only listen.
   *
   * @internal
   */
  public readonly _shadows: readonly BoundVariant[];
  /**
   * How many seconds there are between two values of the metrics of requests; undefined where that is known at deployment.
   *
   * @internal
   */
  public readonly _requestMetricsFrequency?: number;
  /** @internal */
  public readonly _asyncInference?: AsyncInference;
  /**
   * The key of answers that `asyncInference` names none for: who reads them decrypts with it.
   *
   * @internal
   */
  public _answersKey?: IKey;
  /**
   * Whether inference components reach no network.
   *
   * @internal
   */
  public readonly _isIsolated: boolean;
  /**
   * Whose roles read requests and write answers.
   *
   * @internal
   */
  public readonly _answering: readonly IGrantable[];

  constructor(scope: Construct, id: string, props: EndpointConfigProps) {
    super(scope, id);
    props = injected(this, EndpointConfig.PROPERTY_INJECTION_ID, props);
    this.checkKinds(props);
    props = isolatedProps(this, props, ISOLATION_OF_MODELS);
    this._network = JobNetwork.of(this, props);
    this.role = this.roleOfComponents(props);
    this._variants = this.boundVariants('variants', props);
    const shadows = this.boundVariants('shadowVariants', props);
    this._shadows = shadows;
    const bound = [...this._variants, ...shadows];
    checkTogether(this, props, this._variants, shadows);
    this.checkScaling(bound);
    const own = props.encryptionKey && { key: props.encryptionKey, prop: 'encryptionKey' };
    const volumeKey = volumeKeyOf(this, own, props.encryption, bound.flatMap(({ property }) => instanceTypesOf(property)));
    warnOf(this, props, bound, volumeKey);
    this._requestMetricsFrequency = requestMetricsFrequency(props);
    this._asyncInference = props.asyncInference;
    this._isIsolated = props.networkIsolation ?? false;
    this._answering = this.answering(bound.map(({ variant }) => variant));
    const definition = this.definition(props, shadows, this._answering, volumeKey?.key);
    const config = new CfnEndpointConfig(this, 'Resource', definition);
    keepNewerMembers(config, definition, NEWER_MEMBERS);
    if (props.configRemovalPolicy) { config.applyRemovalPolicy(props.configRemovalPolicy); }
    // a model of the app waits for its role's policy by itself
    for (const role of this.role ? [this.role] : this.importedRoles(bound)) { config.node.addDependency(policiesOf(role)); }
    if (this._network) { config.node.addDependency(this._network._ready); }
    warnOfUnknownRole(this, this.unknownRoles, 'what the configuration has it read and write');
    this.endpointConfigName = config.attrEndpointConfigName;
    this.endpointConfigArn = config.ref;                     // an endpoint configuration's Ref is its ARN
    this.endpointConfigRef = { endpointConfigArn: this.endpointConfigArn };
  }

  /** The security groups of inference components. Throws when there is no VPC. */
  public get connections(): Connections {
    return this._network?.connections ?? refuse(this, 'vpc', 'be given for a configuration to have connections', undefined);
  }

  private checkKinds(props: EndpointConfigProps): void {
    checkEndpointConfigKinds(this, props);
    serviceName(this, 'endpointConfigName', props.endpointConfigName);
    if (props.isolated && Object.values(props.variants).every(({ model }) => model)) { refuse(this, 'isolated', 'come with Variant.ofComponents: models have their own', 'variants with models'); }
    countInRange(this, 'variants', props.variants, 1, 10);
    countInRange(this, 'shadowVariants', props.shadowVariants, 1, 1);
  }

  /** Models have roles of their own. */
  private roleOfComponents({ variants, role }: EndpointConfigProps): IRole | undefined {
    if (Object.values(variants).every(({ model }) => model)) { return undefined; }
    const own = executionRole(this, 'Endpoints', role);
    if (this._network) { grantNetworkInterfaces(granteeFor(this, 'vpc', own)); }
    return own;
  }

  /** Whose roles they are that containers of these variants have, as far as they are known. */
  private answering(variants: readonly Variant[]): IGrantable[] {
    if (this.role) { return [this.role]; }
    return [...new Set(variants.flatMap((variant) => variant._models).map((model) => (roleOf(model) ? model : this.unknownRoles)))];
  }

  private importedRoles(bound: readonly BoundVariant[]): IRole[] {
    return bound.flatMap(({ variant }) => variant._models).flatMap((model) => (model instanceof Model ? [] : roleOf(model) ?? []));
  }

  private boundVariants(prop: 'variants' | 'shadowVariants', props: EndpointConfigProps): BoundVariant[] {
    const isShadowed = props.shadowVariants !== undefined;
    return Object.entries(props[prop] ?? {}).map(([name, variant]) => {
      serviceName(this, `${prop}.${name}`, name, 'named with');
      const answering = this.answering([variant]);
      const property = this.encryptedDumps(props, variant.bind(this, name, { prop: `${prop}.${name}`, answering, isShadowed }), answering);
      return { name, variantName: property.variantName, variant, property, kind: kindOfVariant(property, props.asyncInference !== undefined) };
    });
  }

  private checkScaling(bound: readonly BoundVariant[]): void {
    unique(this, 'variants', bound.map(({ variantName }) => variantName));
    for (const { name, variant, kind, property } of this._variants) { variant._checkScaling(this, `variants.${name}`, kind, property); }
  }

  private definition(props: EndpointConfigProps, shadows: readonly BoundVariant[], answering: readonly IGrantable[], volumeKey: IKey | undefined): CfnEndpointConfigProps {
    const { asyncInference, dataCapture, explainer } = props;
    const queue = asyncInference && boundToEach(this, 'asyncInference', answering, (model) => asyncInference.bind(this, model));
    const capture = dataCapture && boundToEach(this, 'dataCapture', answering, (model) => dataCapture.bind(this, model));
    return {
      endpointConfigName: props.endpointConfigName,
      kmsKeyId: volumeKey?.keyArn,
      executionRoleArn: this.role?.roleArn,
      enableNetworkIsolation: props.networkIsolation,
      vpcConfig: this._network && {
        securityGroupIds: this._network.config.securityGroups.map((group) => group.securityGroupId),
        subnets: this._network.config.subnets.map((subnet) => subnet.subnetId),
      },
      productionVariants: this._variants.map(({ property }) => property),
      shadowProductionVariants: shadows.length > 0 ? shadows.map(({ property }) => property) : undefined,
      asyncInferenceConfig: queue && this.encryptedQueue(props, queue, answering),
      dataCaptureConfig: capture && { ...capture, kmsKeyId: capture.kmsKeyId ?? outputKeyOf(this, props.encryption, capture.destinationS3Uri, answering)?.keyArn },
      explainerConfig: explainer && boundToEach(this, 'explainer', answering, (model) => explainer.bind(this, model)),
      metricsConfig: this.metrics(props),
    };
  }

  /** What a class of somebody else's says in a token is left as it is. */
  private encryptedQueue({ encryption }: EndpointConfigProps, queue: AsyncInferenceConfig, answering: readonly IGrantable[]): AsyncInferenceConfig {
    const { outputConfig } = queue;
    if (isToken(outputConfig)) { return queue; }
    const { kmsKeyId, s3OutputPath = '' } = outputConfig as CfnEndpointConfig.AsyncInferenceOutputConfigProperty;
    if (kmsKeyId !== undefined) { return queue; }
    this._answersKey = outputKeyOf(this, encryption, s3OutputPath, answering);
    return { ...queue, outputConfig: { ...outputConfig, kmsKeyId: this._answersKey?.keyArn } };
  }

  private encryptedDumps({ encryption }: EndpointConfigProps, property: CfnEndpointConfig.ProductionVariantProperty, answering: readonly IGrantable[]): CfnEndpointConfig.ProductionVariantProperty {
    const dumps = property.coreDumpConfig as { readonly destinationS3Uri: string; readonly kmsKeyId?: string } | undefined;
    const key = dumps && dumps.kmsKeyId === undefined ? outputKeyOf(this, encryption, dumps.destinationS3Uri, answering) : undefined;
    return key ? { ...property, coreDumpConfig: { ...dumps!, kmsKeyId: key.keyArn } } : property;
  }

  private metrics({ enhancedMetrics, detailedObservability, metricsFrequency }: EndpointConfigProps): CfnEndpointConfig.MetricsConfigProperty | undefined {
    return nonEmpty(definedMembers({
      enableEnhancedMetrics: enhancedMetrics, enableDetailedObservability: detailedObservability, metricPublishFrequencyInSeconds: publishFrequency(this, 'metricsFrequency', metricsFrequency),
    }));
  }
}

/** Those of requests are published every minute, whatever is said, unless they are enhanced. */
function requestMetricsFrequency({ enhancedMetrics, metricsFrequency }: EndpointConfigProps): number | undefined {
  if (isToken(enhancedMetrics) || (enhancedMetrics && metricsFrequency?.isUnresolved())) { return undefined; }
  return enhancedMetrics && metricsFrequency ? metricsFrequency.toSeconds() : 60;
}

function roleOf(model: IModel): IRole | undefined {
  return (model as Partial<Model>).role;
}
