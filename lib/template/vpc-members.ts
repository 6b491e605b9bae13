import type { IConnectable, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { targetsOf } from './references';

/** A VPC, as far as it takes to tell it from others: its id, and where that is known. */
export interface Place {
  readonly scope: IConstruct;
  readonly vpcId: string;
}

/** Whoever of this library lives in a VPC, and whoever wants to know of them. */
interface Members {
  readonly all: IConnectable[];
  readonly told: ((member: IConnectable) => void)[];
}

const MEMBERS = new WeakMap<IVpc, Members>();
/** The VPC of jobs and models by construct; null where they said that they have none. */
const PLACES = new WeakMap<IConstruct, IVpc | null>();

/** Tells those who asked that a job, a model or the job handler is in the VPC. */
export function joinVpc(vpc: IVpc, member: IConnectable, scope?: IConstruct): void {
  if (scope) { PLACES.set(scope, vpc); }
  const { all, told } = membersOf(vpc);
  all.push(member);
  told.forEach((tell) => tell(member));
}

/** A job or a model without a VPC. */
export function stayOutside(scope: IConstruct): void { PLACES.set(scope, null); }

/** Tells of everyone in the VPC, of those too who come later. */
export function onMember(vpc: IVpc, tell: (member: IConnectable) => void): void {
  const { all, told } = membersOf(vpc);
  all.forEach(tell);
  told.push(tell);
}

/** The VPC that a construct is in; null if it is in none, undefined if that is not known. */
export function vpcOf(scope: IConstruct): IVpc | null | undefined { return PLACES.get(scope); }

function membersOf(vpc: IVpc): Members {
  const members = MEMBERS.get(vpc) ?? { all: [], told: [] };
  MEMBERS.set(vpc, members);
  return members;
}

/** A VPC made elsewhere may be known by several objects: by its id, or by what its id refers to. */
export function sameVpc(one: Place, other: Place): boolean {
  if (!Token.isUnresolved(one.vpcId) || !Token.isUnresolved(other.vpcId)) { return one.vpcId === other.vpcId; }
  const [targets, others] = [one, other].map(({ scope, vpcId }) => targetsOf(scope, vpcId));
  if (targets.size > 0) { return targets.size === others.size && [...targets].every((target) => others.has(target)); }
  const written = ({ scope, vpcId }: Place) => JSON.stringify(Stack.of(scope).resolve(vpcId)) + Stack.of(scope).node.path;
  return written(one) === written(other);
}
