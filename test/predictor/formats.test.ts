import { anything, array, assert, jsonValue, property } from 'fast-check';
import { Deserializer, NumpyArray, Serializer, type DType } from '../../lib/predictor';

const written = <I>(serializer: Serializer<I>, data: I) => Buffer.from(serializer.serialize(data)).toString();
const read = <O>(deserializer: Deserializer<O>, text: string, contentType = deserializer.accept) => deserializer.deserialize(Buffer.from(text), contentType);

describe('Types of content and what is asked for', () => {
  test('are those of the Python SDK', () => {
    expect([Serializer.json(), Serializer.jsonLines(), Serializer.csv(), Serializer.libSvm(), Serializer.numpy(), Serializer.text(), Serializer.bytes()].map(({ contentType }) => contentType))
      .toEqual(['application/json', 'application/jsonlines', 'text/csv', 'text/libsvm', 'application/x-npy', 'text/plain', 'application/octet-stream']);
    expect([Deserializer.json(), Deserializer.jsonLines(), Deserializer.csv(), Deserializer.numpy(), Deserializer.text(), Deserializer.bytes()].map(({ accept }) => accept))
      .toEqual(['application/json', 'application/jsonlines', 'text/csv', 'application/x-npy', 'application/json', '*/*']);
  });

  test('can be others', () => {
    expect(Serializer.json('application/json; charset=utf-8').contentType).toBe('application/json; charset=utf-8');
    expect(Serializer.numpy({ contentType: 'application/npy' }).contentType).toBe('application/npy');
    expect(Deserializer.numpy({ accept: 'application/json' }).accept).toBe('application/json');
  });
});

describe('JSON', () => {
  const circle: unknown[] = [];
  circle.push(circle);

  test('has arrays of numbers as lists', () => {
    expect(written(Serializer.json(), { instances: [new Float32Array([0.5, 1]), new BigInt64Array([7n]), NumpyArray.of([[1], [2]])] })).toBe('{"instances":[[0.5,1],[7],[[1],[2]]]}');
  });

  test.each([[[1, NaN], 'JSON has no NaN (at 1)'], [{ x: Infinity }, 'JSON has no Infinity (at x)'], [undefined, 'JSON is written of values, got undefined'], [{ x: new Set([1]) }, 'JSON has no sets (at x): pass a list, [...set]'],
    [new Map([[{}, 1]]), 'the names of JSON are texts, got a map with object'], [[circle], "JSON can't be written of it: Converting circular structure to JSON"], [2n ** 60n, /^1152921504606846976 is no number of JSON/]])('refuses %p, of which it would make something else', (data, message) => {
    expect(() => Serializer.json().serialize(data)).toThrow(message);
  });

  test('has maps as objects', () => {
    expect(written(Serializer.json(), { map: new Map<unknown, unknown>([['a', new Map([[1, [2]]])], [true, null]]) })).toBe('{"map":{"a":{"1":[2]},"true":null}}');
  });

  test('of Python is read with the numbers that JSON does not have', () => {
    expect(read(Deserializer.json(), '[NaN, -Infinity, {"NaN": Infinity, "a\\"": "NaN, \\" Infinity"}, -1.5]')).toEqual([NaN, -Infinity, { 'NaN': Infinity, 'a"': 'NaN, " Infinity' }, -1.5]);
    expect(read(Deserializer.json(), 'NaN')).toBeNaN();
    expect(read(Deserializer.jsonLines(), '{"x": NaN}\n1')).toEqual([{ x: NaN }, 1]);
  });

  test.each(['[xNaN]', '[-NaN]', '[1.Infinity]', '["NaN]', '{NaN: 1}'])('is not %s, though Python has such words', (text) => {
    expect(() => read(Deserializer.json(), text)).toThrow(expect.objectContaining({ name: 'DeserializationError' }));
  });

  test('that is none is said so, with its beginning', () => {
    expect(() => read(Deserializer.json(), '<html>')).toThrow(expect.objectContaining({ name: 'DeserializationError', message: expect.stringMatching(/^the answer is not JSON \(.*\): <html>$/) }));
    expect(() => read(Deserializer.jsonLines(), '{}\n{')).toThrow(/^line 2 of the answer is not JSON/);
  });

  test('is read as it was written, as lines too', () => {
    assert(property(jsonValue(), (value) => { expect(read(Deserializer.json(), written(Serializer.json(), value))).toEqual(JSON.parse(JSON.stringify(value))); }));
    assert(property(array(jsonValue(), { minLength: 1 }), (values) => { expect(read(Deserializer.jsonLines(), written(Serializer.jsonLines(), values))).toEqual(JSON.parse(JSON.stringify(values))); }));
  });

  test('has one value a line, and a text as it is', () => {
    expect(written(Serializer.jsonLines(), [{ a: 1 }, [2], 'x'])).toBe('{"a":1}\n[2]\n"x"');
    expect(written(Serializer.jsonLines(), '{"a":1}\n')).toBe('{"a":1}\n');
    expect(read(Deserializer.jsonLines(), '1\n2\n\n')).toEqual([1, 2]);
    expect(read(Deserializer.jsonLines(), '')).toEqual([]);
    expect(() => Serializer.jsonLines().serialize(7 as never)).toThrow('JSON lines are written of a text or a list, got number');
  });
});

