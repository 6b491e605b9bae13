import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** How a job may end. */
export enum JobEvent {
  /** It has done what it was for. */
  COMPLETED = 'Completed',
  /** It has failed. */
  FAILED = 'Failed',
  /** Somebody stopped it, or its time was over. */
  STOPPED = 'Stopped',
}

/** What is told of a job. */
export interface JobNotifyOptions {
  /**
   * Of which ends; one or more.
   *
   * @default - all
   */
  readonly on?: JobEvent[];
}

/**
 * Events of a job, and where it is shown.
 *
 * Each method makes a rule of EventBridge for the job and no other, whichever run it is. SageMaker may send an event more than once.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export interface IJobEvents {
  /** The page of the job in the console; empty in a partition whose console has no address that is published. */
  readonly consoleUrl: string;
  /** The log of the job in the console; empty where there is no such page. */
  readonly logsUrl: string;

  /** Each change of its status: also when it begins, and of a training job with each step that it takes. */
  onStateChange(id: string, options?: OnEventOptions): Rule;
  /** The job has completed. Whether a deployment accepts it, by `qualityGate` for instance, is not asked. */
  onCompleted(id: string, options?: OnEventOptions): Rule;
  /** The job has failed. The event says why in `detail.FailureReason`. */
  onFailed(id: string, options?: OnEventOptions): Rule;
  /** The job was stopped, or its time was over. */
  onStopped(id: string, options?: OnEventOptions): Rule;
  /**
   * Sends a message for people when it has ended: which job, how, why, and where to read on. EventBridge is allowed to send to the topic, and to use its key; a topic that was made
   * elsewhere must allow it by itself.
   *
   * Throws when the topic is notified already.
   */
  notify(topic: ITopic, options?: JobNotifyOptions): Rule;
}
