import { readCsv, readNumbers } from './csv';
import { cannotRead } from './errors';
import { readJson, readJsonLines } from './json';
import { NumpyArray, readNpy, type DType, type Nested } from './npy';
import { textOf } from './sequence';

/** What makes data of the body of an answer. */
export abstract class Deserializer<O> {
  /** Any value of JSON, and NaN and Infinity as Python writes them; asks for `application/json`. */
  static json<T = any>(accept = 'application/json'): Deserializer<T> { return new Reader(accept, (body) => readJson(textOf(body)) as T); }

  /** A value for each line; asks for `application/jsonlines`. */
  static jsonLines<T = any>(accept = 'application/jsonlines'): Deserializer<T[]> { return new Reader(accept, (body) => readJsonLines(textOf(body)) as T[]); }

  /** Rows of texts; asks for `text/csv`. */
  static csv(accept = 'text/csv'): Deserializer<string[][]> { return new Reader(accept, (body) => readCsv(textOf(body))); }

  /**
   * An array of NumPy; asks for `application/x-npy`. An answer of numbers in JSON or CSV is read too, as the Python SDK does: one field of
   * CSV is a number without dimensions, one row or one column a list.
   *
   * @param options `dtype` is that of arrays read from JSON or CSV, float64 by default (bool of truths alone); a file of NumPy has its own
   */
  static numpy(options: { readonly dtype?: DType; readonly accept?: string } = {}): Deserializer<NumpyArray> {
    return new Reader(options.accept ?? 'application/x-npy', (body, contentType) => readArray(body, contentType, options.dtype));
  }

  /** A text in UTF-8; asks for `application/json`, as the Python SDK's `StringDeserializer` does. */
  static text(accept = 'application/json'): Deserializer<string> { return new Reader(accept, textOf); }

  /** The bytes as they are; asks for anything. */
  static bytes(accept = '*/*'): Deserializer<Uint8Array> { return new Reader(accept, (body) => body); }

  /** @param accept what the request's Accept is; several types have a comma between them */
  constructor(public readonly accept: string) {}

  /** @throws PredictorError for an answer that it can't read */
  abstract deserialize(body: Uint8Array, contentType: string): O;
}

class Reader<O> extends Deserializer<O> {
  constructor(accept: string, private readonly read: (body: Uint8Array, contentType: string) => O) { super(accept); }

  deserialize(body: Uint8Array, contentType: string): O { return this.read(body, contentType); }
}

function readArray(body: Uint8Array, contentType: string, dtype?: DType): NumpyArray {
  switch (mediaType(contentType)) {
    case 'application/x-npy': return readNpy(body);
    case 'application/json': return arrayOf(readJson(textOf(body)) as Nested, dtype);
    case 'text/csv': return arrayOf(squeezed(readNumbers(textOf(body), dtype?.endsWith('int64') === true)), dtype);
    default: throw cannotRead(`an array of NumPy is read of application/x-npy, application/json or text/csv, the answer is ${contentType || 'of no type'}`);
  }
}

/** What can't be made an array is no mistake of whoever reads it. */
function arrayOf(data: Nested, dtype?: DType): NumpyArray {
  try {
    return NumpyArray.of(data, dtype);
  } catch (error) {
    throw cannotRead(`the answer is no array of numbers: ${(error as Error).message.replace('Unable to serialize: ', '')}`);
  }
}

/** As `genfromtxt` does: without the dimensions that have one element. */
function squeezed(rows: readonly (readonly Nested[])[]): Nested {
  const inner = rows.every(({ length }) => length === 1) ? rows.flat() : rows;
  return inner.length === 1 ? inner[0] as Nested : inner;
}

export const mediaType = (contentType: string) => (contentType.split(';')[0] as string).trim().toLowerCase();
