import { Needs, type Reason, type RoleNeed } from './needs';
import { References } from './references';
import { attachedToUnknown, grantedElsewhere, rolesOf, type FoundRole, type Attached, type Granted } from './roles';
import { atomsOf, type Atom, type Statement } from './statement';
import type { MetadataEntry, SynthesizedStack } from './synthesized';
import { auditedTrust, isTakenByLibrary, type AuditedTrust } from './trust';
import { whyEverything } from './wildcards';

/** A statement of a role, and why it is there. */
export interface AuditedStatement extends Statement {
  /** The construct in whose policy it is. */
  readonly policy: string;
  readonly reasons: readonly Reason[];
  /** What of it no construct of the library needs. */
  readonly unexplained: readonly { readonly action: string; readonly resource: string }[];
  /** Why it is about every resource. */
  readonly why?: string;
}

export interface AuditedRole {
  readonly path: string;
  /** The stack that makes it; of a role made elsewhere there is none. */
  readonly stack?: string;
  /** Of a role made elsewhere. */
  readonly arn?: string;
  readonly trust: readonly AuditedTrust[];
  readonly permissionsBoundary?: string;
  readonly managedPolicies: readonly string[];
  readonly statements: readonly AuditedStatement[];
  /** What constructs need and no policy of the app allows. */
  readonly lacking: readonly RoleNeed[];
  /** Whether it is the role of a job, a model or the function of the library; callers of endpoints are the app's. */
  readonly isOfLibrary: boolean;
  /** Of a policy in place of a role: what it is attached to, which is known at deployment only, and could be any role. */
  readonly attachedTo?: readonly string[];
}

/**
 * What the roles of some stacks may do, and why.
 *
 * @param stacks all of the app: policies of one stack may be about roles of another
 */
export function audited(stacks: readonly SynthesizedStack[], metadata: readonly { readonly [path: string]: readonly MetadataEntry[] }[], isAsked: (stack: SynthesizedStack) => boolean): AuditedRole[] {
  const references = new References(stacks);
  const needs = new Needs(metadata, stacks, references);
  const all = rolesOf(stacks, references);
  const elsewhere = needs.roles.filter((path) => !all.some((role) => role.path === path));
  const attached = grantedElsewhere(stacks, references);
  const unknown = attachedToUnknown(stacks, references).filter(({ policy, stack }) => isAsked(stack) && !elsewhere.some((path) => policy.startsWith(`${path}/`)));
  const asked = (path: string) => stacks.some((stack) => isAsked(stack) && path.startsWith(`${stack.path}/`));
  return [
    ...all.filter(({ stack }) => isAsked(stack)).map((role) => auditedRole(role, needs)),
    ...elsewhere.filter(asked).map((path) => foreignRole(path, needs, attached)),
    ...[...new Set(unknown.map(({ policy }) => policy))].map((path) => unknownRole(path, unknown.filter(({ policy }) => policy === path), needs)),
  ];
}

function auditedRole({ path, stack, trust, permissionsBoundary, managedPolicies, granted }: FoundRole, needs: Needs): AuditedRole {
  const isOfLibrary = needs.of(path).length > 0 && isTakenByLibrary(path, trust);
  return { path, stack: stack.path, trust: isOfLibrary ? auditedTrust(path, stack.account, trust) : trust, permissionsBoundary, managedPolicies, ...explained(path, granted, needs), isOfLibrary };
}

/** A role made elsewhere is known by what is needed of it, and by what policies of the app are attached to it all the same. */
function foreignRole(path: string, needs: Needs, attached: readonly Attached[]): AuditedRole {
  const arn = needs.arnOf(path);
  const isNamed = (name: string) => arn !== undefined && (name === arn || (arn.includes(':role/') && !arn.endsWith('}') && name === arn.slice(arn.lastIndexOf('/') + 1)));
  const granted = attached.filter(({ policy, to }) => policy.startsWith(`${path}/`) || to.some(isNamed)).map(({ policy, statement }) => ({ policy, statement }));
  return { path, arn, trust: [], managedPolicies: [], ...explained(path, granted, needs), isOfLibrary: true };
}

/** A policy that could be any role's counts for one. */
function unknownRole(path: string, attached: readonly Attached[], needs: Needs): AuditedRole {
  const granted = attached.map(({ policy, statement }) => ({ policy, statement }));
  return { path, stack: attached[0].stack.path, trust: [], managedPolicies: [], ...explained(path, granted, needs), isOfLibrary: true, attachedTo: attached[0].to };
}

function explained(path: string, granted: readonly Granted[], needs: Needs): Pick<AuditedRole, 'statements' | 'lacking'> {
  const reasons = needs.reasonsOf(path);
  const allowed = new Set(granted.flatMap(({ statement }) => atomsOf(statement).map(({ key }) => key)));
  return {
    statements: granted.map(({ statement, policy }) => {
      const atoms = atomsOf(statement);
      return { ...statement, policy, reasons: unique(atoms.flatMap(({ key }) => reasons.get(key) ?? [])), unexplained: atoms.filter(({ key }) => !reasons.has(key)).map(withoutKey), why: whyEverything(statement) };
    }),
    lacking: needs.of(path).filter(({ statement }) => atomsOf(statement).some(({ key }) => !allowed.has(key))),
  };
}

const withoutKey = ({ action, resource }: Atom) => ({ action, resource });

function unique(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [`${reason.construct} ${reason.prop}`, reason])).values()];
}
