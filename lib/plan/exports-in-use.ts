import { sameValue } from '../local/cloudformation/resource-type';
import type { Unknowns } from '../local/run-one/unknown';
import { allOf } from './app-values';
import type { StackSide } from './stack-side';

/** Who can say what is known of exports, and of those who import them. */
export interface Importers {
  readonly side?: Pick<StackSide, 'exports' | 'importers'>;
  readonly unknowns: Unknowns;
  /** @param known those that the deployed side names */
  importerOf(name: string, known: readonly string[]): string | undefined;
}

/**
 * CloudFormation keeps what others import as it is: an update that would change it fails when all else is done.
 *
 * @param before what the deployed template exports, by name
 * @param after what the template will
 */
export async function exportsInUse(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>, { side, unknowns, importerOf }: Importers): Promise<string[]> {
  // A name that is not known may be any.
  const areKnown = [...after.keys()].every((name) => unknowns.allWithin(name).length === 0);
  const reasons: string[] = [];
  for (const name of Object.keys(side?.exports ?? Object.fromEntries(before))) {
    const changes = after.has(name) ? isAnother(unknowns, side?.exports?.[name], before.get(name), after.get(name)) : areKnown;
    const user = changes ? importerOf(name, await side?.importers?.(name) ?? []) : undefined;
    if (user !== undefined) { reasons.push(`Cannot update export ${name} as it is in use by ${user}`); }
  }
  return reasons;
}

/** Whether a value is another for certain. @param known what it is, where that is known. @param old as it follows from the template */
function isAnother(unknowns: Unknowns, known: string | undefined, old: string | undefined, wanted: string | undefined): boolean {
  const [before, after] = [old, wanted].map((text) => unknowns.allWithin(text));
  if (after!.length === 0) { return known !== undefined ? known !== wanted : before!.length === 0 && old !== wanted; }
  if (after!.some(({ novelty }) => novelty !== 'same')) { return allOf(after!).novelty === 'new'; }
  return sameValue(before, after) && old !== wanted;
}

/** The names of what is imported, as the template has them. */
export function importsIn(expression: unknown): unknown[] {
  if (typeof expression !== 'object' || expression === null) { return []; }
  return Object.entries(expression).flatMap(([name, argument]) => (name === 'Fn::ImportValue' ? [argument as unknown] : importsIn(argument)));
}
