import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Aws, CfnResource, Duration } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { elsewhere } from './elsewhere';
import { durationInRange, matches, refuse, wholeMinutes } from './request/checks';
import { BUCKET, can, checkGiven, checkKnown, checkOptions, DURATION, has, TEXT } from './request/kinds';
import type { StartedWorkflow } from './started-workflow';
import { policiesOf } from './template/execution-role';

/** How exactly a schedule is kept. */
export interface RetrainingScheduleOptions {
  /**
   * Within which time after each hour it may begin; whole minutes, 1 minute to 24 hours.
   *
   * @default - at once
   */
  readonly flexibleWindow?: Duration;
  /**
   * The queue for what could not be started, after a day of attempts.
   *
   * @default - it is dropped: the next hour comes
   */
  readonly deadLetterQueue?: IQueue;
}

/** Which objects are new data. */
export interface NewDataOptions {
  /**
   * What their keys begin with.
   *
   * @default - anything
   */
  readonly prefix?: string;
  /**
   * What their keys end with, for instance `_SUCCESS`, where many files are written and the last says that all are there.
   *
   * @default - anything
   */
  readonly suffix?: string;
}

/**
 * What starts a workflow. However many come at once, there is one run, and one more after it if something came after its job had begun.
 *
 * @example
 * new RetrainingWorkflow(this, 'Retrain', {
 *   job: Retraining.ofTrainingJob(training),
 *   triggers: [
 *     RetrainingTrigger.schedule(scheduler.ScheduleExpression.cron({ weekDay: 'MON', hour: '4', minute: '0', timeZone: TimeZone.EUROPE_BERLIN })),
 *     RetrainingTrigger.newData(bucket, { prefix: 'digits/train/' }),
 *   ],
 * });
 */
export abstract class RetrainingTrigger {
  /** At times that EventBridge Scheduler knows: a cron expression in a time zone, a rate, or once. Throws for an expression that it can't read. */
  public static schedule(schedule: ScheduleExpression, options: RetrainingScheduleOptions = {}): RetrainingTrigger {
    return new AtTimes(schedule, options);
  }

  /**
   * When objects are written to a bucket of this account. Throws for a prefix that objects can have which the job of the workflow writes itself. A bucket of the app is told to send its events to EventBridge; one made elsewhere must do so already,
   * and a warning says it.
   */
  public static newData(bucket: IBucket, options: NewDataOptions = {}): RetrainingTrigger {
    return new OnObjects(bucket, options);
  }

  /**
   * When the stack of the workflow has been deployed, be it for the first time or with any change.
   *
   * Throws when the workflow updates that stack, which would be the next deployment.
   */
  public static onDeploy(): RetrainingTrigger {
    return new OnDeployments();
  }

  /**
   * What resources of this kind are called, before a number from the second on.
   *
   * @internal
   */
  protected abstract readonly _id: string;

  /**
   * Makes what starts the workflow.
   *
   * @internal
   */
  public _bind(workflow: StartedWorkflow, index: number): void {
    const before = `triggers[${index}]: `;
    const { node } = workflow.construct;
    let id = this._id;
    for (let number = 2; node.tryFindChild(id); number++) { id = `${this._id}${number}`; }
    this._make(workflow, id, before);
  }

  /** @internal */
  protected abstract _make(workflow: StartedWorkflow, id: string, before: string): void;
}

/** As long as EventBridge Scheduler can try by itself. */
const A_DAY_SECONDS = Duration.days(1).toSeconds();

/** What EventBridge Scheduler reads. Of the day of the month and that of the week exactly one is `?`. */
const EXPRESSION = /^(rate\([1-9]\d* (minute|hour|day)s?\)|at\(\d{4}(-\d\d){2}T\d\d:\d\d:\d\d\)|cron\(([^\s()]+\s+){2}(\?\s+[^\s()]+\s+[^\s()?]+|[^\s()?]+\s+[^\s()]+\s+\?)\s+[^\s()]+\))$/;

class AtTimes extends RetrainingTrigger {
  protected readonly _id = 'Schedule';

  public constructor(private readonly schedule: ScheduleExpression, private readonly options: RetrainingScheduleOptions) { super(); }

  protected _make({ construct, machineArn, starter }: StartedWorkflow, id: string, before: string): void {
    const { schedule, options } = this;
    checkGiven(construct, `${before}schedule`, schedule, has('a ScheduleExpression of aws-scheduler', 'expressionString'));
    matches(construct, `${before}schedule`, schedule.expressionString ?? '', EXPRESSION, `rate(<number> <minutes, hours or days>), at(yyyy-mm-ddThh:mm:ss) or cron(<minutes> <hours> <day of month> <month> <day of week> <year>) with ? for one of the days`);
    checkOptions(construct, before, options, { flexibleWindow: DURATION, deadLetterQueue: ['a queue', can('grantSendMessages')] });
    checkKnown(construct, `${before}options`, options, ['flexibleWindow', 'deadLetterQueue']);
    durationInRange(construct, `${before}flexibleWindow`, options.flexibleWindow, Duration.minutes(1), Duration.hours(24));
    const role = starter('scheduler');
    options.deadLetterQueue?.grantSendMessages(role);
    const made = new CfnSchedule(construct, id, {
      scheduleExpression: schedule.expressionString,
      scheduleExpressionTimezone: schedule.timeZone?.timezoneName,
      flexibleTimeWindow: options.flexibleWindow ? { mode: 'FLEXIBLE', maximumWindowInMinutes: wholeMinutes(construct, `${before}flexibleWindow`, options.flexibleWindow) } : { mode: 'OFF' },
      target: {
        arn: machineArn, roleArn: role.roleArn, input: JSON.stringify({ trigger: 'schedule' }),
        retryPolicy: { maximumEventAgeInSeconds: A_DAY_SECONDS, maximumRetryAttempts: 185 },
        deadLetterConfig: options.deadLetterQueue && { arn: options.deadLetterQueue.queueArn },
      },
    });
    made.node.addDependency(policiesOf(role));
  }
}

