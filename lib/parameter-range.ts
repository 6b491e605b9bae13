/** The scale on which values of a range are as likely as each other. */
export enum ScalingType {
  /** SageMaker chooses. */
  AUTO = 'Auto',
  /** Every value. */
  LINEAR = 'Linear',
  /** Every order of magnitude; for values above 0. */
  LOGARITHMIC = 'Logarithmic',
  /** Values close to 1 as finely as others close to 0; for continuous ranges within 0 and 1, without 1. */
  REVERSE_LOGARITHMIC = 'ReverseLogarithmic',
}

/** How a range of numbers is searched. */
export interface NumberRangeOptions {
  /**
   * The scale.
   *
   * @default ScalingType.AUTO
   */
  readonly scaling?: ScalingType;
}

/** A range, ready to be named in a request. */
export interface ParameterRangeConfig {
  /** What kind of range: `Continuous`, `Integer`, `Categorical` or `Auto`. */
  readonly rangeType: string;
  /** The lowest and the highest value, the values to choose from, or the example. */
  readonly values: any[];
  /**
   * The scale of numbers.
   *
   * @default ScalingType.AUTO
   */
  readonly scaling?: ScalingType;
}

/**
 * The values of a hyperparameter that a tuning job tries. At most 30 hyperparameters have one.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
 *
 * @example
 * const ranges = {
 *   'learning-rate': ParameterRange.continuous(0.0001, 0.1, { scaling: ScalingType.LOGARITHMIC }),
 *   units: ParameterRange.integer(16, 512),
 *   optimizer: ParameterRange.categorical('sgd', 'adam'),
 * };
 */
export class ParameterRange {
  /**
   * Any number from `min` to `max`, which are both tried.
   *
   * @param min a number, or a text where it is to be sent to the letter: `'0.0'`
   * @param max likewise
   */
  public static continuous(min: any, max: any, options: NumberRangeOptions = {}): ParameterRange {
    return new ParameterRange({ rangeType: 'Continuous', values: [min, max], scaling: scalingOf(options) });
  }

  /**
   * Any whole number from `min` to `max`, which are both tried.
   *
   * @param min a number, or a text where it is too large to be exact in JavaScript
   * @param max likewise
   */
  public static integer(min: any, max: any, options: NumberRangeOptions = {}): ParameterRange {
    return new ParameterRange({ rangeType: 'Integer', values: [min, max], scaling: scalingOf(options) });
  }

  /** One of these: 1 to 30 texts, numbers or booleans. They are sent as the Python SDK sends them: for a framework, each as a text of JSON. */
  public static categorical(...values: any[]): ParameterRange {
    return new ParameterRange({ rangeType: 'Categorical', values });
  }

  /**
   * What SageMaker finds a range for by itself (Autotune).
   *
   * @param example a value that would do, written as a hyperparameter is
   */
  public static auto(example: any): ParameterRange {
    return new ParameterRange({ rangeType: 'Auto', values: [example] });
  }

  /** What is tried. */
  public readonly config: ParameterRangeConfig;

  private constructor(config: ParameterRangeConfig) {
    this.config = config;
  }
}

/** The Python SDK has the scale as an argument of its own: programs without types may give that, and it is checked as what it is. */
const scalingOf = (options: NumberRangeOptions | undefined): ScalingType | undefined => (typeof options === 'string' ? options : options?.scaling);
