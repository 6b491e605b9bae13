import { randomBytes, randomInt } from 'node:crypto';
import { urlSuffixOf } from '../../limits/partitions';
import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical, Properties } from '../cloudformation/stack-record';

/** How a recorded resource is named, and what it answers to `Ref` and `Fn::GetAtt`. */
interface Recorded {
  /** The property that names it, where it has one; otherwise the name is generated. */
  readonly name?: string;
  /** Longest generated name. @default 64 */
  readonly max?: number;
  /** The properties that its name is made of, where it has no property of its own for it. */
  readonly nameParts?: readonly string[];
  /** Makes an id instead of a name: `vpc` makes `vpc-0123456789abcdef0`; an empty one a UUID. */
  readonly id?: string;
  /** After the account: `role/${name}`. Ids stand for names. */
  readonly arn?: string;
  readonly service?: string;
  /** IAM and S3 have no region. */
  readonly isGlobal?: boolean;
  /** What `Ref` is. @default 'name' */
  readonly ref?: 'name' | 'arn' | { readonly text: string };
  /** The physical id too is the ARN. */
  readonly isArn?: boolean;
  /** Attribute -> where its value comes from: the ARN, the name, a property, or a fixed text. */
  readonly attributes?: { readonly [name: string]: 'arn' | 'name' | { readonly property: string } | { readonly text: string } };
  /** Properties that can't be changed in place, besides the name. */
  readonly replacedWith?: readonly string[];
}

const iam = (name: string, arn: string, attributes: Recorded['attributes'], more: Partial<Recorded> = {}): Recorded =>
  ({ service: 'iam', isGlobal: true, name, arn, attributes, replacedWith: ['Path'], ...more });
const ec2 = (id: string, attribute: string | undefined, more: { readonly [name: string]: { readonly property: string } | { readonly text: string } } = {}, replacedWith: readonly string[] = []): Recorded =>
  ({ id, attributes: { ...(attribute === undefined ? {} : { [attribute]: 'name' as const }), ...more }, replacedWith });
const property = (name: string) => ({ property: name });
/** What tells one scalable target from another. */
const TARGET = ['ResourceId', 'ScalableDimension', 'ServiceNamespace'];

/**
 * Resources that the local AWS only writes down: nothing here enforces a policy, routes a packet, encrypts, scales or draws.
 * They have names, `Ref` and attributes as at AWS, so that what is run here can be made of them.
 */
