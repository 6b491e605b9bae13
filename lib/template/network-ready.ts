import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnResource } from 'aws-cdk-lib/core';
import { Dependable, type IConstruct, type IDependable } from 'constructs';

/** By type and not by class: the network constructs are the largest of all, and loaded by whoever has a network. */
const ROUTE_TYPE = 'AWS::EC2::SubnetRouteTableAssociation';
const ENDPOINT_TYPE = 'AWS::EC2::VPCEndpoint';

/**
 * What makes a network of the app more than its subnets, to wait for: the routes out of it, and the endpoints of its VPC.
 * A Ref waits for the subnet alone. Of a network made elsewhere there is nothing to wait for.
 */
export function networkReady(vpc: IVpc, subnets: readonly ISubnet[]): IDependable {
  const ready: IDependable = {};
  Dependable.implement(ready, {
    // asked when the template is written: endpoints may be added after the job
    get dependencyRoots() {
      return [
        ...subnets.flatMap((subnet) => [...Dependable.of(subnet.internetConnectivityEstablished).dependencyRoots, ...resources(subnet, ROUTE_TYPE)]),
        ...resources(vpc, ENDPOINT_TYPE),
      ];
    },
  });
  return ready;
}

function resources(scope: IConstruct, type: string): IConstruct[] {
  return scope.node.findAll().filter((part) => CfnResource.isCfnResource(part) && part.cfnResourceType === type);
}
