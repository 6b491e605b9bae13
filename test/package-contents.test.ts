import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MANIFEST, packed, ROOT, templatesOf, withPackages } from './support/packed';

/** An app that has the package as it is published, and what that asks for. */
const app = mkdtempSync(join(tmpdir(), 'package-'));
const own = join(app, 'node_modules', 'cdk-sagemaker');
afterAll(() => rmSync(app, { recursive: true, force: true }));
beforeAll(() => {
  const linked = Object.fromEntries([...Object.keys(MANIFEST.peerDependencies), '@types/node', 'undici-types'].map((name) => [name, join(ROOT, 'node_modules', name)]));
  withPackages(app, { 'cdk-sagemaker': packed(app), ...linked });
}, 120_000);

const node = (source: string, type: 'commonjs' | 'module') => execFileSync(process.execPath, [`--input-type=${type}`, '-e', source], { cwd: app, encoding: 'utf8' }).trim();
const files = () => readdirSync(own, { recursive: true }).map(String).filter((name) => statSync(join(own, name)).isFile()).map((name) => name.replaceAll('\\', '/'));
const ENTRIES = Object.keys(MANIFEST.exports).filter((entry) => /^\.(\/[a-z]+)?$/.test(entry)).map((entry) => entry.replace('.', 'cdk-sagemaker'));

describe('The package', () => {
  test.each([
    '.jsii', 'LICENSE', 'README.md', 'package.json', 'dist/lib/index.js', 'dist/lib/index.d.ts', 'dist/lib/training-job.d.ts', 'dist/handler/index.js', 'dist/cli/cdk-sagemaker.js', 'dist/cli/job-commands.js',
    'dist/local/index.js', 'dist/local/index.d.ts', 'dist/local/local-server.js', 'dist/local/lambda-runner.js', 'dist/local/python/serve.py', 'dist/predictor/index.js', 'dist/predictor/index.d.ts',
  ])('has %s', (file) => expect(files()).toContain(file));

  test('has no sources, tests, examples, documents, maps, archives, settings of tools and nothing that is installed', () => {
    const wrong = files().filter((file) => /(^|\/)(test|tests|examples|docs|bench|scripts|e2e|rosetta|api|node_modules|\.git.*|\.ci|__pycache__)\/|(?<!\.d)\.ts$|\.(mts|map|tsbuildinfo|tgz|log|pyc|svg|snap)$|API\.md|CONTRIBUTING\.md|tsconfig|eslint|cdk\.json|\.npmrc|package-lock/.test(file));
    expect(wrong).toEqual([]);
  });

  test('names nothing of the machine that it was built on', () => {
    const folders = [ROOT, tmpdir().length > 4 ? tmpdir() : undefined, process.env.HOME !== undefined && process.env.HOME.length > 5 ? process.env.HOME : undefined].flatMap((folder) => folder ?? []);
    expect(files().filter((file) => folders.some((folder) => readFileSync(join(own, file), 'utf8').includes(folder)))).toEqual([]);
  });

  test('says what it is, whose, where it comes from and under which license, which it brings along', () => {
    const { name, version, license, repository, author, main, types } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
    expect({ name, version, license, repository, author }).toEqual({ name: 'cdk-sagemaker', version: MANIFEST.version, license: 'Apache-2.0', repository: MANIFEST.repository, author: MANIFEST.author });
    expect(repository.url).toMatch(/^https:\/\/.*\.git$/);
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/);
    expect([main, types]).toEqual(['dist/lib/index.js', 'dist/lib/index.d.ts']);
    expect(readFileSync(join(own, 'LICENSE'), 'utf8')).toMatch(/Apache License\s+Version 2\.0/);
  });

  test('has every file that its manifest names', () => {
    const named = [MANIFEST.main, MANIFEST.types, ...Object.values(MANIFEST.bin as object), ...Object.values(MANIFEST.exports as object).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry as object))), ...Object.values(MANIFEST.typesVersions['*'] as object).flat()] as string[];
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((file) => !existsSync(join(own, file)))).toEqual([]);
  });

  test('has every declaration that its declarations refer to', () => {
    const missing = files().filter((file) => file.endsWith('.d.ts')).flatMap((file) => [...readFileSync(join(own, file), 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)]
      .map(([, target]) => join(dirname(file), target!)).filter((target) => ![`${target}.d.ts`, `${target}/index.d.ts`].some((candidate) => existsSync(join(own, candidate)))));
    expect(missing).toEqual([]);
  });
});

