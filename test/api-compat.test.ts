import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsiiAssembly, ROOT } from './support/packed';

const scratch = mkdtempSync(join(tmpdir(), 'api-compat-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const TAKEN = 'removed:cdk-sagemaker.TrainingJob.register';

/** `npm run api:compat`, for a library in a folder of its own. */
function compat(root: string, ...options: string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'api-compat.mjs'), '--root', root, ...options], { encoding: 'utf8', env: { ...process.env, npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' } });
  return { status, said: `${stdout}${stderr}` };
}

/** A library whose release has the API of today, and which has another one since. */
function since(name: string, change: (types: { [fqn: string]: any }) => void): string {
  const root = join(scratch, name);
  mkdirSync(root);
  writeFileSync(join(root, '.jsii'), JSON.stringify(jsiiAssembly(ROOT)));
  expect(compat(root, '--release').status).toBe(0);
  const assembly = jsiiAssembly(ROOT);
  change(assembly.types);
  writeFileSync(join(root, '.jsii'), JSON.stringify(assembly));
  return root;
}

const withoutRegister = (types: { [fqn: string]: any }) => {
  const job = types['cdk-sagemaker.TrainingJob'];
  job.methods = job.methods.filter(({ name }: { name: string }) => name !== 'register');
};
const git = (root: string, ...args: string[]) => execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false', '-c', 'tag.gpgsign=false', ...args], { stdio: 'pipe' });

describe('The API, after a release', () => {
  test('is compatible when something is added', () => {
    const root = since('added', (types) => {
      types['cdk-sagemaker.TrainingJob'].methods.push({ name: 'newer', returns: { type: { primitive: 'string' } } });
      types['cdk-sagemaker.TrainingOptions'].properties.push({ abstract: true, immutable: true, optional: true, name: 'newest', type: { primitive: 'string' } });
    });
    expect(compat(root)).toMatchObject({ status: 0, said: expect.stringContaining('api: compatible') });
  }, 180_000);

  // one comparison for all: it reads the whole API of the CDK
  test('is not when something is taken away, or asked for', () => {
    const { status, said } = compat(since('broken', (types) => {
      withoutRegister(types);
      types['cdk-sagemaker.TrainingOptions'].properties.push({ abstract: true, immutable: true, name: 'needed', type: { primitive: 'string' } });
      delete types['cdk-sagemaker.Retrain'];
      types['cdk-sagemaker.OutputCompression'].members.pop();
    }));
    const found = said.split('\n').filter((line) => line.startsWith('err'));
    for (const words of [/TrainingJob\.register: has been removed \[removed:cdk-sagemaker\.TrainingJob\.register\]/, /TrainingJobProps.*needed/, /Retrain: has been removed/, /OutputCompression\.[A-Z]+: member [A-Z]+ has been removed/]) {
      expect(found).toContainEqual(expect.stringMatching(words));
    }
    expect(status).toBe(1);
  }, 180_000);

  test('may break where that is allowed by name', () => {
    const root = since('allowed', withoutRegister);
    writeFileSync(join(root, 'api', 'allowed-breaking-changes.txt'), `# meant\n${TAKEN}\n`);
    expect(compat(root)).toMatchObject({ status: 0 });
  }, 180_000);

  test('is compared with the release that is about to be made, and else with the one that has a tag', () => {
    const root = since('tagged', () => undefined);
    git(root, 'init', '--quiet');
    git(root, 'add', 'api');
    git(root, 'commit', '--quiet', '-m', 'release');
    git(root, 'tag', `v${jsiiAssembly(ROOT).version}`);
    const assembly = jsiiAssembly(ROOT);
    withoutRegister(assembly.types);
    assembly.version = '99.0.0';
    writeFileSync(join(root, '.jsii'), JSON.stringify(assembly));
    expect(compat(root, '--release').status).toBe(0);
    expect(compat(root)).toMatchObject({ status: 0 });
    writeFileSync(join(root, '.jsii'), JSON.stringify({ ...assembly, version: '99.0.1' }));
    expect(compat(root)).toMatchObject({ status: 1, said: expect.stringContaining(TAKEN) });
  }, 180_000);

  test('is not waved through when that of the last tag is nowhere', () => {
    const root = since('lost', () => undefined);
    rmSync(join(root, 'api'), { recursive: true });
    git(root, 'init', '--quiet');
    git(root, 'commit', '--quiet', '--allow-empty', '-m', 'release');
    git(root, 'tag', 'v0.0.1');
    expect(compat(root)).toMatchObject({ status: 1, said: expect.stringContaining('v0.0.1 is released, but its API is neither in') });
  }, 180_000);
});

test('Before the first release there is nothing to be compatible with, which is said', () => {
  const root = join(scratch, 'first');
  mkdirSync(root);
  cpSync(join(ROOT, '.jsii'), join(root, '.jsii'));
  expect(compat(root)).toMatchObject({ status: 0, said: expect.stringContaining('nothing is released yet') });
});

test('The API of today is compatible with the last release, but for what is allowed (`npm run api:compat`)', () => {
  const { status, said } = compat(ROOT);
  expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });
}, 180_000);

test('What is allowed to break is emptied with each release', () => {
  const allowed = readFileSync(join(ROOT, 'api', 'allowed-breaking-changes.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (!existsSync(join(ROOT, 'api', 'released.jsii.gz'))) { expect(allowed).toEqual([]); }
  expect(allowed.filter((line) => !/^(move:|[a-z-]+:)cdk-sagemaker\./.test(line))).toEqual([]);
});
