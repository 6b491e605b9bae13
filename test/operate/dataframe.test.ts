import { frameOf, numberOrText, textOf, type Cell } from '../../lib/operate/dataframe';

const START = new Date('2026-01-01T12:00:00.500Z');
const frame = (...rows: { readonly [column: string]: Cell }[]) => frameOf(rows.map((row) => new Map(Object.entries(row))));

describe('a data frame', () => {
  test('has its columns in the order in which rows first have them', () => {
    expect(frame({ a: 1, c: 2 }, { b: 3, a: 4 }).columns).toEqual(['a', 'c', 'b']);
    expect(frameOf([], ['timestamp']).columns).toEqual(['timestamp']);
  });

  test('is CSV: quoted where needed, empty where there is nothing', () => {
    expect(textOf(frame({ 'na,me': 'a"b', 'n': 0.1 }, { 'na,me': 'two\nlines', 'when': START }, { n: NaN }, { n: -Infinity }), 'csv'))
      .toBe('"na,me",n,when\n"a""b",0.1,\n"two\nlines",,2026-01-01T12:00:00.500Z\n,,\n,-inf,\n');
    expect(textOf(frameOf([], ['a', 'b']), 'csv')).toBe('a,b\n');
  });

  test('is JSON: an object for each row, each with all columns', () => {
    expect(textOf(frame({ a: '"adam"', b: START }, { c: NaN }), 'json')).toBe('[\n  {"a":"\\"adam\\"","b":"2026-01-01T12:00:00.500Z","c":null},\n  {"a":null,"b":null,"c":null}\n]\n');
    expect(JSON.parse(textOf(frameOf([]), 'json'))).toEqual([]);
  });

  test('is a table for people, in which nothing moves the cursor', () => {
    expect(textOf(frame({ solver: '"adam"', rate: 0.012345678, when: START }, { solver: 'a\u001b[2Jb\nc', odd: '"not JSON\\"' }), 'table')).toBe([
      'solver    rate       when                 odd',
      'adam      0.0123457  2026-01-01 12:00:00',
      'a [2Jb c                                  "not JSON\\"', '',
    ].join('\n'));
  });
});

test.each<[string, number | string]>([
  ['0.5', 0.5], ['3', 3], ['1e-3', 0.001], ['-.5', -0.5], ['5.', 5], [' 7 ', 7], ['inf', Infinity], ['-Infinity', -Infinity], ['NaN', NaN],
  ['', ''], ['0x10', '0x10'], ['"3"', '"3"'], ['adam', 'adam'], ['1 2', '1 2'], ['e5', 'e5'],
])('%j is %p, as Python\'s float reads it', (text, value) => {
  expect(numberOrText(text)).toBe(value);
});
