import type { CfnSecurityGroupEgress, CfnSecurityGroupIngress, Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { CfnResource } from 'aws-cdk-lib/core';
import { Dependable, type IConstruct, type IDependable } from 'constructs';

/**
 * Lets a job reach a file system on its port, and says what to wait for until it can. Data of a file system need no
 * permission of the role: it is mounted over the network.
 */
export function reachable(job: IConnectable, fileSystem: IConnectable): IDependable {
  const [from, to] = [job.connections, fileSystem.connections];
  // said by the job, so that the rule is in its stack: in that of the file system, each stack would wait for the other
  from.allowToDefaultPort(fileSystem);
  const rules: IDependable = {};
  Dependable.implement(rules, {
    get dependencyRoots() { return groupsOf(from, to).flatMap((group) => group.node.findAll()).filter((part) => joins(part, from, to)); },
  });
  return rules;
}

const groupsOf = (...connections: Connections[]) => connections.flatMap((side) => side.securityGroups);
const idsOf = (side: Connections) => side.securityGroups.map((group) => group.securityGroupId);

/** The rules of these two alone: another rule of the same groups may wait for something that waits for the job. */
function joins(part: IConstruct, from: Connections, to: Connections): boolean {
  if (!CfnResource.isCfnResource(part)) { return false; }
  const [sources, targets] = [idsOf(from), idsOf(to)];
  if (part.cfnResourceType === 'AWS::EC2::SecurityGroupIngress') {
    const { groupId = '', sourceSecurityGroupId = '' } = part as CfnSecurityGroupIngress;
    return targets.includes(groupId) && sources.includes(sourceSecurityGroupId);
  }
  if (part.cfnResourceType !== 'AWS::EC2::SecurityGroupEgress') { return false; }
  const { groupId, destinationSecurityGroupId = '' } = part as CfnSecurityGroupEgress;
  return sources.includes(groupId) && targets.includes(destinationSecurityGroupId);
}
