import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import type { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import type { Duration, Stack } from 'aws-cdk-lib/core';
import type { QualityGate } from './quality-gate';
import type { RegisterOptions } from './register-options';
import type { Retraining } from './retraining';
import type { RetrainingTrigger } from './retraining-trigger';

/** What a workflow does, and when. */
export interface RetrainingWorkflowProps {
  /** The job that it runs. */
  readonly job: Retraining;
  /**
   * What the model must have reached before anything is made of it. `QualityGate.notWorseThanBefore` compares with the last run that was accepted, and takes no
   * margin (`by`) here: a state machine compares numbers, and does not reckon.
   *
   * @default - that of the job
   */
  readonly qualityGate?: QualityGate;
  /**
   * Registers each model that is accepted: a new version of a group, as `register` of the job's construct makes it.
   *
   * @default - nothing is registered
   */
  readonly register?: RegisterOptions;
  /**
   * The parameter that says where the artifact is, from which models read it (`ModelData.fromSsmParameter`): that of `publishTo`, or any other. One of the app
   * has no tags: a change of them would have CloudFormation put back the value of the template.
   *
   * @default - nothing is published
   */
  readonly publishTo?: IStringParameter;
  /**
   * The stacks of this account and Region that read the parameter, in order: each is updated with the template it has. CloudFormation moves the endpoints, and goes
   * back when that fails; the parameter is put back then, and the stacks before it too.
   *
   * @default - models move with the next deployment of their stacks
   */
  readonly updates?: Stack[];
  /**
   * The names of such stacks that are made by another app; after those in `updates`.
   *
   * @default - none
   */
  readonly updateStackNames?: string[];
  /**
   * What starts it.
   *
   * @default - `grantStart`, and people
   */
  readonly triggers?: RetrainingTrigger[];
  /**
   * Who is told how each run has ended, with links to the job and its log.
   *
   * @default - nobody
   */
  readonly notify?: ITopic;
  /**
   * The longest that a job may take from its launch, waits for its instances included. Then it is stopped, and the run fails, even if it should complete all the
   * same. A job that is launched again has all of this time again.
   *
   * @default - what the limits of the job allow and 30 minutes; none for a transform job, or where limits are not known at synthesis
   */
  readonly jobTimeout?: Duration;
  /**
   * The key that the definition and the history of runs are encrypted with.
   *
   * @default - a key of the service
   */
  readonly encryptionKey?: IKey;
  /**
   * The log group in which Step Functions writes what happens in a run, its data included. The role is allowed to manage deliveries of logs, which can't be limited to
   * one group.
   *
   * @default - no log: Step Functions keeps the history of a run for 90 days
   */
  readonly logGroup?: ILogGroup;
  /**
   * What is written there.
   *
   * @default LogLevel.ERROR
   */
  readonly logLevel?: LogLevel;
  /**
   * Traces runs with X-Ray.
   *
   * @default false
   */
  readonly tracing?: boolean;
}
