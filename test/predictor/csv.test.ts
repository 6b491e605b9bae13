import { array, assert, constantFrom, double, float, integer, oneof, property, string } from 'fast-check';
import { readCsv, writeCsv, type CsvData } from '../../lib/predictor/csv';

describe('CSV', () => {
  test.each<[string, CsvData, string]>([
    ['one row', [1, 2, 3], '1,2,3'],
    ['several rows, with no newline at the end', [[1, 2], [3, 4]], '1,2\n3,4'],
    ['a text as it is', '1,2\n', '1,2\n'],
    ['a list of texts as rows', ['1,2', 'a,b'], '1,2\na,b'],
    ['an array of numbers as a row', new Float32Array([0.5, -1]), '0.5,-1'],
    ['numbers of 32 bits with the digits they have', [new Float32Array([0.1, 1e-7, 16777216, 3.4028234663852886e38, 1 / 3]), new Float32Array([NaN, -Infinity, 0])], '0.1,1e-7,16777216,3.4028235e+38,0.33333334\nnan,-inf,0'],
    ['arrays of numbers as rows', [new Int8Array([1, 2]), new Int8Array([3, 4])], '1,2\n3,4'],
    ['whole numbers of any size', [10n ** 20n], '100000000000000000000'],
    ['texts with what CSV is made of in quotes', [['a,b', 'c"d', 'e\nf', ' g']], '"a,b","c""d","e\nf", g'],
    ['nothing as an empty field', [[1, null, undefined, '']], '1,,,'],
    ['one empty field as an empty text', [['']], '""'],
    ['truth and what is no number, as Python does', [[true, false, NaN, Infinity, -Infinity]], 'True,False,nan,inf,-inf'],
  ])('writes %s', (_what, data, text) => expect(writeCsv(data)).toBe(text));

  test.each<[unknown, string]>([
    [[], 'Cannot serialize empty array'],
    [[[1], []], 'Cannot serialize empty array'],
    [{ a: 1 }, 'CSV is written of a text, a list, or a list of lists, got object'],
    [7, 'CSV is written of a text, a list, or a list of lists, got number'],
    [[[1], 2], 'a row of CSV is a text or a list, got number'],
    [[[[1]]], 'a field of CSV is a text, a number or a boolean, got a list or an object'],
  ])('refuses %j', (data, message) => expect(() => writeCsv(data as CsvData)).toThrow(expect.objectContaining({ name: 'SerializationError', message })));

  test.each([
    ['a,b\nc,d\n', [['a', 'b'], ['c', 'd']]],
    ['a,b\r\nc,d', [['a', 'b'], ['c', 'd']]],
    ['"a,b","c""d"\n"e\nf"', [['a,b', 'c"d'], ['e\nf']]],
    ['a,\n,b', [['a', ''], ['', 'b']]],
    ['a,', [['a', '']]],
    ['a\n\nb', [['a'], [], ['b']]],
    ['""', [['']]],
    ['', []],
  ])('reads %j', (text, rows) => expect(readCsv(text)).toEqual(rows));

  test('reads what it has written', () => {
    const field = oneof(string(), constantFrom('"', ',', '\n', '\r\n', '', 'a"b,c\nd'));
    assert(property(array(array(field, { minLength: 1 }), { minLength: 1 }), (rows) => { expect(readCsv(writeCsv(rows))).toEqual(rows); }));
    assert(property(float({ noNaN: true, noDefaultInfinity: true }), (number) => { expect(Math.fround(Number(writeCsv(Float32Array.of(number))))).toBe(number + 0); }));
    assert(property(array(array(oneof(double({ noNaN: true, noDefaultInfinity: true }), integer()), { minLength: 1 }), { minLength: 1 }), (rows) => {
      expect(readCsv(writeCsv(rows)).map((row) => row.map(Number))).toEqual(rows.map((row) => row.map((value) => value + 0)));
    }));
  });
});
