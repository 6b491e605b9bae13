import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig, type EndpointConfigReference, type IEndpointConfigRef } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { countInRange, matches } from './request/checks';
import { arnName } from './template/names';
import type { Variant } from './variant';

/** An endpoint configuration. */
export interface IEndpointConfig extends IResource, IEndpointConfigRef {
  /**
   * The name of the endpoint configuration.
   *
   * @attribute
   */
  readonly endpointConfigName: string;
  /**
   * The ARN of the endpoint configuration.
   *
   * @attribute
   */
  readonly endpointConfigArn: string;
}

/** What an endpoint configuration is made of. */
export interface EndpointConfigProps {
  /** The variants by name; 1 to 10. Names have at most 63 letters, digits and dashes. */
  readonly variants: { [variantName: string]: Variant };
  /**
   * The key that the storage of the instances is encrypted with. Not for instance types with storage of their own.
   *
   * @default - a key of the service
   */
  readonly encryptionKey?: IKey;
  /**
   * The name, at most 63 letters, digits and dashes. A configuration with a name given can't be replaced by a change,
   * and every change replaces it.
   *
   * @default - a generated name
   */
  readonly endpointConfigName?: string;
}

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const NAME_WORDS = 'of 1 to 63 letters, digits and dashes';

/**
 * What is behind an endpoint: one model, or several that share the traffic.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 *
 * @example
 * const config = new EndpointConfig(this, 'Config', {
 *   variants: {
 *     current: Variant.onInstances(model, { instanceType: 'ml.m5.large', instanceCount: 2, weight: 9 }),
 *     next: Variant.onInstances(challenger, { instanceType: 'ml.m5.large', weight: 1 }),
 *   },
 * });
 * new Endpoint(this, 'Endpoint', { config });
 */
export class EndpointConfig extends Resource implements IEndpointConfig {
  /** An endpoint configuration made elsewhere, in the account and the Region of the stack. */
  public static fromEndpointConfigName(scope: Construct, id: string, endpointConfigName: string): IEndpointConfig {
    class Import extends Resource implements IEndpointConfig {
      public readonly endpointConfigName = endpointConfigName;
      public readonly endpointConfigArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint-config', resourceName: arnName(endpointConfigName) });
      public readonly endpointConfigRef: EndpointConfigReference = { endpointConfigArn: this.endpointConfigArn };
    }
    return new Import(scope, id);
  }

  public readonly endpointConfigName: string;
  public readonly endpointConfigArn: string;
  public readonly endpointConfigRef: EndpointConfigReference;

  constructor(scope: Construct, id: string, props: EndpointConfigProps) {
    super(scope, id);
    matches(this, 'endpointConfigName', props.endpointConfigName, NAME, NAME_WORDS);
    countInRange(this, 'variants', props.variants, 1, 10);
    const config = new CfnEndpointConfig(this, 'Resource', {
      endpointConfigName: props.endpointConfigName,
      kmsKeyId: props.encryptionKey?.keyArn,
      productionVariants: Object.entries(props.variants).map(([variantName, variant]) => {
        matches(this, `variants.${variantName}`, variantName, NAME, `named with ${NAME_WORDS.slice(3)}`);
        return { variantName, ...variant.bind(this, variantName) };
      }),
    });
    this.endpointConfigName = config.attrEndpointConfigName;
    this.endpointConfigArn = config.ref;                     // an endpoint configuration's Ref is its ARN
    this.endpointConfigRef = { endpointConfigArn: this.endpointConfigArn };
  }
}
