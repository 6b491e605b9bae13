import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canHaveNpmPackage, jsiiAssembly, MANIFEST, packed, ROOT, templatesOf, withoutCdksOwnCode, withPackages } from './support/packed';

/** `^2.1.0` -> `2.1.0`, the lowest version of the range. */
const floor = Object.fromEntries(Object.entries(MANIFEST.peerDependencies as { [name: string]: string }).map(([name, range]) => [name, range.replace(/^\^/, '')]));
const reachable = Object.entries(floor).every(([name, version]) => canHaveNpmPackage(name, version));
const title = `The package with aws-cdk-lib ${floor['aws-cdk-lib']} and constructs ${floor.constructs}`;

(reachable ? describe : describe.skip)(reachable ? title : `${title} (skipped: no npm registry within reach)`, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'floor-'));
  const [lowest, developed] = [join(scratch, 'lowest'), join(scratch, 'developed')];
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  beforeAll(() => {
    const archive = packed(scratch);
    mkdirSync(lowest);
    writeFileSync(join(lowest, 'package.json'), JSON.stringify({ private: true, dependencies: { ...floor, 'cdk-sagemaker': `file:${archive}` } }));
    execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--strict-peer-deps'], { cwd: lowest, stdio: 'pipe' });
    withPackages(developed, { 'cdk-sagemaker': archive, ...Object.fromEntries(Object.keys(floor).map((name) => [name, join(ROOT, 'node_modules', name)])) });
  }, 300_000);

  test('finds every type there that its API names', () => {
    const { types } = jsiiAssembly(join(lowest, 'node_modules', 'cdk-sagemaker'));
    const named = new Set([...JSON.stringify(types).matchAll(/"((?:aws-cdk-lib|constructs)\.[^"]+)"/g)].map(([, name]) => name!));
    const known = Object.assign({}, ...Object.keys(floor).map((name) => jsiiAssembly(join(lowest, 'node_modules', name)).types));
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !(name in known))).toEqual([]);
  });

  test('has declarations that compile there, those of the libraries included', () => {
    writeFileSync(join(lowest, 'user.ts'), 'import { TrainingJob } from \'cdk-sagemaker\';\nexport class Mine extends TrainingJob {}\n');
    withPackages(lowest, Object.fromEntries(['@types/node', 'undici-types'].map((name) => [name, join(ROOT, 'node_modules', name)])));
    const tsc = join(dirname(require.resolve('typescript')), '..', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node', '--skipLibCheck', 'false'];
    expect(execFileSync(process.execPath, [tsc, ...options, 'user.ts'], { cwd: lowest, encoding: 'utf8' })).toBe('');
  }, 120_000);

  test.each(['examples/train-and-deploy/app.ts', 'test/support/every-prop-app.ts'])('synthesizes %s to the template of the version that is developed with', (app) => {
    const templates = withoutCdksOwnCode(templatesOf(lowest, app));
    expect(Object.keys(templates)).not.toEqual([]);
    expect(templates).toEqual(withoutCdksOwnCode(templatesOf(developed, app)));
  }, 120_000);
});
