import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { instanceCountOf, type BoundVariant } from './bound-variant';
import { inRange, refuse } from './request/checks';

/**
 * A part of the instances of an endpoint, which an update moves at a time.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html
 *
 * @example
 * DeploymentPolicy.canary(CapacitySize.percent(10), { waitInterval: Duration.minutes(10) });
 * DeploymentPolicy.rolling(CapacitySize.instances(1), { waitInterval: Duration.minutes(5) });
 */
export class CapacitySize {
  /** A share of the instances of each variant, in whole percent. What it may be depends on what it is for. */
  public static percent(percent: number): CapacitySize { return new CapacitySize('CAPACITY_PERCENT', percent); }

  /** A number of instances of each variant; at least 1. Where their number is known, it is within the same shares. */
  public static instances(count: number): CapacitySize { return new CapacitySize('INSTANCE_COUNT', count); }

  private constructor(private readonly type: string, private readonly value: number) {}

  /**
   * Within what share of the instances of each variant it may be, where their number is known.
   *
   * @internal
   */
  public _within(scope: Construct, prop: string, [min, max]: readonly [number, number], variants: readonly BoundVariant[]): CfnEndpoint.CapacitySizeProperty {
    if (this.type === 'CAPACITY_PERCENT') {
      inRange(scope, `${prop}.percent`, this.value, min, max, '%');
    } else {
      inRange(scope, `${prop}.instances`, this.value, 1, 2147483647);
      for (const variant of variants) {
        const count = instanceCountOf(variant);
        // 1 is the least whole percent, and no bound of what is counted
        if (count !== undefined && min > 1 && this.value * 100 < count * min) { refuse(scope, `${prop}.instances`, `be at least ${min} % of the instances of ${variant.name}, which are ${count}`, this.value); }
        if (count !== undefined && this.value * 100 > count * max) { refuse(scope, `${prop}.instances`, `be at most ${max} % of the instances of ${variant.name}, which are ${count}`, this.value); }
      }
    }
    return { type: this.type, value: this.value };
  }

  /**
   * In how many steps it moves everything, where that is known.
   *
   * @internal
   */
  public _steps(variants: readonly BoundVariant[]): number | undefined {
    if (this.type === 'CAPACITY_PERCENT') { return Math.ceil(100 / this.value); }
    const counts = variants.map(instanceCountOf).filter((count) => count !== undefined);
    return counts.length > 0 ? Math.ceil(Math.max(...counts) / this.value) : undefined;
  }
}
