import { RECORD_PATH } from '../../limits/record-path';

/** A part of a path: names of members, or positions in a list. */
type Step = { readonly names: readonly string[] } | { readonly positions: ReadonlyArray<number | Slice> };
type Slice = { readonly from?: number; readonly to?: number };

/** A path that is none, or that leads nowhere in a record. */
export class PathError extends Error {}

/**
 * A JSONPath as batch transform filters have it: `$`, `.name`, `['name','other']`, `[0,-1,2:5]`, `[*]` and `.*`.
 *
 * Several names leave an object of them, several positions a list.
 */
export class RecordPath {
  private readonly steps: readonly Step[];

  /** @throws PathError for a text that is no such path */
  constructor(private readonly text: string) {
    if (!RECORD_PATH.test(text)) { throw new PathError(`${text} is not a JSONPath of the kind that filters take`); }
    this.steps = [...text.slice(1).matchAll(/\.?\[((?:[^\]']|'[^']*')+)\]|\.(\*)|\.([^.[\]*'\s]+)/g)]
      .map(([, inBrackets, star, name]): Step => (name !== undefined ? { names: [name] } : star !== undefined ? { positions: [{}] } : this.brackets(inBrackets as string)));
  }

  /** Whether it takes the record as it is. */
  public get isAll(): boolean {
    return this.steps.length === 0;
  }

  /** @throws PathError when the record has no such part */
  public of(record: unknown): unknown {
    return this.walk(record, 0);
  }

  private walk(value: unknown, at: number): unknown {
    const step = this.steps[at];
    if (step === undefined) { return value; }
    if ('names' in step) {
      if (step.names.length === 1) { return this.walk(this.member(value, step.names[0] as string), at + 1); }
      return Object.fromEntries(step.names.map((name) => [name, this.walk(this.member(value, name), at + 1)]));
    }
    const [only] = step.positions;
    if (step.positions.length === 1 && typeof only === 'number') { return this.walk(this.element(this.list(value), only), at + 1); }
    return step.positions.flatMap((position) => this.elements(this.list(value), position)).map((element) => this.walk(element, at + 1));
  }

  private member(value: unknown, name: string): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) { throw new PathError(`${this.text}: there is no ${name}`); }
    return (value as Record<string, unknown>)[name];
  }

  private list(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) { return value; }
    if (typeof value === 'object' && value !== null) { return Object.values(value); }
    throw new PathError(`${this.text}: there is no list`);
  }

  private element(list: readonly unknown[], position: number): unknown {
    const at = position < 0 ? list.length + position : position;
    if (at < 0 || at >= list.length) { throw new PathError(`${this.text}: position ${position} is not among ${list.length}`); }
    return list[at];
  }

  private elements(list: readonly unknown[], position: number | Slice): readonly unknown[] {
    if (typeof position === 'number') { return [this.element(list, position)]; }
    if (position.from !== undefined && position.from >= list.length) { throw new PathError(`${this.text}: position ${position.from} is not among ${list.length}`); }
    return list.slice(position.from ?? 0, position.to ?? list.length);
  }

  private brackets(text: string): Step {
    const parts = (text.match(/'[^']*'|[^,]+/g) ?? []).map((part) => part.trim());
    if (parts.every((part) => /^'[^']+'$/.test(part))) { return { names: parts.map((part) => part.slice(1, -1)) }; }
    return { positions: parts.map((part) => {
      if (part === '*') { return {}; }
      if (/^-?\d+$/.test(part)) { return Number(part); }
      const slice = /^(-?\d+)?:(-?\d+)?$/.exec(part);
      if (slice === null) { throw new PathError(`${this.text}: ${part} is neither a name in quotes nor a position`); }
      return { from: slice[1] === undefined ? undefined : Number(slice[1]), to: slice[2] === undefined ? undefined : Number(slice[2]) };
    }) };
  }
}
