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

/** What a command says: progress on standard error, results on standard output. */
export class Output {
  constructor(
    /** One JSON document on standard output at the end, and no progress. */
    public readonly isJson: boolean,
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {}

  progress(line: string): void { if (!this.isJson) { this.err.write(`${line}\n`); } }
  result(line: string): void { if (!this.isJson) { this.out.write(`${line}\n`); } }
  json(document: unknown): void { if (this.isJson) { this.out.write(`${JSON.stringify(document, undefined, 2)}\n`); } }

  /** Colour on a terminal, and nothing elsewhere. */
  paint(colour: keyof typeof COLOURS, text: string): string {
    const isPlain = this.err.isTTY !== true || process.env.NO_COLOR !== undefined;
    return isPlain ? text : `\u001b[${COLOURS[colour]}m${text}\u001b[0m`;
  }

  status(status: string): string {
    const isBad = status.includes('FAILED') || status.includes('ROLLBACK');
    return this.paint(isBad ? 'red' : status.endsWith('_COMPLETE') ? 'green' : status.endsWith('_SKIPPED') ? 'yellow' : 'grey', status);
  }
}
