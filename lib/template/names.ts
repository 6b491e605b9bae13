import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { JobKindName } from '../limits/job-kinds';
import { jobKind } from './job-kind';
import { jobNamePrefix, stackNamePrefix } from './job-name';

/** What the name of every job of a stack begins with; shorter for a kind whose names are. */
export function stackPrefix(stack: Stack, longestName?: number): string {
  return stackNamePrefix(stack.node.path, longestName);
}

/** What the name of one job begins with: the stack, then the way to the construct within the stack. */
export function namePrefix(construct: IConstruct, longestName?: number): string {
  const stackPath = Stack.of(construct).node.path;
  return jobNamePrefix(stackPath, construct.node.path.slice(stackPath === '' ? 0 : stackPath.length + 1), longestName);
}

/** A name as SageMaker writes it in ARNs, in lower case: policies compare letter by letter. One that is known later stays as it is. */
export function arnName(name: string): string {
  return Token.isUnresolved(name) ? name : name.toLowerCase();
}

export function jobArn(scope: IConstruct, kind: JobKindName, jobName: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource: jobKind(kind).arnResource, resourceName: arnName(jobName) });
}

/** The IAM path of the roles made for jobs and models of a stack, below one that is given. It is as lasting as the names. */
export function rolePath(stack: Stack, below = '/'): string {
  return `${below}cdk-sagemaker/${stackPrefix(stack)}/`;
}
