import { cannotRead, cannotWrite } from './errors';
import { isNumberArray, isSequence, textOf, utf8, type NumberArray } from './sequence';

/** What an array is made of, by NumPy's names. */
export type DType = 'bool' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64';

/** Numbers, or lists of them, or lists of those: all of one depth have the same length. */
export type Nested = number | bigint | boolean | NumberArray | readonly Nested[];

interface Kind {
  /** As a header of npy has it. */
  readonly descr: string;
  readonly array: { new (length: number): NumberArray; readonly BYTES_PER_ELEMENT: number; readonly name: string };
  readonly read: (view: DataView, at: number, little: boolean) => number | bigint;
  readonly write: (view: DataView, at: number, value: never) => void;
  /** Of whole numbers, the least and the greatest. */
  readonly range?: readonly [bigint, bigint];
}

const signed = (bits: bigint): [bigint, bigint] => [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
const unsigned = (bits: bigint): [bigint, bigint] => [0n, 2n ** bits - 1n];

const KINDS: { readonly [dtype in DType]: Kind } = {
  bool: { descr: '|b1', array: Uint8Array, read: (view, at) => view.getUint8(at), write: (view, at, value) => view.setUint8(at, value) },
  int8: { range: signed(8n), descr: '|i1', array: Int8Array, read: (view, at) => view.getInt8(at), write: (view, at, value) => view.setInt8(at, value) },
  uint8: { range: unsigned(8n), descr: '|u1', array: Uint8Array, read: (view, at) => view.getUint8(at), write: (view, at, value) => view.setUint8(at, value) },
  int16: { range: signed(16n), descr: '<i2', array: Int16Array, read: (view, at, little) => view.getInt16(at, little), write: (view, at, value) => view.setInt16(at, value, true) },
  uint16: { range: unsigned(16n), descr: '<u2', array: Uint16Array, read: (view, at, little) => view.getUint16(at, little), write: (view, at, value) => view.setUint16(at, value, true) },
  int32: { range: signed(32n), descr: '<i4', array: Int32Array, read: (view, at, little) => view.getInt32(at, little), write: (view, at, value) => view.setInt32(at, value, true) },
  uint32: { range: unsigned(32n), descr: '<u4', array: Uint32Array, read: (view, at, little) => view.getUint32(at, little), write: (view, at, value) => view.setUint32(at, value, true) },
  int64: { range: signed(64n), descr: '<i8', array: BigInt64Array, read: (view, at, little) => view.getBigInt64(at, little), write: (view, at, value) => view.setBigInt64(at, value, true) },
  uint64: { range: unsigned(64n), descr: '<u8', array: BigUint64Array, read: (view, at, little) => view.getBigUint64(at, little), write: (view, at, value) => view.setBigUint64(at, value, true) },
  float32: { descr: '<f4', array: Float32Array, read: (view, at, little) => view.getFloat32(at, little), write: (view, at, value) => view.setFloat32(at, value, true) },
  float64: { descr: '<f8', array: Float64Array, read: (view, at, little) => view.getFloat64(at, little), write: (view, at, value) => view.setFloat64(at, value, true) },
};
const DTYPES = Object.keys(KINDS) as DType[];
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];                             // \x93NUMPY

/** An array of NumPy: its elements row by row, and how many there are in each dimension. */
export class NumpyArray {
  /**
   * Of lists and numbers.
   *
   * @param dtype by default float64 of numbers, int64 of bigints (uint64 where one of them needs it), bool of booleans; an array of
   * numbers keeps its own. Of anything but 0, bool makes true
   * @throws PredictorError when the lists have different lengths, or for an element that the dtype can't hold
   */
  static of(data: Nested | NumpyArray, dtype?: DType): NumpyArray {
    if (dtype !== undefined && !DTYPES.includes(dtype)) { throw cannotWrite(`dtype must be one of ${DTYPES.join(', ')}, got ${dtype}`); }
    if (data instanceof NumpyArray) { return dtype === undefined || dtype === data.dtype ? data : NumpyArray.filled(Array.from(data.data as ArrayLike<number | bigint>), data.shape, dtype); }
    const shape = shapeOf(data);
    const elements: (number | bigint | boolean)[] = [];
    collect(data, shape, 0, elements);
    return NumpyArray.filled(elements, shape, dtype ?? dtypeOf(data, elements));
  }

