import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { grantRead, grantWrite, placeInBucket, s3Uri } from './template/s3-access';

/** What a profiler measures. */
export interface ProfilerOptions {
  /**
   * How often the system is measured: every 100, 200 or 500 milliseconds, second, 5 seconds or minute.
   *
   * @default Duration.millis(500)
   */
  readonly interval?: Duration;
  /**
   * What of the framework is measured, for instance `{ DetailedProfilingConfig: '{"StartStep": 5, "NumSteps": 2}' }`; at most 20, values of at most
   * 256 characters.
   *
   * @default - the system alone
   */
  readonly parameters?: { [name: string]: string };
}

/** A profiler, ready to be named in a request. */
export interface ProfilerConfig {
  /**
   * Where figures are saved.
   *
   * @default - nothing is measured
   */
  readonly s3Uri?: string;
  /** What is measured. */
  readonly options: ProfilerOptions;
}

/**
 * Measures the use of processors, memory and network while a job runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerConfig.html
 *
 * @example
 * new TrainingJob(this, 'Measured', { algorithm, capacity, profiler: Profiler.toBucket(bucket, 'profiles/', { interval: Duration.seconds(1) }) });
 * new TrainingJob(this, 'Unmeasured', { algorithm, capacity, profiler: Profiler.disabled() });
 */
export class Profiler {
  /** Saves what is measured below a prefix of a bucket. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: ProfilerOptions = {}): Profiler {
    return new Profiler(bucket, prefix, options);
  }

  /** Measures nothing, where the service would measure by itself. */
  public static disabled(): Profiler {
    return new Profiler(undefined, '', {});
  }

  private constructor(private readonly bucket: IBucket | undefined, private readonly prefix: string, private readonly options: ProfilerOptions) {}

  /** Lets the job and its rules write and read figures and says where they are. */
  public bind(_job: Construct, grantee: IGrantable): ProfilerConfig {
    if (!this.bucket) { return { options: {} }; }
    const place = placeInBucket(this.bucket, this.prefix);
    grantRead(place, grantee);                               // rules run with the role of the job
    grantWrite(place, grantee);
    return { s3Uri: s3Uri(place), options: this.options };
  }
}
