import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnEndpointConfig, type EndpointConfigReference, type IEndpointConfigRef } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AsyncInference } from './async-inference';
import type { BoundVariant } from './bound-variant';
import type { EndpointConfigOptions } from './endpoint-config-options';
import { Model } from './model';
import { countInRange, refuse, serviceName } from './request/checks';
import { executionRole, policiesOf } from './template/execution-role';
import { arnName } from './template/names';
import { RecordedGrants } from './template/recorded-grants';
import type { Variant } from './variant';

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

/** What an endpoint configuration is made of. */
export interface EndpointConfigProps extends EndpointConfigOptions {
  /** The variants by name; 1 to 10. Names have at most 63 letters, digits and dashes. */
  readonly variants: { [variantName: string]: Variant };
  /**
   * The role of the instances of `Variant.ofComponents`. Models have roles of their own.
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
   * and every change replaces it.
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
export class EndpointConfig extends Resource implements IEndpointConfig {
  /** An endpoint configuration made elsewhere, in the account and the Region of the stack. */
  public static fromEndpointConfigName(scope: Construct, id: string, endpointConfigName: string): IEndpointConfig {
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
  /**
   * The variants as they are asked for: what an endpoint scales, measures and keeps is said of these.
   *
   * @internal
   */
  public readonly _variants: readonly BoundVariant[];
  /** @internal */
  public readonly _asyncInference?: AsyncInference;
  /**
   * Whose roles read requests and write answers.
   *
   * @internal
   */
  public readonly _answering: readonly IGrantable[];

  constructor(scope: Construct, id: string, props: EndpointConfigProps) {
    super(scope, id);
    serviceName(this, 'endpointConfigName', props.endpointConfigName);
    countInRange(this, 'variants', props.variants, 1, 10);
    bindable(this, 'asyncInference', props.asyncInference, 'an AsyncInference, for instance AsyncInference.toBucket(bucket, prefix)');
    bindable(this, 'dataCapture', props.dataCapture, 'a DataCapture, for instance DataCapture.toBucket(bucket, prefix)');
    this._variants = this.boundVariants(props);
    const variants = this._variants.map(({ property }) => property);
    const hasComponents = variants.some(({ modelName }) => modelName === undefined);
    this.checkTogether(props, variants, hasComponents);
    const role = hasComponents ? props.role ?? executionRole(this, 'Endpoints') : undefined;
    const answering = role ? [role] : Object.values(props.variants).flatMap(({ model }) => (model instanceof Model ? [model] : []));
    this._asyncInference = props.asyncInference;
    this._answering = answering;
    const config = new CfnEndpointConfig(this, 'Resource', {
      endpointConfigName: props.endpointConfigName,
      kmsKeyId: props.encryptionKey?.keyArn,
      executionRoleArn: role?.roleArn,
      enableNetworkIsolation: props.networkIsolation,
      productionVariants: variants,
      asyncInferenceConfig: props.asyncInference && forEach(answering, (model) => props.asyncInference!.bind(this, model)),
      dataCaptureConfig: props.dataCapture && forEach(answering, (model) => props.dataCapture!.bind(this, model)),
    });
    if (role) { config.node.addDependency(policiesOf(role)); }
    this.endpointConfigName = config.attrEndpointConfigName;
    this.endpointConfigArn = config.ref;                     // an endpoint configuration's Ref is its ARN
    this.endpointConfigRef = { endpointConfigArn: this.endpointConfigArn };
  }

  private boundVariants({ variants }: EndpointConfigProps): BoundVariant[] {
    return Object.entries(variants).map(([name, variant]) => {
      serviceName(this, `variants.${name}`, name, 'named with');
      bindable(this, `variants.${name}`, variant ?? null, 'a Variant, for instance Variant.onInstances(model, { instanceType })');
      const property = variant.bind(this, name);
      return { name, variantName: property.variantName, variant, property };
    });
  }

  private checkTogether(props: EndpointConfigProps, variants: CfnEndpointConfig.ProductionVariantProperty[], hasComponents: boolean): void {
    if (variants.some(({ serverlessConfig }) => serverlessConfig)) {
      if (variants.length > 1) { refuse(this, 'variants', 'have 1 entry where it is serverless', variants.length); }
      for (const prop of ['asyncInference', 'dataCapture'] as const) {
        if (props[prop]) { refuse(this, prop, 'be left out for a serverless variant, which has no instances to do it', 'both'); }
      }
    }
    if (hasComponents && variants.some(({ modelName }) => modelName !== undefined)) {
      refuse(this, 'variants', 'all be Variant.ofComponents or have models', 'both');
    }
    for (const prop of ['role', 'networkIsolation'] as const) {
      if (!hasComponents && props[prop] !== undefined) { refuse(this, prop, 'come with Variant.ofComponents: models have their own', 'variants with models'); }
    }
  }
}

/** Programs in JavaScript, or with `any`, are checked by no compiler. */
function bindable(scope: Construct, prop: string, value: { readonly bind?: unknown } | null | undefined, words: string): void {
  if (value !== undefined && typeof value?.bind !== 'function') { refuse(scope, prop, `be ${words}`, value ?? undefined); }
}

/** What is said once, and granted to everybody; a model made elsewhere has a role that is not ours to change. */
function forEach<T>(grantees: IGrantable[], bind: (grantee: IGrantable) => T): T {
  return (grantees.length > 0 ? grantees : [new RecordedGrants()]).map(bind)[0];
}
