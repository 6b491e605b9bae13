import { stringified } from '../local/cloudformation/custom-answer';
import { referencesIn } from '../local/cloudformation/dependencies';
import type { Scope } from '../local/cloudformation/intrinsics';
import type { LoadedTemplate } from '../local/cloudformation/loaded-template';
import { isCustom } from '../local/cloudformation/resource-type';
import type { Properties } from '../local/cloudformation/stack-record';
import type { Unknowns } from '../local/run-one/unknown';

/** The values of expressions in a template, some of which hang on what is not known. */
export class ValuesIn {
  /** @param pathOf what the app calls a resource */
  constructor(private readonly unknowns: Unknowns, private readonly pathOf: (logicalId: string) => string) {}

  properties(loaded: LoadedTemplate, logicalId: string, resource: Scope['resource']): Properties {
    const { Type: type, Properties: properties = {} } = loaded.resources[logicalId]!;
    return asSent(type, this.of(loaded, properties, logicalId, resource) as Properties);
  }

  /** Function by function: one that can't be computed of values that are not known leaves the others as they are. */
  of(loaded: LoadedTemplate, expression: unknown, path: string, resource: Scope['resource']): unknown {
    if (Array.isArray(expression)) { return expression.map((element: unknown) => this.of(loaded, element, path, resource)).filter((element) => element !== undefined); }
    if (typeof expression !== 'object' || expression === null) { return typeof expression === 'string' ? this.computed(loaded, expression, path, resource) : expression; }
    const [[name, argument] = [''], ...others] = Object.entries(expression);
    if (others.length === 0 && name === 'Fn::If' && Array.isArray(argument)) {
      return this.of(loaded, argument[loaded.value({ 'Fn::If': [argument[0], true, false] }, path, resource) === true ? 1 : 2], path, resource);
    }
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) { return this.computed(loaded, expression, path, resource); }
    return Object.fromEntries(Object.entries(expression).map(([member, value]) => [member, this.of(loaded, value, path, resource)] as const).filter(([, value]) => value !== undefined));
  }

  private computed(loaded: LoadedTemplate, expression: unknown, path: string, resource: Scope['resource']): unknown {
    try {
      return loaded.value(expression, path, resource);
    } catch (error) {
      const names = [...new Set(referencesIn(expression, () => true))].filter((name) => loaded.resources[name] !== undefined);
      const unknowns = names.flatMap((name) => this.unknowns.allWithin(resource(name)?.ref ?? ''));
      const what = names.length === 0 ? (error as Error).message : `what is made of ${names.map(this.pathOf).join(', ')}`;
      return this.unknowns.mark({ what, attribute: JSON.stringify(expression), novelty: unknowns.every(({ novelty }) => novelty === 'same') ? 'same' : undefined });
    }
  }
}

/** Custom resources get every scalar as a text. */
export const asSent = (type: string, properties: Properties): Properties => (isCustom(type) ? stringified(properties) as Properties : properties);
