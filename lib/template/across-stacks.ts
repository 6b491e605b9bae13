import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Models and configurations get another name with every change. Their stack exports the name, and CloudFormation changes no export that another stack imports.
 * Nested stacks hand names over as parameters, which may change.
 */
export function warnAcrossStacks(scope: IConstruct, prop: string, other: IConstruct): void {
  if (topmost(other) === topmost(scope)) { return; }
  Annotations.of(scope).addWarningV2('cdk-sagemaker:hostingAcrossStacks', `${prop}: ${other.node.path} is in another stack, which exports its name; every change makes another name, and CloudFormation refuses that ("Cannot update export ... in use"): `
    + 'keep model, configuration and endpoint in one stack, and hand over what they are made of, for instance the place of the artifact in an SSM parameter');
}

/** So it is with the outcome of a job, whose artifact and folder are those of one run. */
export function warnOfRunAcrossStacks(scope: IConstruct, job: IConstruct): void {
  if (topmost(job) === topmost(scope)) { return; }
  Annotations.of(scope).addWarningV2('cdk-sagemaker:runAcrossStacks', `${job.node.path} is in another stack, which exports what its run has written; every other run writes elsewhere, and CloudFormation refuses that ("Cannot update export ... in use") when the job has been paid: `
    + 'let its stack publish the place in an SSM parameter (publishTo) and read it with ModelData.fromSsmParameter, or keep both in one stack');
}

function topmost(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent ? topmost(stack.nestedStackParent) : stack;
}
