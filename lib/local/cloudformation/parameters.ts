import type { ParameterValues } from './stack-record';
import { invalidTemplate } from './template';
import type { Template } from './template';

/**
 * The values of a template's parameters: those given, otherwise those of before, otherwise the defaults.
 *
 * @throws ServiceError ValidationError for parameters that are unknown, missing, or not allowed
 */
export function parameterValues(template: Template, given: { readonly [name: string]: string }, before: ParameterValues, ssmParameter: (name: string) => string | undefined): ParameterValues {
  const declared = template.Parameters ?? {};
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) { throw invalidTemplate(`Parameters: [${unknown.join(', ')}] do not exist in the template`); }
  const texts = Object.entries(declared).map(([name, { Default: otherwise }]) => [name, given[name] ?? before[name]?.given ?? otherwise?.toString()] as const);
  const missing = texts.filter(([, text]) => text === undefined).map(([name]) => name);
  if (missing.length > 0) { throw invalidTemplate(`Parameters: [${missing.join(', ')}] must have values`); }
  return Object.fromEntries(texts.map(([name, text]) => [name, { given: text as string, value: valueOf(name, text as string, template, ssmParameter) }]));
}

function valueOf(name: string, text: string, template: Template, ssmParameter: (name: string) => string | undefined): unknown {
  const { Type: type, AllowedValues: allowed, AllowedPattern: pattern } = template.Parameters?.[name] ?? { Type: 'String' };
  if (allowed !== undefined && !allowed.map(String).includes(text)) { throw invalidTemplate(`Parameter '${name}' must be one of AllowedValues: [${allowed.join(', ')}], got ${text}`); }
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(text)) { throw invalidTemplate(`Parameter ${name} failed to satisfy constraint: must match pattern ${pattern}`); }
  if (ssmTypeOf(type) === undefined) { return asType(text, type); }
  const found = ssmParameter(text);
  if (found === undefined) { throw invalidTemplate(`Unable to fetch parameters [${text}] from parameter store for this account.`); }
  return asType(found, type);
}

/** The type of what an SSM parameter has, where a parameter names one. */
const ssmTypeOf = (type: string) => /^AWS::SSM::Parameter::Value<(.*)>$/.exec(type)?.[1];

/** A text as a value of a parameter's type: of what an SSM parameter has, where it names one. */
export function asType(text: string, type: string): string | string[] {
  const own = ssmTypeOf(type) ?? type;
  return own === 'CommaDelimitedList' || own.startsWith('List<') ? text.split(',').map((part) => part.trim()) : text;
}
