import { invalidTemplate } from './template';
import type { ResourceDeclaration } from './template';

/** Logical id -> the logical ids it needs, in the template's order. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/**
 * What each resource waits for: `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`.
 *
 * @param condition decides which branch of an `Fn::If` counts
 * @throws ServiceError ValidationError for names that are not in the template, and for circles
 */
export function dependenciesOf(resources: { readonly [id: string]: ResourceDeclaration }, parameters: ReadonlySet<string>, condition: (name: string) => boolean): Dependencies {
  const graph = new Map<string, readonly string[]>();
  const unresolved = new Set<string>();
  for (const [id, resource] of Object.entries(resources)) {
    const names = new Set([...[resource.DependsOn ?? []].flat(), ...referencesIn(resource.Properties, condition)].filter((name) => !parameters.has(name) && !name.startsWith('AWS::')));
    for (const name of names) { if (!Object.hasOwn(resources, name)) { unresolved.add(name); } }
    graph.set(id, [...names]);
  }
  if (unresolved.size > 0) { throw invalidTemplate(`Template format error: Unresolved resource dependencies [${[...unresolved].join(', ')}] in the Resources block of the template`); }
  requireNoCircle(graph);
  return graph;
}

/** The names that an expression refers to. */
export function referencesIn(expression: unknown, condition: (name: string) => boolean): string[] {
  if (Array.isArray(expression)) { return expression.flatMap((element) => referencesIn(element, condition)); }
  if (typeof expression !== 'object' || expression === null) { return []; }
  return Object.entries(expression).flatMap(([name, argument]) => {
    if (name === 'Ref' && typeof argument === 'string') { return [argument]; }
    if (name === 'Fn::GetAtt') { return [String(typeof argument === 'string' ? argument.split('.')[0] : (argument as unknown[])[0])]; }
    if (name === 'Fn::If' && Array.isArray(argument)) { return referencesIn(argument[condition(String(argument[0])) ? 1 : 2], condition); }
    if (name === 'Fn::Sub') { return referencesInSub(argument, condition); }
    return referencesIn(argument, condition);
  });
}

function referencesInSub(argument: unknown, condition: (name: string) => boolean): string[] {
  const [template, variables] = typeof argument === 'string' ? [argument, {}] : argument as [string, Record<string, unknown>];
  const names = [...template.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => String(match[1]));
  return [...names.filter((name) => !Object.hasOwn(variables, name)).map((name) => String(name.split('.')[0])), ...referencesIn(variables, condition)];
}

function requireNoCircle(graph: Dependencies): void {
  const done = new Set<string>();
  const visit = (id: string, trail: readonly string[]): void => {
    if (done.has(id)) { return; }
    if (trail.includes(id)) { throw invalidTemplate(`Circular dependency between resources: [${trail.slice(trail.indexOf(id)).join(', ')}]`); }
    for (const next of graph.get(id) ?? []) { visit(next, [...trail, id]); }
    done.add(id);
  };
  for (const id of graph.keys()) { visit(id, []); }
}

/** The same edges, turned around: what has to go before each. */
export function dependents(graph: Dependencies): Dependencies {
  const turned = new Map<string, string[]>([...graph.keys()].reverse().map((id) => [id, []]));
  for (const [id, needed] of graph) {
    for (const name of needed) { turned.get(name)?.push(id); }
  }
  return turned;
}
