import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Duration, InjectionContext, IPropertyInjector } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Encryption } from './encryption';
import { EndpointConfig, type EndpointConfigProps } from './endpoint-config';
import { HyperparameterTuningJob } from './hyperparameter-tuning-job';
import type { HyperparameterTuningJobProps } from './hyperparameter-tuning-job-props';
import type { JobNetworkProps } from './job-network';
import { Model } from './model';
import { ModelPackage } from './model-package';
import { ProcessingJob } from './processing-job';
import { BOOLEAN, checkGiven, checkKinds, checkKnown, DURATION, ENCRYPTION, OF_A_NETWORK, ROLE, STRUCTURE, type Kinds } from './request/kinds';
import { definedMembers } from './request/members';
import type { TrainingDefinitionProps } from './training-definition-props';
import { TrainingJob } from './training-job';
import { TransformJob } from './transform-job';

/** What an organization wants of jobs, models and endpoints that say nothing else themselves. */
export interface OrganizationDefaultsProps extends JobNetworkProps {
  /**
   * Cuts containers of training, tuning and processing jobs and of models off from every network.
   *
   * @default - as each construct has it
   */
  readonly networkIsolation?: boolean;
  /**
   * Encrypts what instances of one training, tuning or processing job send each other, where there are several.
   *
   * @default - as each construct has it
   */
  readonly encryptInterContainerTraffic?: boolean;
  /**
   * What storage and outputs are encrypted with.
   *
   * @default - as each construct has it
   */
  readonly encryption?: Encryption;
  /**
   * Longest a training or processing job, or a training job of a tuning job, may run. A spot job whose `maxWait` is shorter may run that long.
   *
   * @default - as each construct has it
   */
  readonly maxRuntime?: Duration;
  /**
   * The role of the containers of jobs, models and inference components. A role of the app is allowed what the props need, also one that is given; one made elsewhere is used as it is, and
   * a warning lists what it must be allowed.
   *
   * @default - each has one of its own, which may do what its props need
   */
  readonly role?: IRole;
}

/**
 * What an organization says once, and every construct of this library has where its props say nothing: a VPC, keys, isolation, run times. Each construct has what
 * it has a prop for; what its props say counts, `false` included, and a `vpc` of its own comes with subnets and security groups of its own.
 *
 * Injectors of the nearest scope count alone, for each class: those of a stack without anything in them are a stack without defaults. They see what
 * is made after they were added, what `toModel`, `deploy`, `transform` and `register` make included.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 *
 * @example
 * new App({
 *   propertyInjectors: OrganizationDefaults.injectors({
 *     encryption: Encryption.withKey(key),
 *     networkIsolation: true,
 *     encryptInterContainerTraffic: true,
 *     maxRuntime: Duration.hours(8),
 *   }),
 * });
 */
export class OrganizationDefaults {
  /**
   * For `propertyInjectors` of an app, a stage or a stack, or `PropertyInjectors.of(scope).add(...)`.
   *
   * Throws for what is no such default. With `isolated` and without `vpc`, a job or a model without a VPC of its own throws.
   */
  public static injectors(defaults: OrganizationDefaultsProps): IPropertyInjector[] {
    checkGiven(PLACE, 'defaults', defaults, STRUCTURE);
    checkKnown(PLACE, 'defaults', defaults, Object.keys(OF_DEFAULTS));
    checkKinds(PLACE, defaults, OF_DEFAULTS);
    return Object.entries(INJECTED).map(([constructUniqueId, inject]) => new DefaultsInjector(constructUniqueId, (props) => inject(definedMembers(defaults), props)));
  }

  private constructor() {}
}

const PLACE = { node: { path: 'OrganizationDefaults.injectors' } } as IConstruct;
const OF_DEFAULTS: Kinds = { ...OF_A_NETWORK, networkIsolation: BOOLEAN, encryptInterContainerTraffic: BOOLEAN, encryption: ENCRYPTION, maxRuntime: DURATION, role: ROLE };

/** Props as a program has them that no compiler has read: nothing, or anything else. */
type Inject = (defaults: OrganizationDefaultsProps, props: any) => any;

/** By class, which of the defaults it has props for. */
const INJECTED: { readonly [constructUniqueId: string]: Inject } = {
  [TrainingJob.PROPERTY_INJECTION_ID]: ofTraining,
  [HyperparameterTuningJob.PROPERTY_INJECTION_ID]: ofTuning,
  [ProcessingJob.PROPERTY_INJECTION_ID]: ofTraining,
  [TransformJob.PROPERTY_INJECTION_ID]: ofKeysAlone,
  [ModelPackage.PROPERTY_INJECTION_ID]: ofKeysAlone,
  [Model.PROPERTY_INJECTION_ID]: ({ encryption, networkIsolation, role, ...defaults }, props) => under({ encryption, networkIsolation, role, ...network(defaults, props) }, props),
  [EndpointConfig.PROPERTY_INJECTION_ID]: ofEndpointConfig,
};

