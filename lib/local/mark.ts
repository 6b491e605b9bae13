import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { lastWill } from './last-will';
import { startOfProcess } from './process-start';

const VARIABLE = 'CDK_SAGEMAKER_RUN';
/** One that forks faster than it is ended, or can't be ended, is given up after so many looks. */
const LOOKS = 10;

/**
 * What a program and all that it starts have in their environment: by it they are found and ended together, in whichever
 * session they are, as all of a container ends with its first process. Only where there is /proc: elsewhere nobody can look.
 */
export class Mark {
  private readonly id = `${ownerOf(process.pid)}-${randomBytes(8).toString('hex')}`;

  /** For the environment of the program. What this process is marked with stays: it may itself be part of a program. */
  get variables(): NodeJS.ProcessEnv {
    return { [VARIABLE]: [...inherited(), this.id].join(',') };
  }

  /** SIGKILL to all that have it. */
  end(): void {
    endThose((marks) => marks.includes(this.id));
  }

  /** Ends a process, or a group (a number below zero), and all that have the mark when this process is gone. @returns takes that back */
  endWithThis(target: number): () => void {
    return lastWill(`kill -9 "$1"; ${END_MARKED}`, [String(target), this.id]);
  }
}

/** A look finds none in the moment in which it replaces its program, so nothing is to be found twice. */
const END_MARKED = `looks=0; more=2
while [ "$more" -gt 0 ] && [ "$looks" -lt 40 ]; do
  looks=$((looks + 1)); more=$((more - 1))
  for found in $(grep -lsaF -e "$2" /proc/[0-9]*/environ); do found="\${found#/proc/}"; kill -9 "\${found%/environ}" && more=2; done
  sleep 0.05
done`;

/** Ends what programs have left behind whose local AWS is gone, and could not end them any more. */
export function endLeftOvers(): void {
  const space = pidSpace();
  const isGone = (mark: string) => {
    const [inSpace, pid, start] = mark.split('-');
    return inSpace === space && startOfProcess(Number(pid)) !== start;
  };
  const own = inherited();
  endThose((marks) => marks.some((mark) => !own.includes(mark) && isGone(mark)));
}

function endThose(isMeant: (marks: readonly string[]) => boolean): void {
  for (let look = 0; look < LOOKS; look++) {
    const found = processIds().filter((pid) => pid !== process.pid && isMeant(marksOf(pid)));
    if (found.length === 0) { return; }
    for (const pid of found) {
      try { process.kill(pid, 'SIGKILL'); } catch { /* gone already */ }
    }
  }
}

function marksOf(pid: number): readonly string[] {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
    const at = environment.indexOf(`\0${VARIABLE}=`);
    return at === -1 ? [] : environment.slice(at + VARIABLE.length + 2).split('\0', 1).flatMap((value) => value.split(','));
  } catch {
    return [];                                             // ended meanwhile, or another user's
  }
}

function processIds(): number[] {
  try { return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number); } catch { return []; }
}

const inherited = () => (process.env[VARIABLE] ?? '').split(',').filter((mark) => mark !== '');
/** The process that starts a program; its number says something only where numbers are counted together. */
const ownerOf = (pid: number) => [pidSpace(), pid, process.platform === 'linux' ? startOfProcess(pid) : ''].join('-');

function pidSpace(): string {
  try { return readlinkSync('/proc/self/ns/pid').replace(/\D/g, ''); } catch { return ''; }
}
