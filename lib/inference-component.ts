import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable, type IRole } from 'aws-cdk-lib/aws-iam';
import { CfnInferenceComponent, type CfnInferenceComponentProps, type IEndpoint, type IInferenceComponentRef, type InferenceComponentReference } from 'aws-cdk-lib/aws-sagemaker';
import { Fn, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AutoScaling } from './auto-scaling';
import { instanceTypesOf } from './bound-variant';
import type { ComponentDeployment } from './component-deployment';
import { specification } from './component-specification';
import type { ComponentSpecificationOptions } from './component-specification-options';
import type { Endpoint } from './endpoint';
import { EndpointConfig } from './endpoint-config';
import { InferenceComponentBase, type IInferenceComponentMetrics } from './inference-component-base';
import { countInRange, inRange, isToken, oneOf, refuse, serviceName } from './request/checks';
import { checkComponentKinds } from './request/hosting-prop-kinds';
import { checkImportedName, placeOf } from './request/kinds';
import { scaleCopies, scaledComponentName } from './scaled-component';
import { policiesOf } from './template/execution-role';
import { callerFor } from './template/granted';
import { injected } from './template/injected';
import { arnName } from './template/names';
import { keepNewerMembers } from './template/newer-members';
import { RecordedGrants } from './template/recorded-grants';

/** An inference component. */
export interface IInferenceComponent extends IResource, IInferenceComponentRef, IInferenceComponentMetrics {
  /**
   * The name of the component.
   *
   * @attribute
   */
  readonly inferenceComponentName: string;
  /**
   * The ARN of the component.
   *
   * @attribute
   */
  readonly inferenceComponentArn: string;
}

/** What an inference component is made of. */
export interface InferenceComponentProps extends ComponentSpecificationOptions {
  /** The endpoint, with a variant that is `Variant.ofComponents`. */
  readonly endpoint: IEndpoint;
  /**
   * The name of that variant, one of the endpoint's configuration. Must be given, but with `adapterOf`.
   *
   * @default - an adapter is where its base is
   */
  readonly variantName?: string;
  /**
   * The instance type of the variant, by which a framework's image is chosen.
   *
   * @default - as the model is served elsewhere; CPU if it is not
   */
  readonly instanceType?: string;
  /**
   * The component that this one adapts, which is no adapter itself: `container.modelData` has the adapter, for instance of a LoRA, and everything else is that of the base.
   *
   * @default - it is no adapter
   */
  readonly adapterOf?: IInferenceComponent;
  /**
   * What a copy is on instances of each type, 2 to 5 of them, where the variant has these as `instancePools`. What is said here of each is not said of all.
   *
   * @default - the same on all instances
   */
  readonly specifications?: { [instanceType: string]: ComponentSpecificationOptions };
  /**
   * How many copies there are at first, within the bounds of `autoScaling`. 0 takes the model from the instances. Not with `adapterOf`.
   *
   * @default 1, or what `autoScaling` keeps at least
   */
  readonly copies?: number;
  /**
   * How the number of copies changes by itself. With a minimum of 0 the instances of the variant may go, too, where their `minInstanceCount` is 0. Not with `adapterOf`.
   *
   * @default - there are always `copies`
   */
  readonly autoScaling?: AutoScaling;
  /**
   * How copies are changed to another model, container or size.
   *
   * @default - the service decides
   */
  readonly deployment?: ComponentDeployment;
  /**
   * The name, at most 63 letters, digits and dashes. A component with a name given can't be replaced by a change.
   *
   * @default - a generated name; with `autoScaling` one in lower case that follows from the path of the construct, by which its metrics are found
   */
  readonly inferenceComponentName?: string;
}

/** Members that aws-cdk-lib 2.224.0 does not know. */
const NEWER_MEMBERS = ['specification.container.containerMetricsConfig', 'specification.dataCacheConfig', 'specification.schedulingConfig', 'specifications'];

