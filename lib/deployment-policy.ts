import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BoundVariant } from './bound-variant';
import type { CapacitySize } from './capacity-size';
import type { BlueGreenOptions, RollingOptions, TrafficShiftingOptions } from './deployment-policy-options';
import { durationInRange, refuse, wholeSeconds } from './request/checks';
import { checkDeploymentKinds } from './request/hosting-prop-kinds';

/**
 * How an endpoint moves to another configuration. It always answers meanwhile, and a move that fails is rolled back by SageMaker.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 *
 * @example
 * model.deploy('Endpoint', {
 *   instanceType: 'ml.m5.large',
 *   instanceCount: 4,
 *   deployment: DeploymentPolicy.canary(CapacitySize.percent(25), { waitInterval: Duration.minutes(10) }),
 *   rollbackAlarms: [RollbackAlarm.invocation5xxErrors(), RollbackAlarm.modelLatency({ above: Duration.millis(200) })],
 * });
 */
export abstract class DeploymentPolicy {
  /** New instances are made beside the old ones, then get all the traffic at once. This is what SageMaker does by itself. */
  public static allAtOnce(options: BlueGreenOptions = {}): DeploymentPolicy {
    return new BlueGreen('ALL_AT_ONCE', options);
  }

  /** New instances are made beside the old ones; a part of them, at most 50 %, gets traffic first, and the rest follows. */
  public static canary(size: CapacitySize, options: TrafficShiftingOptions): DeploymentPolicy {
    return new BlueGreen('CANARY', options, size);
  }

  /** New instances are made beside the old ones, and get the traffic in equal steps of 10 to 50 %. */
  public static linear(step: CapacitySize, options: TrafficShiftingOptions): DeploymentPolicy {
    return new BlueGreen('LINEAR', options, step);
  }

  /**
   * Instances are made, given traffic and taken from the old ones in batches of 5 to 50 %: the way for instances that are scarce. For one variant with instances;
   * the endpoint throws for others.
   */
  public static rolling(batch: CapacitySize, options: RollingOptions): DeploymentPolicy {
    return new Rolling(batch, options);
  }

  /**
   * Whether it goes in batches, which not every endpoint can.
   *
   * @internal
   */
  public abstract readonly _isRolling: boolean;

  /**
   * What the endpoint is asked for.
   *
   * @internal
   */
  public abstract _bind(endpoint: Construct, variants: readonly BoundVariant[], hasAlarms: boolean): CfnEndpoint.DeploymentConfigProperty;
}

/** Of the fleet of each variant. */
const CANARY = [1, 50] as const;
const LINEAR_STEP = [10, 50] as const;
const BATCH = [5, 50] as const;
const ROLLBACK_BATCH = [1, 100] as const;
/** Long enough for an alarm to see a few minutes of the new instances. Without any, an alarm would watch nothing. */
const WATCHED = Duration.minutes(10);

class BlueGreen extends DeploymentPolicy {
  public readonly _isRolling = false;

  public constructor(private readonly type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR', private readonly options: BlueGreenOptions & Partial<TrafficShiftingOptions>, private readonly size?: CapacitySize) { super(); }

  public _bind(endpoint: Construct, variants: readonly BoundVariant[], hasAlarms: boolean): CfnEndpoint.DeploymentConfigProperty {
    checkDeploymentKinds(endpoint, this.options, this.type === 'ALL_AT_ONCE' ? {} : { [this.type.toLowerCase()]: this.size });
    const { waitInterval, terminationWait = hasAlarms ? WATCHED : undefined, maxExecutionTime } = this.options;
    const waitIntervalInSeconds = this.type === 'ALL_AT_ONCE' ? undefined : interval(endpoint, waitInterval);
    const canarySize = this.type === 'CANARY' ? this.size!._within(endpoint, 'deployment.canary', CANARY, variants) : undefined;
    const linearStepSize = this.type === 'LINEAR' ? this.size!._within(endpoint, 'deployment.linear', LINEAR_STEP, variants) : undefined;
    durationInRange(endpoint, 'deployment.terminationWait', terminationWait, Duration.seconds(0), Duration.hours(1));
    const terminationWaitInSeconds = terminationWait && wholeSeconds(endpoint, 'deployment.terminationWait', terminationWait);
    const steps = this.type === 'LINEAR' ? (this.size!._steps(variants) ?? 2) - 1 : 1;
    return {
      blueGreenUpdatePolicy: {
        // SageMaker's API wants to know of an interval even where there is none
        trafficRoutingConfiguration: { type: this.type, waitIntervalInSeconds: waitIntervalInSeconds ?? 0, canarySize, linearStepSize },
        terminationWaitInSeconds,
        maximumExecutionTimeoutInSeconds: longest(endpoint, maxExecutionTime, [terminationWait, ...Array.from({ length: steps }, () => waitInterval)]),
      },
    };
  }
}

class Rolling extends DeploymentPolicy {
  public readonly _isRolling = true;

  public constructor(private readonly batch: CapacitySize, private readonly options: RollingOptions) { super(); }

  public _bind(endpoint: Construct, variants: readonly BoundVariant[]): CfnEndpoint.DeploymentConfigProperty {
    checkDeploymentKinds(endpoint, this.options, { rolling: this.batch });
    const { waitInterval, rollbackBatch, maxExecutionTime } = this.options;
    return {
      rollingUpdatePolicy: {
        maximumBatchSize: this.batch._within(endpoint, 'deployment.rolling', BATCH, variants),
        rollbackMaximumBatchSize: rollbackBatch?._within(endpoint, 'deployment.rollbackBatch', ROLLBACK_BATCH, variants),
        waitIntervalInSeconds: interval(endpoint, waitInterval),
        maximumExecutionTimeoutInSeconds: longest(endpoint, maxExecutionTime, Array.from({ length: this.batch._steps(variants) ?? 2 }, () => waitInterval)),
      },
    };
  }
}

/** Programs in JavaScript, or with `any`, are checked by no compiler. */
function interval(endpoint: Construct, value: Duration | undefined): number {
  if (!value) { return refuse(endpoint, 'deployment.waitInterval', 'be given', value); }
  durationInRange(endpoint, 'deployment.waitInterval', value, Duration.seconds(0), Duration.hours(1));
  return wholeSeconds(endpoint, 'deployment.waitInterval', value);
}

/** A time that is over before the waits are would roll every update back. */
function longest(endpoint: Construct, value: Duration | undefined, waits: readonly (Duration | undefined)[]): number | undefined {
  if (!value) { return undefined; }
  durationInRange(endpoint, 'deployment.maxExecutionTime', value, Duration.minutes(10), Duration.hours(8));
  const seconds = wholeSeconds(endpoint, 'deployment.maxExecutionTime', value);
  const known = waits.filter((wait): wait is Duration => wait !== undefined && !wait.isUnresolved()).map((wait) => wait.toSeconds());
  const inAll = Duration.seconds(known.reduce((sum, wait) => sum + wait, 0));
  if (!value.isUnresolved() && seconds <= inAll.toSeconds()) { refuse(endpoint, 'deployment.maxExecutionTime', `be longer than what the update waits in all, ${inAll.toHumanString()}`, value.toHumanString()); }
  return seconds;
}
