import type { Construct } from 'constructs';
import { matches } from './request/checks';
import { BOOLEAN, checkKind, TEXT } from './request/kinds';

/** How a reservation is used. */
export interface CapacityReservationOptions {
  /**
   * Whether instances are launched there and nowhere else: without room there, the deployment fails.
   *
   * @default true
   */
  readonly exclusive?: boolean;
}

/**
 * Instances of a machine learning reservation, for instance of a training plan for endpoints.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html
 *
 * @example
 * model.deploy('Endpoint', {
 *   instanceType: 'ml.p5.48xlarge',
 *   capacityReservation: CapacityReservation.fromArn('arn:aws:sagemaker:us-east-1:123456789012:training-plan/june'),
 * });
 */
export class CapacityReservation {
  /** The reservation of that ARN. */
  public static fromArn(reservationArn: string, options: CapacityReservationOptions = {}): CapacityReservation {
    return new CapacityReservation(options?.exclusive ?? true, reservationArn ?? '');
  }

  /** Any reservation of the account that is open to such instances, and nothing but reservations. */
  public static any(): CapacityReservation {
    return new CapacityReservation(true);
  }

  private constructor(
    /** Whether instances are launched nowhere else. */
    public readonly exclusive: boolean,
    /** The ARN of the reservation, where it is a certain one. */
    public readonly reservationArn?: string,
  ) {}

  /**
   * Throws when it is no ARN of SageMaker.
   *
   * @internal
   */
  public _check(config: Construct, prop: string): void {
    checkKind(config, `${prop}.exclusive`, this.exclusive, BOOLEAN);
    checkKind(config, prop, this.reservationArn, TEXT);
    matches(config, prop, this.reservationArn, /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:[a-z0-9-]{1,14}\/.+$/, 'the ARN of a reservation, for instance of a training plan');
  }
}
