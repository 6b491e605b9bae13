import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';

/** What is scaled, by which it follows what may scale it: instances that answer at once, those that answer later, what a serverless variant keeps ready, copies of a component. */
export type ScaledKind = 'instances' | 'async' | 'serverless' | 'copies';

/** How each is called in messages. */
export const SCALED_KINDS: { readonly [kind in ScaledKind]: string } = {
  instances: 'instances that answer at once',
  async: 'instances of an endpoint with asyncInference',
  serverless: 'the provisioned concurrency of a serverless variant',
  copies: 'the copies of an inference component',
};

/** How many there are at first, and what it is called. */
export interface ScaledCapacity {
  readonly kind: ScaledKind;
  readonly countProp: string;
  readonly count?: number;
  /** The most there may be, and what says so. */
  readonly limit?: { readonly prop: string; readonly value: number };
}

/** By which names metrics and Application Auto Scaling know it. */
export interface ScaledResource {
  readonly kind: ScaledKind;
  readonly endpointName: string;
  /** Known of variants. */
  readonly variantName?: string;
  /** For copies. */
  readonly inferenceComponentName?: string;
}

export function kindOfVariant({ serverlessConfig }: CfnEndpointConfig.ProductionVariantProperty, isAsync: boolean): ScaledKind {
  return serverlessConfig ? 'serverless' : isAsync ? 'async' : 'instances';
}
