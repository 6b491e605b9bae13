import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** What an endpoint may come to, as events have it: in upper case. */
export enum EndpointEvent {
  /** It answers: for the first time, with another configuration, or with the one before. */
  IN_SERVICE = 'IN_SERVICE',
  /** It could not be made. */
  FAILED = 'FAILED',
  /** It is being taken back to the configuration before. */
  ROLLING_BACK = 'ROLLING_BACK',
  /** It could not be taken back. */
  UPDATE_ROLLBACK_FAILED = 'UPDATE_ROLLBACK_FAILED',
  /** It does not answer. */
  OUT_OF_SERVICE = 'OUT_OF_SERVICE',
}

/** What is told of an endpoint. */
export interface EndpointNotifyOptions {
  /**
   * Of what; one or more.
   *
   * @default - all
   */
  readonly on?: EndpointEvent[];
}

/**
 * Events of an endpoint, and where it is shown.
 *
 * Each method makes a rule of EventBridge for this endpoint alone. One whose name CloudFormation makes is known by it when it is there: its rules see nothing of how it was made,
 * but every move after that. SageMaker may send an event more than once.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export interface IEndpointEvents {
  /** The page of the endpoint in the console; empty in a partition whose console has no address that is published. */
  readonly consoleUrl: string;
  /** The log of the endpoint in the console; empty where there is no such page. */
  readonly logsUrl: string;

  /** Each change of its status. */
  onStateChange(id: string, options?: OnEventOptions): Rule;
  /** The endpoint answers: it was made, has moved to another configuration, or was taken back to the one before. */
  onInService(id: string, options?: OnEventOptions): Rule;
  /** The endpoint could not be made, or could not be taken back. */
  onFailed(id: string, options?: OnEventOptions): Rule;
  /** An update is taken back: the new instances did not come up, or an alarm rang. */
  onRolledBack(id: string, options?: OnEventOptions): Rule;
  /**
   * Each step of a move to another configuration or size: shifting traffic, baking, terminating. `detail.PendingDeploymentSummary` says which. Endpoints without deployment
   * guardrails may have no such events.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
   */
  onDeploymentStateChange(id: string, options?: OnEventOptions): Rule;
  /**
   * Sends a message for people: which endpoint, what it has come to, why, and where to read on. EventBridge is allowed to send to the topic, and to use its key; a topic that was made
   * elsewhere must allow it by itself.
   *
   * Throws when the topic is notified already.
   */
  notify(topic: ITopic, options?: EndpointNotifyOptions): Rule;
}
