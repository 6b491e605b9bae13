// Bundles the library, the Lambda handler, the command line, and the client of endpoints.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
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
    // without comments and indentation, for the size of the package; names stay, for stack traces
    await build({ ...common, entryPoints, outdir: at('dist', 'cli'), target: 'node20', minifyWhitespace: true, minifySyntax: true });
  }
  // Loaded by the command line when it is about jobs: minified, since nearly all of it is the SDKs.
  await build({ ...common, entryPoints: [at('bin', 'job-commands.ts')], outfile: at('dist', 'cli', 'job-commands.js'), target: 'node20', minify: true });
  if (existsSync(at('lib', 'local', 'python'))) {
    cpSync(at('lib', 'local', 'python'), at('dist', 'cli', 'python'), { recursive: true, filter: (file) => !file.includes('__pycache__') });
  }
}

/** One file with the SDK's client in it, and the declarations that its own reaches: what a user compiles against, with nothing else installed. */
export async function bundlePredictor(folder = at('dist', 'predictor')) {
  rmSync(folder, { recursive: true, force: true });
  await build({ ...common, entryPoints: [at('lib', 'predictor', 'index.ts')], outfile: join(folder, 'index.js'), target: 'node20', minify: true });
  const compiled = at('dist', 'lib', 'predictor');
  for (const files = ['index'], seen = new Set(files); files.length > 0;) {
    const name = files.pop();
    const declaration = join(compiled, `${name}.d.ts`);
    if (!existsSync(declaration)) { throw new Error(`${declaration} is not there: npm run compile writes it`); }
    for (const [, module] of readFileSync(declaration, 'utf8').matchAll(/(?:from|import\() ?['"]([^'"]+)['"]/g)) {
      if (!module.startsWith('./')) { throw new Error(`${declaration} imports ${module}: declarations of the client of endpoints stand alone`); }
      if (!seen.has(module.slice(2))) { seen.add(module.slice(2)); files.push(module.slice(2)); }
    }
    cpSync(declaration, join(folder, `${name}.d.ts`));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await Promise.all([bundleLibrary(root), bundleHandler(), bundleCli(), bundlePredictor()]);
}
