import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOfProcess } from '../process-start';
import { isAlive } from '../server-file';

/** What is written down of a run. */
export interface RunRecord {
  /** Of the construct. */
  readonly path: string;
  readonly kind: string;
  readonly job: string;
  /** Nothing while it runs. */
  readonly status?: string;
  /** model.tar.gz, or the folder of an uncompressed model; of a tuning job that of the best training job. */
  readonly model?: string;
  /** Where its results are. */
  readonly output?: string;
}

/** How many ended runs of a construct stay. */
const KEPT = 3;
const FILE = 'run.json';
const OWNER = 'owner.json';

/** The folder of one run of a construct, which nobody else writes to: `<state>/runs/<construct>/<time>-<number>`. */
export class RunFolder {
  /** A new one. Those of runs before the last few are removed. */
  static create(state: string, path: string, now = new Date()): RunFolder {
    const ofConstruct = folderOf(state, path);
    const at = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    const folder = join(ofConstruct, `${at}-${randomBytes(2).toString('hex')}`);
    // What scripts are given and write is nobody else's.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, OWNER), JSON.stringify({ pid: process.pid, start: startOfProcess(process.pid) }));
    removeOld(ofConstruct);
    return new RunFolder(folder);
  }

  private constructor(public readonly folder: string) {}

  at(...names: string[]): string { return join(this.folder, ...names); }

  /** Removes what nobody needs any more: of a run without a job everything, otherwise all but its results and logs. */
  tidy(): void {
    const names = existsSync(this.at(FILE)) ? ['s3', 's3-uploads', 'images', 'source'].map((name) => this.at(name)) : [this.folder];
    for (const name of names) { rmSync(name, { recursive: true, force: true }); }
  }

  write(record: RunRecord): void {
    writeFileSync(this.at(`${FILE}.partial`), `${JSON.stringify(record, undefined, 2)}\n`);
    renameSync(this.at(`${FILE}.partial`), this.at(FILE));
  }
}

/** A folder for the assembly of a run: two at once must not write the same one. Those of runs that were killed are removed. */
export function assemblyFolder(state: string): string {
  const runs = join(state, 'runs');
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    const [, pid] = /^\.app-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) { rmSync(join(runs, name), { recursive: true, force: true }); }
  }
  return join(runs, `.app-${process.pid}-${randomBytes(2).toString('hex')}`);
}

/** The last completed run of a construct that has left something. */
export function lastRun(state: string, path: string, has: (record: RunRecord) => string | undefined): string | undefined {
  const ofConstruct = folderOf(state, path);
  for (const name of runsIn(ofConstruct).reverse()) {
    const record = recordIn(join(ofConstruct, name));
    const left = record?.status === 'Completed' ? has(record) : undefined;
    if (left !== undefined && existsSync(left)) { return left; }
  }
  return undefined;
}

function recordIn(folder: string): RunRecord | undefined {
  return read(join(folder, FILE)) as RunRecord | undefined;
}

/** The last few stay, those that run, and the last that is completed, whose results others may take. */
function removeOld(ofConstruct: string): void {
  const ended = runsIn(ofConstruct).filter((name) => !isRunning(join(ofConstruct, name)));
  const completed = ended.filter((name) => recordIn(join(ofConstruct, name))?.status === 'Completed').at(-1);
  for (const name of ended.slice(0, -KEPT).filter((each) => each !== completed)) { rmSync(join(ofConstruct, name), { recursive: true, force: true }); }
}

function isRunning(folder: string): boolean {
  const owner = read(join(folder, OWNER)) as { readonly pid: number; readonly start?: string } | undefined;
  return owner !== undefined && startOfProcess(owner.pid) === owner.start && owner.start !== undefined;
}

const runsIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).filter((name) => /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(name)).sort() : []);
const folderOf = (state: string, path: string) => join(state, 'runs', path.replace(/[^\w.-]+/g, '-'));

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