describe('LibSVM', () => {
  test('has a line for each row, features in the order of their indices', () => {
    expect(written(Serializer.libSvm(), [{ label: 1, features: { 10: 0.5, 2: 1 } }, { features: {} }])).toBe('1 2:1 10:0.5\n0');
    expect(written(Serializer.libSvm(), '0 1:2')).toBe('0 1:2');
  });

  test.each([[[], 'Cannot serialize empty array'], [{}, 'LibSVM is written of a text or a list of rows { label, features }, got object'], [[[1, 2]], 'row 0 has no features { index: value }'], [[{ features: { a: 1 } }], 'a feature of LibSVM is a number at an index, got a:1 in row 0'],
    [[{ label: 'x', features: {} }], 'the label of LibSVM is a number, got x in row 0']])('refuses %j', (data, message) => {
    expect(() => Serializer.libSvm().serialize(data as never)).toThrow(message);
  });
});

describe('An array of NumPy', () => {
  test('is read of JSON and CSV too', () => {
    const numpy = Deserializer.numpy();
    expect(read(numpy, '[[1, 2], [3, 4]]', 'application/json; charset=utf-8').toNested()).toEqual([[1, 2], [3, 4]]);
    expect(read(Deserializer.numpy({ dtype: 'int32' }), '[1]', 'application/json').data).toEqual(Int32Array.of(1));
  });

  test.each<[string, string, any, number[], DType?]>([
    ['text/csv', '1,2\n3,4\n', [[1, 2], [3, 4]], [2, 2]],
    ['text/csv', '1, 2', [1, 2], [2]],
    ['text/csv', '1\r\n2\r\n3', [1, 2, 3], [3]],
    ['text/csv', '7\n', 7, []],
    ['text/csv', '', [], [0]],
    ['text/csv', '\n', [], [0]],
    ['text/csv', 'nan,inf,-Infinity,+INF,1e3,.5,-2.', [NaN, Infinity, -Infinity, Infinity, 1000, 0.5, -2], [7]],
    ['text/csv', '1,,3', [1, NaN, 3], [3]],
    ['text/csv', '# scores\n1,2 # first\n  \n3,4\n', [[1, 2], [3, 4]], [2, 2]],
    ['text/csv', 'True,False', [true, false], [2]],
    ['text/csv', '9223372036854775807', 9223372036854775807n, [], 'int64'],
    ['application/json', '[]', [], [0]],
    ['application/json', '[[], []]', [[], []], [2, 0]],
    ['application/json', '7', 7, []],
    ['application/json', '[NaN, -Infinity]', [NaN, -Infinity], [2]],
  ])('is read of %s %j', (type, text, nested, shape, ...[dtype]) => {
    const made = read(Deserializer.numpy({ dtype }), text, type);
    expect([made.toNested(), made.shape]).toEqual([nested, shape]);
  });

  test.each<[string, string, string, DType?]>([
    ['text/csv', 'a,b', 'field 1 of row 1 is "a"; Deserializer.csv() reads texts'],
    ['text/csv', '1,2\n3,0x10', 'field 2 of row 2 is "0x10"; Deserializer.csv() reads texts'],
    ['text/csv', '1,2\n3', 'lists of different lengths (2 and 1)'],
    ['text/csv', 'nan,inf', 'NaN is no int32: it has whole numbers from -2147483648 to 2147483647', 'int32'],
    ['text/csv', '1.5', '1.5 is no int8: it has whole numbers from -128 to 127', 'int8'],
    ['application/json', '{"a": 1}', 'object'],
    ['application/json', 'null', 'null'],
    ['application/json', '["a"]', 'string'],
    ['application/json', '[[1], [2, 3]]', 'lists of different lengths (1 and 2)'],
    ['application/json', '[300]', '300 is no int8: it has whole numbers from -128 to 127', 'int8'],
  ])('is not read of %s %j', (type, text, why, ...[dtype]) => {
    expect(() => read(Deserializer.numpy({ dtype }), text, type)).toThrow(expect.objectContaining({ name: 'DeserializationError', message: `the answer is no array of numbers: ${why}` }));
  });

  test('is not read of anything else', () => {
    expect(() => read(Deserializer.numpy(), '<html>', 'text/html')).toThrow('an array of NumPy is read of application/x-npy, application/json or text/csv, the answer is text/html');
  });
});

describe('Texts and bytes', () => {
  test('go as they are', () => {
    expect(written(Serializer.text(), 'grüße')).toBe('grüße');
    expect(read(Deserializer.text(), 'grüße')).toBe('grüße');
    expect(Serializer.bytes('image/png').serialize(new Uint16Array([1, 2]).subarray(1))).toEqual(Uint8Array.of(2, 0));
    expect(Deserializer.bytes().deserialize(Uint8Array.of(1), '')).toEqual(Uint8Array.of(1));
  });

  test('are what they are called', () => {
    assert(property(anything().filter((value) => typeof value !== 'string' && !ArrayBuffer.isView(value)), (value) => {
      expect(() => Serializer.text().serialize(value as never)).toThrow(/^a text is needed, got /);
      expect(() => Serializer.bytes().serialize(value as never)).toThrow(/^bytes or a text are needed, got .*: choose a serializer for other data, for instance Serializer\.json\(\)$/);
    }));
  });
});
