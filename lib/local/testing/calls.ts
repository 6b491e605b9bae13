import type { Call } from './options';
import type { TestClock } from './test-clock';

/** As many as are kept. */
const MOST = 10_000;

/** The calls that have come in. */
export class Calls {
  private readonly all: { -readonly [member in keyof Call]: Call[member] }[] = [];

  constructor(private readonly clock: TestClock) {}

  /** Its status is written down when it is answered. */
  public add(operation: string): { status?: number } {
    const call = { operation, time: new Date(this.clock.now()), status: undefined };
    this.all.push(call);
    if (this.all.length > MOST) { this.all.shift(); }
    return call;
  }

  public list(): Call[] {
    return [...this.all];
  }

  public clear(): void {
    this.all.length = 0;
  }
}
