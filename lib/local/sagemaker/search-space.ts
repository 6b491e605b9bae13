import { createHash } from 'node:crypto';
import type { ContinuousParameterRange, IntegerParameterRange, ParameterRanges } from '@aws-sdk/client-sagemaker';

/** Values of hyperparameters, as a training job is given them. */
export type Combination = Readonly<Record<string, string>>;

/** How many combinations a grid has. */
export function gridSize(ranges: ParameterRanges): number {
  return (ranges.CategoricalParameterRanges ?? []).reduce((product, range) => product * (range.Values ?? []).length, 1);
}

/** The nth combination of a grid, the last hyperparameter changing fastest. */
export function gridPoint(ranges: ParameterRanges, nth: number): Combination {
  const point: Record<string, string> = {};
  let rest = nth;
  for (const { Name: name, Values: values = [] } of [...ranges.CategoricalParameterRanges ?? []].reverse()) {
    point[name as string] = values[rest % values.length] as string;
    rest = Math.floor(rest / values.length);
  }
  return Object.fromEntries(Object.entries(point).reverse());
}

/** The nth random combination: the same for the same seed, whatever was asked for before. */
export function randomPoint(ranges: ParameterRanges, seed: number, nth: number): Combination {
  const draw = (name: string) => fraction(`${seed} ${nth} ${name}`);
  return Object.fromEntries([
    ...(ranges.IntegerParameterRanges ?? []).map((range) => [range.Name, String(integerAt(range, draw(range.Name as string)))]),
    ...(ranges.ContinuousParameterRanges ?? []).map((range) => [range.Name, String(numberAt(range, draw(range.Name as string)))]),
    ...(ranges.CategoricalParameterRanges ?? []).map(({ Name: name, Values: values = [] }) => [name, values[Math.floor(draw(name as string) * values.length)]]),
  ]) as Combination;
}

/** Values that a continuous hyperparameter takes, from 0 to 1 along its scale. */
export function numberAt(range: ContinuousParameterRange, at: number): number {
  const low = Number(range.MinValue);
  const high = Number(range.MaxValue);
  const value = along(scaleOf(range), low, high, at);
  return Math.min(high, Math.max(low, value));
}

/** As with a continuous one; each whole number has its share of the scale. */
export function integerAt(range: IntegerParameterRange, at: number): number {
  const low = Number(range.MinValue);
  const high = Number(range.MaxValue);
  const value = scaleOf(range) === 'Logarithmic' ? Math.round(along('Logarithmic', low, high, at)) : Math.floor(low + at * (high - low + 1));
  return Math.min(high, Math.max(low, value));
}

type Scale = 'Linear' | 'Logarithmic' | 'ReverseLogarithmic';

/** `Auto` is logarithmic for what spans three orders of magnitude. */
function scaleOf({ ScalingType: type, MinValue: low, MaxValue: high }: ContinuousParameterRange | IntegerParameterRange): Scale {
  if (type !== undefined && type !== 'Auto') { return type; }
  return Number(low) > 0 && Number(high) / Number(low) >= 1000 ? 'Logarithmic' : 'Linear';
}

function along(scale: Scale, low: number, high: number, at: number): number {
  if (scale === 'Linear') { return low + at * (high - low); }
  if (scale === 'Logarithmic') { return Math.exp(Math.log(low) + at * (Math.log(high) - Math.log(low))); }
  // Dense near 1, as learning-rate-like values of 0.9, 0.99, 0.999 are.
  return 1 - Math.exp(Math.log(1 - low) + at * (Math.log(1 - high) - Math.log(1 - low)));
}

/** From 0 to below 1, out of a text: no state, so a restart goes on where it was. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
