/** The array types of numbers that JavaScript has. */
export type NumberArray = Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array;

export type Sequence<T> = readonly T[] | NumberArray;

export const isNumberArray = (value: unknown): value is NumberArray => ArrayBuffer.isView(value) && !(value instanceof DataView);

export const isSequence = (value: unknown): value is Sequence<unknown> => Array.isArray(value) || isNumberArray(value);

const UTF8 = new TextEncoder();
export const utf8 = (text: string): Uint8Array => UTF8.encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
