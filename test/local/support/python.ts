import { execFileSync, spawnSync } from 'node:child_process';

/** Whether this machine's python3 has a module; the tests install nothing. */
export function hasPythonModule(name: string): boolean {
  return spawnSync('python3', ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0;
}

/** Runs a Python program with this machine's python3. Synchronous: only for what calls no server of this process. */
export function python(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync('python3', args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

/**
 * Whether this machine has these distributions, or could install them from its package index. Asks pip to resolve,
 * not to install.
 */
export function canHavePackages(...names: string[]): boolean {
  const program = `from importlib.metadata import version\nfor name in ${JSON.stringify(names)}: version(name)`;
  if (spawnSync('python3', ['-c', program], { stdio: 'ignore' }).status === 0) { return true; }
  const options = ['--quiet', '--dry-run', '--no-deps', '--ignore-installed', '--break-system-packages', '--retries', '0', '--timeout', '10'];
  return spawnSync('python3', ['-m', 'pip', 'install', ...options, ...names], { stdio: 'ignore', timeout: 120_000 }).status === 0;
}
