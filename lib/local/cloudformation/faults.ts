import type { StackStatus } from './stack-record';

/** One thing that the engine does to one resource. */
export interface Action {
  readonly action: 'Create' | 'Update' | 'Delete';
  readonly logicalId: string;
  readonly stackStatus: StackStatus;
}

/**
 * What goes wrong, and which of the ways that AWS does not document is taken.
 *
 * With no plan nothing goes wrong, and the undocumented choices are the ones described here as default.
 */
export interface FaultPlan {
  /** The reason why this action fails, instead of being done. */
  fails?(action: Action): string | undefined;
  /** Runs before the action; the action waits for it. */
  before?(action: Action): Promise<void> | undefined;
  /** Whether the rollback of an update goes along the dependencies or against them. @default 'dependencies' */
  readonly rollbackOrder?: 'dependencies' | 'reverse';
  /** Whether a custom resource whose update was answered FAILED is updated back. @default true */
  readonly rollsBackFailedUpdates?: boolean;
  /** What a failed custom resource's rollback says its old properties are. @default 'wanted' */
  readonly rollbackOldProperties?: 'wanted' | 'before';
}
