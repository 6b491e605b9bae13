import type { Duration } from 'aws-cdk-lib/core';
import type { CapacitySize } from './capacity-size';

/** What can be said of every way to move an endpoint. */
export interface DeploymentPolicyOptions {
  /**
   * The longest that an update may take before it is rolled back; 10 minutes to 8 hours, and longer than what it waits in all.
   *
   * @default - the service decides
   */
  readonly maxExecutionTime?: Duration;
}

/** What can be said of a move to instances that are all made before. */
export interface BlueGreenOptions extends DeploymentPolicyOptions {
  /**
   * How long the old instances stay when the new ones have all the traffic; up to 1 hour. An alarm that rings meanwhile brings the traffic back to them.
   * Both are paid for.
   *
   * @default - 10 minutes with alarms, otherwise the old instances go at once
   */
  readonly terminationWait?: Duration;
}

/** What can be said of a move in steps. */
export interface TrafficShiftingOptions extends BlueGreenOptions {
  /** How long alarms are watched after each step; up to 1 hour. */
  readonly waitInterval: Duration;
}

/** What can be said of a move that makes a few instances at a time. */
export interface RollingOptions extends DeploymentPolicyOptions {
  /** How long alarms are watched after each batch; up to 1 hour. */
  readonly waitInterval: Duration;
  /**
   * How many instances are moved back at a time.
   *
   * @default - all at once
   */
  readonly rollbackBatch?: CapacitySize;
}
