import type { CfnVPCEndpoint, IVpc, IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnResource, Lazy, Stack } from 'aws-cdk-lib/core';
import { refuse } from './request/checks';
import { BUCKET, checkArgument, checkOptions, has, LIST, ROLE, VPC, type Kind } from './request/kinds';
import { deploymentsInto } from './template/bucket-deployments';
import { outsideReaders } from './template/outside-readers';
import { mayBeForS3 } from './template/way-to-s3';
import { sameVpc, type Place } from './template/vpc-members';

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
   * Throws for a bucket made elsewhere, whose policy is not ours to add to, and for one that is for another VPC already: nobody could read it.
   */
  public static ofVpc(bucket: IBucket, vpc: IVpc, options: VpcOnlyAccessOptions = {}): void {
    checkArgument('VpcOnlyAccess', 'vpc', vpc, VPC);
    restrict(bucket, { key: 'aws:SourceVpc', id: vpc.vpcId, through: vpc, vpc: { scope: vpc, vpcId: vpc.vpcId } }, options);
  }

  /**
   * Through one endpoint for S3, for instance `JobVpcEndpoints.of(vpc).s3`.
   *
   * Throws for a bucket made elsewhere, whose policy is not ours to add to; for one that is for another endpoint or VPC already; and for an endpoint of another service, where the app has made it.
   */
  public static ofEndpoint(bucket: IBucket, endpoint: IVpcEndpoint, options: VpcOnlyAccessOptions = {}): void {
    checkArgument('VpcOnlyAccess', 'endpoint', endpoint, ENDPOINT);
    restrict(bucket, { key: 'aws:SourceVpce', id: endpoint.vpcEndpointId, through: endpoint, vpc: vpcOfEndpoint(bucket, endpoint) }, options);
  }

  private constructor() {}
}

/** Versions of objects as well. Neither deleting nor listing versions: by these the CDK empties a bucket that it deletes. */
const ACTIONS = ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:ListBucket'];

const ENDPOINT: Kind = has('an endpoint of a VPC', 'vpcEndpointId');

/** Where requests may come from. */
interface Source {
  readonly key: 'aws:SourceVpc' | 'aws:SourceVpce';
  readonly id: string;
  /** The VPC or the endpoint. */
  readonly through: IVpc | IVpcEndpoint;
  /** The VPC; that of an endpoint made elsewhere is not known. */
  readonly vpc?: Place;
}

function restrict(bucket: IBucket, source: Source, options: VpcOnlyAccessOptions): void {
  checkArgument('VpcOnlyAccess', 'bucket', bucket, BUCKET);
  const { key, through, vpc } = source;
  const wanted = key === 'aws:SourceVpc' ? through.node.path : vpc ? `that of ${through.node.path}` : 'given';
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
      StringNotEquals: { [key]: source.id },
      // of requests without a signature nothing is known, and they are kept out
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      // who has taken a role is compared by the role; a list of nobody would be none that IAM takes
      ArnNotLike: { 'aws:PrincipalArn': Lazy.uncachedList({ produce: () => (roles().length > 0 ? roles() : [nobody(stack)]) }) },
    },
  });
  if (!bucket.addToResourcePolicy(statement).statementAdded) {
    refuse(bucket, 'VpcOnlyAccess: bucket', `be made by the app: the policy of this one is changed elsewhere, and needs a Deny of ${ACTIONS.join(', ')} where ${key} is another one`, 'a bucket made elsewhere');
  }
  checkOthers(bucket, source);
  bucket.node.addValidation({
    validate: () => [
      ...deployments().filter((each) => Stack.of(each) !== stack && !exceptRoles.includes(each.handlerRole))
        .map((each) => `${bucket.node.path}: VpcOnlyAccess must be told of the role of ${each.node.path}, which writes to the bucket from another stack: deploy the files in the stack of the bucket, or give the deployment a role that is in exceptRoles`),
      ...outsideReaders(bucket, ACTIONS, vpc, exceptRoles).map(({ path, prop, where }) => `${path}: vpc must be ${wanted} for ${prop}: ${bucket.node.path} is read and written from its VPC alone (VpcOnlyAccess), got ${where}`),
    ],
  });
}

/** What a bucket is for already. */
const SOURCES = new WeakMap<IBucket, Source[]>();

/** Every statement denies what comes from elsewhere: of two VPCs, or two endpoints, each is elsewhere for the other. */
function checkOthers(bucket: IBucket, source: Source): void {
  const others = SOURCES.get(bucket) ?? [];
  const other = others.find((each) => (each.key === source.key && source.key === 'aws:SourceVpce' ? each.id !== source.id : each.vpc && source.vpc && !sameVpc(each.vpc, source.vpc)));
  if (other) { refuse(bucket, 'VpcOnlyAccess', 'be given one VPC, or one endpoint of it: of two, nobody could read the bucket', `${other.through.node.path} and ${source.through.node.path}`); }
  SOURCES.set(bucket, [...others, source]);
}

/** Of an endpoint of the app; one of another service is refused. */
function vpcOfEndpoint(bucket: IBucket, endpoint: IVpcEndpoint): Place | undefined {
  const made = endpoint.node.defaultChild;
  if (!made || !CfnResource.isCfnResource(made) || made.cfnResourceType !== 'AWS::EC2::VPCEndpoint') { return undefined; }
  if (!mayBeForS3(made as CfnVPCEndpoint)) { refuse(bucket, 'VpcOnlyAccess: endpoint', 'be one for S3', endpoint.node.path); }
  return { scope: endpoint, vpcId: (made as CfnVPCEndpoint).vpcId };
}

/** A role whose name no role can have. */
const nobody = (stack: Stack): string => stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: '-/-' });
