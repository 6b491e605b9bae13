import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');
/** Where they are in the package, and their sources. */
const PROGRAMS = { 'cli/cdk-sagemaker': 'cli', 'cli/job-commands': 'job-commands', 'local/local-server': 'local-server', 'local/lambda-runner': 'lambda-runner', 'local/local-run': 'local-run', 'local/index': '../lib/local/testing/index' };
let folder: string | undefined;

afterAll(() => { if (folder !== undefined) { rmSync(dirname(folder), { recursive: true, force: true }); } });

/** The command line, the server and the runner, built from the source into a folder that is gone after the file's tests. */
export function builtCli(): string {
  if (folder !== undefined) { return folder; }
  folder = join(mkdtempSync(join(tmpdir(), 'cli-')), 'dist');
  mkdirSync(folder);
  cpSync(join(ROOT, 'package.json'), join(folder, '..', 'package.json'));
  buildSync({
    entryPoints: Object.fromEntries(Object.entries(PROGRAMS).map(([name, file]) => [name, join(ROOT, 'bin', `${file}.ts`)])),
    outdir: folder, bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'], logLevel: 'error', absWorkingDir: ROOT,
  });
  cpSync(join(ROOT, 'lib', 'local', 'python'), join(folder, 'local', 'python'), { recursive: true });
  // the library, whose table of images from-job reads
  symlinkSync(join(ROOT, 'dist', 'lib'), join(folder, 'lib'));
  return folder;
}

/** How a command has ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  /** SIGINT is sent when standard output and standard error together match. */
  readonly interruptAfter?: RegExp;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `cdk-sagemaker local …` in a folder. */
export function runLocal(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return runCli(cwd, ['local', ...args], options);
}

/** Runs `cdk-sagemaker …` in a folder. */
export function runCli(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(builtCli(), 'cli', 'cdk-sagemaker.js'), ...args], { cwd, env: { ...process.env, NO_COLOR: '1', ...options.env } });
    let out = '';
    let err = '';
    let interrupts = 0;
    const interrupt = () => { if (options.interruptAfter?.test(out + err) === true && interrupts++ === 0) { child.kill('SIGINT'); } };
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); interrupt(); });
    child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); interrupt(); });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}
