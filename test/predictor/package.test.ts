import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { packed, withPackages } from '../support/packed';
import { KEYS, RuntimeServer } from '../support/runtime-server';

jest.setTimeout(120_000);

/** A folder with the packed package and nothing else: no CDK, no SDK, no types of Node. */
const folder = mkdtempSync(join(tmpdir(), 'predictor-'));
beforeAll(() => {
  const archives = mkdtempSync(join(folder, 'archives-'));
  withPackages(folder, { 'cdk-sagemaker': packed(archives) });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (source: string, type = 'commonjs') => execFileSync(process.execPath, [`--input-type=${type}`, '-e', source], { cwd: folder, encoding: 'utf8' }).trim();
const NAMES = 'AsyncPrediction,Deserializer,ModelError,NumpyArray,PredictionStream,Predictor,PredictorError,Serializer';

describe('cdk-sagemaker/predictor, with nothing else installed', () => {
  test('loads nothing but files of its own and what Node has, less than 250 kB of them at first', () => {
    const loaded = node("const { Predictor } = require('cdk-sagemaker/predictor'); new Predictor('ep', { region: 'us-west-2' }); console.log(Object.keys(require.cache).join('\\n'))");
    const files = loaded.split('\n');
    expect(files.filter((file) => !/\/node_modules\/cdk-sagemaker\/dist\/predictor\/(index|sdk\/[A-Z0-9]+)\.js$/.test(file))).toEqual([]);
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(250_000);
  });

  test('is one file again for those who bundle their application', () => {
    writeFileSync(join(folder, 'app.js'), "export { Predictor } from 'cdk-sagemaker/predictor';\n");
    const { warnings, metafile } = buildSync({ absWorkingDir: folder, entryPoints: ['app.js'], bundle: true, platform: 'node', outfile: 'bundled.js', metafile: true, logLevel: 'silent' });
    expect(warnings).toEqual([]);
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(imported.filter((path) => !isBuiltin(path))).toEqual([]);
    expect(node("console.log(new (require('./bundled.js').Predictor)('ep', { region: 'us-west-2' }).endpointName)")).toBe('ep');
  });

  test('names what it has, in CommonJS and in modules', () => {
    expect(node("console.log(Object.keys(require('cdk-sagemaker/predictor')).sort().join())")).toBe(NAMES);
    expect(node("import * as all from 'cdk-sagemaker/predictor'; console.log(Object.keys(all).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort().join())", 'module')).toBe(NAMES);
  });

  test('asks an endpoint, with the keys of the environment', async () => {
    const server = await RuntimeServer.open();
    server.answer = ({ body }) => ({ headers: { 'content-type': 'application/json' }, body });
    const source = "import { Predictor, Serializer, Deserializer } from 'cdk-sagemaker/predictor'; console.log(await new Predictor('ep', { serializer: Serializer.json(), deserializer: Deserializer.json() }).predict({ x: [1] }))";
    const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url, AWS_DEFAULT_REGION: 'us-west-2', AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
    try {
      const child = spawn(process.execPath, ['--input-type=module', '-e', source], { cwd: folder, env });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) { stream.on('data', (chunk: Buffer) => { printed += chunk.toString(); }); }
      await new Promise((resolve) => { child.on('close', resolve); });
      expect(printed).toBe('{ x: [ 1 ] }\n');
    } finally {
      await server.close();
    }
  });

  const USER = `import { Deserializer, Predictor, Serializer, type Prediction } from 'cdk-sagemaker/predictor';
export async function ask(): Promise<string[][]> {
  const predictor = new Predictor('ep', { serializer: Serializer.csv(), deserializer: Deserializer.csv() });
  const prediction: Prediction<string[][]> = await predictor.invoke([[1, 2], [3, 4]]);
  for await (const part of await predictor.predictStream([1])) { const bytes: Uint8Array = part; }
  const late = await predictor.predictAsync({ data: [1], upload: 's3://bucket/in/' });
  return [...prediction.body, ...await late.wait({ timeoutSeconds: 60 })];
}
export const shape = async (): Promise<readonly number[]> => (await Predictor.forFramework('pytorch', 'ep').predict([[0.5, 1]])).shape;
// @ts-expect-error a regular expression is no CSV
export const wrong = new Predictor('ep', { serializer: Serializer.csv() }).predict(/x/);
`;
  test.each([['by exports', 'node16', 'node16', []], ['as compilers did before exports', 'commonjs', 'node10', ['--ignoreDeprecations', '6.0']]])('has declarations that compile in strict mode, found %s', (_how, module, resolution, more) => {
    writeFileSync(join(folder, 'user.ts'), USER);
    const tsc = join(dirname(require.resolve('typescript')), '..', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022', '--skipLibCheck', 'false', '--module', module, '--moduleResolution', resolution, ...more];
    const run = () => execFileSync(process.execPath, [tsc, ...options, 'user.ts'], { cwd: folder, encoding: 'utf8' });
    expect((() => { try { return run(); } catch (error) { return (error as { stdout: string }).stdout; } })()).toBe('');
  });
});
