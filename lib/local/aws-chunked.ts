import { Transform, type TransformCallback } from 'node:stream';
import { ServiceError } from './service-error';

/**
 * Takes apart the `aws-chunked` content encoding, by which SDKs send a body whose signature or checksum comes after it:
 * `<size in hex>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailers>\r\n\r\n`. Signatures are not checked.
 */
export class AwsChunkedDecoder extends Transform {
  private buffered = Buffer.alloc(0);
  /** Bytes of the present chunk still to come; -1: a size line comes next; -2: nothing but trailers. */
  private left = -1;

  public override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.buffered = Buffer.concat([this.buffered, chunk]);
    try {
      while (this.step());
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  public override _flush(done: TransformCallback): void {
    done(this.left === -2 ? null : new ServiceError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header'));
  }

  /** Whether there may be more to do with what is there. */
  private step(): boolean {
    if (this.left === -2) {
      this.buffered = Buffer.alloc(0);
      return false;
    }
    if (this.left === -1) { return this.sizeLine(); }
    if (this.left > 0) {
      const part = this.buffered.subarray(0, this.left);
      if (part.length === 0) { return false; }
      this.push(Buffer.from(part));
      this.left -= part.length;
      this.buffered = this.buffered.subarray(part.length);
      return true;
    }
    if (this.buffered.length < 2) { return false; }                        // the line end after a chunk
    this.buffered = this.buffered.subarray(2);
    this.left = -1;
    return true;
  }

  private sizeLine(): boolean {
    const end = this.buffered.indexOf('\r\n');
    if (end < 0) {
      if (this.buffered.length > LONGEST_LINE) { throw malformed(); }
      return false;
    }
    const size = /^([0-9a-fA-F]{1,13})(?:;.*)?$/.exec(this.buffered.subarray(0, end).toString('latin1'))?.[1];
    if (size === undefined) { throw malformed(); }
    this.buffered = this.buffered.subarray(end + 2);
    this.left = parseInt(size, 16);
    if (this.left === 0) { this.left = -2; }
    return true;
  }
}

const LONGEST_LINE = 1024;
const malformed = () => new ServiceError('InvalidRequest', 'The body is not aws-chunked');