  private static filled(elements: readonly (number | bigint | boolean)[], shape: readonly number[], dtype: DType): NumpyArray {
    const array = new KINDS[dtype].array(elements.length);
    elements.forEach((element, index) => { array[index] = elementOf(element, dtype) as never; });
    return new NumpyArray(dtype, shape, array);
  }

  /** @throws PredictorError when the shape does not have as many elements as there are, or the array of numbers is not that of the dtype */
  constructor(public readonly dtype: DType, public readonly shape: readonly number[], public readonly data: NumberArray) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== data.length) { throw cannotWrite(`an array of shape (${shape.join(', ')}) has ${size} elements, got ${data.length}`); }
    const [needed, given] = [KINDS[dtype].array.name, arrayName(data)];
    if (given !== needed) { throw cannotWrite(`the elements of ${dtype} are those of ${needed}, got ${given}: NumpyArray.of(data, '${dtype}') makes one of others`); }
  }

  /** As lists in lists; a number for an array without dimensions. */
  toNested(): any {
    const element = (value: number | bigint) => (this.dtype === 'bool' ? value !== 0 : value);
    const nested = (dimension: number, start: number, size: number): unknown => {
      const length = this.shape[dimension];
      if (length === undefined) { return element(this.data[start] as number | bigint); }
      return Array.from({ length }, (_, index) => nested(dimension + 1, start + index * (size / length), size / length));
    };
    return nested(0, 0, this.data.length);
  }
}

/** As the array of a dtype holds it. NumPy refuses what is out of range, too; it cuts fractions off, which nobody can mean. */
function elementOf(element: number | bigint | boolean, dtype: DType): number | bigint {
  const { range } = KINDS[dtype];
  const value = typeof element === 'boolean' ? Number(element) : element;
  if (dtype === 'bool') { return value === 0 || value === 0n ? 0 : 1; }
  if (range === undefined) {
    const held = dtype === 'float32' ? Math.fround(Number(value)) : Number(value);
    const isInfinite = typeof value === 'number' && Math.abs(value) === Infinity;
    if (Math.abs(held) === Infinity && !isInfinite) { throw cannotWrite(`${value} is no ${dtype}: it has numbers up to ${dtype === 'float32' ? 3.4028234663852886e38 : Number.MAX_VALUE}`); }
    return held;
  }
  const [least, greatest] = range;
  const isWhole = typeof value === 'bigint' || Number.isInteger(value);
  if (!isWhole || value < least || value > greatest) { throw cannotWrite(`${value} is no ${dtype}: it has whole numbers from ${least} to ${greatest}`); }
  if (!dtype.endsWith('int64')) { return Number(value); }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) { throw cannotWrite(`${value} is no ${dtype} for certain: numbers of JavaScript lose digits beyond ${Number.MAX_SAFE_INTEGER}, pass a bigint`); }
  return BigInt(value);
}

