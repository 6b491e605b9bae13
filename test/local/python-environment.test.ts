import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsImage } from '../../lib/local/aws-image';
import { PythonEnvironments } from '../../lib/local/python-environment';

const folder = mkdtempSync(join(tmpdir(), 'python-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A package that needs no index: a folder with a setup.py would need setuptools, a wheel needs nothing. */
function wheel(name: string, version: string): string {
  const path = join(folder, `${name}-${version}-py3-none-any.whl`);
  execFileSync('python3', ['-c', `
import sys, zipfile
path, name, version = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(path, "w") as file:
    file.writestr(f"{name}.py", f"version = {version!r}\\n")
    file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    file.writestr(f"{info}/RECORD", "")
`, path, name, version]);
  return path;
}

function requirements(name: string, ...lines: string[]): string {
  mkdirSync(join(folder, name), { recursive: true });
  const file = join(folder, name, 'requirements.txt');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const versionOf = (python: string, module: string) => execFileSync(python, ['-c', `import ${module}; print(${module}.version)`]).toString().trim();

describe('the Python environment of a script', () => {
  test('is the one of this machine when that has all that is needed', async () => {
    const cacheFolder = join(folder, 'unused');
    const environments = new PythonEnvironments({ cacheFolder });
    const { python, variables } = await environments.environment({ packages: ['pip'], requirementsFile: requirements('satisfied', '# nothing to do', 'pip >= 1  # old enough', 'nobody-has-this; python_version < "3"') });
    expect([python, variables]).toEqual([(await environments.systemPython()).executable, {}]);
    expect(existsSync(cacheFolder)).toBe(false);
  });

  test('is made once, with what is missing, and found ready the next time', async () => {
    const environments = new PythonEnvironments({ cacheFolder: join(folder, 'made') });
    const said: string[] = [];
    const needs = { packages: [], requirementsFile: requirements('made-for', `localthing @ file://${wheel('localthing', '1.2')}`), log: (line: string) => said.push(line) };
    const both = await Promise.all([environments.environment(needs), environments.environment(needs)]);
    expect(both[0]).toEqual(both[1]);
    expect(versionOf(both[0].python, 'localthing')).toBe('1.2');
    expect(said).toEqual([expect.stringContaining('Making a Python environment'), expect.stringContaining('Installing requirements.txt: localthing @')]);
    await new PythonEnvironments({ cacheFolder: join(folder, 'made') }).environment(needs);
    expect(said).toHaveLength(2);
    expect(readdirSync(join(folder, 'made', 'python'))).toHaveLength(1);
  }, 60_000);

  test('is another one for other requirements, and is made anew when it was left half made', async () => {
    const cacheFolder = join(folder, 'anew');
    const environments = new PythonEnvironments({ cacheFolder });
    const file = requirements('anew-for', `./${'other-2.0-py3-none-any.whl'}`);
    execFileSync('cp', [wheel('other', '2.0'), join(folder, 'anew-for')]);
    const first = await environments.environment({ packages: [], requirementsFile: file });
    const [name] = readdirSync(join(cacheFolder, 'python'));
    rmSync(join(cacheFolder, 'python', name as string, 'ready'));
    mkdirSync(join(cacheFolder, 'python', `${name}.lock`));
    writeFileSync(join(cacheFolder, 'python', `${name}.lock`, 'owner'), '999999999');       // nobody's number
    expect(await environments.environment({ packages: [], requirementsFile: file })).toEqual(first);
    execFileSync('cp', [wheel('other', '3.0'), join(folder, 'anew-for')]);
    writeFileSync(file, './other-3.0-py3-none-any.whl\n');
    expect(versionOf((await environments.environment({ packages: [], requirementsFile: file })).python, 'other')).toBe('3.0');
  }, 60_000);

  test('is refused with the name of the package that can not be had', async () => {
    const environments = new PythonEnvironments({ cacheFolder: join(folder, 'refused') });
    const before = process.env.PIP_NO_INDEX;
    process.env.PIP_NO_INDEX = '1';
    try {
      await expect(environments.environment({ packages: ['nobody-has-this-package'] })).rejects.toThrow(/could not be installed \(nobody-has-this-package\)\. Is a Python package index within reach.*No matching distribution/);
    } finally {
      if (before === undefined) { delete process.env.PIP_NO_INDEX; } else { process.env.PIP_NO_INDEX = before; }
    }
    await expect(environments.environment({ packages: [], expected: ['nobody-has-this-package'] })).rejects.toThrow('The image brings nobody-has-this-package, which process mode does not install unasked');
    await expect(new PythonEnvironments({ python: join(folder, 'no-python') }).environment({ packages: [] })).rejects.toThrow(/no-python can't be run: process mode needs Python/);
  }, 60_000);

  test('gets no requirements without a network', async () => {
    const environments = new PythonEnvironments({ cacheFolder: join(folder, 'isolated') });
    await expect(environments.environment({ packages: [], requirementsFile: requirements('isolated-for', 'nobody-has-this-package'), mayInstallRequirements: false }))
      .rejects.toThrow("requirements.txt can't be installed without a network (network isolation): nobody-has-this-package");
  }, 60_000);

  test('stops being made when the job is stopped', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(new PythonEnvironments({ cacheFolder: join(folder, 'aborted') }).environment({ packages: ['nobody-has-this-package'], signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('the images of AWS are known by their repository', () => {
  expect(awsImage('683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3')?.packages).toEqual(['scikit-learn', 'numpy', 'pandas', 'joblib']);
  expect(awsImage('763104351884.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training@sha256:abc')?.expected).toEqual(['torch']);
  expect(awsImage('123456789012.dkr.ecr.us-east-1.amazonaws.com/mine/sagemaker-scikit-learn:1')).toBeUndefined();
  expect(awsImage(undefined)).toBeUndefined();
});
