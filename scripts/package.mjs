// The package in other languages, in dist/packages: `npm run package [-- --outdir <folder>] [-- --target python --target go]`.
// Works on a copy of what npm publishes, so that nothing is left in the tree. The examples of the documents must compile, and are translated.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Built with what every machine has; the others are generated: building them takes their toolchains and all of aws-cdk-lib once more. */
const BUILT = ['python'];
const TARGETS = [...BUILT, 'java', 'dotnet', 'go'];

const { values } = parseArgs({ options: { outdir: { type: 'string' }, target: { type: 'string', multiple: true } } });
const targets = values.target ?? TARGETS;
const unknown = targets.filter((target) => !TARGETS.includes(target));
if (unknown.length > 0) { throw new Error(`--target must be one of ${TARGETS.join(', ')}, got ${unknown.join(', ')}`); }
const outdir = resolve(values.outdir ?? join(root, 'dist', 'packages'));

const stage = mkdtempSync(join(tmpdir(), 'cdk-sagemaker-package-'));
try {
  const folder = published(join(stage, 'node_modules', 'cdk-sagemaker'));
  tool(folder, 'jsii-rosetta', ['extract', '--strict', '--batch', '1000', '--directory', stage, '.']);
  const common = ['--no-npmignore', '--force', '--rosetta-unknown-snippets', 'fail', '--outdir', outdir];
  for (const [wanted, ...how] of [[BUILT], [TARGETS.filter((target) => !BUILT.includes(target)), '--code-only']]) {
    const chosen = targets.filter((target) => wanted.includes(target));
    if (chosen.length > 0) { tool(folder, 'jsii-pacmak', [...common, ...how, '--targets', ...chosen]); }
  }
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** The published files with the fixture of the examples, and beside them what they are compiled against. */
function published(folder) {
  mkdirSync(folder, { recursive: true });
  const [archive] = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', stage], { cwd: root, encoding: 'utf8' }).trim().split('\n').slice(-1);
  execFileSync('tar', ['-xzf', join(stage, archive), '--strip-components=1', '-C', folder]);
  cpSync(join(root, 'rosetta'), join(folder, 'rosetta'), { recursive: true });
  for (const name of ['aws-cdk-lib', 'constructs', '@types']) { symlinkSync(join(root, 'node_modules', name), join(stage, 'node_modules', name)); }
  return folder;
}

function tool(cwd, name, args) {
  execFileSync(join(root, 'node_modules', '.bin', name), args, { cwd, stdio: 'inherit', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true' } });
}
