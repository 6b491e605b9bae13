import type { CfnRoute, CfnVPCEndpoint, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { warnInTheEnd } from './late-warning';
import { targetsOf } from './references';
import { sameVpc } from './vpc-members';

/** By type and not by class: the network constructs are the largest of all. */
const VPC_TYPE = 'AWS::EC2::VPC';
const ENDPOINT_TYPE = 'AWS::EC2::VPCEndpoint';
const ROUTE_TYPE = 'AWS::EC2::Route';

/** Whether an endpoint leads to S3, or to a service that is known at deployment. */
export function mayBeForS3(endpoint: CfnVPCEndpoint): boolean {
  const service = JSON.stringify(Stack.of(endpoint).resolve(endpoint.serviceName) ?? '');
  return service.includes('.s3"') || !service.includes('.');   // names of services have dots; a parameter has none
}

/** Warns of data that can't come: subnets without a way out, in a VPC of the app that has no endpoint for S3. The id is part of the API (docs/limits.md). */
export function warnWithoutWayToS3(scope: IConstruct, vpc: IVpc, subnets: readonly ISubnet[]): void {
  const made = vpc.node.defaultChild;
  if (!made || !CfnResource.isCfnResource(made) || made.cfnResourceType !== VPC_TYPE || !subnets.every((subnet) => vpc.isolatedSubnets.includes(subnet))) { return; }
  // endpoints may be added later
  warnInTheEnd(scope, 'cdk-sagemaker:noWayToS3', () => (hasWay(vpc, subnets) ? undefined
    : `data and artifacts pass by S3, which nothing leads to: the subnets have no way out, and ${vpc.node.path} has no endpoint for S3; JobVpcEndpoints.of(vpc, { services: [JobVpcService.S3] }) makes one without costs`));
}

/** An endpoint of the VPC, or a route that somebody has given one of the subnets, wherever they are made. */
function hasWay(vpc: IVpc, subnets: readonly ISubnet[]): boolean {
  const place = { scope: vpc, vpcId: vpc.vpcId };
  const isEndpoint = (part: CfnVPCEndpoint) => part.vpcId === undefined || (mayBeForS3(part) && sameVpc({ scope: part, vpcId: part.vpcId }, place));
  const isRoute = (part: CfnRoute) => [...targetsOf(part, part.routeTableId)].some((target) => target.node.scopes.some((each) => subnets.includes(each as ISubnet)));
  return vpc.node.root.node.findAll().some((part) => CfnResource.isCfnResource(part)
    && ((part.cfnResourceType === ENDPOINT_TYPE && isEndpoint(part as CfnVPCEndpoint)) || (part.cfnResourceType === ROUTE_TYPE && isRoute(part as CfnRoute))));
}
