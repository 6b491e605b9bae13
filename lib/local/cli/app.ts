import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stacksOf } from '../assembly';
import type { AssemblyStack } from '../assembly';
import { endWithThis } from '../last-will';
import { matches } from '../name-pattern';
import { signalGroup } from '../process-group';
import { ownerName } from '../state-lock';
import { assembliesOf, sweepAssemblies } from '../sweep';
import { CommandError } from './output';
import type { Output } from './output';
import { onSignal } from './signals';

/**
 * The folder of a cloud assembly, which may be gone when the command has ended.
 *
 * @param app a folder, or a command that writes one. @default - the command of cdk.json; without one, cdk.out
 * @param context for a command, in addition
 */
export async function assemblyOf(app: string | undefined, state: string, output: Output, context: object = {}): Promise<string> {
  if (app !== undefined && existsSync(app) && statSync(app).isDirectory()) { return resolve(app); }
  const settings = readSettings();
  const command = app ?? settings.app;
  if (command === undefined) {
    if (existsSync(join('cdk.out', 'manifest.json'))) { return resolve('cdk.out'); }
    throw new CommandError('no app: there is neither a cdk.json with an "app" nor a cdk.out here; pass --app with a folder or a command');
  }
  if (existsSync(command) && statSync(command).isDirectory()) { return resolve(command); }
  if (app !== undefined && !canRun(app)) { throw new CommandError(`--app ${app}: no such folder or command`); }
  // One of its own: two commands at once do not write into each other's.
  const folder = folderOfThis(state);
  output.progress(output.paint('grey', `synthesizing: ${command}`));
  await synthesize(command, folder, { ...settings.context, ...context });
  return folder;
}

/** Whether a single word, which may be a folder that was mistyped, is a command; more than that is the shell's to judge. */
const canRun = (command: string) => !/^[\w./+@:-]+$/.test(command) || spawnSync('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', command]).status === 0;

/** A folder for this process alone, gone with it; those of processes that were killed go too. */
function folderOfThis(state: string): string {
  sweepAssemblies(state);
  const folder = resolve(assembliesOf(state), ownerName());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
    sweepAssemblies(state);
  });
  return folder;
}

function readSettings(): { readonly app?: string; readonly context: object } {
  if (!existsSync('cdk.json')) { return { context: {} }; }
  const { app, context = {} } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { app?: string; context?: object };
  const looked = existsSync('cdk.context.json') ? JSON.parse(readFileSync('cdk.context.json', 'utf8')) as object : {};
  return { app, context: { ...looked, ...context } };
}

/** Runs the user's own command, as the CDK's CLI does: through a shell. */
function synthesize(command: string, folder: string, context: object): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    const started: { pid?: number } = {};
    const forgets = [onSignal(() => { if (started.pid !== undefined) { signalGroup(started.pid, 'SIGKILL'); } })];
    // It begins when it is known that it ends with this process: a group of its own, whose standard input is nobody's.
    const child = spawn('/bin/sh', ['-c', 'read -r _ || exit 1; exec </dev/null; eval "$1"', 'app', command], {
      stdio: ['pipe', 'pipe', 'inherit'], detached: true,
      env: {
        CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'us-east-1', ...process.env,
        CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context),
      },
    });
    started.pid = child.pid;
    if (child.pid !== undefined) { forgets.push(endWithThis(child.pid)); }
    child.stdin.on('error', () => undefined);
    child.stdin.end('\n');
    // Standard output is for the results of the command line.
    child.stdout.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    child.on('error', reject);
    child.on('exit', () => forgets.forEach((forget) => forget()));
    child.on('exit', (code) => (code === 0 ? resolvePromise() : reject(new CommandError(`the app has failed with exit code ${String(code)}: ${command}`))));
  });
}

/** The stacks that are meant, those that they need before them. */
export function selectedStacks(folder: string, names: readonly string[]): AssemblyStack[] {
  const { all, chosen } = chosenStacks(folder, names);
  const ordered = new Set<AssemblyStack>();
  const add = (stack: AssemblyStack): void => {
    for (const other of all.filter(({ id }) => stack.dependencies.includes(id))) { if (!ordered.has(other)) { add(other); } }
    ordered.add(stack);
  };
  chosen.forEach(add);
  return [...ordered];
}

/** The stacks that are meant, by id, path or name, in which `*` stands for anything; and all that the app has. */
export function chosenStacks(folder: string, names: readonly string[]): { readonly all: readonly AssemblyStack[]; readonly chosen: readonly AssemblyStack[] } {
  let all: AssemblyStack[];
  try { all = stacksOf(folder); } catch (error) { throw new CommandError((error as Error).message); }
  const known = all.map(({ displayName }) => displayName).join(', ');
  if (names.length === 0 && all.length > 1) { throw new CommandError(`the app has several stacks, say which: ${known}`); }
  if (all.length === 0) { throw new CommandError(`${folder} has no stack`); }
  if (names.length === 0) { return { all, chosen: all }; }
  const chosen = names.flatMap((name) => {
    const found = all.filter(({ id, displayName, stackName }) => [id, displayName, stackName].some((text) => matches(name, text)));
    if (found.length === 0) { throw new CommandError(`the app has no stack ${name}; it has ${known}`); }
    return name.includes('*') ? found : found.slice(0, 1);
  });
  return { all, chosen: [...new Set(chosen)] };
}
