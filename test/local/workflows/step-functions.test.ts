import { readdirSync } from 'node:fs';
import { StateError } from '../../../lib/local/workflows/state-error';
import { StepFunctions, type StepFunctionsWorld } from '../../../lib/local/workflows/step-functions';
import { StepFunctionsApi } from '../../../lib/local/workflows/step-functions-api';
import { folderWith } from '../../support/folders';
import { VirtualClock } from '../../support/virtual-clock';

const ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:waiter';
const INVOKE = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { 'FunctionName.$': '$.function', 'Payload.$': '$' } };
/** The provider's machine: looks, pauses and looks again until there is an answer, then sends it. */
const WAITER = {
  StartAt: 'Step',
  States: {
    'Step': {
      ...INVOKE, OutputPath: '$.Payload', TimeoutSeconds: 150, Next: 'Answered?',
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, MaxAttempts: 8, JitterStrategy: 'FULL' }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'GiveUp' }],
    },
    'Answered?': { Type: 'Choice', Choices: [{ Variable: '$.answer', IsPresent: true, Next: 'Answer' }], Default: 'Pause' },
    'Pause': { Type: 'Wait', SecondsPath: '$.wait', Next: 'Step' },
    'Answer': { ...INVOKE, End: true },
    'GiveUp': { ...INVOKE, OutputPath: '$.Payload', Next: 'Answer' },
  },
};

type Payload = { [name: string]: unknown };

/** Runs an execution; the answer is the payloads that the function was invoked with, and how it ended. */
async function executed(definition: object, answer: (payload: Payload, nth: number) => unknown, input: Payload = { function: 'arn:f' }, world: Partial<StepFunctionsWorld> = {}) {
  const clock = new VirtualClock();
  const payloads: Payload[] = [];
  const ends: (Error | undefined)[] = [];
  const machines = new StepFunctions({ clock, random: () => 1, ...world, invoke: async (_, payload) => answer(payload as Payload, payloads.push(payload as Payload)) }, (_, error) => ends.push(error));
  machines.put(ARN, JSON.stringify(definition));
  const before = clock.now();
  machines.startExecution({ stateMachineArn: ARN, name: 'one', input: JSON.stringify(input) });
  await clock.run(machines.atRest());
  return { payloads, error: ends[0], seconds: (clock.now() - before) / 1000 };
}
const fail = (name = 'Error') => { throw new StateError(name, '{}'); };

describe('an execution', () => {
  test('looks until there is an answer, and sends it', async () => {
    const { payloads, seconds, error } = await executed(WAITER, (payload, nth) => ({ ...payload, ...(nth < 3 ? { wait: 30 } : { answer: { Status: 'SUCCESS' } }) }));
    expect(error).toBeUndefined();
    expect(seconds).toBe(60);
    expect(payloads.map(({ answer, wait }) => answer ?? wait)).toEqual([undefined, 30, 30, { Status: 'SUCCESS' }]);
  });

  test('waits as long as the pace says', async () => {
    const { seconds } = await executed(WAITER, (payload, nth) => ({ ...payload, wait: 30, ...(nth < 3 ? {} : { answer: {} }) }), undefined, { pace: (wait, nth) => wait * 10 * nth });
    expect(seconds).toBe(0.9);
  });

  test('retries with growing delays, at most a minute each, then goes where Catch leads', async () => {
    const { payloads, seconds, error } = await executed(WAITER, (payload, nth) => (nth <= 9 ? fail('Sandbox.Timedout') : { ...payload, answer: {} }));
    expect(error).toBeUndefined();
    expect(seconds).toBe(2 + 4 + 8 + 16 + 32 + 60 + 60 + 60);
    expect(payloads[9]).toMatchObject({ error: { Error: 'Sandbox.Timedout', Cause: '{}' }, function: 'arn:f' });
  });

  test('jitters between nothing and the whole delay', async () => {
    const machine = { StartAt: 'A', States: { A: { ...INVOKE, End: true, Retry: [{ ErrorEquals: ['Error'], IntervalSeconds: 10, JitterStrategy: 'FULL' }] } } };
    expect((await executed(machine, (_, nth) => (nth === 1 ? fail() : {}), undefined, { random: () => 0.25 })).seconds).toBe(2.5);
  });

  test('fails with the error that nobody catches, after three retries by default', async () => {
    const machine = { StartAt: 'A', States: { A: { ...INVOKE, End: true, Retry: [{ ErrorEquals: ['Error'], IntervalSeconds: 1 }] } } };
    const { payloads, error } = await executed(machine, () => fail());
    expect(payloads).toHaveLength(4);
    expect(error).toMatchObject({ error: 'Error' });
    expect((await executed(machine, () => fail('Other'))).payloads).toHaveLength(1);
  });

  test('gives up a task that takes longer than its time', async () => {
    const machine = { StartAt: 'A', States: { A: { ...INVOKE, TimeoutSeconds: 150, End: true } } };
    const { error, seconds } = await executed(machine, () => new Promise(() => undefined));
    expect(error).toMatchObject({ error: 'States.Timeout' });
    expect(seconds).toBe(150);
  });

  test('does not take an output above 256 KiB', async () => {
    const machine = { StartAt: 'A', States: { A: { ...INVOKE, End: true, Retry: [{ ErrorEquals: ['States.ALL'] }] } } };
    expect((await executed(machine, () => 'x'.repeat(262_144))).error).toMatchObject({ error: 'States.DataLimitExceeded' });
  });

  test('puts results where ResultPath says', async () => {
    const States = { A: { Type: 'Pass', Result: { x: 1 }, ResultPath: '$.made.here', Next: 'B' }, B: { ...INVOKE, ResultSelector: { 'code.$': '$.StatusCode' }, ResultPath: '$.result', Next: 'C' }, C: { ...INVOKE, InputPath: '$', End: true } };
    const { payloads } = await executed({ StartAt: 'A', States }, () => ({}));
    expect(payloads[1]).toEqual({ function: 'arn:f', made: { here: { x: 1 } }, result: { code: 200 } });
  });
});

