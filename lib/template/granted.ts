import { LazyRole, Role, type AddToPrincipalPolicyResult, type IGrantable, type IPrincipal, type IRole, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResource, Stack, Tokenization, type IResolvable } from 'aws-cdk-lib/core';
import { Construct, DependencyGroup, type IConstruct } from 'constructs';
import { warnInTheEnd } from './late-warning';
import { NEED, type Need } from './need';
import { ownersOf } from './owners';
import { RecordedGrants } from './recorded-grants';
import { SeveralPrincipals } from './several-principals';
import { lines, textOf, type StatementJson } from './statement-text';

/**
 * The grantee, for one prop of a construct: what it is granted is granted as ever, and written down with the reason. A role that was made elsewhere is
 * used as it is: nothing is attached to it, and a warning names what it must be allowed.
 */
export function granteeFor(scope: IConstruct, prop: string, grantee: IGrantable): IGrantable {
  return explained(scope, prop, grantee, false);
}

/** The same for a grant that the user asks for by name: it goes to whoever is named, as grants of the CDK do. */
export function callerFor(scope: IConstruct, method: string, grantee: IGrantable): IGrantable {
  return explained(scope, method, grantee, true);
}

/** What is said once, and granted to everybody; where nobody is known, as of a model made elsewhere, there is no role that is ours to change. */
export function boundToEach<T>(scope: IConstruct, prop: string, grantees: readonly IGrantable[], bind: (grantee: IGrantable) => T): T {
  return (grantees.length > 0 ? grantees : [new RecordedGrants(scope)]).map((grantee) => bind(granteeFor(scope, prop, grantee)))[0];
}

/** Roles of other stacks of the app, by what they are called in this one. */
const reached = new WeakMap<IPrincipal, IRole>();

/** A role of another stack, for statements that are in a policy of this one: that stack knows nothing of it. */
export function reachedFrom(scope: Construct, id: string, role: IRole): IRole {
  if (Stack.of(role) === Stack.of(scope) || !isOwn(role)) { return role; }
  const here = Role.fromRoleName(scope, id, role.roleName);
  reached.set(here, role);
  return here;
}

/** Whether a role is made by the app, so that its policies are ours to add to. `withoutPolicyUpdates()` says that they are not. */
export function isOwn(role: IPrincipal): boolean {
  if (!Construct.isConstruct(role) || reached.has(role) || role instanceof LazyRole) { return true; }
  const { defaultChild } = role.node;
  // a role without a resource is one of iam.Role.customizeRoles; a resource below another construct is lent, to a role without policy updates
  return Role.isRole(role) || (CfnResource.isCfnResource(defaultChild) && defaultChild.node.scope === role);
}

function explained(scope: IConstruct, prop: string, { grantPrincipal: principal }: IGrantable, isAskedFor: boolean): IGrantable {
  if (principal instanceof RecordedGrants) { return principal; }
  if (principal instanceof SeveralPrincipals) { return new SeveralPrincipals(principal.roles.map((role) => explained(scope, prop, role, isAskedFor) as IRole)); }
  // the principal itself but for one method: buckets, keys and stacks ask it where it is and who, and are answered by it
  const itself: IPrincipal = Object.create(principal, {
    grantPrincipal: { get: () => itself },
    addToPrincipalPolicy: { value: (statement: PolicyStatement) => added({ scope, prop, isAskedFor }, principal, statement) },
  });
  return itself;
}

interface Reason {
  readonly scope: IConstruct;
  readonly prop: string;
  readonly isAskedFor: boolean;
}

function added({ scope, prop, isAskedFor }: Reason, principal: IPrincipal, statement: PolicyStatement): AddToPrincipalPolicyResult {
  const { node } = reached.get(principal) ?? principal as Partial<IRole>;
  if (node) { writeDown(scope, { role: node.path, roleArn: isOwn(principal) ? undefined : (principal as IRole).roleArn, prop, statement: statement.toStatementJson() }); }
  if (isAskedFor || isOwn(principal)) { return principal.addToPrincipalPolicy(statement); }
  missing(scope, prop, principal as IRole, statement);
  // said to be done, so that no policy of a bucket or a key of its account is written instead, unless it was asked for
  return { statementAdded: !(principal as { addGrantsToResources?: boolean }).addGrantsToResources, policyDependable: new DependencyGroup() };
}

/** For what is allowed in another way than by a grant: the role of the handler has statements of its own making. Several at once may be known later. */
export function writeDown(scope: IConstruct, need: Need | IResolvable): void {
  scope.node.addMetadata(NEED, isKnown(need) ? { ...need, owners: ownersOf(scope, [need.statement, need.roleArn]) } : need);
}

const isKnown = (need: Need | IResolvable): need is Need => !Tokenization.isResolvable(need);

/** By construct and role: one warning says all of it, also what is bound after it. */
const missingOf = new WeakMap<IConstruct, Map<IRole, [prop: string, statement: PolicyStatement][]>>();

function missing(scope: IConstruct, prop: string, role: IRole, statement: PolicyStatement): void {
  const ofScope = missingOf.get(scope) ?? new Map<IRole, [string, PolicyStatement][]>();
  missingOf.set(scope, ofScope);
  const statements = ofScope.get(role) ?? [];
  ofScope.set(role, statements);
  if (statements.push([prop, statement]) > 1) { return; }
  // a construct is granted more after it was made
  warnInTheEnd(scope, 'cdk-sagemaker:importedRole', () => wordsOf(scope, role, statements));
}

function wordsOf(scope: IConstruct, role: IRole, statements: readonly [string, PolicyStatement][]): string {
  const resolved = Stack.of(scope).resolve({ roleArn: role.roleArn, needs: statements.map(([prop, statement]) => ({ prop, statement: statement.toStatementJson() as StatementJson })) });
  const { roleArn, needs } = resolved as { roleArn: unknown; needs: { prop: string; statement: StatementJson }[] };
  return `the role ${textOf(roleArn)} was made elsewhere and is used as it is; it must be allowed:\n${lines(needs).map((line) => `  ${line}`).join('\n')}`;
}
