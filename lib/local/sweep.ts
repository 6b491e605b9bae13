import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftOvers } from './mark';
import { lockState, ownersOf } from './state-lock';

/**
 * Takes away what writers of a state folder had not finished when they were killed, and what is made anew from what is
 * kept, and ends what outlived its local AWS. Only for who has the lock of the folder.
 */
export function sweep(state: string): void {
  endLeftOvers();
  rmSync(join(state, 'server.json'), { force: true });
  // Code of functions, unpacked: the archives are in S3, and a power cut may have left half of it.
  rmSync(join(state, 'functions'), { recursive: true, force: true });
  for (const folder of [state, join(state, 'stacks'), join(state, 'sagemaker'), join(state, 'images')]) { removeFrom(folder, /\.partial$/); }
  for (const bucket of namesIn(join(state, 's3'))) { removeFrom(join(state, 's3', bucket, 'partial'), /^/); }
  for (const upload of namesIn(join(state, 's3-uploads'))) { removeFrom(join(state, 's3-uploads', upload), /^partial-/); }
}

/** The same where no local AWS runs, nor starts meanwhile. */
export async function sweepIfUnused(state: string): Promise<void> {
  if (!existsSync(state)) { return; }
  sweepAssemblies(state);
  const release = await lockState(state).catch(() => undefined);
  if (release === undefined) { return; }
  sweep(state);
  release();
}

/** Where apps are synthesized to: a folder for each command, which goes with it. */
export const assembliesOf = (state: string) => join(state, 'assemblies');

/** Those of commands that were killed. */
export function sweepAssemblies(state: string): void {
  ownersOf(assembliesOf(state));
  try { rmdirSync(assembliesOf(state)); } catch { /* others have theirs there, or there is none */ }
}

function removeFrom(folder: string, pattern: RegExp): void {
  for (const name of namesIn(folder).filter((each) => pattern.test(each))) { rmSync(join(folder, name), { recursive: true, force: true }); }
}

function namesIn(folder: string): string[] {
  try { return readdirSync(folder); } catch { return []; }
}
