import type { JobKindName } from './contract';
import type { JobState, Tree } from './job-kind';

/** A job as SageMaker describes it. */
export interface Job {
  readonly name: string;
  readonly arn: string;
  readonly state: JobState;
  /** All that Describe returned. */
  readonly details: Tree;
}

export type Tags = { [key: string]: string };

/** The calls to SageMaker, and no others. They throw what the service answered, at the first answer. */
export interface Jobs {
  describe(kind: JobKindName, name: string): Promise<Job | undefined>;
  create(kind: JobKindName, request: Tree): Promise<void>;
  stop(kind: JobKindName, name: string): Promise<void>;
  update(kind: JobKindName, name: string, changes: Tree): Promise<void>;
  /** Deletes the record. */
  remove(kind: JobKindName, name: string): Promise<void>;
  tags(arn: string): Promise<Tags>;
  tag(arn: string, tags: Tags): Promise<void>;
  untag(arn: string, keys: string[]): Promise<void>;
}

/** Everything outside the handler. Tests bring their own. */
export interface World {
  readonly jobs: Jobs;
  /** `StackStatus` of the stack, in CloudFormation's words. */
  stackStatus(stackId: string): Promise<string>;
  /** What SageMaker describes of something that is no job. */
  lookUp(operation: string, input: Tree): Promise<Tree>;
  /** Starts the execution of that name; false when there is or was one. */
  startExecution(name: string, input: Tree): Promise<boolean>;
  /** PUTs an answer to CloudFormation; throws when it has not arrived. */
  put(url: string, body: string): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}
