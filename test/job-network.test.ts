import { Template } from 'aws-cdk-lib/assertions';
import {
  GatewayVpcEndpoint, GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, RouterType, SecurityGroup, SubnetType, Vpc, type IConnectable, type Subnet,
} from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { LustreDeploymentType, LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import { Credentials, DatabaseCluster, DatabaseClusterEngine, AuroraMysqlEngineVersion, ClusterInstance } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Size, Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, ContainerImage, DataSource, Endpoint, EndpointConfig, Framework, InferenceComponent, JobProvider, JobVpcEndpoints, JobVpcService, Mlflow, Model, ModelData, ProcessingJob, Script, ScriptPlacement, Variant,
  type ModelProps, type ProcessingJobProps, type TrainingJobProps,
} from 'cdk-sagemaker';
import { join } from 'node:path';
import { emptyStack, flat, IMAGE_URI, jobOf, ofType, only, trainingIn, tuningIn, tuningOf, warnings, type Resource } from './support/stacks';


const image = ContainerImage.fromUri(IMAGE_URI);
const modelData = ModelData.fromS3Uri('s3://models/digits/model.tar.gz');
const SOURCE = join(__dirname, 'support', 'source');

/** A VPC with subnets of every kind. */
const vpcIn = (scope: Stack, id = 'Vpc') => new Vpc(scope, id, {
  maxAzs: 2, natGateways: 1,
  subnetConfiguration: [{ name: 'out', subnetType: SubnetType.PUBLIC }, { name: 'nat', subnetType: SubnetType.PRIVATE_WITH_EGRESS }, { name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }],
});
const processingIn = (stack: Stack, props: Partial<ProcessingJobProps> = {}) => new ProcessingJob(stack, 'Prepare', { image, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), ...props });
const modelIn = (stack: Stack, props: Partial<ModelProps> = {}) => new Model(stack, 'Model', { image, modelData, ...props });
const componentsIn = (stack: Stack, props: object = {}) => new EndpointConfig(stack, 'Config', {
  variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.xlarge', minInstanceCount: 1, maxInstanceCount: 2 }) }, ...props,
});

/** The network of the one thing in a stack that has one. */
interface Network { readonly subnets: string[]; readonly groups: string[]; readonly isolation?: boolean; readonly encryption?: boolean }

const list = (values: any): string[] => (values ?? []).map(flat);
const ofRequest = (request: any): Network => ({
  subnets: list(request.VpcConfig?.Subnets), groups: list(request.VpcConfig?.SecurityGroupIds), isolation: asBoolean(request.EnableNetworkIsolation), encryption: asBoolean(request.EnableInterContainerTrafficEncryption),
});
const asBoolean = (value: unknown) => (value === undefined ? undefined : String(value) === 'true');

/** Everything that can be isolated, and how to see what it is in. */
const KINDS: { readonly [kind: string]: { readonly make: (stack: Stack, props: object) => IConnectable; readonly network: (template: Template) => Network; readonly encrypts: boolean; readonly path: string } } = {
  'a training job': { make: (stack, props) => trainingIn(stack, props), network: (template) => ofRequest(jobOf(template).Request), encrypts: true, path: 'Stack/Train' },
  'a tuning job': { make: (stack, props) => tuningIn(stack, props), network: (template) => ofRequest(tuningOf(template).Request.TrainingJobDefinition), encrypts: true, path: 'Stack/Tune/Definition' },
  'a processing job': {
    make: (stack, props) => processingIn(stack, props), encrypts: true, path: 'Stack/Prepare',
    network: (template) => {
      const { VpcConfig, EnableNetworkIsolation, EnableInterContainerTrafficEncryption } = only(template, 'AWS::SageMaker::ProcessingJob').Properties.NetworkConfig ?? {};
      return ofRequest({ VpcConfig, EnableNetworkIsolation, EnableInterContainerTrafficEncryption });
    },
  },
  'a model': { make: (stack, props) => modelIn(stack, props), network: (template) => ofRequest(only(template, 'AWS::SageMaker::Model').Properties), encrypts: false, path: 'Stack/Model' },
  'inference components': { make: (stack, props) => componentsIn(stack, props), network: (template) => ofRequest(only(template, 'AWS::SageMaker::EndpointConfig').Properties), encrypts: false, path: 'Stack/Config' },
};

