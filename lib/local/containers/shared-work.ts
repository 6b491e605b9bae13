/** Who waits for work. */
export interface Waiting {
  /** Gets every line that the work says, also what it has said before. */
  readonly log: (line: string) => void;
  /** Waits no longer. */
  readonly signal: AbortSignal;
}

/** Work that several wait for: done once, and given up when nobody waits for it any more. */
export class SharedWork<T> {
  private readonly abort = new AbortController();
  private readonly lines: string[] = [];
  private readonly waiting = new Set<Waiting>();
  private readonly result: Promise<T>;

  constructor(work: (waiting: Waiting) => Promise<T>) {
    this.result = work({ log: (line) => this.say(line), signal: this.abort.signal });
    // Those who wait hear of it.
    this.result.catch(() => undefined);
  }

  public get isGivenUp(): boolean {
    return this.abort.signal.aborted;
  }

  public async wait(waiting: Waiting): Promise<T> {
    const { log, signal } = waiting;
    signal.throwIfAborted();
    this.lines.forEach(log);
    this.waiting.add(waiting);
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([this.result, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.waiting.delete(waiting);
      if (this.waiting.size === 0) { this.abort.abort(); }
    }
  }

  private say(line: string): void {
    this.lines.push(line);
    this.waiting.forEach(({ log }) => log(line));
  }
}
