import {
  Connections, GatewayVpcEndpoint, GatewayVpcEndpointAwsService, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, Port, SecurityGroup,
  type CfnVPCEndpoint, type IConnectable, type IGatewayVpcEndpoint, type ISecurityGroup, type ISubnet, type IVpc, type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JobVpcService } from './job-vpc-service';
import { isToken, oneOf, refuse } from './request/checks';
import { checkArgument, checkEach, checkOptions, CONNECTABLE, LIST, STRUCTURE, SUBNET, VPC } from './request/kinds';
import { SageMakerVpcEndpoint } from './sage-maker-vpc-endpoint';
import { passingStatements } from './template/job-vpc-policies';
import { onMember } from './template/vpc-members';

/** Which endpoints a VPC gets, and where. */
export interface JobVpcEndpointsOptions {
  /**
   * Which services are reached by endpoints. A service that has an endpoint in the VPC already, made by the app, gets no second one.
   *
   * Jobs under network isolation, and those that call nothing by themselves, need S3 alone: `[JobVpcService.S3]`, which costs nothing.
   *
   * @default - S3, ECR, LOGS, STS, SAGEMAKER_API, SAGEMAKER_RUNTIME and KMS
   */
  readonly services?: JobVpcService[];
  /**
   * Services beside these.
   *
   * @default - none
   */
  readonly additionalServices?: JobVpcService[];
  /**
   * The subnets that the endpoints are for: interface endpoints are in one of each Availability Zone, and S3 is routed in all of them.
   *
   * @default - the isolated subnets of the VPC, or else the private ones
   */
  readonly subnets?: SubnetSelection;
}

const USUAL = [JobVpcService.S3, JobVpcService.ECR, JobVpcService.LOGS, JobVpcService.STS, JobVpcService.SAGEMAKER_API, JobVpcService.SAGEMAKER_RUNTIME, JobVpcService.KMS];

/**
 * The ways of a VPC without internet to what jobs and models call: endpoints that belong to the VPC and to its stack, once each. Jobs, models and the job handler of the
 * app that are in the VPC are let in by themselves, whether they are made before or after; nobody else is, unless allowed. The policies of the endpoints let what jobs do
 * pass, with credentials of this account. Jobs and models wait for the endpoints, and go before them.
 *
 * The names of the services lead to the endpoints from the whole VPC: whoever else in the VPC calls them must be allowed as well. How endpoints made elsewhere are left out, and
 * which feature takes which, is said in docs/networks.md.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html
 *
 * @example
 * JobVpcEndpoints.of(vpc, { additionalServices: [JobVpcService.SECRETS_MANAGER] }).allowFrom(fn);
 * new TrainingJob(this, 'Train', { algorithm, capacity, vpc, isolated: true });
 */
export class JobVpcEndpoints implements IConnectable {
  /**
   * Those of a VPC: made when asked for the first time. Services that are asked for later are added.
   *
   * Throws where the endpoint for S3 is to be made and the route tables of the subnets are not known (`Vpc.fromVpcAttributes` takes them), and where
   * `subnets` are said when the endpoints are there already.
   */
  public static of(vpc: IVpc, options: JobVpcEndpointsOptions = {}): JobVpcEndpoints {
    checkArgument('JobVpcEndpoints', 'vpc', vpc, VPC);
    checkOptions(vpc, 'JobVpcEndpoints: ', options, { services: LIST, additionalServices: LIST, subnets: STRUCTURE });
    checkEach(vpc, 'JobVpcEndpoints: subnets.subnets', options.subnets?.subnets, SUBNET);
    const there = JobVpcEndpoints.there(vpc);
    if (there && options.subnets) { refuse(there.scope, 'subnets', 'be said when the endpoints are made', 'subnets for endpoints that are there already'); }
    const endpoints = there ?? new JobVpcEndpoints(vpc, options);
    endpoints.welcome(vpc);
    endpoints.add([...options.services ?? (there ? [] : USUAL), ...options.additionalServices ?? []]);
    return endpoints;
  }

