import type { Duration } from 'aws-cdk-lib/core';
import { STRUCTURE, checkArgument } from './request/kinds';

/** How `Completion.finished` waits. */
export interface FinishedOptions {
  /**
   * Longest the deployment waits for the job. A job that takes longer is stopped, and the deployment fails.
   *
   * Between 1 minute and 18 days, known at synthesis. Each 55 minutes are one more resource of the stack, which has 500 at most.
   *
   * @default - the maximum run time (for spot capacity the maximum wait), the maximum pending time, and 30 minutes
   */
  readonly within?: Duration;
}

/**
 * What of a job a deployment waits for.
 *
 * @example
 * new TrainingJob(this, 'Awaited', { algorithm, capacity, completion: Completion.finished({ within: Duration.hours(3) }) });
 * new TrainingJob(this, 'Launched', { algorithm, capacity, completion: Completion.started() });
 */
export class Completion {
  /** Its end. A job that fails, fails the deployment. Throws, when a job is made with it, where `within` is left out and the job may take more than 18 days. */
  public static finished(options: FinishedOptions = {}): Completion {
    checkArgument('Completion.finished', 'options', options, STRUCTURE);
    return new Completion(true, options.within);
  }

  /** Its acceptance by SageMaker. The job's outcome can't be used in the stack then. */
  public static started(): Completion {
    return new Completion(false, undefined);
  }

  /** Whether the deployment waits for the end. */
  public readonly isAwaited: boolean;
  /** Longest wait, if one was given. */
  public readonly within?: Duration;

  private constructor(isAwaited: boolean, within: Duration | undefined) {
    this.isAwaited = isAwaited;
    this.within = within;
  }
}
