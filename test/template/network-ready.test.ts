import { Template } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Stack } from 'aws-cdk-lib/core';
import { JobProvider } from 'cdk-sagemaker';
import { emptyStack, only, trainingIn } from '../support/stacks';

const waitsFor = (stack: Stack, type: string) => {
  const template = Template.fromStack(stack);
  const { DependsOn = [] } = only(template, 'Custom::SageMakerTrainingJob');
  return DependsOn.filter((id) => template.toJSON().Resources[id].Type === type);
};
const isolated = (stack: Stack) => new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] });

describe('a job in a VPC', () => {
  test('waits for the routes of its subnets, and of no others', () => {
    const stack = emptyStack();
    trainingIn(stack, { vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }) });
    expect(waitsFor(stack, 'AWS::EC2::Route')).toEqual([expect.stringMatching('PrivateSubnet1DefaultRoute'), expect.stringMatching('PrivateSubnet2DefaultRoute')]);
    expect(waitsFor(stack, 'AWS::EC2::SubnetRouteTableAssociation')).toHaveLength(2);
  });

  test('waits for the endpoints of its VPC, those too that are added later', () => {
    const stack = emptyStack();
    const vpc = isolated(stack);
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    trainingIn(stack, { vpc });
    vpc.addInterfaceEndpoint('Api', { service: InterfaceVpcEndpointAwsService.SAGEMAKER_API });
    expect(waitsFor(stack, 'AWS::EC2::VPCEndpoint')).toEqual([expect.stringMatching('VpcApi'), expect.stringMatching('VpcS3')]);
  });

  test('waits for nothing of a VPC made elsewhere but the rule of its own group', () => {
    const stack = emptyStack();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'] });
    trainingIn(stack, { vpc });
    expect(waitsFor(stack, 'AWS::EC2::SecurityGroupIngress')).toEqual([expect.stringMatching('TrainSecurityGroupfrom')]);
    expect(only(Template.fromStack(stack), 'Custom::SageMakerTrainingJob').DependsOn).toHaveLength(4);
  });
});

test.each(['before', 'after'])('a job waits for the network of its handler, configured %s it', (order) => {
  const stack = emptyStack();
  const vpc = isolated(stack);
  vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
  if (order === 'before') { JobProvider.configure(stack, { vpc }); }
  trainingIn(stack);
  if (order === 'after') { JobProvider.configure(stack, { vpc }); }
  expect(waitsFor(stack, 'AWS::EC2::VPCEndpoint')).toHaveLength(1);
  expect(waitsFor(stack, 'AWS::EC2::SubnetRouteTableAssociation')).toHaveLength(2);
});
