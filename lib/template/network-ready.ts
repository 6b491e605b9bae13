import type { CfnVPCEndpoint, ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnResource } from 'aws-cdk-lib/core';
import { Dependable, type IConstruct, type IDependable } from 'constructs';
import { rulesBetween } from './security-rules';

/** By type and not by class: the network constructs are the largest of all, and loaded by whoever has a network. */
const ROUTE_TYPE = 'AWS::EC2::SubnetRouteTableAssociation';
const ENDPOINT_TYPE = 'AWS::EC2::VPCEndpoint';
const GROUP_TYPE = 'AWS::EC2::SecurityGroup';

/**
 * What makes a network of the app more than its subnets, to wait for: the routes out of it, the endpoints of its VPC, and the rules by which the members of
 * the groups reach each other and these endpoints. A Ref waits for subnets and groups alone. Of a network made elsewhere there is nothing to wait for.
 */
export function networkReady(vpc: IVpc, subnets: readonly ISubnet[], groups: () => readonly ISecurityGroup[] = () => []): IDependable {
  const ready: IDependable = {};
  Dependable.implement(ready, {
    // asked when the template is written: endpoints may be added after the job
    get dependencyRoots() {
      return [
        ...subnets.flatMap((subnet) => [...Dependable.of(subnet.internetConnectivityEstablished).dependencyRoots, ...resources(subnet, ROUTE_TYPE)]),
        ...resources(vpc, ENDPOINT_TYPE).filter((endpoint) => !WAITING.get(endpoint)?.()),
        ...rulesOf(vpc, groups()),
      ];
    },
  });
  return ready;
}

/** Which endpoints of a VPC wait themselves for what is served by a model, as soon as they do. */
const WAITING = new WeakMap<IConstruct, () => boolean>();

/** Says when an endpoint of a VPC can't be waited for: its policy names an endpoint of SageMaker, which waits for jobs and models. */
export function waitsForHosting(endpoint: CfnVPCEndpoint, whether: () => boolean): void { WAITING.set(endpoint, whether); }

/** Of these groups and those of the VPC alone: another rule may wait for something that waits for the job. */
function rulesOf(vpc: IVpc, groups: readonly ISecurityGroup[]): IConstruct[] {
  if (groups.length === 0) { return []; }
  const known = [...groups, ...resources(vpc, GROUP_TYPE).flatMap((part) => (part.node.scope as ISecurityGroup | undefined) ?? [])];
  const places = [...groups, vpc];
  return [...rulesBetween(places, groups, known), ...rulesBetween(places, known, groups)];
}

function resources(scope: IConstruct, type: string): IConstruct[] {
  return scope.node.findAll().filter((part) => CfnResource.isCfnResource(part) && part.cfnResourceType === type);
}
