import type { ParameterRanges } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { AlgorithmConfig } from '../algorithm-options';
import type { ParameterRange } from '../parameter-range';
import { oneOf } from './checks';
import { pythonJson, pythonStr } from './python-text';
import { hyperparameterText } from './training-job-hyperparameters';

type Ranges = { readonly [hyperparameter: string]: ParameterRange };

/**
 * Ranges as the Python SDK sends them: numbers as Python writes them, and what is chosen from as `str` writes it; for an estimator of a framework,
 * that text once more as JSON. Elsewhere a script that reads JSON takes the text as it is.
 */
export function parameterRanges(scope: IConstruct, ranges: Ranges, algorithm: AlgorithmConfig, isFramework: boolean): ParameterRanges {
  const of = (type: string) => Object.entries(ranges).filter(([, { config }]) => config.rangeType === type);
  const numbers = (type: string) => of(type).map(([Name, { config }]) => {
    oneOf(scope, `ranges.${Name}.scaling`, config.scaling, ['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic']);
    const [MinValue, MaxValue] = config.values.map(pythonStr);
    return { Name, MinValue, MaxValue, ScalingType: config.scaling ?? 'Auto' as const };
  });
  const choice = (value: unknown) => (isFramework ? pythonJson(pythonStr(value)) : pythonStr(value));
  const auto = of('Auto').map(([Name, { config }]) => ({ Name, ValueHint: hyperparameterText(scope, `ranges.${Name}`, algorithm, config.values[0]) }));
  return {
    ContinuousParameterRanges: numbers('Continuous'),
    IntegerParameterRanges: numbers('Integer'),
    CategoricalParameterRanges: of('Categorical').map(([Name, { config }]) => ({ Name, Values: choices(config.values).map(choice) })),
    AutoParameters: auto.length > 0 ? auto : undefined,
  };
}

/** A single list is the list of the choices, as the Python SDK takes it. */
export const choices = (values: readonly unknown[]): readonly unknown[] => (values.length === 1 && Array.isArray(values[0]) ? values[0] : values);
