import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { countInRange, durationInRange, inRange, refuse, wholeSeconds } from './request/checks';
import { checkComponentDeploymentKinds } from './request/hosting-prop-kinds';

/**
 * Some of the copies of an inference component.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentCapacitySize.html
 *
 * @example
 * const one = CopySize.copies(1);
 * const quarter = CopySize.percent(25);
 */
export class CopySize {
  /** A number of copies; at least 1. */
  public static copies(count: number): CopySize {
    return new CopySize('COPY_COUNT', count);
  }

  /** A share of the copies, in whole percent. */
  public static percent(percent: number): CopySize {
    return new CopySize('CAPACITY_PERCENT', percent);
  }

  private constructor(private readonly type: string, private readonly value: number) {}

  /**
   * Within a share of all copies, where it is one.
   *
   * @internal
   */
  public _within(scope: Construct, prop: string, [min, max]: readonly [number, number]): CfnInferenceComponent.InferenceComponentCapacitySizeProperty {
    if (this.type === 'COPY_COUNT') {
      inRange(scope, `${prop}.copies`, this.value, 1, 2147483647);
    } else {
      inRange(scope, `${prop}.percent`, this.value, min, max, '%');
    }
    return { type: this.type, value: this.value };
  }
}

/** How the copies of an inference component are changed. */
export interface ComponentRollingOptions {
  /** How long alarms are watched after each batch; up to 1 hour. */
  readonly waitInterval: Duration;
  /**
   * The longest that an update may take; 10 minutes to 8 hours.
   *
   * @default - the service decides
   */
  readonly maxExecutionTime?: Duration;
  /**
   * How many copies are changed back at a time.
   *
   * @default - all at once
   */
  readonly rollbackBatch?: CopySize;
  /**
   * What rolls an update back when it rings; 1 to 10 alarms.
   *
   * @default - an update is rolled back only if new copies don't come up
   */
  readonly rollbackAlarms?: IAlarm[];
}

/**
 * How an inference component changes to another model, container or size. It answers meanwhile.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentDeploymentConfig.html
 *
 * @example
 * const deployment = ComponentDeployment.rolling(CopySize.copies(1), { waitInterval: Duration.minutes(2), rollbackBatch: CopySize.percent(100) });
 */
export class ComponentDeployment {
  /** A batch of copies at a time; 5 to 50 % of them. */
  public static rolling(batch: CopySize, options: ComponentRollingOptions): ComponentDeployment {
    return new ComponentDeployment(batch, options);
  }

  private constructor(private readonly batch: CopySize, private readonly options: ComponentRollingOptions) {}

  /**
   * What the component is asked for.
   *
   * @internal
   */
  public _bind(component: Construct): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty {
    checkComponentDeploymentKinds(component, this.batch, this.options);
    const { waitInterval: wait, maxExecutionTime: longest, rollbackBatch, rollbackAlarms: alarms } = this.options;
    if (!wait) { return refuse(component, 'deployment.waitInterval', 'be given', wait); }
    durationInRange(component, 'deployment.waitInterval', wait, Duration.seconds(0), Duration.hours(1));
    durationInRange(component, 'deployment.maxExecutionTime', longest, Duration.minutes(10), Duration.hours(8));
    countInRange(component, 'deployment.rollbackAlarms', alarms, 1, 10);
    return {
      rollingUpdatePolicy: {
        maximumBatchSize: this.batch._within(component, 'deployment.rolling', [5, 50]),
        rollbackMaximumBatchSize: rollbackBatch?._within(component, 'deployment.rollbackBatch', [1, 100]),
        waitIntervalInSeconds: wholeSeconds(component, 'deployment.waitInterval', wait),
        maximumExecutionTimeoutInSeconds: longest && wholeSeconds(component, 'deployment.maxExecutionTime', longest),
      },
      autoRollbackConfiguration: alarms && { alarms: alarms.map(({ alarmName }) => ({ alarmName })) },
    };
  }
}
