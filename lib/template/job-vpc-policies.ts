import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Fn, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** What may pass an endpoint of a VPC: actions, and on what. */
interface Passing {
  readonly actions: string[];
  readonly resources: (stack: Stack) => string[];
  /** Whether credentials of other accounts may pass as well. */
  readonly anyAccount?: boolean;
}

const arns = (service: string, ...resources: string[]) => (stack: Stack) => resources.map((resource) => stack.formatArn({ service, resource, resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME }));
const named = (service: string, resource: string) => (stack: Stack) => [stack.formatArn({ service, resource, resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME })];
const bucket = (name: (stack: Stack) => string) => (stack: Stack) => stack.formatArn({ service: 's3', region: '', account: '', resource: name(stack), resourceName: '*' });
const everything = () => ['*'];

/** CloudFormation writes the Region in the names of its buckets with dashes or without, depending on the Region's age. */
const withoutDashes = (text: string) => (Token.isUnresolved(text) ? Fn.join('', Fn.split('-', text)) : text.replaceAll('-', ''));

/**
 * By service: what jobs, models and the job handler do there. Whose credentials they must be is the account's own, so that nothing is carried out of the VPC with
 * those of somebody else; what each role may do is said by its own policy.
 */
const PASSING: { readonly [service: string]: readonly Passing[] } = {
  // objects alone, of all buckets: the policies of roles and of buckets say which
  's3': [
    { actions: ['s3:GetObject*', 's3:PutObject*', 's3:DeleteObject*', 's3:AbortMultipartUpload', 's3:List*', 's3:GetBucketLocation'], resources: everything },
    // where Amazon ECR keeps the layers of images: read by addresses that ECR has signed
    { actions: ['s3:GetObject'], resources: (stack) => [bucket(({ region }) => `prod-${region}-starport-layer-bucket`)(stack)], anyAccount: true },
    // where CloudFormation is answered by a function in the VPC: written by addresses that CloudFormation has signed
    {
      actions: ['s3:PutObject'], anyAccount: true,
      resources: (stack) => [({ region }: Stack) => region, ({ region }: Stack) => withoutDashes(region)].map((region) => bucket((of) => `cloudformation-custom-resource-response-${region(of)}`)(stack)),
    },
  ],
  // images of SageMaker are in accounts of AWS, and the login has no resources; nothing is pushed
  'ecr': [{ actions: ['ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: everything }],
  'logs': [{
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: (stack) => [stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '/aws/sagemaker/*', arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
  }],
  'sts': [
    { actions: ['sts:GetCallerIdentity'], resources: everything },                     // this action has no resources
    { actions: ['sts:AssumeRole', 'sts:TagSession'], resources: (stack) => [stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '*' })] },
  ],
  'sagemaker.api': [{ actions: ['sagemaker:*'], resources: everything }],              // lists and searches have no resources
  'sagemaker.runtime': [{
    actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointAsync', 'sagemaker:InvokeEndpointWithResponseStream'], resources: arns('sagemaker', 'endpoint', 'inference-component'),
  }],
  // keys of other accounts as well, whose policies say who may use them
  'kms': [{ actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'], resources: everything }],
  'monitoring': [{ actions: ['cloudwatch:PutMetricData'], resources: everything }],    // this action has no resources
  'secretsmanager': [{ actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], resources: named('secretsmanager', 'secret') }],
  'elasticfilesystem': [{ actions: ['elasticfilesystem:Describe*'], resources: arns('elasticfilesystem', 'file-system', 'access-point') }],
  // what the agent of Systems Manager in a container calls is not documented action by action, and its channels have no resources
  'ssm': [{ actions: ['ssm:*', 'ssmmessages:*'], resources: everything }],
  'states': [{ actions: ['states:StartExecution'], resources: named('states', 'stateMachine') }],
  'cloudformation': [{ actions: ['cloudformation:DescribeStacks'], resources: arns('cloudformation', 'stack') }],
};

/** The statements of the policy of an endpoint for a service. */
export function passingStatements(scope: IConstruct, service: string): PolicyStatement[] {
  const stack = Stack.of(scope);
  return PASSING[service].map(({ actions, resources, anyAccount }) => new PolicyStatement({
    // any principal: which of them may do it is said by their own policies
    principals: [new AnyPrincipal()], actions, resources: resources(stack),
    conditions: anyAccount ? undefined : { StringEquals: { 'aws:PrincipalAccount': stack.account } },
  }));
}
