import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/** What holds for every construct of the library below a stack, a stage or an app, unless it says otherwise itself. */
export interface Defaults {
  readonly encryption?: { readonly volumeKey?: IKey; readonly outputKey?: IKey };
  readonly permissionsBoundary?: IManagedPolicy;
  readonly rolePath?: string;
}

const given = new WeakMap<IConstruct, Defaults>();
/** Scopes that were asked already: what is set after that would hold for some constructs and not for others. */
const asked = new WeakSet<IConstruct>();

/** What was set nearest to a construct, member by member. */
export function defaultsOf(scope: IConstruct): Defaults {
  const scopes = scope.node.scopes;                          // from the app to the construct
  scopes.forEach((each) => asked.add(each));
  return Object.assign({}, ...scopes.map((each) => given.get(each)));
}

/** Sets them for what is made below the scope from now on; false where something was made, or set, already. */
export function setDefaults(scope: IConstruct, defaults: Defaults): boolean {
  if (asked.has(scope) || given.has(scope)) { return false; }
  given.set(scope, Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== undefined)));
  return true;
}
