import type { Clock } from '../clock';
import { holds } from './choice-rules';
import { processorOf, type Definition, type Retrier, type State, type States } from './definition';
import { expressionOf, type Data } from './intrinsic-functions';
import { valueAt, withValueAt } from './json-path';
import { filledIn } from './payload-template';
import { runtimeError, StateError } from './state-error';

export interface ExecutionWorld {
  readonly clock: Clock;
  /**
   * Does what a task asks for, and waits for its result. Aborted, it ends what it has begun.
   *
   * @param say what happens in between, for the history
   * @throws StateError
   */
  perform(resource: string, parameters: unknown, signal: AbortSignal, say: Say): Promise<unknown>;
  /** How long a Wait state of so many seconds takes, in milliseconds; `nth` counts the waits of the execution from 1. @default - as long as it says */
  pace?(seconds: number, nth: number): number;
  /** From 0 to 1. @default Math.random */
  random?(): number;
}

/** Takes an event of the history: its type, and its details in Step Functions' words. */
export type Say = (type: string, details: Readonly<Record<string, unknown>>) => void;

/** What `$$` says of an execution and its machine. */
export type ExecutionContext = { readonly Execution: { readonly Id: string; readonly Name: string; readonly [member: string]: unknown }; readonly StateMachine: { readonly Id: string; readonly Name: string } };

/** One run through states: of the machine, of a branch, or of an item. */
interface Run {
  readonly context: object;
  readonly signal: AbortSignal;
}

/** Everything ends, and the execution with it: whoever comes next says what has become of it. */
export class Closing extends Error {}

const LONGEST_PAYLOAD_BYTES = 262_144;
const IN_PARALLEL = 40;

/** An execution from its first state to its end. */
export class Execution {
  private waits = 0;

  constructor(private readonly world: ExecutionWorld, private readonly context: ExecutionContext, private readonly signal: AbortSignal, private readonly say: Say) {}

  /** The answer is its output. @throws StateError when it fails; the signal's reason when that ends it */
  run(definition: Definition, input: unknown): Promise<unknown> {
    return this.states(definition, input, { context: this.context, signal: this.signal });
  }

  private async states({ StartAt, States: states }: States, input: unknown, run: Run): Promise<unknown> {
    let document = input;
    for (let name: string | undefined = StartAt; name !== undefined;) {
      run.signal.throwIfAborted();
      const state = states[name] as State;
      const entered = { Name: name, EnteredTime: new Date(this.world.clock.now()).toISOString(), RetryCount: 0 };
      this.say(`${state.Type}StateEntered`, { name, input: JSON.stringify(document) });
      const data: Data = { input: document, context: { ...run.context, State: entered } };
      const { output, next }: Outcome = await this.state(name, state, data, run).catch((error: Error) => { throw inState(error, name as string); });
      if (Buffer.byteLength(JSON.stringify(output) ?? '') > LONGEST_PAYLOAD_BYTES) { throw new StateError('States.DataLimitExceeded', `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`); }
      this.say(`${state.Type}StateExited`, { name, output: JSON.stringify(output) });
      document = output;
      name = next;
    }
    return document;
  }

  private async state(name: string, state: State, data: Data, run: Run): Promise<Outcome> {
    const effective: Data = { input: select(data, state.InputPath), context: data.context };
    const next = state.End === true ? undefined : state.Next;
    switch (state.Type) {
      case 'Succeed': return { output: select(effective, state.OutputPath) };
      case 'Fail': throw new StateError(text(state.Error, state.ErrorPath, effective) ?? 'States.Failed', text(state.Cause, state.CausePath, effective) ?? '');
      case 'Choice': {
        const chosen = state.Choices?.find((rule) => holds(rule, effective))?.Next ?? state.Default;
        if (chosen === undefined) { throw new StateError('States.NoChoiceMatched', `There is no choice that matches, and no Default, in ${name}`); }
        return { output: select(effective, state.OutputPath), next: chosen };
      }
      case 'Wait':
        await this.wait(state, effective, run.signal);
        return { output: select(effective, state.OutputPath), next };
      case 'Pass': {
        const made = state.Result !== undefined ? state.Result : state.Parameters === undefined ? effective.input : filledIn(state.Parameters, effective);
        return { output: select({ ...data, input: place(data.input, made, state.ResultPath) }, state.OutputPath), next };
      }
      case 'Task': return this.attempts(state, data, run, (attempt) => this.task(state, attempt, run.signal));
      case 'Parallel': return this.attempts(state, data, run, (attempt) => {
        const input = state.Parameters === undefined ? attempt.input : filledIn(state.Parameters, attempt);
        return this.together(state.Branches ?? [], run, state.Branches?.length ?? 1, (branch, each) => this.states(branch, input, { ...each, context: run.context }));
      });
      case 'Map': return this.attempts(state, data, run, (attempt) => this.map(name, state, attempt, run));
    }
  }

