import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { VpcCallerOptions } from './endpoint-caller-options';
import { refuse } from './request/checks';
import { STRUCTURE, VPC, checkArgument, checkKind } from './request/kinds';

/** Where the interface endpoint is. */
export interface SageMakerVpcEndpointOptions {
  /**
   * The subnets; one in each Availability Zone.
   *
   * @default - the private subnets of the VPC, or else the isolated ones
   */
  readonly subnets?: SubnetSelection;
}

/**
 * The way of a VPC without internet to SageMaker: one interface endpoint with a private name, so that callers need no setting, and with a policy and a security group
 * that let nothing pass but what was allowed. All endpoints of SageMaker that are called from the VPC share it; it belongs to the VPC, and to its stack.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html
 *
 * @example
 * SageMakerVpcEndpoint.runtime(vpc, { subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
 * endpoint.allowFromVpc(vpc, { callers: [fn] });
 */
export class SageMakerVpcEndpoint extends InterfaceVpcEndpoint {
  /**
   * The one of a VPC that endpoints are invoked through.
   *
   * Throws when it is there already and options are given.
   */
  public static runtime(vpc: IVpc, options?: SageMakerVpcEndpointOptions): SageMakerVpcEndpoint {
    return SageMakerVpcEndpoint.ofVpc(vpc, 'SageMakerRuntime', InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME, options);
  }

  /**
   * The one of a VPC that endpoints are described through.
   *
   * Throws when it is there already and options are given.
   */
  public static api(vpc: IVpc, options?: SageMakerVpcEndpointOptions): SageMakerVpcEndpoint {
    return SageMakerVpcEndpoint.ofVpc(vpc, 'SageMakerApi', InterfaceVpcEndpointAwsService.SAGEMAKER_API, options);
  }

  private static ofVpc(vpc: IVpc, id: string, service: InterfaceVpcEndpointAwsService, options?: SageMakerVpcEndpointOptions): SageMakerVpcEndpoint {
    checkArgument('SageMakerVpcEndpoint', 'vpc', vpc, VPC);
    checkKind(vpc, 'SageMakerVpcEndpoint: options', options, STRUCTURE);
    const there = vpc.node.tryFindChild(id) as SageMakerVpcEndpoint | undefined;
    if (there && options) { refuse(there, 'subnets', 'be said before the first endpoint is allowed', 'options for an interface endpoint that is there already'); }
    return there ?? new SageMakerVpcEndpoint(vpc, id, vpc, service, options);
  }

  private constructor(scope: Construct, id: string, vpc: IVpc, service: InterfaceVpcEndpointAwsService, options: SageMakerVpcEndpointOptions = {}) {
    super(scope, id, { vpc, service, subnets: options.subnets, privateDnsEnabled: true, open: false });
  }

  /** Lets requests to an endpoint of SageMaker pass, of whoever may invoke it. */
  public allowInvoke(endpoint: IEndpoint, options: VpcCallerOptions = {}): void {
    this.allow(['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointAsync', 'sagemaker:InvokeEndpointWithResponseStream'], endpoint, options);
  }

  /** Lets questions how an endpoint of SageMaker is pass, of whoever may ask. */
  public allowDescribe(endpoint: IEndpoint, options: VpcCallerOptions = {}): void {
    this.allow(['sagemaker:DescribeEndpoint'], endpoint, { callers: options.callers });
  }

  private allow(actions: string[], endpoint: IEndpoint, { callers = [], components = [] }: VpcCallerOptions): void {
    const resources = [endpoint.endpointArn, ...components.map(({ inferenceComponentArn }) => inferenceComponentArn)];
    // any principal: who may call is said by the callers' own policies; this says what may be called from here
    this.addToPolicy(new PolicyStatement({ principals: [new AnyPrincipal()], actions, resources }));
    callers.forEach((caller) => this.connections.allowDefaultPortFrom(caller));
  }
}
