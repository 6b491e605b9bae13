import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { refuse } from './request/checks';
import { STRUCTURE, checkGiven } from './request/kinds';
import { JobProviderResources } from './template/job-provider';

/** How the function that runs the jobs of a stack is set up. */
export interface JobProviderProps {
  /**
   * The VPC the function is in. It must reach SageMaker, Step Functions, CloudFormation, and the S3 buckets that
   * CloudFormation is answered by.
   *
   * @default - a network of the service
   */
  readonly vpc?: IVpc;
  /**
   * Which subnets of the VPC.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * The security groups of the function.
   *
   * @default - one of its own, which may reach everything outside
   */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * The key that the function's environment, its log and the history of the state machine are encrypted with.
   * An imported key's own policy must let CloudWatch Logs use it.
   *
   * @default - keys of the services
   */
  readonly encryptionKey?: IKey;
  /**
   * The permissions boundary of the two roles.
   *
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * How long the function's log is kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
}

/**
 * The function and the state machine that launch, await and stop the jobs of a stack.
 *
 * A stack has one, made with its first job. Settings change in place, whether they are given before or after the first job.
 *
 * @example
 * JobProvider.configure(this, { vpc, encryptionKey: key, logRetention: logs.RetentionDays.ONE_YEAR });
 */
export class JobProvider {
  /**
   * Sets up the provider of the stack the scope is in.
   *
   * Throws when it is called twice for a stack.
   */
  public static configure(scope: Construct, props: JobProviderProps): void {
    checkGiven(scope, 'props', props, STRUCTURE);
    if (!props.vpc && (props.vpcSubnets || props.securityGroups)) { refuse(scope, 'vpcSubnets and securityGroups', 'come with vpc', 'no vpc'); }
    JobProviderResources.of(scope).configure(props);
  }

  private constructor() {}
}
