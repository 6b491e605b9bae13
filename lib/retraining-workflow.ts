import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal, type Grant, type IGrantable, type IPrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnStateMachine, LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Aws, Stack, Token, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { QualityBoundConfig } from './quality-gate';
import { matches, refuse, wholeSeconds } from './request/checks';
import { checkGiven, checkOptions, KEY, placeOf, TEXT } from './request/kinds';
import type { RetrainingJob } from './retraining-job';
import { noticeOf } from './retraining-notice';
import { grantRuns, inlinePolicy, inlineStatements } from './retraining-permissions';
import { registrationOf } from './retraining-registration';
import { RetrainingWorkflowBase } from './retraining-workflow-base';
import { checkWorkflow, checkWorkflowKinds } from './retraining-workflow-checks';
import type { RetrainingWorkflowProps } from './retraining-workflow-props';
import { writesOf } from './retraining-writes';
import { JobTags } from './template/job-tags';
import { defaultsOf } from './template/defaults';
import { injected } from './template/injected';
import { isComparison, metricKey } from './template/retraining/gate-states';
import { retrainingDefinition } from './template/retraining/machine';

/** A workflow. */
export interface IRetrainingWorkflow extends IResource {
  /**
   * The ARN of the state machine.
   *
   * @attribute
   */
  readonly stateMachineArn: string;
  /**
   * The name of the state machine.
   *
   * @attribute
   */
  readonly stateMachineName: string;

  /** Lets somebody start a run. */
  grantStart(grantee: IGrantable): Grant;
  /** A metric of the state machine by the name that CloudWatch has for it. Sum. */
  metric(metricName: string, options?: MetricOptions): Metric;
  /** Runs that were started, those that found another one included. Sum. */
  metricStarted(options?: MetricOptions): Metric;
  /** Runs that ended well, those that found another one included. Sum. */
  metricSucceeded(options?: MetricOptions): Metric;
  /** Runs that failed, or missed the gate. Sum. */
  metricFailed(options?: MetricOptions): Metric;
  /** Runs that somebody has stopped. Sum. */
  metricAborted(options?: MetricOptions): Metric;
  /** How long runs took, in milliseconds. Average. */
  metricTime(options?: MetricOptions): Metric;
}

/** What is known of a workflow that was made elsewhere. */
export interface ImportedRetrainingWorkflowOptions {
  /**
   * The key that its history is encrypted with, which whoever starts a run must be allowed to use.
   *
   * @default - a key of the service
   */
  readonly encryptionKey?: IKey;
}

/**
 * Trains, tunes or transforms outside of deployments: at times, when new data have come, or after a deployment. What was trained passes a quality gate, is registered,
 * and is published in a parameter; the stacks that serve are updated with the templates they have, so that CloudFormation alone moves endpoints, and moves them back.
 *
 * A state machine of Step Functions that calls SageMaker itself: no function, and no limit to how long a job takes. One run at a time; a run that fails, or
 * misses the gate, changes nothing.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
 *
 * @example
 * const published = new ssm.StringParameter(this, 'Artifact', { parameterName: '/digits/artifact', stringValue: 'none yet' });
 * new RetrainingWorkflow(this, 'Retrain', {
 *   job: Retraining.train({
 *     algorithm,
 *     capacity,
 *     inputs: { train: DataSource.fromBucket(bucket, 'digits/train/') },
 *     metrics: [Metric.regex('validation:accuracy', 'val_acc=([0-9.]+)')],
 *     maxRuntime: Duration.days(2),
 *   }),
 *   qualityGate: QualityGate.atLeast('validation:accuracy', 0.9),
 *   publishTo: published,
 *   updates: [serving],
 *   triggers: [
 *     RetrainingTrigger.newData(bucket, { prefix: 'digits/train/' }),
 *     RetrainingTrigger.schedule(scheduler.ScheduleExpression.rate(Duration.days(7))),
 *   ],
 *   notify: topic,
 * });
 */
export class RetrainingWorkflow extends RetrainingWorkflowBase implements IGrantable, IConnectable {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.RetrainingWorkflow';

  /**
   * A workflow made elsewhere, in the account and the Region of the stack, by the name of its state machine.
   *
   * Throws when it is no such name, for instance an ARN.
   */
  public static fromRetrainingWorkflowName(scope: Construct, id: string, stateMachineName: string, options: ImportedRetrainingWorkflowOptions = {}): IRetrainingWorkflow {
    checkGiven(placeOf(scope, id), 'stateMachineName', stateMachineName, TEXT);
    checkOptions(placeOf(scope, id), '', options, { encryptionKey: KEY });
    class Import extends RetrainingWorkflowBase {
      public readonly stateMachineName = stateMachineName;
      public readonly stateMachineArn = Stack.of(this).formatArn({ service: 'states', resource: 'stateMachine', resourceName: stateMachineName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
      protected readonly _key = options.encryptionKey;
    }
    const imported = new Import(scope, id);
    matches(imported, 'stateMachineName', stateMachineName, /^[A-Za-z0-9_-]{1,80}$/, 'of 1 to 80 letters, digits, dashes and underscores');
    return imported;
  }

  public readonly stateMachineArn: string;
  public readonly stateMachineName: string;
  /** The role of the state machine. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** The roles of the containers, as of the construct of the job's kind; none for a transform job, which has the model's. */
  public readonly jobRoles: IRole[];
  /** What the names of all jobs of the workflow begin with. */
  public readonly jobNamePrefix: string;
  /** @internal */
  protected readonly _key: IKey | undefined;
  private readonly job: RetrainingJob;
  private readonly props: RetrainingWorkflowProps;

  constructor(scope: Construct, id: string, props: RetrainingWorkflowProps) {
    super(scope, id);
    props = injected(this, RetrainingWorkflow.PROPERTY_INJECTION_ID, props);
    checkWorkflowKinds(this, props);
    const job = this.job = props.job._bind(this);
    this.props = props;
    this._key = props.encryptionKey;
    this.jobRoles = [...job.roles];
    this.jobNamePrefix = job.namePrefix;
    const { bounds, stacks } = checkWorkflow(this, job, props);
    const role = this.role = this.machineRole();
    this.grantPrincipal = role;
    const memory = bounds.some(isComparison) ? this.memory(bounds) : undefined;
    const machine = this.machine(bounds, stacks, memory?.ref);
    this.stateMachineArn = machine.attrArn;
    this.stateMachineName = machine.attrName;
    grantRuns(this, role, job, props, { machineArn: machine.attrArn, stacks, memoryArn: memory && Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: memory.ref }) });
    const published = props.publishTo?.node.defaultChild;
    if (published instanceof CfnParameter) { untagged(published); }
    this.bindTriggers(stacks);
  }

