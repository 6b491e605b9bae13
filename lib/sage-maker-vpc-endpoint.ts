import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, type CfnVPCEndpoint, type ISecurityGroup, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Lazy, Resource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { VpcCallerOptions } from './endpoint-caller-options';
import { refuse } from './request/checks';
import { STRUCTURE, VPC, checkArgument, checkKind } from './request/kinds';
import { waitsForHosting } from './template/network-ready';

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
 * that let nothing pass but what was allowed. All endpoints of SageMaker that are called from the VPC share it, with its jobs (`JobVpcEndpoints`); it belongs to the VPC, and to its stack.
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
    return SageMakerVpcEndpoint.ofVpc(vpc, 'sagemaker.runtime', options);
  }

  /**
   * The one of a VPC that endpoints are described through.
   *
   * Throws when it is there already and options are given.
   */
  public static api(vpc: IVpc, options?: SageMakerVpcEndpointOptions): SageMakerVpcEndpoint {
    return SageMakerVpcEndpoint.ofVpc(vpc, 'sagemaker.api', options);
  }

  /**
   * One that is not there yet, for jobs.
   *
   * @internal
   */
  public static _forJobs(vpc: IVpc, service: 'sagemaker.api' | 'sagemaker.runtime', options: SageMakerVpcEndpointOptions & { readonly securityGroups: ISecurityGroup[] }): SageMakerVpcEndpoint {
    return new SageMakerVpcEndpoint(vpc, idOf(service), vpc, service, options, options.securityGroups);
  }

  private static ofVpc(vpc: IVpc, service: string, options?: SageMakerVpcEndpointOptions): SageMakerVpcEndpoint {
    checkArgument('SageMakerVpcEndpoint', 'vpc', vpc, VPC);
    checkKind(vpc, 'SageMakerVpcEndpoint: options', options, STRUCTURE);
    const there = vpc.node.tryFindChild(idOf(service)) as SageMakerVpcEndpoint | undefined;
    if (there && options) { refuse(there, 'subnets', 'be said before the first endpoint is allowed', 'options for an interface endpoint that is there already'); }
    return there ?? new SageMakerVpcEndpoint(vpc, idOf(service), vpc, service, options);
  }

  private ofJobs?: PolicyStatement[];
  private namesHosting = false;

  private constructor(scope: Construct, id: string, vpc: IVpc, private readonly service: string, options: SageMakerVpcEndpointOptions = {}, securityGroups?: ISecurityGroup[]) {
    super(scope, id, { vpc, service: serviceOf(service), subnets: options.subnets, securityGroups, privateDnsEnabled: true, open: false });
    const resource = this.node.defaultChild as CfnVPCEndpoint;
    resource.policyDocument = Lazy.any({ produce: () => this.document() });
    // what is in the VPC may be behind an endpoint that the policy names
    waitsForHosting(resource, () => this.namesHosting && this.document() === this.policyDocument);
  }

  /**
   * Jobs of the VPC pass as well: they call any action of the API; endpoints they invoke are those that were allowed, or any of the account where none was.
   *
   * @internal
   */
  public _letJobsPass(statements: PolicyStatement[]): void { this.ofJobs = statements; }

  private document(): PolicyDocument | undefined {
    const isNarrower = this.service === 'sagemaker.runtime' && this.policyDocument !== undefined;
    return this.ofJobs && !isNarrower ? new PolicyDocument({ statements: this.ofJobs }) : this.policyDocument;
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
    this.namesHosting ||= [endpoint, ...components].some((named) => Resource.isOwnedResource(named));
    // any principal: who may call is said by the callers' own policies; this says what may be called from here
    this.addToPolicy(new PolicyStatement({ principals: [new AnyPrincipal()], actions, resources }));
    callers.forEach((caller) => this.connections.allowDefaultPortFrom(caller));
  }
}

const idOf = (service: string): string => (service === 'sagemaker.api' ? 'SageMakerApi' : 'SageMakerRuntime');
const serviceOf = (service: string) => (service === 'sagemaker.api' ? InterfaceVpcEndpointAwsService.SAGEMAKER_API : InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME);