/** What members of the one group of their own may do: rules written in the group, and rules beside it. */
function ownRules(template: Template, path: string) {
  const [id, { Properties }] = ofType(template, 'AWS::EC2::SecurityGroup').find(([, group]) => group.Properties.GroupDescription === `${path}/SecurityGroup`)!;
  const beside = (type: string) => ofType(template, `AWS::EC2::SecurityGroup${type}`).filter(([, rule]) => flat(rule.Properties.GroupId) === `<${id}.GroupId>`)
    .map(([, rule]) => `${rule.Properties.IpProtocol} ${flat(rule.Properties.SourceSecurityGroupId ?? rule.Properties.DestinationSecurityGroupId) === `<${id}.GroupId>` ? 'itself' : 'others'}`);
  return {
    out: [...(Properties.SecurityGroupEgress ?? []).map((rule: any) => `${rule.IpProtocol} ${rule.FromPort ?? ''} ${rule.CidrIp}`), ...beside('Egress')],
    in: [...(Properties.SecurityGroupIngress ?? []), ...beside('Ingress')],
  };
}

describe.each(Object.entries(KINDS))('%s in isolation', (_name, { make, network, encrypts, path }) => {
  const isolated = (props: object = {}) => {
    const stack = emptyStack();
    make(stack, { isolated: true, vpc: vpcIn(stack), ...props });
    return { stack, template: Template.fromStack(stack) };
  };

  test('is in subnets without a way out, cut off from every network', () => {
    const found = network(isolated().template);
    expect(found.subnets).toEqual([expect.stringMatching('inSubnet1'), expect.stringMatching('inSubnet2')]);
    expect(found).toMatchObject({ isolation: true, encryption: encrypts ? true : undefined });
  });

  test('has a security group whose members reach each other, and HTTPS alone', () => {
    expect(ownRules(isolated().template, path)).toEqual({ out: ['tcp 443 0.0.0.0/0', '-1 itself'], in: ['-1 itself'] });
  });

  test('is warned of nothing, not even of traffic that one instance does not have', () => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    make(stack, { isolated: true, vpc });
    JobVpcEndpoints.of(vpc, { services: [JobVpcService.S3] });
    expect(warnings(stack)).toEqual([]);
  });

  test('is warned where nothing leads to S3', () => {
    expect(warnings(isolated().stack)).toEqual([expect.stringContaining('Stack/Vpc has no endpoint for S3')]);
  });

  test('needs a VPC', () => {
    expect(() => make(emptyStack(), { isolated: true })).toThrow(`${path}: vpc must be given with isolated`);
  });

  test('may be in other subnets that are not public', () => {
    const found = network(isolated({ vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } }).template);
    expect(found.subnets).toEqual([expect.stringMatching('natSubnet1'), expect.stringMatching('natSubnet2')]);
    expect(() => isolated({ vpcSubnets: { subnetType: SubnetType.PUBLIC } })).toThrow(`${path}: vpcSubnets must be private with isolated, got public subnets`);
  });

  test('says that a VPC has no isolated subnets', () => {
    const stack = emptyStack();
    expect(() => make(stack, { isolated: true, vpc: new Vpc(stack, 'Vpc') })).toThrow(`${path}: vpcSubnets must be those of the VPC that are to be used with isolated`);
  });

  test('rejects what says the opposite', () => {
    expect(() => isolated({ networkIsolation: false })).toThrow(`${path}: networkIsolation must be left out with isolated, which sets it to true, got false`);
    if (encrypts) { expect(() => isolated({ encryptInterContainerTraffic: false })).toThrow(`${path}: encryptInterContainerTraffic must be left out with isolated`); }
    expect(() => isolated({ isolated: 'yes' })).toThrow(`${path}: isolated must be true or false, got yes`);
  });

  test('says again what it stands for without harm', () => {
    const twice = isolated({ networkIsolation: true, ...(encrypts ? { encryptInterContainerTraffic: true } : {}) });
    expect(network(twice.template)).toEqual(network(isolated().template));
  });

  test('takes security groups that let nothing out by themselves', () => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    const groups = [new SecurityGroup(stack, 'Closed', { vpc, allowAllOutbound: false }), SecurityGroup.fromSecurityGroupId(stack, 'Elsewhere', 'sg-1')];
    make(stack, { isolated: true, vpc, securityGroups: groups });
    expect(network(Template.fromStack(stack)).groups).toEqual([expect.stringMatching('Closed'), 'sg-1']);
    expect(() => make(new Stack(stack.node.root as App, 'Other'), { isolated: true, vpc, securityGroups: [new SecurityGroup(stack, 'Open', { vpc })] }))
      .toThrow('securityGroups[0] must let nothing out by default with isolated (allowAllOutbound: false), got Stack/Open');
    expect(() => make(new Stack(stack.node.root as App, 'Third'), { isolated: true, vpc, securityGroups: [groups[0], new SecurityGroup(stack, 'OpenIpv6', { vpc, allowAllOutbound: false, allowAllIpv6Outbound: true })] }))
      .toThrow('securityGroups[1] must let nothing out by default with isolated (allowAllIpv6Outbound: false), got Stack/OpenIpv6');
  });

  test('is as it was where nothing is said of it', () => {
    const plain = (props: object) => {
      const stack = emptyStack();
      make(stack, { vpc: vpcIn(stack), ...props });
      return Template.fromStack(stack).toJSON();
    };
    expect(plain({ isolated: false })).toEqual(plain({}));
    expect(ownRules(Template.fromJSON(plain({})), path).out).toEqual(['-1  0.0.0.0/0']);
  });
});