  /** The security groups of the job's containers. Throws when there is no VPC. */
  public get connections(): Connections {
    const { connections } = this.job.scope as Partial<IConnectable>;
    return connections ?? refuse(this, 'job', 'have a VPC to have connections', undefined);
  }

  private machineRole(): Role {
    const { rolePath, permissionsBoundary } = defaultsOf(this);
    return new Role(this, 'Role', {
      // SourceAccount alone: the machine's ARN is not known before the machine, which needs the role
      assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      inlinePolicies: { Machine: inlinePolicy(this, `${this.node.path}/Role`, inlineStatements(this, this.job, this.props)) },
      path: rolePath, permissionsBoundary,
    });
  }

  /** The figures of the last run that was accepted; to begin with, those of the job that the stack has trained itself. */
  private memory(bounds: readonly QualityBoundConfig[]): CfnParameter {
    const names = [...new Set(bounds.filter(isComparison).map(({ metricName }) => metricName))].sort();
    const { deployed } = this.job;
    const known = deployed ? names.map((name) => `"${metricKey(name)}":${deployed(name)}`) : [];
    return untagged(new CfnParameter(this, 'Accepted', { type: 'String', value: `{${known.join(',')}}`, description: `What the last run of ${this.node.path} that was accepted had` }));
  }

  private machine(bounds: readonly QualityBoundConfig[], stacks: readonly string[], memory: string | undefined): CfnStateMachine {
    const { job, props } = this;
    const { publishTo, register, jobTimeout, encryptionKey, logGroup, logLevel = LogLevel.ERROR } = props;
    const seconds = jobTimeout ? wholeSeconds(this, 'jobTimeout', jobTimeout) : job.longestSeconds;
    const definition = retrainingDefinition({
      partition: Aws.PARTITION,
      job: { ...job, request: { ...job.request, Tags: new JobTags(this, 'Tags').rendered }, timeoutSeconds: Token.isUnresolved(seconds) || (Number.isFinite(seconds) && seconds > 0) ? seconds : undefined },
      bounds, memory, stacks,
      register: register && registrationOf(this, job, register, this.role),
      parameter: publishTo?.parameterName,
      isFolder: job.trained?.artifact.isCompressed === false,
      notice: noticeOf(this, job, props.notify),
    });
    const machine = new CfnStateMachine(this, 'Resource', {
      roleArn: this.role.roleArn,
      stateMachineType: 'STANDARD',
      definitionString: Stack.of(this).toJsonString(definition),
      encryptionConfiguration: encryptionKey && { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: encryptionKey.keyArn, kmsDataKeyReusePeriodSeconds: 300 },
      loggingConfiguration: logGroup && { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }], includeExecutionData: true, level: logLevel },
      tracingConfiguration: props.tracing ? { enabled: true } : undefined,
    });
    machine.node.addDependency(...job.dependencies);
    return machine;
  }

  private bindTriggers(stacks: readonly string[]): void {
    const starters = new Map<string, Role>();
    const starter = (service: 'events' | 'scheduler') => starters.get(service) ?? this.starter(service, starters);
    this.props.triggers?.forEach((trigger, index) => trigger._bind({
      construct: this, machineArn: this.stateMachineArn, updatesItself: stacks.includes(Stack.of(this).stackName), writes: writesOf(this.job), starter,
    }, index));
  }

  private starter(service: 'events' | 'scheduler', made: Map<string, Role>): Role {
    const { rolePath, permissionsBoundary } = defaultsOf(this);
    const [id, principal] = STARTERS[service];
    const role = new Role(this, id, {
      assumedBy: new ServicePrincipal(principal, { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      path: rolePath, permissionsBoundary,
    });
    made.set(service, role);
    this.grantStart(role);
    return role;
  }
}

/** Without tags: where CloudFormation has any of its parameter to change, be it a tag of the stack's, it puts the value of the template back over what a run has written. */
function untagged(parameter: CfnParameter): CfnParameter {
  parameter.addPropertyDeletionOverride('Tags');
  return parameter;
}

/** Who starts runs: the role, and the service that has it. */
const STARTERS = { events: ['EventsRole', 'events.amazonaws.com'], scheduler: ['SchedulerRole', 'scheduler.amazonaws.com'] } as const;
