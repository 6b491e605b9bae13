import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');
let folder: string | undefined;

afterAll(() => { if (folder !== undefined) { rmSync(folder, { recursive: true, force: true }); } });

/** The command line, the server and the runner, built from the source into a folder that is gone after the file's tests. */
export function builtCli(): string {
  if (folder !== undefined) { return folder; }
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  buildSync({
    entryPoints: { 'cdk-sagemaker': join(ROOT, 'bin', 'cli.ts'), 'local-server': join(ROOT, 'bin', 'local-server.ts'), 'lambda-runner': join(ROOT, 'bin', 'lambda-runner.ts'), 'job-commands': join(ROOT, 'bin', 'job-commands.ts') },
    outdir: folder, bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'], logLevel: 'error', absWorkingDir: ROOT,
  });
  cpSync(join(ROOT, 'lib', 'local', 'python'), join(folder, 'python'), { recursive: true });
  return folder;
}

/** How a command has ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface RunOptions { readonly input?: string; readonly interruptAfter?: RegExp }

/** Runs `cdk-sagemaker local …` in a folder. */
export const runLocal = (cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> => runCli(cwd, ['local', ...args], options);

/** Runs `cdk-sagemaker …` in a folder. */
export function runCli(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(builtCli(), 'cdk-sagemaker.js'), ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } });
    let out = '';
    let err = '';
    let interrupts = 0;
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      if (options.interruptAfter?.test(err) === true && interrupts++ === 0) { child.kill('SIGINT'); }
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}
