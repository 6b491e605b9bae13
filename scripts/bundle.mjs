// Bundles the library, the Lambda handler, the command line, and the client of endpoints.
import { build, transform } from 'esbuild';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLibrary } from './bundle-library.mjs';
import { copyAlone, publishReached } from './declarations.mjs';
import { FOR_BROWSERS, leaveOut, regionsByPattern, versionOnly } from './left-out.mjs';

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
    // without comments and indentation, for the size of the package; names stay, for stack traces
    await build({ ...common, entryPoints, outdir: at('dist', 'cli'), target: 'node20', minifyWhitespace: true, minifySyntax: true });
  }
  if (existsSync(at('lib', 'local', 'python'))) {
    cpSync(at('lib', 'local', 'python'), at('dist', 'cli', 'python'), { recursive: true, filter: (file) => !file.includes('__pycache__') });
  }
}

/**
 * The client of endpoints, and what the command line loads when it is about jobs: both are nearly all SDK, most of it the same. It is in
 * `dist/predictor/sdk`, in files that are loaded when they are needed. esbuild shares code between modules only, which become CommonJS afterwards.
 */
async function bundleClients() {
  rmSync(at('dist', 'predictor'), { recursive: true, force: true });
  const { outputFiles } = await build({
    ...common,
    format: 'esm',
    splitting: true,
    entryPoints: { 'predictor/index': at('lib', 'predictor', 'index.ts'), 'cli/job-commands': at('bin', 'job-commands.ts') },
    outdir: at('dist'),
    chunkNames: 'predictor/sdk/[hash]',
    target: 'node20',
    minify: true,
    write: false,
    plugins: [leaveOut(root, FOR_BROWSERS)],
  });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, { format: 'cjs', platform: 'node', target: 'node20', minify: true });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  copyAlone(at('dist', 'lib', 'predictor', 'index.d.ts'), at('dist', 'predictor'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await Promise.all([bundleLibrary(root), bundleHandler(), bundleCli().then(bundleClients)]);
  publishReached(at('dist', 'lib'));
}
