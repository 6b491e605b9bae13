import { expressionOf } from '../../../lib/local/workflows/intrinsic-functions';

const INPUT = { name: 'a job', n: 3, list: [1, 2, 2, { x: 1 }], text: '{"a":[1]}', "o'k": true, metrics: [{ MetricName: 'f1', Value: 0.5 }] };
const valueOf = (text: string) => expressionOf(text)({ input: INPUT, context: { Execution: { Name: 'run-1' } } });

test.each<[string, unknown]>([
  ["States.Format('{}: {} of {}', $.name, $.n, $$.Execution.Name)", 'a job: 3 of run-1'],
  ["States.Format('it\\'s \\{{}\\} and {}', $.n, $.metrics)", 'it\'s {3} and [{"MetricName":"f1","Value":0.5}]'],
  ['States.StringToJson($.text)', { a: [1] }], ['States.JsonToString($.metrics)', '[{"MetricName":"f1","Value":0.5}]'],
  ["States.Array(1, 'two', null, true, $.n, -1.5)", [1, 'two', null, true, 3, -1.5]], ['States.Array()', []],
  ['States.ArrayPartition($.list, 3)', [[1, 2, 2], [{ x: 1 }]]], ['States.ArrayContains($.list, 2)', true], ['States.ArrayContains($.list, 9)', false],
  ['States.ArrayRange(1, 9, 4)', [1, 5, 9]], ['States.ArrayRange(3, 1, -1)', [3, 2, 1]], ['States.ArrayLength($.list)', 4], ['States.ArrayUnique($.list)', [1, 2, { x: 1 }]],
  ["States.ArrayGetItem($.metrics[?(@.MetricName=='f1')].Value, 0)", 0.5],
  ["States.Base64Encode('abc')", 'YWJj'], ["States.Base64Decode('YWJj')", 'abc'], ["States.Hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['States.JsonMerge($.metrics[0], States.StringToJson($.text), false)', { MetricName: 'f1', Value: 0.5, a: [1] }],
  ['States.MathAdd($.n, -1)', 2], ["States.StringSplit('a.b-c', '.-')", ['a', 'b', 'c']], ["States.Format('{}', $['o\\'k'])", 'true'],
  ["States.Format( 'a-{}' , States.ArrayGetItem( States.StringSplit($.name, ' ') , 1 ) )", 'a-job'],
  ['$.name', 'a job'],
])('%s', (text, value) => expect(valueOf(text)).toEqual(value));

test('random values are within their bounds, and identifiers are new', () => {
  expect([1, 2]).toContain(valueOf('States.MathRandom(1, 3)'));
  expect(valueOf('States.UUID()')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(valueOf('States.UUID()')).not.toBe(valueOf('States.UUID()'));
});

test.each(['States.Nothing()', 'States.UUID(1)', 'States.Format()', "States.Format('a'", "States.Format('a') more", 'Format()', "States.Array(1 2)", `${'States.Array('.repeat(11)}1${')'.repeat(11)}`])('%s is no expression', (text) => {
  expect(() => expressionOf(text)).toThrow('that the local AWS understands');
});

test.each([
  ["States.Format('{} {}', $.n)", 'there are fewer values than {}'], ["States.Format('{}', $.n, $.n)", 'there are more values than {}'], ['States.ArrayGetItem($.list, 4)', 'there is no element 4'],
  ['States.StringToJson($.name)', 'Unexpected token'], ['States.ArrayLength($.name)', 'an array is needed'], ["States.Hash('a', 'CRC')", 'there is no algorithm CRC'], ['States.ArrayRange(1, 5000, 1)', 'there may be 1000 elements'],
])('%s fails', (text, why) => expect(() => valueOf(text)).toThrow(expect.objectContaining({ error: 'States.IntrinsicFailure', cause: expect.stringContaining(why) })));

test('a path that leads nowhere is an error of the execution', () => {
  expect(() => valueOf("States.Format('{}', $.none)")).toThrow(expect.objectContaining({ error: 'States.Runtime', cause: expect.stringContaining("The JSONPath '$.none' could not be found in the input") }));
});
