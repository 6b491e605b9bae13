import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A workflow that is to be started. */
export interface StartedWorkflow {
  readonly construct: Construct;
  readonly machineArn: string;
  readonly updatesItself: boolean;
  /** What its job writes: addresses in S3, without a slash at their ends. */
  readonly writes: readonly string[];
  /** A role by which a service may start this workflow and nothing else. */
  readonly starter: (service: 'events' | 'scheduler') => Role;
}
