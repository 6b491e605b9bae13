import { EventBus } from '../../../lib/local/events/event-bus';
import type { Target } from '../../../lib/local/events/target';
import { VirtualClock } from '../../support/virtual-clock';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';
const RULE = 'arn:aws:events:us-east-1:123456789012:rule/r';
const HAPPENED = { source: 'my.source', type: 'Thing Done', resources: ['arn:thing'], detail: { name: 'it\'s "so"', n: 3, list: [1, 2] } };

function busWith() {
  const clock = new VirtualClock();
  const told: [string, unknown][] = [];
  const lines: string[] = [];
  const bus = new EventBus({
    clock, region: 'us-east-1', account: '123456789012', log: (line) => { lines.push(line); },
    startExecution: (arn, input) => { told.push([arn, JSON.parse(input)]); },
    publish: async (arn, message) => { told.push([arn, message]); },
    invoke: async (arn, payload) => { told.push([arn, payload]); },
  });
  return { clock, told, lines, bus, put: (targets: readonly Partial<Target>[], more: object = {}) => bus.putRule({ arn: RULE, isEnabled: true, pattern: { source: ['my.source'] }, targets: targets.map((target) => ({ Arn: MACHINE, ...target })), ...more }) };
}
const emitted = async ({ bus, clock }: ReturnType<typeof busWith>, happened = HAPPENED) => {
  bus.emit(happened);
  await clock.pass(1);
};

describe('an event', () => {
  test('comes whole to the targets of each rule that it matches', async () => {
    const fixture = busWith();
    fixture.put([{}, { Arn: 'arn:aws:sns:us-east-1:123456789012:t' }, { Arn: 'arn:aws:lambda:us-east-1:123456789012:function:f' }]);
    await emitted(fixture);
    await emitted(fixture, { ...HAPPENED, source: 'other' });
    expect(fixture.told).toHaveLength(3);
    expect(fixture.told[0]).toEqual([MACHINE, { 'version': '0', 'id': expect.any(String), 'detail-type': 'Thing Done', 'source': 'my.source', 'account': '123456789012', 'time': '2026-01-01T00:00:00Z', 'region': 'us-east-1', 'resources': ['arn:thing'], 'detail': HAPPENED.detail }]);
    expect(JSON.parse(fixture.told[1]![1] as string)).toEqual(fixture.told[0]![1]);
    expect(fixture.told[2]![1]).toEqual(fixture.told[0]![1]);
  });

  test.each<[string, Partial<Target>, unknown]>([
    ['a fixed input', { Input: '{"a":1}' }, { a: 1 }], ['a part', { InputPath: '$.detail.list' }, [1, 2]],
    ['what a template makes of it', { InputTransformer: { InputPathsMap: { name: '$.detail.name', n: '$.detail.n', none: '$.none' }, InputTemplate: '{"of": <name>, "text": "<name> has <n><none>", "n": <n>, "rule": <aws.events.rule-name>}' } }, { of: 'it\'s "so"', text: 'it\'s "so" has 3', n: 3, rule: 'r' }],
    ['itself within a template', { InputTransformer: { InputTemplate: '{"event": <aws.events.event.json>}' } }, { event: expect.objectContaining({ source: 'my.source' }) }],
  ])('gives a target %s', async (_, target, expected) => {
    const fixture = busWith();
    fixture.put([target]);
    await emitted(fixture);
    expect(fixture.told).toEqual([[MACHINE, expected]]);
  });

  test('does nothing for rules that are disabled or deleted', async () => {
    const fixture = busWith();
    fixture.put([{}], { isEnabled: false });
    await emitted(fixture);
    fixture.put([{}]);
    fixture.bus.deleteRule(RULE);
    await emitted(fixture);
    expect(fixture.told).toEqual([]);
  });

  test('whose target can not be told is in the log', async () => {
    const fixture = busWith();
    fixture.put([{ Input: 'no JSON' }]);
    await emitted(fixture);
    expect(fixture.lines).toEqual([expect.stringContaining(`${RULE}: ${MACHINE} could not be told: `)]);
  });

  test('of a new object comes from buckets that are watched', async () => {
    const fixture = busWith();
    fixture.put([{}], { pattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: ['data'] }, object: { key: [{ prefix: 'train/' }] } } } });
    const object = { bucket: 'data', key: 'train/a.csv', size: 3, etag: 'e', reason: 'PutObject' } as const;
    fixture.bus.objectCreated(object);
    fixture.bus.watch('data', true);
    fixture.bus.objectCreated(object);
    fixture.bus.objectCreated({ ...object, key: 'other' });
    await fixture.clock.pass(1);
    expect(fixture.told).toEqual([[MACHINE, expect.objectContaining({ resources: ['arn:aws:s3:::data'], detail: expect.objectContaining({ version: '0', bucket: { name: 'data' }, object: { key: 'train/a.csv', size: 3, etag: 'e', sequencer: expect.any(String) }, reason: 'PutObject' }) })]]);
  });
});

describe('a schedule', () => {
  test('fires by the clock, with its attributes, between its dates', async () => {
    const { bus, clock, told } = busWith();
    const from = clock.now() + 3 * 60_000;
    bus.putSchedule({ arn: 'arn:s', isEnabled: true, expression: 'rate(2 minutes)', from, targetArn: MACHINE, input: '{"at":"<aws.scheduler.scheduled-time>","other":"<x>"}' });
    await clock.pass(7 * 60_000);
    expect(told).toEqual([[MACHINE, { at: '2026-01-01T00:04:00Z', other: '<x>' }], [MACHINE, { at: '2026-01-01T00:06:00Z', other: '<x>' }]]);
    bus.deleteSchedule('arn:s');
    await clock.pass(10 * 60_000);
    expect(told).toHaveLength(2);
  });

  test('of a rule sends an event', async () => {
    const { bus, clock, told } = busWith();
    bus.putRule({ arn: RULE, isEnabled: true, schedule: 'cron(5 0 * * ? *)', targets: [{ Arn: MACHINE }] });
    await clock.pass(10 * 60_000);
    expect(told).toEqual([[MACHINE, expect.objectContaining({ 'detail-type': 'Scheduled Event', 'source': 'aws.events', 'time': '2026-01-01T00:05:00Z', 'resources': [RULE], 'detail': {} })]]);
  });

  test('that is disabled does not fire', async () => {
    const { bus, clock, told } = busWith();
    bus.putSchedule({ arn: 'arn:s', isEnabled: false, expression: 'rate(1 minute)', targetArn: MACHINE, input: '{}' });
    await clock.pass(10 * 60_000);
    expect(told).toEqual([]);
  });
});

test.each<[object, string]>([
  [{ targets: [{ Arn: 'arn:aws:sqs:us-east-1:123456789012:q' }] }, 'Not supported by the local AWS: target arn:aws:sqs:us-east-1:123456789012:q; state machines, topics and functions are'],
  [{ targets: [{ Arn: MACHINE, Id: 'T', EcsParameters: {} }] }, 'Not supported by the local AWS: EcsParameters of target T'],
  [{ pattern: undefined }, 'EventPattern or ScheduleExpression must be specified'], [{ pattern: { source: 'x' } }, 'Event pattern is not valid'],
])('a rule with %j is refused', (more, why) => {
  expect(() => busWith().bus.putRule({ arn: RULE, isEnabled: true, pattern: { source: ['x'] }, targets: [], ...more })).toThrow(why);
});
