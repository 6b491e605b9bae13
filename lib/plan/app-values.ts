import type { Unknown, Unknowns } from '../local/run-one/unknown';

interface Left { readonly text: string; readonly unknown?: Unknown }

/** What the stacks that are deployed before this one leave for it: exports and SSM parameters as they will be. */
export class AppValues {
  private readonly values = new Map<string, Left>();

  /** @param unknowns what of the text is not known */
  set(kind: 'export' | 'ssm', name: string, text: string, unknowns: readonly Unknown[]): void {
    this.values.set(`${kind} ${name}`, { text, unknown: unknowns.length === 0 ? undefined : allOf(unknowns) });
  }

  /** One that is not known is marked among the unknowns of whoever asks. */
  text(kind: 'export' | 'ssm', name: string, unknowns: Unknowns): string | undefined {
    const left = this.values.get(`${kind} ${name}`);
    return left?.unknown === undefined ? left?.text : unknowns.mark(left.unknown);
  }
}

/** Several unknown values as one. */
export function allOf(unknowns: readonly Unknown[]): Unknown {
  const has = (novelty: Unknown['novelty']) => unknowns.some((each) => each.novelty === novelty);
  return { what: [...new Set(unknowns.map(({ what }) => what))].join(', '), novelty: has('new') ? 'new' : has(undefined) ? undefined : 'same' };
}
