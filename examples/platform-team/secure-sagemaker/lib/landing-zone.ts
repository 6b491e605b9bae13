import { SecurityGroup, Vpc, type ISecurityGroup, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** What each account of the organization has from the day that it is opened, by names that are the same in all of them. */
export class LandingZone extends Construct {
  /** The one of a stack. */
  public static of(scope: Construct): LandingZone {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild('LandingZone') as LandingZone | undefined) ?? new LandingZone(stack, 'LandingZone');
  }

  /** Without a way to the internet: S3 and the other services are reached through endpoints. */
  public readonly vpc: IVpc;
  /** For jobs: nothing comes in, and endpoints alone are reached. */
  public readonly jobs: ISecurityGroup;
  /** For data of the organization. Its policy lets the account say who may use it. */
  public readonly key: IKey;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['a', 'b'],
      isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      isolatedSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
    });
    this.jobs = SecurityGroup.fromSecurityGroupId(this, 'Jobs', 'sg-0123456789abcdef0', { mutable: false });
    this.key = Key.fromKeyArn(this, 'Key', Stack.of(this).formatArn({ service: 'kms', resource: 'key', resourceName: '01234567-89ab-cdef-0123-456789abcdef' }));
  }
}
