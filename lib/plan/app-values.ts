import type { Unknown, Unknowns } from '../local/run-one/unknown';

interface Left { readonly text: string; readonly unknown?: Unknown }

/** What the stacks that are deployed before this one leave for it: exports and SSM parameters as they will be. */
export class AppValues {
  /** The first stack that will not be deployed, which ends the deployment. */
  failed?: string;
  private readonly values = new Map<string, Left>();
  /** The exports that each stack imports then, by its Region and name. */
  private readonly imports = new Map<string, readonly string[]>();

  /** @param unknowns what of the text is not known */
  set(kind: 'export' | 'ssm', name: string, text: string, unknowns: readonly Unknown[]): void {
    this.values.set(`${kind} ${name}`, { text, unknown: unknowns.length === 0 ? undefined : allOf(unknowns) });
  }

  setImports(stack: string, region: string, names: readonly string[]): void { this.imports.set(`${region} ${stack}`, names); }

  /** Who imports an export by then. @param before those that do before the deployment */
  importerOf(exportName: string, region: string, before: readonly string[]): string | undefined {
    const still = before.filter((stack) => !this.imports.has(`${region} ${stack}`));
    const after = [...this.imports].filter(([stack, names]) => stack.startsWith(`${region} `) && names.includes(exportName)).map(([stack]) => stack.slice(region.length + 1));
    return [...still, ...after][0];
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
