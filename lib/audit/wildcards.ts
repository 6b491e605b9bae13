import type { Statement } from './statement';

/** Actions that are allowed on every resource, and why they can't be allowed on fewer. */
const ON_EVERYTHING: { readonly [why: string]: readonly string[] } = {
  'a token is for the whole registry: the action has no resources': ['ecr:GetAuthorizationToken'],
  'Describe actions have no resources, and network interfaces are made under ids that are not known before': [
    'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission',
    'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ec2:UnassignPrivateIpAddresses',
  ],
  'the actions have no resources': [
    'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
    'sagemaker:ListTrainingJobs',
  ],
};

const METRICS = 'cloudwatch:PutMetricData';
const isOneNameSpace = (values: readonly string[] = []) => values.length > 0 && !values.some((value) => /^[*?]*$/.test(value));

function whyMetrics(conditions: Statement['conditions']): string {
  const isNamed = ['StringEquals', 'StringLike'].some((operator) => isOneNameSpace(conditions?.[operator]?.['cloudwatch:namespace']));
  return `the action has no resources; ${isNamed ? 'the condition names the name space' : 'no condition names a name space'}`;
}

/** Why a statement is about every resource; undefined where it is not, or nothing is known of it. */
export function whyEverything({ actions, resources, isNotAction, conditions }: Statement): string | undefined {
  if (!resources.includes('*') || isNotAction) { return undefined; }
  const reasons = actions.map((action) => (action === METRICS ? whyMetrics(conditions) : Object.entries(ON_EVERYTHING).find(([, known]) => known.includes(action))?.[0]));
  return reasons.includes(undefined) ? undefined : [...new Set(reasons)].join('; ');
}
