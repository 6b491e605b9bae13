import { invalidTemplate } from './template';

/** What the functions of a template look at. */
export interface Scope {
  /** Value of a parameter or pseudo parameter; undefined when there is none of that name. */
  parameter(name: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  /** A resource that has been made; undefined when there is none of that name. */
  resource(logicalId: string): { readonly ref: string; attribute(name: string): unknown } | undefined;
  exportValue(name: string): string;
  ssmParameter(name: string): string | undefined;
}

const NO_VALUE = Symbol('AWS::NoValue');

type Function = (argument: unknown, scope: Scope, path: string) => unknown;

/** The value of an expression of a template. */
export function resolve(expression: unknown, scope: Scope, path: string): unknown {
  const value = evaluate(expression, scope, path);
  return value === NO_VALUE ? undefined : value;
}

function evaluate(expression: unknown, scope: Scope, path: string): unknown {
  if (typeof expression === 'string') { return withDynamicReferences(expression, scope, path); }
  if (Array.isArray(expression)) {
    return expression.map((element, index) => evaluate(element, scope, `${path}[${index}]`)).filter((element) => element !== NO_VALUE);
  }
  if (typeof expression !== 'object' || expression === null) { return expression; }
  const entries = Object.entries(expression);
  const [name, argument] = entries[0] ?? [''];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::') || name === 'Condition' && typeof argument === 'string')) {
    const call = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (call === undefined) { throw invalidTemplate(`${path}: ${name} is not supported by the local AWS`); }
    return call(argument, scope, path);
  }
  const members = entries.map(([key, member]) => [key, evaluate(member, scope, `${path}.${key}`)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE));
}

const FUNCTIONS: { readonly [name: string]: Function } = {
  'Ref': (name, scope, path) => (name === 'AWS::NoValue' ? NO_VALUE : refOf(String(name), scope, path)),
  'Fn::GetAtt': (argument, scope, path) => {
    const [id = '', ...names] = typeof argument === 'string' ? argument.split('.') : list(argument, scope, path).map(String);
    const resource = scope.resource(id);
    if (resource === undefined) { throw invalidTemplate(`${path}: Fn::GetAtt references undefined resource ${id}`); }
    return resource.attribute(names.join('.'));
  },
  'Fn::Join': (argument, scope, path) => {
    const [delimiter, parts] = list(argument, scope, path);
    if (!Array.isArray(parts)) { throw invalidTemplate(`${path}: Fn::Join needs a delimiter and a list`); }
    return parts.map((part) => text(part, path)).join(String(delimiter));
  },
  'Fn::Sub': (argument, scope, path) => {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : argument as [string, Record<string, unknown>];
    return template.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
      if (name.startsWith('!')) { return `\${${name.slice(1)}}`; }
      if (Object.hasOwn(variables, name)) { return text(resolve(variables[name], scope, path), path); }
      const dot = name.indexOf('.');
      return text(dot < 0 ? refOf(name, scope, path) : FUNCTIONS['Fn::GetAtt']?.(name, scope, path) ?? whole, path);
    });
  },
  'Fn::Select': (argument, scope, path) => {
    const [index, values] = list(argument, scope, path);
    const value = Array.isArray(values) ? values[Number(index)] : undefined;
    if (value === undefined) { throw invalidTemplate(`${path}: Fn::Select cannot select nonexistent value at index ${String(index)}`); }
    return value;
  },
  'Fn::Split': (argument, scope, path) => {
    const [delimiter, source] = list(argument, scope, path);
    return text(source, path).split(String(delimiter));
  },
  'Fn::If': (argument, scope, path) => {
    const [name, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return evaluate(scope.condition(name) ? whenTrue : whenFalse, scope, path);
  },
  'Condition': (name, scope) => scope.condition(String(name)),
  'Fn::Equals': (argument, scope, path) => {
    const [a, b] = list(argument, scope, path);
    return text(a, path) === text(b, path);
  },
  'Fn::And': (argument, scope, path) => list(argument, scope, path).every((value) => value === true || value === 'true'),
  'Fn::Or': (argument, scope, path) => list(argument, scope, path).some((value) => value === true || value === 'true'),
  'Fn::Not': (argument, scope, path) => !list(argument, scope, path).some((value) => value === true || value === 'true'),
  'Fn::FindInMap': (argument, scope, path) => {
    const [map, first, second, options] = list(argument, scope, path);
    const found = scope.mapping(String(map), String(first), String(second));
    const otherwise = (options as Record<string, unknown> | undefined)?.DefaultValue;
    if (found === undefined && otherwise === undefined) { throw invalidTemplate(`${path}: Unable to get mapping for ${String(map)}::${String(first)}::${String(second)}`); }
    return found ?? otherwise;
  },
  'Fn::Base64': (argument, scope, path) => Buffer.from(text(resolve(argument, scope, path), path)).toString('base64'),
  'Fn::ImportValue': (argument, scope, path) => scope.exportValue(text(resolve(argument, scope, path), path)),
  'Fn::GetAZs': (argument, scope, path) => {
    const region = text(resolve(argument, scope, path), path) || text(scope.parameter('AWS::Region'), path);
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::Length': (argument, scope, path) => {
    const values = resolve(argument, scope, path);
    if (!Array.isArray(values)) { throw invalidTemplate(`${path}: Fn::Length needs a list`); }
    return values.length;
  },
  'Fn::ToJsonString': (argument, scope, path) => JSON.stringify(resolve(argument, scope, path)),
};

function refOf(name: string, scope: Scope, path: string): unknown {
  const value = scope.parameter(name) ?? scope.resource(name)?.ref;
  if (value === undefined) { throw invalidTemplate(`${path}: Unresolved resource dependencies [${name}] in the template`); }
  return value;
}

function list(argument: unknown, scope: Scope, path: string): unknown[] {
  const value = resolve(argument, scope, path);
  if (!Array.isArray(value)) { throw invalidTemplate(`${path}: a function of the template needs a list, got ${JSON.stringify(value)}`); }
  return value;
}

function text(value: unknown, path: string): string {
  if (Array.isArray(value)) { return value.map((element) => text(element, path)).join(','); }
  if (value === undefined || typeof value === 'object') { throw invalidTemplate(`${path}: a string is needed here, got ${JSON.stringify(value)}`); }
  return String(value);
}

/** `{{resolve:ssm:/a/parameter}}`, also within other text. */
function withDynamicReferences(value: string, scope: Scope, path: string): string {
  return value.replace(/\{\{resolve:([a-z-]+):([^}]+)\}\}/g, (whole, service: string, rest: string) => {
    if (service !== 'ssm') { throw invalidTemplate(`${path}: not supported by the local AWS: ${whole}`); }
    // With a version where there is one: `name:3`.
    const found = scope.ssmParameter(rest);
    if (found === undefined) { throw invalidTemplate(`${path}: Parameters: [ssm:${rest}] cannot be found`); }
    return found;
  });
}