test.each<[string, object, string]>([
  ['no group', { securityGroups: [null] }, 'securityGroups[0] must be a security group (SecurityGroup.fromSecurityGroupId makes one of an id), got undefined'],
  ['the id of a group', { securityGroups: ['sg-1'] }, 'securityGroups[0] must be a security group (SecurityGroup.fromSecurityGroupId makes one of an id), got sg-1'],
  ['the id of a subnet', { vpcSubnets: { subnets: ['subnet-1'] } }, 'vpcSubnets.subnets[0] must be a subnet (Subnet.fromSubnetId makes one of an id), got subnet-1'],
  ['no list of subnets', { vpcSubnets: { subnets: 'subnet-1' } }, 'vpcSubnets.subnets must be a list, got subnet-1'],
])('A network does not take %s for what it is made of', (_what, props, words) => {
  const stack = emptyStack();
  expect(() => trainingIn(stack, { vpc: vpcIn(stack), ...props })).toThrow(`Stack/Train: ${words}`);
});

describe('Isolation', () => {
  const isolatedJob = (overrides: Partial<TrainingJobProps> = {}) => {
    const stack = emptyStack();
    return { stack, job: trainingIn(stack, { isolated: true, vpc: vpcIn(stack), ...overrides }) };
  };

  test.each<[string, Partial<TrainingJobProps>, string]>([
    ['sessions in the container', { remoteDebug: true }, 'remoteDebug must be left out with isolated'],
    ['a tracking server', { mlflow: Mlflow.fromResource('arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/team', { experimentName: 'digits' }) }, 'mlflow must be left out with isolated'],
    ['an override that opens the network', { overrides: { EnableNetworkIsolation: false } }, 'overrides.EnableNetworkIsolation must be left out with isolated'],
    ['a job that SageMaker runs by itself', { algorithm: Algorithm.image(ContainerImage.fromUri('520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-chainer:5.0.0-cpu-py3')) }, 'networkIsolation must be left out for images of Chainer'],
  ])('rejects %s', (_words, overrides, words) => {
    expect(() => isolatedJob(overrides)).toThrow(words);
  });

  test('rejects secrets that the container would have to fetch', () => {
    const stack = emptyStack();
    const secrets = { TOKEN: new Secret(stack, 'Token') };
    expect(() => trainingIn(stack, { isolated: true, vpc: vpcIn(stack), secrets })).toThrow('Stack/Train: secrets must be left out with isolated');
  });

  test('of a definition is not taken away by an override', () => {
    const stack = emptyStack();
    expect(() => tuningIn(stack, { isolated: true, vpc: vpcIn(stack), overrides: { EnableInterContainerTrafficEncryption: false } }))
      .toThrow('Stack/Tune/Definition: overrides.EnableInterContainerTrafficEncryption must be left out with isolated');
  });

  test.each<[string, (stack: Stack, vpc: Vpc) => unknown, number]>([
    ['an endpoint of another service', (_stack, vpc) => JobVpcEndpoints.of(vpc, { services: [JobVpcService.KMS] }), 1],
    ['an endpoint of another VPC', (stack) => vpcIn(stack, 'Other').addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }), 1],
    ['an endpoint of interfaces', (_stack, vpc) => vpc.addInterfaceEndpoint('S3', { service: InterfaceVpcEndpointAwsService.S3 }), 0],
    ['an endpoint of another stack', (stack, vpc) => new GatewayVpcEndpoint(new Stack(stack.node.root as App, 'Network'), 'S3', { vpc, service: GatewayVpcEndpointAwsService.S3 }), 0],
    ['a route through another network', (_stack, vpc) => (vpc.isolatedSubnets[0] as Subnet).addRoute('Way', { routerType: RouterType.TRANSIT_GATEWAY, routerId: 'tgw-1' }), 0],
  ])('has a way to S3, or none, by %s', (_what, make, count) => {
    const { stack } = isolatedJob();
    make(stack, stack.node.findChild('Vpc') as Vpc);
    expect(warnings(stack).filter((text) => text.includes('has no endpoint for S3'))).toHaveLength(count);
  });

  test('is warned of nothing in subnets that may have another way, and in a VPC made elsewhere', () => {
    const { stack } = isolatedJob({ vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } });
    const elsewhere = Vpc.fromVpcAttributes(stack, 'Elsewhere', { vpcId: 'vpc-1', availabilityZones: ['a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'] });
    trainingIn(stack, { isolated: true, vpc: elsewhere }, 'Other');
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['none', null],
    ['other subnets', { Subnets: ['subnet-1'] }],
  ])('has %s by no override', (_words, VpcConfig) => {
    const words = 'overrides.VpcConfig must be left out with isolated, which says it by vpc, vpcSubnets and securityGroups, got';
    expect(() => isolatedJob({ overrides: { VpcConfig } })).toThrow(`Stack/Train: ${words}`);
    const stack = emptyStack();
    expect(() => tuningIn(stack, { isolated: true, vpc: vpcIn(stack), overrides: { VpcConfig } })).toThrow(`Stack/Tune/Definition: ${words}`);
    expect(() => isolatedJob({ isolated: false, overrides: { VpcConfig: { Subnets: ['subnet-1'] } } })).not.toThrow();
  });

  test('lets SageMaker mount file systems, interrupt jobs and read checkpoints', () => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    trainingIn(stack, { isolated: true, vpc, inputs: { train: DataSource.fromFileSystem(new FileSystem(stack, 'Files', { vpc })) } });
    expect(jobOf(Template.fromStack(stack)).Request.InputDataConfig[0].DataSource.FileSystemDataSource).toBeDefined();
  });

  test('of models has no script downloaded', () => {
    const stack = emptyStack();
    expect(() => modelIn(stack, { isolated: true, vpc: vpcIn(stack), framework: Framework.pytorch('2.6.0'), image: undefined, script: Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }), scriptPlacement: ScriptPlacement.DOWNLOADED }))
      .toThrow('scriptPlacement must be ScriptPlacement.PACKED under networkIsolation');
  });

  test('of a model is that of the job that packs its script', () => {
    const stack = emptyStack();
    modelIn(stack, { isolated: true, vpc: vpcIn(stack), script: Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }) });
    const template = Template.fromStack(stack);
    expect(ofRequest(jobOf(template).Request)).toMatchObject({ isolation: true, encryption: true, subnets: [expect.stringMatching('inSubnet1'), expect.stringMatching('inSubnet2')] });
    expect(ownRules(template, 'Stack/Model/Repack').out).toEqual(['tcp 443 0.0.0.0/0', '-1 itself']);
  });

  test('goes over to a model of the job, with its subnets and its security group', () => {
    const { stack, job } = isolatedJob();
    job.toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
    const template = Template.fromStack(stack);
    const [model, trained] = [ofRequest(only(template, 'AWS::SageMaker::Model').Properties), ofRequest(jobOf(template).Request)];
    expect(model).toEqual({ ...trained, encryption: undefined });
  });

  test('goes over to a model of a tuning job', () => {
    const stack = emptyStack();
    tuningIn(stack, { isolated: true, vpc: vpcIn(stack) }).toModel('Model');
    const template = Template.fromStack(stack);
    expect(ofRequest(only(template, 'AWS::SageMaker::Model').Properties)).toEqual({ ...ofRequest(tuningOf(template).Request.TrainingJobDefinition), encryption: undefined });
  });

  test('of a job is that of its model in another VPC', () => {
    const { stack, job } = isolatedJob();
    job.toModel('Model', { vpc: vpcIn(stack, 'Other') });
    const template = Template.fromStack(stack);
    expect(ofRequest(only(template, 'AWS::SageMaker::Model').Properties).subnets).toEqual([expect.stringMatching('OtherinSubnet1'), expect.stringMatching('OtherinSubnet2')]);
    expect(ownRules(template, 'Stack/Train/Model').out).toEqual(['tcp 443 0.0.0.0/0', '-1 itself']);
  });

  test('of a job is given up by its model in so many words', () => {
    const model = (props: object) => {
      const { stack, job } = isolatedJob();
      job.toModel('Model', props);
      return ofRequest(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties);
    };
    expect(() => model({ networkIsolation: false })).toThrow('Stack/Train/Model: networkIsolation must be left out with isolated');
    expect(model({ isolated: false })).toMatchObject({ isolation: undefined, subnets: [expect.stringMatching('inSubnet1'), expect.stringMatching('inSubnet2')] });
    expect(model({ isolated: false, networkIsolation: true }).isolation).toBe(true);
    expect(model({ isolated: false, inheritNetwork: false })).toMatchObject({ isolation: undefined, subnets: [] });
    expect(model({ inheritNetwork: false })).toMatchObject({ subnets: [], isolation: true });
  });

  test('of a tuning job is given up by its model', () => {
    const stack = emptyStack();
    tuningIn(stack, { isolated: true, vpc: vpcIn(stack) }).toModel('Model', { isolated: false });
    expect(ofRequest(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties)).toMatchObject({ isolation: undefined, subnets: [expect.stringMatching('inSubnet1'), expect.stringMatching('inSubnet2')] });
  });

  test('remains for a model whose job has network isolation alone', () => {
    const stack = emptyStack();
    trainingIn(stack, { networkIsolation: true }).toModel('Model', { isolated: false });
    expect(ofRequest(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties).isolation).toBe(true);
  });

  test('of models is said by the models, where they are behind an endpoint', () => {
    const stack = emptyStack();
    const model = modelIn(stack);
    expect(() => new EndpointConfig(stack, 'Config', { isolated: true, variants: { a: Variant.onInstances(model, { instanceType: 'ml.m5.large' }) } }))
      .toThrow('Stack/Config: isolated must come with Variant.ofComponents: models have their own');
    expect(() => modelIn(new Stack(stack.node.root as App, 'Other'), { isolated: true, vpc: vpcIn(stack) }).deployServerless('Endpoint')).toThrow('serverless variants serve no model in a VPC');
  });
});

