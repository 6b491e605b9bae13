import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsiiAssembly, ROOT, withPackages } from './support/packed';

const scratch = mkdtempSync(join(tmpdir(), 'docs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const tool = (name: string) => join(ROOT, 'node_modules', '.bin', name);
const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true' };

test('API.md is what jsii-docgen makes of the sources (`npm run docs` writes it)', () => {
  execFileSync(tool('jsii-docgen'), ['--output', join(scratch, 'API.md')], { cwd: ROOT, env, stdio: 'pipe' });
  const [committed, generated] = [join(ROOT, 'API.md'), join(scratch, 'API.md')].map((file) => readFileSync(file, 'utf8').split('\n'));
  const first = generated!.findIndex((line, index) => line !== committed![index]);
  expect({ line: first + 1, generated: generated![first], committed: committed![first] }).toEqual({ line: 0 });
  expect(committed).toHaveLength(generated!.length);
}, 120_000);

/** What `npm run package` does first; that it does so with every example of the documents is in languages.test.ts. */
describe('rosetta', () => {
  const verdict = (name: string, snippet: string) => {
    const folder = withPackages(join(scratch, name), { 'aws-cdk-lib': join(ROOT, 'node_modules', 'aws-cdk-lib'), constructs: join(ROOT, 'node_modules', 'constructs'), 'cdk-sagemaker': ROOT });
    const library = join(folder, 'library');
    mkdirSync(library);
    writeFileSync(join(library, '.jsii'), JSON.stringify({ ...jsiiAssembly(ROOT), types: {}, readme: { markdown: `\`\`\`ts nofixture\n${snippet}\n\`\`\`\n` } }));
    writeFileSync(join(library, 'package.json'), readFileSync(join(ROOT, 'package.json')));
    const { status, stderr } = spawnSync(tool('jsii-rosetta'), ['extract', '--strict', '--directory', folder, library], { env, encoding: 'utf8' });
    return { status, stderr };
  };

  test('passes an example that compiles', () => {
    expect(verdict('good', 'import { Retrain } from \'cdk-sagemaker\';\nRetrain.manual(\'v3\');')).toMatchObject({ status: 0 });
  }, 120_000);

  test('refuses an example with a member that is not there', () => {
    const { status, stderr } = verdict('bad', 'import { Retrain } from \'cdk-sagemaker\';\nRetrain.sometimes();');
    expect(status).not.toBe(0);
    expect(stderr).toContain('sometimes');
  }, 120_000);
});
