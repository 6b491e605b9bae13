import { Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { App, Stack } from 'aws-cdk-lib/core';
import { ContainerImage, JobProvider, JobVpcEndpoints, JobVpcService, Model, ModelData, SageMakerVpcEndpoint } from 'cdk-sagemaker';
import { emptyStack, flat, IMAGE_URI, ofType, trainingIn, type Resource } from './support/stacks';

const vpcIn = (scope: Stack, id = 'Vpc') => new Vpc(scope, id, { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] });
const made = (options?: Parameters<typeof JobVpcEndpoints.of>[1], env?: { account: string; region: string }) => {
  const stack = emptyStack('Stack', { env });
  const vpc = vpcIn(stack);
  const endpoints = JobVpcEndpoints.of(vpc, options);
  return { stack, vpc, endpoints, template: () => Template.fromStack(stack) };
};

const endpointsOf = (template: Template) => ofType(template, 'AWS::EC2::VPCEndpoint').map(([id, { Properties }]) => ({ id, service: serviceOf(Properties), properties: Properties }));
const serviceOf = (properties: any): string => flat(properties.ServiceName).replace(/^(com\.amazonaws|cn\.com\.amazonaws|<[^>]*>)\.?[^.]*\./, '');
const services = (template: Template) => endpointsOf(template).map(({ service }) => service).sort();
const policyOf = (template: Template, service: string): any[] => endpointsOf(template).find((each) => each.service === service)!.properties.PolicyDocument.Statement;
const USUAL = ['ecr.api', 'ecr.dkr', 'kms', 'logs', 's3', 'sagemaker.api', 'sagemaker.runtime', 'sts'];

/** Who is let in to the one group of the endpoints, by the beginning of the ids of their groups. */
const letIn = (...templates: Template[]) => templates.flatMap((template) => ofType(template, 'AWS::EC2::SecurityGroupIngress')).map(([, { Properties }]) => Properties)
  .filter((rule) => rule.FromPort === 443 && rule.ToPort === 443).map((rule) => flat(rule.SourceSecurityGroupId));

