import { types } from 'node:util';
import { ServiceError } from './service-error';

/** The major types of RFC 8949. */
const [UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG, SIMPLE] = [0, 1, 2, 3, 4, 5, 6, 7];
const INDEFINITE = 31;
const BREAK = Symbol('break');
const EPOCH_SECONDS = 1;
const DEEPEST = 100;

/** A value as CBOR, as far as AWS's services send it; what is undefined is left out, a `Date` is a time. */
export function toCbor(value: unknown): Buffer {
  if (value == null) { return Buffer.of(0xf6); }
  if (typeof value === 'boolean') { return Buffer.of(value ? 0xf5 : 0xf4); }
  if (typeof value === 'number') { return Number.isSafeInteger(value) ? (value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value)) : double(value); }
  if (typeof value === 'string') { return Buffer.concat([head(TEXT, Buffer.byteLength(value)), Buffer.from(value)]); }
  if (Buffer.isBuffer(value)) { return Buffer.concat([head(BYTES, value.length), value]); }
  if (types.isDate(value)) { return Buffer.concat([head(TAG, EPOCH_SECONDS), double(value.getTime() / 1000)]); }
  if (Array.isArray(value)) { return Buffer.concat([head(LIST, value.length), ...value.map(toCbor)]); }
  const entries = Object.entries(value as object).filter(([, member]) => member !== undefined);
  return Buffer.concat([head(MAP, entries.length), ...entries.flatMap(([name, member]) => [toCbor(name), toCbor(member)])]);
}

/**
 * The value that bytes stand for; times are numbers, seconds since 1970, as in JSON.
 *
 * @throws ServiceError when they are no CBOR
 */
export function fromCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  try {
    return reader.value();
  } catch (error) {
    if ((error as Error).name === 'RangeError') { throw malformed('the end is missing'); }
    throw error;
  }
}

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly bytes: Buffer) {}

  public value(): unknown {
    const value = this.item();
    if (value === BREAK) { throw malformed('an end without a beginning'); }
    return value;
  }

  private item(): unknown {
    const initial = this.bytes.readUInt8(this.at++);
    const [major, info] = [initial >> 5, initial & 31];
    if (major === SIMPLE) { return this.simple(info); }
    const size = info === INDEFINITE ? undefined : this.argument(info);
    switch (major) {
      case UNSIGNED: return required(size);
      case NEGATIVE: return -1 - required(size);
      case BYTES: return size === undefined ? Buffer.concat(this.until() as Buffer[]) : this.take(size);
      case TEXT: return size === undefined ? (this.until() as string[]).join('') : this.take(size).toString();
      case LIST: return this.nested(() => (size === undefined ? this.until() : Array.from(this.times(size), () => this.value())));
      case MAP: return this.nested(() => this.map(size));
      default:
        required(size);
        return this.value();                             // what a tag says of a value is known from its member
    }
  }

  private map(size: number | undefined): Record<string, unknown> {
    const parts = size === undefined ? this.until() : Array.from(this.times(2 * size), () => this.value());
    return Object.fromEntries(parts.flatMap((key, index) => (index % 2 === 0 ? [[String(key), parts[index + 1]]] : [])));
  }

  private until(): unknown[] {
    const found: unknown[] = [];
    for (let item = this.item(); item !== BREAK; item = this.item()) { found.push(item); }
    return found;
  }

  /** As long as there can be so many: each takes a byte at least. */
  private times(count: number): { readonly length: number } {
    if (count > this.bytes.length - this.at) { throw malformed('the end is missing'); }
    return { length: count };
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > DEEPEST) { throw malformed('it is nested too deeply'); }
    const value = read();
    this.depth -= 1;
    return value;
  }

  private take(size: number): Buffer {
    if (size > this.bytes.length - this.at) { throw malformed('the end is missing'); }
    return this.bytes.subarray(this.at, this.at += size);
  }

  private argument(info: number): number {
    if (info < 24) { return info; }
    const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[info];
    if (width === undefined) { throw malformed(`additional information ${info}`); }
    const bytes = this.take(width);
    return width === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, width);
  }

  private simple(info: number): unknown {
    switch (info) {
      case 20: return false;
      case 21: return true;
      case 22: return null;
      case 23: return undefined;
      case 25: return half(this.take(2).readUInt16BE());
      case 26: return this.take(4).readFloatBE();
      case 27: return this.take(8).readDoubleBE();
      case INDEFINITE: return BREAK;
      default: throw malformed(`the simple value ${info}`);
    }
  }
}

function head(major: number, size: number): Buffer {
  if (size < 24) { return Buffer.of(major << 5 | size); }
  if (size < 2 ** 8) { return Buffer.of(major << 5 | 24, size); }
  const [info, width] = size < 2 ** 16 ? [25, 2] : size < 2 ** 32 ? [26, 4] : [27, 8];
  const bytes = Buffer.alloc(1 + width);
  bytes[0] = major << 5 | info;
  if (width === 8) { bytes.writeBigUInt64BE(BigInt(size), 1); } else { bytes.writeUIntBE(size, 1, width); }
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = SIMPLE << 5 | 27;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function half(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 === 1 ? -1 : 1, bits >> 10 & 31, bits & 1023];
  if (exponent === 31) { return fraction === 0 ? sign * Infinity : NaN; }
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function required(size: number | undefined): number {
  if (size === undefined) { throw malformed('a size is missing'); }
  return size;
}

const malformed = (why: string) => new ServiceError('SerializationException', `The request is no CBOR: ${why}`);
