import { spawn } from 'node:child_process';

/**
 * A shell script that runs when this process is gone without having called the answer: what it has started then does not
 * outlive it, even when it was killed with SIGKILL.
 *
 * @param args are `$1`, `$2` … of the script
 * @returns takes the will back
 */
export function lastWill(script: string, args: readonly string[]): () => void {
  // Its input ends with whoever holds the other end. In a group of its own, which no signal to ours reaches.
  const watcher = spawn('/bin/sh', ['-c', `while read -r _; do :; done; ${script}`, 'last-will', ...args], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.on('error', () => undefined);
  watcher.unref();
  watcher.stdin.on('error', () => undefined);
  (watcher.stdin as unknown as { unref(): void }).unref();
  return () => {
    // Not by closing its input: that is its cue.
    watcher.kill('SIGKILL');
    watcher.stdin.destroy();
  };
}

/** Ends a process group with this one. */
export const endWithThis = (pid: number) => lastWill('kill -9 "-$1"', [String(pid)]);