/** Everyone with security groups, in a network of the stack. */
const CONNECTABLE: { readonly [name: string]: (stack: Stack, vpc: Vpc) => IConnectable } = {
  TrainingJob: (stack, vpc) => trainingIn(stack, { vpc }),
  HyperparameterTuningJob: (stack, vpc) => tuningIn(stack, { vpc }),
  ProcessingJob: (stack, vpc) => processingIn(stack, { vpc }),
  Model: (stack, vpc) => modelIn(stack, { vpc }),
  EndpointConfig: (stack, vpc) => componentsIn(stack, { vpc }),
  InferenceComponent: (stack, vpc) => {
    const model = modelIn(stack);
    return new InferenceComponent(stack, 'Component', { endpoint: new Endpoint(stack, 'Endpoint', { config: componentsIn(stack, { vpc }) }), variantName: 'AllTraffic', model, memory: Size.gibibytes(1) });
  },
};

const TARGETS: { readonly [name: string]: { readonly make: (stack: Stack, vpc: Vpc) => IConnectable; readonly port: RegExp } } = {
  'a file system of EFS': { make: (stack, vpc) => new FileSystem(stack, 'Efs', { vpc }), port: /^2049$/ },
  'a file system of FSx': {
    make: (stack, vpc) => new LustreFileSystem(stack, 'Fsx', { vpc, vpcSubnet: vpc.isolatedSubnets[0], storageCapacityGiB: 1200, lustreConfiguration: { deploymentType: LustreDeploymentType.SCRATCH_2 } }),
    port: /^988$/,
  },
  'a database': {
    make: (stack, vpc) => new DatabaseCluster(stack, 'Database', {
      vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, engine: DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 }),
      writer: ClusterInstance.serverlessV2('writer'), credentials: Credentials.fromUsername('admin'),
    }),
    port: /Database.*Endpoint\.Port/,
  },
};

