import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { ScaledKind } from './scaled-resource';
import type { Variant } from './variant';

/** A variant of a configuration, and what is asked for it. */
export interface BoundVariant {
  /** What the user calls it. */
  readonly name: string;
  /** What SageMaker calls it. */
  readonly variantName: string;
  readonly variant: Variant;
  /** What it is to those that scale it. */
  readonly kind: ScaledKind;
  readonly property: CfnEndpointConfig.ProductionVariantProperty;
}
