import type { IsUnknown } from './constraints';

/** A hyperparameter, as DescribeAlgorithm defines it. */
export interface HyperparameterDefinition {
  readonly Name?: string;
  readonly Type?: string;
  readonly Range?: {
    readonly IntegerParameterRangeSpecification?: NumberRange;
    readonly ContinuousParameterRangeSpecification?: NumberRange;
    readonly CategoricalParameterRangeSpecification?: { readonly Values?: readonly string[] };
  };
  /** Whether a tuning job may search for it. */
  readonly IsTunable?: boolean;
  readonly IsRequired?: boolean;
  readonly DefaultValue?: string;
}

interface NumberRange { readonly MinValue?: string; readonly MaxValue?: string }

type Texts = { readonly [name: string]: string };

/**
 * Hyperparameters as the Python SDK sends them to an algorithm: each value as its type is written, then the defaults of
 * what is not given, as they are. A value that is not of its type stays, for the check to find it.
 */
export function completeHyperparameters(definitions: readonly HyperparameterDefinition[], given: Texts = {}, isUnknown: IsUnknown = () => false): { [name: string]: string } {
  const texts = Object.fromEntries(Object.entries(given).map(([name, text]) => {
    const definition = definitions.find(({ Name }) => Name === name);
    return [name, definition === undefined || isUnknown(text) ? text : castText(definition, text) ?? text];
  }));
  for (const { Name, DefaultValue } of definitions) {
    if (Name !== undefined && DefaultValue !== undefined && DefaultValue !== null && !Object.hasOwn(texts, Name)) { texts[Name] = DefaultValue; }
  }
  return texts;
}

/** What a value must be, where it is not; nothing where it is right. A default is the algorithm's own word, and right. */
export function brokenRule(definition: HyperparameterDefinition, text: string): string | undefined {
  if (text === definition.DefaultValue) { return undefined; }
  const { Type, Range } = definition;
  if (Type === 'Integer') { return WHOLE.test(text) ? outside(text, Range?.IntegerParameterRangeSpecification) : 'be a whole number'; }
  if (Type === 'Continuous') { return NUMBER.test(text) ? outside(text, Range?.ContinuousParameterRangeSpecification) : 'be a number'; }
  const values = Type === 'Categorical' ? Range?.CategoricalParameterRangeSpecification?.Values : undefined;
  return values && !values.includes(text) ? `be one of ${values.join(', ')}` : undefined;
}

function outside(text: string, range: NumberRange | undefined): string | undefined {
  const { MinValue: min, MaxValue: max } = range ?? {};
  const below = min !== undefined && min !== null && number(text) < number(min);
  const above = max !== undefined && max !== null && number(text) > number(max);
  return below || above ? `be between ${min} and ${max}` : undefined;
}

// What int() and float() of Python read, without the words for infinity and for what is no number.
const WHOLE = /^\s*[-+]?\d+(_\d+)*\s*$/;
const NUMBER = /^\s*[-+]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)([eE][-+]?\d+)?\s*$/;

const plain = (text: string) => text.trim().replaceAll('_', '').replace(/^\+/, '');
const number = (text: string) => Number(plain(text));

function castText({ Type }: HyperparameterDefinition, text: string): string | undefined {
  if (Type === 'Integer') { return WHOLE.test(text) ? String(BigInt(plain(text))) : undefined; }
  if (Type === 'Continuous') { return NUMBER.test(text) ? pythonFloat(number(text)) : undefined; }
  return text;
}

/** `str` of a float of Python: a whole one ends in `.0`, and exponents have two digits. */
export function pythonFloat(value: number): string {
  if (Object.is(value, -0)) { return '-0.0'; }
  const [mantissa, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) { return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`; }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
