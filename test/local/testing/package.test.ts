import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packed, ROOT, withPackages } from '../../support/packed';
import { hasPythonModule } from '../support/python';

jest.setTimeout(180_000);

/** A project of a user's, with the packed package and what its tests need. */
const folder = mkdtempSync(join(tmpdir(), 'local-testing-'));
const blocks = (language: string) => [...readFileSync(join(ROOT, 'docs', 'local-testing.md'), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code]) => code as string);
beforeAll(() => {
  const archive = packed(mkdtempSync(join(folder, 'archives-')));
  const installed = (name: string) => [name, join(ROOT, 'node_modules', name)];
  withPackages(folder, { 'cdk-sagemaker': archive, ...Object.fromEntries(['aws-cdk-lib', 'constructs', '@aws-sdk/client-sagemaker'].map(installed)) });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program to its end, with none of this test's own settings. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { NODE_OPTIONS: _options, CDK_SAGEMAKER_LOCAL_MODE: _mode, JEST_WORKER_ID: _worker, NODE_ENV: _env, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...rest, CDK_VALIDATION: 'false', ...env }, timeout: 170_000 });
  return { status, said: `${stdout}${stderr}` };
}

describe('cdk-sagemaker/local, as it is published', () => {
  test('runs the examples of its document in jest', () => {
    const examples = blocks('ts nofixture');
    expect(examples).toHaveLength(3);
    examples.forEach((code, index) => writeFileSync(join(folder, `example-${index + 1}.test.ts`), code));
    const transform = { '\\.ts$': [require.resolve('@swc/jest'), { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] };
    writeFileSync(join(folder, 'jest.config.json'), JSON.stringify({ testEnvironment: 'node', testTimeout: 30_000, rootDir: folder, transform, maxWorkers: 2 }));
    const { status, said } = run(process.execPath, [join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js'), '--config', 'jest.config.json']);
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('Tests:       5 passed, 5 total') });
  });

  test('loads nothing but files of its own and what Node has', () => {
    const loaded = execFileSync(process.execPath, ['-e', "require('cdk-sagemaker/local'); console.log(Object.keys(require.cache).join('\\n'))"], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
    expect(loaded.filter((file) => !/\/node_modules\/cdk-sagemaker\/dist\/local\/(index|[A-Z0-9]+)\.js$/.test(file))).toEqual([]);
  });

  test('names what it has, in CommonJS and in modules', () => {
    const names = (type: string, source: string) => execFileSync(process.execPath, [`--input-type=${type}`, '-e', source], { cwd: folder, encoding: 'utf8' }).trim();
    expect(names('commonjs', "console.log(Object.keys(require('cdk-sagemaker/local')).sort().join())")).toBe('Fault,LocalSageMaker,Outcome,TestClock');
    expect(names('module', "import { Fault, LocalSageMaker, Outcome, TestClock } from 'cdk-sagemaker/local'; console.log([Fault, LocalSageMaker, Outcome, TestClock].map((each) => typeof each).join())")).toBe('function,function,function,function');
  });

  const USER = `import { Fault, LocalSageMaker, Outcome, type JobState } from 'cdk-sagemaker/local';
export async function check(): Promise<JobState> {
  const aws: LocalSageMaker = await LocalSageMaker.start({ clock: 'virtual', stopGrace: { seconds: 5 } });
  aws.script('a-*', Outcome.completesAfter({ toMilliseconds: () => 1000 }, { artifact: { 'a.txt': new Uint8Array() } }));
  aws.inject(Fault.throttle({ operation: 'CreateTrainingJob', times: 2 }), Fault.noCapacity({ endpoint: 'e' }));
  await aws.clock.advance({ hours: 1 });
  const keys: { accessKeyId: string; secretAccessKey: string } = aws.clientConfig.credentials;
  try { return await aws.waitForJob(keys.accessKeyId); } finally { await aws.stop(); }
}
// @ts-expect-error an interruption is that of a job
export const wrong = Fault.spotInterruption({ endpoint: 'e' });
`;
  test.each([['by exports', 'node16', 'node16', []], ['as compilers did before exports', 'commonjs', 'node10', ['--ignoreDeprecations', '6.0']]])('has declarations that compile in strict mode with nothing else, found %s', (_how, module, resolution, more) => {
    const alone = withPackages(mkdtempSync(join(folder, 'alone-')), { 'cdk-sagemaker': join(folder, 'node_modules', 'cdk-sagemaker') });
    writeFileSync(join(alone, 'user.ts'), USER);
    const tsc = join(dirname(require.resolve('typescript')), '..', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--preserveSymlinks', '--target', 'es2022', '--lib', 'es2022', '--skipLibCheck', 'false', '--module', module, '--moduleResolution', resolution, ...more];
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, 'user.ts'], { cwd: alone, encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  (hasPythonModule('boto3') && hasPythonModule('pytest') ? test : test.skip)('runs the example of its document in pytest', () => {
    mkdirSync(join(folder, 'python'));
    writeFileSync(join(folder, 'python', 'test_example.py'), blocks('python')[0] as string);
    const { status, said } = run('python3', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'python/test_example.py'], { CDK_SAGEMAKER: `${process.execPath} ${join(folder, 'node_modules', 'cdk-sagemaker', 'dist', 'cli', 'cdk-sagemaker.js')}` });
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('1 passed') });
    expect(existsSync(join(folder, 'python', 'test_example.py'))).toBe(true);
  });
});
