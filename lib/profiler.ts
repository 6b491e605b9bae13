import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FrameworkProfileOptions } from './framework-profile';
import type { OutputLocationConfig } from './output-location';
import { refuse } from './request/checks';
import { frameworkParameters } from './request/framework-parameters';
import { nonEmpty } from './request/members';
import { savedAt, type Place } from './template/output-place';
import { grantRead, grantWrite } from './template/s3-access';

/** What SageMaker Profiler records of processors and accelerators. */
export interface DeepProfileOptions {
  /**
   * How long CPUs are recorded.
   *
   * @default Duration.hours(1)
   */
  readonly cpuDuration?: Duration;
  /**
   * How often a new file is begun.
   *
   * @default Duration.minutes(10)
   */
  readonly fileRotation?: Duration;
}


/** What a profiler measures. */
export interface ProfilerOptions {
  /**
   * How often the system is measured: every 100, 200 or 500 milliseconds, second, 5 seconds or minute.
   *
   * @default Duration.millis(500)
   */
  readonly interval?: Duration;
  /**
   * What of the framework is measured, by the hook in the images of PyTorch and TensorFlow; `{}` for the default steps of everything.
   * Images of PyTorch 2.0, TensorFlow 2.12 and later have it no more. Not with `deep`.
   *
   * @default - the system alone
   */
  readonly framework?: FrameworkProfileOptions;
  /**
   * SageMaker Profiler: records what processors and accelerators do. A job without rules of the profiler then gets the one rule that works
   * its records up, called `DetailedProfilerProcessingJobConfig`, on an `ml.m5.4xlarge` with 128 GiB. Not with `framework`.
   *
   * @default - off
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/train-profile-computational-performance.html
   */
  readonly deep?: DeepProfileOptions;
  /**
   * Parameters of the profiler in the service's own words, laid over those of `framework` and `deep`, for instance
   * `{ DetailedProfilingConfig: '{"StartStep": 5, "NumSteps": 2}' }`; at most 20, values of at most 256 characters.
   *
   * @default - none
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
  /**
   * The parameters, in the service's own words.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };
}

/**
 * Measures the use of processors, memory and network while a job runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProfilerConfig.html
 *
 * @example
 * new TrainingJob(this, 'Measured', { algorithm, capacity, profiler: Profiler.toBucket(bucket, 'profiles/', { interval: Duration.seconds(1) }) });
 * new TrainingJob(this, 'Detailed', { algorithm, capacity, profiler: Profiler.toOutput({ framework: { when: ProfilingRange.steps({ start: 5, count: 10 }) } }) });
 * new TrainingJob(this, 'Unmeasured', { algorithm, capacity, profiler: Profiler.disabled() });
 */
export class Profiler {
  /** Saves what is measured below a prefix of a bucket. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: ProfilerOptions = {}): Profiler {
    return new Profiler({ bucket, prefix }, options);
  }

  /**
   * Saves what is measured with the artifact, in `<output>/<job>/profiler-output`: what the Python SDK does by itself. A job that has
   * rules of the profiler and no profiler has this one.
   */
  public static toOutput(options: ProfilerOptions = {}): Profiler {
    return new Profiler(undefined, options);
  }

  /** Measures nothing, where the service would measure by itself. Not for a job with rules of the profiler. */
  public static disabled(): Profiler {
    return new Profiler(undefined, undefined);
  }

  private constructor(private readonly place: Place | undefined, private readonly options: ProfilerOptions | undefined) {}

  /**
   * Lets the job and its rules write and read figures and says where they are.
   *
   * Throws when the framework and SageMaker Profiler are to be measured together, or a value is out of range.
   */
  public bind(job: Construct, grantee: IGrantable, output: OutputLocationConfig): ProfilerConfig {
    if (!this.options) { return { options: {} }; }
    const { framework, deep, parameters } = this.options;
    if (framework && deep) { refuse(job, 'profiler.deep', 'be left out with framework', deep); }
    const { place, s3Uri } = savedAt(this.place, output);
    grantRead(place, grantee);                               // rules run with the role of the job
    grantWrite(place, grantee);
    const all = { ...framework && frameworkParameters(job, framework), ...deep && deepParameters(deep), ...parameters };
    return { s3Uri, options: this.options, parameters: nonEmpty(all) };
  }
}

function deepParameters({ cpuDuration, fileRotation }: DeepProfileOptions): { [name: string]: string } {
  return { CPUProfilingDuration: String(cpuDuration?.toSeconds() ?? 3600), SMPFileRotationSecs: String(fileRotation?.toSeconds() ?? 600) };
}
