import { AccountPrincipal, type AddToPrincipalPolicyResult, type IGrantable, type IPrincipal, type PolicyStatement, type PrincipalPolicyFragment } from 'aws-cdk-lib/aws-iam';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import { DependencyGroup, type IConstruct } from 'constructs';

/**
 * What somebody would have to be allowed who is not known yet: the role of a model that may be made of a package. It is
 * told once who that is, or several times, and statements that come later reach everybody too.
 */
export class RecordedGrants implements IGrantable, IPrincipal {
  public readonly assumeRoleAction = 'sts:AssumeRole';
  /** Of whoever it will be. Told, so that bucket, key and repository of the same account leave their policies alone. */
  public readonly principalAccount: string;
  /** What those of another account let in; the role's own policy says the rest. */
  public readonly policyFragment: PrincipalPolicyFragment;
  private readonly statements: PolicyStatement[] = [];
  private readonly grantees: IGrantable[] = [];

  public constructor(scope: IConstruct) {
    this.principalAccount = Stack.of(scope).account;
    this.policyFragment = new AccountPrincipal(this.principalAccount).policyFragment;
  }

  public get grantPrincipal(): IPrincipal { return this; }

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.statements.push(statement);
    this.grantees.forEach((grantee) => grantee.grantPrincipal.addToPrincipalPolicy(statement.copy()));
    // said to be done, so that no resource policy names a principal that does not exist
    return { statementAdded: true, policyDependable: new DependencyGroup() };
  }

  /** What would have to be allowed, by name. */
  public get actions(): string[] {
    return [...new Set(this.statements.flatMap((statement) => statement.actions))].sort();
  }

  /** Allows somebody everything that was recorded, and will be. */
  public replay(grantee: IGrantable): void {
    this.grantees.push(grantee);
    this.statements.forEach((statement) => grantee.grantPrincipal.addToPrincipalPolicy(statement.copy()));
  }
}

/** Of a model made elsewhere without a word of its role: what that must be allowed, and what for. */
export function warnOfUnknownRole(scope: IConstruct, { actions }: RecordedGrants, purpose: string): void {
  if (actions.length === 0) { return; }
  Annotations.of(scope).addWarningV2('cdk-sagemaker:modelRoleIsUnknown',
    `the model was made elsewhere, and its role is not known here: it must be allowed ${actions.join(', ')} for ${purpose} (or give Model.fromModelName the role)`);
}