  /** A VPC made elsewhere may be known by several objects. */
  private static there(vpc: IVpc): JobVpcEndpoints | undefined {
    const place = Stage.of(vpc) ?? vpc.node.root;
    return ALL.get(place)?.find((each) => each.vpc === vpc || (!isToken(vpc.vpcId) && each.vpc.vpcId === vpc.vpcId));
  }

  /** The security groups of the interface endpoints; whoever else is to be let in is allowed here, or by `allowFrom`. */
  public readonly connections = new Connections({ defaultPort: Port.tcp(443) });
  private readonly scope: Construct;
  private readonly subnets: ISubnet[];
  private readonly welcomed = new Set<IVpc>();
  private readonly services = new Set<JobVpcService>();
  private group?: SecurityGroup;
  private gateway?: IGatewayVpcEndpoint;

  private constructor(private readonly vpc: IVpc, options: JobVpcEndpointsOptions) {
    this.scope = new Construct(vpc, 'SageMakerJobEndpoints');
    const usual = vpc.isolatedSubnets.length > 0 ? { subnets: vpc.isolatedSubnets } : undefined;
    const { subnets, isPendingLookup } = vpc.selectSubnets(options.subnets ?? usual);
    if (subnets.length === 0 && !isPendingLookup) { refuse(this.scope, 'subnets', 'be given: the VPC has none that are isolated or private', 'none'); }
    this.subnets = subnets;
    const place = Stage.of(vpc) ?? vpc.node.root;
    ALL.set(place, [...ALL.get(place) ?? [], this]);
  }

  /** The gateway endpoint for S3. Throws where the VPC has none of the app. */
  public get s3(): IGatewayVpcEndpoint { return this.gateway ?? refuse(this.scope, 'services', 'have JobVpcService.S3', [...this.services]); }

  /** Lets somebody in who is no job or model of this library in the VPC, for instance a function. Its security groups are opened as well. */
  public allowFrom(...callers: IConnectable[]): JobVpcEndpoints {
    checkEach(this.scope, 'allowFrom: callers', callers, CONNECTABLE);
    // said by the caller, so that the rules are in its stack
    callers.forEach((caller) => caller.connections.allowTo(this, Port.tcp(443), 'endpoints of AWS'));
    return this;
  }

  private welcome(vpc: IVpc): void {
    if (this.welcomed.has(vpc)) { return; }
    this.welcomed.add(vpc);
    onMember(vpc, (member) => this.allowFrom(member));
  }

  private add(services: readonly JobVpcService[]): void {
    for (const service of services) {
      oneOf(this.scope, 'services', service, Object.values(JobVpcService));
      if (this.services.has(service)) { continue; }
      this.services.add(service);
      if (service === JobVpcService.S3) { this.gateway = this.s3Endpoint(); } else { this.addInterfaces(service); }
    }
  }

  private s3Endpoint(): IGatewayVpcEndpoint {
    const there = this.made(GatewayVpcEndpointAwsService.S3.name, 'Gateway');
    if (there) { return there.node.scope as unknown as IGatewayVpcEndpoint; }
    const unknown = this.subnets.find((subnet) => subnet.routeTable?.routeTableId === undefined);
    if (unknown) { refuse(this.scope, 'vpc', 'have the route tables of its subnets, for S3 is routed by them (Vpc.fromVpcAttributes takes them as isolatedSubnetRouteTableIds or privateSubnetRouteTableIds)', unknown.node.path); }
    const endpoint = new GatewayVpcEndpoint(this.scope, 'S3', { vpc: this.vpc, service: GatewayVpcEndpointAwsService.S3, subnets: [{ subnets: this.subnets }] });
    passingStatements(this.scope, JobVpcService.S3).forEach((statement) => endpoint.addToPolicy(statement));
    return endpoint;
  }

