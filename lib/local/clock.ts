/** Time, so that tests and the fault harness can have their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `action` once after that many milliseconds; the answer forgets it. A pending action keeps no process alive. */
  after(milliseconds: number, action: () => void): () => void;
  sleep(milliseconds: number): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after(milliseconds, action) {
    // setTimeout overflows above 2^31 - 1 ms (24.8 days) and would fire at once; jobs may run for 28 days.
    const timer = setTimeout(action, Math.min(milliseconds, 2_147_483_647)).unref();
    return () => clearTimeout(timer);
  },
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
