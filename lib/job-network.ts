import { Connections, Peer, Port, SecurityGroup, type ISecurityGroup, type ISubnet, type IVpc, type SelectedSubnets, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Resource } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import { countInRange, refuse } from './request/checks';
import { SECURITY_GROUP, STRUCTURE, SUBNET, checkEach, checkGiven } from './request/kinds';
import { networkReady } from './template/network-ready';
import { joinVpc, stayOutside } from './template/vpc-members';
import { warnWithoutWayToS3 } from './template/way-to-s3';

/** The network of a job or a model. */
export interface JobNetworkProps {
  /**
   * The VPC whose network the containers are in.
   *
   * @default - a network of the service
   */
  readonly vpc?: IVpc;
  /**
   * Which subnets of the VPC; 1 to 16.
   *
   * @default - the private subnets; with `isolated` those that have no way out, PRIVATE_ISOLATED
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * The security groups of the containers; 1 to 5.
   *
   * @default - one of its own, whose members may reach each other and everything outside; with `isolated` each other, and addresses outside by HTTPS alone
   */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * The strictest network in one word: `vpc`, subnets without a way out, network isolation, traffic between instances encrypted (where instances talk to each other),
   * and security groups that let nothing out by default. Data and artifacts pass by the endpoint of the VPC for S3 (`JobVpcEndpoints`).
   *
   * Throws without `vpc`; for public subnets; for security groups of the app that let everything out; and where a prop says the opposite, or takes a network.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
   */
  readonly isolated?: boolean;
}

/** The network of a job or a model, ready to be named in a request. */
export interface JobNetworkConfig {
  /** The subnets. */
  readonly subnets: ISubnet[];
  /** The security groups. */
  readonly securityGroups: ISecurityGroup[];
}

/**
 * Where a container of a construct is in the network.
 *
 * @example
 * const training = new TrainingJob(this, 'Train', { algorithm, capacity, vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
 * training.connections.allowTo(fileSystem, ec2.Port.tcp(2049));
 */
export class JobNetwork {
  /**
   * By the props of a construct; undefined without a VPC. Throws when there are subnets or security groups without a
   * VPC, or too many of them, or such as `isolated` does not allow.
   */
  public static of(scope: Construct, props: JobNetworkProps): JobNetwork | undefined {
    checkGiven(scope, 'props', props, STRUCTURE);
    if (!props.vpc) {
      if (props.vpcSubnets) { refuse(scope, 'vpcSubnets', 'come with vpc', 'no vpc'); }
      if (props.securityGroups) { refuse(scope, 'securityGroups', 'come with vpc', 'no vpc'); }
      if (props.isolated) { refuse(scope, 'isolated', 'come with vpc', 'no vpc'); }
      stayOutside(scope);
      return undefined;
    }
    if (typeof props.vpc.selectSubnets !== 'function') { refuse(scope, 'vpc', 'be an IVpc', props.vpc); }
    checkEach(scope, 'vpcSubnets.subnets', props.vpcSubnets?.subnets, SUBNET);
    checkEach(scope, 'securityGroups', props.securityGroups, SECURITY_GROUP);
    const subnets = subnetsOf(scope, props.vpc, props);
    const securityGroups = props.securityGroups ?? [ownGroup(scope, props.vpc, props.isolated)];
    countInRange(scope, 'securityGroups', securityGroups, 1, 5);
    if (props.isolated) {
      checkGroups(scope, securityGroups);
      warnWithoutWayToS3(scope, props.vpc, subnets);
    }
    const network = new JobNetwork({ subnets, securityGroups }, networkReady(props.vpc, subnets, () => securityGroups));
    joinVpc(props.vpc, network, scope);
    return network;
  }

  /** Subnets and security groups. */
  public readonly config: JobNetworkConfig;
  /** Who may talk to the containers, and to whom they may. */
  public readonly connections: Connections;

  /**
   * What makes a network of more than its subnets, to wait for.
   *
   * @internal
   */
  public readonly _ready: IDependable;

  private constructor(config: JobNetworkConfig, ready: IDependable) {
    this._ready = ready;
    this.config = config;
    this.connections = new Connections({ securityGroups: config.securityGroups });
  }
}

function subnetsOf(scope: Construct, vpc: IVpc, { vpcSubnets, isolated }: JobNetworkProps): ISubnet[] {
  const { subnets, hasPublic, isPendingLookup } = selected(scope, vpc, vpcSubnets, isolated);
  if (isolated && hasPublic) { refuse(scope, 'vpcSubnets', 'be private with isolated', 'public subnets'); }
  // of a VPC that is still to be looked up there may be none yet
  if (!isPendingLookup) { countInRange(scope, 'vpcSubnets', subnets, 1, 16); }
  return subnets;
}

/** The CDK says which subnets there are, and not who asks for others. */
function selected(scope: Construct, vpc: IVpc, selection?: SubnetSelection, isolated = false): SelectedSubnets {
  try {
    return vpc.selectSubnets(selection);
  } catch (error) {
    if (!isolated) { throw error; }
    return refuse(scope, 'vpcSubnets', 'be those of the VPC that are to be used with isolated, which takes PRIVATE_ISOLATED ones by itself', (error as Error).message);
  }
}

/** The instances of one job talk to each other over any port. */
function ownGroup(scope: Construct, vpc: IVpc, isolated = false): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, allowAllOutbound: isolated ? false : undefined });
  // what goes out may go anywhere as it is: a rule for that as well would be dropped, with a warning
  group.addIngressRule(group, Port.allTraffic(), 'instances of one job');
  if (isolated) {
    group.addEgressRule(group, Port.allTraffic(), 'instances of one job');
    // to any address: those of S3 are public, also where a gateway endpoint leads to them; which of them are reached is said by the routes
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'endpoints of AWS');
  }
  return group;
}

/** Of a group made elsewhere nothing is known. */
function checkGroups(scope: Construct, groups: readonly ISecurityGroup[]): void {
  groups.forEach((group, index) => {
    const open = (['allowAllOutbound', 'allowAllIpv6Outbound'] as const).find((prop) => Resource.isOwnedResource(group) && (group as Partial<SecurityGroup>)[prop]);
    if (open) { refuse(scope, `securityGroups[${index}]`, `let nothing out by default with isolated (${open}: false)`, group.node.path); }
  });
}
