import { NEED, type Need } from '../template/need';
import type { References } from './references';
import { atomsOf, statementOf, type Statement } from './statement';
import { constructOf, type MetadataEntry, type SynthesizedStack } from './synthesized';

/** Why a role is allowed something. */
export interface Reason {
  readonly construct: string;
  /** The prop of the construct, the method where a grant was asked for, or what is done with it. */
  readonly prop: string;
}

/** What one construct needs of a role. */
export interface RoleNeed {
  readonly statement: Statement;
  readonly reasons: readonly Reason[];
}

/** What constructs have written down, by the path of the role. */
export class Needs {
  private readonly byRole = new Map<string, RoleNeed[]>();
  /** What roles that were made elsewhere are called at AWS. */
  private readonly arns = new Map<string, string>();

  public constructor(metadata: readonly { readonly [path: string]: readonly MetadataEntry[] }[], stacks: readonly SynthesizedStack[], references: References) {
    for (const [path, entries] of metadata.flatMap((each) => Object.entries(each))) {
      const construct = path.slice(1);
      for (const { data } of entries.filter(({ type }) => type === NEED)) {
        for (const need of [data].flat() as Need[]) { this.add(construct, need, stacks, references); }
      }
    }
  }

  /** The paths of all roles that anything is needed of. */
  public get roles(): readonly string[] { return [...this.byRole.keys()]; }

  public of(role: string): readonly RoleNeed[] { return this.byRole.get(role) ?? []; }

  public arnOf(role: string): string | undefined { return this.arns.get(role); }

  /** Why a role is allowed each action on each resource. */
  public reasonsOf(role: string): ReadonlyMap<string, readonly Reason[]> {
    const reasons = new Map<string, Reason[]>();
    for (const need of this.of(role)) {
      for (const { key } of atomsOf(need.statement)) { reasons.set(key, [...reasons.get(key) ?? [], ...need.reasons]); }
    }
    return reasons;
  }

  private add(construct: string, { role, roleArn, prop, statement, owners = {}, constructs = [construct] }: Need, stacks: readonly SynthesizedStack[], references: References): void {
    const path = madeAt(role);
    const [from, ...stacksBeside] = nearest(stacks, construct, path);
    const also = { stacks: stacksBeside, owners };
    if (from === undefined) { return; }
    const need = { statement: statementOf(statement as { [member: string]: unknown }, { references, stack: from, also }), reasons: constructs.map((each) => ({ construct: each, prop })) };
    this.byRole.set(path, [...this.byRole.get(path) ?? [], need]);
    if (roleArn !== undefined) { this.arns.set(path, references.text(roleArn, from, also)); }
  }
}

/** What `withoutPolicyUpdates()` makes beside a role is the same role. */
function madeAt(path: string): string {
  return constructOf(path.replace(/\/ImmutableRole([^/]+)$/, '/$1'));
}

/** The stack of the construct, those that it is nested in, the role's, and all others: where a logical id is looked for. */
function nearest(stacks: readonly SynthesizedStack[], construct: string, role: string): SynthesizedStack[] {
  const around = (path: string) => stacks.filter((stack) => `${path}/`.startsWith(`${stack.path}/`)).sort((a, b) => b.path.length - a.path.length);
  return [...new Set([...around(construct), ...around(role), ...stacks])];
}
