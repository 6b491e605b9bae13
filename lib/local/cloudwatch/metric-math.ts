/** The values of metrics and expressions by their ids; nothing for one without a value. */
export type ValueOf = (id: string) => number | undefined;
type Value = number | undefined;

/** An expression of CloudWatch's metric math that is not evaluated here. */
export class UnknownMath extends Error {}

const TOKEN = /\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|[<>=!]=|[-+*/^(),<>])/y;
const COMPARISONS: { readonly [sign: string]: (a: number, b: number) => boolean } = {
  '<': (a, b) => a < b, '>': (a, b) => a > b, '<=': (a, b) => a <= b, '>=': (a, b) => a >= b, '==': (a, b) => a === b, '!=': (a, b) => a !== b,
};

/**
 * Evaluates an expression at one point in time: `+ - * / ^`, comparisons, parentheses, `FILL(x, number)` and `IF(condition, x, y)`.
 * Without a value of what it needs it has none, and neither has a division by zero.
 *
 * @throws UnknownMath for anything else
 */
export function evaluate(expression: string, valueOf: ValueOf): Value {
  const parser = new Parser(tokensOf(expression), valueOf);
  const value = parser.comparison();
  if (!parser.isAtEnd) { throw new UnknownMath(expression); }
  return value;
}

/** The ids that an expression names. @throws UnknownMath */
export function idsOf(expression: string): string[] {
  const ids: string[] = [];
  evaluate(expression, (id) => { ids.push(id); return 1; });
  return ids;
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < expression.trimEnd().length;) {
    const token = TOKEN.exec(expression);
    if (token === null) { throw new UnknownMath(expression); }
    tokens.push(token[1] as string);
  }
  return tokens;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly string[], private readonly valueOf: ValueOf) {}

  get isAtEnd(): boolean { return this.at === this.tokens.length; }

  comparison(): Value {
    const left = this.sum();
    const compare = COMPARISONS[this.tokens[this.at] ?? ''];
    if (compare === undefined) { return left; }
    this.at += 1;
    return both(left, this.sum(), (a, b) => (compare(a, b) ? 1 : 0));
  }

  private sum(): Value {
    let value = this.product();
    while (this.sees('+', '-')) { value = this.next() === '+' ? both(value, this.product(), (a, b) => a + b) : both(value, this.product(), (a, b) => a - b); }
    return value;
  }

  private product(): Value {
    let value = this.power();
    while (this.sees('*', '/')) { value = this.next() === '*' ? both(value, this.power(), (a, b) => a * b) : both(value, this.power(), (a, b) => (b === 0 ? undefined : a / b)); }
    return value;
  }

  private power(): Value {
    const base = this.atom();
    if (!this.sees('^')) { return base; }
    this.at += 1;
    return both(base, this.power(), (a, b) => a ** b);
  }

  private atom(): Value {
    const token = this.next();
    if (token === '-') { return both(0, this.atom(), (a, b) => a - b); }
    if (token === '(') {
      const value = this.comparison();
      this.require(')');
      return value;
    }
    if (/^\d/.test(token)) { return Number(token); }
    if (token === 'FILL' || token === 'IF') { return this.call(token); }
    // Ids begin with a small letter; in capitals are the functions.
    if (!/^[a-z]/.test(token)) { throw new UnknownMath(token); }
    return this.valueOf(token);
  }

  private call(name: string): Value {
    this.require('(');
    const values = [this.comparison()];
    while (this.sees(',')) {
      this.at += 1;
      values.push(this.comparison());
    }
    this.require(')');
    if (values.length !== (name === 'IF' ? 3 : 2)) { throw new UnknownMath(`${name} with ${values.length} arguments`); }
    if (name === 'FILL') { return values[0] ?? values[1]; }
    return values[0] === undefined ? undefined : values[0] !== 0 ? values[1] : values[2];
  }

  private sees(...tokens: string[]): boolean { return tokens.includes(this.tokens[this.at] ?? ''); }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) { throw new UnknownMath('an expression that ends early'); }
    this.at += 1;
    return token;
  }

  private require(token: string): void {
    if (this.next() !== token) { throw new UnknownMath(`an expression without its ${token}`); }
  }
}

const both = (a: Value, b: Value, of: (a: number, b: number) => Value) => (a === undefined || b === undefined ? undefined : of(a, b));