class DefaultsInjector implements IPropertyInjector {
  public constructor(public readonly constructUniqueId: string, private readonly completed: (props: any) => any) {}

  /** What is no props at all is left to the construct, which says so. */
  public inject(originalProps: any, _context: InjectionContext): any {
    return isObject(originalProps) ? this.completed(originalProps) : originalProps;
  }
}

function ofTraining({ encryption, role, networkIsolation, encryptInterContainerTraffic, maxRuntime, ...defaults }: OrganizationDefaultsProps, props: Partial<TrainingDefinitionProps>): object {
  const { isServerless = false, maxWait } = props.capacity?.config ?? {};
  // a serverless job runs no container of the user's that could be isolated, and one instance alone has nobody to talk to
  const ofContainers = isServerless ? {} : { networkIsolation, encryptInterContainerTraffic: mostInstances(props) === 1 ? undefined : encryptInterContainerTraffic };
  return under({ encryption, role, ...ofContainers, maxRuntime: shorter(maxRuntime, maxWait), ...network({ ...defaults, isolated: isServerless ? undefined : defaults.isolated }, props) }, props);
}

/** Of the groups together, or of the type with the most; one that is known at deployment is more than one. */
function mostInstances({ capacity }: Partial<TrainingDefinitionProps>): number {
  const { instanceCount = 1, instanceGroups, instancePreferences } = capacity?.config ?? {};
  const inGroups = Object.values(instanceGroups ?? {}).reduce((sum, group) => sum + (group.instanceCount ?? 1), 0);
  return instanceGroups ? inGroups : Math.max(...(instancePreferences ?? [{}]).map((each: { readonly instanceCount?: number }) => each.instanceCount ?? instanceCount));
}

/** A definition is what a training job is elsewhere. */
function ofTuning(defaults: OrganizationDefaultsProps, { definition, definitions, ...props }: Partial<HyperparameterTuningJobProps>): object {
  const completed = (each: unknown) => (isObject(each) ? ofTraining(defaults, each) : each);
  return definedMembers({
    ...props,
    definition: completed(definition),
    definitions: isObject(definitions) ? Object.fromEntries(Object.entries(definitions).map(([name, each]) => [name, completed(each)])) : definitions,
  });
}

function ofKeysAlone({ encryption }: OrganizationDefaultsProps, props: object): object {
  return under({ encryption }, props);
}

/** Models are in networks of their own; the configuration says it for inference components. */
function ofEndpointConfig({ encryption, networkIsolation, role, ...defaults }: OrganizationDefaultsProps, props: Partial<EndpointConfigProps>): object {
  const isOfComponents = Object.values(props.variants ?? {}).every((variant) => variant && !variant.model);
  return under(isOfComponents ? { encryption, networkIsolation, role, ...network(defaults, props) } : { encryption }, props);
}

/** Subnets and security groups are those of one VPC: whoever has a VPC of their own has these as well. */
function network({ vpc, vpcSubnets, securityGroups, isolated }: OrganizationDefaultsProps, props: JobNetworkProps): JobNetworkProps {
  const of = props.vpc === undefined ? { vpc, vpcSubnets, securityGroups } : {};
  if (!isolated) { return of; }
  // without a VPC it is left to the construct, which says that it takes one
  return (props.vpc ?? vpc) ? { ...of, ...isolation(of, props) } : { ...of, isolated: true };
}

/** `isolated` bears no word against it: who speaks against one part of it has the others. */
function isolation({ vpcSubnets }: JobNetworkProps, props: Partial<TrainingDefinitionProps>): Partial<TrainingDefinitionProps> {
  const { isolated, networkIsolation, encryptInterContainerTraffic } = props;
  if (isolated === false) { return {}; }
  if (networkIsolation !== false && encryptInterContainerTraffic !== false) { return { isolated: true }; }
  return {
    vpcSubnets: vpcSubnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED },
    networkIsolation: networkIsolation ?? true,
    ...(encryptInterContainerTraffic === undefined && mostInstances(props) > 1 ? { encryptInterContainerTraffic: true } : {}),
  };
}

function under(defaults: object, props: object): object {
  return { ...definedMembers(defaults), ...definedMembers(props) };
}

function shorter(usual: Duration | undefined, most: Duration | undefined): Duration | undefined {
  if (!usual || !most || usual.isUnresolved() || most.isUnresolved()) { return usual; }
  return usual.toMilliseconds() > most.toMilliseconds() ? most : usual;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
