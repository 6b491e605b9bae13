import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { RetrainingJob } from './retraining-job';
import type { RetrainingWorkflowProps } from './retraining-workflow-props';
import { granteeFor } from './template/granted';
import { jobKind } from './template/job-kind';
import { writeDown } from './template/granted';

/** The managed rules by which Step Functions hears of the end of a job. */
const RULES = { TrainingJob: 'TrainingJobs', HyperParameterTuningJob: 'TuningJobs', TransformJob: 'TransformJobs' } as const;

/**
 * What Step Functions looks for when it makes the machine, and which so is in the role itself: the role may have its policy later, which names the machine.
 */
export function inlineStatements(workflow: Construct, { kind }: RetrainingJob, props: RetrainingWorkflowProps): { readonly prop: string; readonly statement: iam.PolicyStatement }[] {
  const { encryptionKey: key, logGroup, tracing } = props;
  const of = (prop: string, actions: string[], resources: string[]) => ({ prop, statement: new iam.PolicyStatement({ actions, resources }) });
  return [
    of('hears of the end of its job', ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      [Stack.of(workflow).formatArn({ service: 'events', resource: 'rule', resourceName: `StepFunctionsGetEventsForSageMaker${RULES[kind]}Rule` })]),
    ...(key ? [of('encryptionKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn])] : []),
    ...(logGroup ? [of('logGroup', [
      'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
      'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
    ], ['*'])] : []),                                        // these actions have no resources
    ...(tracing ? [of('tracing', ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'], ['*'])] : []),   // neither have these
  ];
}

/** Written down for `audit`, since the role has them from the beginning. */
export function inlinePolicy(workflow: Construct, rolePath: string, statements: ReturnType<typeof inlineStatements>): iam.PolicyDocument {
  for (const { prop, statement } of statements) { writeDown(workflow, { role: rolePath, prop, statement: statement.toStatementJson() }); }
  return new iam.PolicyDocument({ statements: statements.map(({ statement }) => statement) });
}

/** What the machine calls while it runs, each for the prop that needs it. */
export function grantRuns(workflow: Construct, role: iam.IRole, job: RetrainingJob, props: RetrainingWorkflowProps, names: { readonly machineArn: string; readonly stacks: readonly string[]; readonly memoryArn?: string }): void {
  const stack = Stack.of(workflow);
  const allow = (prop: string, actions: string[], resources: string[], conditions?: { [operator: string]: object }) =>
    granteeFor(workflow, prop, role).grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources, conditions }));
  const { arnResource, actions: [create, describe, stop], launches } = jobKind(job.kind);
  const jobs = (resource: string) => stack.formatArn({ service: 'sagemaker', resource, resourceName: `${job.namePrefix}-*` });
  allow('job', [create, describe, stop, 'AddTags', 'ListTags'].map((action) => `sagemaker:${action}`), [jobs(arnResource)]);
  if (launches) { allow('job', [`sagemaker:${jobKind(launches).describe}`], [jobs(jobKind(launches).arnResource)]); }
  if (job.roles.length > 0) { allow('job', ['iam:PassRole'], job.roles.map(({ roleArn }) => roleArn), { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }); }
  if (job.volumeKeys.length > 0) {
    allow('job', ['kms:CreateGrant'], [...job.volumeKeys], { Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    allow('job', ['kms:DescribeKey'], [...job.volumeKeys]);
  }
  allow('one run at a time', ['states:ListExecutions', 'states:StartExecution'], [names.machineArn]);
  if (names.memoryArn !== undefined) { allow('qualityGate', ['ssm:GetParameter', 'ssm:PutParameter'], [names.memoryArn]); }
  if (props.publishTo) { allow('publishTo', ['ssm:GetParameter', 'ssm:PutParameter'], [props.publishTo.parameterArn]); }
  if (names.stacks.length > 0) {
    // the ids of stacks are not known, and another one follows when a stack is made anew
    allow('updates', ['cloudformation:DescribeStacks', 'cloudformation:UpdateStack'], names.stacks.map((name) => stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${name}/*` })));
    // CloudFormation looks at parameters of a template that are in Systems Manager before it takes the role of the stack, as the policy of `cdk bootstrap` says: the version of the
    // bootstrap stack, in whichever of them (an assumption for UpdateStack)
    allow('updates', ['ssm:GetParameters'], [props.publishTo!.parameterArn, stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: 'cdk-bootstrap/*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME })]);
  }
  props.notify?.grantPublish(granteeFor(workflow, 'notify', role));
  props.register?.group.grantRegister(granteeFor(workflow, 'register', role));
}
