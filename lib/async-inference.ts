import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { inRange, refuse } from './request/checks';
import { OF_A_QUEUE } from './request/hosting-prop-kinds';
import { checkPlace } from './request/kinds';
import { grantRead, grantWrite, placeInBucket, s3Uri, type S3Place } from './template/s3-access';
import { folder, withoutSlash } from './template/s3-folder';

/** How an endpoint answers later. */
export interface AsyncInferenceOptions {
  /**
   * The prefix for what is said of requests that fail.
   *
   * @default - nothing is written of them but to the log
   */
  readonly failurePrefix?: string;
  /**
   * The bucket of `failurePrefix`.
   *
   * @default - the bucket of the answers
   */
  readonly failureBucket?: IBucket;
  /**
   * How many requests an instance is given at once; 1 to 1,000.
   *
   * @default - the service decides
   */
  readonly maxConcurrentInvocationsPerInstance?: number;
  /**
   * The topic that is told of each answer.
   *
   * @default - none
   */
  readonly successTopic?: ITopic;
  /**
   * The topic that is told of each failure.
   *
   * @default - none
   */
  readonly errorTopic?: ITopic;
  /**
   * Whether the message to `successTopic` has the answer in it, if that is no longer than 128 KB.
   *
   * @default false
   */
  readonly answerInSuccessMessage?: boolean;
  /**
   * Whether the message to `errorTopic` has the answer in it, if that is no longer than 128 KB.
   *
   * @default false
   */
  readonly answerInErrorMessage?: boolean;
  /**
   * The key that answers are encrypted with.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly encryptionKey?: IKey;
}

/**
 * Requests that wait in a queue and are answered in S3: up to 1 GB each, and an hour long. The models' roles may write answers and publish notices;
 * where requests lie is the caller's choice, which `endpoint.grantInvokeAsync` lets the models read; elsewhere it is `requests.grantRead(model)`.
 *
 * `AsyncInferenceConfig` of the Python SDK, which takes its default bucket where none is said.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceConfig.html
 *
 * @example
 * model.deploy('Endpoint', {
 *   instanceType: 'ml.m5.large',
 *   asyncInference: AsyncInference.toBucket(bucket, 'answers', { failurePrefix: 'failures' }),
 * });
 */
export abstract class AsyncInference {
  /** Answers below a prefix of a bucket. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: AsyncInferenceOptions = {}): AsyncInference {
    return new InBucket(bucket, prefix, options);
  }

  /** Lets a model answer there, and says what the endpoint configuration asks for. */
  public abstract bind(config: Construct, model: IGrantable): CfnEndpointConfig.AsyncInferenceConfigProperty;

  /**
   * Lets a caller read answers and failures; nothing where somebody else's class says where they are.
   *
   * @internal
   */
  public _grantRead(_caller: IGrantable): void {}
}

class InBucket extends AsyncInference {
  public constructor(private readonly bucket: IBucket, private readonly prefix: string, private readonly options: AsyncInferenceOptions) { super(); }

  public bind(config: Construct, model: IGrantable): CfnEndpointConfig.AsyncInferenceConfigProperty {
    checkPlace(config, 'asyncInference.', { bucket: this.bucket, prefix: this.prefix, options: this.options }, OF_A_QUEUE);
    const { encryptionKey, maxConcurrentInvocationsPerInstance } = this.options;
    const prop = 'asyncInference';
    inRange(config, `${prop}.maxConcurrentInvocationsPerInstance`, maxConcurrentInvocationsPerInstance, 1, 1000);
    return {
      clientConfig: maxConcurrentInvocationsPerInstance === undefined ? undefined : { maxConcurrentInvocationsPerInstance },
      outputConfig: {
        s3OutputPath: written(this.answers, model),
        s3FailurePath: this.failurePath(config, model),
        kmsKeyId: encryptionKey?.keyArn,
        notificationConfig: this.notifications(config, model),
      },
    };
  }

  /** @internal */
  public _grantRead(caller: IGrantable): void {
    [this.answers, this.failures].forEach((place) => place && grantRead(place, caller));
  }

  private get answers(): S3Place {
    return placeInBucket(this.bucket, folder(this.prefix), this.options.encryptionKey);
  }

  private get failures(): S3Place | undefined {
    const { failurePrefix, failureBucket, encryptionKey } = this.options;
    return failurePrefix === undefined && !failureBucket ? undefined : placeInBucket(failureBucket ?? this.bucket, folder(failurePrefix ?? ''), encryptionKey);
  }

  private failurePath(config: Construct, model: IGrantable): string | undefined {
    const { failurePrefix = '', failureBucket = this.bucket } = this.options;
    if (this.failures && failureBucket.bucketName === this.bucket.bucketName && folder(failurePrefix) === folder(this.prefix)) {
      refuse(config, 'asyncInference.failurePrefix', 'be another prefix than that of the answers', failurePrefix);
    }
    return this.failures && written(this.failures, model);
  }

  private notifications(config: Construct, model: IGrantable): CfnEndpointConfig.AsyncInferenceNotificationConfigProperty | undefined {
    const { successTopic, errorTopic, answerInSuccessMessage, answerInErrorMessage } = this.options;
    if (answerInSuccessMessage && !successTopic) { refuse(config, 'asyncInference.answerInSuccessMessage', 'come with successTopic', true); }
    if (answerInErrorMessage && !errorTopic) { refuse(config, 'asyncInference.answerInErrorMessage', 'come with errorTopic', true); }
    if (!successTopic && !errorTopic) { return undefined; }
    [successTopic, errorTopic].forEach((topic) => topic?.grantPublish(model));
    const within = [...(answerInSuccessMessage ? ['SUCCESS_NOTIFICATION_TOPIC'] : []), ...(answerInErrorMessage ? ['ERROR_NOTIFICATION_TOPIC'] : [])];
    return { successTopic: successTopic?.topicArn, errorTopic: errorTopic?.topicArn, includeInferenceResponseIn: within.length > 0 ? within : undefined };
  }
}

function written(place: S3Place, model: IGrantable): string {
  grantWrite(place, model);
  return withoutSlash(s3Uri(place));
}
