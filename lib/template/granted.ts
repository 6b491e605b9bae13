import { LazyRole, type AddToPrincipalPolicyResult, type IGrantable, type IPrincipal, type IRole, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Annotations, AspectPriority, Aspects, Resource, Stack, type IResolvable } from 'aws-cdk-lib/core';
import { Construct, DependencyGroup, type IConstruct } from 'constructs';
import { RecordedGrants } from './recorded-grants';
import { SeveralPrincipals } from './several-principals';

/** In the metadata of a construct: what it has a role be allowed, and for which of its props. `cdk-sagemaker audit` reads it. */
export const NEED = 'cdk-sagemaker:need';

/** What is written down of a statement, tokens and all; CDK resolves it with the template. */
export interface Need {
  /** The path of the role. */
  readonly role: string;
  /** The prop of the construct that needs it, for instance `inputs.train`. */
  readonly prop: string;
  /** The statement, as it is in the policy before CDK merges it with others. */
  readonly statement: unknown;
  /** Of a role that was made elsewhere. */
  readonly roleArn?: string;
  /** The paths of the constructs that need it, where one construct writes down what several need. @default - the construct that it is written on */
  readonly constructs?: readonly string[];
}

/**
 * The grantee, for one prop of a construct: what it is granted is granted as ever, and written down with the reason. A role that was made elsewhere is
 * used as it is: nothing is attached to it, and a warning names what it must be allowed.
 */
export function granteeFor(scope: Construct, prop: string, grantee: IGrantable): IGrantable {
  const principal = grantee.grantPrincipal;
  if (principal instanceof RecordedGrants) { return grantee; }
  if (principal instanceof SeveralPrincipals) { return new SeveralPrincipals(principal.roles.map((role) => explained(scope, prop, role) as IRole)); }
  return explained(scope, prop, principal);
}

/** Whether a role is made by the app, so that its policies are ours to add to. `withoutPolicyUpdates()` says that they are not. */
export function isOwn(role: IPrincipal): boolean {
  return role instanceof LazyRole || !Construct.isConstruct(role) || Resource.isOwnedResource(role);
}

/** The principal itself but for one method: buckets, keys and stacks ask it where it is and who, and are answered by it. */
function explained(scope: Construct, prop: string, principal: IPrincipal): IPrincipal {
  const itself: IPrincipal = Object.create(principal, {
    grantPrincipal: { get: () => itself },
    addToPrincipalPolicy: { value: (statement: PolicyStatement) => added(scope, prop, principal, statement) },
  });
  return itself;
}

function added(scope: Construct, prop: string, principal: IPrincipal, statement: PolicyStatement): AddToPrincipalPolicyResult {
  if (Construct.isConstruct(principal)) { writeDown(scope, { role: principal.node.path, prop, statement: statement.toStatementJson() }); }
  if (isOwn(principal)) { return principal.addToPrincipalPolicy(statement); }
  missing(scope, principal as IRole, statement);
  // said to be done, so that no policy of a bucket or a key is written instead
  return { statementAdded: true, policyDependable: new DependencyGroup() };
}

/** For what is allowed in another way than by a grant: the role of the handler has statements of its own making. Several at once may be known later. */
export function writeDown(scope: Construct, need: Need | IResolvable): void {
  scope.node.addMetadata(NEED, need);
}

/** By construct and role: one warning says all of it, also what is bound after it. */
const missingOf = new WeakMap<Construct, Map<IRole, PolicyStatement[]>>();

function missing(scope: Construct, role: IRole, statement: PolicyStatement): void {
  const ofScope = missingOf.get(scope) ?? new Map<IRole, PolicyStatement[]>();
  missingOf.set(scope, ofScope);
  const statements = ofScope.get(role) ?? [];
  ofScope.set(role, statements);
  if (statements.push(statement) > 1) { return; }
  // by an aspect, since a construct is granted more after it was made; the last of them all
  const visit = (node: IConstruct) => (node === scope ? Annotations.of(scope).addWarningV2('cdk-sagemaker:importedRole', wordsOf(scope, role, statements)) : undefined);
  Aspects.of(scope).add({ visit }, { priority: AspectPriority.READONLY });
}

function wordsOf(scope: Construct, role: IRole, statements: readonly PolicyStatement[]): string {
  const { roleArn, texts } = Stack.of(scope).resolve({ roleArn: role.roleArn, texts: statements.map((statement) => statement.toStatementJson()) });
  return `the role ${textOf(roleArn)} was made elsewhere and is used as it is; it must be allowed ${[...new Set((texts as unknown[]).map(textOf))].join(' and ')}`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