describe('The endpoints of a VPC for jobs', () => {
  test('are those that jobs call, and more where asked', () => {
    expect(services(made().template())).toEqual(USUAL);
    const more = made({ additionalServices: [JobVpcService.MONITORING, JobVpcService.SECRETS_MANAGER, JobVpcService.EFS, JobVpcService.SSM, JobVpcService.STEP_FUNCTIONS, JobVpcService.CLOUDFORMATION] });
    expect(services(more.template())).toEqual([...USUAL, 'cloudformation', 'elasticfilesystem', 'monitoring', 'secretsmanager', 'ssm', 'ssmmessages', 'states'].sort());
  });

  test('are those that are named', () => {
    const { template } = made({ services: [JobVpcService.S3] });
    expect(services(template())).toEqual(['s3']);
    expect(ofType(template(), 'AWS::EC2::SecurityGroup')).toEqual([]);
  });

  test('are in the subnets without a way out, where S3 is routed too', () => {
    const { template } = made();
    for (const { properties, service } of endpointsOf(template())) {
      if (service === 's3') {
        expect(properties).toMatchObject({ VpcEndpointType: 'Gateway', RouteTableIds: [{ Ref: expect.stringMatching('inSubnet1RouteTable') }, { Ref: expect.stringMatching('inSubnet2RouteTable') }] });
      } else {
        expect(properties).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true, SubnetIds: [{ Ref: expect.stringMatching('inSubnet1Subnet') }, { Ref: expect.stringMatching('inSubnet2Subnet') }] });
      }
    }
  });

  test('are in the subnets that are chosen', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    JobVpcEndpoints.of(vpc, { subnets: { subnets: [vpc.privateSubnets[0]] }, services: [JobVpcService.S3, JobVpcService.KMS] });
    const [kms, s3] = endpointsOf(Template.fromStack(stack)).sort((a, b) => (a.service < b.service ? -1 : 1));
    expect(kms.properties.SubnetIds).toHaveLength(1);
    expect(s3.properties.RouteTableIds).toHaveLength(1);
  });

  test('are shared by those who ask twice, who may add services, and no subnets', () => {
    const { vpc, endpoints, template } = made({ services: [JobVpcService.S3] });
    expect(JobVpcEndpoints.of(vpc)).toBe(endpoints);
    expect(JobVpcEndpoints.of(vpc, { services: [JobVpcService.S3], additionalServices: [JobVpcService.KMS] })).toBe(endpoints);
    expect(services(template())).toEqual(['kms', 's3']);
    expect(() => JobVpcEndpoints.of(vpc, { subnets: {} })).toThrow('Stack/Vpc/SageMakerJobEndpoints: subnets must be said when the endpoints are made');
  });

  test('are no second ones beside those that the app has made', () => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    const kms = vpc.addInterfaceEndpoint('Keys', { service: InterfaceVpcEndpointAwsService.KMS, open: false });
    const runtime = SageMakerVpcEndpoint.runtime(vpc);
    JobVpcEndpoints.of(vpc);
    trainingIn(stack, { vpc });
    expect(SageMakerVpcEndpoint.api(vpc).node.path).toBe('Stack/Vpc/SageMakerApi');
    expect(services(Template.fromStack(stack))).toEqual(USUAL);
    // the job is let in to all three groups: their own, that of the keys and that of the runtime
    expect(letIn(Template.fromStack(stack))).toHaveLength(3);
    expect([kms, runtime].every(({ connections }) => connections.securityGroups.length === 1)).toBe(true);
  });

  test('find the gateway endpoint for S3 that is there, and say where there is none', () => {
    const { vpc, endpoints } = made({ services: [JobVpcService.KMS] });
    expect(() => endpoints.s3).toThrow('Stack/Vpc/SageMakerJobEndpoints: services must have JobVpcService.S3');
    const there = vpc.addGatewayEndpoint('Objects', { service: { name: `com.amazonaws.${Stack.of(vpc).region}.s3` } });
    expect(JobVpcEndpoints.of(vpc, { services: [JobVpcService.S3] }).s3).toBe(there);
  });

  test('reject who has no connections, and what is no subnet', () => {
    const { endpoints } = made({ services: [JobVpcService.S3] });
    expect(() => endpoints.allowFrom(null as any)).toThrow('Stack/Vpc/SageMakerJobEndpoints: allowFrom: callers[0] must be a construct with connections, for instance a function in the VPC, got');
    expect(() => endpoints.allowFrom('fn' as any)).toThrow('allowFrom: callers[0] must be a construct with connections, for instance a function in the VPC, got fn');
    expect(() => made({ subnets: { subnets: ['subnet-1' as any] } })).toThrow('Stack/Vpc: JobVpcEndpoints: subnets.subnets[0] must be a subnet (Subnet.fromSubnetId makes one of an id), got subnet-1');
  });

  test('reject what is no service', () => {
    expect(() => made({ services: ['dynamodb' as JobVpcService] })).toThrow('Stack/Vpc/SageMakerJobEndpoints: services must be one of s3, ecr');
  });

  test('have the names of their partition', () => {
    const { template } = made({}, { account: '123456789012', region: 'cn-north-1' });
    const names = endpointsOf(template()).map(({ properties }) => flat(properties.ServiceName));
    expect(names).toEqual(expect.arrayContaining(['cn.com.amazonaws.cn-north-1.sagemaker.api', 'cn.com.amazonaws.cn-north-1.ecr.dkr']));
    expect(JSON.stringify(policyOf(template(), 'logs'))).toContain(':logs:cn-north-1:123456789012:log-group:/aws/sagemaker/*');
  });
});

