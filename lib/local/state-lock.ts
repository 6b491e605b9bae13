import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOfProcess } from './process-group';
import { isAlive } from './server-file';

/**
 * Takes a state folder for this process; the answer gives it back.
 *
 * @throws Error when another process has it
 */
export function lockState(state: string): () => void {
  const file = join(state, 'server.lock');
  const mine = JSON.stringify({ pid: process.pid, start: startOfProcess(process.pid) });
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') { throw error; }
      const owner = ownerOf(file);
      if (owner !== undefined || attempt > 2) { throw new Error(`the local AWS of ${state} runs already${owner === undefined ? '' : ` (process ${owner})`}`); }
      rmSync(file, { force: true });                                            // left by one that was killed
    }
  }
}

/** The process that holds the lock; nothing when it is gone, even if another one has got its number. */
function ownerOf(file: string): number | undefined {
  try {
    const { pid, start } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; start?: string };
    return isAlive(pid) && startOfProcess(pid) === start ? pid : undefined;
  } catch {
    return undefined;
  }
}
