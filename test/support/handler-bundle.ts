import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlerModule } from './simulated-cloud';

const ROOT = join(__dirname, '..', '..');

/** The handler, bundled from its sources once they have been changed. */
export function handlerFrom(change: (lib: string) => void): HandlerModule {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'dist', 'mutant-'));
  try {
    for (const room of ['handler', 'limits']) { cpSync(join(ROOT, 'lib', room), join(folder, room), { recursive: true }); }
    change(folder);
    const outfile = join(folder, 'bundle.js');
    // In a process of its own: esbuild does not work inside jest's sandbox.
    execFileSync(join(ROOT, 'node_modules', '.bin', 'esbuild'), [join(folder, 'handler', 'index.ts'), '--bundle', '--platform=node', '--main-fields=module,main', `--outfile=${outfile}`, '--log-level=error']);
    return require(outfile) as HandlerModule;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a file of the handler says, and what it is made to say instead. */
export interface Mutation { readonly file: string; readonly from: string; readonly to: string }

/** The handler with at most one thing changed. */
export const handlerWith = (mutation?: Mutation): HandlerModule => handlerFrom((lib) => { if (mutation) { mutate(join(lib, 'handler', mutation.file), mutation); } });

function mutate(file: string, { from, to }: Mutation): void {
  const source = readFileSync(file, 'utf8');
  if (!source.includes(from)) { throw new Error(`${file} does not say: ${from}`); }
  writeFileSync(file, source.replaceAll(from, to));
}