describe('The policies of endpoints for jobs', () => {
  const all = () => made({ additionalServices: Object.values(JobVpcService) }, { account: '123456789012', region: 'eu-west-1' }).template();

  test('let credentials of this account pass, and of others where AWS has signed the address', () => {
    const template = all();
    const foreign = endpointsOf(template).flatMap(({ service, properties }) => properties.PolicyDocument.Statement.map((statement: any) => ({ service, statement })))
      .filter(({ statement }) => statement.Condition?.StringEquals?.['aws:PrincipalAccount'] !== '123456789012').map(({ service, statement }) => `${service} ${[statement.Resource].flat().map(flat).join(' ')}`);
    const buckets = ['prod-eu-west-1-starport-layer-bucket', 'cloudformation-custom-resource-response-eu-west-1', 'cloudformation-custom-resource-response-euwest1'].map((name) => `arn:<AWS::Partition>:s3:::${name}/*`);
    expect(foreign).toEqual([`s3 ${buckets[0]}`, `s3 ${buckets[1]} ${buckets[2]}`]);
  });

  test('have no bucket administered, no image pushed, and no endpoint of others invoked', () => {
    const template = all();
    const actions = (service: string) => policyOf(template, service).flatMap((statement) => statement.Action);
    expect(actions('s3').filter((action) => /Bucket(Policy|Acl|Public|Versioning|Encryption)|:\*$|CreateBucket|DeleteBucket$/.test(action))).toEqual([]);
    expect(actions('ecr.dkr').filter((action) => /Put|Upload|Create|Delete/.test(action))).toEqual([]);
    expect(policyOf(template, 'sagemaker.runtime')[0].Resource.map(flat)).toEqual(['endpoint', 'inference-component'].map((kind) => `arn:<AWS::Partition>:sagemaker:eu-west-1:123456789012:${kind}/*`));
  });

  test('say the Region in both spellings where it is known only at deployment', () => {
    const spelled = JSON.stringify(policyOf(made({ services: [JobVpcService.S3] }).template(), 's3'));
    expect(spelled).toContain('{"Fn::Join":["",{"Fn::Split":["-",{"Ref":"AWS::Region"}]}]}');
  });

  test('let only endpoints be invoked that were allowed, where some were', () => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    const endpoint = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType: 'ml.m5.large' });
    endpoint.allowFromVpc(vpc, { describe: true });
    JobVpcEndpoints.of(vpc);
    const template = Template.fromStack(stack);
    expect(policyOf(template, 'sagemaker.runtime').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/^<ModelEndpoint/)]);
    // the handler and the containers call more of the API than that
    expect(policyOf(template, 'sagemaker.api')).toEqual([expect.objectContaining({ Action: 'sagemaker:*' })]);
  });

  test('are as they were without jobs', () => {
    const stack = emptyStack();
    SageMakerVpcEndpoint.runtime(vpcIn(stack));
    expect(endpointsOf(Template.fromStack(stack))[0].properties).not.toHaveProperty('PolicyDocument');
  });
});

describe('Into the endpoints of a VPC', () => {
  test.each(['before', 'after'])('jobs and models are let that are made %s them, and nobody else', (order) => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    if (order === 'after') { JobVpcEndpoints.of(vpc); }
    trainingIn(stack, { vpc, isolated: true });
    new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), modelData: ModelData.fromS3Uri('s3://models/a.tar.gz'), vpc });
    new LambdaFunction(stack, 'Fn', { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0') });
    if (order === 'before') { JobVpcEndpoints.of(vpc); }
    expect(letIn(Template.fromStack(stack)).sort()).toEqual([expect.stringMatching(/^<ModelSecurityGroup/), expect.stringMatching(/^<TrainSecurityGroup/)]);
    const open = ofType(Template.fromStack(stack), 'AWS::EC2::SecurityGroup').flatMap(([, { Properties }]) => Properties.SecurityGroupIngress ?? []);
    expect(open).toEqual([]);
  });

  test('others are let by name', () => {
    const { stack, vpc, endpoints, template } = made();
    const fn = new LambdaFunction(stack, 'Fn', { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0') });
    endpoints.allowFrom(fn).connections.allowDefaultPortFrom(new SecurityGroup(stack, 'Group', { vpc }));
    expect(letIn(template()).sort()).toEqual([expect.stringMatching(/^<FnSecurityGroup/), expect.stringMatching(/^<Group/)]);
  });

  test.each(['before', 'after'])('the job handler is let that joins the VPC %s them', (order) => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    if (order === 'before') { JobProvider.configure(stack, { vpc }); }
    JobVpcEndpoints.of(vpc, { additionalServices: [JobVpcService.STEP_FUNCTIONS, JobVpcService.CLOUDFORMATION] });
    if (order === 'after') { JobProvider.configure(stack, { vpc }); }
    trainingIn(stack);
    const template = Template.fromStack(stack);
    expect(letIn(template)).toEqual(['<SageMakerJobHandlerSecurityGroup.GroupId>']);
    const [[rule]] = ofType(template, 'AWS::EC2::SecurityGroupIngress');
    expect(ofType(template, 'Custom::SageMakerTrainingJob')[0][1].DependsOn).toContain(rule);
  });

  test('jobs of other stacks are let by rules of these stacks', () => {
    const app = new App();
    const [network, jobs] = [new Stack(app, 'Network'), new Stack(app, 'Jobs')];
    const vpc = vpcIn(network);
    trainingIn(jobs, { vpc, isolated: true });
    JobProvider.configure(jobs, { vpc });
    JobVpcEndpoints.of(vpc);
    expect(() => app.synth()).not.toThrow();
    expect(network.dependencies).toEqual([]);
    expect(letIn(Template.fromStack(network))).toEqual([]);
    expect(letIn(Template.fromStack(jobs)).sort()).toEqual(['<SageMakerJobHandlerSecurityGroup.GroupId>', expect.stringMatching(/^<TrainSecurityGroup/)]);
  });
});

