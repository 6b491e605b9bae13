import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as handler from '../lib/handler/index';
import { waiting } from './support/waiting';

const ROOT = join(__dirname, '..');

/** What a script prints, in a process that has the built package as a user has it. */
const node = (source: string, type = 'commonjs') => execFileSync(process.execPath, [`--input-type=${type}`, '-e', source], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, CDK_VALIDATION: 'false' } }).trim();

describe('The package as it is published', () => {
  test('has a handler of at most 230 kB', () => expect(statSync(join(ROOT, 'dist', 'handler', 'index.js')).size).toBeLessThanOrEqual(230_000));

  test('is at most 1 MB packed, of what is needed only, and depends on nothing', () => {
    const [{ size, files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as [{ size: number; files: { path: string }[] }];
    expect(size).toBeLessThanOrEqual(1_000_000);
    expect(files.map(({ path }) => path).filter((path) => !/^(\.jsii|package\.json|README\.md|LICENSE|NOTICE|dist\/(lib\/index\.js|lib\/.*\.d\.ts|handler\/index\.js|predictor\/(index\.js|sdk\/[A-Z0-9]+\.js|[a-z-]+\.d\.ts)|local\/([A-Za-z0-9-]+\.(js|d\.ts)|python\/[a-z_]+\.py)|cli\/[a-z-]+\.js))$/.test(path))).toEqual([]);
    expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).not.toHaveProperty('dependencies');
  });

  test('loads one file, and nothing else before it is used', () => {
    const loaded = node("require('aws-cdk-lib/core').Stack; const before = new Set(Object.keys(require.cache)); require('cdk-sagemaker'); console.log(Object.keys(require.cache).filter((file) => !before.has(file)).join('\\n'))");
    expect(loaded.split('\n')).toEqual([join(ROOT, 'dist', 'lib', 'index.js')]);
  });

  test('names every class and enumeration of its API for `import { ... }`, in CommonJS and in modules', () => {
    const { types } = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as { types: { [fqn: string]: { kind: string; name: string } } };
    const names = Object.values(types).filter(({ kind }) => kind !== 'interface').map(({ name }) => name).sort();
    expect(node("console.log(Object.keys(require('cdk-sagemaker')).sort().join())")).toBe(names.join());
    expect(node("import * as all from 'cdk-sagemaker'; console.log(Object.keys(all).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort().join())", 'module')).toBe(names.join());
  });
});

describe('A template', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'figures-'));
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
  const figures = (expression: string) => JSON.parse(node(`
    import { createRequire } from 'node:module'; import { readFileSync } from 'node:fs'; import { bytesPerJob, fullStack } from '${join(ROOT, 'bench', 'template-figures.mjs')}';
    const require = createRequire('${join(ROOT, 'package.json')}');
    const template = (name) => (App) => { App('${outdir}').synth(); return readFileSync('${outdir}/' + name + '.template.json', 'utf8'); };
    console.log(JSON.stringify(${expression}));`, 'module').split('\n').at(-1) as string);

  test('has at most 1.15 times the bytes for a job that a raw resource with the same request has', () => {
    const { library, raw } = figures("bytesPerJob(require, template('Bench'))");
    expect(library / raw).toBeLessThanOrEqual(1.15);
  });

  test('holds 120 jobs with roles of their own and one waiting segment each', () => {
    const full = figures("fullStack(require, template('Full'))");
    expect(full.resources).toBeLessThanOrEqual(500);
    expect(full.bytes).toBeLessThanOrEqual(1_000_000);
    expect(full.policyBytes).toBeLessThanOrEqual(10_240);
  });
});

describe('Waiting for a hundred jobs at once', () => {
  test('answers at most 40 seconds or 2 % of its run time after a job has ended, with at most 4 describes a second', async () => {
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { waited, busiestMinute, callsToLaunch } = await waiting(handler, 100, 3 * 3600);
    expect(waited).toHaveLength(100);
    expect(waited.filter(({ runSeconds, afterSeconds }) => afterSeconds < 0 || afterSeconds > Math.max(40, 0.02 * runSeconds))).toEqual([]);
    expect(busiestMinute).toBeLessThanOrEqual(4);
    expect(callsToLaunch).toBeLessThanOrEqual(6);
  }, 1_200_000);
});
