// Virtual environments for the tests: made once for a list of requirements, outside the repository, and kept.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** CDK_SAGEMAKER_CACHE, like the local AWS's own environments. */
const cache = () => process.env.CDK_SAGEMAKER_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk-sagemaker');

/**
 * The interpreter of an environment with what the requirement files and further requirements name.
 * Throws when it can't be made, for instance without a package index.
 *
 * @param {{ files: string[], packages?: string[] }} needs
 */
export function environment({ files, packages = [] }) {
  const lines = [...files.flatMap((file) => readFileSync(file, 'utf8').split('\n')), ...packages].map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const version = run('python3', ['--version']);
  const name = createHash('sha256').update([version, ...lines].join('\n')).digest('hex').slice(0, 16);
  const folder = join(cache(), 'venv', name);
  if (!existsSync(folder)) { make(folder, lines); }
  return join(folder, 'bin', 'python');
}

/** Made beside its place and moved there when it is whole: several tests may want it at once. */
function make(folder, lines) {
  const draft = `${folder}.${process.pid}`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    run('python3', ['-m', 'venv', draft]);
    const list = join(draft, 'requirements.txt');
    writeFileSync(list, `${lines.join('\n')}\n`);
    run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '-r', list]);
    try { renameSync(draft, folder); } catch (error) { if (!existsSync(folder)) { throw error; } }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) { throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-5).join('\n')}`); }
  return stdout.trim();
}

// `node scripts/venv.mjs <file...>` prints the interpreter
if (process.argv[1]?.endsWith('venv.mjs')) {
  try {
    console.log(environment({ files: process.argv.slice(2) }));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
