import type { IsUnknown, Violation } from '../limits/constraints';
import type { JobKindFacts } from '../limits/job-kinds';
import type { Schema } from './restore-types';
import type { KeyColumn } from './run-key';

/** A structure as it is on the wire. */
export type Tree = { [member: string]: any };

/** What is left of SageMaker's status words for the life of a job. A word this version does not know is `running`. */
export type JobState = 'running' | 'stopping' | 'deleting' | 'completed' | 'failed' | 'stopped';

/** What all kinds of job say. */
export const JOB_STATES: { readonly [status: string]: JobState } = {
  InProgress: 'running', Completed: 'completed', Failed: 'failed', Stopping: 'stopping', Stopped: 'stopped', Deleting: 'deleting', DeleteFailed: 'failed',
};

/** Something that a request may name, which is looked up before a job is launched. */
export interface Prerequisite {
  /** The word for people. */
  readonly noun: string;
  /** The names or ARNs of all of them in the request. */
  readonly named: (request: Tree) => readonly string[];
  /** The call that describes it, and the member of that call that names it. */
  readonly operation: string;
  readonly nameMember: string;
  /** What of the request does not fit the one of that name. */
  readonly violations: (request: Tree, details: Tree, name: string) => Violation[];
  /** The request with what it has for members that say nothing. */
  readonly completed: (request: Tree, details: Tree, name: string) => Tree;
}

/** What a kind of job is known by, what of it counts, and what comes of it: the half of its row that needs no client, which `plan` reads too. */
export interface JobRules extends JobKindFacts {
  readonly nameMember: string;
  readonly arnMember: string;
  readonly statusMember: string;
  readonly states: { readonly [status: string]: JobState };
  /** The job ran until its time was over; absent where no time can be given. */
  readonly endedByLimit?: (job: Tree) => boolean;
  /** What tells a limit from another: the outcome of a job that its limit ended is only good for the same limit. */
  readonly limit?: (requestOrJob: Tree) => unknown;
  readonly key: KeyColumn;
  /** Members that the service adds to what it was asked, and lists that it adds entries to. */
  readonly addedByService?: readonly string[];
  /** What can be changed while the job or its warm pool is there: the update to send, or nothing. */
  readonly inPlace?: (request: Tree, job: Tree) => Tree | undefined;
  /** A job that has ended still has instances, and the service keeps its record as long. */
  readonly isHeld?: (job: Tree) => boolean;
  /** What ends the billing of a job that has ended, or nothing. */
  readonly release?: (job: Tree) => Tree | undefined;
  /** The best of the jobs that it has launched, which knows more: it is described as well, and given along. */
  readonly best?: (job: Tree) => string | undefined;
  readonly attributes: { readonly [attribute: string]: (job: Tree, best?: Tree) => unknown };
  /** The attribute that says where the result is, which is known even without the job's record. */
  readonly derived?: string;
  readonly metrics?: (job: Tree, best?: Tree) => readonly { readonly MetricName?: string; readonly Value?: number }[];
  /** The hyperparameters that were found, by name. */
  readonly hyperparameters?: (job: Tree) => { readonly [name: string]: string };
}

/** All that differs between the kinds of job. Code that reads a row exists once. */
export interface JobKind extends JobRules {
  readonly create: new (input: any) => any;
  readonly describe: new (input: any) => any;
  readonly stop: new (input: any) => any;
  /** Deletes the record; absent where the API can't. */
  readonly remove?: new (input: any) => any;
  /** Changes a job that exists; absent where the API can't. */
  readonly update?: new (input: any) => any;
  readonly schema: Schema;
  /** What the service would refuse, known before it is asked. */
  readonly violations: (request: Tree, isUnknown?: IsUnknown) => Violation[];
  /** What the properties may ask to be looked up, by its name there. */
  readonly prerequisites?: { readonly [name: string]: Prerequisite };
}
