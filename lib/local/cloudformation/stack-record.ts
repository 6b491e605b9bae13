import type { Template } from './template';

/** What events call a stack, and templates one that is nested. */
export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** The states of a stack, in CloudFormation's words. */
export type StackStatus =
  | 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS' | 'ROLLBACK_COMPLETE' | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' | 'UPDATE_COMPLETE' | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS' | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' | 'UPDATE_ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS' | 'DELETE_COMPLETE' | 'DELETE_FAILED';

/** The states of a resource. */
export type ResourceStatus = `${'CREATE' | 'UPDATE'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}` | `DELETE_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED' | 'SKIPPED'}`;

export type Properties = { readonly [name: string]: unknown };

/** Something that exists: what made it, and what it answers to `Ref` and `Fn::GetAtt`. */
export interface Physical {
  readonly physicalId: string;
  /** What `Ref` is. @default - the physical id */
  readonly ref?: string;
  readonly attributes: { readonly [name: string]: unknown };
}

/** A resource of a stack. */
export interface ResourceRecord {
  readonly type: string;
  status: ResourceStatus;
  statusReason?: string;
  /** What there is now; undefined when its creation has not been answered. */
  physical?: Physical;
  /** What is about to be made; counts when everything has ended before it was known whether it was. */
  planned?: Physical;
  /** What it was last made or updated with successfully: resolved, and for custom resources all strings. */
  properties: Properties;
  /** What `physical` was made with when the update that made it failed. @default - `properties` */
  madeWith?: Properties;
  /** What the update that failed or was cancelled had asked for; undefined when it was not even sent. */
  attempted?: Properties;
  deletionPolicy: string;
  updateReplacePolicy: string;
  /** What it needed when it was made, so that it can go before. */
  dependsOn: readonly string[];
  /** A custom resource asked for its attributes not to be shown. */
  noEcho?: boolean;
}

/** Something that a newer thing has taken the place of; deleted in the clean-up. */
export interface Superseded {
  readonly logicalId: string;
  readonly type: string;
  readonly physical?: Physical;
  readonly properties: Properties;
  readonly dependsOn: readonly string[];
  readonly policy: string;
}

/** Numbered from 0 in each stack. */
export interface StackEvent {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The stack's name for events of the stack itself. */
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason?: string;
}

/** Parameter name -> what was given, and what that stands for (another thing for parameters that name an SSM parameter). */
export type ParameterValues = { readonly [name: string]: { readonly given: string; readonly value: unknown } };

export interface Output {
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** What a failed update goes back to. */
export interface Version {
  readonly template: Template;
  readonly parameters: ParameterValues;
  readonly resources: { readonly [logicalId: string]: ResourceRecord };
  readonly outputs: { readonly [name: string]: Output };
}

/** All that is known of a stack; one JSON file each. */
export interface StackRecord {
  readonly stackName: string;
  readonly stackId: string;
  readonly region: string;
  readonly account: string;
  status: StackStatus;
  statusReason?: string;
  readonly created: number;
  updated?: number;
  template: Template;
  parameters: ParameterValues;
  resources: { [logicalId: string]: ResourceRecord };
  superseded: Superseded[];
  outputs: { readonly [name: string]: Output };
  /** The exports of other stacks that are used here. */
  imports: readonly string[];
  /** Set from the beginning of an update until it has ended well, one way or the other. */
  previous?: Version;
  /** The resources that this update has begun to change. */
  touched: string[];
  events: StackEvent[];
  /** The role that CloudFormation was given. Nothing here enforces it. */
  roleArn?: string;
  /** What the resources are called by whoever deploys. */
  paths?: { readonly [logicalId: string]: string };
}

const STABLE: ReadonlySet<StackStatus> = new Set<StackStatus>(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);

export const isStable = (status: StackStatus) => STABLE.has(status);
export const isInProgress = (status: string) => status.endsWith('_IN_PROGRESS');
/** Did the operation that ended in this state do what was asked? */
export const isSuccess = (status: StackStatus) => status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' || status === 'DELETE_COMPLETE';

/** Why a stack or a resource is in a failed state when the local AWS has ended before it was at rest. */
export const INTERRUPTED = 'The local AWS was stopped in the middle of this operation';

/** What `Ref` of it is. */
export const refOf = (physical: Physical) => physical.ref ?? physical.physicalId;
