import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { checkedKeys } from './chosen-keys';
import type { Encryption } from './encryption';
import { lengthInRange, matches, refuse } from './request/checks';
import { checkKind, MANAGED_POLICY, TEXT } from './request/kinds';
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
   * The permissions boundary of every role that is made: of jobs, models, the provider and what unpacks inputs. `JobProvider.configure` may name another one
   * for the provider; what `PermissionsBoundary.of(scope).apply()` of the CDK says comes before both.
   *
   * @default - none, or what `PermissionsBoundary.of(scope)` of the CDK says
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * The IAM path below which the roles are made: letters, digits and `+=,.@_-`, with a slash at the beginning, at the end and between; up to 473 characters.
   * The roles of jobs and models are at `<path>cdk-sagemaker/<stack>/`. Roles of deployed stacks that get another path are replaced.
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
    checkedKeys(scope, 'SageMakerDefaults.configure: encryption', props.encryption);
    checkKind(scope, 'SageMakerDefaults.configure: permissionsBoundary', props.permissionsBoundary, MANAGED_POLICY);
    checkRolePath(scope, props.rolePath);
    if (!setDefaults(scope, props)) { refuse(scope, 'SageMakerDefaults.configure', 'be called once, before anything is made below the scope', 'a later call'); }
  }

  private constructor() {}
}

/** What IAM takes is 512 characters, of which `cdk-sagemaker/`, the name of the stack and a slash are 39 at most. */
const LONGEST_PATH = 473;

/** The characters of the paths in ARNs that SageMaker takes; a policy would read others as patterns. */
function checkRolePath(scope: Construct, path: string | undefined): void {
  const prop = 'SageMakerDefaults.configure: rolePath';
  checkKind(scope, prop, path, TEXT);
  matches(scope, prop, path, /^\/([\w+=,.@-]+\/)*$/, 'letters, digits and +=,.@_-, with a slash at the beginning, at the end and between, for instance /ml/');
  lengthInRange(scope, prop, path, 1, LONGEST_PATH);
}