const ports = (template: Template) => [...ofType(template, 'AWS::EC2::SecurityGroupIngress')].map(([, rule]) => rule.Properties)
  .filter((rule) => rule.IpProtocol === 'tcp').map((rule) => ({ port: flat(rule.FromPort), from: flat(rule.SourceSecurityGroupId), to: flat(rule.GroupId) }));

describe.each(Object.entries(CONNECTABLE))('%s', (_name, make) => {
  test.each(Object.entries(TARGETS))('is let in by %s, and asks to be, with the same rules', (_target, { make: target, port }) => {
    const rules = (connect: (one: IConnectable, other: IConnectable) => void) => {
      const stack = emptyStack();
      const vpc = vpcIn(stack);
      const [one, other] = [make(stack, vpc), target(stack, vpc)];
      connect(one, other);
      return ports(Template.fromStack(stack)).filter((rule) => port.test(rule.port) && rule.from !== rule.to);
    };
    const asked = rules((one, other) => one.connections.allowToDefaultPort(other));
    expect(asked).toHaveLength(1);
    expect(rules((one, other) => other.connections.allowDefaultPortFrom(one))).toEqual(asked);
  });

  test.each(Object.entries(TARGETS))('is let in by %s of an earlier stack, without a circle', (_target, { make: target, port }) => {
    const app = new App();
    const [network, jobs] = [new Stack(app, 'Network'), new Stack(app, 'Jobs')];
    const vpc = vpcIn(network);
    const other = target(network, vpc);
    make(jobs, vpc).connections.allowToDefaultPort(other);
    expect(() => app.synth()).not.toThrow();
    expect(ports(Template.fromStack(jobs)).filter((rule) => port.test(rule.port) || rule.port.includes('ImportValue')).length).toBeGreaterThan(0);
    expect(network.dependencies).toEqual([]);
  });
});

