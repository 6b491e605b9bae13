import type { Clock } from '../../lib/local/clock';

/** Time that jumps to the next thing somebody waits for, once nobody has anything else to do. */
export class VirtualClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private readonly timers: { readonly at: number; readonly action: () => void }[] = [];

  public now(): number { return this.time; }

  public after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.time + milliseconds, action };
    this.timers.push(timer);
    return () => { const index = this.timers.indexOf(timer); if (index >= 0) { this.timers.splice(index, 1); } };
  }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => { this.after(milliseconds, resolve); });
  }

  /** Lets time pass until the work has ended. */
  public async run<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => { ended = true; };
    work.then(end, end);
    for (;;) {
      for (let turns = 0; turns < 3 && !ended; turns++) { await new Promise((resolve) => { setImmediate(resolve); }); }
      if (ended) { return work; }
      const next = this.timers.sort((a, b) => a.at - b.at).shift();
      if (next === undefined) { throw new Error('everybody waits, and nobody for the time to pass'); }
      this.time = Math.max(this.time, next.at);
      next.action();
    }
  }

  /** Lets that much time pass. */
  public pass(milliseconds: number): Promise<void> { return this.run(this.sleep(milliseconds)); }
}