const RECORDED: { readonly [type: string]: Recorded } = {
  'AWS::IAM::Role': iam('RoleName', 'role${path}${name}', { Arn: 'arn', RoleId: { text: 'AROALOCAL' } }),
  'AWS::IAM::User': iam('UserName', 'user${path}${name}', { Arn: 'arn' }),
  'AWS::IAM::InstanceProfile': iam('InstanceProfileName', 'instance-profile${path}${name}', { Arn: 'arn' }),
  'AWS::IAM::ManagedPolicy': iam('ManagedPolicyName', 'policy${path}${name}', { PolicyArn: 'arn' }, { ref: 'arn', isArn: true }),
  'AWS::IAM::Policy': { max: 32, attributes: { Id: 'name' } },
  'AWS::S3::BucketPolicy': { name: 'Bucket' },
  'AWS::Lambda::Permission': { max: 100 },
  'AWS::Lambda::LayerVersion': { service: 'lambda', name: 'LayerName', arn: 'layer:${name}:1', isArn: true, attributes: { LayerVersionArn: 'arn' }, replacedWith: ['Content', 'CompatibleRuntimes', 'Description', 'LicenseInfo'] },
  'AWS::Logs::LogGroup': { service: 'logs', name: 'LogGroupName', max: 512, arn: 'log-group:${name}:*', attributes: { Arn: 'arn' } },
  'AWS::KMS::Key': { service: 'kms', id: '', arn: 'key/${name}', attributes: { Arn: 'arn', KeyId: 'name' }, replacedWith: ['KeySpec', 'KeyUsage'] },
  'AWS::KMS::Alias': { name: 'AliasName' },
  'AWS::EC2::VPC': ec2('vpc', 'VpcId', { CidrBlock: property('CidrBlock'), DefaultSecurityGroup: { text: 'sg-00000000000000000' }, DefaultNetworkAcl: { text: 'acl-00000000000000000' } }, ['CidrBlock']),
  'AWS::EC2::Subnet': ec2('subnet', 'SubnetId', { AvailabilityZone: property('AvailabilityZone'), CidrBlock: property('CidrBlock'), VpcId: property('VpcId') }, ['VpcId', 'CidrBlock', 'AvailabilityZone']),
  'AWS::EC2::SecurityGroup': ec2('sg', 'GroupId', { VpcId: property('VpcId') }, ['GroupName', 'GroupDescription', 'VpcId']),
  'AWS::EC2::SecurityGroupIngress': ec2('sgr', 'Id'),
  'AWS::EC2::SecurityGroupEgress': ec2('sgr', 'Id'),
  'AWS::EC2::InternetGateway': ec2('igw', 'InternetGatewayId'),
  'AWS::EC2::VPCGatewayAttachment': ec2('vgw-attach', undefined),
  'AWS::EC2::RouteTable': ec2('rtb', 'RouteTableId', {}, ['VpcId']),
  'AWS::EC2::Route': ec2('rt', undefined, {}, ['RouteTableId', 'DestinationCidrBlock']),
  'AWS::EC2::SubnetRouteTableAssociation': ec2('rtbassoc', 'Id', {}, ['SubnetId']),
  'AWS::EC2::EIP': ec2('eipalloc', 'AllocationId', { PublicIp: { text: '203.0.113.1' } }),
  'AWS::EC2::NatGateway': ec2('nat', 'NatGatewayId', {}, ['SubnetId', 'AllocationId']),
  'AWS::EC2::VPCEndpoint': ec2('vpce', 'Id', {}, ['VpcId', 'ServiceName', 'VpcEndpointType']),
  'AWS::EC2::FlowLog': ec2('fl', 'Id'),
  'AWS::ECR::Repository': {
    service: 'ecr', name: 'RepositoryName', arn: 'repository/${name}',
    attributes: { Arn: 'arn', RepositoryUri: { text: '${account}.dkr.ecr.${region}.${domain}/${name}' } },
  },
  'AWS::CDK::Metadata': { max: 64 },
  'AWS::SNS::Topic': { service: 'sns', name: 'TopicName', max: 256, arn: '${name}', isArn: true, attributes: { TopicArn: 'arn', TopicName: 'name' } },
  'AWS::SNS::Subscription': { service: 'sns', arn: '${name}', isArn: true, attributes: { Arn: 'arn' }, replacedWith: ['Endpoint', 'Protocol', 'TopicArn'] },
  'AWS::SNS::TopicPolicy': { attributes: { Id: 'name' } },
  'AWS::ApplicationAutoScaling::ScalableTarget': { nameParts: TARGET, attributes: { Id: 'name' }, replacedWith: TARGET },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    service: 'autoscaling', name: 'PolicyName', max: 256, arn: 'scalingPolicy:policyName/${name}', isArn: true, attributes: { Arn: 'arn' }, replacedWith: ['ScalingTargetId', ...TARGET],
  },
  'AWS::SQS::Queue': { service: 'sqs', name: 'QueueName', max: 80, arn: '${name}', ref: { text: 'https://sqs.${region}.${domain}/${account}/${name}' }, attributes: { Arn: 'arn', QueueName: 'name', QueueUrl: { text: 'https://sqs.${region}.${domain}/${account}/${name}' } } },
  'AWS::SQS::QueuePolicy': { attributes: { Id: 'name' } },
  'AWS::Scheduler::ScheduleGroup': { service: 'scheduler', name: 'Name', arn: 'schedule-group/${name}', attributes: { Arn: 'arn' } },
  'AWS::CloudWatch::Dashboard': { name: 'DashboardName', max: 255 },
};

/** What an app may count on, and does not happen here: said with each deployment of it. */
const MISSED: { readonly [type: string]: string } = {
  'AWS::ApplicationAutoScaling::ScalableTarget': 'nothing is scaled here; instance counts stay as they are',
  'AWS::Scheduler::Schedule': 'fires by the clock, but only while the local AWS runs; `cdk-sagemaker local start` starts a workflow by hand',
  'AWS::SQS::Queue': 'nothing is put into queues here',
  'AWS::SNS::Subscription': 'messages are sent to nobody; `cdk-sagemaker local messages` shows them',
};

