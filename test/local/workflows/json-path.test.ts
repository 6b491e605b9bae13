import { pathOf, requireReference, valueAt, withValueAt } from '../../../lib/local/workflows/json-path';

const JOB = {
  Name: 'train-1',
  'Odd name': { "it's": 1 },
  Metrics: [{ MetricName: 'loss', Value: 0.5 }, { MetricName: 'accuracy', Value: 0.9, Unit: '%' }, { MetricName: 'accuracy', Value: 0.95 }],
  Deep: { Metrics: [{ Value: 7 }] },
};

test.each([
  ['$', JOB], ['$.Name', 'train-1'], ["$['Name']", 'train-1'], ['$["Odd name"]["it\'s"]', 1], ["$['Odd name']['it\\'s']", 1],
  ['$.Metrics[0].Value', 0.5], ['$.Metrics[-1].Value', 0.95], ['$.None', undefined], ['$.Metrics[7]', undefined], ['$.Name.length', undefined],
])('%s leads to one value', (path, value) => expect(valueAt(JOB, path)).toEqual(value));

test.each([
  ["$.Metrics[?(@.MetricName=='accuracy')].Value", [0.9, 0.95]],
  ["$.Metrics[?(@.MetricName == 'none')].Value", []],
  ['$.Metrics[?(@.Unit)].Value', [0.9]], ['$.Metrics[?(!@.Unit)].Value', [0.5, 0.95]],
  ["$.Metrics[?(@.Value > 0.5 && @.MetricName != 'loss' || @.Value < 0)].Value", [0.9, 0.95]],
  ["$.Metrics[?((@.Value >= 0.9) && !(@.Unit == '%'))].Value", [0.95]],
  ['$.Metrics[-1:].Value', [0.95]], ['$.Metrics[:2].Value', [0.5, 0.9]], ['$.Metrics[0:3:2].Value', [0.5, 0.95]], ['$.Metrics[0,2].Value', [0.5, 0.95]],
  ['$.Metrics[*].MetricName', ['loss', 'accuracy', 'accuracy']], ['$.Deep.*[0].Value', [7]], ['$..Value', [0.5, 0.9, 0.95, 7]],
])('%s leads to a list of what was found', (path, values) => expect(valueAt(JOB, path)).toEqual(values));

test('$$ is the context object', () => expect(valueAt(JOB, '$$.Execution.Id', { Execution: { Id: 'arn' } })).toBe('arn'));

test.each(['', 'Name', '$Name', '$.', '$.a[', '$.a[?(@.b==)]', "$['a','b']", '$.length()', '$.a b'])('%j is no path', (path) => {
  expect(() => pathOf(path)).toThrow(`not a path that the local AWS understands: ${path}`);
});

test.each(['$.a[*]', '$..a', '$.a[0:1]', '$$.a', '$.a[?(@.b)]'])('%s is no place for a result', (path) => expect(() => requireReference(path)).toThrow('not a reference path'));

test('a value is put at a path, beside what is there', () => {
  expect(withValueAt({ a: { b: 1 }, l: [1, 2] }, '$.a.c.d', 2)).toEqual({ a: { b: 1, c: { d: 2 } }, l: [1, 2] });
  expect(withValueAt({ l: [1, 2] }, '$.l[1]', 3)).toEqual({ l: [1, 3] });
  expect(withValueAt('text', '$.a', 1)).toEqual({ a: 1 });
});
