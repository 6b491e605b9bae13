import { validationException } from './service-error';

/** A state machine's definition, as far as the local AWS runs it: Standard, JSONPath. */
export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: { readonly [name: string]: State };
}

export interface State {
  readonly Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';
  readonly Next?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Parameters?: unknown;
  readonly ResultSelector?: unknown;
  readonly Result?: unknown;
  readonly InputPath?: string | null;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string; readonly ResultPath?: string | null }[];
  readonly Choices?: readonly (Rule & { readonly Next: string })[];
  readonly Default?: string;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Rule { readonly [operator: string]: unknown }

const COMMON = ['Type', 'Comment', 'Next', 'End', 'InputPath', 'OutputPath'];
const FIELDS: { readonly [type: string]: readonly string[] } = {
  Task: [...COMMON, 'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch', 'TimeoutSeconds'],
  Choice: ['Type', 'Comment', 'InputPath', 'OutputPath', 'Choices', 'Default'],
  Wait: [...COMMON, 'Seconds', 'SecondsPath'],
  Pass: [...COMMON, 'Parameters', 'Result', 'ResultPath'],
  Succeed: ['Type', 'Comment', 'InputPath', 'OutputPath'],
  Fail: ['Type', 'Comment', 'Error', 'Cause'],
};
export const COMPARISONS: { readonly [operator: string]: (value: unknown, wanted: unknown) => boolean } = {
  IsPresent: (value, wanted) => (value !== undefined) === wanted,
  IsNull: (value, wanted) => (value === null) === wanted,
  BooleanEquals: (value, wanted) => typeof value === 'boolean' && value === wanted,
  StringEquals: (value, wanted) => typeof value === 'string' && value === wanted,
  NumericEquals: (value, wanted) => typeof value === 'number' && value === wanted,
  NumericLessThan: (value, wanted) => typeof value === 'number' && value < (wanted as number),
  NumericLessThanEquals: (value, wanted) => typeof value === 'number' && value <= (wanted as number),
  NumericGreaterThan: (value, wanted) => typeof value === 'number' && value > (wanted as number),
  NumericGreaterThanEquals: (value, wanted) => typeof value === 'number' && value >= (wanted as number),
};

const isLambdaInvoke = (resource: unknown) => /^arn:[a-z-]+:states:::lambda:invoke$/.test(String(resource));

/**
 * Reads a definition.
 *
 * @throws ServiceError `InvalidDefinition`, or a refusal by name of what the local AWS does not run
 */
export function definitionOf(text: string): Definition {
  let definition: Definition & { readonly QueryLanguage?: string };
  try { definition = JSON.parse(text) as Definition; } catch { throw invalid('it is not JSON'); }
  const { States: states, StartAt: start, QueryLanguage: language = 'JSONPath' } = definition;
  if (language !== 'JSONPath') { throw unsupportedState('QueryLanguage', language); }
  if (typeof states !== 'object' || states === null) { throw invalid('it has no States'); }
  requireState(states, start, 'StartAt');
  for (const [name, state] of Object.entries(states)) { requireKnown(name, state, states); }
  return definition;
}

function requireKnown(name: string, state: State, states: Definition['States']): void {
  const fields = FIELDS[state.Type];
  if (fields === undefined) { throw unsupportedState(name, `a state of Type ${String(state.Type)}`); }
  const unknown = Object.keys(state).filter((field) => !fields.includes(field));
  if (unknown.length > 0) { throw unsupportedState(name, unknown.join(', ')); }
  if (state.Type === 'Task' && !isLambdaInvoke(state.Resource)) { throw unsupportedState(name, `Resource ${String(state.Resource)}`); }
  const isLast = state.Type === 'Succeed' || state.Type === 'Fail' || state.Type === 'Choice';
  if (!isLast && (state.Next === undefined) === (state.End !== true)) { throw invalid(`${name} needs either Next or End`); }
  const next = [state.Next, state.Default, ...(state.Catch ?? []).map((catcher) => catcher.Next), ...(state.Choices ?? []).map((choice) => choice.Next)];
  for (const target of next) { if (target !== undefined) { requireState(states, target, name); } }
  for (const rule of state.Choices ?? []) { requireRule(name, rule); }
  requirePlain(name, [state.Parameters, state.ResultSelector]);
}

function requireRule(name: string, rule: Rule): void {
  for (const nested of [rule.And, rule.Or, rule.Not].flat()) { if (nested !== undefined) { requireRule(name, nested as Rule); } }
  const operators = Object.keys(rule).filter((key) => !['Variable', 'Next', 'Comment', 'And', 'Or', 'Not'].includes(key));
  const unknown = operators.filter((operator) => !Object.hasOwn(COMPARISONS, operator));
  if (unknown.length > 0) { throw unsupportedState(name, unknown.join(', ')); }
}

/** Intrinsic functions (`States.Format` and the rest) are not understood here. */
function requirePlain(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) { return; }
  for (const [key, member] of Object.entries(value)) {
    if (key.endsWith('.$') && typeof member === 'string' && !member.startsWith('$')) { throw unsupportedState(name, member); }
    requirePlain(name, member);
  }
}

function requireState(states: Definition['States'], name: string, where: string): void {
  if (!Object.hasOwn(states, name)) { throw invalid(`${where} names a state that is not there: ${name}`); }
}

const invalid = (why: string) => Object.assign(validationException(`Invalid State Machine Definition: ${why}`), { name: 'InvalidDefinition' });
const unsupportedState = (name: string, what: string) => invalid(`not supported by the local AWS: ${what} (${name})`);