/** What of a template will not happen, in sentences. */
export function missedOf(template: { readonly Resources?: { readonly [logicalId: string]: { readonly Type?: string } } }): string[] {
  const types = Object.values(template.Resources ?? {}).map(({ Type }) => Type ?? '');
  return Object.entries(MISSED).flatMap(([type, what]) => {
    const count = types.filter((each) => each === type).length;
    return count === 0 ? [] : [`${count} ${type}: ${what}`];
  });
}

export const RECORDED_TYPES: ReadonlyMap<string, ResourceType> = new Map(Object.entries(RECORDED).map(([type, row]) => [type, recorded(row)]));

function recorded(row: Recorded): ResourceType {
  const unchangeable = [...row.name === undefined ? [] : [row.name], ...row.replacedWith ?? []];
  return {
    replaces: whenChanged(...unchangeable),
    create: (request) => Promise.resolve(physicalOf(row, request, nameOf(row, request))),
    update: (request, physical) => Promise.resolve(physicalOf(row, request, String(physical.attributes['#name'] ?? physical.physicalId))),
  };
}

function nameOf(row: Recorded, { properties, logicalId, stack, generatedName }: ResourceRequest): string {
  const given = row.name === undefined ? undefined : properties[row.name];
  if (given !== undefined) { return String(given); }
  if (row.nameParts !== undefined) { return row.nameParts.map((part) => String(properties[part] ?? '')).join('|'); }
  if (row.id === undefined) {
    const name = generatedName(row.max ?? 64);
    return row.name === 'RepositoryName' ? `${stack.name}-${logicalId}-${randomBytes(6).toString('hex')}`.toLowerCase() : name;
  }
  if (row.id === '') { return crypto.randomUUID(); }
  return `${row.id}-0${Array.from({ length: 16 }, () => randomInt(16).toString(16)).join('')}`;
}

/** What follows of a resource from its name and properties alone, for those who look at a stack from outside; nothing that only its service knows. */
export function knownOf(type: string, request: Pick<ResourceRequest, 'properties' | 'stack'>, physicalId: string | undefined): Physical | undefined {
  if (!Object.hasOwn(RECORDED, type)) { return undefined; }
  const row = RECORDED[type] as Recorded;
  const given = row.name === undefined ? undefined : request.properties[row.name];
  const isArn = row.isArn === true || row.ref === 'arn';
  const name = physicalId === undefined ? given : isArn ? physicalId.split(/[/:]/).at(-1) : physicalId;
  const fixed = Object.entries(row.attributes ?? {}).filter(([, source]) => typeof source === 'object' && 'text' in source && !source.text.includes('${')).map(([attribute]) => attribute);
  const { attributes, ...physical } = physicalOf(row, request, String(name ?? ''));
  const isKnown = (attribute: string) => !fixed.includes(attribute) && (name !== undefined || typeof row.attributes?.[attribute] === 'object' && 'property' in (row.attributes[attribute] as object));
  return { ...physical, physicalId: name === undefined ? '' : physical.physicalId, attributes: Object.fromEntries(Object.entries(attributes).filter(([attribute]) => isKnown(attribute))) };
}

function physicalOf(row: Recorded, { properties, stack }: Pick<ResourceRequest, 'properties' | 'stack'>, name: string): Physical {
  const path = String(properties.Path ?? '/');
  const fill = (text: string) => text.replace('${path}', path).replaceAll('${name}', name).replaceAll('${account}', stack.account).replaceAll('${region}', stack.region).replaceAll('${domain}', urlSuffixOf(stack.region));
  const arn = `arn:${stack.partition}:${row.service ?? ''}:${row.isGlobal === true ? '' : stack.region}:${stack.account}:${fill(row.arn ?? '')}`;
  const valueOf = (source: NonNullable<Recorded['attributes']>[string]): unknown => {
    if (source === 'arn') { return arn; }
    if (source === 'name') { return name; }
    return 'property' in source ? (properties as Properties)[source.property] ?? '' : fill(source.text);
  };
  const attributes = Object.fromEntries(Object.entries(row.attributes ?? {}).map(([attribute, source]) => [attribute, valueOf(source)]));
  // Where the physical id is the ARN, an update has to find the name again.
  return { physicalId: row.isArn === true ? arn : name, ref: row.ref === 'arn' ? arn : typeof row.ref === 'object' ? fill(row.ref.text) : undefined, attributes: row.isArn === true ? { ...attributes, '#name': name } : attributes };
}