  private addInterfaces(service: JobVpcService): void {
    for (const [id, aws] of Object.entries(interfacesOf(service))) {
      const there = this.made(aws.name, 'Interface')?.node.scope as InterfaceVpcEndpoint | undefined;
      const endpoint = there ?? this.interface(id, service, aws);
      if (endpoint instanceof SageMakerVpcEndpoint) { endpoint._letJobsPass(passingStatements(this.scope, service)); }
      // of an endpoint that the app has made as a bare resource nothing is known
      endpoint.connections?.securityGroups.forEach((group: ISecurityGroup) => this.connections.addSecurityGroup(group));
    }
  }

  private interface(id: string, service: JobVpcService, aws: InterfaceVpcEndpointAwsService): InterfaceVpcEndpoint {
    const options = { subnets: { subnets: this.subnets }, securityGroups: [this.ownGroup()] };
    if (service === JobVpcService.SAGEMAKER_API || service === JobVpcService.SAGEMAKER_RUNTIME) { return SageMakerVpcEndpoint._forJobs(this.vpc, service, options); }
    const endpoint = new InterfaceVpcEndpoint(this.scope, id, { vpc: this.vpc, service: aws, privateDnsEnabled: true, open: false, ...options });
    passingStatements(this.scope, service).forEach((statement) => endpoint.addToPolicy(statement));
    return endpoint;
  }

  /** One for all endpoints: each costs a rule for everyone who is let in. It sends nothing by itself. */
  private ownGroup(): SecurityGroup {
    this.group ??= new SecurityGroup(this.scope, 'SecurityGroup', { vpc: this.vpc, allowAllOutbound: false, description: 'Endpoints of AWS that SageMaker jobs call' });
    return this.group;
  }

  /** What the app has made for a service already. Two of them can't have one private name. */
  private made(serviceName: string, type: string): CfnVPCEndpoint | undefined {
    const nameOf = (scope: Construct, name: string | undefined): string => JSON.stringify(Stack.of(scope).resolve(name));
    return this.vpc.node.findAll().find((part): part is CfnVPCEndpoint => CfnResource.isCfnResource(part) && part.cfnResourceType === 'AWS::EC2::VPCEndpoint'
      && (part as CfnVPCEndpoint).vpcEndpointType === type && nameOf(part, (part as CfnVPCEndpoint).serviceName) === nameOf(this.scope, serviceName));
  }
}

/** By stage, since nothing is shared beyond it. */
const ALL = new WeakMap<object, JobVpcEndpoints[]>();

/** By the ids of their constructs. */
function interfacesOf(service: JobVpcService): { readonly [id: string]: InterfaceVpcEndpointAwsService } {
  const aws = InterfaceVpcEndpointAwsService;
  const all: { readonly [service: string]: { readonly [id: string]: InterfaceVpcEndpointAwsService } } = {
    [JobVpcService.ECR]: { EcrApi: aws.ECR, EcrDocker: aws.ECR_DOCKER },
    [JobVpcService.LOGS]: { Logs: aws.CLOUDWATCH_LOGS },
    [JobVpcService.STS]: { Sts: aws.STS },
    [JobVpcService.SAGEMAKER_API]: { SageMakerApi: aws.SAGEMAKER_API },
    [JobVpcService.SAGEMAKER_RUNTIME]: { SageMakerRuntime: aws.SAGEMAKER_RUNTIME },
    [JobVpcService.KMS]: { Kms: aws.KMS },
    [JobVpcService.MONITORING]: { Monitoring: aws.CLOUDWATCH_MONITORING },
    [JobVpcService.SECRETS_MANAGER]: { SecretsManager: aws.SECRETS_MANAGER },
    [JobVpcService.EFS]: { Efs: aws.ELASTIC_FILESYSTEM },
    [JobVpcService.SSM]: { Ssm: aws.SSM, SsmMessages: aws.SSM_MESSAGES },
    [JobVpcService.STEP_FUNCTIONS]: { StepFunctions: aws.STEP_FUNCTIONS },
    [JobVpcService.CLOUDFORMATION]: { CloudFormation: aws.CLOUDFORMATION },
  };
  return all[service];
}
