import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { EndpointReference, IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Resource } from 'aws-cdk-lib/core';

/**
 * What an endpoint can do wherever it was made.
 *
 * @example
 * const endpoint = Endpoint.fromEndpointName(this, 'Endpoint', 'digits');
 * endpoint.grantInvoke(caller);
 */
export abstract class EndpointBase extends Resource implements IEndpoint {
  public abstract readonly endpointArn: string;
  public abstract readonly endpointName: string;

  /** By which other constructs refer to it. */
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
