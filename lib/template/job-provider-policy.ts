import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Aws, Lazy, Token, type IResolvable, type Stack } from 'aws-cdk-lib/core';
import type { JobKindName } from '../limits/job-kinds';
import { jobKind } from './job-kind';
import { arnName, rolePath, stackPrefix } from './names';

/**
 * What the handler may do. It names prefixes and paths, never a job: a hundred jobs fit in one policy, and the
 * policy can exist before any of them. What jobs bring along is collected until the template is written.
 */
export class ProviderPermissions {
  private readonly kinds = new Set<JobKindName>();
  private readonly roles = new Set<string>();
  private readonly volumeKeys = new Set<string>();
  private readonly adopted = new Map<string, JobKindName>();
  private readonly algorithms = new Set<string>();

  public constructor(private readonly stack: Stack) {}

  public addKind(kind: JobKindName): void { this.kinds.add(kind); }
  public addRole(roleArn: string): void { this.roles.add(roleArn); }
  public addVolumeKey(keyArn: string): void { this.volumeKeys.add(keyArn); }
  public addAdopted(kind: JobKindName, name: string): void { this.adopted.set(name, kind); }
  public addAlgorithm(nameOrArn: string): void { this.algorithms.add(nameOrArn); }

  /** Rendered when the template is written: by then every job has said what it brings along. */
  public document(machineArn: string, machineKeyArn: () => string | undefined): IResolvable {
    return Lazy.any({
      produce: () => new iam.PolicyDocument({ statements: this.statements(machineArn, machineKeyArn()), minimize: false }),
    });
  }

  private statements(machineArn: string, machineKeyArn: string | undefined): iam.PolicyStatement[] {
    return [
      ...[...this.kinds].sort().flatMap((kind) => this.jobs(kind)),
      ...this.adoptedJobs(),
      ...this.lookedUp(),
      ...([...this.kinds].some((kind) => jobKind(kind).passesRole) ? [this.passRole()] : []),   // a stack that only looks at jobs passes none
      ...this.volumes(),
      new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Aws.STACK_ID] }),
      new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] }),
      ...(machineKeyArn ? [new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [machineKeyArn] })] : []),
    ];
  }

  private jobs(kind: JobKindName): iam.PolicyStatement[] {
    const { actions, arnResource, longestName, launches } = jobKind(kind);
    const names = `${stackPrefix(this.stack, longestName)}-*`;
    return [
      new iam.PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources: [this.job(arnResource, names)] }),
      // the jobs that it launches by itself are looked at alone; their names begin with its own (aws-facts 4.4)
      ...(launches ? [new iam.PolicyStatement({ actions: [`sagemaker:${jobKind(launches).describe}`], resources: [this.job(jobKind(launches).arnResource, names)] })] : []),
    ];
  }

  /** A job made elsewhere is looked at, and never touched. ARNs have names in lower case. */
  private adoptedJobs(): iam.PolicyStatement[] {
    return [...this.adopted].flatMap(([name, kind]) => {
      const { arnResource, describe, launches } = jobKind(kind);
      const names = [...new Set([name, arnName(name)])];
      return [
        new iam.PolicyStatement({ actions: [`sagemaker:${describe}`], resources: names.map((n) => this.job(arnResource, n)) }),
        ...(launches ? [new iam.PolicyStatement({ actions: [`sagemaker:${jobKind(launches).describe}`], resources: names.map((n) => this.job(jobKind(launches).arnResource, `${n}-*`)) })] : []),
      ];
    });
  }

  /** An algorithm is looked up by its ARN, which may be of another account (AWS Marketplace), or by its name in this one. */
  private lookedUp(): iam.PolicyStatement[] {
    if (this.algorithms.size === 0) { return []; }
    const resources = [...this.algorithms].flatMap((algorithm) => {
      // whether a text that is not known yet is a name or an ARN is not known either
      if (Token.isUnresolved(algorithm)) { return [this.stack.formatArn({ service: 'sagemaker', account: '*', resource: 'algorithm', resourceName: '*' })]; }
      const arn = (text: string) => (text.startsWith('arn:') ? text : this.job('algorithm', text));
      return [arn(algorithm), arn(algorithm.toLowerCase())];
    });
    return [new iam.PolicyStatement({ actions: ['sagemaker:DescribeAlgorithm'], resources: [...new Set(resources)] })];
  }

  private passRole(): iam.PolicyStatement {
    const own = this.stack.formatArn({ service: 'iam', region: '', resource: `role${rolePath(this.stack)}*`, arnFormat: ArnFormat.NO_RESOURCE_NAME });
    return new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [own, ...this.roles],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  }

  private volumes(): iam.PolicyStatement[] {
    if (this.volumeKeys.size === 0) { return []; }
    const resources = [...this.volumeKeys];
    return [
      new iam.PolicyStatement({ actions: ['kms:CreateGrant'], resources, conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
      new iam.PolicyStatement({ actions: ['kms:DescribeKey'], resources }),
    ];
  }

  private job(resource: string, resourceName: string): string {
    return this.stack.formatArn({ service: 'sagemaker', resource, resourceName });
  }
}
