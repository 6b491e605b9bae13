import type { IKey } from 'aws-cdk-lib/aws-kms';

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
 * What a job or an endpoint keeps and writes is encrypted with. Roles may use the keys as far as they need them; the policy of a key that was made
 * elsewhere must let them.
 *
 * @example
 * new TrainingJob(this, 'Train', { algorithm, capacity, encryption: Encryption.withKey(key) });
 */
export class Encryption {
  /** One key for everything. */
  public static withKey(key: IKey): Encryption {
    return new Encryption({ volumeKey: key, outputKey: key });
  }

  /** A key for storage, another one for what is written; one that is left out is the service's. */
  public static withKeys(keys: EncryptionKeys): Encryption {
    return new Encryption(keys);
  }

  /** As the service and the buckets encrypt by themselves, also where `SageMakerDefaults` says otherwise. */
  public static byService(): Encryption {
    return new Encryption({});
  }

  /** The key of the storage of instances; undefined for one of the service. */
  public readonly volumeKey?: IKey;
  /** The key of what is written to S3; undefined where the bucket decides. */
  public readonly outputKey?: IKey;

  private constructor({ volumeKey, outputKey }: EncryptionKeys) {
    this.volumeKey = volumeKey;
    this.outputKey = outputKey;
  }
}
