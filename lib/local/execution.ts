import type { Clock } from './clock';
import { filledIn, valueAt, withValueAt } from './json-path';
import { COMPARISONS } from './states-language';
import type { Definition, Retrier, Rule, State } from './states-language';

/** An error of a state, in Step Functions' words. */
export class StateError extends Error {
  constructor(public readonly error: string, public readonly cause: string) {
    super(`${error}: ${cause}`);
  }
}

export interface ExecutionWorld {
  readonly clock: Clock;
  /** Invokes a function and waits for its answer. @throws StateError with the function's errorType */
  invoke(functionArn: string, payload: unknown): Promise<unknown>;
  /** How long a Wait state of so many seconds takes, in milliseconds; `nth` counts the waits of the execution from 1. @default - as long as it says */
  pace?(seconds: number, nth: number): number;
  /** From 0 to 1. @default Math.random */
  random?(): number;
  /** Aborted when everything stops. */
  readonly signal?: AbortSignal;
}

const LONGEST_PAYLOAD_BYTES = 262_144;

/** Runs an execution to its end; the answer is its output. @throws StateError when it fails */
export async function execute(definition: Definition, input: unknown, world: ExecutionWorld): Promise<unknown> {
  let document = input;
  let name: string | undefined = definition.StartAt;
  let waits = 0;
  while (name !== undefined) {
    world.signal?.throwIfAborted();
    const state: State = definition.States[name] as State;
    const effective = select(document, state.InputPath);
    switch (state.Type) {
      case 'Succeed': return select(effective, state.OutputPath);
      case 'Fail': throw new StateError(state.Error ?? 'States.Failed', state.Cause ?? '');
      case 'Choice':
        name = state.Choices?.find((rule) => holds(rule, effective))?.Next ?? state.Default;
        if (name === undefined) { throw new StateError('States.NoChoiceMatched', 'no rule matches, and there is no Default'); }
        document = select(effective, state.OutputPath);
        continue;
      case 'Wait': {
        const seconds = state.SecondsPath === undefined ? state.Seconds : valueAt(effective, state.SecondsPath);
        if (typeof seconds !== 'number' || seconds < 0) { throw new StateError('States.Runtime', `SecondsPath must lead to a number of seconds, got ${JSON.stringify(seconds)}`); }
        await world.clock.sleep(world.pace?.(seconds, ++waits) ?? seconds * 1000);
        document = select(effective, state.OutputPath);
        break;
      }
      case 'Pass':
        document = select(place(document, state.Result ?? (state.Parameters === undefined ? effective : filledIn(state.Parameters, effective)), state.ResultPath), state.OutputPath);
        break;
      case 'Task': {
        const outcome: TaskOutcome = await task(state, document, effective, world);
        document = outcome.document;
        if (outcome.next !== undefined) {
          name = outcome.next;
          continue;
        }
        break;
      }
    }
    name = state.End === true ? undefined : state.Next;
  }
  return document;
}

interface TaskOutcome {
  readonly document: unknown;
  /** Where a Catch leads. */
  readonly next?: string;
}

async function task(state: State, document: unknown, effective: unknown, world: ExecutionWorld): Promise<TaskOutcome> {
  const attempts = new Map<Retrier, number>();
  for (;;) {
    try {
      const { FunctionName: functionArn, Payload: payload } = filledIn(state.Parameters ?? {}, effective) as { FunctionName: string; Payload: unknown };
      const answer = await inTime(world, state.TimeoutSeconds, world.invoke(functionArn, payload));
      const result = { ExecutedVersion: '$LATEST', Payload: answer, StatusCode: 200 };
      const selected = state.ResultSelector === undefined ? result : filledIn(state.ResultSelector, result);
      const output = select(place(document, selected, state.ResultPath), state.OutputPath);
      if (Buffer.byteLength(JSON.stringify(output)) > LONGEST_PAYLOAD_BYTES) { throw new StateError('States.DataLimitExceeded', `a state's output may have ${LONGEST_PAYLOAD_BYTES} bytes`); }
      return { document: output };
    } catch (caught) {
      world.signal?.throwIfAborted();
      const error = caught instanceof StateError ? caught : new StateError('States.Runtime', (caught as Error).message);
      const retrier = state.Retry?.find(({ ErrorEquals: names }) => matches(names, error));
      const attempt = retrier === undefined ? 0 : (attempts.get(retrier) ?? 0) + 1;
      if (retrier !== undefined && attempt <= (retrier.MaxAttempts ?? 3)) {
        attempts.set(retrier, attempt);
        await world.clock.sleep(delay(retrier, attempt, world.random ?? Math.random));
        continue;
      }
      const catcher = state.Catch?.find(({ ErrorEquals: names }) => matches(names, error));
      if (catcher === undefined) { throw error; }
      return { document: place(document, { Error: error.error, Cause: error.cause }, catcher.ResultPath), next: catcher.Next };
    }
  }
}

/** In milliseconds. */
function delay({ IntervalSeconds: first = 1, BackoffRate: rate = 2, MaxDelaySeconds: longest = Number.POSITIVE_INFINITY, JitterStrategy: jitter }: Retrier, attempt: number, random: () => number): number {
  const seconds = Math.min(longest, first * rate ** (attempt - 1));
  return 1000 * seconds * (jitter === 'FULL' ? random() : 1);
}

function inTime<T>(world: ExecutionWorld, seconds: number | undefined, work: Promise<T>): Promise<T> {
  if (seconds === undefined) { return work; }
  return new Promise((resolve, reject) => {
    const forget = world.clock.after(seconds * 1000, () => reject(new StateError('States.Timeout', `no answer within ${seconds} seconds`)));
    work.then(resolve, reject).finally(forget);
  });
}

/** `States.ALL` is everything but what retrying can't help. */
function matches(names: readonly string[], { error }: StateError): boolean {
  const isTerminal = error === 'States.DataLimitExceeded' || error === 'States.Runtime';
  return names.includes(error) || names.includes('States.ALL') && !isTerminal || names.includes('States.TaskFailed') && error !== 'States.Timeout' && !isTerminal;
}

const select = (document: unknown, path: string | null | undefined) => (path === null ? {} : valueAt(document, path ?? '$'));
const place = (document: unknown, result: unknown, path: string | null | undefined) => (path === null ? document : withValueAt(document, path ?? '$', result));

function holds(rule: Rule, document: unknown): boolean {
  if (rule.And !== undefined) { return (rule.And as Rule[]).every((nested) => holds(nested, document)); }
  if (rule.Or !== undefined) { return (rule.Or as Rule[]).some((nested) => holds(nested, document)); }
  if (rule.Not !== undefined) { return !holds(rule.Not as Rule, document); }
  const value = valueAt(document, String(rule.Variable));
  return Object.entries(rule).every(([operator, wanted]) => COMPARISONS[operator]?.(value, wanted) ?? true);
}
