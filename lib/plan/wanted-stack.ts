import { constructOf, withNested, type SynthesizedStack } from '../audit/synthesized';
import type { AssemblyStack } from '../local/assembly';
import type { Template } from '../local/cloudformation/template';

/** A stack as an assembly has it, nested or not. */
export interface WantedStack {
  /** What the CDK calls it: `Stage/Stack`. */
  readonly path: string;
  readonly stackName: string;
  readonly region?: string;
  readonly account?: string;
  readonly template: Template;
  /** Of the template, as the app sets them. */
  readonly parameters: { readonly [name: string]: string };
  /** Logical id -> path of the construct, the stack included. */
  readonly paths: ReadonlyMap<string, string>;
  /** Those nested in it, by logical id. */
  readonly nested: ReadonlyMap<string, WantedStack>;
}

/** A stack of an assembly, with those that are nested in it. */
export function wantedStack(stack: AssemblyStack): WantedStack {
  const all = withNested(stack);
  const of = (synthesized: SynthesizedStack): WantedStack => ({
    path: synthesized.path, stackName: stack.stackName, region: stack.region, account: stack.account,
    template: { ...synthesized.template, Resources: synthesized.template.Resources ?? {} } as unknown as Template,
    parameters: synthesized.parent === undefined ? stack.parameters : {},
    paths: synthesized.paths,
    nested: new Map(all.filter(({ parent }) => parent?.stack === synthesized).map((child) => [(child.parent as { logicalId: string }).logicalId, of(child)])),
  });
  return of(all[0] as SynthesizedStack);
}

/** What the app calls a resource; one that the app has no more is found by what the side calls it, without the stack's path. */
export function pathOf({ path, paths }: Pick<WantedStack, 'path' | 'paths'>, logicalId: string, known: { readonly [logicalId: string]: string } = {}): string {
  const own = paths.get(logicalId);
  return own ?? `${path}/${constructOf(known[logicalId] ?? logicalId)}`;
}
