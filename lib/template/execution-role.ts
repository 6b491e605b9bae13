import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ArnFormat, Fn, Stack } from 'aws-cdk-lib/core';
import { Dependable, type Construct, type IDependable } from 'constructs';
import { defaultsOf } from './defaults';
import { isFar } from './far-key';
import { granteeFor } from './granted';
import { rolePath } from './names';

/**
 * The role of a job or a model, given or made: it may write its logs and metrics, and otherwise what is bound adds.
 * Its statements are in a policy of its own, so that whatever uses the role can wait for the policy as well.
 */
export function executionRole(scope: Construct, logs: 'TrainingJobs' | 'ProcessingJobs' | 'Endpoints', given?: iam.IRole): iam.IRole {
  const role = given ?? madeRole(scope);
  const name = `/aws/sagemaker/${logs}`;
  // endpoints have a group each, whose name ends with the endpoint's; jobs share one
  grantLogs(granteeFor(scope, 'role', role), Stack.of(scope), name, logs === 'Endpoints' ? [`${name}/*`] : [name, `${name}:*`]);
  return role;
}

const madeOn = new WeakMap<Stack, Set<string>>();

/** The paths of the roles that are made for jobs and models of a stack; one at least. */
export function rolePaths(stack: Stack): string[] {
  return [...new Set([rolePath(stack, defaultsOf(stack).rolePath), ...madeOn.get(stack) ?? []])];
}

/** The ARN of a role that may be on another path: it is given, or `iam.Role.customizeRoles` has another in place of one that is made. */
export function passedByName(role: iam.IRole, given: iam.IRole | undefined): string[] {
  return given || !role.node.defaultChild ? [role.roleArn] : [];
}

function madeRole(scope: Construct): iam.Role {
  const stack = Stack.of(scope);
  const { rolePath: below, permissionsBoundary } = defaultsOf(scope);
  const path = rolePath(stack, below);
  madeOn.set(stack, (madeOn.get(stack) ?? new Set()).add(path));
  return new iam.Role(scope, 'Role', {
    // SourceAccount alone: the form of aws:SourceArn for training is not documented (assumption 8 about AWS)
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    // on a path, so that the job handler may pass these roles and no others
    path,
    permissionsBoundary,
  });
}

/**
 * Lets what has the role of something else write its logs as well: the rules that watch a job, each of which is a processing job, and the transform
 * jobs of a model.
 */
export function grantJobLogs(grantee: iam.IGrantable, scope: Construct, logs: 'ProcessingJobs' | 'TransformJobs'): void {
  const name = `/aws/sagemaker/${logs}`;
  grantLogs(grantee, Stack.of(scope), name, [name, `${name}:*`]);
}

/** Lines in the log groups, and figures in the name space that is called like them. */
function grantLogs(grantee: iam.IGrantable, stack: Stack, namespace: string, groups: string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: groups.map((resourceName) => stack.formatArn({ service: 'logs', resource: 'log-group', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })),
  }));
  grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],                                        // this action has no resources; the name space limits it
    conditions: { StringEquals: { 'cloudwatch:namespace': namespace } },
  }));
}

/** Lets a job or a model live in a VPC. */
export function grantNetworkInterfaces(grantee: iam.IGrantable): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission',
      'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission',
      'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs',
    ],
    // Describe* have no resources, and SageMaker makes its interfaces under ids that are not known before; SageMaker's guide has them so
    resources: ['*'],
  }));
}

/** Lets an image be pulled from a repository in Amazon ECR that is known by its ARN. */
export function grantPull(grantee: iam.IGrantable, repositoryArn: string): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [repositoryArn],
  }));
  grantRegistryLogin(grantee);
}

export function grantRegistryLogin(grantee: iam.IGrantable): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['ecr:GetAuthorizationToken'],
    resources: ['*'],                                        // a token is for the whole registry: this action has no resources
  }));
}

/**
 * Lets SageMaker encrypt the volumes of the instances with a key. One of another account lets that of the role in as a whole: not the role alone must be
 * allowed to use it, but whoever launches the job too.
 */
export function grantVolumeKey(grantee: iam.IGrantable, key: IKey): void {
  const conditions = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  if (isFar(key, grantee)) {
    const principals = [new iam.AccountPrincipal(grantee.grantPrincipal.principalAccount)];
    // in the policy of a key it is the key itself
    key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: ['kms:CreateGrant'], resources: ['*'], conditions }));
    key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: ['kms:DescribeKey'], resources: ['*'] }));
  }
  iam.Grant.addToPrincipal({ grantee, actions: ['kms:CreateGrant'], resourceArns: [key.keyArn], conditions });
  iam.Grant.addToPrincipal({ grantee, actions: ['kms:DescribeKey'], resourceArns: [key.keyArn] });
}

/** Lets SageMaker ask a function for the login to a registry. */
export function invocationOf(credentialsProvider: IFunction): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [credentialsProvider.functionArn] });
}

/**
 * Lets a model or a dataset of a hub be looked at. Assumed from what DescribeHubContent is for: no list of what a job
 * needs is documented.
 */
export function grantHubContent(grantee: iam.IGrantable, hubContentArn: string): void {
  // ...:hub-content/<hub>/<type>/<name>/<version>: the action is on the hub and on its content
  const [prefix, path] = [0, 1].map((part) => Fn.select(part, Fn.split(':hub-content/', hubContentArn)));
  grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['sagemaker:DescribeHubContent'],
    resources: [hubContentArn, `${prefix}:hub/${Fn.select(0, Fn.split('/', path))}`],
  }));
}

/** Lets an agent of Systems Manager in the container be talked to. */
export function grantRemoteDebug(grantee: iam.IGrantable): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
    resources: ['*'],                                        // these actions have no resources
  }));
}

/**
 * Lets whoever launches the job hand its session tags on. Not for a role made elsewhere, whose trust is not ours to change.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-access-training-data-abac.html
 */
export function trustSessionTags(role: iam.IRole): void {
  if (!(role instanceof iam.Role)) { return; }
  role.assumeRolePolicy?.addStatements(new iam.PolicyStatement({
    actions: ['sts:TagSession'],
    principals: [new iam.ServicePrincipal('sagemaker.amazonaws.com')],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(role).account } },
  }));
}

/**
 * The policies of a role, to wait for: a Ref waits for the role alone, and a role without its policies can do
 * nothing. A policy that is made elsewhere and attached to the role is not seen.
 */
export function policiesOf(role: iam.IRole): IDependable {
  const policies: IDependable = {};
  Dependable.implement(policies, {
    // asked when the template is written, since policies appear with the first statement
    get dependencyRoots() {
      return Dependable.of(role).dependencyRoots.flatMap((root) => root.node.findAll())
        .filter((part) => part instanceof iam.CfnPolicy || part instanceof iam.CfnRolePolicy || part instanceof iam.CfnManagedPolicy);
    },
  });
  return policies;
}