/**
 * A model, or a container, on a share of an endpoint's instances: what the Python SDK makes of `deploy` with `resources`. Several of them share the instances, and each has a number of
 * copies of its own.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
 *
 * @example
 * const config = new EndpointConfig(this, 'Config', {
 *   variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.12xlarge', minInstanceCount: 1, maxInstanceCount: 4 }) },
 * });
 * new InferenceComponent(this, 'Digits', {
 *   endpoint: new Endpoint(this, 'Endpoint', { config }),
 *   variantName: 'AllTraffic',
 *   model,
 *   memory: Size.gibibytes(8),
 *   accelerators: 1,
 *   placement: ComponentPlacement.spread(),
 *   deployment: ComponentDeployment.rolling(CopySize.copies(1), { waitInterval: Duration.minutes(2) }),
 * });
 */
export class InferenceComponent extends InferenceComponentBase implements IInferenceComponent, IConnectable {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.InferenceComponent';

  /** A component made elsewhere, in the account and the Region of the stack. */
  public static fromInferenceComponentName(scope: Construct, id: string, inferenceComponentName: string): IInferenceComponent {
    checkImportedName(placeOf(scope, id), 'inferenceComponentName', inferenceComponentName);
    class Import extends InferenceComponentBase implements IInferenceComponent {
      public readonly inferenceComponentName = inferenceComponentName;
      public readonly inferenceComponentArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'inference-component', resourceName: arnName(inferenceComponentName) });
      public readonly inferenceComponentRef: InferenceComponentReference = { inferenceComponentArn: this.inferenceComponentArn };
    }
    return new Import(scope, id);
  }

  public readonly inferenceComponentName: string;
  public readonly inferenceComponentArn: string;
  public readonly inferenceComponentRef: InferenceComponentReference;
  private readonly endpoint: IEndpoint;
  private readonly isAdapter: boolean;

  constructor(scope: Construct, id: string, props: InferenceComponentProps) {
    super(scope, id);
    props = injected(this, InferenceComponent.PROPERTY_INJECTION_ID, props);
    checkComponentKinds(this, props);
    serviceName(this, 'inferenceComponentName', props.inferenceComponentName);
    const { endpoint, adapterOf, autoScaling, copies = autoScaling?._initialCount ?? 1 } = props;
    inRange(this, 'copies', copies, 0, 2147483647);
    if (props.variantName === undefined && !adapterOf) { refuse(this, 'variantName', 'be given', undefined); }
    if (adapterOf instanceof InferenceComponent && adapterOf.isAdapter) { refuse(this, 'adapterOf', 'be a component that is no adapter itself', adapterOf.node.path); }
    this.isAdapter = adapterOf !== undefined;
    checkPlace(this, props);
    if (adapterOf && props.copies !== undefined) { refuse(this, 'copies', 'be left out with adapterOf: an adapter has the copies of its base', copies); }
    if (adapterOf && autoScaling) { refuse(this, 'autoScaling', 'be left out with adapterOf: an adapter has the copies of its base', 'autoScaling'); }
    autoScaling?._check(this, 'autoScaling', { kind: 'copies', countProp: 'copies', count: copies });
    const inferenceComponentName = props.inferenceComponentName ?? (autoScaling && scaledComponentName(this, props));
    this.endpoint = endpoint;
    const definition: CfnInferenceComponentProps = {
      inferenceComponentName,
      endpointName: endpoint.endpointName,
      variantName: props.variantName,
      ...this.specification(props, roleOf(endpoint)),
      runtimeConfig: adapterOf ? undefined : { copyCount: copies },
      deploymentConfig: props.deployment?._bind(this),
    };
    const component = new CfnInferenceComponent(this, 'Resource', definition);
    keepNewerMembers(component, definition, NEWER_MEMBERS);
    if (props.specifications) { component.addPropertyDeletionOverride('Specification'); }
    const role = roleOf(endpoint);
    if (role) { component.node.addDependency(policiesOf(role)); }
    this.inferenceComponentArn = component.attrInferenceComponentArn;
    // CloudFormation has no attribute for a generated name; ARNs end with it, and names are found whatever their case
    this.inferenceComponentName = inferenceComponentName ?? Fn.select(1, Fn.split('/', this.inferenceComponentArn));
    this.inferenceComponentRef = { inferenceComponentArn: this.inferenceComponentArn };
    if (autoScaling) { scaleCopies(this, component, autoScaling, props, this.inferenceComponentName); }
  }

  /** The security groups of the containers, which all components of a configuration share. Throws where the configuration is not of the app, or has no VPC. */
  public get connections(): Connections {
    const config = configOf(this.endpoint);
    return config?._network?.connections ?? refuse(this, 'endpoint', 'be of the app, with a vpc, for a component to have connections', this.endpoint.node.path);
  }

  /** Lets the grantee invoke this component of the endpoint, also with an answer that comes as a stream. */
  public grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee: callerFor(this, 'grantInvoke', grantee),
      actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      resourceArns: [this.endpoint.endpointArn, this.inferenceComponentArn],
    });
  }

  private specification(props: InferenceComponentProps, role: IRole | undefined): Pick<CfnInferenceComponentProps, 'specification' | 'specifications'> {
    const { specifications, adapterOf, instanceType } = props;
    const grantee = role ?? new RecordedGrants(this);
    const isIsolated = configOf(props.endpoint)?._isIsolated;
    if (!specifications) {
      return { specification: { ...specification({ scope: this, prefix: '', grantee, instanceType, isIsolated, isAdapter: adapterOf !== undefined }, props), baseInferenceComponentName: adapterOf?.inferenceComponentName } };
    }
    countInRange(this, 'specifications', specifications, 2, 5);
    for (const prop of OF_EACH_TYPE) {
      if (props[prop] !== undefined) { refuse(this, prop, 'be left out with specifications, each of which says it', 'both'); }
    }
    return {
      specification: {},                                       // aws-cdk-lib 2.224.0 wants one; it is deleted below
      specifications: Object.entries(specifications).map(([type, each]) => ({
        instanceType: type, ...specification({ scope: this, prefix: `specifications.${type}.`, grantee, isIsolated, instanceType: type }, each),
      })),
    };
  }
}

