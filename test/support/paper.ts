/** What was written, as a terminal's whole history; on the carbon copy too. */
export class Paper {
  public text = '';
  public readonly columns = 80;
  constructor(public readonly isTTY = false, private readonly copy?: Paper) {}
  write(text: string): boolean { this.text += text; this.copy?.write(text); return true; }
  once(): void { throw new Error('never full'); }
  get lines(): string[] { return this.text.split('\n').slice(0, -1); }
}
