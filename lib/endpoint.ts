import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { ArnFormat, Stack, type CfnResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { isAutoscaled, type BoundVariant } from './bound-variant';
import { EndpointBase, type IEndpoint } from './endpoint-base';
import { EndpointConfig, type IEndpointConfig } from './endpoint-config';
import { deploymentOf, resourceId } from './endpoint-deployment';
import { factsOf, type EndpointFacts } from './endpoint-facts';
import type { EndpointOptions } from './endpoint-options';
import { countInRange, isToken, matches, oneOf, refuse, serviceName } from './request/checks';
import { checkEndpointKinds } from './request/hosting-prop-kinds';
import { checkConstructName, checkGiven, checkImportedName, checkKind, placeOf, STRUCTURE, TEXT, TEXTS } from './request/kinds';
import { warnAcrossStacks } from './template/across-stacks';
import { endpointCheck } from './template/endpoint-check';
import { injected } from './template/injected';
import { arnName } from './template/names';

/** What an endpoint is made of. */
export interface EndpointProps extends EndpointOptions {
  /** What is behind the endpoint. Another configuration is taken over while the endpoint answers. */
  readonly config: IEndpointConfig;
}

/** What is known of an endpoint made elsewhere. */
export interface EndpointAttributes {
  /** The name, in the case that it was made with. */
  readonly endpointName: string;
  /**
   * The variants, as SageMaker calls them; 1 or more. Metrics of the only one need no name then, and a dashboard shows them all.
   *
   * @default - not known
   */
  readonly variantNames?: string[];
  /**
   * Whether it is an asynchronous endpoint, with a queue.
   *
   * @default - not known; every metric can be had
   */
  readonly asynchronous?: boolean;
  /**
   * The account.
   *
   * @default - that of the stack
   */
  readonly account?: string;
  /**
   * The Region.
   *
   * @default - that of the stack
   */
  readonly region?: string;
}

/**
 * An endpoint of SageMaker: `Predictor` of the Python SDK.
 *
 * It answers while it moves to another configuration. Each time it was made or moved, the deployment looks whether it is in service with that configuration, and
 * fails if it is not: SageMaker may roll an update back, and CloudFormation take that for a success. For this the stack has the function
 * that runs its jobs, `JobProvider`.
 *
 * An endpoint can't change between instances and serverless. Such a change makes another endpoint, under another generated name, and deletes the old one.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
 *
 * @example
 * const config = new EndpointConfig(this, 'Config', {
 *   variants: { AllTraffic: Variant.onInstances(model, { instanceType: 'ml.m5.large' }) },
 * });
 * const endpoint = new Endpoint(this, 'Endpoint', { config });
 * endpoint.grantInvoke(caller);
 */
export class Endpoint extends EndpointBase implements IEndpoint {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.Endpoint';

  /** An endpoint made elsewhere, in the account and the Region of the stack. */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): IEndpoint {
    return Endpoint.fromEndpointAttributes(scope, id, { endpointName });
  }

  /**
   * An endpoint made elsewhere, maybe in another account or Region. ARNs are in lower case, and so is the name then; metrics are found by the exact name only:
   * where it has capital letters, take `fromEndpointAttributes`.
   */
  public static fromEndpointArn(scope: Construct, id: string, endpointArn: string): IEndpoint {
    checkGiven(placeOf(scope, id), 'endpointArn', endpointArn, TEXT);
    matches(placeOf(scope, id), 'endpointArn', endpointArn, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:endpoint\/[^/]+$/, 'the ARN of an endpoint');
    const { account, region, resourceName } = Stack.of(scope).splitArn(endpointArn, ArnFormat.SLASH_RESOURCE_NAME);
    return new ImportedEndpoint(scope, id, { endpointName: resourceName!, account, region });
  }

  /**
   * An endpoint made elsewhere, of which more is known than the name.
   *
   * Throws when the list of variants is empty.
   */
  public static fromEndpointAttributes(scope: Construct, id: string, attributes: EndpointAttributes): IEndpoint {
    checkGiven(placeOf(scope, id), 'attributes', attributes, STRUCTURE);
    return new ImportedEndpoint(scope, id, attributes);
  }

  public readonly endpointArn: string;
  public readonly endpointName: string;
  /**
   * One that is given is known before the endpoint is there.
   *
   * @internal
   */
  public readonly _nameInEvents: string;
  /**
   * What is behind it.
   *
   * @internal
   */
  public readonly _config: IEndpointConfig;

  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id);
    props = injected(this, Endpoint.PROPERTY_INJECTION_ID, props);
    checkEndpointKinds(this, props);
    serviceName(this, 'endpointName', props.endpointName);
    refuseTaken(this, props.endpointName);
    this._config = props.config;
    const config = props.config instanceof EndpointConfig ? props.config : undefined;
    const variants = config?._variants;
    if (config) { warnAcrossStacks(this, 'config', config); }
    const endpoint: CfnEndpoint = new CfnEndpoint(this, resourceId(this, props, variants), {
      endpointName: props.endpointName,
      endpointConfigName: props.config.endpointConfigName,
      ...deploymentOf(this, props, config, () => endpoint),
    });
    this.node.defaultChild = endpoint;                       // whatever its id
    const check = endpointCheck(this, endpoint);
    this.endpointArn = endpoint.ref;                         // an endpoint's Ref is its ARN
    this.endpointName = endpoint.attrEndpointName;
    this._nameInEvents = props.endpointName ?? this.endpointName;
    this.scaleVariants(check, variants ?? []);
  }

  /**
   * What SageMaker calls a variant of the configuration: one that is scaled has its instance type in its name. For `TargetVariant` of a request, for instance.
   *
   * Throws for a variant that is none of the configuration's. Of a configuration made elsewhere, the name is taken for what it is.
   */
  public variantName(name: string): string {
    if (!(this._config instanceof EndpointConfig)) { return name; }
    const { _variants: variants } = this._config;
    oneOf(this, 'variantName', name, variants.map((variant) => variant.name));
    return variants.find((variant) => variant.name === name)?.variantName ?? name;
  }

  /** After the check, and so after the endpoint: where SageMaker has taken that back by itself, its variants are others. */
  private scaleVariants(check: CfnResource, variants: readonly BoundVariant[]): void {
    const scaled = variants.filter(isAutoscaled);
    if (scaled.length === 0) { return; }
    const scaling = new Construct(this, 'Scaling');
    for (const { name, variantName, variant, kind } of scaled) {
      checkConstructName(this, `variants.${name}`, name);
      variant.autoScaling!._bind(new Construct(scaling, name), check, { kind, endpointName: this.endpointName, variantName });
    }
  }

  /** @internal */
  public get _facts(): EndpointFacts {
    return factsOf(this._config);
  }
}

