import type { IVpc, IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { refuse } from './request/checks';
import { BUCKET, checkArgument, checkOptions, has, LIST, ROLE, VPC, type Kind } from './request/kinds';
import { deploymentsInto } from './template/bucket-deployments';
import { outsideReaders } from './template/outside-readers';

/** Who reaches a bucket beside the VPC. */
export interface VpcOnlyAccessOptions {
  /**
   * Roles that may read, write and list its objects from anywhere, if their policies let them: of people, of pipelines. The roles of the CDK's bucket deployments into the
   * bucket are among them by themselves.
   *
   * @default - none
   */
  readonly exceptRoles?: IRole[];
}

/**
 * Objects of a bucket that are read, written and listed from a VPC alone, whatever the policies of roles let them do: the statement that the developer guide of SageMaker shows.
 * It locks nobody out of the bucket's own settings and policy, and keeps neither CloudFormation from changing the bucket nor the CDK from emptying and deleting it. Services of AWS that
 * the bucket's policy lets in by name, for instance with their logs, are not kept out.
 *
 * The console, the command line and whoever else is outside of the VPC read nothing of the bucket any more. When the app is synthesized, jobs and models of the app that use
 * the bucket without being in the VPC are refused, as far as that is known.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html
 *
 * @example
 * JobVpcEndpoints.of(vpc, { services: [JobVpcService.S3] });
 * VpcOnlyAccess.ofVpc(new s3.Bucket(this, 'Data'), vpc, { exceptRoles: [role] });
 */
export class VpcOnlyAccess {
  /**
   * Through any endpoint for S3 of a VPC; it must have one.
   *
   * Throws for a bucket made elsewhere, whose policy is not ours to add to.
   */
  public static ofVpc(bucket: IBucket, vpc: IVpc, options: VpcOnlyAccessOptions = {}): void {
    checkArgument('VpcOnlyAccess', 'vpc', vpc, VPC);
    restrict(bucket, { 'aws:SourceVpc': vpc.vpcId }, options, vpc);
  }

  /**
   * Through one endpoint for S3, for instance `JobVpcEndpoints.of(vpc).s3`.
   *
   * Throws for a bucket made elsewhere, whose policy is not ours to add to.
   */
  public static ofEndpoint(bucket: IBucket, endpoint: IVpcEndpoint, options: VpcOnlyAccessOptions = {}): void {
    checkArgument('VpcOnlyAccess', 'endpoint', endpoint, ENDPOINT);
    restrict(bucket, { 'aws:SourceVpce': endpoint.vpcEndpointId }, options);
  }

  private constructor() {}
}

/** Versions of objects as well. Neither deleting nor listing versions: by these the CDK empties a bucket that it deletes. */
const ACTIONS = ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:ListBucket'];

const ENDPOINT: Kind = has('an endpoint of a VPC', 'vpcEndpointId');

function restrict(bucket: IBucket, source: { readonly [key: string]: string }, options: VpcOnlyAccessOptions, vpc?: IVpc): void {
  checkArgument('VpcOnlyAccess', 'bucket', bucket, BUCKET);
  checkOptions(bucket, 'VpcOnlyAccess: ', options, { exceptRoles: LIST });
  const { exceptRoles = [] } = options;
  exceptRoles.forEach((role) => checkArgument(bucket.node.path, 'VpcOnlyAccess: exceptRoles', role, ROLE));
  const stack = Stack.of(bucket);
  // asked when the template is written: files may be deployed after this
  const deployments = () => deploymentsInto(bucket);
  const roles = () => [...new Set([...exceptRoles, ...deployments().filter((each) => Stack.of(each) === stack).map(({ handlerRole }) => handlerRole)].map(({ roleArn }) => roleArn))];
  const statement = new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ACTIONS,
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
    conditions: {
      StringNotEquals: source,
      // of requests without a signature nothing is known, and they are kept out
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      // who has taken a role is compared by the role; a list of nobody would be none that IAM takes
      ArnNotLike: { 'aws:PrincipalArn': Lazy.uncachedList({ produce: () => (roles().length > 0 ? roles() : [nobody(stack)]) }) },
    },
  });
  if (!bucket.addToResourcePolicy(statement).statementAdded) {
    refuse(bucket, 'VpcOnlyAccess: bucket', `be made by the app: the policy of this one is changed elsewhere, and needs a Deny of ${ACTIONS.join(', ')} where ${Object.keys(source)[0]} is another one`, 'a bucket made elsewhere');
  }
  bucket.node.addValidation({
    validate: () => [
      ...deployments().filter((each) => Stack.of(each) !== stack && !exceptRoles.includes(each.handlerRole))
        .map((each) => `${bucket.node.path}: VpcOnlyAccess must be told of the role of ${each.node.path}, which writes to the bucket from another stack: deploy the files in the stack of the bucket, or give the deployment a role that is in exceptRoles`),
      ...outsideReaders(bucket, ACTIONS, vpc, exceptRoles).map(({ path, prop, where }) => `${path}: vpc must be ${vpc ? vpc.node.path : 'given'} for ${prop}: ${bucket.node.path} is read and written from its VPC alone (VpcOnlyAccess), got ${where}`),
    ],
  });
}

/** A role whose name no role can have. */
const nobody = (stack: Stack): string => stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '-/-' });
