/** How a request went. */
export interface Sent {
  /** When it was sent, and how long it took, in milliseconds. */
  readonly at: number;
  readonly took: number;
  readonly answer?: string;
  readonly error?: Error;
}

/** Requests at a steady rate, whether or not the ones before are answered, until it is ended. */
export class SteadyLoad {
  public readonly sent: Sent[] = [];
  private readonly underway = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private readonly began = performance.now();
  private count = 0;

  constructor(perSecond: number, private readonly ask: () => Promise<string>) {
    this.timer = setInterval(() => {
      // Timers come late on a busy machine; what they have missed is made up for.
      while (this.count < (performance.now() - this.began) / 1000 * perSecond) { this.send(); }
    }, 1000 / perSecond / 2);
  }

  /** Ends it, and waits for the last answers. */
  public async end(): Promise<readonly Sent[]> {
    clearInterval(this.timer);
    await Promise.all(this.underway);
    return this.sent;
  }

  public get lost(): readonly Sent[] {
    return this.sent.filter(({ error }) => error !== undefined);
  }

  private send(): void {
    this.count += 1;
    const at = performance.now();
    const done: Promise<void> = this.ask()
      .then((answer) => { this.sent.push({ at, took: performance.now() - at, answer }); }, (error: Error) => { this.sent.push({ at, took: performance.now() - at, error }); })
      .finally(() => this.underway.delete(done));
    this.underway.add(done);
  }
}
