/** What a value is that only a deployed stack has. */
export interface Unknown {
  /** For sentences: `the model of Digits/Train`. */
  readonly what: string;
  /** Of the resource whose value it is. */
  readonly logicalId?: string;
  readonly attribute?: string;
  /** How it can be given, where that does not depend on where it is used. */
  readonly hint?: string;
  /** Whether it is what it was (`same`), something that has never been before (`new`), or may be either. @default - it may be either */
  readonly novelty?: 'same' | 'new';
}

const MARK = /\u0001(\d+)\u0001/g;

/** Values that are not known: texts that stand for them, also within other texts, and what they stand for. */
export class Unknowns {
  private readonly all: Unknown[] = [];

  /** A text that stands for it. */
  mark(unknown: Unknown): string {
    const known = this.all.findIndex(({ what, attribute, novelty }) => what === unknown.what && attribute === unknown.attribute && novelty === unknown.novelty);
    return `\u0001${known < 0 ? this.all.push(unknown) - 1 : known}\u0001`;
  }

  /** The first that a text stands for, or has within. */
  in(value: unknown): Unknown | undefined {
    if (typeof value !== 'string') { return undefined; }
    const [found] = value.matchAll(MARK);
    return found === undefined ? undefined : this.all[Number(found[1])];
  }

  /** All that a value has within, once each. */
  allWithin(value: unknown): Unknown[] {
    const texts = typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value) : [];
    const found = typeof value === 'string' ? [...value.matchAll(MARK)].flatMap(([, number]) => this.all[Number(number)] ?? []) : texts.flatMap((text) => this.allWithin(text));
    return [...new Set(found)];
  }

  /** A text for people. */
  shown(text: string): string { return text.replace(MARK, (_, number: string) => `(${this.all[Number(number)]?.what ?? ''})`); }

  /** Every one below a value, with the way to it. */
  within(value: unknown, path: readonly string[] = []): { readonly path: readonly string[]; readonly unknown: Unknown }[] {
    if (typeof value === 'string') {
      const unknown = this.in(value);
      return unknown === undefined ? [] : [{ path, unknown }];
    }
    return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([name, member]) => this.within(member, [...path, nameOf(value, name)]));
  }
}

/** Members of a list are called after what they are known by. */
function nameOf(value: object, index: string): string {
  if (!Array.isArray(value)) { return index; }
  const member = value[Number(index)] as { readonly ChannelName?: string; readonly VariantName?: string } | undefined;
  return String(member?.ChannelName ?? member?.VariantName ?? index);
}
