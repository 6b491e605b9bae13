import type { Elsewhere, References } from './references';
import type { SynthesizedStack } from './synthesized';

/** A statement of a policy, in texts that are alike where the same is meant. */
export interface Statement {
  readonly effect: string;
  /** With `NotAction`: all but these. */
  readonly actions: readonly string[];
  readonly isNotAction?: true;
  /** None in a trust policy. */
  readonly resources: readonly string[];
  readonly isNotResource?: true;
  readonly principals?: readonly string[];
  /** Operator -> key -> values. */
  readonly conditions?: { readonly [operator: string]: { readonly [key: string]: readonly string[] } };
}

/** Where texts are from. */
export interface Origin {
  readonly references: References;
  readonly stack: SynthesizedStack;
  readonly also?: Elsewhere;
}

interface Json { readonly [member: string]: unknown }

export function statementOf(json: Json, { references, stack, also }: Origin): Statement {
  const texts = (value: unknown): string[] => (value === undefined ? [] : Array.isArray(value) ? value.flatMap(texts) : [references.text(value, stack, also)]);
  const conditions = Object.entries((json.Condition ?? {}) as { [operator: string]: Json }).sort()
    .map(([operator, keys]) => [operator, Object.fromEntries(Object.entries(keys).sort().map(([key, values]) => [key, texts(values).sort()]))] as const);
  return {
    effect: String(json.Effect ?? 'Allow'),
    // what a condition of the template chooses is told as it is
    actions: texts(json.Action ?? json.NotAction ?? json),
    ...(json.NotAction === undefined ? {} : { isNotAction: true as const }),
    resources: texts(json.Resource ?? json.NotResource),
    ...(json.NotResource === undefined ? {} : { isNotResource: true as const }),
    ...(json.Principal === undefined ? {} : { principals: principalsOf(json.Principal, texts) }),
    ...(conditions.length === 0 ? {} : { conditions: Object.fromEntries(conditions) }),
  };
}

/** The statements of a document, which may be one alone. */
export function statementsOf(document: unknown, origin: Origin): Statement[] {
  const statements = document === undefined ? [] : (document as { readonly Statement?: Json | readonly Json[] }).Statement ?? document;
  return [statements].flat().map((json) => statementOf(json as Json, origin));
}

function principalsOf(principal: unknown, texts: (value: unknown) => string[]): string[] {
  return typeof principal === 'string' ? [principal] : Object.values(principal as Json).flatMap(texts);
}

/** One action on one resource. What the CDK merges, and what it doesn't, are the same atoms. */
export interface Atom {
  readonly action: string;
  readonly resource: string;
  /** Alike for atoms that allow the same. */
  readonly key: string;
}

export function atomsOf({ effect, actions, isNotAction, resources, isNotResource, conditions }: Statement): Atom[] {
  // of what all but these are, the whole list counts
  const sides = (texts: readonly string[], isNot?: true) => (isNot ? [`all but ${[...texts].sort().join(', ')}`] : texts.length === 0 ? [''] : texts);
  return sides(actions, isNotAction).flatMap((action) => sides(resources, isNotResource)
    .map((resource) => ({ action, resource, key: JSON.stringify([effect, action, resource, conditions ?? {}]) })));
}
