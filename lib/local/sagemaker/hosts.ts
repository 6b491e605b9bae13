import type { Channel, CreateProcessingJobRequest, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';

/** An instance of a job: what runs on it knows it by its name. */
export interface Host {
  /** `algo-1` and so on. */
  readonly name: string;
  readonly group: string;
  readonly instanceType?: string;
}

/** One of several that divide something between them. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

const HOMOGENEOUS = 'homogeneousCluster';

export function hostsOfTraining({ ResourceConfig: resources }: CreateTrainingJobRequest): Host[] {
  const groups = resources?.InstanceGroups ?? [];
  return groups.length === 0
    ? hostsOf([[HOMOGENEOUS, resources?.InstanceType, resources?.InstanceCount ?? 1]])
    : hostsOf(groups.map((group) => [group.InstanceGroupName as string, group.InstanceType, group.InstanceCount ?? 1]));
}

export function hostsOfProcessing({ ProcessingResources: resources }: CreateProcessingJobRequest): Host[] {
  return hostsOf([[HOMOGENEOUS, resources?.ClusterConfig?.InstanceType, resources?.ClusterConfig?.InstanceCount ?? 1]]);
}

function hostsOf(groups: ReadonlyArray<readonly [group: string, instanceType: string | undefined, count: number]>): Host[] {
  const members = groups.flatMap(([group, instanceType, count]) => Array.from({ length: count }, () => ({ group, instanceType })));
  return members.map((member, index) => ({ name: `algo-${index + 1}`, ...member }));
}

/** What is in resourceconfig.json: which host this is, and which others there are. */
export function resourceConfiguration(host: Host, hosts: readonly Host[], networkInterface: string): Record<string, unknown> {
  const groups = [...new Set(hosts.map(({ group }) => group))].map((group) => hosts.filter((each) => each.group === group));
  return {
    current_host: host.name,
    current_instance_type: host.instanceType,
    current_group_name: host.group,
    hosts: hosts.map(({ name }) => name),
    instance_groups: groups.map((members) => ({ instance_group_name: members[0]?.group, instance_type: members[0]?.instanceType, hosts: members.map(({ name }) => name) })),
    network_interface_name: networkInterface,
  };
}

/** The channels that a host gets. */
export function channelsOf(request: CreateTrainingJobRequest, host: Host): Channel[] {
  return (request.InputDataConfig ?? []).filter((channel) => isFor(channel, host));
}

/** Which part of a channel a host gets; nothing where it gets all of it. */
export function shareOf(channel: Channel, host: Host, hosts: readonly Host[]): Share | undefined {
  if (channel.DataSource?.S3DataSource?.S3DataDistributionType !== 'ShardedByS3Key') { return undefined; }
  return shareAmong(host, hosts.filter((each) => isFor(channel, each)));
}

export const shareAmong = (host: Host, hosts: readonly Host[]): Share => ({ index: hosts.findIndex(({ name }) => name === host.name), of: hosts.length });

function isFor(channel: Channel, { group }: Host): boolean {
  const groups = channel.DataSource?.S3DataSource?.InstanceGroupNames ?? [];
  return groups.length === 0 || groups.includes(group);
}