describe('a state machine', () => {
  const machine = (state: object) => JSON.stringify({ StartAt: 'A', States: { A: state } });
  const machines = () => new StepFunctions({ clock: new VirtualClock(), invoke: () => new Promise(() => undefined) });

  test.each([
    ['a task of another service', { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true }, 'Resource arn:aws:states:::sqs:sendMessage (A)'],
    ['a callback', { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', End: true }, 'Resource arn:aws:states:::lambda:invoke.waitForTaskToken (A)'],
    ['a type of state', { Type: 'Loop', End: true }, 'a state of Type Loop (A)'],
    ['a distributed map', { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'B', States: { B: { Type: 'Succeed' } } }, End: true }, 'Mode DISTRIBUTED (A)'],
    ['another language', { Type: 'Pass', QueryLanguage: 'JSONata', End: true }, 'QueryLanguage JSONata (A)'],
    ['a field', { ...INVOKE, HeartbeatSeconds: 5, End: true }, 'HeartbeatSeconds (A)'],
    ['an operator', { Type: 'Choice', Choices: [{ Variable: '$.a', StringBegins: '*', Next: 'A' }] }, 'StringBegins (A)'],
    ['a function', { ...INVOKE, Parameters: { 'x.$': "States.Sum('a')" }, End: true }, "neither a path nor a function that the local AWS understands: States.Sum('a') (A)"],
    ['a path', { ...INVOKE, Parameters: { 'x.$': '$.a[' }, End: true }, 'not a path that the local AWS understands: $.a[ (A)'],
    ['a place for a result', { ...INVOKE, ResultPath: '$.a[*]', End: true }, 'not a reference path: $.a[*] (A)'],
  ])('with %s that is not known is refused by name', (_, state, what) => {
    expect(() => machines().put(ARN, machine(state))).toThrow(`Invalid State Machine Definition: not supported by the local AWS: ${what}`);
  });

  test.each([
    ['no such state', { ...INVOKE, Next: 'B' }], ['neither Next nor End', INVOKE], ['no Choices', { Type: 'Choice', Default: 'A' }], ['no Branches', { Type: 'Parallel', End: true }],
    ['no ItemProcessor', { Type: 'Map', End: true }], ['a Wait for nothing', { Type: 'Wait', End: true }], ['a name taken twice', { Type: 'Parallel', End: true, Branches: [{ StartAt: 'A', States: { A: { Type: 'Succeed' } } }] }],
  ])('with %s is refused', (_, state) => expect(() => machines().put(ARN, machine(state))).toThrow('Invalid State Machine Definition'));

  test('takes a name once: the same input while it runs is the same execution, another or a later one is refused', async () => {
    const clock = new VirtualClock();
    const steps = new StepFunctions({ clock, invoke: () => Promise.resolve({}) });
    steps.put(ARN, machine({ Type: 'Wait', Seconds: 10, End: true }));
    const start = (input: string) => steps.startExecution({ stateMachineArn: ARN, name: 'r1', input });
    const { executionArn } = start('{}');
    expect(executionArn).toBe('arn:aws:states:us-east-1:123456789012:execution:waiter:r1');
    expect(start('{}')).toEqual({ executionArn, startDate: new Date(clock.now()) });
    expect(() => start('{"other":1}')).toThrow('Execution Already Exists');
    await clock.run(steps.atRest());
    expect(() => start('{}')).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }));
    expect(() => steps.startExecution({ stateMachineArn: `${ARN}2`, name: 'r', input: '{}' })).toThrow('State Machine Does Not Exist');
  });
});

