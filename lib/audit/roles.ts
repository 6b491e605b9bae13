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
  const policies = stacks.flatMap((stack) => resourcesOf(stack).flatMap((resource) => attached(resource, stack, references)));
  return stacks.flatMap((stack) => resourcesOf(stack).filter(({ type }) => type === 'AWS::IAM::Role').map(({ id, path, properties }) => {
    const [name, arn] = [references.text({ Ref: id }, stack), references.text({ 'Fn::GetAtt': [id, 'Arn'] }, stack)];
    const texts = (list: unknown) => ((list ?? []) as unknown[]).map((each) => references.text(each, stack));
    const inline = ((properties.Policies ?? []) as { readonly PolicyDocument: unknown }[]).flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument, { references, stack }));
    const ofApp = policies.filter(({ ref }) => (properties.ManagedPolicyArns as unknown[] | undefined)?.some((each) => references.text(each, stack) === ref));
    const known = new Set(ofApp.map(({ ref }) => ref));
    const isFor = ({ to }: Attached) => to.includes(name) || to.includes(arn);
    return {
      path, stack,
      trust: statementsOf(properties.AssumeRolePolicyDocument, { references, stack }),
      permissionsBoundary: properties.PermissionsBoundary === undefined ? undefined : references.text(properties.PermissionsBoundary, stack),
      managedPolicies: texts(properties.ManagedPolicyArns).filter((each) => !known.has(each)),
      granted: [
        ...inline.map((statement) => ({ statement, policy: path })),
        ...policies.filter((policy) => isFor(policy) || ofApp.includes(policy)).map(({ statement, policy }) => ({ statement, policy })),
      ],
    };
  }));
}

/** What policies of the app allow roles that were made elsewhere, by the names of these. */
export function grantedElsewhere(stacks: readonly SynthesizedStack[], references: References): Attached[] {
  const policies = stacks.flatMap((stack) => resourcesOf(stack).flatMap((resource) => attached(resource, stack, references)));
  return policies.filter(({ to }) => to.some((name) => !name.includes('${')));
}

/** A statement of a policy that is a resource of its own. */
export interface Attached extends Granted {
  /** Names of roles; of policies of buckets, keys and the like the principals. */
  readonly to: readonly string[];
  /** As roles refer to the policy. */
  readonly ref: string;
}

/** The member that is the policy, by the type of the resource. */
const ATTACHED: { readonly [type: string]: string } = { 'AWS::IAM::Policy': 'PolicyDocument', 'AWS::IAM::ManagedPolicy': 'PolicyDocument', 'AWS::IAM::RolePolicy': 'PolicyDocument' };
const OF_RESOURCES: { readonly [type: string]: string } = {
  'AWS::S3::BucketPolicy': 'PolicyDocument', 'AWS::KMS::Key': 'KeyPolicy', 'AWS::SQS::QueuePolicy': 'PolicyDocument', 'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::ECR::Repository': 'RepositoryPolicyText', 'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy', 'AWS::SageMaker::ModelPackageGroup': 'ModelPackageGroupPolicy',
};

function attached({ id, path, type, properties }: FoundResource, stack: SynthesizedStack, references: References): Attached[] {
  const ref = references.text({ Ref: id }, stack);
  if (type in ATTACHED) {
    const roles = [properties.Roles ?? properties.RoleName ?? []].flat().map((role) => references.text(role, stack));
    return statementsOf(properties[ATTACHED[type]], { references, stack }).map((statement) => ({ statement, policy: path, to: roles, ref }));
  }
  if (!(type in OF_RESOURCES)) { return []; }
  return statementsOf(properties[OF_RESOURCES[type]], { references, stack }).map((statement) => ({ statement, policy: path, to: statement.principals ?? [], ref }));
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
