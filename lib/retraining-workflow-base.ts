import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Resource } from 'aws-cdk-lib/core';
import { checkGiven, GRANTEE } from './request/kinds';
import type { IRetrainingWorkflow } from './retraining-workflow';
import { callerFor } from './template/granted';

/**
 * What a workflow made here and one made elsewhere can do alike.
 *
 * @internal
 */
export abstract class RetrainingWorkflowBase extends Resource implements IRetrainingWorkflow {
  public abstract readonly stateMachineArn: string;
  public abstract readonly stateMachineName: string;
  /**
   * What its history is encrypted with.
   *
   * @internal
   */
  protected abstract readonly _key: IKey | undefined;

  /** Lets somebody start a run. */
  public grantStart(grantee: IGrantable): Grant {
    checkGiven(this, 'grantee', grantee, GRANTEE);
    const caller = callerFor(this, 'grantStart', grantee);
    const grant = Grant.addToPrincipal({ grantee: caller, actions: ['states:StartExecution'], resourceArns: [this.stateMachineArn] });
    return this._key ? grant.combine(Grant.addToPrincipal({ grantee: caller, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resourceArns: [this._key.keyArn] })) : grant;
  }

  /** A metric of the state machine by the name that CloudWatch has for it. Sum. */
  public metric(metricName: string, options: MetricOptions = {}): Metric {
    const { Metric: CloudWatchMetric } = require('aws-cdk-lib/aws-cloudwatch') as typeof import('aws-cdk-lib/aws-cloudwatch');
    return new CloudWatchMetric({ namespace: 'AWS/States', metricName, dimensionsMap: { StateMachineArn: this.stateMachineArn }, statistic: 'Sum', ...options }).attachTo(this);
  }

  /** Runs that were started, those that found another one included. Sum. */
  public metricStarted(options?: MetricOptions): Metric { return this.metric('ExecutionsStarted', options); }

  /** Runs that ended well, those that found another one included. Sum. */
  public metricSucceeded(options?: MetricOptions): Metric { return this.metric('ExecutionsSucceeded', options); }

  /** Runs that failed, or missed the gate. Sum. */
  public metricFailed(options?: MetricOptions): Metric { return this.metric('ExecutionsFailed', options); }

  /** Runs that somebody has stopped. Sum. */
  public metricAborted(options?: MetricOptions): Metric { return this.metric('ExecutionsAborted', options); }

  /** How long runs took, in milliseconds. Average. */
  public metricTime(options?: MetricOptions): Metric { return this.metric('ExecutionTime', { statistic: 'Average', ...options }); }
}