/** The file format of NumPy, version 1.0. @throws PredictorError for an array without an element */
export function writeNpy(array: NumpyArray): Uint8Array {
  if (array.data.length === 0) { throw cannotWrite('Cannot serialize empty array.'); }
  const kind = KINDS[array.dtype];
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const header = `{'descr': '${kind.descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const start = Math.ceil((MAGIC.length + 4 + header.length + 1) / 64) * 64;
  const size = kind.array.BYTES_PER_ELEMENT;
  const file = new Uint8Array(start + array.data.length * size);
  const view = new DataView(file.buffer);
  file.set([...MAGIC, 1, 0]);
  view.setUint16(8, start - 10, true);
  file.set(utf8(`${header.padEnd(start - 11)}\n`), 10);
  array.data.forEach((value, index) => kind.write(view, start + index * size, value as never));
  return file;
}

/** @throws PredictorError for what is no such file, or has elements that JavaScript does not have */
export function readNpy(file: Uint8Array): NumpyArray {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 10 || !MAGIC.every((byte, index) => file[index] === byte)) { throw cannotRead('the answer is no file of NumPy: it does not begin with \\x93NUMPY'); }
  const [from, length] = (file[6] as number) >= 2 ? [12, view.getUint32(8, true)] : [10, view.getUint16(8, true)];
  const header = textOf(file.subarray(from, from + length));
  const [, descr] = /'descr': *'([^']*)'/.exec(header) ?? [];
  const dimensions = /'shape': *\(([^)]*)\)/.exec(header)?.[1];
  const isHalf = descr?.slice(1) === 'f2';
  const dtype = isHalf ? 'float32' : DTYPES.find((name) => KINDS[name].descr.slice(1) === descr?.slice(1));
  if (descr === undefined || dimensions === undefined || dtype === undefined) { throw cannotRead(`the answer is an array of ${descr ?? /'descr': *([^)]*\))/.exec(header)?.[1] ?? 'something unknown'}, which JavaScript has no array of; ${DTYPES.join(', ')} can be read, and float16 as float32`); }
  const shape = dimensions.split(',').filter((part) => part.trim() !== '').map(Number);
  const kind = KINDS[dtype];
  const count = shape.reduce((product, size) => product * size, 1);
  const size = isHalf ? 2 : kind.array.BYTES_PER_ELEMENT;
  const read = isHalf ? readHalf : kind.read;
  if (file.length < from + length + count * size) { throw cannotRead(`the answer ends after ${file.length} bytes; an array of shape (${shape.join(', ')}) has ${from + length + count * size}`); }
  const array = new kind.array(count);
  const place = /'fortran_order': *True/.test(header) ? byColumns(shape) : (index: number) => index;
  for (let index = 0; index < count; index++) { array[place(index)] = read(view, from + length + index * size, descr[0] !== '>') as never; }
  return new NumpyArray(dtype, shape, array);
}

/** A float16: a sign, 5 bits of exponent, 10 of fraction. */
function readHalf(view: DataView, at: number, little: boolean): number {
  const bits = view.getUint16(at, little);
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 0x1f ? (fraction === 0 ? Infinity : NaN) : (1 + fraction / 0x400) * 2 ** (exponent - 15);
  return bits >> 15 === 0 ? size : -size;
}

/** Where the elements belong of an array whose first index is the one that changes fastest. */
function byColumns(shape: readonly number[]): (index: number) => number {
  return (index) => {
    let rest = index;
    const indices = shape.map((length) => {
      const own = rest % length;
      rest = (rest - own) / length;
      return own;
    });
    return indices.reduce((position, own, dimension) => position * (shape[dimension] as number) + own, 0);
  };
}

function shapeOf(data: Nested): number[] {
  if (!isSequence(data)) { return []; }
  return [data.length, ...(isNumberArray(data) || data.length === 0 ? [] : shapeOf(data[0] as Nested))];
}

function collect(data: Nested, shape: readonly number[], depth: number, into: (number | bigint | boolean)[]): void {
  const length = shape[depth];
  if (length === undefined) {
    if (!['number', 'bigint', 'boolean'].includes(typeof data)) { throw cannotWrite(`Unable to serialize: ${isSequence(data) ? 'lists of different depths' : data === null ? 'null' : typeof data}`); }
    into.push(data as number | bigint | boolean);
  } else {
    if (!isSequence(data) || data.length !== length) { throw cannotWrite(`Unable to serialize: lists of different lengths (${length} and ${isSequence(data) ? data.length : 'none'})`); }
    for (const entry of data as readonly Nested[]) { collect(entry, shape, depth + 1, into); }
  }
}

/** Of a Buffer too what it is an array of. */
const arrayName = (data: NumberArray) => String((data as Partial<NumberArray>)[Symbol.toStringTag] ?? typeof data).replace('Clamped', '');

function dtypeOf(data: Nested, elements: readonly (number | bigint | boolean)[]): DType {
  let inner: unknown = data;
  while (Array.isArray(inner)) { inner = inner[0]; }
  if (isNumberArray(inner)) {
    const name = arrayName(inner).replace('Big', '').replace('Array', '').toLowerCase();
    const known = DTYPES.find((dtype) => dtype === name);
    if (known === undefined) { throw cannotWrite(`Unable to serialize: ${arrayName(inner)}`); }
    return known;
  }
  const are = (type: string) => elements.length > 0 && elements.every((element) => typeof element === type);
  if (are('bigint')) { return elements.some((element) => (element as bigint) > 2n ** 63n - 1n) && elements.every((element) => (element as bigint) >= 0n) ? 'uint64' : 'int64'; }
  return are('boolean') ? 'bool' : 'float64';
}
