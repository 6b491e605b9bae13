// Bundles the library, the Lambda handler and the command line.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLibrary } from './bundle-library.mjs';
import { leaveOut, regionsByPattern, versionOnly } from './left-out.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
};

export async function bundleHandler(folder = at('dist', 'handler')) {
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: [at('lib', 'handler', 'index.ts')],
    outfile: join(folder, 'index.js'),
    target: 'node22',
    minify: true,
    plugins: [leaveOut(root), regionsByPattern(), versionOnly('@aws-sdk/client-sagemaker')],
    supported: { 'dynamic-import': false },                  // an `import()` of node:http loads undici: 10 ms of every cold start
    define: { ReadableStream: 'undefined', Blob: 'undefined' }, // to ask whether a body is one loads Node's web streams
  });
}

export async function bundleCli() {
  rmSync(at('dist', 'cli'), { recursive: true, force: true });
  mkdirSync(at('dist', 'cli'), { recursive: true });
  const entries = { 'cdk-sagemaker': at('bin', 'cli.ts'), 'local-server': at('bin', 'local-server.ts'), 'lambda-runner': at('bin', 'lambda-runner.ts') };
  const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));
  if (Object.keys(entryPoints).length > 0) {
    await build({ ...common, entryPoints, outdir: at('dist', 'cli'), target: 'node20' });
  }
  // Loaded by the command line when it is about jobs: minified, since nearly all of it is the SDKs.
  await build({ ...common, entryPoints: [at('bin', 'job-commands.ts')], outfile: at('dist', 'cli', 'job-commands.js'), target: 'node20', minify: true });
  if (existsSync(at('lib', 'local', 'python'))) {
    cpSync(at('lib', 'local', 'python'), at('dist', 'cli', 'python'), { recursive: true, filter: (file) => !file.includes('__pycache__') });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await Promise.all([bundleLibrary(root), bundleHandler(), bundleCli()]);
}
