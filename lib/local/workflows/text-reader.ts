/** Reads a text from its beginning to its end. */
export abstract class TextReader {
  protected at = 0;

  constructor(protected readonly text: string) {}

  protected space(): void { this.match(/\s*/y); }

  /** What a sticky pattern finds where it is, which is read then. */
  protected match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  protected take(text: string): boolean {
    const is = this.text.startsWith(text, this.at);
    if (is) { this.at += text.length; }
    return is;
  }

  protected fail(): never { throw this.wrong(); }

  /** Why the text can't be read. */
  protected abstract wrong(): Error;
}
