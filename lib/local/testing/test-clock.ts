import { millisecondsOf, type Time } from './time';

interface Timer {
  readonly at: number;
  readonly action: () => void;
  /** Where time passes by itself. */
  alarm?: NodeJS.Timeout;
}

/**
 * The time of a local SageMaker: when jobs are created, how long they have, when alarms go off and deployments go on. It passes
 * as time does, or stands still; `advance` lets any length of it pass at once. Programs that really run have time of their own.
 */
export class TestClock {
  private readonly timers: Timer[] = [];
  private readonly sleepers = new Set<() => void>();
  private isOver = false;
  /** What has to be done before time goes on. */
  private readonly busy = new Set<Promise<unknown>>();
  /** The time where it stands still, otherwise how far it is ahead. */
  private offset: number;

  /** @param isStill whether only `advance` moves it */
  constructor(private readonly isStill: boolean, start = Date.now()) {
    this.offset = isStill ? start : 0;
  }

  /** Milliseconds since 1970. */
  public now(): number {
    return this.isStill ? this.offset : Date.now() + this.offset;
  }

  /**
   * Lets time pass: what was to happen within it happens, in its order. Resolves when all of that has had its effect; a program that
   * is told to end does so in its own time.
   */
  public async advance(time: Time): Promise<void> {
    const until = this.now() + millisecondsOf(time, 'the time to advance by');
    for (;;) {
      await this.rest();
      const next = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) { break; }
      this.moveTo(next.at);
      this.fire(next);
    }
    this.moveTo(until);
  }

  /** Runs `action` once after that many milliseconds; the answer forgets it. A pending action keeps no process alive. */
  public after(milliseconds: number, action: () => void): () => void {
    const timer: Timer = { at: this.now() + milliseconds, action };
    this.timers.push(timer);
    this.arm(timer);
    return () => this.forget(timer);
  }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOver) { setImmediate(resolve); } else { this.sleepers.add(resolve); }
      this.after(milliseconds, () => { this.sleepers.delete(resolve); resolve(); });
    });
  }

  /** Nobody sleeps any more: what was waiting is to see that everything ends. */
  public end(): void {
    this.isOver = true;
    this.sleepers.forEach((wake) => wake());
    this.timers.forEach(({ alarm }) => clearTimeout(alarm));
    this.timers.length = 0;
  }

  /** Time is not advanced before this is done. */
  public whileBusy<T>(work: Promise<T>): Promise<T> {
    const done = work.then(() => undefined, () => undefined).finally(() => this.busy.delete(done));
    this.busy.add(done);
    return work;
  }

  /** Until nobody has anything to do but wait. */
  private async rest(): Promise<void> {
    for (let turns = 0; turns < 4; turns += 1) {
      while (this.busy.size > 0) { await Promise.all(this.busy); }
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  }

  private moveTo(time: number): void {
    const by = time - this.now();
    if (by <= 0) { return; }
    this.offset += by;
    this.timers.forEach((timer) => this.arm(timer));
  }

  private arm(timer: Timer): void {
    clearTimeout(timer.alarm);
    if (this.isStill || timer.at === Infinity) { return; }
    // A timer of the system overflows above 2^31 - 1 ms, and time may be advanced meanwhile.
    timer.alarm = setTimeout(() => { if (this.now() >= timer.at) { this.fire(timer); } else { this.arm(timer); } }, Math.max(0, Math.min(timer.at - this.now(), 2_147_483_647))).unref();
  }

  private fire(timer: Timer): void {
    this.forget(timer);
    timer.action();
  }

  private forget(timer: Timer): void {
    clearTimeout(timer.alarm);
    const index = this.timers.indexOf(timer);
    if (index >= 0) { this.timers.splice(index, 1); }
  }
}