test('A database of a later stack lets a job in, without a circle', () => {
  const app = new App();
  const [network, jobs, data] = ['Network', 'Jobs', 'Data'].map((id) => new Stack(app, id));
  const vpc = vpcIn(network);
  const job = trainingIn(jobs, { vpc });
  TARGETS['a database'].make(data, vpc).connections.allowDefaultPortFrom(job);
  expect(() => app.synth()).not.toThrow();
  expect(jobs.dependencies).toEqual([network]);
});

describe('An inference component', () => {
  test('has the connections of its configuration, and none where these are not known', () => {
    const stack = emptyStack();
    const vpc = vpcIn(stack);
    const config = componentsIn(stack, { vpc });
    const component = (id: string, endpoint: Endpoint | ReturnType<typeof Endpoint.fromEndpointName>) => new InferenceComponent(stack, id, {
      endpoint, variantName: 'AllTraffic', memory: Size.gibibytes(1), container: { image, modelData },
    });
    expect(component('Known', new Endpoint(stack, 'Endpoint', { config })).connections.securityGroups).toEqual(config.connections.securityGroups);
    expect(() => component('Unknown', Endpoint.fromEndpointName(stack, 'Elsewhere', 'digits')).connections).toThrow('Stack/Unknown: endpoint must be of the app, with a vpc, for a component to have connections');
  });
});

