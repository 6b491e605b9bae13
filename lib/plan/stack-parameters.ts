import type { Surroundings } from '../local/cloudformation/loaded-template';
import { asType, parameterValues } from '../local/cloudformation/parameters';
import type { ParameterValues } from '../local/cloudformation/stack-record';
import type { Template } from '../local/cloudformation/template';
import type { Unknown, Unknowns } from '../local/run-one/unknown';
import type { StackSide } from './stack-side';

/** What the parameters of a stack are known by. */
export interface Given {
  /** With the deployment. */
  readonly given: { readonly [name: string]: string };
  readonly before: ParameterValues;
  readonly side?: StackSide;
  readonly unknowns: Unknowns;
  /** What holds of those of which nobody says anything. */
  readonly unasked: Unknown['novelty'];
}

/** The parameters of a stack as it is deployed. */
export function parametersBefore(side: StackSide | undefined): ParameterValues {
  const { parameters = {}, given = {}, template } = side ?? {};
  return Object.fromEntries(Object.entries(parameters).map(([name, text]) => [name, { given: given[name] ?? text, value: asType(text, template?.Parameters?.[name]?.Type ?? '') }]));
}

/** Those of a template, once it is deployed: what nobody gives a value is given one with the deployment. */
export function parametersThen(template: Template, { given: all, before, side, unknowns, unasked }: Given, { ssmParameter }: Pick<Surroundings, 'ssmParameter'>): ParameterValues {
  const declared = Object.entries(template.Parameters ?? {});
  const given = Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(template.Parameters ?? {}, name)));
  // Those that are deployed and have no value there are not to be shown; they stay what they are.
  const isHidden = (name: string) => given[name] === undefined && before[name] === undefined && side?.stackId !== undefined && side.template.Parameters?.[name] !== undefined;
  const isOpen = (name: string) => isHidden(name) || given[name] === undefined && before[name] === undefined && template.Parameters?.[name]?.Default === undefined;
  const open = declared.filter(([name]) => isOpen(name)).map(([name]) => {
    const text = unknowns.mark({ what: `the parameter ${name}`, novelty: isHidden(name) ? 'same' : unasked });
    return [name, { given: text, value: text }] as const;
  });
  const rest = { ...template, Parameters: Object.fromEntries(declared.filter(([name]) => !isOpen(name))) };
  return { ...parameterValues(rest, given, before, ssmParameter), ...Object.fromEntries(open) };
}
