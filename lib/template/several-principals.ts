import { PrincipalPolicyFragment, type AddToPrincipalPolicyResult, type IPrincipal, type IRole, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DependencyGroup } from 'constructs';

/** The principal of something that has several roles: what is granted to it is granted to each. */
export function principalOf(roles: readonly IRole[]): IPrincipal {
  return roles.length === 1 ? roles[0].grantPrincipal : new SeveralPrincipals(roles);
}

/** Of several roles as one. */
export class SeveralPrincipals implements IPrincipal {
  public readonly grantPrincipal: IPrincipal = this;
  public readonly assumeRoleAction = 'sts:AssumeRole';
  public readonly principalAccount?: string;

  public constructor(public readonly roles: readonly IRole[]) {
    this.principalAccount = roles[0].principalAccount;
  }

  public get policyFragment(): PrincipalPolicyFragment {
    return new PrincipalPolicyFragment({ AWS: this.roles.map((role) => role.roleArn) });
  }

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    const results = this.roles.map((role) => role.grantPrincipal.addToPrincipalPolicy(statement.copy()));
    return { statementAdded: results.every((result) => result.statementAdded), policyDependable: new DependencyGroup(...results.flatMap((result) => result.policyDependable ?? [])) };
  }
}
