import type { EndpointCheckProperties, JobKindName, JobProperties, OutcomeProperties, WaitProperties } from './contract';
import { BadProperties } from './errors';
import { JOB_KINDS } from './job-kinds';
import type { JobKind } from './job-kind';
import type { World } from './world';

/** What CloudFormation sends to a custom resource. */
export interface CloudFormationEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: unknown;
  readonly OldResourceProperties?: unknown;
}

/** What CloudFormation wants to hear. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly [attribute: string]: string };
}

/** What is remembered from one look to the next. */
export interface Memo {
  /** When the first look was taken. */
  readonly started?: number;
  /** Transient faults in a row. */
  readonly faults?: number;
  /** Since when the role has not been ready. */
  readonly roleNotReadySince?: number;
  /** A name that is taken, though no job of that name is described. */
  readonly nameTaken?: { readonly name: string; readonly since: number };
  /** Why the event is going to fail, once what it launched has ended. */
  readonly failing?: string;
  /** The job of an outcome that has run out of time: it ends before the event fails. */
  readonly untilEnded?: string;
  /** A second look was taken: for a job that may just be starting, at an endpoint that may just have moved. */
  readonly lookedTwice?: boolean;
  /** A wait that has been found not to belong to a rollback. */
  readonly notRollingBack?: boolean;
  /** The job name that the properties before this update make, and the keys of their tags; the job that they judged. */
  readonly before?: { readonly jobName?: string; readonly tagKeys: readonly string[]; readonly judged?: string };
}

/** The state of an execution: the state machine hands it to the function and gets it back. */
export interface Task {
  /** The function that the state machine calls. */
  readonly function: string;
  readonly event: CloudFormationEvent;
  readonly memo: Memo;
  /** Seconds to the next look. */
  readonly wait?: number;
  /** Ready to be sent. */
  readonly answer?: Answer;
  /** The function failed again and again. */
  readonly error?: { readonly Error?: string; readonly Cause?: string };
}

/** One look at the world on behalf of an event. */
export interface Turn {
  readonly event: CloudFormationEvent;
  readonly memo: Memo;
  readonly world: World;
}

/** What a look led to: an answer, or another look later. */
export type Progress = { readonly answer: Answer } | { readonly wait: number; readonly memo?: Partial<Memo> };

export const succeed = (physicalResourceId: string, data?: Answer['Data']): Progress =>
  ({ answer: { Status: 'SUCCESS', Reason: '', PhysicalResourceId: physicalResourceId, Data: data } });

export type ResourceRole = 'job' | 'wait' | 'outcome' | 'endpoint-check';

/** Which of a job's three resources the event is for, or that of an endpoint. */
export function roleOf(event: CloudFormationEvent): ResourceRole {
  if (!['Create', 'Update', 'Delete'].includes(event.RequestType)) { throw new BadProperties('RequestType: must be Create, Update or Delete'); }
  if (event.ResourceType === 'Custom::SageMakerJobWait') { return 'wait'; }
  if (event.ResourceType === 'Custom::SageMakerJobOutcome') { return 'outcome'; }
  if (event.ResourceType === 'Custom::SageMakerEndpointCheck') { return 'endpoint-check'; }
  if (kindOfType(event.ResourceType)) { return 'job'; }
  throw new BadProperties(`${event.ResourceType}: not a resource type of this handler`);
}

export function kindOfType(resourceType: string): JobKindName | undefined {
  const name = /^Custom::SageMaker(\w+)$/.exec(resourceType)?.[1] ?? '';
  return Object.hasOwn(JOB_KINDS, name) ? name as JobKindName : undefined;
}

/** The row of the kind a `Wait` or an `Outcome` is about. */
export function rowOf(properties: WaitProperties | OutcomeProperties): JobKind {
  if (!Object.hasOwn(JOB_KINDS, properties.Kind ?? '')) {
    throw new BadProperties(`Kind: must be one of ${Object.keys(JOB_KINDS).join(', ')}, got ${String(properties.Kind)}`);
  }
  return JOB_KINDS[properties.Kind];
}

/** The properties as an object, or the reason why not. Their members are checked where they are read. */
export function propertiesOf<T extends JobProperties | WaitProperties | OutcomeProperties | EndpointCheckProperties>(properties: unknown): T {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    throw new BadProperties('the event has no properties');
  }
  return properties as T;
}
