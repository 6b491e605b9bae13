import { ACCOUNT, MACHINE, REGION } from './handler-calls';
import type { Question } from './policy-statements';
import { STACK_ID } from './simulated-cloud';

const sageMaker = (text: string, region = REGION, account = ACCOUNT) => `arn:aws:sagemaker:${region}:${account}:${text}`;

/** What the handler has no business with: other names, accounts, regions, stacks, machines, roles, services and actions. */
export const FORBIDDEN: readonly [what: string, question: Question][] = [
  ['launch a job under the name of another stack', { action: 'sagemaker:CreateTrainingJob', resource: sageMaker('training-job/other-train-0a') }],
  ['launch a job of its name in another region', { action: 'sagemaker:CreateTrainingJob', resource: sageMaker('training-job/mnist-train-0a', 'eu-central-1') }],
  ['launch a job of its name in another account', { action: 'sagemaker:CreateTrainingJob', resource: sageMaker('training-job/mnist-train-0a', REGION, '210987654321') }],
  ['stop the job of another stack', { action: 'sagemaker:StopTrainingJob', resource: sageMaker('training-job/other-train-0a') }],
  ['stop a job that it has adopted', { action: 'sagemaker:StopTrainingJob', resource: sageMaker('training-job/by-hand') }],
  ['read the tags of a job that it has adopted', { action: 'sagemaker:ListTags', resource: sageMaker('training-job/by-hand') }],
  ['tag a job that it has adopted', { action: 'sagemaker:AddTags', resource: sageMaker('training-job/by-hand') }],
  ['stop a training job that an adopted tuning job has launched', { action: 'sagemaker:StopTrainingJob', resource: sageMaker('training-job/tuned-by-hand-001-0a') }],
  ['touch a processing job of its name', { action: 'sagemaker:StopProcessingJob', resource: sageMaker('processing-job/mnist-train-0a') }],
  ['tag an endpoint', { action: 'sagemaker:AddTags', resource: sageMaker('endpoint/mnist-digits') }],
  ['make a model', { action: 'sagemaker:CreateModel', resource: sageMaker('model/mnist-train-0a') }],
  ['delete an endpoint', { action: 'sagemaker:DeleteEndpoint', resource: sageMaker('endpoint/digits') }],
  ['look at another endpoint', { action: 'sagemaker:DescribeEndpoint', resource: sageMaker('endpoint/letters') }],
  ['ask an endpoint', { action: 'sagemaker:InvokeEndpoint', resource: sageMaker('endpoint/digits') }],
  ['look at another algorithm', { action: 'sagemaker:DescribeAlgorithm', resource: sageMaker('algorithm/trees-2', REGION, '985815980388') }],
  ['pass a role of another stack', { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT}:role/cdk-sagemaker/other/role`, context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }],
  ['pass a role of no path', { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT}:role/admin`, context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }],
  ['pass a role of its name in another account', { action: 'iam:PassRole', resource: 'arn:aws:iam::210987654321:role/cdk-sagemaker/mnist/role', context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }],
  ['pass its role to another service', { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT}:role/cdk-sagemaker/mnist/role`, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } }],
  ['take its role itself', { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/cdk-sagemaker/mnist/role` }],
  ['look at another stack', { action: 'cloudformation:DescribeStacks', resource: STACK_ID.replace('mnist', 'other') }],
  ['look at an earlier stack of its name', { action: 'cloudformation:DescribeStacks', resource: STACK_ID.replace('6c0a4f1e', '7d1b5a2f') }],
  ['change its stack', { action: 'cloudformation:UpdateStack', resource: STACK_ID }],
  ['start another state machine', { action: 'states:StartExecution', resource: MACHINE.replace('waiter', 'other') }],
  ['look into an execution, which has signed URLs', { action: 'states:DescribeExecution', resource: MACHINE.replace('stateMachine', 'execution') }],
  ['grant a key to somebody', { action: 'kms:CreateGrant', resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/volumes`, context: { 'kms:GrantIsForAWSResource': 'false' } }],
  ['decrypt with the key of volumes', { action: 'kms:Decrypt', resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/volumes` }],
  ['read an object', { action: 's3:GetObject', resource: 'arn:aws:s3:::models/a' }],
  ['read a secret', { action: 'secretsmanager:GetSecretValue', resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:a` }],
];
