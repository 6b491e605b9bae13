import type { IConnectable, IVpc, ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, AssetStaging, Aws, FileAssetPackaging, Lazy, Stack, Token, type CfnResource } from 'aws-cdk-lib/core';
import { Construct, Dependable, type IDependable } from 'constructs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { partitionOf, urlSuffixOf } from '../limits/partitions';
import { defaultsOf } from './defaults';
import { STATE_MACHINE_VARIABLE } from './job-kind';
import { waiterDefinition } from './job-provider-machine';
import { ProviderPermissions } from './job-provider-policy';
import { networkReady } from './network-ready';
import { packageRoot } from './package-root';
import { reasonedPolicy, type ReasonedStatement } from './reasoned-policy';
import { joinVpc } from './vpc-members';

/** What can be set for the provider of a stack. */
export interface ProviderSettings {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
  readonly encryptionKey?: IKey;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  readonly logRetention?: number;
}

/** A construct of its own on the stack: logical ids of what is in it are frozen for ever, since a ServiceToken can't change. */
const ID = 'SageMakerJobProvider';
const DEFAULT_RETENTION_DAYS = 90;
/** RetentionDays.INFINITE; CloudWatch Logs is told nothing then. */
const FOR_EVER = 9999;

/** The one function and the one state machine that run the jobs of a stack, and check its endpoints. Made with the first of them. */
export class JobProviderResources extends Construct {
  public static of(scope: Construct): JobProviderResources {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as JobProviderResources | undefined) ?? new JobProviderResources(stack);
  }

  public readonly serviceToken: string;
  public readonly permissions: ProviderPermissions;
  /** What must be there before a job is made, and stay until it has gone. */
  public readonly lifelines: IDependable[];
  /** The role that policies of others are attached to. */
  public readonly handlerRole: iam.CfnRole;
  private readonly handler: CfnFunction;
  private readonly stack: Stack;
  private settings?: ProviderSettings;

  private constructor(stack: Stack) {
    super(stack, ID);
    this.stack = stack;
    this.permissions = new ProviderPermissions(stack);
    const logs = this.logGroup();
    this.handlerRole = this.role('SageMakerJobHandlerRole', 'lambda.amazonaws.com');
    this.handlerRole.policies = [{ policyName: 'Runtime', policyDocument: reasonedPolicy(this, this.handlerRole, () => this.handlerInline(logs)) }];
    const waiterRole = this.role('SageMakerJobWaiterRole', 'states.amazonaws.com');
    const machine = this.machine(waiterRole);
    this.handler = this.function(logs, machine.attrArn);
    const keyArn = () => this.settings?.encryptionKey?.keyArn;
    const handlerPolicy = this.policy('SageMakerJobHandlerPolicy', this.handlerRole, reasonedPolicy(this, this.handlerRole, () => this.permissions.statements(this, machine.attrArn, keyArn())));
    const waiterPolicy = this.policy('SageMakerJobWaiterPolicy', waiterRole, reasonedPolicy(this, waiterRole, () => this.waiterStatements()));
    this.serviceToken = this.handler.attrArn;
    this.lifelines = [handlerPolicy, waiterPolicy, this.networkOfHandler()];
  }

  public configure(settings: ProviderSettings): void {
    if (this.settings) { throw new Error(`${this.node.path}: JobProvider.configure must be called once for a stack, got a second call`); }
    this.settings = settings;
    if (settings.vpc) { this.join(settings.vpc, settings); }
    settings.encryptionKey?.addToResourcePolicy(new iam.PolicyStatement({
      // the handler's log group is encrypted by CloudWatch Logs itself
      principals: [new iam.ServicePrincipal(`logs.${Aws.REGION}.${this.logsDomain()}`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],                                      // in the policy of a key: this key
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': this.stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }) } },
    }));
  }

  /** Of all principals only that of CloudWatch Logs ends with the domain of the partition. */
  private logsDomain(): string {
    return Token.isUnresolved(this.stack.region) ? Aws.URL_SUFFIX : urlSuffixOf(this.stack.region);
  }

  private isIsolated(): boolean {
    return !Token.isUnresolved(this.stack.region) && partitionOf(this.stack.region).startsWith('aws-iso');
  }

  private logGroup(): CfnLogGroup {
    const group = new CfnLogGroup(this, 'Logs', {
      retentionInDays: Lazy.any({ produce: () => this.retention() }) as unknown as number,
      kmsKeyId: Lazy.string({ produce: () => this.settings?.encryptionKey?.keyArn }),
    });
    return frozen(group, 'SageMakerJobHandlerLogs');
  }

  private role(id: string, service: string): iam.CfnRole {
    const { rolePath, permissionsBoundary } = defaultsOf(this);
    const role = new iam.CfnRole(this, id.replace('SageMakerJob', ''), {
      assumeRolePolicyDocument: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({
          actions: ['sts:AssumeRole'], principals: [new iam.ServicePrincipal(service)],
          // Lambda says nothing of the account when it takes a role
          conditions: service === 'states.amazonaws.com' ? { StringEquals: { 'aws:SourceAccount': this.stack.account } } : undefined,
        })],
      }),
      path: rolePath,
      permissionsBoundary: Lazy.string({ produce: () => (this.settings?.permissionsBoundary ?? permissionsBoundary)?.managedPolicyArn }),
    });
    return frozen(role, id);
  }

  private machine(role: iam.CfnRole): CfnStateMachine {
    const machine = new CfnStateMachine(this, 'Waiter', {
      roleArn: role.attrArn,
      stateMachineType: 'STANDARD',
      definitionString: this.stack.toJsonString(waiterDefinition(Aws.PARTITION)),
      encryptionConfiguration: Lazy.any({
        produce: () => this.settings?.encryptionKey && { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: this.settings.encryptionKey.keyArn, kmsDataKeyReusePeriodSeconds: 300 },
      }),
    });
    return frozen(machine, 'SageMakerJobWaiter');
  }

  private function(logs: CfnLogGroup, machineArn: string): CfnFunction {
    const handler = new CfnFunction(this, 'Handler', {
      description: 'Launches, awaits and stops the SageMaker jobs of this stack',
      runtime: 'nodejs24.x',
      architectures: [this.isIsolated() ? 'x86_64' : 'arm64'],   // of arm64 nothing is published for isolated partitions
      handler: 'index.handler',
      memorySize: 256,
      timeout: 120,
      code: this.code(),
      role: this.handlerRole.attrArn,
      environment: { variables: { [STATE_MACHINE_VARIABLE]: machineArn, URL_SUFFIX: Aws.URL_SUFFIX } },
      kmsKeyArn: Lazy.string({ produce: () => this.settings?.encryptionKey?.keyArn }),
      loggingConfig: { logGroup: logs.ref },
      vpcConfig: Lazy.any({ produce: () => this.vpcConfig }),
    });
    return frozen(handler, 'SageMakerJobHandler');
  }

  private vpcConfig?: CfnFunction.VpcConfigProperty;
  private network?: IDependable;
  private groups?: readonly ISecurityGroup[];

  /** By core's staging: aws-s3-assets would load the whole of aws-s3. */
  private code(): CfnFunction.CodeProperty {
    const sourcePath = join(packageRoot(), 'dist', 'handler');
    if (!existsSync(join(sourcePath, 'index.js'))) { throw new Error(`cdk-sagemaker: the package is incomplete, ${join('dist', 'handler', 'index.js')} is missing (npm run build makes it)`); }
    const staging = new AssetStaging(this, 'Code', { sourcePath });
    const { bucketName, objectKey } = this.stack.synthesizer.addFileAsset({
      packaging: FileAssetPackaging.ZIP_DIRECTORY, sourceHash: staging.assetHash, fileName: staging.relativeStagedPath(this.stack), displayName: 'SageMaker job handler',
    });
    return { s3Bucket: bucketName, s3Key: objectKey };
  }

  private policy(id: string, role: iam.CfnRole, policyDocument: unknown): iam.CfnPolicy {
    return frozen(new iam.CfnPolicy(this, id.replace('SageMakerJob', ''), { policyName: id, roles: [role.ref], policyDocument }), id);
  }

  /** In the role itself: Lambda looks for these when it makes the function, before any policy is attached. */
  private handlerInline(logs: CfnLogGroup): ReasonedStatement[] {
    const key = this.settings?.encryptionKey;
    return [
      this.reasoned('writes its log', new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.attrArn] })),
      ...(key ? [this.reasoned('encryptionKey', new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }))] : []),
      ...(this.settings?.vpc ? [this.reasoned('vpc', new iam.PolicyStatement({
        actions: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
          'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
        resources: ['*'],                                    // Lambda makes its interfaces under ids that are not known before
      }))] : []),
    ];
  }

  private waiterStatements(): ReasonedStatement[] {
    const key = this.settings?.encryptionKey;
    return [
      this.reasoned('asks the function for the next step', new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.attrArn] })),
      ...(key ? [this.reasoned('encryptionKey', new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }))] : []),
    ];
  }

  private reasoned(prop: string, statement: iam.PolicyStatement): ReasonedStatement {
    return { statement, reasons: [{ prop, constructs: [this] }] };
  }

  private join(vpc: IVpc, settings: ProviderSettings): void {
    const { subnets, subnetIds } = vpc.selectSubnets(settings.vpcSubnets);
    this.network = networkReady(vpc, subnets, () => this.groups ?? []);
    const securityGroupIds = settings.securityGroups?.map((group) => group.securityGroupId) ?? [this.ownGroup(vpc)];
    this.vpcConfig = { subnetIds, securityGroupIds };
    joinVpc(vpc, this.connectable(settings, securityGroupIds[0]));
  }

  /** Whom endpoints of the VPC let in, by objects that are made when the first of them asks. */
  private connectable({ securityGroups }: ProviderSettings, groupId: string): IConnectable {
    const ec2 = () => require('aws-cdk-lib/aws-ec2') as typeof import('aws-cdk-lib/aws-ec2');
    const known = () => this.groups ??= securityGroups ?? [ec2().SecurityGroup.fromSecurityGroupId(this, 'HandlerGroup', groupId)];
    return { get connections() { return new (ec2().Connections)({ securityGroups: [...known()] }); } };
  }

  /** The handler answers CloudFormation through it. Settings may come after the first job. */
  private networkOfHandler(): IDependable {
    const network = () => this.network;
    const ready: IDependable = {};
    Dependable.implement(ready, {
      get dependencyRoots() {
        const found = network();
        return found ? Dependable.of(found).dependencyRoots : [];
      },
    });
    return ready;
  }

  private ownGroup(vpc: IVpc): string {
    // loaded when used: the network constructs are the largest of all
    const { CfnSecurityGroup } = require('aws-cdk-lib/aws-ec2') as typeof import('aws-cdk-lib/aws-ec2');
    const group = new CfnSecurityGroup(this, 'HandlerSecurityGroup', {
      groupDescription: 'Handler of SageMaker jobs', vpcId: vpc.vpcId,
      securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0', description: 'AWS APIs' }],
    });
    return frozen(group, 'SageMakerJobHandlerSecurityGroup').attrGroupId;
  }

  private retention(): number | undefined {
    const days = this.settings?.logRetention ?? DEFAULT_RETENTION_DAYS;
    return days === FOR_EVER ? undefined : days;
  }
}

function frozen<T extends CfnResource>(resource: T, logicalId: string): T {
  resource.overrideLogicalId(logicalId);
  return resource;
}
