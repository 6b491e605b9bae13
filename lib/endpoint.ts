import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, type EndpointReference, type IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { IEndpointConfig } from './endpoint-config';
import { serviceName } from './request/checks';
import { arnName } from './template/names';

/** What an endpoint is made of. */
export interface EndpointProps {
  /** What is behind the endpoint. Another configuration is taken over while the endpoint answers. */
  readonly config: IEndpointConfig;
  /**
   * The name, at most 63 letters, digits and dashes.
   *
   * @default - a generated name
   */
  readonly endpointName?: string;
}

/** What an endpoint can do wherever it was made. */
abstract class EndpointBase extends Resource implements IEndpoint {
  public abstract readonly endpointArn: string;
  public abstract readonly endpointName: string;

  public get endpointRef(): EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  /** Lets the grantee invoke the endpoint, also with an answer that comes as a stream. */
  public grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      resourceArns: [this.endpointArn],
    });
  }

  /** Lets the grantee put requests into the queue of an endpoint with `asyncInference`. It also needs to write them to S3, and to read the answers there. */
  public grantInvokeAsync(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, actions: ['sagemaker:InvokeEndpointAsync'], resourceArns: [this.endpointArn] });
  }
}

/**
 * An endpoint of SageMaker: `Predictor` of the Python SDK.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
 *
 * @example
 * const config = new EndpointConfig(this, 'Config', {
 *   variants: { AllTraffic: Variant.onInstances(model, { instanceType: 'ml.m5.large' }) },
 * });
 * const endpoint = new Endpoint(this, 'Endpoint', { config });
 * endpoint.grantInvoke(caller);
 */
export class Endpoint extends EndpointBase {
  /** An endpoint made elsewhere, in the account and the Region of the stack. */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): IEndpoint {
    class Import extends EndpointBase {
      public readonly endpointName = endpointName;
      public readonly endpointArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: arnName(endpointName) });
    }
    return new Import(scope, id);
  }

  public readonly endpointArn: string;
  public readonly endpointName: string;

  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id);
    serviceName(this, 'endpointName', props.endpointName);
    const endpoint = new CfnEndpoint(this, 'Resource', {
      endpointName: props.endpointName,
      endpointConfigName: props.config.endpointConfigName,
    });
    this.endpointArn = endpoint.ref;                         // an endpoint's Ref is its ARN
    this.endpointName = endpoint.attrEndpointName;
  }
}
