import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, in words of the system's own: with its number, tells whether a process noted down earlier is
 * still the same one. Nothing when there is none.
 */
export function startOfProcess(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // Field 22; the name of the program, field 2, may itself have spaces and parentheses.
      return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, '').split(' ')[20];
    } catch {
      return undefined;
    }
  }
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const start = status === 0 ? stdout.trim() : '';
  return start === '' ? undefined : start;
}
