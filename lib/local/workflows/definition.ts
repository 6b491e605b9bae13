import { validationException } from '../service-error';
import { requireRule, type Rule } from './choice-rules';
import { expressionOf } from './intrinsic-functions';
import { pathOf, requireReference } from './json-path';
import { requireTemplate } from './payload-template';

/** States, and which of them comes first. */
export interface States {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
}

/** A state machine's definition, as far as the local AWS runs it: Standard, JSONPath. */
export interface Definition extends States {
  readonly TimeoutSeconds?: number;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

export interface State {
  readonly Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
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
  readonly TimeoutSecondsPath?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly (Rule & { readonly Next: string })[];
  readonly Default?: string;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
  readonly Branches?: readonly States[];
  readonly ItemProcessor?: States;
  readonly Iterator?: States;
  readonly ItemsPath?: string;
  readonly ItemSelector?: unknown;
  readonly MaxConcurrency?: number;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

const IN_AND_OUT = ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath'];
const COMMON = [...IN_AND_OUT, 'Next', 'End'];
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];
const FIELDS: { readonly [type: string]: readonly string[] } = {
  Task: [...COMMON, ...RESULT, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath'],
  Parallel: [...COMMON, ...RESULT, 'Branches'],
  Map: [...COMMON, ...RESULT, 'ItemProcessor', 'Iterator', 'ItemsPath', 'ItemSelector', 'MaxConcurrency'],
  Choice: [...IN_AND_OUT, 'Choices', 'Default'],
  Wait: [...COMMON, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Pass: [...COMMON, 'Parameters', 'Result', 'ResultPath'],
  Succeed: IN_AND_OUT,
  Fail: ['Type', 'Comment', 'QueryLanguage', 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};
const MACHINE_FIELDS = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage'];
const RETRIER_FIELDS = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
const CATCHER_FIELDS = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];
const WAITS = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'] as const;
const PATHS = ['InputPath', 'OutputPath', 'ItemsPath'] as const;
const REFERENCES = ['ResultPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath'] as const;

/** Why a task can't be run here; undefined where it can. */
export type RefusesTask = (resource: string) => string | undefined;

/**
 * Reads a definition.
 *
 * @throws ServiceError `InvalidDefinition`, or a refusal by name of what the local AWS does not run
 */
export function definitionOf(text: string, refuses: RefusesTask): Definition {
  let definition: Definition & { readonly QueryLanguage?: string };
  try { definition = JSON.parse(text) as Definition; } catch { throw invalid('it is not JSON'); }
  if (typeof definition !== 'object' || definition === null) { throw invalid('it is no object'); }
  const { QueryLanguage: language = 'JSONPath' } = definition;
  if (language !== 'JSONPath') { throw unsupportedState('QueryLanguage', language); }
  requireFields('the machine', definition, MACHINE_FIELDS);
  requireStates(definition, refuses, 'StartAt', new Set());
  return definition;
}

/** @param names of all states until now: a name is taken once in a machine */
function requireStates(machine: States, refuses: RefusesTask, where: string, names: Set<string>): void {
  const { States: states, StartAt: start } = machine;
  if (typeof states !== 'object' || states === null) { throw invalid(`${where} has no States`); }
  requireState(states, start, where);
  for (const [name, state] of Object.entries(states)) {
    if (names.has(name)) { throw invalid(`there are two states ${name}`); }
    names.add(name);
    requireKnown(name, state, states, refuses);
    for (const nested of [...state.Branches ?? [], ...state.Type === 'Map' ? [processorOf(name, state)] : []]) { requireStates(nested, refuses, name, names); }
  }
}

function requireKnown(name: string, state: State, states: States['States'], refuses: RefusesTask): void {
  const fields = FIELDS[state.Type];
  if (fields === undefined) { throw unsupportedState(name, `a state of Type ${String(state.Type)}`); }
  requireFields(name, state, fields);
  if (((state as { QueryLanguage?: string }).QueryLanguage ?? 'JSONPath') !== 'JSONPath') { throw unsupportedState(name, 'QueryLanguage JSONata'); }
  const refusal = state.Type === 'Task' ? refuses(String(state.Resource)) : undefined;
  if (refusal !== undefined) { throw unsupportedState(name, refusal); }
  const isLast = state.Type === 'Succeed' || state.Type === 'Fail' || state.Type === 'Choice';
  if (!isLast && (state.Next === undefined) === (state.End !== true)) { throw invalid(`${name} needs either Next or End`); }
  if (state.Type === 'Wait' && WAITS.filter((field) => state[field] !== undefined).length !== 1) { throw invalid(`${name} needs one of ${WAITS.join(', ')}`); }
  if (state.Type === 'Choice' && (state.Choices ?? []).length === 0) { throw invalid(`${name} needs Choices`); }
  if (state.Type === 'Parallel' && (state.Branches ?? []).length === 0) { throw invalid(`${name} needs Branches`); }
  const next = [state.Next, state.Default, ...(state.Catch ?? []).map((catcher) => catcher.Next), ...(state.Choices ?? []).map((choice) => choice.Next)];
  for (const target of next) { if (target !== undefined) { requireState(states, target, name); } }
  for (const retrier of state.Retry ?? []) { requireFields(name, retrier, RETRIER_FIELDS); }
  for (const catcher of state.Catch ?? []) { requireFields(name, catcher, CATCHER_FIELDS); }
  try {
    for (const rule of state.Choices ?? []) { requireRule(rule); }
    for (const template of [state.Parameters, state.ResultSelector, state.ItemSelector]) { requireTemplate(template); }
    for (const field of PATHS) { if (typeof state[field] === 'string') { pathOf(state[field]); } }
    for (const path of [...REFERENCES.map((field) => state[field]), ...(state.Catch ?? []).map((catcher) => catcher.ResultPath)]) { if (typeof path === 'string') { requireReference(path); } }
    for (const field of ['ErrorPath', 'CausePath'] as const) { if (state[field] !== undefined) { expressionOf(state[field]); } }
  } catch (error) {
    throw unsupportedState(name, (error as Error).message);
  }
}

/** What a Map state does with each item. */
export function processorOf(name: string, { ItemProcessor: processor, Iterator: iterator }: State): States {
  const states = processor ?? iterator;
  if (states === undefined) { throw invalid(`${name} needs an ItemProcessor`); }
  const { Mode: mode = 'INLINE' } = (states as { ProcessorConfig?: { Mode?: string } }).ProcessorConfig ?? {};
  if (mode !== 'INLINE') { throw unsupportedState(name, `Mode ${mode}`); }
  return states;
}

function requireFields(name: string, value: object, fields: readonly string[]): void {
  const unknown = Object.keys(value).filter((field) => !fields.includes(field));
  if (unknown.length > 0) { throw unsupportedState(name, unknown.join(', ')); }
}

function requireState(states: States['States'], name: string, where: string): void {
  if (!Object.hasOwn(states, name)) { throw invalid(`${where} names a state that is not there: ${name}`); }
}

const invalid = (why: string) => Object.assign(validationException(`Invalid State Machine Definition: ${why}`), { name: 'InvalidDefinition' });
const unsupportedState = (name: string, what: string) => invalid(`not supported by the local AWS: ${what} (${name})`);
