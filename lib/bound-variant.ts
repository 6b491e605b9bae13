import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
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

/** Whether somebody else than the configuration says how many instances there are. */
export function isAutoscaled({ variant }: BoundVariant): boolean {
  return variant.autoScaling !== undefined;
}

/** How many instances there are, where nothing but the configuration says so. */
export function instanceCountOf(bound: BoundVariant): number | undefined {
  const { initialInstanceCount: count, managedInstanceScaling } = bound.property;
  return isAutoscaled(bound) || managedInstanceScaling || typeof count !== 'number' || Token.isUnresolved(count) ? undefined : count;
}

/** Every type that its instances may be of; none of a serverless variant. */
export function instanceTypesOf(property: CfnEndpointConfig.ProductionVariantProperty): string[] {
  const { instanceType, instancePools } = property;          // not in the signature: declarations must compile where pools are not known yet
  return [instanceType ?? [], (instancePools as { readonly instanceType: string }[] | undefined)?.map((pool) => pool.instanceType) ?? []].flat();
}
