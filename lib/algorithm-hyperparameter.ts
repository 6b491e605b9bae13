import { pythonFloat, type HyperparameterDefinition } from './limits/algorithm-hyperparameters';
import { checkArgument, LIST, STRUCTURE } from './request/kinds';

/** A hyperparameter of whole numbers, or of numbers. */
export interface NumberHyperparameterOptions {
  /**
   * The smallest value. Comes with `max`.
   *
   * @default - any value
   */
  readonly min?: number;
  /**
   * The largest value. Comes with `min`.
   *
   * @default - any value
   */
  readonly max?: number;
  /**
   * Whether a job must have it. Where there is a default, the default will do.
   *
   * @default false
   */
  readonly required?: boolean;
  /**
   * Whether a tuning job may search for it.
   *
   * @default true
   */
  readonly tunable?: boolean;
  /**
   * What is sent where a job says nothing.
   *
   * @default - nothing is sent
   */
  readonly defaultValue?: number;
}

/** A hyperparameter of words, or of any text. */
export interface TextHyperparameterOptions {
  /**
   * Whether a job must have it. Where there is a default, the default will do.
   *
   * @default false
   */
  readonly required?: boolean;
  /**
   * Whether a tuning job may search for it.
   *
   * @default true
   */
  readonly tunable?: boolean;
  /**
   * What is sent where a job says nothing.
   *
   * @default - nothing is sent
   */
  readonly defaultValue?: string;
}

/**
 * What a hyperparameter of an algorithm may be.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterSpecification.html
 *
 * @example
 * const specification = AlgorithmSpecification.of({
 *   instanceTypes: ['ml.m5.xlarge'],
 *   channels: { training: {} },
 *   hyperparameters: {
 *     epochs: AlgorithmHyperparameter.integer({ min: 1, max: 100, required: true }),
 *     optimizer: AlgorithmHyperparameter.categorical(['sgd', 'adam'], { defaultValue: 'adam' }),
 *   },
 * });
 */
export class AlgorithmHyperparameter {
  /** A whole number: `Integer`. Throws when only one of `min` and `max` is given. */
  public static integer(options: NumberHyperparameterOptions = {}): AlgorithmHyperparameter {
    checkArgument('AlgorithmHyperparameter.integer', 'options', options, STRUCTURE);
    return new AlgorithmHyperparameter({
      Type: 'Integer', Range: range('integer', options, 'IntegerParameterRangeSpecification', String), ...common(options, String),
    });
  }

  /** A number: `Continuous`. It is sent as Python writes a float: 1 is `1.0`. Throws when only one of `min` and `max` is given. */
  public static continuous(options: NumberHyperparameterOptions = {}): AlgorithmHyperparameter {
    checkArgument('AlgorithmHyperparameter.continuous', 'options', options, STRUCTURE);
    return new AlgorithmHyperparameter({
      Type: 'Continuous', Range: range('continuous', options, 'ContinuousParameterRangeSpecification', pythonFloat), ...common(options, pythonFloat),
    });
  }

  /** One of these words: `Categorical`. */
  public static categorical(values: string[], options: TextHyperparameterOptions = {}): AlgorithmHyperparameter {
    checkArgument('AlgorithmHyperparameter.categorical', 'values', values, LIST);
    checkArgument('AlgorithmHyperparameter.categorical', 'options', options, STRUCTURE);
    return new AlgorithmHyperparameter({ Type: 'Categorical', Range: { CategoricalParameterRangeSpecification: { Values: [...values] } }, ...common(options, String) });
  }

  /** Any text: `FreeText`. */
  public static freeText(options: TextHyperparameterOptions = {}): AlgorithmHyperparameter {
    checkArgument('AlgorithmHyperparameter.freeText', 'options', options, STRUCTURE);
    return new AlgorithmHyperparameter({ Type: 'FreeText', ...common(options, String) });
  }

  /**
   * As DescribeAlgorithm says it, without its name.
   *
   * @internal
   */
  public readonly _definition: HyperparameterDefinition;

  private constructor(definition: HyperparameterDefinition) { this._definition = definition; }
}

type Text<T> = (value: T) => string;

function common<T>({ required, tunable, defaultValue }: { readonly required?: boolean; readonly tunable?: boolean; readonly defaultValue?: T }, text: Text<T>): HyperparameterDefinition {
  return { IsTunable: tunable ?? true, IsRequired: required ?? false, DefaultValue: defaultValue === undefined ? undefined : text(defaultValue) };
}

function range(type: string, { min, max }: NumberHyperparameterOptions, member: string, text: Text<number>): HyperparameterDefinition['Range'] {
  if (min === undefined && max === undefined) { return undefined; }
  if (min === undefined || max === undefined) { throw new Error(`AlgorithmHyperparameter.${type}: ${min === undefined ? 'min' : 'max'} must be given with ${min === undefined ? 'max' : 'min'}`); }
  return { [member]: { MinValue: text(min), MaxValue: text(max) } };
}
