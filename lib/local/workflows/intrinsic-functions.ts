import { createHash, randomInt, randomUUID } from 'node:crypto';
import { pathOf, valueAt } from './json-path';
import { runtimeError, StateError } from './state-error';
import { TextReader } from './text-reader';

/** What an expression of a state looks at. */
export interface Data {
  /** What `$` is. */
  readonly input: unknown;
  /** What `$$` is. */
  readonly context: unknown;
}

type Expression = (data: Data) => unknown;
type Intrinsic = (...values: never[]) => unknown;

const MOST_NESTED = 10;
/** What may be given to a function: a number and its upper bound stand for as many as that. */
const FUNCTIONS: { readonly [name: string]: { readonly arity: readonly [number, number]; readonly call: Intrinsic } } = {
  Format: { arity: [1, Infinity], call: format },
  StringToJson: { arity: [1, 1], call: (text: string) => JSON.parse(string(text)) as unknown },
  JsonToString: { arity: [1, 1], call: (value: unknown) => JSON.stringify(value) },
  Array: { arity: [0, Infinity], call: (...values: unknown[]) => values },
  ArrayPartition: { arity: [2, 2], call: (values: unknown[], size: number) => Array.from({ length: Math.ceil(list(values).length / positive(size)) }, (_, index) => values.slice(index * size, (index + 1) * size)) },
  ArrayContains: { arity: [2, 2], call: (values: unknown[], wanted: unknown) => list(values).some((value) => same(value, wanted)) },
  ArrayRange: { arity: [3, 3], call: range },
  ArrayGetItem: { arity: [2, 2], call: item },
  ArrayLength: { arity: [1, 1], call: (values: unknown[]) => list(values).length },
  ArrayUnique: { arity: [1, 1], call: (values: unknown[]) => list(values).filter((value, index) => values.findIndex((other) => same(other, value)) === index) },
  Base64Encode: { arity: [1, 1], call: (text: string) => Buffer.from(string(text)).toString('base64') },
  Base64Decode: { arity: [1, 1], call: (text: string) => Buffer.from(string(text), 'base64').toString() },
  Hash: { arity: [2, 2], call: hash },
  JsonMerge: { arity: [3, 3], call: merged },
  MathRandom: { arity: [2, 3], call: (from: number, to: number) => randomInt(whole(from), whole(to)) },
  MathAdd: { arity: [2, 2], call: (a: number, b: number) => whole(a) + whole(b) },
  StringSplit: { arity: [2, 2], call: (text: string, delimiters: string) => string(text).split(new RegExp(`[${string(delimiters).replace(/[\]\\^-]/g, '\\$&')}]`)).filter((part) => part !== '') },
  UUID: { arity: [0, 0], call: () => randomUUID() },
};

const known = new Map<string, Expression>();

/** Reads what a member whose name ends in `.$` may be: a path or a function. @throws Error for what is neither */
export function expressionOf(text: string): Expression {
  let expression = known.get(text);
  if (expression === undefined) {
    expression = new ExpressionReader(text).whole();
    known.set(text, expression);
  }
  return expression;
}

/** The value at a path. @throws StateError States.Runtime where there is none */
function pathExpression(text: string): Expression {
  pathOf(text);
  return ({ input, context }) => {
    const value = valueAt(input, text, context);
    if (value === undefined) { throw runtimeError(`The JSONPath '${text}' could not be found in the input '${JSON.stringify(input)}'`); }
    return value;
  };
}

class ExpressionReader extends TextReader {
  whole(): Expression {
    if (this.text.startsWith('$')) { return pathExpression(this.text); }
    const expression = this.call(1);
    if (this.at < this.text.length) { throw this.wrong(); }
    return expression;
  }

  private call(depth: number): Expression {
    const name = this.match(/States\.(\w+)\(/y)?.slice(7, -1) ?? this.fail();
    const row = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (row === undefined || depth > MOST_NESTED) { throw this.wrong(); }
    const given: Expression[] = [];
    this.space();
    while (!this.take(')')) {
      if (given.length > 0 && !this.take(',')) { throw this.wrong(); }
      given.push(this.argument(depth));
      this.space();
    }
    const [least, most] = row.arity;
    if (given.length < least || given.length > most) { throw this.wrong(); }
    return (data) => {
      const values = given.map((argument) => argument(data));
      try {
        return (row.call as (...each: unknown[]) => unknown)(...values);
      } catch (error) {
        throw new StateError('States.IntrinsicFailure', `States.${name}: ${(error as Error).message}`);
      }
    };
  }

  private argument(depth: number): Expression {
    this.space();
    if (this.text.startsWith('States.', this.at)) { return this.call(depth + 1); }
    if (this.text.startsWith('$', this.at)) { return pathExpression(this.pathText()); }
    const quoted = this.match(/'(?:[^'\\]|\\[^])*'/y);
    // The escapes of braces are Format's to read.
    if (quoted !== undefined) { return () => quoted.slice(1, -1).replace(/\\(['\\])/g, '$1'); }
    const literal = this.match(/-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null/y) ?? this.fail();
    const value: unknown = JSON.parse(literal);
    return () => value;
  }

  /** Up to the comma or the parenthesis that ends the argument: what is in brackets or quotes belongs to the path. */
  private pathText(): string {
    return this.match(/\$(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"])*\]|[^,)\s[])*/y) ?? this.fail();
  }

  protected wrong(): Error { return new Error(`neither a path nor a function that the local AWS understands: ${this.text}`); }
}

function format(template: string, ...values: unknown[]): string {
  let next = 0;
  const text = string(template).replace(/\\([{}])|\{\}/g, (_, brace: string | undefined) => {
    if (brace !== undefined) { return brace; }
    if (next >= values.length) { throw new Error('there are fewer values than {}'); }
    const value = values[next++];
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  if (next < values.length) { throw new Error('there are more values than {}'); }
  return text;
}

function range(first: number, last: number, step: number): number[] {
  if (whole(step) === 0) { throw new Error('the step must not be 0'); }
  const count = Math.floor((whole(last) - whole(first)) / step) + 1;
  if (count > 1000) { throw new Error('there may be 1000 elements'); }
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

function item(values: unknown[], index: number): unknown {
  if (whole(index) < 0 || index >= list(values).length) { throw new Error(`there is no element ${index} in ${JSON.stringify(values)}`); }
  return values[index];
}

function hash(value: unknown, algorithm: string): string {
  const name = ({ 'MD5': 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as { [name: string]: string })[algorithm];
  if (name === undefined) { throw new Error(`there is no algorithm ${algorithm}`); }
  return createHash(name).update(typeof value === 'string' ? value : JSON.stringify(value)).digest('hex');
}

function merged(a: object, b: object, isDeep: boolean): object {
  if (isDeep !== false) { throw new Error('the third argument must be false: there is no deep merge, at AWS either'); }
  if ([a, b].some((value) => typeof value !== 'object' || value === null || Array.isArray(value))) { throw new Error('two objects are needed'); }
  return { ...a, ...b };
}

function string(value: unknown): string {
  if (typeof value !== 'string') { throw new Error(`a string is needed, got ${JSON.stringify(value)}`); }
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) { throw new Error(`an array is needed, got ${JSON.stringify(value)}`); }
  return value;
}

function whole(value: unknown): number {
  if (typeof value !== 'number') { throw new Error(`a number is needed, got ${JSON.stringify(value)}`); }
  return Math.round(value);
}

function positive(value: number): number {
  if (whole(value) < 1) { throw new Error('a positive number is needed'); }
  return value;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
