import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canHavePackages } from './local/support/python';
import { assemblyAt, jsiiAssembly, MANIFEST, packed, readTemplates, ROOT, templatesOf, withoutCdksOwnCode, withPackages } from './support/packed';

const EXAMPLE = 'examples/train-and-deploy';

const LOWEST = String(MANIFEST.peerDependencies['aws-cdk-lib']).replace(/^\^/, '');

const { types } = jsiiAssembly(ROOT);
const names = Object.values<{ name: string }>(types).map(({ name }) => name);
const methods = Object.values<any>(types).filter(({ kind }) => kind === 'class').flatMap(({ name, methods: list = [] }) => list.map((method: { name: string }) => [name, method.name]));

const hasPython = canHavePackages('constructs==10.8.1');
const hasGo = spawnSync('gofmt', ['-h'], { stdio: 'ignore' }).error === undefined;

const scratch = mkdtempSync(join(tmpdir(), 'languages-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (...parts: string[]) => join(scratch, ...parts);
const text = (...parts: string[]) => readFileSync(at(...parts), 'utf8');

beforeAll(() => {
  const targets = ['java', 'dotnet', 'go', ...(hasPython ? ['python'] : [])];
  // examples that don't compile end it
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'package.mjs'), '--outdir', scratch, ...targets.flatMap((target) => ['--target', target])], { stdio: 'pipe' });
}, 600_000);

describe('The package in Java', () => {
  const source = ['java', 'src', 'main', 'java', 'io', 'github', 'cdksagemaker'];

  test('has a file for each type', () => {
    expect(names.filter((name) => !existsSync(at(...source, `${name}.java`)))).toEqual([]);
  });

  test('has each method under its own name', () => {
    expect(methods.length).toBeGreaterThan(50);
    expect(methods.filter(([name, method]) => !text(...source, `${name}.java`).includes(` ${method}(`))).toEqual([]);
  });

  test('asks for the versions of aws-cdk-lib that the package works with', () => {
    expect(text('java', 'pom.xml').replace(/\s+/g, '')).toContain(`<artifactId>aws-cdk-lib</artifactId><version>[${LOWEST},3.0.0)</version>`);
  });
});

describe('The package in .NET', () => {
  const source = ['dotnet', 'CdkSagemaker', 'CdkSagemaker'];

  test('has a file for each type', () => {
    expect(names.filter((name) => !existsSync(at(...source, `${name}.cs`)))).toEqual([]);
  });

  test('has each method under its own name', () => {
    const pascal = (name: string) => name[0]!.toUpperCase() + name.slice(1);
    expect(methods.filter(([name, method]) => !text(...source, `${name}.cs`).includes(` ${pascal(method)}(`))).toEqual([]);
  });
});

describe('The package in Go', () => {
  const source = ['go', 'cdksagemaker'];

  test('has a file for each type', () => {
    expect(names.filter((name) => !existsSync(at(...source, `${name}.go`)))).toEqual([]);
    expect(text(...source, 'go.mod')).toMatch(/^module github\.com\/cdk-sagemaker\/cdk-sagemaker\/cdksagemaker\n/);
  });

  // compiling it would take the modules of all of aws-cdk-lib
  (hasGo ? test : test.skip)(`is written as gofmt reads it${hasGo ? '' : ' (skipped: Go is not installed)'}`, () => {
    const { status, stderr } = spawnSync('gofmt', ['-e', '-l', at(...source)], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

(hasPython ? describe : describe.skip)(`The package in Python${hasPython ? '' : ' (skipped: no package index within reach)'}`, () => {
  const wheels = at('site');
  let python: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    const [wheel] = readdirSync(at('python')).filter((file) => file.endsWith('.whl'));
    python = execFileSync(process.execPath, [join(ROOT, 'scripts', 'venv.mjs'), join(ROOT, 'test', 'support', 'python-requirements.txt')], { encoding: 'utf8' }).trim();
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-index', '--target', wheels, at('python', wheel!)], { stdio: 'pipe' });
    env = { ...assemblyAt(at('python.out')), PYTHONPATH: wheels, PYTHONDONTWRITEBYTECODE: '1' };
  }, 600_000);

  test('is a wheel that pip finds at peace with the packages it needs', () => {
    const { stdout } = spawnSync(python, ['-m', 'pip', 'check'], { encoding: 'utf8', env });
    expect(stdout.split('\n').filter((line) => line.startsWith('cdk-sagemaker'))).toEqual([]);
    const [metadata] = readdirSync(wheels).filter((file) => file.endsWith('.dist-info')).map((folder) => readFileSync(join(wheels, folder, 'METADATA'), 'utf8'));
    expect(metadata).toContain(`Requires-Dist: aws-cdk-lib <3.0.0,>=${LOWEST}\n`);
  });

  test('synthesizes the example to the template of the TypeScript one', () => {
    execFileSync(python, [join(ROOT, EXAMPLE, 'app.py')], { stdio: 'pipe', env });
    const folder = withPackages(at('typescript'), {
      'cdk-sagemaker': packed(scratch), ...Object.fromEntries(['aws-cdk-lib', 'constructs'].map((name) => [name, join(ROOT, 'node_modules', name)])),
    });
    const inTypeScript = withoutCdksOwnCode(templatesOf(folder, `${EXAMPLE}/app.ts`));
    expect(Object.keys(inTypeScript)).toEqual(['Digits.template.json']);
    // as text: the order of what is in it counts
    expect(JSON.stringify(withoutCdksOwnCode(readTemplates(at('python.out'))), undefined, 1)).toBe(JSON.stringify(inTypeScript, undefined, 1));
  }, 300_000);

  test('has the examples of the documents in Python', () => {
    const source = readFileSync(join(wheels, 'cdk_sagemaker', '__init__.py'), 'utf8');
    const examples = Object.values<any>(types).filter(({ docs }) => docs?.example);
    expect(examples.length).toBeGreaterThan(20);
    expect(source.match(/^ +Example::$/gm)).toHaveLength(examples.length);
    expect(source).toContain('max_runtime=Duration.hours(2)');
  });
});
