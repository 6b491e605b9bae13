import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { durationInRange, inRange } from './request/checks';
import { OF_A_SCALE_IN } from './request/hosting-prop-kinds';
import { checkOptions } from './request/kinds';

/** How copies of inference components are put together on fewer instances. */
export interface ConsolidationOptions {
  /**
   * How many instances may go at a time; 1 to 100.
   *
   * @default 1
   */
  readonly maxStepSize?: number;
  /**
   * How long after the last change of the endpoint that is thought of, in whole minutes; 5 minutes to 1 day.
   *
   * @default Duration.minutes(20)
   */
  readonly cooldown?: Duration;
}

/**
 * How instances are given back when SageMaker scales them by itself (`maxInstanceCount`).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantManagedInstanceScalingScaleInPolicy.html
 *
 * @example
 * Variant.ofComponents({
 *   instanceType: 'ml.g5.12xlarge',
 *   minInstanceCount: 1,
 *   maxInstanceCount: 8,
 *   scaleIn: ScaleIn.consolidating({ maxStepSize: 2, cooldown: Duration.minutes(30) }),
 * });
 */
export class ScaleIn {
  /** Those on which there is nothing. */
  public static whenIdle(): ScaleIn {
    return new ScaleIn('IDLE_RELEASE');
  }

  /** Copies of inference components are moved together, and instances given back that are free then. */
  public static consolidating(options: ConsolidationOptions = {}): ScaleIn {
    return new ScaleIn('CONSOLIDATION', options);
  }

  private constructor(
    /** What the service calls it. */
    public readonly strategy: string,
    /** For the consolidation of copies. */
    public readonly consolidation: ConsolidationOptions = {},
  ) {}

  /**
   * Throws when a step or the wait is out of range.
   *
   * @internal
   */
  public _check(config: Construct, prop: string): void {
    checkOptions(config, `${prop}.`, this.consolidation, OF_A_SCALE_IN);
    inRange(config, `${prop}.maxStepSize`, this.consolidation.maxStepSize, 1, 100);
    durationInRange(config, `${prop}.cooldown`, this.consolidation.cooldown, Duration.minutes(5), Duration.days(1));
  }
}
