import { partitionOf } from '../limits/partitions';
import { call, list, literal, name, object, printed, type Code } from './code';
import type { Program } from './program';
import type { Tree } from './tree';

/** What requests name and the stack does not make: each is imported once. */

/** `s3://bucket/prefix` taken apart. */
export function placeOf(uri: unknown): { readonly bucket: string; readonly prefix: string; readonly hasSlash: boolean } | undefined {
  const [, bucket, slash, prefix = ''] = /^s3:\/\/([A-Za-z0-9._-]{1,255})(?:(\/)(.*))?$/s.exec(typeof uri === 'string' ? uri : '') ?? [];
  return bucket === undefined ? undefined : { bucket, prefix, hasSlash: slash !== undefined };
}

export function bucket(program: Program, bucketName: string): Code {
  // that of the Python SDK, whose name has the Region and the account in it
  const hint = /^sagemaker-[a-z0-9-]+-\d{12}$/.test(bucketName) ? 'sagemaker' : bucketName;
  // the CDK knows of none with such a name, and says so of one that it can read
  const named = bucketName.length < 3 ? call('Lazy.string', object({ produce: name(`() => ${printed(literal(bucketName))}`) })) : literal(bucketName);
  return program.shared('Bucket', bucketName, /bucket$/i.test(hint) ? hint : `${hint}-bucket`, (id) => call('Bucket.fromBucketName', name('this'), literal(id), named));
}

/** A key by its ARN; one that is named by its id or its alias alone is of the account and the Region of the stack. */
export function key(program: Program, reference: unknown): { readonly code: Code; readonly arn: string } | undefined {
  if (typeof reference !== 'string' || reference === '') { return undefined; }
  const arn = keyArn(program, reference);
  if (arn === undefined) { return undefined; }
  return { arn, code: program.shared('Key', arn, `${/[^/:]*$/.exec(arn)![0].slice(0, 20)}-key`, (id) => call('Key.fromKeyArn', name('this'), literal(id), literal(arn))) };
}

function keyArn(program: Program, reference: string): string | undefined {
  if (reference.startsWith('arn:')) { return /^arn:[^:]+:kms:[^:]*:[^:]*:(key|alias)\/.+$/.test(reference) ? reference : undefined; }
  const { account, region } = program.target;
  if (account === undefined || region === undefined) { return undefined; }
  program.note(`the key ${reference} is named by its ARN here`);
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${reference.startsWith('alias/') ? reference : `key/${reference}`}`;
}

/** A role by its ARN; an account may have called it by its name alone. */
export function role(program: Program, arn: unknown): Code | undefined {
  if (typeof arn !== 'string' || arn === '') { return undefined; }
  const hint = /[^/]*$/.exec(arn)![0];
  return program.shared('Role', arn, /role/i.test(hint) ? hint : `${hint}-role`, (id) => call(arn.startsWith('arn:') ? 'Role.fromRoleArn' : 'Role.fromRoleName', name('this'), literal(id), literal(arn)));
}

/** The props of a network: a request names subnets and groups, and no VPC. */
export function network(program: Program, config: Tree | undefined): { readonly [prop: string]: Code } {
  if (!config) { return {}; }
  const { vpcId } = program.target;
  const isKnown = vpcId !== undefined;
  if (!isKnown) { program.note('vpcId: requests name subnets and no VPC; write its id in place of vpc-unknown, or give --vpc. Nothing that is asked for hangs on it'); }
  const vpc = program.shared('Vpc', '', 'vpc', (id) => call('Vpc.fromVpcAttributes', name('this'), literal(id), object({
    vpcId: literal(vpcId ?? 'vpc-unknown'), availabilityZones: list([literal(`${program.target.region ?? ''}a`)]),
  })));
  const subnets = (config.Subnets as string[] ?? []).map((subnet) => program.shared('Subnet', subnet, subnet, (id) => call('Subnet.fromSubnetId', name('this'), literal(id), literal(subnet))));
  return { vpc, vpcSubnets: object({ subnets: list(subnets) })!, securityGroups: list(groups(program, config)) };
}

/** Groups made elsewhere stay as they are. */
export function groups(program: Program, config: Tree): Code[] {
  return (config.SecurityGroupIds as string[] ?? []).map((group) => program.shared('SecurityGroup', group, group, (id) => (
    call('SecurityGroup.fromSecurityGroupId', name('this'), literal(id), literal(group), object({ mutable: literal(false) })))));
}

export const lambda = (program: Program, arn: string): Code => program.shared('Function', arn, `${arn.split(':')[6] ?? ''}-function`, (id) => call('Function.fromFunctionArn', name('this'), literal(id), literal(arn)));

export const topic = (program: Program, arn: unknown): Code | undefined => (
  typeof arn === 'string' ? program.shared('Topic', arn, `${/[^:]*$/.exec(arn)![0]}-topic`, (id) => call('Topic.fromTopicArn', name('this'), literal(id), literal(arn))) : undefined);
