import { Connections, SecurityGroup, Port, type ISecurityGroup, type ISubnet, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct, IDependable } from 'constructs';
import { countInRange, refuse } from './request/checks';
import { STRUCTURE, checkGiven } from './request/kinds';
import { networkReady } from './template/network-ready';

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
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * The security groups of the containers; 1 to 5.
   *
   * @default - one of its own, whose members may reach each other and everything outside
   */
  readonly securityGroups?: ISecurityGroup[];
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
   * VPC, or too many of them.
   */
  public static of(scope: Construct, props: JobNetworkProps): JobNetwork | undefined {
    checkGiven(scope, 'props', props, STRUCTURE);
    if (!props.vpc) {
      if (props.vpcSubnets) { refuse(scope, 'vpcSubnets', 'come with vpc', 'no vpc'); }
      if (props.securityGroups) { refuse(scope, 'securityGroups', 'come with vpc', 'no vpc'); }
      return undefined;
    }
    if (typeof props.vpc.selectSubnets !== 'function') { refuse(scope, 'vpc', 'be an IVpc', props.vpc); }
    const { subnets } = props.vpc.selectSubnets(props.vpcSubnets);
    countInRange(scope, 'vpcSubnets', subnets, 1, 16);
    const securityGroups = props.securityGroups ?? [ownGroup(scope, props.vpc)];
    countInRange(scope, 'securityGroups', securityGroups, 1, 5);
    return new JobNetwork({ subnets, securityGroups }, networkReady(props.vpc, subnets));
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

/** The instances of one job talk to each other over any port. */
function ownGroup(scope: Construct, vpc: IVpc): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc });
  // what goes out may go anywhere as it is: a rule for that as well would be dropped, with a warning
  group.addIngressRule(group, Port.allTraffic(), 'instances of one job');
  return group;
}
