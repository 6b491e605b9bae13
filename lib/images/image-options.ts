/** What an image is asked for by: the words of `image_uris.retrieve` of the SageMaker Python SDK. */
export interface ImageOptions {
  readonly version?: string;
  readonly pyVersion?: string;
  readonly instanceType?: string;
  readonly acceleratorType?: string;
  readonly imageScope?: string;
  readonly containerVersion?: string;
  readonly smdistributed?: boolean;
  readonly baseFrameworkVersion?: string;
  readonly trainingCompiler?: boolean;
  readonly sdkVersion?: string;
  readonly inferenceTool?: string;
  readonly serverless?: boolean;
  readonly unlistedVersion?: boolean;
}