const OF_EACH_TYPE = [
  'model', 'container', 'memory', 'maxMemory', 'cpus', 'accelerators', 'modelDataDownloadTimeout', 'containerStartupTimeout', 'dataCache', 'placement', 'instanceType', 'adapterOf',
] as const;

/** What the variant must be, where the configuration is of the app. */
function checkPlace(scope: Construct, { endpoint, variantName, instanceType, specifications = {} }: InferenceComponentProps): void {
  const config = configOf(endpoint);
  if (!config || variantName === undefined) { return; }
  oneOf(scope, 'variantName', variantName, config._variants.map(({ name }) => name));
  const property = config._variants.find(({ name }) => name === variantName)?.property;
  if (!property) { return; }
  if (property.modelName !== undefined) { refuse(scope, 'variantName', 'be that of a variant that is Variant.ofComponents', variantName); }
  const types = instanceTypesOf(property);
  if (types.some(isToken)) { return; }
  oneOf(scope, 'instanceType', instanceType, types);
  for (const type of Object.keys(specifications)) { oneOf(scope, `specifications.${type}`, type, types); }
}

function configOf(endpoint: IEndpoint): EndpointConfig | undefined {
  const { _config: config } = endpoint as Partial<Endpoint>;
  return config instanceof EndpointConfig ? config : undefined;
}

/** Whom the containers on the instances are, where that is known. */
function roleOf(endpoint: IEndpoint): IRole | undefined {
  return configOf(endpoint)?.role;
}
