import { RecordPath } from '../../../lib/local/sagemaker/record-path';

const record = { id: 7, a: { b: [10, 20, 30], 'c d': 'x' }, rows: [{ n: 1 }, { n: 2 }] };

test.each<[string, unknown]>([
  ['$', record],
  ['$.id', 7],
  ['$.a.b', [10, 20, 30]],
  ["$['a']['c d']", 'x'],
  ["$.a.['b']", [10, 20, 30]],
  ["$['id','rows']", { id: 7, rows: record.rows }],
  ["$.a.['b','c d']", record.a],
  ['$.a.b[0]', 10],
  ['$.a.b[-1]', 30],
  ['$.a.b[1:]', [20, 30]],
  ['$.a.b[:1]', [10]],
  ['$.a.b[0,2]', [10, 30]],
  ['$.a.b[0,1:]', [10, 20, 30]],
  ['$.a.b[-2:]', [20, 30]],
  ['$.rows[*].n', [1, 2]],
  ['$.a.*', [[10, 20, 30], 'x']],
])('%s is its part of a record', (path, part) => {
  expect(new RecordPath(path).of(record)).toEqual(part);
});

test.each(['id', '$id', '$.', '$[', '$[a]', '$[1:2:3]', "$['a',1]", '$..id', '$.a b'])('%s is refused', (path) => {
  expect(() => new RecordPath(path)).toThrow();
});

test.each(['$.nothing', '$.id.x', '$.a.b[3]', '$.a.b[-4]', '$.a.b[3:]', '$.id[0]', "$['id','nothing']"])('%s leads nowhere', (path) => {
  expect(() => new RecordPath(path).of(record)).toThrow(path);
});

test('only the root takes a record as it is', () => {
  expect(['$', '$[0:]'].map((path) => new RecordPath(path).isAll)).toEqual([true, false]);
});
