import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Variant } from './variant';

/** A variant of a configuration, and what is asked for it. */
export interface BoundVariant {
  /** What the user calls it. */
  readonly name: string;
  /** What SageMaker calls it. */
  readonly variantName: string;
  readonly variant: Variant;
  readonly property: CfnEndpointConfig.ProductionVariantProperty;
}