  /** Does the work of a state, as often as its Retry says; when that does not help, Catch says where it goes on. */
  private async attempts(state: State, data: Data, run: Run, work: (effective: Data) => Promise<unknown>): Promise<Outcome> {
    const counts = new Map<Retrier, number>();
    for (let retries = 0; ; retries++) {
      const context = { ...data.context as object, State: { ...(data.context as { State: object }).State, RetryCount: retries } };
      try {
        const result = await work({ input: select({ ...data, context }, state.InputPath), context });
        const selected = state.ResultSelector === undefined ? result : filledIn(state.ResultSelector, { input: result, context });
        return { output: select({ input: place(data.input, selected, state.ResultPath), context }, state.OutputPath), next: state.End === true ? undefined : state.Next };
      } catch (caught) {
        run.signal.throwIfAborted();
        const error = caught instanceof StateError ? caught : runtimeError((caught as Error).message);
        const retrier = state.Retry?.find(({ ErrorEquals: names }) => matches(names, error));
        const attempt = retrier === undefined ? 0 : (counts.get(retrier) ?? 0) + 1;
        if (retrier !== undefined && attempt <= (retrier.MaxAttempts ?? 3)) {
          counts.set(retrier, attempt);
          await this.sleep(delay(retrier, attempt, this.world.random ?? Math.random), run.signal);
          continue;
        }
        const catcher = state.Catch?.find(({ ErrorEquals: names }) => matches(names, error));
        if (catcher === undefined) { throw error; }
        return { output: place(data.input, { Error: error.error, Cause: error.cause }, catcher.ResultPath), next: catcher.Next };
      }
    }
  }

  private async task(state: State, effective: Data, signal: AbortSignal): Promise<unknown> {
    const resource = String(state.Resource);
    const parameters = state.Parameters === undefined ? effective.input : filledIn(state.Parameters, effective);
    const seconds = state.TimeoutSecondsPath === undefined ? state.TimeoutSeconds : valueAt(effective.input, state.TimeoutSecondsPath, effective.context);
    if (seconds !== undefined && (typeof seconds !== 'number' || seconds <= 0)) { throw runtimeError(`TimeoutSecondsPath must lead to a number of seconds, got ${JSON.stringify(seconds)}`); }
    const [resourceType = '', name = ''] = /^arn:[a-z-]+:states:::(.+):([^:]+(?::\d+)?)$/.exec(resource)?.slice(1) ?? [];
    const say: Say = (type, details) => this.say(type, { resourceType, resource: name, ...details });
    say('TaskScheduled', { parameters: JSON.stringify(parameters), ...seconds !== undefined && { timeoutInSeconds: seconds } });
    say('TaskStarted', {});
    const ending = new AbortController();
    const end = () => ending.abort(signal.reason);
    signal.addEventListener('abort', end);
    try {
      const result = await this.within(seconds, ending, this.world.perform(resource, parameters, ending.signal, say));
      say('TaskSucceeded', { output: JSON.stringify(result) });
      return result;
    } catch (caught) {
      signal.throwIfAborted();
      const error = caught instanceof StateError ? caught : runtimeError((caught as Error).message);
      say(error.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', { error: error.error, cause: error.cause });
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /** What is done for each item, some at a time. */
  private async map(name: string, state: State, effective: Data, run: Run): Promise<unknown> {
    const items = select(effective, state.ItemsPath);
    if (!Array.isArray(items)) { throw runtimeError(`Reference path "${state.ItemsPath ?? '$'}" must point to an array.`); }
    const selector = state.ItemSelector ?? state.Parameters;
    const numbered = items.map((value: unknown, index) => ({ value, index }));
    const concurrency = state.MaxConcurrency === undefined || state.MaxConcurrency === 0 ? IN_PARALLEL : state.MaxConcurrency;
    return this.together(numbered, run, concurrency, ({ value, index }, each) => {
      const context = { ...effective.context as object, Map: { Item: { Index: index, Value: value } } };
      return this.states(processorOf(name, state), selector === undefined ? value : filledIn(selector, { input: effective.input, context }), { ...each, context });
    });
  }

  /** Several runs at once; the first that fails ends the others. */
  private async together<T>(parts: readonly T[], run: Run, most: number, work: (part: T, run: Pick<Run, 'signal'>) => Promise<unknown>): Promise<unknown[]> {
    const ending = new AbortController();
    const end = () => ending.abort(run.signal.reason);
    run.signal.addEventListener('abort', end);
    const results: unknown[] = [];
    const left = [...parts.entries()];
    const worker = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [index, part] = next;
        results[index] = await work(part, { signal: ending.signal });
      }
    };
    const workers = Array.from({ length: Math.min(most, parts.length) }, worker);
    try {
      await Promise.all(workers);
      return results;
    } catch (error) {
      ending.abort(new StateError('States.BranchFailed', 'another branch has failed'));
      await Promise.allSettled(workers);
      throw error;
    } finally {
      run.signal.removeEventListener('abort', end);
    }
  }

  private async wait(state: State, effective: Data, signal: AbortSignal): Promise<void> {
    const at = (path: string | undefined, otherwise: unknown) => (path === undefined ? otherwise : valueAt(effective.input, path, effective.context));
    const time = at(state.TimestampPath, state.Timestamp);
    const seconds = time === undefined ? at(state.SecondsPath, state.Seconds) : Math.max(0, (Date.parse(String(time)) - this.world.clock.now()) / 1000);
    if (typeof seconds !== 'number' || Number.isNaN(seconds) || seconds < 0) { throw runtimeError(`${state.SecondsPath ?? state.TimestampPath ?? 'Seconds'} must lead to a number of seconds or a time, got ${JSON.stringify(time ?? seconds)}`); }
    await this.sleep(this.world.pace?.(seconds, ++this.waits) ?? seconds * 1000, signal);
  }

  private sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return sleep(this.world.clock, milliseconds, signal);
  }