describe('The package in an app of its own', () => {
  test.each(ENTRIES)('%s can be required and imported, and has the same names both ways', (entry) => {
    const required = node(`console.log(Object.keys(require('${entry}')).sort().join())`, 'commonjs');
    expect(required.length).toBeGreaterThan(10);
    expect(node(`import * as all from '${entry}'; console.log(Object.keys(all).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort().join())`, 'module')).toBe(required);
  });

  test('keeps to itself what it does not export', () => {
    expect(() => node('require(\'cdk-sagemaker/dist/handler/index.js\')', 'commonjs')).toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  test.each([
    ['node16, in CommonJS', ['--module', 'node16'], 'user.cts'], ['node16, in modules', ['--module', 'node16'], 'user.mts'],
    ['bundlers', ['--module', 'esnext', '--moduleResolution', 'bundler'], 'user.ts'], ['CommonJS of old', ['--module', 'commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'], 'user.ts'],
  ])('has types for %s', (_what, options, file) => {
    writeFileSync(join(app, file), 'import { TrainingJob } from \'cdk-sagemaker\';\nimport { LocalSageMaker } from \'cdk-sagemaker/local\';\nimport { Predictor } from \'cdk-sagemaker/predictor\';\n'
      + 'export const all: [typeof TrainingJob, typeof LocalSageMaker, typeof Predictor] = [TrainingJob, LocalSageMaker, Predictor];\n// @ts-expect-error there is no such thing\nimport { Nothing } from \'cdk-sagemaker\';\n');
    const tsc = join(dirname(require.resolve('typescript')), '..', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck', ...options, file], { cwd: app, encoding: 'utf8' });
    expect(stdout).toBe('');
  }, 120_000);

  test('says what is wrong in a few lines when nobody catches it: Node prints the line that threw, and a pipe has room for some', () => {
    const { status, stderr } = spawnSync(process.execPath, ['-e', `
      const { App, Stack } = require('aws-cdk-lib/core');
      new (require('cdk-sagemaker').TrainingJob)(new Stack(new App(), 'Stack'), 'Train', {});`], { cwd: app, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('Stack/Train: algorithm must be an Algorithm, got undefined');
    expect(stderr.length).toBeLessThan(5_000);
    const longest = Math.max(...readFileSync(join(own, 'dist', 'lib', 'index.js'), 'utf8').split('\n').map(({ length }) => length));
    expect(longest).toBeLessThan(40_000);
  });

  test('has a command that runs', () => {
    const bin = join(own, MANIFEST.bin['cdk-sagemaker']);
    expect(readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
    const { status, stdout } = spawnSync(process.execPath, [bin, '--help'], { cwd: app, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toContain('cdk-sagemaker');
    expect(spawnSync(process.execPath, [bin, 'describe', '--help'], { cwd: app, encoding: 'utf8' }).status).toBe(0);
  });

  test('synthesizes, with its own handler as an asset', () => {
    const templates = templatesOf(app, 'examples/train-and-deploy/app.ts');
    const resources = Object.values(templates).flatMap(({ Resources }) => Object.values(Resources as { [id: string]: { Type: string } }).map(({ Type }) => Type));
    for (const type of ['Custom::SageMakerTrainingJob', 'AWS::SageMaker::Model', 'AWS::SageMaker::Endpoint', 'AWS::Lambda::Function']) { expect(resources).toContain(type); }
    const out = readdirSync(app).find((name) => name.endsWith('.out'))!;
    const handlers = readdirSync(join(app, out), { recursive: true }).map(String).filter((name) => /^asset\.[0-9a-f]+\/index\.js$/.test(name)).map((name) => readFileSync(join(app, out, name), 'utf8'));
    expect(handlers).toContain(readFileSync(join(own, 'dist', 'handler', 'index.js'), 'utf8'));
  }, 60_000);

  test('plans, by the rules of its own handler', () => {
    templatesOf(app, 'examples/train-and-deploy/app.ts');
    const base = join(app, readdirSync(app).find((name) => name.endsWith('.out'))!);
    const planned = (edit: (request: { [member: string]: any }) => void) => {
      const head = mkdtempSync(join(app, 'head-'));
      cpSync(base, head, { recursive: true });
      const file = join(head, readdirSync(head).find((name) => name.endsWith('.template.json'))!);
      const template = JSON.parse(readFileSync(file, 'utf8'));
      edit((Object.values(template.Resources as { [id: string]: { Type: string; Properties: any } }).find(({ Type }) => Type === 'Custom::SageMakerTrainingJob')!).Properties.Request);
      writeFileSync(file, JSON.stringify(template));
      const { stdout, stderr } = spawnSync(process.execPath, [join(own, MANIFEST.bin['cdk-sagemaker']), 'plan', '--app', head, '--against', base, '--json'], { cwd: app, encoding: 'utf8' });
      if (stdout === '') { throw new Error(stderr); }
      return JSON.parse(stdout).stacks[0].jobs[0];
    };
    expect(planned((request) => { request.HyperParameters.epochs = '10'; })).toMatchObject({ verdict: 'retrains', changes: [{ path: 'HyperParameters.epochs', old: '20', new: '10', counts: true }] });
    expect(planned((request) => { request.ResourceConfig.VolumeSizeInGB = 0; })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('must be a whole number between 1 and 65536') });
  }, 60_000);
});

describe('The README', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');

  // npm shows relative links of a README as those of the repository, which the manifest names
  test('links to what is in the repository, and to headings that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^(https?|mailto):/.test(target));
    expect(links.length).toBeGreaterThan(10);
    const headings = (file: string) => [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text]) => text!.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(' ', '-'));
    const broken = links.filter((target) => {
      const [path, heading] = target.split('#') as [string, string?];
      const file = join(ROOT, path === '' ? 'README.md' : path);
      return !existsSync(file) || (heading !== undefined && !headings(file).includes(heading));
    });
    expect(broken).toEqual([]);
  });

  test('links to nothing that is not committed', () => {
    const links = [...readme.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target]) => target!).filter((target) => !/^(https?|mailto):/.test(target));
    const { status, stdout } = spawnSync('git', ['ls-files', '--', ...links], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) { return; }                              // no clone, but an archive of one
    const known = stdout.split('\n');
    expect(links.filter((link) => !known.some((file) => file === link || file.startsWith(`${link.replace(/\/$/, '')}/`)))).toEqual([]);
  });
});

describe('The changelog', () => {
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');

  test('has what is not released yet, the versions below it, and a link for each', () => {
    const headings = [...changelog.matchAll(/^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/gm)].map(([, version, date]) => ({ version: version!, date }));
    expect(headings[0]).toEqual({ version: 'Unreleased', date: undefined });
    expect(headings.slice(1).filter(({ version, date }) => date === undefined || !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
    expect(headings.filter(({ version }) => !changelog.includes(`\n[${version}]: https://`))).toEqual([]);
  });

  test('links to documents that are there', () => {
    const links = [...changelog.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target]) => target!).filter((target) => !target.startsWith('https:'));
    expect(links.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });
});
