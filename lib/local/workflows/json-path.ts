import { TextReader } from './text-reader';

type Tree = { [name: string]: unknown };

/** One step of a path: the values that it leads to from one value. */
interface Step {
  /** The name or index, where the step leads to one value. */
  readonly part?: string | number;
  readonly from: (value: unknown) => unknown[];
}

interface Path {
  /** `$$`: the context object. */
  readonly isContext: boolean;
  readonly steps: readonly Step[];
  /** It leads to one value, not to a list of those that were found. */
  readonly isDefinite: boolean;
}

const known = new Map<string, Path>();

/** Reads a path of the states language: names, indexes, slices, wildcards, `..` and filters, from the input (`$`) or the context object (`$$`). @throws Error for what is no path */
export function pathOf(text: string): Path {
  let path = known.get(text);
  if (path === undefined) {
    path = new PathReader(text).path();
    known.set(text, path);
  }
  return path;
}

/** `$.a.b[0]`, and nothing that may lead to several values: where a result is put. @throws Error */
export function requireReference(text: string): void {
  const { isDefinite, isContext } = pathOf(text);
  if (!isDefinite || isContext) { throw new Error(`not a reference path: ${text}`); }
}

/** The value at a path, of an indefinite path the list of what was found; undefined when there is none. */
export function valueAt(document: unknown, text: string, context?: unknown): unknown {
  const path = pathOf(text);
  const found = path.steps.reduce<unknown[]>((values, step) => values.flatMap((value) => step.from(value)), [path.isContext ? context : document]);
  return path.isDefinite ? found[0] : found;
}

/** The document with another value at the path; what it was stays as it was. */
export function withValueAt(document: unknown, text: string, value: unknown): unknown {
  const put = (at: unknown, [part, ...rest]: (string | number)[]): unknown => {
    if (part === undefined) { return value; }
    const object = typeof at === 'object' && at !== null ? at as Tree : {};
    return Array.isArray(at) ? at.map((element, index) => (index === part ? put(element, rest) : element)) : { ...object, [part]: put(object[part], rest) };
  };
  return put(document, pathOf(text).steps.map(({ part }) => part as string));
}

const children = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : []);
const descendants = (value: unknown): unknown[] => [value, ...children(value).flatMap(descendants)];

function member(value: unknown, part: string | number): unknown[] {
  if (Array.isArray(value)) {
    const index = typeof part === 'number' && part < 0 ? value.length + part : part;
    return typeof index === 'number' && index >= 0 && index < value.length ? [value[index]] : [];
  }
  return typeof part === 'string' && typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? [(value as Tree)[part]] : [];
}

const one = (part: string | number): Step => ({ part, from: (value) => member(value, part) });

type Test = (element: unknown) => unknown;
const NOTHING = Symbol('nothing');

/** Numbers among themselves, and texts. */
const ordered = (holds: (a: number, b: number) => boolean) => (a: unknown, b: unknown) => typeof a === typeof b && (typeof a === 'number' || typeof a === 'string') && holds(a as number, b as number);

const COMPARISONS: { readonly [operator: string]: (a: unknown, b: unknown) => boolean } = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': ordered((a, b) => a <= b),
  '>=': ordered((a, b) => a >= b),
  '<': ordered((a, b) => a < b),
  '>': ordered((a, b) => a > b),
};

/** Reads one path from left to right. */
class PathReader extends TextReader {
  path(): Path {
    const isContext = this.text.startsWith('$$');
    if (!this.take('$$') && !this.take('$')) { throw this.wrong(); }
    return { isContext, ...this.steps(() => this.at < this.text.length) };
  }

  private steps(goesOn: () => boolean): Omit<Path, 'isContext'> {
    const steps: Step[] = [];
    while (goesOn()) {
      if (this.take('..')) {
        steps.push({ from: descendants });
        if (!this.text.startsWith('[', this.at)) { steps.push(this.named()); }
      } else if (this.take('.')) {
        steps.push(this.named());
      } else if (this.take('[')) {
        steps.push(this.bracket());
      } else {
        throw this.wrong();
      }
    }
    return { steps, isDefinite: steps.every(({ part }) => part !== undefined) };
  }

  private named(): Step {
    if (this.take('*')) { return { from: children }; }
    return one(this.match(/[\p{L}_][\p{L}\p{N}_-]*/uy) ?? this.fail());
  }

  private bracket(): Step {
    const step = this.inBrackets();
    this.need(']');
    return step;
  }

  private inBrackets(): Step {
    if (this.take('*')) { return { from: children }; }
    if (this.take('?(')) {
      const test = this.either();
      this.need(')');
      return { from: (value) => children(value).filter((element) => isTrue(test(element))) };
    }
    const slice = this.match(/-?\d*:-?\d*(:\d+)?/y);
    if (slice !== undefined) {
      const [from, to, stride] = slice.split(':').map((part) => (part === '' ? undefined : Number(part)));
      return { from: (value) => (Array.isArray(value) ? value.slice(from, to).filter((_, index) => index % (stride ?? 1) === 0) : []) };
    }
    const parts = [this.part()];
    while (this.take(',')) { parts.push(this.part()); }
    if (parts.length === 1) { return one(parts[0] as string); }
    // Several names would make an object, and only at the end of a path.
    if (parts.some((part) => typeof part === 'string')) { this.fail(); }
    return { from: (value) => parts.flatMap((part) => member(value, part)) };
  }

  private part(): string | number {
    this.space();
    const index = this.match(/-?\d+/y);
    const part = index === undefined ? this.quoted() ?? this.fail() : Number(index);
    this.space();
    return part;
  }

  private either(): Test {
    const tests = [this.both()];
    while (this.take('||')) { tests.push(this.both()); }
    return tests.length === 1 ? tests[0] as Test : (element) => tests.some((test) => isTrue(test(element)));
  }

  private both(): Test {
    const tests = [this.comparison()];
    while (this.take('&&')) { tests.push(this.comparison()); }
    return tests.length === 1 ? tests[0] as Test : (element) => tests.every((test) => isTrue(test(element)));
  }

  private comparison(): Test {
    const left = this.operand();
    this.space();
    const operator = this.match(/==|!=|<=|>=|<|>/y);
    if (operator === undefined) { return left; }
    const right = this.operand();
    this.space();
    return (element) => (COMPARISONS[operator] as typeof COMPARISONS[string])(left(element), right(element));
  }

  private operand(): Test {
    this.space();
    if (this.take('!')) {
      const test = this.operand();
      return (element) => !isTrue(test(element));
    }
    if (this.take('(')) {
      const test = this.either();
      this.need(')');
      this.space();
      return test;
    }
    if (this.take('@')) {
      const { steps, isDefinite } = this.steps(() => /^[.[]/.test(this.text.slice(this.at)));
      return (element) => {
        const found = steps.reduce<unknown[]>((values, step) => values.flatMap((value) => step.from(value)), [element]);
        return found.length === 0 ? NOTHING : isDefinite ? found[0] : found;
      };
    }
    const literal = this.match(/-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null/y);
    const value: unknown = literal === undefined ? this.quoted() ?? this.fail() : JSON.parse(literal);
    return () => value;
  }

  private quoted(): string | undefined {
    const found = this.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y);
    return found?.slice(1, -1).replace(/\\(.)/g, '$1');
  }

  private need(text: string): void {
    this.space();
    if (!this.take(text)) { this.fail(); }
  }

  protected wrong(): Error { return new Error(`not a path that the local AWS understands: ${this.text}`); }
}

/** Alone, a path in a filter says that something is there. */
const isTrue = (value: unknown) => value !== NOTHING && value !== false;