class OnObjects extends RetrainingTrigger {
  protected readonly _id = 'NewData';

  public constructor(private readonly bucket: IBucket, private readonly options: NewDataOptions) { super(); }

  protected _make(workflow: StartedWorkflow, id: string, before: string): void {
    const { construct } = workflow;
    const { bucket, options } = this;
    checkGiven(construct, `${before}bucket`, bucket, BUCKET);
    checkOptions(construct, before, options, { prefix: TEXT, suffix: TEXT });
    checkKnown(construct, `${before}options`, options, ['prefix', 'suffix']);
    checkPlace(construct, before, bucket);
    checkNotWritten(workflow, before, bucket, options);
    sendEvents(construct, before, bucket);
    rule(workflow, id, 'newData', {
      'source': ['aws.s3'], 'detail-type': ['Object Created'],
      'detail': { bucket: { name: [bucket.bucketName] }, ...objectPattern(options) },
    });
  }
}

/** A pattern has room for both ends of a key as a wildcard alone, in which a star of the key itself would stand for more. */
function objectPattern({ prefix = '', suffix = '' }: NewDataOptions): object {
  if (prefix === '' && suffix === '') { return {}; }
  if (suffix === '') { return { object: { key: [{ prefix }] } }; }
  if (prefix === '') { return { object: { key: [{ suffix }] } }; }
  return { object: { key: [{ wildcard: `${literally(prefix)}*${literally(suffix)}` }] } };
}

const literally = (text: string) => text.replace(/[\\*]/g, '\\$&');

function checkPlace(construct: Construct, before: string, bucket: IBucket): void {
  const far = elsewhere(construct, bucket.env);
  if (far) { refuse(construct, `${before}bucket`, `be in the ${far.part} of the workflow, ${far.here}: its events go to EventBridge there`, far.there); }
}

/** Each run would start the next. */
function checkNotWritten({ construct, writes }: StartedWorkflow, before: string, bucket: IBucket, { prefix = '', suffix = '' }: NewDataOptions): void {
  const watched = `s3://${bucket.bucketName}/${prefix}`;
  const written = writes.find(({ start, endings }) => (start.startsWith(watched) || watched.startsWith(start)) && (endings?.some((ending) => ending.endsWith(suffix) || suffix.endsWith(ending)) ?? true));
  if (written) {
    refuse(construct, `${before}prefix`, `be one below which the job of the workflow does not write, as it does in ${shown(written.start)}*: each run would start the next`, prefix === '' ? 'none' : prefix);
  }
}

/** The name of a bucket that is yet to be made says nothing. */
const shown = (place: string) => place.replace(/^s3:\/\/\$\{Token\[[^\]]*\]\}/, 'the bucket, ');

/** The handler of notifications, which CDK makes for a bucket that sends others, writes all of them anew. */
const NOTIFICATIONS = 'Notifications';

function sendEvents(construct: Construct, before: string, bucket: IBucket): void {
  const made = bucket.node.defaultChild;
  if (!CfnResource.isCfnResource(made) || made.node.scope !== (bucket as IConstruct)) {
    Annotations.of(construct).addWarningV2('cdk-sagemaker:eventsOfBucket',
      `${before}bucket was made elsewhere: its events must be sent to EventBridge (eventBridgeEnabled: true where it is made), or nothing starts this workflow`);
    return;
  }
  if (bucket.node.tryFindChild(NOTIFICATIONS)) { bucket.enableEventBridgeNotification(); return; }
  (made as CfnBucket).addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', true);
  construct.node.addValidation({
    validate: () => (bucket.node.tryFindChild(NOTIFICATIONS)
      ? [`${construct.node.path}: ${before}bucket must be given with all of its notifications, or with eventBridgeEnabled: true, before the workflow is made: CDK writes the notifications of ${bucket.node.path} anew`] : []),
  });
}

class OnDeployments extends RetrainingTrigger {
  protected readonly _id = 'OnDeploy';

  protected _make(workflow: StartedWorkflow, id: string, before: string): void {
    if (workflow.updatesItself) { refuse(workflow.construct, `${before}onDeploy`, 'be left out where the workflow updates its own stack: each run would be the next deployment', 'updates'); }
    rule(workflow, id, 'deploy', {
      'source': ['aws.cloudformation'], 'detail-type': ['CloudFormation Stack Status Change'],
      'detail': { 'stack-id': [Aws.STACK_ID], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] } },
    });
  }
}

function rule({ construct, machineArn, starter }: StartedWorkflow, id: string, trigger: string, eventPattern: object): void {
  const role = starter('events');
  const made = new CfnRule(construct, id, {
    description: `Starts ${construct.node.path}`, eventPattern,
    targets: [{ id: 'Workflow', arn: machineArn, roleArn: role.roleArn, input: JSON.stringify({ trigger }) }],
  });
  made.node.addDependency(policiesOf(role));
}
