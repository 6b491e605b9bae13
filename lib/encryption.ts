import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { checkGiven, checkOptions, KEY } from './request/kinds';

/** Keys by what they encrypt. */
export interface EncryptionKeys {
  /**
   * The key of the storage of instances.
   *
   * @default - a key of the service
   */
  readonly volumeKey?: IKey;
  /**
   * The key of what is written to S3: artifacts, results, answers, captured data.
   *
   * @default - as the bucket encrypts by itself
   */
  readonly outputKey?: IKey;
}

/**
 * What a job or an endpoint keeps and writes is encrypted with, where no prop of its own names a key. Roles may use the keys as far as they need them;
 * the policy of a key that was made elsewhere must let them. Instance types with storage of their own have that encrypted by their hardware, and are
 * given no key for it (docs/encryption.md).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html
 *
 * @example
 * new TrainingJob(this, 'Train', { algorithm, capacity, encryption: Encryption.withKey(key) });
 */
export class Encryption {
  /** One key for everything. */
  public static withKey(key: IKey): Encryption {
    return new Encryption({ volumeKey: key, outputKey: key }, (scope, prop) => checkGiven(scope, `${prop}.key`, key, KEY));
  }

  /** A key for storage, another one for what is written; for one that is left out it is as with `byService()`. */
  public static withKeys(keys: EncryptionKeys): Encryption {
    return new Encryption(keys, (scope, prop) => checkOptions(scope, `${prop}.`, keys, { volumeKey: KEY, outputKey: KEY }));
  }

  /** As the service and the buckets encrypt by themselves, also where `SageMakerDefaults` says otherwise. */
  public static byService(): Encryption {
    return new Encryption({}, () => undefined);
  }

  /** The key of the storage of instances; undefined for one of the service. */
  public readonly volumeKey?: IKey;
  /** The key of what is written to S3; undefined where the bucket decides. */
  public readonly outputKey?: IKey;

  private constructor(keys: EncryptionKeys, private readonly check: (scope: Construct, prop: string) => void) {
    this.volumeKey = keys?.volumeKey;
    this.outputKey = keys?.outputKey;
  }

  /**
   * The keys, once there is a construct for an error to name: a program without types may have given anything.
   *
   * @internal
   */
  public _keys(scope: Construct, prop: string): EncryptionKeys {
    this.check(scope, prop);
    return { volumeKey: this.volumeKey, outputKey: this.outputKey };
  }
}
