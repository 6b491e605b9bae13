import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IInferenceComponent } from './inference-component';

/** What a caller of an asynchronous endpoint does besides calling. */
export interface AsyncCallerOptions {
  /**
   * The bucket that requests are written to. The caller may write there, and the models may read it.
   *
   * @default - requests are somebody else's business
   */
  readonly requestBucket?: IBucket;
  /**
   * The prefix of the requests.
   *
   * @default - the whole bucket
   */
  readonly requestPrefix?: string;
  /**
   * The key that requests are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly requestKey?: IKey;
  /**
   * Whether the caller may read answers and failures; a caller that a topic tells of them may not need to.
   *
   * @default true, where the app has the endpoint's configuration
   */
  readonly readAnswers?: boolean;
}

/** How a function is told of an endpoint. What it does besides calling is asked for only of asynchronous endpoints. */
export interface EndpointCallerOptions extends AsyncCallerOptions {
  /**
   * What the names of the variables begin with: `SAGEMAKER_ENDPOINT_NAME`, and as it applies `SAGEMAKER_ENDPOINT_REGION`, `SAGEMAKER_INFERENCE_COMPONENT_NAME`,
   * `SAGEMAKER_CONTENT_TYPE` and `SAGEMAKER_REQUEST_URI`, the folder of the requests of an asynchronous endpoint. Capital letters, digits and underscores.
   *
   * @default 'SAGEMAKER'
   */
  readonly variablePrefix?: string;
  /**
   * The MIME type of the requests.
   *
   * @default - the function knows it
   */
  readonly contentType?: string;
  /**
   * The inference component that is called; the function may invoke no other.
   *
   * @default - none
   */
  readonly component?: IInferenceComponent;
}

/** Who may call an endpoint from a VPC. */
export interface VpcCallerOptions {
  /**
   * Whom the security groups let through to the interface endpoint; they are opened on both sides.
   *
   * @default - nobody yet; `connections` of the interface endpoint lets more through
   */
  readonly callers?: IConnectable[];
  /**
   * The inference components that are called.
   *
   * @default - none
   */
  readonly components?: IInferenceComponent[];
  /**
   * Whether the callers may also ask how the endpoint is (DescribeEndpoint), for which the VPC gets another interface endpoint.
   *
   * @default false
   */
  readonly describe?: boolean;
}