  private within<T>(seconds: number | undefined, ending: AbortController, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timedOut = new StateError('States.Timeout', seconds === undefined ? '' : `The task has not ended within ${seconds} seconds`);
      const forget = seconds === undefined ? () => undefined : this.world.clock.after(seconds * 1000, () => ending.abort(timedOut));
      const stop = () => reject(ending.signal.reason as Error);
      ending.signal.addEventListener('abort', stop);
      work.then(resolve, reject).finally(() => {
        forget();
        ending.signal.removeEventListener('abort', stop);
      });
    });
  }
}

interface Outcome {
  readonly output: unknown;
  readonly next?: string;
}

/** Sleeps, unless something ends it. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      forget();
      reject(signal.reason as Error);
    };
    const forget = clock.after(milliseconds, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop);
  });
}

/** In milliseconds. */
function delay({ IntervalSeconds: first = 1, BackoffRate: rate = 2, MaxDelaySeconds: longest = Number.POSITIVE_INFINITY, JitterStrategy: jitter }: Retrier, attempt: number, random: () => number): number {
  const seconds = Math.min(longest, first * rate ** (attempt - 1));
  return 1000 * seconds * (jitter === 'FULL' ? random() : 1);
}

/** `States.ALL` is everything but what retrying can't help. */
function matches(names: readonly string[], { error }: StateError): boolean {
  const isTerminal = error === 'States.DataLimitExceeded' || error === 'States.Runtime';
  return names.includes(error) || names.includes('States.ALL') && !isTerminal || names.includes('States.TaskFailed') && error !== 'States.Timeout' && !isTerminal;
}

/** Only what is wrong with the machine itself says where. */
const inState = (error: Error, name: string) => (error instanceof StateError && error.error === 'States.Runtime' && !error.cause.startsWith('An error occurred')
  ? runtimeError(`An error occurred while executing the state '${name}'. ${error.cause}`) : error);

function select({ input, context }: Data, path: string | null | undefined): unknown {
  if (path === null) { return {}; }
  const value = valueAt(input, path ?? '$', context);
  if (value === undefined && path !== undefined) { throw runtimeError(`Invalid path '${path}': there is no such value in the input '${JSON.stringify(input)}'`); }
  return value;
}

const place = (document: unknown, result: unknown, path: string | null | undefined) => (path === null ? document : withValueAt(document, path ?? '$', result));
const text = (fixed: string | undefined, path: string | undefined, data: Data) => (path === undefined ? fixed : String(expressionOf(path)(data)));
