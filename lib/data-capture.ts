import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { countInRange, inRange, matches, oneOf } from './request/checks';
import { OF_A_CAPTURE } from './request/hosting-prop-kinds';
import { checkPlace } from './request/kinds';
import { grantWrite, placeInBucket, s3Uri } from './template/s3-access';
import { folder, withoutSlash } from './template/s3-folder';

/** What is captured. */
export enum CaptureMode {
  /** Requests. */
  INPUT = 'Input',
  /** Answers. */
  OUTPUT = 'Output',
  /** Both, in one record. */
  INPUT_AND_OUTPUT = 'InputAndOutput',
}

/** What is captured of an endpoint, and how. */
export interface DataCaptureOptions {
  /**
   * Of how many requests in a hundred; 0 to 100.
   *
   * @default 20
   */
  readonly samplingPercentage?: number;
  /**
   * What is captured.
   *
   * @default - CaptureMode.INPUT and CaptureMode.OUTPUT
   */
  readonly modes?: CaptureMode[];
  /**
   * The MIME types that are written as CSV; 1 to 10. What is neither that nor JSON is written in base 64.
   *
   * @default ['text/csv']
   */
  readonly csvContentTypes?: string[];
  /**
   * The MIME types that are written as JSON; 1 to 10.
   *
   * @default ['application/json']
   */
  readonly jsonContentTypes?: string[];
  /**
   * The key that records are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether anything is captured at present.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/**
 * What goes through an endpoint, written to S3. The models' roles may write it. `DataCaptureConfig` of the Python SDK.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html
 *
 * @example
 * model.deploy('Endpoint', { instanceType: 'ml.m5.large', dataCapture: DataCapture.toBucket(bucket, 'captured', { samplingPercentage: 100 }) });
 */
export abstract class DataCapture {
  /** Records below a prefix of a bucket, by endpoint, variant and hour. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: DataCaptureOptions = {}): DataCapture {
    return new ToBucket(bucket, prefix, options);
  }

  /** Lets a model write there, and says what the endpoint configuration asks for. */
  public abstract bind(config: Construct, model: IGrantable): CfnEndpointConfig.DataCaptureConfigProperty;
}

class ToBucket extends DataCapture {
  public constructor(private readonly bucket: IBucket, private readonly prefix: string, private readonly options: DataCaptureOptions) { super(); }

  public bind(config: Construct, model: IGrantable): CfnEndpointConfig.DataCaptureConfigProperty {
    checkPlace(config, 'dataCapture.', { bucket: this.bucket, prefix: this.prefix, options: this.options }, OF_A_CAPTURE);
    const { samplingPercentage = 20, modes = [CaptureMode.INPUT, CaptureMode.OUTPUT], encryptionKey, enabled = true } = this.options;
    const { csvContentTypes = ['text/csv'], jsonContentTypes = ['application/json'] } = this.options;
    inRange(config, 'dataCapture.samplingPercentage', samplingPercentage, 0, 100);
    countInRange(config, 'dataCapture.modes', modes, 1, 32);
    modes.forEach((mode) => oneOf(config, 'dataCapture.modes', mode, Object.values(CaptureMode)));
    for (const [name, types] of Object.entries({ csvContentTypes, jsonContentTypes })) {
      countInRange(config, `dataCapture.${name}`, types, 1, 10);
      types.forEach((type) => matches(config, `dataCapture.${name}`, type, /^[a-zA-Z0-9][a-zA-Z0-9.-]*\/[a-zA-Z0-9][a-zA-Z0-9+.-]*$/, 'MIME types, for instance text/csv'));
    }
    const place = placeInBucket(this.bucket, folder(this.prefix), encryptionKey);
    grantWrite(place, model);
    return {
      enableCapture: enabled,
      initialSamplingPercentage: samplingPercentage,
      destinationS3Uri: withoutSlash(s3Uri(place)),
      captureOptions: modes.map((captureMode) => ({ captureMode })),
      captureContentTypeHeader: { csvContentTypes, jsonContentTypes },
      kmsKeyId: encryptionKey?.keyArn,
    };
  }
}
