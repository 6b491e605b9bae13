import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnElement } from 'aws-cdk-lib/core';
import { below, logging, namedBy, type Named } from './named-resources';
import { ACCOUNT, allows, REGION, type Asked, type Deployed, type Statement } from './policy';

/** What a role is for, as the template says it. */
export interface RoleUse {
  readonly role: IRole;
  /** Every request, or resource, that names it. */
  readonly requests: readonly unknown[];
  /** The ends of its log groups' names, for instance `TrainingJobs`. */
  readonly logGroups: readonly string[];
  /** What is read without a request saying so: what a manifest lists. */
  readonly alsoRead?: readonly string[];
  /** Keys of what is read, which requests don't name. */
  readonly alsoDecrypted?: readonly string[];
}

/** Everything that is wrong with a role, in words: what it needs and lacks, what it has and should not, what nobody asked for. */
export function faultsOf(deployed: Deployed, use: RoleUse): string[] {
  const id = deployed.stack.getLogicalId(use.role.node.defaultChild as CfnElement);
  const statements = deployed.statementsOf(id);
  const named = namedBy(use.requests);
  const asked = [...named.asked, ...use.logGroups.flatMap(logging), ...(use.alsoDecrypted ?? []).map((resource) => ({ action: 'kms:Decrypt', resource }))];
  return [
    ...asked.filter((each) => !allows(statements, each)).map((each) => `lacks ${words(each)}`),
    ...neighbours(asked, named, use).filter((each) => allows(statements, each)).map((each) => `has ${words(each)}`),
    ...statements.flatMap((statement) => unnamed(statement, named, use)),
    ...unexplained(deployed, use.role, statements),
  ];
}

const words = ({ action, resource, context }: Asked) => `${action} on ${resource}${context ? ` with ${JSON.stringify(context)}` : ''}`;

/** What lies next to what a role may reach. */
function neighbours(asked: readonly Asked[], named: Named, use: RoleUse): Asked[] {
  const places = [...named.read, ...named.written.map(below), ...named.written, ...use.alsoRead ?? []];
  const isNamed = (object: string) => places.some((each) => (named.written.includes(each) ? object === each || object.startsWith(below(each)) : object.startsWith(each)));
  return asked.flatMap((each): Asked[] => {
    const { action, resource, context } = each;
    if (action === 's3:ListBucket') {
      const bucket = resource.replace('arn:aws:s3:::', '');
      return [
        { action, resource: `${resource}-other`, context },
        ...['neighbour/', ''].filter((prefix) => !isNamed(`${bucket}/${prefix}`)).map((prefix) => ({ action, resource, context: { 's3:prefix': prefix } })),
        ...(isNamed(`${bucket}/`) ? [] : [{ action, resource }]),
      ];
    }
    if (action.startsWith('s3:')) {
      const [bucket, ...key] = resource.replace('arn:aws:s3:::', '').split('/');
      const objects = [`${bucket}-other/${key.join('/')}`, `${bucket}/neighbour/${key.join('/')}`, `${bucket}/${key[0]}-neighbour/x`];
      return [
        ...objects.filter((object) => !isNamed(object)).map((object) => ({ action, resource: `arn:aws:s3:::${object}` })),
        { action: 's3:DeleteObject', resource }, { action: 's3:PutBucketPolicy', resource: `arn:aws:s3:::${bucket}` },
      ];
    }
    if (action === 'kms:CreateGrant') { return [{ action, resource }, { action, resource: `${resource}0`, context }]; }
    if (resource === '*') { return action === 'cloudwatch:PutMetricData' ? [{ action, resource }, { action, resource, context: { 'cloudwatch:namespace': 'AWS/SageMaker' } }] : []; }
    if (action.startsWith('logs:')) { return [{ action, resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/sagemaker/Neighbour:log-stream:x` }]; }
    return [{ action, resource: `${resource}-other` }];
  });
}

const FOR_NETWORKS = /^ec2:(Create|Delete|Describe)/;
const WITHOUT_RESOURCES = /^(ecr:GetAuthorizationToken|cloudwatch:PutMetricData|sagemaker:ListTrainingJobs)$/;

/** What a statement reaches that no request names. */
function unnamed(statement: Statement, named: Named, { alsoRead = [], alsoDecrypted = [], logGroups, requests }: RoleUse): string[] {
  const [reads, writes] = [[...named.read, ...alsoRead, ...named.written], named.written];
  const isBelow = (pattern: string, places: readonly string[]) => places.some((each) => pattern.startsWith(each) || pattern === each.replace(/\/$/, ''));
  const isNamed = (action: string, resource: string): boolean => {
    if (resource === '*') { return WITHOUT_RESOURCES.test(action) || (FOR_NETWORKS.test(action) && named.hasNetwork) || (action.startsWith('ssmmessages:') && named.hasRemoteDebug); }
    const literal = resource.replace(/[*?].*$/, '');
    if (resource.startsWith('arn:aws:s3:::')) {
      const object = literal.slice('arn:aws:s3:::'.length);
      const prefixes = statement.conditions.StringLike?.['s3:prefix'] ?? [''];
      if (action === 's3:ListBucket') { return prefixes.every((prefix) => isBelow(`${object}/${prefix.replace(/\*$/, '')}`, reads)); }
      return isBelow(object, action === 's3:GetObject' ? reads : writes);
    }
    if (resource.startsWith('arn:aws:kms:')) { return [...named.keys, ...alsoDecrypted].includes(resource); }
    if (resource.startsWith('arn:aws:ecr:')) { return named.repositories.includes(resource); }
    if (resource.startsWith('arn:aws:logs:')) { return logGroups.some((group) => resource.includes(`:log-group:/aws/sagemaker/${group.replace(/\/.*/, '')}`)); }
    // models in a hub, groups of packages, servers of MLflow: by what they are called
    const [, , service, , , ...rest] = literal.split(':');
    const name = rest[0]?.split('/')[1] ?? rest.at(-1);
    return JSON.stringify(requests).includes(`:${service}:`) && name !== undefined && name !== '' && JSON.stringify(requests).includes(name);
  };
  return statement.actions.flatMap((action) => statement.resources.filter((resource) => !isNamed(action, resource)).map((resource) => `may ${action} on ${resource}, which no request names`));
}

/** Every statement is there because some construct said what for. */
function unexplained(deployed: Deployed, role: IRole, statements: readonly Statement[]): string[] {
  const said = new Set(deployed.needsOf(role.node.path).flatMap(({ needed }) => parts(needed)));
  return statements.flatMap(parts).filter((part) => !said.has(part)).map((part) => `is given without a reason: ${part}`);
}

const parts = ({ actions, resources, conditions }: Statement): string[] => actions.flatMap((action) => resources.map((resource) => `${action} on ${resource} ${JSON.stringify(conditions)}`));