describe('an execution that is looked at', () => {
  const WAIT = { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 60, End: true } } };
  const steps = (definition: object, world: Partial<StepFunctionsWorld> = {}) => {
    const clock = new VirtualClock();
    const machines = new StepFunctions({ clock, invoke: async (_, payload) => payload, ...world });
    machines.put(ARN, JSON.stringify(definition), 'arn:aws:iam::123456789012:role/r');
    return { clock, machines, api: new StepFunctionsApi(machines), start: (input?: string, name?: string) => machines.startExecution({ stateMachineArn: ARN, name, input }).executionArn };
  };

  test('has a name of its own where it was given none', () => {
    const { start } = steps(WAIT);
    expect(start()).toMatch(/:execution:waiter:[0-9a-f-]{36}$/);
    expect(start()).not.toBe(start());
  });

  test('has a history of its states, with what went in and came out', async () => {
    const { clock, machines, api, start } = steps({ StartAt: 'A', States: { A: { ...INVOKE, ResultPath: '$.r', Next: 'B' }, B: { Type: 'Succeed', OutputPath: '$.r.StatusCode' } } });
    const executionArn = start('{"function":"arn:f"}');
    await clock.run(machines.atRest());
    expect(await api.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED', input: '{"function":"arn:f"}', output: '200' });
    const { events } = await api.call('GetExecutionHistory', { executionArn }) as { events: { type: string; id: number; previousEventId: number }[] };
    expect(events.map(({ type }) => type)).toEqual(['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded']);
    expect(events[1]).toMatchObject({ id: 2, previousEventId: 1, stateEnteredEventDetails: { name: 'A', input: '{"function":"arn:f"}' } });
    expect(events[4]).toMatchObject({ taskSucceededEventDetails: { resourceType: 'lambda', resource: 'invoke' } });
    expect(events[8]).toMatchObject({ executionSucceededEventDetails: { output: '200' } });
    expect((await api.call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 2 })).events).toMatchObject([{ id: 9 }, { id: 8 }]);
  });

  test('is listed by its state, the newest first, in pages', async () => {
    const { clock, machines, api, start } = steps(WAIT);
    const stopped = start();
    machines.stopExecution(stopped, { error: 'Enough', cause: 'said somebody' });
    await clock.pass(1);
    start(undefined, 'two');
    start(undefined, 'three');
    const list = async (input: object) => (await api.call('ListExecutions', { stateMachineArn: ARN, ...input })) as { executions: { name: string }[]; nextToken?: string };
    expect((await list({ statusFilter: 'RUNNING' })).executions.map(({ name }) => name)).toEqual(['three', 'two']);
    const first = await list({ maxResults: 2 });
    expect(first.executions).toHaveLength(2);
    expect((await list({ maxResults: 2, nextToken: first.nextToken })).executions).toMatchObject([{ executionArn: stopped, status: 'ABORTED' }]);
    expect(await api.call('DescribeExecution', { executionArn: stopped })).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'said somebody' });
    await clock.run(machines.atRest());
    expect((await list({ statusFilter: 'RUNNING' })).executions).toEqual([]);
    await expect(api.call('DescribeExecution', { executionArn: `${stopped}x` })).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
    await expect(api.call('ListActivities', {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  test('is known after a restart, and what ran then is said to have been aborted', async () => {
    const folder = folderWith({});
    const first = steps(WAIT, { folder });
    const done = first.start(undefined, 'done');
    await first.clock.run(first.machines.atRest());
    const running = first.start(undefined, 'running');
    first.machines.close();
    await first.clock.run(first.machines.atRest());
    const second = steps(WAIT, { folder });
    expect(await second.api.call('DescribeExecution', { executionArn: done })).toMatchObject({ status: 'SUCCEEDED', output: '{}' });
    expect(await second.api.call('DescribeExecution', { executionArn: running })).toMatchObject({ status: 'ABORTED', cause: 'The local AWS was stopped while the execution ran' });
    expect(() => second.start('{"other":1}', 'done')).toThrow('Execution Already Exists');
    second.machines.delete(ARN);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is timed out when the machine has a limit', async () => {
    const { clock, machines, api, start } = steps({ ...WAIT, TimeoutSeconds: 10 });
    const executionArn = start();
    const before = clock.now();
    await clock.run(machines.atRest());
    expect((clock.now() - before) / 1000).toBe(10);
    expect(await api.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'TIMED_OUT' });
  });

  test('sees itself, its machine and its state in $$', async () => {
    const { clock, machines, api, start } = steps({ StartAt: 'A', States: { A: { Type: 'Pass', Parameters: { 'id.$': '$$.Execution.Id', 'of.$': '$$.StateMachine.Name', 'state.$': '$$.State.Name', 'since.$': '$$.Execution.StartTime', 'x.$': '$$.Execution.Input.x' }, End: true } } });
    const executionArn = start('{"x":[1]}', 'one');
    await clock.run(machines.atRest());
    const { output } = await api.call('DescribeExecution', { executionArn });
    expect(JSON.parse(String(output))).toEqual({ id: executionArn, of: 'waiter', state: 'A', since: '2026-01-01T00:00:00.000Z', x: [1] });
  });
});

