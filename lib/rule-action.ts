import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { matches } from './request/checks';
import { JOB_NAME } from './request/training-job-hyperparameters';
import { grantRuleMessages, grantStop } from './template/rule-permissions';

/** An action of a rule, ready to be named in a request. */
export interface RuleActionConfig {
  /** What it is made of, in this order. */
  readonly members: { [member: string]: string };
}

/**
 * What a built-in or custom rule of the debugger does when it finds what it looks for.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-actions.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   debugRules: { Overfit: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { actions: [RuleAction.stopTraining(), RuleAction.email('team@example.com')] }) },
 * });
 */
export abstract class RuleAction {
  /**
   * Stops the job that the rule watches, or the one running job whose name begins with a prefix; when there are several, the rule stops none.
   * A job that a rule stopped is `Stopped`, which fails the deployment that waits for it. The role may list training jobs and stop those of
   * this construct, or those whose names begin with the prefix.
   *
   * Throws when the prefix has something else than letters, digits and dashes.
   *
   * @param jobNamePrefix the name of the job that the rule watches, if left out; the rule reads it in lower case
   */
  public static stopTraining(jobNamePrefix?: string): RuleAction {
    return new StopTraining(jobNamePrefix);
  }

  /**
   * Sends a mail, by a topic of Amazon SNS called `SMDebugRules`, which the rule makes and subscribes the address to; who reads
   * the mails confirms the subscription first. The role may do this with that topic.
   *
   * Throws when it is no address.
   */
  public static email(address: string): RuleAction {
    return new Message('email', address, /^[^\s@"\\]+@[^\s@"\\]+\.[^\s@"\\]+$/, 'an address: name@domain');
  }

  /**
   * Sends a text message, by a topic of Amazon SNS called `SMDebugRules`, which the rule makes and subscribes the number to.
   * The role may do this with that topic.
   *
   * Throws when the number is not in the international form `+14255550100`.
   */
  public static sms(phoneNumber: string): RuleAction {
    return new Message('sms', phoneNumber, /^\+\d{1,15}$/, 'a number in the form of E.164, for instance +14255550100');
  }

  /**
   * Lets the rule act and says how.
   *
   * @param jobNamePrefix what the names of the job that the rule watches begin with
   */
  public abstract bind(scope: Construct, grantee: IGrantable, jobNamePrefix: string): RuleActionConfig;
}

class StopTraining extends RuleAction {
  public constructor(private readonly jobNamePrefix: string | undefined) { super(); }

  public bind(scope: Construct, grantee: IGrantable, jobNamePrefix: string): RuleActionConfig {
    matches(scope, 'actions: jobNamePrefix', this.jobNamePrefix, /^[A-Za-z0-9-]+$/, 'letters, digits and dashes');
    grantStop(grantee, scope, this.jobNamePrefix ?? `${jobNamePrefix}-`);
    // the order is that of the Python SDK, where a prefix that is not given comes last
    return { members: this.jobNamePrefix === undefined ? { name: 'stoptraining', training_job_prefix: JOB_NAME } : { training_job_prefix: this.jobNamePrefix, name: 'stoptraining' } };
  }
}

class Message extends RuleAction {
  public constructor(private readonly name: 'email' | 'sms', private readonly endpoint: string, private readonly form: RegExp, private readonly words: string) { super(); }

  public bind(scope: Construct, grantee: IGrantable): RuleActionConfig {
    matches(scope, `actions: ${this.name}`, this.endpoint, this.form, this.words);
    grantRuleMessages(grantee, scope);
    return { members: { endpoint: this.endpoint, name: this.name } };
  }
}
