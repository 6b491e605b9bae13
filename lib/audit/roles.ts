import type { References } from './references';
import { statementsOf, type Statement } from './statement';
import { constructOf, type Resource, type SynthesizedStack } from './synthesized';

/** A statement, and the construct in whose policy it is. */
export interface Granted {
  readonly statement: Statement;
  readonly policy: string;
}

/** A role of a template, with what policies of any stack of the app allow it. */
export interface FoundRole {
  readonly path: string;
  readonly stack: SynthesizedStack;
  readonly trust: readonly Statement[];
  readonly permissionsBoundary?: string;
  /** Policies that are there already, by their ARNs. */
  readonly managedPolicies: readonly string[];
  readonly granted: readonly Granted[];
}

/** The roles of the stacks, in the order of their templates. */
export function rolesOf(stacks: readonly SynthesizedStack[], references: References): FoundRole[] {
  const policies = attachedIn(stacks, references);
  return stacks.flatMap((stack) => resourcesOf(stack).filter(({ type }) => type === 'AWS::IAM::Role').map(({ id, path, properties }) => {
    const managed = [properties.ManagedPolicyArns ?? []].flat().map((each) => references.text(each, stack));
    const inline = ([properties.Policies ?? []].flat() as { readonly PolicyDocument?: unknown }[]).flatMap((policy) => statementsOf(policy.PolicyDocument ?? policy, { references, stack }));
    const ofApp = policies.filter(({ ref }) => managed.includes(ref));
    const known = new Set(ofApp.map(({ ref }) => ref));
    const isFor = isAbout(id, properties, stack, references);
    return {
      path, stack,
      trust: statementsOf(properties.AssumeRolePolicyDocument, { references, stack }),
      permissionsBoundary: properties.PermissionsBoundary === undefined ? undefined : references.text(properties.PermissionsBoundary, stack),
      managedPolicies: managed.filter((each) => !known.has(each)),
      granted: [
        ...inline.map((statement) => ({ statement, policy: path })),
        ...policies.filter((policy) => isFor(policy) || ofApp.includes(policy)).map(({ statement, policy }) => ({ statement, policy })),
      ],
    };
  }));
}

/** Whether a policy is about a role: by a reference, or by the name that the role is given in the same account. */
function isAbout(id: string, properties: FoundResource['properties'], stack: SynthesizedStack, references: References): (policy: Attached) => boolean {
  const known = [references.text({ Ref: id }, stack), references.text({ 'Fn::GetAtt': [id, 'Arn'] }, stack)];
  const name = properties.RoleName === undefined ? undefined : references.text(properties.RoleName, stack);
  return ({ to, account, isOfResource }) => to.some((text) => known.includes(text) || (text === name && account === stack.account && !isOfResource));
}

/** What policies of the app allow roles that were made elsewhere, by the names of these. */
export function grantedElsewhere(stacks: readonly SynthesizedStack[], references: References): Attached[] {
  return attachedIn(stacks, references).filter(({ to }) => to.some((name) => !name.includes('${')));
}

/** Policies that are attached to roles, one of which is known at deployment only: a parameter, for instance. `to` has those. */
export function attachedToUnknown(stacks: readonly SynthesizedStack[], references: References): Attached[] {
  const roles = stacks.flatMap((stack) => resourcesOf(stack).filter(({ type }) => type === 'AWS::IAM::Role').map(({ id, properties }) => isAbout(id, properties, stack, references)));
  return attachedIn(stacks, references).filter(({ isOfResource }) => !isOfResource).flatMap((policy) => {
    const to = policy.to.filter((role) => (role.includes('${') || role.startsWith('{')) && !roles.some((isFor) => isFor({ ...policy, to: [role] })));
    return to.length > 0 ? [{ ...policy, to }] : [];
  });
}

const attachedIn = (stacks: readonly SynthesizedStack[], references: References) => stacks.flatMap((stack) => resourcesOf(stack).flatMap((resource) => attached(resource, stack, references)));

/** A statement of a policy that is a resource of its own. */
export interface Attached extends Granted {
  /** Names of roles; of policies of buckets, keys and the like the principals. */
  readonly to: readonly string[];
  /** As roles refer to the policy. */
  readonly ref: string;
  readonly stack: SynthesizedStack;
  readonly account: string;
  readonly isOfResource: boolean;
}

/** The member that is the policy, by the type of the resource. */
const ATTACHED: { readonly [type: string]: string } = { 'AWS::IAM::Policy': 'PolicyDocument', 'AWS::IAM::ManagedPolicy': 'PolicyDocument', 'AWS::IAM::RolePolicy': 'PolicyDocument' };
const OF_RESOURCES: { readonly [type: string]: string } = {
  'AWS::S3::BucketPolicy': 'PolicyDocument', 'AWS::KMS::Key': 'KeyPolicy', 'AWS::SQS::QueuePolicy': 'PolicyDocument', 'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::S3::AccessPoint': 'Policy', 'AWS::S3::MultiRegionAccessPointPolicy': 'Policy', 'AWS::S3ObjectLambda::AccessPointPolicy': 'PolicyDocument', 'AWS::S3Express::BucketPolicy': 'PolicyDocument',
  'AWS::KMS::ReplicaKey': 'KeyPolicy', 'AWS::SQS::QueueInlinePolicy': 'PolicyDocument', 'AWS::SNS::TopicInlinePolicy': 'PolicyDocument', 'AWS::EFS::FileSystem': 'FileSystemPolicy',
  'AWS::ECR::Repository': 'RepositoryPolicyText', 'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy', 'AWS::SageMaker::ModelPackageGroup': 'ModelPackageGroupPolicy',
};

function attached({ id, path, type, properties }: FoundResource, stack: SynthesizedStack, references: References): Attached[] {
  const from = { policy: path, ref: references.text({ Ref: id }, stack), stack, account: stack.account, isOfResource: type in OF_RESOURCES };
  if (type in ATTACHED) {
    const to = [properties.Roles ?? properties.RoleName ?? []].flat().flatMap((role) => references.texts(role, stack));
    return statementsOf(properties[ATTACHED[type]], { references, stack }).map((statement) => ({ ...from, statement, to }));
  }
  if (!(type in OF_RESOURCES)) { return []; }
  return statementsOf(properties[OF_RESOURCES[type]], { references, stack }).map((statement) => ({ ...from, statement, to: statement.principals ?? [] }));
}

interface FoundResource {
  readonly id: string;
  readonly path: string;
  readonly type: string;
  readonly properties: NonNullable<Resource['Properties']>;
}

function resourcesOf({ template, paths, path }: SynthesizedStack): FoundResource[] {
  return Object.entries(template.Resources ?? {}).map(([id, { Type, Properties = {} }]) => ({ id, path: paths.get(id) ?? constructOf(`${path}/${id}`), type: Type, properties: Properties }));
}
