/** Time that passes only when everybody waits for it. */
export class SimulatedTime {
  private time = Date.UTC(2026, 0, 1);
  private busy = 0;
  private readonly sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  public now(): number { return this.time; }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.busy--;
      this.sleepers.push({ at: this.time + milliseconds, wake: () => { this.busy++; resolve(); } });
    });
  }

  /** Runs work that may sleep; the run of the simulation waits for it. */
  public spawn(work: () => Promise<void>): void {
    this.busy++;
    void work().finally(() => { this.busy--; });
  }

  /** Until nobody works and nobody sleeps, or until the given time. */
  public async run(until = Number.POSITIVE_INFINITY): Promise<void> {
    for (;;) {
      for (let turns = 0; this.busy > 0; turns++) {
        if (turns > 10_000) { throw new Error('something waits for real time'); }
        await new Promise((resolve) => { setImmediate(resolve); });
      }
      const next = this.sleepers.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) {
        if (Number.isFinite(until)) { this.time = Math.max(this.time, until); }
        return;
      }
      this.sleepers.shift();
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
  }
}
