import { readJson } from './json';

/** The parts of an answer, as they come. It can be read once: as bytes (`for await`), texts, or lines. */
export class PredictionStream implements AsyncIterable<Uint8Array> {
  constructor(private readonly parts: AsyncIterable<Uint8Array>, public readonly contentType: string, public readonly invokedVariant: string | undefined, public readonly customAttributes: string | undefined) {}

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> { return this.parts[Symbol.asyncIterator](); }

  /** Texts in UTF-8; a character that is cut in two by the parts comes with the second. */
  async* texts(): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    for await (const part of this) {
      const text = decoder.decode(part, { stream: true });
      if (text !== '') { yield text; }
    }
    const rest = decoder.decode();
    if (rest !== '') { yield rest; }
  }

  /** Lines without their ends, however the parts cut them; the last may have no end. */
  async* lines(): AsyncGenerator<string> {
    let line = '';
    for await (const text of this.texts()) {
      const lines = (line + text).split('\n');
      line = lines.pop() as string;
      for (const whole of lines) { yield whole.replace(/\r$/, ''); }
    }
    if (line !== '') { yield line; }
  }

  /** The value of each line that has one. @throws PredictorError for a line that is not JSON */
  async* jsonLines<T = any>(): AsyncGenerator<T> {
    for await (const line of this.lines()) {
      if (line.trim() !== '') { yield readJson(line, 'a line of the answer') as T; }
    }
  }
}
