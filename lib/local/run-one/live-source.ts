import { cp, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AssemblyStack } from '../assembly';
import { CommandError, UsageError } from '../cli/output';
import { dataAt } from './local-path';

/** What the library writes down of a script, where it is told to (`aws:cdk:enable-asset-metadata`, as the CDK's command line does). */
const SOURCE_METADATA = 'cdk-sagemaker:source';

interface Root {
  readonly path: string;
  /** Where its files go; empty for the top. */
  readonly name: string;
}

/** A script's files on disk. */
export interface LiveSource {
  /** A folder with all of them. */
  readonly folder: string;
  /** For people. */
  readonly from: string;
}

/** What Python, macOS and notebooks leave behind. */
const NEVER_WANTED = /^(__pycache__|\.git|\.ipynb_checkpoints|\.DS_Store|.*\.py[co])$/;

/**
 * The files of a script as they are on disk now: those of `--source`, or those that the archive was packed of, where the app says it.
 *
 * @param archive the key of the archive, or its name
 * @param folder where files from several places are brought together
 * @returns nothing where the app does not say it
 * @throws CommandError
 */
export async function liveSource(stack: AssemblyStack, archive: string, given: string | undefined, program: string, folder: string): Promise<LiveSource | undefined> {
  const roots = given === undefined ? rootsOf(stack, archive) : [{ path: dataAt(given), name: '' }];
  if (roots === undefined) { return undefined; }
  for (const { path } of roots) { if (await stat(path).catch(() => undefined) === undefined) { return undefined; } }
  const [only] = roots as [Root];
  const from = roots.map(({ path }) => path).join(', ');
  const isWhole = roots.length === 1 && only.name === '';
  if (isWhole && !(await stat(only.path)).isDirectory()) { throw new UsageError(`--source must be a folder with ${program}, got ${given}`); }
  if (!isWhole) { for (const { path, name } of roots) { await bring(path, join(folder, name)); } }
  const source = { folder: isWhole ? only.path : folder, from };
  if (await stat(join(source.folder, program)).then((file) => file.isFile(), () => false)) { return source; }
  throw new CommandError(`${from} has no file ${program}, which the job is to run`);
}

/** Copies code, and leaves behind what was never packed. */
export async function bring(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, force: true, dereference: true, filter: (file) => file === from || !NEVER_WANTED.test(basename(file)) });
}

function rootsOf(stack: AssemblyStack, archive: string): readonly Root[] | undefined {
  const entries = Object.values(stack.metadata).flat().filter(({ type }) => type === SOURCE_METADATA).map(({ data }) => data as { readonly archive: string; readonly roots: readonly Root[] });
  return entries.find((entry) => entry.archive === archive || basename(entry.archive) === archive)?.roots;
}
