// Bundles the library, the Lambda handler, the command line, the local AWS, and the client of endpoints.
import { build, transform } from 'esbuild';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLibrary } from './bundle-library.mjs';
import { copyAlone, publishReached, slimAssembly } from './declarations.mjs';
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

/** What requires the function gets that of `dist/handler`, which is beside each folder. */
const HANDLER_BESIDE = {
  name: 'handler-beside',
  setup({ onResolve }) { onResolve({ filter: /^\.\.\/handler$/ }, ({ path, kind }) => (kind === 'require-call' ? { path, external: true } : undefined)); },
};

/**
 * The command line and the local AWS, once: what more than one of their programs has is in files of its own beside them, so that a
 * program more costs little. Each file finds the Python programs, and the other programs, in the folder it is in.
 */
async function bundleLocal() {
  for (const folder of ['cli', 'local']) { rmSync(at('dist', folder), { recursive: true, force: true }); }
  await bundleShared({
    target: 'node20',
    minify: true,
    entryPoints: {
      'cli/cdk-sagemaker': at('bin', 'cli.ts'),
      'local/index': at('lib', 'local', 'testing', 'index.ts'),
      'local/local-server': at('bin', 'local-server.ts'),
      'local/local-run': at('bin', 'local-run.ts'),
      'local/lambda-runner': at('bin', 'lambda-runner.ts'),
    },
    chunkNames: 'local/[hash]',
    plugins: [HANDLER_BESIDE],
  });
  cpSync(at('lib', 'local', 'python'), at('dist', 'local', 'python'), { recursive: true, filter: (file) => !file.includes('__pycache__') });
  copyAlone(at('dist', 'lib', 'local', 'testing', 'index.d.ts'), at('dist', 'local'));
}

/**
 * The client of endpoints, and what the command line loads when it is about jobs: both are nearly all SDK, most of it the same. It is in
 * `dist/predictor/sdk`, in files that are loaded when they are needed.
 */
async function bundleClients() {
  rmSync(at('dist', 'predictor'), { recursive: true, force: true });
  await bundleShared({
    target: 'node20',
    minify: true,
    entryPoints: { 'predictor/index': at('lib', 'predictor', 'index.ts'), 'cli/job-commands': at('bin', 'job-commands.ts') },
    chunkNames: 'predictor/sdk/[hash]',
    plugins: [leaveOut(root, FOR_BROWSERS), versionOnly('@aws-sdk/nested-clients')],
  });
  copyAlone(at('dist', 'lib', 'predictor', 'index.d.ts'), at('dist', 'predictor'));
}

/** Several entries of one kind. esbuild shares code between modules only, which become CommonJS afterwards. */
async function bundleShared(options) {
  const { outputFiles } = await build({ ...common, format: 'esm', splitting: true, outdir: at('dist'), write: false, ...options });
  const { target, minify } = options;
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, { format: 'cjs', platform: 'node', target, minify });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await Promise.all([bundleLibrary(root), bundleHandler(), bundleLocal().then(bundleClients)]);
  publishReached(at('dist', 'lib'));
  slimAssembly(at('.jsii'));
}
