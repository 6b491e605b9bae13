import { writeCsv, type CsvData } from './csv';
import { cannotWrite } from './errors';
import { writeJson, writeJsonLines } from './json';
import { writeLibSvm, type LibSvmRow } from './lib-svm';
import { NumpyArray, writeNpy, type DType, type Nested } from './npy';
import { isNumberArray, utf8, type NumberArray } from './sequence';

/** What makes the body of a request of data. Each takes bytes that are written already, too. */
export abstract class Serializer<I> {
  /** `application/json`. Arrays of numbers become lists, maps objects; what JSON can't say (NaN, Infinity, sets) is refused. */
  static json(contentType = 'application/json'): Serializer<unknown> { return new Writer(contentType, writeJson); }

  /** `application/jsonlines`: one value a line. A text is sent as it is. */
  static jsonLines(contentType = 'application/jsonlines'): Serializer<string | Iterable<unknown>> { return new Writer(contentType, writeJsonLines); }

  /** `text/csv`: one row or several. A text is sent as it is. */
  static csv(contentType = 'text/csv'): Serializer<CsvData> { return new Writer(contentType, writeCsv); }

  /** `text/libsvm`: a text in that format, or rows of a label and features. */
  static libSvm(contentType = 'text/libsvm'): Serializer<string | readonly LibSvmRow[]> { return new Writer(contentType, writeLibSvm); }

  /**
   * `application/x-npy`: an array of NumPy.
   *
   * Numbers are float64 unless a `dtype` says otherwise, also where all of them are whole: numbers of JavaScript are no integers, and what
   * a model gets must not depend on the values. Bigints are int64, or uint64 where one of them needs it. What the dtype can't hold (300 as
   * int8, 1.5 as int32) is refused.
   */
  static numpy(options: { readonly dtype?: DType; readonly contentType?: string } = {}): Serializer<Nested | NumpyArray> {
    return new Writer(options.contentType ?? 'application/x-npy', (data) => writeNpy(NumpyArray.of(data, options.dtype)));
  }

  /** `text/plain`: a text, in UTF-8. */
  static text(contentType = 'text/plain'): Serializer<string> {
    return new Writer(contentType, (data) => {
      if (typeof data !== 'string') { throw cannotWrite(`a text is needed, got ${data === null ? 'null' : typeof data}`); }
      return data;
    });
  }

  /** `application/octet-stream`, or what you say: bytes, or a text, as they are. */
  static bytes(contentType = 'application/octet-stream'): Serializer<string | NumberArray> {
    return new Writer(contentType, (data) => {
      if (typeof data === 'string') { return data; }
      if (!isNumberArray(data)) { throw cannotWrite(`bytes or a text are needed, got ${data === null ? 'null' : typeof data}: choose a serializer for other data, for instance Serializer.json()`); }
      return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    });
  }

  /** @param contentType what the request's Content-Type is */
  constructor(public readonly contentType: string) {}

  /** @throws PredictorError for data that it can't write */
  abstract serialize(data: I): Uint8Array;
}

class Writer<I> extends Serializer<I> {
  constructor(contentType: string, private readonly write: (data: I) => string | Uint8Array) { super(contentType); }

  serialize(data: I): Uint8Array {
    const written = this.write(data);
    return typeof written === 'string' ? utf8(written) : written;
  }
}
