import type { IConstruct } from 'constructs';
import type { ParameterRange } from '../parameter-range';
import { refuse } from './checks';
import { allowedBy, rulesOf, textByRule, type Rule } from './hyperparameter-rules';
import { choices } from './parameter-ranges';
import { unresolved } from './python-text';

type Values = { readonly [name: string]: unknown };

/**
 * The text of every hyperparameter that the algorithm knows, by the algorithm's names: those of the props, and those of the
 * user's own map, where the same name may not be again. What the algorithm is not known to have is left to the user's map.
 */
export function builtInHyperparameters(scope: IConstruct, algorithm: string, props: Values, others: Values): { [name: string]: string } {
  const texts: { [name: string]: string } = {};
  for (const [prop, rule] of rulesOf(algorithm)) {
    const [value, other] = [props[prop], others[rule.name]];
    if (value !== undefined && other !== undefined) { refuse(scope, `hyperparameters.${rule.name}`, `be left out, for algorithm.${prop} says it`, other); }
    if (value === undefined && other === undefined && rule.isRequired) { refuse(scope, `algorithm.${prop}`, 'be given', undefined); }
    if (value !== undefined && value !== null) { texts[rule.name] = textOf(scope, `algorithm.${prop}`, { ...rule, mayBeAuto: false }, value); }
    if (other !== undefined) { texts[rule.name] = textOf(scope, `hyperparameters.${rule.name}`, rule, other); }
  }
  return texts;
}

/** What a tuning job searches: each value of a range is one that the hyperparameter may have. Other names are left to the algorithm. */
export function checkBuiltInRanges(scope: IConstruct, algorithm: string, ranges: { readonly [hyperparameter: string]: ParameterRange }): void {
  const rules = rulesOf(algorithm);
  for (const [name, { config: { rangeType, values } }] of Object.entries(ranges)) {
    const rule = rules.find(([, each]) => each.name === name)?.[1];
    const meant = rules.find(([prop]) => prop === name)?.[1].name;
    if (!rule && meant !== undefined) { refuse(scope, `ranges.${name}`, `be called ${meant}, as the algorithm calls it`, name); }
    if (!rule) { continue; }
    if (rangeType === 'Continuous' && rule.kind === 'whole') { refuse(scope, `ranges.${name}`, 'be ParameterRange.integer, for it is a whole number', rangeType); }
    for (const value of choices(values)) { textOf(scope, `ranges.${name}`, { ...rule, mayBeAuto: rule.mayBeAuto && rangeType === 'Categorical' }, value); }
  }
}

/** Whether the algorithm has a hyperparameter by the name of the prop. */
export function knowsHyperparameter(algorithm: string, prop: string): boolean {
  return rulesOf(algorithm).some(([known]) => known === prop);
}

function textOf(scope: IConstruct, prop: string, rule: Rule, value: unknown): string {
  return textByRule(rule, value, unresolved) ?? refuse(scope, prop, `be ${allowedBy(rule)}`, value);
}
