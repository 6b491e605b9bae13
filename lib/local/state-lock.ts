import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOfProcess } from './process-start';
import { isAlive } from './server-file';

/** Somebody else has what was to be locked. */
export class Locked extends Error {
  constructor(what: string, public readonly owner: number) { super(`${what} (process ${owner})`); }
}

/** How often two that want it at the same moment step back for each other. */
const ATTEMPTS = 8;

/** Where the local AWS that has a state folder says so. */
export const lockOf = (state: string) => join(state, 'lock');

/** Takes a state folder for this process; the answer gives it back. @throws Locked when another process has it */
export const lockState = (state: string) => lock(lockOf(state), `the local AWS of ${state} runs already`);

/**
 * A lock between processes, which goes with the process that has it: a folder with an empty file for each that wants it, whose
 * name says who that is. First one makes one's own, then one looks for others; so there are never two. What a process
 * has left that is gone means nothing, and since no other process will ever have that name, it may be taken away at any time.
 *
 * @throws Locked
 */
export async function lock(folder: string, what: string): Promise<() => void> {
  const mine = ownerName();
  for (let attempt = 1; ; attempt++) {
    if (!put(folder, mine)) { continue; }
    const owner = ownersOf(folder, mine)[0];
    if (owner === undefined) { return () => take(folder, mine); }
    take(folder, mine);
    if (attempt === ATTEMPTS) { throw new Locked(what, owner); }
    await new Promise((resolve) => { setTimeout(resolve, 5 + Math.random() * 20); });
  }
}

/** What something of this process is called that is to go with it. */
export const ownerName = () => `${process.pid}-${encodeURIComponent(startOfProcess(process.pid) ?? '')}-${randomBytes(4).toString('hex')}`;

/** The living processes that have a lock, or just ask for it; what is called after others is taken away. */
export function ownersOf(folder: string, except?: string): number[] {
  const owners: number[] = [];
  for (const name of namesIn(folder).filter((each) => each !== except)) {
    const [pid = '', start = ''] = name.split('-');
    const isThere = isAlive(Number(pid)) && encodeURIComponent(startOfProcess(Number(pid)) ?? '') === start;
    if (isThere) { owners.push(Number(pid)); } else { rmSync(join(folder, name), { recursive: true, force: true }); }
  }
  return owners;
}

/** Whether it could be done: whoever gives it back takes the folder away. */
function put(folder: string, name: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, name), '');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') { return false; }
    throw error;
  }
}

function take(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
  try { rmdirSync(folder); } catch { /* somebody else asks for it */ }
}

function namesIn(folder: string): string[] {
  try { return readdirSync(folder).filter((name) => /^\d+-/.test(name)); } catch { return []; }
}
