import type { IConstruct } from 'constructs';
import { isToken, matches, oneOf, refuse } from './checks';
import { PROFILER_REPORT, PROFILER_RULES, type Parameter } from './built-in-rules';

type Texts = { readonly [name: string]: string };

/** What a rule of the profiler is told: all its parameters, those of the user in the place of the defaults. */
export function profilerRuleParameters(scope: IConstruct, rule: string, given: Texts = {}): Texts {
  if (rule === PROFILER_REPORT) { return reportParameters(scope, given); }
  const known = PROFILER_RULES[rule];
  for (const [name, value] of Object.entries(given)) {
    oneOf(scope, 'parameters', name, Object.keys(known));
    check(scope, `parameters.${name}`, value, known[name]);
  }
  return { ...Object.fromEntries(Object.entries(known).map(([name, [, value]]) => [name, value])), ...given, rule_to_invoke: rule };
}

/** Parameters of the other rules, each called `<rule>_<parameter>`; the SDK takes the rule's name in any case. */
function reportParameters(scope: IConstruct, given: Texts): Texts {
  for (const [name, value] of Object.entries(given)) {
    matches(scope, 'parameters', name, /^[^_]+_./, 'called <rule>_<parameter>');
    const [rule, parameter] = [name.slice(0, name.indexOf('_')), name.slice(name.indexOf('_') + 1).toLowerCase()];
    const found = Object.keys(PROFILER_RULES).find((known) => known.toLowerCase() === rule.toLowerCase());
    if (found === undefined) { refuse(scope, `parameters.${name}`, `begin with one of ${Object.keys(PROFILER_RULES).join(', ')}`, rule); }
    const known = PROFILER_RULES[found];
    oneOf(scope, `parameters.${name}: the parameter of ${found}`, parameter, Object.keys(known));
    check(scope, `parameters.${name}`, value, known[parameter]);
  }
  return { ...given, rule_to_invoke: PROFILER_REPORT };
}

function check(scope: IConstruct, prop: string, value: string, [kind]: Parameter): void {
  if (kind === 'text' || isToken(value)) { return; }
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (kind === 'percentage' && !(number >= 0 && number <= 100)) { refuse(scope, prop, 'be a number between 0 and 100', value); }
  if (kind === 'positive' && !(number > 0)) { refuse(scope, prop, 'be a number above 0', value); }
}

/**
 * Actions as the evaluator takes them: JSON whose quotes are escaped once more, because it is read as part of a literal of
 * Python. One action stands alone, several are a list.
 */
export function actionJson(actions: readonly Texts[]): string {
  const texts = actions.map((members) => `{${Object.entries(members).map(([name, value]) => `\\"${name}\\": \\"${value}\\"`).join(', ')}}`);
  return texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
}
