import { StateError } from '../../lib/local/execution';
import type { ExecutionWorld } from '../../lib/local/execution';
import { StepFunctions } from '../../lib/local/step-functions';
import { VirtualClock } from '../support/virtual-clock';

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
async function executed(definition: object, answer: (payload: Payload, nth: number) => unknown, input: Payload = { function: 'arn:f' }, world: Partial<ExecutionWorld> = {}) {
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

  test.each([
    [{ Variable: '$.n', NumericGreaterThanEquals: 3 }, true], [{ Variable: '$.n', NumericLessThan: 3 }, false],
    [{ Variable: '$.s', StringEquals: 'x' }, true], [{ Variable: '$.b', BooleanEquals: false }, false], [{ Variable: '$.none', IsPresent: false }, true],
    [{ And: [{ Variable: '$.b', BooleanEquals: true }, { Not: { Variable: '$.s', StringEquals: 'y' } }] }, true],
  ])('chooses by %j', async (rule, expected) => {
    const States = { C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' }, Yes: { Type: 'Succeed' }, No: { Type: 'Fail', Error: 'No' } };
    const { error } = await executed({ StartAt: 'C', States }, () => undefined, { n: 3, s: 'x', b: true });
    expect(error === undefined).toBe(expected);
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
    ['a task of another service', { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true }, 'Resource arn:aws:states:::sns:publish (A)'],
    ['a type of state', { Type: 'Map', End: true }, 'a state of Type Map (A)'],
    ['a field', { ...INVOKE, HeartbeatSeconds: 5, End: true }, 'HeartbeatSeconds (A)'],
    ['an operator', { Type: 'Choice', Choices: [{ Variable: '$.a', StringMatches: '*', Next: 'A' }] }, 'StringMatches (A)'],
    ['a function', { ...INVOKE, Parameters: { 'x.$': "States.Format('a')" }, End: true }, 'States.Format'],
  ])('with %s that is not known is refused by name', (_, state, what) => {
    expect(() => machines().put(ARN, machine(state))).toThrow(`Invalid State Machine Definition: not supported by the local AWS: ${what}`);
  });

  test.each([
    ['no such state', { ...INVOKE, Next: 'B' }], ['neither Next nor End', INVOKE],
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
