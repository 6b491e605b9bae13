/** How a walk along a graph ended. */
export interface Walk<T> {
  readonly done: ReadonlySet<T>;
  readonly failed: ReadonlySet<T>;
}

/**
 * Works on every node after the nodes it comes after, as many at a time as the order allows.
 *
 * @param work answers false when it has failed. Nothing that comes after it is begun then; with `stopAtFailure`
 *   nothing at all is begun any more. What has been begun is waited for.
 */
export async function inOrder<T>(nodes: readonly T[], after: (node: T) => readonly T[], work: (node: T) => Promise<boolean>, stopAtFailure: boolean, stopped: () => boolean = () => false): Promise<Walk<T>> {
  const done = new Set<T>();
  const failed = new Set<T>();
  const begun = new Set<T>();
  const known = new Set(nodes);
  await new Promise<void>((resolve, reject) => {
    let running = 0;
    const beginReady = (): void => {
      for (const node of nodes) {
        if (stopped() || stopAtFailure && failed.size > 0) { break; }
        if (begun.has(node) || !after(node).every((other) => done.has(other) || !known.has(other))) { continue; }
        begun.add(node);
        running += 1;
        work(node).then((ok) => {
          running -= 1;
          (ok ? done : failed).add(node);
          beginReady();
        }).catch(reject);
      }
      if (running === 0) { resolve(); }
    };
    beginReady();
  });
  return { done, failed };
}
