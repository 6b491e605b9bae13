import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { NEED, type Need } from './need';
import { targetsOf } from './references';
import { sameVpc, vpcOf, type Place } from './vpc-members';

/** A job or a model that uses a bucket from elsewhere. */
export interface OutsideReader {
  readonly path: string;
  /** The prop that it uses the bucket for. */
  readonly prop: string;
  /** Where it is. */
  readonly where: string;
}

/** Who of the app is allowed actions on a bucket, by what is written down of grants, and known to be outside of a VPC; of any, where none is given. */
export function outsideReaders(bucket: IBucket, actions: readonly string[], vpc: Place | undefined, except: readonly IRole[]): OutsideReader[] {
  const roles = new Set(except.map(({ node }) => node.path));
  const isOfBucket = ofBucket(bucket);
  return bucket.node.root.node.findAll().flatMap((part) => {
    const place = vpcOf(part);
    if (place === undefined || (place !== null && (!vpc || sameVpc({ scope: place, vpcId: place.vpcId }, vpc)))) { return []; }
    const use = needsOf(part).find(({ role, statement }) => !roles.has(role) && isAllowed(part, statement, actions, isOfBucket));
    return use ? [{ path: part.node.path, prop: use.prop, where: place === null ? 'no VPC' : place.node.path }] : [];
  });
}

const needsOf = (part: IConstruct): Need[] => part.node.metadata.filter(({ type }) => type === NEED).map(({ data }) => data as Need).filter(({ statement }) => statement !== undefined);

function isAllowed(scope: IConstruct, statement: unknown, actions: readonly string[], isOfBucket: (scope: IConstruct, resource: unknown) => boolean): boolean {
  const { Action, Resource } = statement as { readonly Action?: string | string[]; readonly Resource?: unknown };
  return [Action].flat().some((action) => actions.includes(action ?? '')) && isOfBucket(scope, Resource);
}

/** By the construct, for what is written of it may be written of another stack's, too; or by a name of its own, which there is once. */
function ofBucket(bucket: IBucket): (scope: IConstruct, resource: unknown) => boolean {
  const own = targetsOf(bucket, bucket.bucketArn);
  const names = [...own].map((part) => (part as Partial<CfnBucket>).bucketName).filter((name): name is string => name !== undefined && !Token.isUnresolved(name));
  return (scope, resource) => [...targetsOf(scope, resource)].some((target) => own.has(target))
    || names.some((name) => [resource].flat().some((arn) => typeof arn === 'string' && arn.replace(/^.*:/s, '').split('/')[0] === name));
}
