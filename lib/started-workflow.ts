import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Written } from './retraining-writes';

/** A workflow that is to be started. */
export interface StartedWorkflow {
  readonly construct: Construct;
  readonly machineArn: string;
  readonly updatesItself: boolean;
  /** What its jobs write. */
  readonly writes: readonly Written[];
  /** A role by which a service may start this workflow and nothing else. */
  readonly starter: (service: 'events' | 'scheduler') => Role;
}
