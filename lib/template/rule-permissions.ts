import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Lets a rule find the running jobs whose names begin with a prefix, and stop them. */
export function grantStop(grantee: IGrantable, scope: Construct, jobNamePrefix: string): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: ['sagemaker:ListTrainingJobs'],
    resources: ['*'],                                        // this action has no resources
  }));
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: ['sagemaker:StopTrainingJob'],
    resources: [Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: `${jobNamePrefix}*` })],
  }));
}

/** Lets a rule make the topic that all rules send their messages by, subscribe to it, and publish. The evaluator has its name built in. */
export function grantRuleMessages(grantee: IGrantable, scope: Construct): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: ['sns:CreateTopic', 'sns:Publish', 'sns:Subscribe'],
    resources: [Stack.of(scope).formatArn({ service: 'sns', resource: 'SMDebugRules' })],
  }));
}
