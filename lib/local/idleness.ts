import type { ServerResponse } from 'node:http';

const FIRST_WITHIN = 5000;

/** Whether anybody wants something of the local AWS: requests under way, and when the last one was. */
export class Idleness {
  private underWay = 0;
  private last = Date.now();
  private hadNone = true;

  /** @param after milliseconds without any request */
  constructor(private readonly after: number) {}

  /** Counts a request until it has been answered, or given up. */
  count(response: ServerResponse): void {
    this.underWay += 1;
    this.hadNone = false;
    response.once('close', () => {
      this.underWay -= 1;
      this.last = Date.now();
    });
  }

  /** Whether there is no request but the one that asks. */
  get isAlone(): boolean { return this.underWay <= 1; }

  /** Whoever started it asks at once: where nobody has asked, nobody is there any more; unless it is to run for ever. */
  get isIdle(): boolean { return this.underWay === 0 && Date.now() - this.last >= (this.hadNone && this.after !== Infinity ? Math.min(FIRST_WITHIN, this.after) : this.after); }
}