describe('states within a state', () => {
  const output = async (definition: object, input: object, world: Partial<StepFunctionsWorld> = {}) => {
    const clock = new VirtualClock();
    const machines = new StepFunctions({ clock, invoke: async (_, payload) => payload, ...world });
    machines.put(ARN, JSON.stringify(definition));
    const { executionArn } = machines.startExecution({ stateMachineArn: ARN, input: JSON.stringify(input) });
    await clock.run(machines.atRest());
    const { type, details } = machines.execution(executionArn).end!;
    return type === 'ExecutionSucceeded' ? JSON.parse(String(details.output)) as unknown : details;
  };
  const branch = (state: object, name: string) => ({ StartAt: name, States: { [name]: state } });

  test('branches run side by side, their outputs in order', async () => {
    const Branches = [branch({ Type: 'Wait', Seconds: 10, End: true }, 'Slow'), branch({ Type: 'Pass', Result: 'quick', End: true }, 'Quick')];
    expect(await output({ StartAt: 'Both', States: { Both: { Type: 'Parallel', Branches, ResultPath: '$.both', End: true } } }, { a: 1 })).toEqual({ a: 1, both: [{ a: 1 }, 'quick'] });
  });

  test('a branch that fails fails the state, which may be caught', async () => {
    const Branches = [branch({ Type: 'Wait', Seconds: 1000, End: true }, 'Slow'), branch({ Type: 'Fail', Error: 'Bad', Cause: 'luck' }, 'Quick')];
    const States = { Both: { Type: 'Parallel', Branches, Catch: [{ ErrorEquals: ['Bad'], Next: 'Caught' }], End: true }, Caught: { Type: 'Succeed' } };
    expect(await output({ StartAt: 'Both', States }, {})).toEqual({ Error: 'Bad', Cause: 'luck' });
  });

  test('each item goes through the states of a map, with what is selected for it', async () => {
    const ItemProcessor = { ProcessorConfig: { Mode: 'INLINE' }, ...branch({ Type: 'Pass', Parameters: { "made.$": "States.Format('{}{}', $.prefix, $.value)" }, OutputPath: '$.made', End: true }, 'One') };
    const Each = { Type: 'Map', ItemsPath: '$.items', ItemSelector: { 'prefix.$': '$.prefix', 'value.$': '$$.Map.Item.Value', 'at.$': '$$.Map.Item.Index' }, ItemProcessor, MaxConcurrency: 1, End: true };
    expect(await output({ StartAt: 'Each', States: { Each } }, { prefix: '#', items: [1, 2, 3] })).toEqual(['#1', '#2', '#3']);
  });

  test('a path that leads nowhere fails the execution, and no Catch helps', async () => {
    const States = { A: { ...INVOKE, Parameters: { 'FunctionName.$': '$.none' }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true }, B: { Type: 'Succeed' } };
    expect(await output({ StartAt: 'A', States }, {})).toEqual({ error: 'States.Runtime', cause: "An error occurred while executing the state 'A'. The JSONPath '$.none' could not be found in the input '{}'" });
  });

  test('an error and its cause may come from the input, and a wait until a time', async () => {
    const States = { Until: { Type: 'Wait', TimestampPath: '$.at', Next: 'Bad' }, Bad: { Type: 'Fail', ErrorPath: '$.name', CausePath: "States.Format('because of {}', $.name)" } };
    expect(await output({ StartAt: 'Until', States }, { at: '2026-01-02T00:00:00Z', name: 'Rain' })).toEqual({ error: 'Rain', cause: 'because of Rain' });
  });
});
