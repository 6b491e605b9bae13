import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { NEED, type Need } from './need';
import { vpcOf } from './vpc-members';

/** A job or a model that uses a bucket from elsewhere. */
export interface OutsideReader {
  readonly path: string;
  /** The prop that it uses the bucket for. */
  readonly prop: string;
  /** Where it is. */
  readonly where: string;
}

/** Who of the app is allowed actions on a bucket, by what is written down of grants, and known to be outside of a VPC; of any, where none is given. */
export function outsideReaders(bucket: IBucket, actions: readonly string[], vpc: IVpc | undefined, except: readonly IRole[]): OutsideReader[] {
  const roles = new Set(except.map(({ node }) => node.path));
  return bucket.node.root.node.findAll().flatMap((part) => {
    const place = vpcOf(part);
    if (place === undefined || (place !== null && (!vpc || sameVpc(place, vpc)))) { return []; }
    const use = needsOf(part).find(({ role, statement }) => !roles.has(role) && isAllowed(part, statement, actions, bucket));
    return use ? [{ path: part.node.path, prop: use.prop, where: place === null ? 'no VPC' : place.node.path }] : [];
  });
}

const needsOf = (part: IConstruct): Need[] => part.node.metadata.filter(({ type }) => type === NEED).map(({ data }) => data as Need).filter(({ statement }) => statement !== undefined);

/** ARNs of objects begin with that of their bucket. */
function isAllowed(scope: IConstruct, statement: unknown, actions: readonly string[], bucket: IBucket): boolean {
  const stack = Stack.of(scope);
  const { Action, Resource } = stack.resolve(statement) as { readonly Action?: string | string[]; readonly Resource?: unknown };
  const arn = arnIn(stack, bucket);
  return arn !== undefined && [Action].flat().some((action) => actions.includes(action ?? '')) && JSON.stringify(Resource ?? '').includes(JSON.stringify(arn));
}

/** As the templates of a stack write it. A bucket without a name of its own is not written in those of other accounts and Regions: the CDK throws. */
function arnIn(stack: Stack, bucket: IBucket): unknown {
  try { return stack.resolve(bucket.bucketArn); } catch { return undefined; }
}

const sameVpc = (one: IVpc, other: IVpc): boolean => one === other || JSON.stringify(Stack.of(one).resolve(one.vpcId)) + Stack.of(one).node.path === JSON.stringify(Stack.of(other).resolve(other.vpcId)) + Stack.of(other).node.path;
