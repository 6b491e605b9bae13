/** Ends a command with a message and an exit code; nothing else is printed. */
export class CommandError extends Error {
  constructor(message: string, public readonly exitCode = 1) { super(message); }
}

/** The command line itself is wrong. */
export class UsageError extends CommandError {
  constructor(message: string) { super(message, USAGE); }
}

/** The exit code of a command line that can't be meant. */
export const USAGE = 2;

const COLOURS = { red: 31, green: 32, yellow: 33, grey: 90, bold: 1 } as const;
const COLOUR_CODES = /\u001b\[\d+m/g;

const isSet = (name: string) => (process.env[name] ?? '') !== '';
/** NO_COLOR of no-color.org; whoever sets it means it, FORCE_COLOR or not. */
export const hasColor = () => !isSet('NO_COLOR');
const isForced = () => isSet('FORCE_COLOR') && process.env.FORCE_COLOR !== '0';

/** What a command says: progress on standard error, results on standard output. */
export class Output {
  private printed = false;

  constructor(
    /** One JSON document on standard output at the end, and no progress. */
    public readonly isJson: boolean,
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {}

  /** Whether its document has been printed. */
  get hasDocument(): boolean { return this.printed; }

  progress(line: string): void { if (!this.isJson) { this.err.write(`${this.for(this.err, line)}\n`); } }
  result(line: string): void { if (!this.isJson) { this.out.write(`${this.for(this.out, line)}\n`); } }
  json(document: unknown): void {
    if (!this.isJson) { return; }
    this.printed = true;
    this.out.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }

  /** Colour on a terminal, and nothing elsewhere, unless FORCE_COLOR asks for it. */
  paint(colour: keyof typeof COLOURS, text: string): string {
    const isPlain = !this.isColoured(this.err) && !this.isColoured(this.out);
    return isPlain ? text : `\u001b[${COLOURS[colour]}m${text}\u001b[0m`;
  }

  private isColoured({ isTTY }: NodeJS.WriteStream): boolean { return hasColor() && (isTTY || isForced()); }

  /** One of the two may be a terminal, and the other a file. */
  private for(stream: NodeJS.WriteStream, line: string): string { return this.isColoured(stream) ? line : line.replace(COLOUR_CODES, ''); }

  status(status: string): string {
    const isBad = status.includes('FAILED') || status.includes('ROLLBACK');
    return this.paint(isBad ? 'red' : status.endsWith('_COMPLETE') ? 'green' : status.endsWith('_SKIPPED') ? 'yellow' : 'grey', status);
  }
}