/** What a resource waits for, itself included, by logical id: what can be deleted only after it. */
function waitsFor(template: Template, id: string): Set<string> {
  const { Resources } = template.toJSON() as { Resources: { [id: string]: Resource } };
  const found = new Set<string>();
  const refs = (value: any): string[] => (typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, inner]) => (key === 'Ref' ? [String(inner)] : key === 'Fn::GetAtt' ? [[inner].flat()[0] as string]
    : key === 'Fn::Sub' ? [...JSON.stringify(inner).matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, name]) => name) : refs(inner))));
  const visit = (each: string) => {
    if (found.has(each) || !(each in Resources)) { return; }
    found.add(each);
    [...refs(Resources[each].Properties), ...Resources[each].DependsOn ?? []].forEach(visit);
  };
  visit(id);
  return found;
}

/** Everything of the network that whoever lives in it has to leave first: what it is in, what it is reached by, and its own rules. */
const OF_A_NETWORK = /^AWS::EC2::(Subnet|SecurityGroup|SecurityGroupIngress|SecurityGroupEgress|VPC|VPCEndpoint|SubnetRouteTableAssociation|RouteTable)$/;

describe.each<[string, string, (stack: Stack, vpc: Vpc) => unknown]>([
  ['a training job', 'Custom::SageMakerTrainingJob', (stack, vpc) => trainingIn(stack, { isolated: true, vpc })],
  ['a tuning job', 'Custom::SageMakerHyperParameterTuningJob', (stack, vpc) => tuningIn(stack, { isolated: true, vpc })],
  ['a processing job', 'AWS::SageMaker::ProcessingJob', (stack, vpc) => processingIn(stack, { isolated: true, vpc })],
  ['a model', 'AWS::SageMaker::Model', (stack, vpc) => modelIn(stack, { isolated: true, vpc })],
  ['an endpoint', 'AWS::SageMaker::Endpoint', (stack, vpc) => modelIn(stack, { isolated: true, vpc }).deploy('Endpoint', { instanceType: 'ml.m5.large' })],
  ['an endpoint of components', 'AWS::SageMaker::Endpoint', (stack, vpc) => new Endpoint(stack, 'Endpoint', { config: componentsIn(stack, { isolated: true, vpc }) })],
  ['a job with its handler in the VPC', 'Custom::SageMakerTrainingJob', (stack, vpc) => {
    JobProvider.configure(stack, { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
    trainingIn(stack, { isolated: true, vpc });
  }],
])('%s', (_name, type, make) => {
  test('is gone before everything of its network', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    make(stack, vpc);
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    const template = Template.fromStack(stack);
    const network = Object.entries(template.toJSON().Resources as { [id: string]: Resource }).filter(([, { Type }]) => OF_A_NETWORK.test(Type)).map(([id]) => id);
    expect(network.length).toBeGreaterThan(8);
    const [[id]] = ofType(template, type);
    const waited = waitsFor(template, id);
    expect(network.filter((each) => !waited.has(each))).toEqual([]);
  });
});