/** A second endpoint of a name fails at deployment, when the first may be there. SageMaker compares names whatever their case. */
function refuseTaken(endpoint: Endpoint, name: string | undefined): void {
  if (name === undefined || isToken(name)) { return; }
  const names = TAKEN.get(Stack.of(endpoint)) ?? new Map<string, Endpoint>();
  const other = names.get(name.toLowerCase());
  if (other) { refuse(endpoint, 'endpointName', `be another than that of ${other.node.path}`, name); }
  TAKEN.set(Stack.of(endpoint), names.set(name.toLowerCase(), endpoint));
}

const TAKEN = new WeakMap<Stack, Map<string, Endpoint>>();

class ImportedEndpoint extends EndpointBase {
  public readonly endpointName: string;
  public get _nameInEvents(): string { return this.endpointName; }
  public readonly endpointArn: string;
  public readonly _facts: EndpointFacts;

  public constructor(scope: Construct, id: string, { endpointName, variantNames, asynchronous, account, region }: EndpointAttributes) {
    super(scope, id, { account, region });
    checkImportedName(this, 'endpointName', endpointName);
    checkKind(this, 'variantNames', variantNames, TEXTS);
    if (variantNames) { countInRange(this, 'variantNames', variantNames, 1, 20); }    // 10 that answer and 10 that only listen
    this.endpointName = endpointName;
    this.endpointArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: arnName(endpointName), account, region });
    this._facts = { variants: (variantNames ?? []).map((name) => ({ name, variantName: name })), kind: asynchronous ? 'async' : undefined, shadows: [], answering: [] };
  }
}
