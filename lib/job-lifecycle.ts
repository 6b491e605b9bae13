import type { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Adoption } from './adoption';
import type { Completion } from './completion';
import type { Retrain } from './retrain';

/** How a job of any kind lives in a stack. */
export interface JobLifecycleProps {
  /**
   * What of the job a deployment waits for.
   *
   * @default Completion.finished()
   */
  readonly completion?: Completion;
  /**
   * When a deployment runs the job again.
   *
   * @default Retrain.whenChanged()
   */
  readonly retrain?: Retrain;
  /**
   * Any text; another one runs the job again. 1 to 256 characters. Not with `Retrain.manual`, which has its own.
   *
   * @default - none
   */
  readonly revision?: string;
  /**
   * A job made elsewhere that is to be this one. It is never stopped or deleted.
   *
   * @default - the job is launched
   */
  readonly adopt?: Adoption;
  /**
   * What becomes of the job's record when the construct goes: RETAIN keeps it, DESTROY deletes it.
   * A running job is stopped either way; what it wrote stays either way. A transform job's record can't be deleted, and its name is never free again.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
