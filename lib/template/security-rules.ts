import type { CfnSecurityGroupEgress, CfnSecurityGroupIngress, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnResource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The rules below a place by which some groups reach others. Rules that are written in a group itself are no resources, and not found. */
export function rulesBetween(places: readonly IConstruct[], sources: readonly ISecurityGroup[], targets: readonly ISecurityGroup[]): IConstruct[] {
  const [from, to] = [sources, targets].map((groups) => new Set(groups.map((group) => group.securityGroupId)));
  const parts = new Set(places.flatMap((place) => place.node.findAll()));
  return [...parts].filter((part) => {
    const ends = endsOf(part);
    return ends !== undefined && from.has(ends.source) && to.has(ends.target);
  });
}

/** By type and not by class: the network constructs are the largest of all, and loaded by whoever has a network. */
function endsOf(part: IConstruct): { readonly source: string; readonly target: string } | undefined {
  if (!CfnResource.isCfnResource(part)) { return undefined; }
  if (part.cfnResourceType === 'AWS::EC2::SecurityGroupIngress') {
    const { groupId = '', sourceSecurityGroupId = '' } = part as CfnSecurityGroupIngress;
    return { source: sourceSecurityGroupId, target: groupId };
  }
  if (part.cfnResourceType !== 'AWS::EC2::SecurityGroupEgress') { return undefined; }
  const { groupId, destinationSecurityGroupId = '' } = part as CfnSecurityGroupEgress;
  return { source: groupId, target: destinationSecurityGroupId };
}
