import { execFileSync, spawnSync } from 'node:child_process';

/** Whether this machine's python3 has a module; the tests install nothing. */
export function hasPythonModule(name: string): boolean {
  return spawnSync('python3', ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0;
}

/** Runs a Python program with this machine's python3. Synchronous: only for what calls no server of this process. */
export function python(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync('python3', args, { encoding: 'utf8', env: { ...process.env, ...env } });
}