describe('A job with endpoints in its VPC', () => {
  test('waits for them, and for the rules that let it in', () => {
    const { stack, vpc, template } = made();
    trainingIn(stack, { vpc, isolated: true });
    const { Resources } = template().toJSON() as { Resources: { [id: string]: Resource } };
    const [[, { DependsOn = [] }]] = ofType(template(), 'Custom::SageMakerTrainingJob');
    const waited = DependsOn.map((id) => Resources[id].Type);
    expect(waited.filter((type) => type === 'AWS::EC2::VPCEndpoint')).toHaveLength(USUAL.length);
    expect(waited.filter((type) => type === 'AWS::EC2::SecurityGroupIngress')).toHaveLength(2);
    expect(waited.filter((type) => type === 'AWS::EC2::SecurityGroupEgress')).toHaveLength(2);
  });

  test('waits in no circle for one that leads to what it is served by', () => {
    const { stack, vpc, template } = made({ services: [JobVpcService.S3, JobVpcService.SAGEMAKER_API, JobVpcService.SAGEMAKER_RUNTIME] });
    const endpoint = trainingIn(stack, { vpc }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
    endpoint.allowFromVpc(vpc, { describe: true });
    // assertions refuse a template with a circle
    const [[, { DependsOn = [] }]] = ofType(template(), 'Custom::SageMakerTrainingJob');
    expect(DependsOn.filter((id) => /SageMaker(Api|Runtime)/.test(id) && !id.includes('SecurityGroup'))).toEqual([expect.stringMatching('SageMakerApi')]);
  });
});

test('A job, its endpoint and the callers of the endpoint are in one VPC without a circle', () => {
  const stack = emptyStack();
  const vpc = vpcIn(stack);
  trainingIn(stack, { vpc }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' }).allowFromVpc(vpc, { describe: true });
  expect(() => Template.fromStack(stack)).not.toThrow();
});

describe('The endpoints of a VPC made elsewhere', () => {
  const elsewhere = (stack: Stack, attributes: object = {}, id = 'Vpc') => Vpc.fromVpcAttributes(stack, id, {
    vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], ...attributes,
  });

  test('are made where its route tables are known', () => {
    const stack = emptyStack();
    JobVpcEndpoints.of(elsewhere(stack, { isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'] }));
    const found = endpointsOf(Template.fromStack(stack));
    expect(found.map(({ service }) => service).sort()).toEqual(USUAL);
    expect(found.find(({ service }) => service === 's3')!.properties).toMatchObject({ VpcId: 'vpc-1', RouteTableIds: ['rtb-1', 'rtb-2'] });
    expect(found.find(({ service }) => service === 'kms')!.properties).toMatchObject({ VpcId: 'vpc-1', SubnetIds: ['subnet-1', 'subnet-2'] });
  });

  test('say what is missing where they can not be made', () => {
    const stack = emptyStack();
    expect(() => JobVpcEndpoints.of(elsewhere(stack))).toThrow('Stack/Vpc/SageMakerJobEndpoints: vpc must have the route tables of its subnets, for S3 is routed by them');
  });

  test('are made without S3 where no route tables are known', () => {
    const stack = emptyStack();
    JobVpcEndpoints.of(elsewhere(stack), { services: [JobVpcService.KMS] });
    expect(services(Template.fromStack(stack))).toEqual(['kms']);
  });

  test('are shared by all who know the VPC', () => {
    const stack = emptyStack();
    const tables = { isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'] };
    const [one, other] = [elsewhere(stack, tables), elsewhere(stack, tables, 'Again')];
    expect(JobVpcEndpoints.of(one)).toBe(JobVpcEndpoints.of(other));
    trainingIn(stack, { vpc: other, isolated: true });
    expect(letIn(Template.fromStack(stack))).toEqual([expect.stringMatching(/^<TrainSecurityGroup/)]);
  });
});
