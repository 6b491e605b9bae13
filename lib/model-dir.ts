import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { grantRead, grantWrite, placeInBucket, s3Uri } from './template/s3-access';

/**
 * Where TensorFlow keeps its model while it trains: the hyperparameter `model_dir` of its scripts.
 *
 * @see https://sagemaker.readthedocs.io/en/v2/frameworks/tensorflow/using_tf.html
 *
 * @example
 * Algorithm.framework(Framework.tensorflow('2.19.0'), {
 *   script: Script.fromDirectory('src', { entryPoint: 'train.py' }),
 *   modelDir: ModelDir.fromBucket(bucket, 'models/running'),
 * });
 */
export abstract class ModelDir {
  /** Below a prefix of a bucket. The job may read and write what is there. */
  public static fromBucket(bucket: IBucket, prefix: string = ''): ModelDir {
    return new InBucket(bucket, prefix);
  }

  /** A folder of the container, for instance `/opt/ml/model`. */
  public static inContainer(path: string): ModelDir {
    return new Fixed(path);
  }

  /** Nowhere: the hyperparameter is not sent, for a script that takes none. */
  public static none(): ModelDir {
    return new Fixed(undefined);
  }

  /** Lets the job read and write there and says where it is; undefined where there is none. */
  public abstract bind(job: Construct, grantee: IGrantable): string | undefined;
}

class InBucket extends ModelDir {
  public constructor(private readonly bucket: IBucket, private readonly prefix: string) { super(); }

  public bind(_job: Construct, grantee: IGrantable): string {
    const place = placeInBucket(this.bucket, this.prefix);
    grantRead(place, grantee);
    grantWrite(place, grantee);
    return s3Uri(place);
  }
}

class Fixed extends ModelDir {
  public constructor(private readonly path: string | undefined) { super(); }

  public bind(): string | undefined { return this.path; }
}
