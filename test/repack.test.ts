import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, Model, ModelData, Script } from 'cdk-sagemaker';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyStack, IMAGE_URI, only } from './support/stacks';

const folder = mkdtempSync(join(tmpdir(), 'repack-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(root: string, files: { [path: string]: string }): string {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const filesOf = (root: string) => Object.fromEntries(readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name)).map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]));

/** Runs the command of the job that the template has, on an artifact and the archive of the script. */
function packed(artifact: { [path: string]: string }, dependencies: string[] = []): { [path: string]: string } {
  const source = written(join(folder, 'src'), { 'serve.py': 'serve', 'sub/helper.py': 'helper' });
  const stack = emptyStack();
  new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), modelData: ModelData.fromS3Uri('s3://models/model.tar.gz'), script: Script.fromDirectory(source, { entryPoint: 'serve.py', dependencies }) });
  const { ContainerEntrypoint, ContainerArguments } = only(Template.fromStack(stack), 'Custom::SageMakerTrainingJob').Properties.Request.AlgorithmSpecification;
  const ml = mkdtempSync(join(folder, 'ml-'));
  ['input/data/model', 'input/data/code', 'model'].forEach((path) => mkdirSync(join(ml, path), { recursive: true }));
  execFileSync('tar', ['czf', join(ml, 'input/data/model/model.tar.gz'), '-C', written(mkdtempSync(join(folder, 'artifact-')), artifact), '.']);
  const code = mkdtempSync(join(folder, 'code-'));
  execFileSync('cp', ['-r', `${source}/.`, ...dependencies, code]);
  execFileSync('tar', ['czf', join(ml, 'input/data/code/sourcedir.tar.gz'), '-C', code, ...readdirSync(code)]);
  execFileSync(ContainerEntrypoint[0], [...ContainerEntrypoint.slice(1), ...ContainerArguments], { env: { PATH: process.env.PATH, SM_MODEL_DIR: join(ml, 'model'), SM_INPUT_DIR: join(ml, 'input') } });
  return filesOf(join(ml, 'model'));
}

describe('The job that packs a script into an artifact', () => {
  test('puts it in place of the code that was there, and leaves the rest as it is', () => {
    expect(packed({ 'model.bin': 'weights', 'code/old.py': 'old' })).toEqual({ 'model.bin': 'weights', 'code/serve.py': 'serve', 'code/sub/helper.py': 'helper' });
  });

  test('puts dependencies beside the script and into its folder lib, whatever they are called', () => {
    const dependencies = ['common', 'lib', 'two words'].map((name) => written(join(folder, 'deps', name), { '__init__.py': name }));
    expect(packed({ 'model.bin': 'weights' }, dependencies)).toEqual({
      'model.bin': 'weights', 'code/serve.py': 'serve', 'code/sub/helper.py': 'helper',
      'code/common/__init__.py': 'common', 'code/lib/__init__.py': 'lib', 'code/two words/__init__.py': 'two words',
      'code/lib/common/__init__.py': 'common', 'code/lib/lib/__init__.py': 'lib', 'code/lib/two words/__init__.py': 'two words',
    });
  });
});
