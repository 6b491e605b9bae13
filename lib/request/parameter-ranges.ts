import type { ParameterRanges } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import type { AlgorithmConfig } from '../algorithm-options';
import type { ParameterRange, ParameterRangeConfig } from '../parameter-range';
import { isToken, oneOf, refuse, unique } from './checks';
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
  for (const [name, { config }] of Object.entries(ranges)) { checkRange(scope, name, config); }
  const choice = (value: unknown) => (isFramework ? pythonJson(pythonStr(value)) : pythonStr(value));
  const auto = of('Auto').map(([Name, { config }]) => ({ Name, ValueHint: hyperparameterText(scope, `ranges.${Name}`, algorithm, config.values[0]) }));
  return {
    ContinuousParameterRanges: numbers('Continuous'),
    IntegerParameterRanges: numbers('Integer'),
    CategoricalParameterRanges: of('Categorical').map(([Name, { config }]) => ({ Name, Values: choices(config.values).map(choice) })),
    AutoParameters: auto.length > 0 ? auto : undefined,
  };
}

/** What no compiler has checked, and what Python would write in its own words. */
function checkRange(scope: IConstruct, name: string, { rangeType, values }: ParameterRangeConfig): void {
  const prop = `ranges.${name}`;
  if (name === '' || name === OBJECTIVE_METRIC) { refuse(scope, 'ranges: the name', 'be that of a hyperparameter', name); }
  const all = rangeType === 'Categorical' ? choices(values) : values;
  if (rangeType === 'Continuous' || rangeType === 'Integer') { return all.forEach((value) => checkBound(scope, prop, rangeType === 'Integer', value)); }
  const odd = all.find((value) => !isToken(value) && (!['string', 'number', 'boolean'].includes(typeof value) || Number.isNaN(value)));
  if (odd !== undefined || all.includes(undefined)) { refuse(scope, prop, 'be of texts, numbers and booleans', typeof odd === 'number' ? String(odd) : odd); }
  if (rangeType === 'Categorical') { unique(scope, prop, all.map(pythonStr)); }
}

/** A text says a number as it is to be sent: `0.0`, which a number can't. */
function checkBound(scope: IConstruct, prop: string, isInteger: boolean, value: unknown): void {
  if (isToken(value) || typeof value === 'bigint') { return; }
  const text = typeof value === 'string' ? value : undefined;
  if (text === undefined ? !Number.isFinite(value) : text.trim() === '' || !Number.isFinite(Number(text))) { refuse(scope, prop, 'have finite numbers as bounds', value === undefined || value === null ? undefined : String(value)); }
  if (isInteger && Number.isInteger(value) && !Number.isSafeInteger(value)) { refuse(scope, prop, 'have bounds that are exact in JavaScript; a larger one is given as text', String(value)); }
}

const OBJECTIVE_METRIC = '_tuning_objective_metric';

/** A single list is the list of the choices, as the Python SDK takes it. */
export const choices = (values: readonly unknown[]): readonly unknown[] => (values.length === 1 && Array.isArray(values[0]) ? values[0] : values);
