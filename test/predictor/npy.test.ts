import { execFileSync, spawnSync } from 'node:child_process';
import { array, assert, bigInt, boolean, constantFrom, double, float, integer, property, tuple } from 'fast-check';
import { NumpyArray, readNpy, writeNpy, type DType, type Nested } from '../../lib/predictor/npy';

const header = (file: Uint8Array) => Buffer.from(file).subarray(10, 10 + Buffer.from(file).readUInt16LE(8)).toString();
const file = (descr: string, shape: string, bytes: Buffer, { version = 1, fortran = false } = {}) => {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`.padEnd(117) + '\n';
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) { length.writeUInt16LE(text.length); } else { length.writeUInt32LE(text.length); }
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([version, 0]), length, Buffer.from(text), bytes]);
};

describe('A file of NumPy', () => {
  test('is version 1.0: a header that ends at a multiple of 64, then the elements row by row', () => {
    const written = writeNpy(NumpyArray.of([[1, 2], [3, 4.5]], 'float32'));
    expect(Buffer.from(written.subarray(0, 8)).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    expect(header(written)).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 2\), \} +\n$/);
    expect(written.length).toBe(128 + 16);
    expect(Buffer.from(written).readFloatLE(140)).toBe(4.5);
  });

  test.each<[string, Nested, DType, string, string]>([
    ['numbers, whole ones too', [1, 2, 3], 'float64', '<f8', '(3,)'],
    ['lists of numbers', [[1.5], [2]], 'float64', '<f8', '(2, 1)'],
    ['bigints', [1n, 2n], 'int64', '<i8', '(2,)'],
    ['booleans', [[true, false]], 'bool', '|b1', '(1, 2)'],
    ['a number', 7, 'float64', '<f8', '()'],
    ['an array of numbers', new Uint8Array([1, 2]), 'uint8', '|u1', '(2,)'],
    ['a list of arrays of numbers', [new Int16Array([1]), new Int16Array([2])], 'int16', '<i2', '(2, 1)'],
    ['an array of big numbers', new BigUint64Array([1n]), 'uint64', '<u8', '(1,)'],
    ['bigints of which one needs uint64', [0n, 2n ** 63n], 'uint64', '<u8', '(2,)'],
    ['a Buffer', Buffer.from([1]), 'uint8', '|u1', '(1,)'],
  ])('of %s', (_what, data, dtype, descr, shape) => {
    const made = NumpyArray.of(data);
    expect(made.dtype).toBe(dtype);
    expect(header(writeNpy(made))).toContain(`'descr': '${descr}', 'fortran_order': False, 'shape': ${shape},`);
  });

  test.each<[Nested, string]>([
    [[], 'Cannot serialize empty array.'],
    [[[]], 'Cannot serialize empty array.'],
    [[[1, 2], [3]], 'Unable to serialize: lists of different lengths (2 and 1)'],
    [[[1], 2], 'Unable to serialize: lists of different lengths (1 and none)'],
    [[1, [2]], 'Unable to serialize: lists of different depths'],
    [['a'] as never, 'Unable to serialize: string'],
    [[null] as never, 'Unable to serialize: null'],
    [2n ** 64n, '18446744073709551616 is no uint64: it has whole numbers from 0 to 18446744073709551615'],
    [[2n ** 63n, -1n], '9223372036854775808 is no int64: it has whole numbers from -9223372036854775808 to 9223372036854775807'],
  ])('is not written of %p', (data, message) => expect(() => writeNpy(NumpyArray.of(data))).toThrow(expect.objectContaining({ name: 'SerializationError', message })));

  test.each<[DType, number | bigint, string]>([
    ['int8', 300, '300 is no int8: it has whole numbers from -128 to 127'],
    ['uint8', -1, '-1 is no uint8: it has whole numbers from 0 to 255'],
    ['int16', 32768n, '32768 is no int16: it has whole numbers from -32768 to 32767'],
    ['int32', NaN, 'NaN is no int32: it has whole numbers from -2147483648 to 2147483647'],
    ['int32', Infinity, 'Infinity is no int32: it has whole numbers from -2147483648 to 2147483647'],
    ['int32', 3e9, '3000000000 is no int32: it has whole numbers from -2147483648 to 2147483647'],
    ['int32', 1.5, '1.5 is no int32: it has whole numbers from -2147483648 to 2147483647'],
    ['int64', 1.5, '1.5 is no int64: it has whole numbers from -9223372036854775808 to 9223372036854775807'],
    ['int64', 2 ** 53, '9007199254740992 is no int64 for certain: numbers of JavaScript lose digits beyond 9007199254740991, pass a bigint'],
    ['uint64', -1, '-1 is no uint64: it has whole numbers from 0 to 18446744073709551615'],
    ['float32', 1e39, '1e+39 is no float32: it has numbers up to 3.4028234663852886e+38'],
    ['float64', 10n ** 309n, `${10n ** 309n} is no float64: it has numbers up to 1.7976931348623157e+308`],
  ])('has no element of %s that it can\'t hold: %p', (dtype, element, message) => {
    expect(() => NumpyArray.of([element], dtype)).toThrow(expect.objectContaining({ name: 'SerializationError', message }));
  });

  test('has what its dtype can hold, to the ends of it', () => {
    expect(NumpyArray.of([-128, 127, true, 5n], 'int8').data).toEqual(Int8Array.of(-128, 127, 1, 5));
    expect(NumpyArray.of([2 ** 32 - 1, 0], 'uint32').data).toEqual(Uint32Array.of(2 ** 32 - 1, 0));
    expect(NumpyArray.of([0, -0, 0n, false, 2, NaN, 3n], 'bool').toNested()).toEqual([false, false, false, false, true, true, true]);
    expect(NumpyArray.of([NaN, -Infinity, 0.1], 'float32').data).toEqual(Float32Array.of(NaN, -Infinity, 0.1));
  });

  test('is not made of an unknown dtype, of too few elements, or of an array of other numbers', () => {
    expect(() => new NumpyArray('int8', [1], new Float32Array([300]))).toThrow("the elements of int8 are those of Int8Array, got Float32Array: NumpyArray.of(data, 'int8') makes one of others");
    expect(() => new NumpyArray('int8', [1], [300] as never)).toThrow(/^the elements of int8 are those of Int8Array, got object: /);
    expect(() => NumpyArray.of([1], 'float16' as never)).toThrow(/^dtype must be one of bool, int8, .*, got float16$/);
    expect(() => new NumpyArray('float32', [2, 3], new Float32Array(5))).toThrow('an array of shape (2, 3) has 6 elements, got 5');
    expect(() => writeNpy(new NumpyArray('float32', [0], new Float32Array(0)))).toThrow('Cannot serialize empty array.');
  });

  test('is read by rows or by columns, of either end, in later versions', () => {
    const bytes = Buffer.from(Int16Array.from([1, 2, 3, 4, 5, 6]).buffer);
    expect(readNpy(file('<i2', '(2, 3)', bytes)).toNested()).toEqual([[1, 2, 3], [4, 5, 6]]);
    expect(readNpy(file('<i2', '(2, 3)', bytes, { fortran: true })).toNested()).toEqual([[1, 3, 5], [2, 4, 6]]);
    expect(readNpy(file('>i2', '(6,)', Buffer.from(bytes).swap16())).toNested()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readNpy(file('<i2', '(6,)', bytes, { version: 2 })).toNested()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readNpy(file('<i2', '(0, 3)', Buffer.alloc(0))).shape).toEqual([0, 3]);
  });

  test('of float16 is read as float32, which has all its numbers', () => {
    const halves = Buffer.from(Uint16Array.from([0x2e66, 0x7bff, 0x7e00, 0xfc00, 0x0001, 0x8000, 0x03ff, 0xc000]).buffer);
    const expected = new NumpyArray('float32', [8], Float32Array.of(0.0999755859375, 65504, NaN, -Infinity, 2 ** -24, -0, 1023 * 2 ** -24, -2));
    expect(readNpy(file('<f2', '(8,)', halves))).toEqual(expected);
    expect(readNpy(file('>f2', '(8,)', halves.swap16()))).toEqual(expected);
  });

  test.each([
    [Buffer.from('{"error": 1}'), 'the answer is no file of NumPy: it does not begin with \\x93NUMPY'],
    [file('<U3', '(1,)', Buffer.alloc(12)), /^the answer is an array of <U3, which JavaScript has no array of; bool, int8, .*float64 can be read, and float16 as float32$/],
    [file('<f4', '(3,)', Buffer.alloc(8)), 'the answer ends after 136 bytes; an array of shape (3) has 140'],
  ])('that is none is said so', (bytes, message) => expect(() => readNpy(bytes)).toThrow(expect.objectContaining({ name: 'DeserializationError', message: typeof message === 'string' ? message : expect.stringMatching(message) })));

  const values = {
    bool: boolean(), int8: integer({ min: -128, max: 127 }), uint8: integer({ min: 0, max: 255 }), int16: integer({ min: -32768, max: 32767 }), uint16: integer({ min: 0, max: 65535 }),
    int32: integer(), uint32: integer({ min: 0, max: 2 ** 32 - 1 }), int64: bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), uint64: bigInt({ min: 0n, max: 2n ** 64n - 1n }), float32: float(), float64: double(),
  };
  test.each(Object.entries(values))('of %s is read as it was written', (dtype, value) => {
    assert(property(tuple(integer({ min: 1, max: 4 }), integer({ min: 1, max: 4 })).chain(([rows, columns]) => array(array(value as never, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows })), (data) => {
      const read = readNpy(writeNpy(NumpyArray.of(data as Nested, dtype as DType)));
      expect({ dtype: read.dtype, shape: read.shape, data: read.toNested() }).toEqual({ dtype, shape: [data.length, data[0]!.length], data });
    }));
  });

  test('of any shape is read as it was written', () => {
    assert(property(array(integer({ min: 1, max: 3 }), { maxLength: 5 }), constantFrom<DType>('int32', 'float64'), (shape, dtype) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const made = NumpyArray.of(new NumpyArray('float64', shape, Float64Array.from({ length: size }, (_, index) => index)), dtype);
      expect(NumpyArray.of(readNpy(writeNpy(made)).toNested(), dtype)).toEqual(made);
    }));
  });

  const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
  (hasNumpy ? test : test.skip)(`is what NumPy reads and writes${hasNumpy ? '' : ' (skipped: no numpy)'}`, () => {
    const echo = 'import io, sys, numpy; a = numpy.load(io.BytesIO(sys.stdin.buffer.read())); b = io.BytesIO(); numpy.save(b, a); sys.stdout.buffer.write(b.getvalue())';
    for (const made of [NumpyArray.of([[1, 2], [3, 4.5]]), NumpyArray.of([1n, -2n]), NumpyArray.of([[[true]], [[false]]]), NumpyArray.of(7, 'float32')]) {
      const written = writeNpy(made);
      expect(execFileSync('python3', ['-c', echo], { input: written }).equals(written)).toBe(true);
    }
  });
});
