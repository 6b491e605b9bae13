import type { Duration, Size } from 'aws-cdk-lib/core';

/** Steps of a training. */
export interface ProfilingStepsOptions {
  /**
   * The first step, from 0.
   *
   * @default 0
   */
  readonly start?: number;
  /**
   * How many steps; at least 1.
   *
   * @default 1
   */
  readonly count?: number;
}

/** A time of a training. Has at least one of the two. */
export interface ProfilingTimeOptions {
  /**
   * From when on, in whole seconds.
   *
   * @default - from the beginning
   */
  readonly start?: Date;
  /**
   * For how long.
   *
   * @default - one step
   */
  readonly duration?: Duration;
}

/**
 * Which part of a training is profiled.
 *
 * @example
 * const profiler = Profiler.toOutput({ framework: { detailed: ProfilingRange.steps({ start: 10 }), python: { when: ProfilingRange.byDefault() } } });
 */
export class ProfilingRange {
  /** The steps that each kind of profile has by itself: 5 (detailed), 7 (data loader), 9 to 11 (Python), 13 (Horovod), 15 (SMDataParallel). */
  public static byDefault(): ProfilingRange { return new ProfilingRange(); }

  /** Steps, counted from 0. */
  public static steps(steps: ProfilingStepsOptions): ProfilingRange { return new ProfilingRange(steps); }

  /** A time. */
  public static time(time: ProfilingTimeOptions): ProfilingRange { return new ProfilingRange(undefined, time); }

  /** The steps, for a range of steps. */
  public readonly profiledSteps?: ProfilingStepsOptions;
  /** The time, for a range of time. */
  public readonly profiledTime?: ProfilingTimeOptions;

  private constructor(steps?: ProfilingStepsOptions, time?: ProfilingTimeOptions) {
    this.profiledSteps = steps;
    this.profiledTime = time;
  }
}

/** A profiler of Python. */
export enum PythonProfiler {
  /** `cProfile`, which counts every call. */
  CPROFILE = 'cprofile',
  /** Pyinstrument, which takes samples. */
  PYINSTRUMENT = 'pyinstrument',
}

/** What cProfile measures the time by. */
export enum CProfileTimer {
  /** The clock on the wall. */
  TOTAL_TIME = 'total_time',
  /** The processor's time. */
  CPU_TIME = 'cpu_time',
  /** The time off the processor. */
  OFF_CPU_TIME = 'off_cpu_time',
  /** Each of the three in turn, for a step each. */
  DEFAULT = 'default',
}

/** How the loading of data is profiled. */
export interface DataloaderProfileOptions {
  /**
   * When.
   *
   * @default - step 7
   */
  readonly when?: ProfilingRange;
  /**
   * Which metrics, as an expression of Python.
   *
   * @default '.*'
   */
  readonly metricsRegex?: string;
}

/** How the Python code is profiled. */
export interface PythonProfileOptions {
  /**
   * When. With `ProfilingRange.byDefault()` the timer is `CProfileTimer.DEFAULT`.
   *
   * @default - 3 steps, from step 9 on
   */
  readonly when?: ProfilingRange;
  /**
   * By which profiler.
   *
   * @default PythonProfiler.CPROFILE
   */
  readonly profiler?: PythonProfiler;
  /**
   * By which time; for cProfile only.
   *
   * @default CProfileTimer.TOTAL_TIME
   */
  readonly timer?: CProfileTimer;
}

/**
 * What of a framework is measured: `FrameworkProfile` of the Python SDK. Where one of `detailed`, `dataloader`, `python`, `horovod` and
 * `smDataParallel` is given, those given are measured and no others; where none is, all are.
 */
export interface FrameworkProfileOptions {
  /**
   * When everything is measured. Not together with a kind of its own.
   *
   * @default ProfilingRange.byDefault()
   */
  readonly when?: ProfilingRange;
  /**
   * Steps of the framework in detail. Images of TensorFlow 2.11 and later have this no more.
   *
   * @default - with all the others, or not
   */
  readonly detailed?: ProfilingRange;
  /**
   * The loading of data.
   *
   * @default - with all the others, or not
   */
  readonly dataloader?: DataloaderProfileOptions;
  /**
   * The Python code.
   *
   * @default - with all the others, or not
   */
  readonly python?: PythonProfileOptions;
  /**
   * Horovod.
   *
   * @default - with all the others, or not
   */
  readonly horovod?: ProfilingRange;
  /**
   * SageMaker's data parallel library.
   *
   * @default - with all the others, or not
   */
  readonly smDataParallel?: ProfilingRange;
  /**
   * The folder in the container that figures are written in.
   *
   * @default '/opt/ml/output/profiler'
   */
  readonly localPath?: string;
  /**
   * At which size a new file is begun; whole bytes.
   *
   * @default Size.mebibytes(10)
   */
  readonly fileMaxSize?: Size;
  /**
   * At which age a new file is begun.
   *
   * @default Duration.minutes(1)
   */
  readonly fileCloseInterval?: Duration;
  /**
   * How often a file that can't be opened is tried, before figures are given up; at least 1.
   *
   * @default 50
   */
  readonly fileOpenFailThreshold?: number;
}
