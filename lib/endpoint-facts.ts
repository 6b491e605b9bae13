import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { AsyncInference } from './async-inference';
import type { BoundVariant } from './bound-variant';
import { EndpointConfig, type IEndpointConfig } from './endpoint-config';
import type { EndpointKind } from './request/endpoint-metrics';

type VariantNames = Pick<BoundVariant, 'name' | 'variantName'>;

/** What the app knows of an endpoint: all of it by a configuration of its own, and of one made elsewhere what it is told. */
export interface EndpointFacts {
  readonly variants: readonly VariantNames[];
  /** Those that only listen: they have metrics too. */
  readonly shadows: readonly VariantNames[];
  /** Undefined where nobody said. */
  readonly kind?: EndpointKind;
  readonly asyncInference?: AsyncInference;
  /** The key of answers, where that is not said with the place. */
  readonly answersKey?: IKey;
  /** Whose roles read requests and write answers. */
  readonly answering: readonly IGrantable[];
}

export function factsOf(config: IEndpointConfig): EndpointFacts {
  if (!(config instanceof EndpointConfig)) { return { variants: [], shadows: [], answering: [] }; }
  const { _variants: variants, _shadows: shadows, _asyncInference: asyncInference, _answersKey: answersKey, _answering: answering } = config;
  const kind = asyncInference ? 'async' : variants.some(({ property }) => property.serverlessConfig) ? 'serverless' : 'realTime';
  return { variants, shadows, kind, asyncInference, answersKey, answering };
}
