import { fromCbor, toCbor } from '../../lib/local/cbor';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('CBOR', () => {
  // The examples of RFC 8949, appendix A.
  test.each<[unknown, string]>([
    [0, '00'], [23, '17'], [24, '1818'], [1000, '1903e8'], [1000000, '1a000f4240'], [1000000000000, '1b000000e8d4a51000'], [-1, '20'], [-1000, '3903e7'],
    [1.1, 'fb3ff199999999999a'], [-4.1, 'fbc010666666666666'], [false, 'f4'], [true, 'f5'], [null, 'f6'], ['', '60'], ['ü', '62c3bc'],
    [[], '80'], [[1, [2, 3], [4, 5]], '8301820203820405'], [{}, 'a0'], [{ a: 1, b: [2, 3] }, 'a26161016162820203'],
    [Array.from({ length: 25 }, (_, index) => index + 1), '98190102030405060708090a0b0c0d0e0f101112131415161718181819'],
  ])('%j is %s', (value, bytes) => {
    expect(toCbor(value)).toEqual(hex(bytes));
    expect(fromCbor(hex(bytes))).toEqual(value);
  });

  test.each<[unknown, string]>([
    [1, 'f93c00'], [5.960464477539063e-8, 'f90001'], [-4, 'f9c400'], [-Infinity, 'f9fc00'], [3.4028234663852886e+38, 'fa7f7fffff'],
    [1363896240, 'c11a514b67b0'], ['streaming', '7f657374726561646d696e67ff'], [[1, [2, 3]], '9f018202039fff'.replace('9fff', 'ff')], [{ a: 1 }, 'bf616101ff'],
    [Buffer.from([1, 2]), '5f41014102ff'],
  ])('%j is read from %s, as other programs write it', (value, bytes) => expect(fromCbor(hex(bytes))).toEqual(value));

  test('a time is seconds with a tag, and what is undefined is left out', () => {
    expect(toCbor({ at: new Date(1363896240500), not: undefined })).toEqual(hex('a1 62 6174 c1 fb 41d452d9ec200000'));
  });

  test.each(['', '18', '62c3', '8201', 'a16161', 'ff', '1c', 'f8', '9bffffffffffffffff', 'bbffffffffffffffff', `${'81'.repeat(5000)}00`])('hostile: %s is refused, and nothing is reserved for it', (bytes) => {
    expect(() => fromCbor(hex(bytes))).toThrow(expect.objectContaining({ name: 'SerializationException' }));
  });
});
