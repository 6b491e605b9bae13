/** How long a command may be between two of its requests, in milliseconds. */
const GRACE = 1000;

/**
 * Which operations have a command that waits for them. One that was killed, or left with Ctrl-C, leaves its operation to
 * whoever comes next.
 */
export class Attendance {
  private readonly stacks = new Map<string, { waiting: number; last: number }>();

  /** A command has begun an operation on a stack, and will ask for news. */
  begin(stackId: string): void { this.of(stackId).last = Date.now(); }

  /** A command waits for news until the answer is called. @param gone aborted when it is not there any more */
  wait(stackId: string, gone: AbortSignal): () => void {
    const entry = this.of(stackId);
    entry.waiting += 1;
    const leave = (last: number) => () => {
      entry.waiting -= 1;
      entry.last = last;
    };
    const left = leave(0);
    gone.addEventListener('abort', left, { once: true });
    return () => {
      if (gone.aborted) { return; }
      gone.removeEventListener('abort', left);
      leave(Date.now())();
    };
  }

  /** Whether a command waits for it; takes a moment where one has just asked. */
  async isAttended(stackId: string): Promise<boolean> {
    for (;;) {
      const { waiting, last } = this.of(stackId);
      if (waiting > 0 || Date.now() - last >= GRACE) { return waiting > 0; }
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }

  private of(stackId: string): { waiting: number; last: number } {
    const entry = this.stacks.get(stackId) ?? { waiting: 0, last: 0 };
    this.stacks.set(stackId, entry);
    return entry;
  }
}
