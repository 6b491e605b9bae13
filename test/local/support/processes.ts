import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes of this machine whose command line has all these texts. */
export function processesWith(...texts: string[]): FoundProcess[] {
  const all = process.platform === 'linux'
    ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => ({ pid: Number(name), command: commandOf(name) }))
    : execFileSync('ps', ['-eo', 'pid=,args=']).toString().split('\n').map((line) => ({ pid: parseInt(line, 10), command: line.trim().replace(/^\d+ /, '') }));
  return all.filter(({ command }) => texts.every((text) => command.includes(text)));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';                                             // ended meanwhile
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
