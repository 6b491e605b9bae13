import { STRUCTURE, checkArgument } from './request/kinds';
/** How long the jobs of Hyperband train. */
export interface HyperbandOptions {
  /**
   * The least a job trains before it may be stopped, in epochs or whatever else the objective is reported by; at least 1.
   *
   * @default - the service decides
   */
  readonly minResource?: number;
  /**
   * The most a job trains; at least `minResource`.
   *
   * @default - the service decides
   */
  readonly maxResource?: number;
}

/** A strategy, ready to be named in a request. */
export interface TuningStrategyConfig extends HyperbandOptions {
  /** In SageMaker's words: `Bayesian`, `Random`, `Grid` or `Hyperband`. */
  readonly strategy: string;
}

/**
 * How a tuning job comes by the values that it tries.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-how-it-works.html
 *
 * @example
 * const tuning = new HyperparameterTuningJob(this, 'Tune', {
 *   definition: {
 *     algorithm,
 *     capacity,
 *     metrics: [Metric.regex('validation:accuracy', 'val_acc=([0-9.]+)')],
 *     objective: Objective.maximize('validation:accuracy'),
 *     ranges: { 'learning-rate': ParameterRange.continuous(0.001, 0.1) },
 *   },
 *   strategy: TuningStrategy.hyperband({ minResource: 1, maxResource: 27 }),
 *   maxJobs: 50,
 *   maxParallelJobs: 5,
 * });
 */
export class TuningStrategy {
  /** By what the jobs before have shown: few jobs at once find more. */
  public static bayesian(): TuningStrategy { return new TuningStrategy({ strategy: 'Bayesian' }); }

  /** At random: any number of jobs at once finds as much. */
  public static random(): TuningStrategy { return new TuningStrategy({ strategy: 'Random' }); }

  /** Every combination once. All ranges are categorical; the number of jobs follows from them. */
  public static grid(): TuningStrategy { return new TuningStrategy({ strategy: 'Grid' }); }

  /** Many jobs that begin, of which the good ones train on. For algorithms that report the objective while they train. */
  public static hyperband(options: HyperbandOptions = {}): TuningStrategy {
    checkArgument('TuningStrategy.hyperband', 'options', options, STRUCTURE);
    return new TuningStrategy({ strategy: 'Hyperband', minResource: options.minResource, maxResource: options.maxResource });
  }

  /** How. */
  public readonly config: TuningStrategyConfig;

  private constructor(config: TuningStrategyConfig) {
    this.config = config;
  }
}
