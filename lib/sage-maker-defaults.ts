import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Encryption } from './encryption';
import { refuse } from './request/checks';
import { checkGiven, checkKind, ENCRYPTION, STRUCTURE } from './request/kinds';
import { setDefaults } from './template/defaults';

/** What holds for every construct of this library in an app, a stage or a stack. */
export interface SageMakerDefaultsProps {
  /**
   * What storage and outputs are encrypted with, where a construct doesn't say it itself.
   *
   * @default - as the service and the buckets encrypt by themselves
   */
  readonly encryption?: Encryption;
  /**
   * The permissions boundary of every role that is made: of jobs, models and the provider.
   *
   * @default - none, or what `PermissionsBoundary.of(scope)` of the CDK says
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * The IAM path below which the roles are made; begins and ends with a slash. Roles of deployed stacks that get another path are replaced.
   *
   * @default '/'
   */
  readonly rolePath?: string;
}

/**
 * What an organization says once, for every construct of this library below a scope.
 *
 * @example
 * SageMakerDefaults.configure(this, { encryption: Encryption.withKey(key), rolePath: '/ml/' });
 */
export class SageMakerDefaults {
  /**
   * Sets defaults of what is made below the scope. What is said nearer to a construct counts, member by member.
   *
   * Throws when a construct was made below the scope before, or when it is called twice for a scope.
   */
  public static configure(scope: Construct, props: SageMakerDefaultsProps): void {
    checkGiven(scope, 'SageMakerDefaults.configure: props', props, STRUCTURE);
    checkKind(scope, 'SageMakerDefaults.configure: encryption', props.encryption, ENCRYPTION);
    props.encryption?._keys(scope, 'SageMakerDefaults.configure: encryption');
    if (!setDefaults(scope, props)) { refuse(scope, 'SageMakerDefaults.configure', 'be called once, before anything is made below the scope', 'a later call'); }
  }

  private constructor() {}
}
