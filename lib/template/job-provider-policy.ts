import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Aws, Token, type Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { JobKindName } from '../limits/job-kinds';
import { rolePaths } from './execution-role';
import { jobKind } from './job-kind';
import { arnName, stackPrefix } from './names';
import type { Reason, ReasonedStatement } from './reasoned-policy';

/**
 * What the handler may do. It names prefixes and paths, never a job: a hundred jobs fit in one policy, and the
 * policy can exist before any of them. What jobs bring along is collected until the template is written.
 */
export class ProviderPermissions {
  private readonly kinds = new Map<JobKindName, Set<IConstruct>>();
  private readonly roles = new Map<string, Set<IConstruct>>();
  private readonly volumeKeys = new Map<string, Set<IConstruct>>();
  private readonly adopted = new Map<string, { kind: JobKindName; constructs: Set<IConstruct> }>();
  private readonly algorithms = new Map<string, Set<IConstruct>>();

  public constructor(private readonly stack: Stack) {}

  public addKind(job: IConstruct, kind: JobKindName): void { setOf(this.kinds, kind).add(job); }
  public addRole(job: IConstruct, roleArn: string): void { setOf(this.roles, roleArn).add(job); }
  public addVolumeKey(job: IConstruct, keyArn: string): void { setOf(this.volumeKeys, keyArn).add(job); }
  public addAlgorithm(job: IConstruct, nameOrArn: string): void { setOf(this.algorithms, nameOrArn).add(job); }
  public addAdopted(job: IConstruct, kind: JobKindName, name: string): void {
    this.adopted.set(name, { kind, constructs: new Set([...this.adopted.get(name)?.constructs ?? [], job]) });
  }

  /** Asked when the template is written: by then every job has said what it brings along. */
  public statements(provider: IConstruct, machineArn: string, machineKeyArn: string | undefined): ReasonedStatement[] {
    const always = (prop: string): Reason[] => [{ prop, constructs: [provider] }];
    return [
      ...[...this.kinds.keys()].sort().flatMap((kind) => this.jobs(kind)),
      ...this.adoptedJobs(),
      ...this.lookedUp(),
      ...this.passRole(),
      ...this.volumes(),
      { statement: new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Aws.STACK_ID] }), reasons: always('looks whether the stack is rolled back') },
      { statement: new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] }), reasons: always('has the state machine wait for jobs') },
      ...(machineKeyArn ? [{ statement: new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [machineKeyArn] }), reasons: always('encryptionKey') }] : []),
    ];
  }

  private jobs(kind: JobKindName): ReasonedStatement[] {
    const { actions, arnResource, longestName, launches } = jobKind(kind);
    const names = `${stackPrefix(this.stack, longestName)}-*`;
    const constructs = this.kinds.get(kind)!;
    return [
      { statement: new iam.PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources: [this.job(arnResource, names)] }), reasons: [{ prop: 'is launched, awaited and stopped', constructs }] },
      // the jobs that it launches by itself are looked at alone; their names begin with its own (aws-facts 4.4)
      ...(launches ? [{
        statement: new iam.PolicyStatement({ actions: [`sagemaker:${jobKind(launches).describe}`], resources: [this.job(jobKind(launches).arnResource, names)] }),
        reasons: [{ prop: 'the jobs that it launches are looked at', constructs }],
      }] : []),
    ];
  }

  /** A job made elsewhere is looked at, and never touched. ARNs have names in lower case. */
  private adoptedJobs(): ReasonedStatement[] {
    return [...this.adopted].flatMap(([name, { kind, constructs }]) => {
      const { arnResource, describe, launches } = jobKind(kind);
      const names = [...new Set([name, arnName(name)])];
      const reasons = [{ prop: 'a job that was launched elsewhere', constructs }];
      return [
        new iam.PolicyStatement({ actions: [`sagemaker:${describe}`], resources: names.map((n) => this.job(arnResource, n)) }),
        ...(launches ? [new iam.PolicyStatement({ actions: [`sagemaker:${jobKind(launches).describe}`], resources: names.map((n) => this.job(jobKind(launches).arnResource, `${n}-*`)) })] : []),
      ].map((statement) => ({ statement, reasons }));
    });
  }

  /** An algorithm is looked up by its ARN, which may be of another account (AWS Marketplace), or by its name in this one. */
  private lookedUp(): ReasonedStatement[] {
    if (this.algorithms.size === 0) { return []; }
    const arns = (algorithm: string) => {
      // whether a text that is not known yet is a name or an ARN is not known either
      if (Token.isUnresolved(algorithm)) { return [this.stack.formatArn({ service: 'sagemaker', account: '*', resource: 'algorithm', resourceName: '*' })]; }
      const arn = (text: string) => (text.startsWith('arn:') ? text : this.job('algorithm', text));
      return [arn(algorithm), arn(algorithm.toLowerCase())];
    };
    const all = [...this.algorithms].map(([algorithm, constructs]) => ({ resources: arns(algorithm), constructs }));
    return [{
      statement: new iam.PolicyStatement({ actions: ['sagemaker:DescribeAlgorithm'], resources: [...new Set(all.flatMap(({ resources }) => resources))] }),
      reasons: all.map((each) => ({ ...each, prop: 'algorithm' })),
    }];
  }

  /** A stack that only looks at jobs passes none. */
  private passRole(): ReasonedStatement[] {
    const passing = [...this.kinds].filter(([kind]) => jobKind(kind).passesRole).flatMap(([, constructs]) => [...constructs]);
    if (passing.length === 0) { return []; }
    const own = rolePaths(this.stack).map((path) => this.stack.formatArn({ service: 'iam', region: '', resource: `role${path}*`, arnFormat: ArnFormat.NO_RESOURCE_NAME }));
    const statement = new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [...own, ...this.roles.keys()],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
    const given = [...this.roles].map(([roleArn, constructs]) => ({ prop: 'role', constructs, resources: [roleArn] }));
    return [{ statement, reasons: [{ prop: 'is launched with its role', constructs: passing, resources: own }, ...given] }];
  }

  private volumes(): ReasonedStatement[] {
    if (this.volumeKeys.size === 0) { return []; }
    const resources = [...this.volumeKeys.keys()];
    const reasons = [...this.volumeKeys].map(([keyArn, constructs]) => ({ prop: 'capacity.volumeKey', constructs, resources: [keyArn] }));
    return [
      new iam.PolicyStatement({ actions: ['kms:CreateGrant'], resources, conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
      new iam.PolicyStatement({ actions: ['kms:DescribeKey'], resources }),
    ].map((statement) => ({ statement, reasons }));
  }

  private job(resource: string, resourceName: string): string {
    return this.stack.formatArn({ service: 'sagemaker', resource, resourceName });
  }
}

function setOf<Key>(sets: Map<Key, Set<IConstruct>>, key: Key): Set<IConstruct> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}
