import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Blocks marked `nofixture` are whole programs (modules, where they await), and what is indented belongs to a list. */
test('every block of TypeScript in docs/ compiles', () => {
  const fixture = readFileSync(join(ROOT, 'rosetta', 'default.ts-fixture'), 'utf8');
  const folder = mkdtempSync(join(ROOT, 'dist', 'docs-'));
  try {
    const blocks = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md')).flatMap((file) =>
      [...readFileSync(join(ROOT, 'docs', file), 'utf8').matchAll(/^```ts( nofixture)?\n([\s\S]*?)^```/gm)].map(([, whole, code], index) => [`${file.replace('.md', '')}-${index + 1}.${whole && /\bawait\b/.test(code!) ? 'mts' : 'ts'}`, whole ? code! : fixture.replace('/// here', code!)] as const));
    expect(blocks.length).toBeGreaterThan(1);
    for (const [file, code] of blocks) { writeFileSync(join(folder, file), code); }
    const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
    const options = { ...compilerOptions, incremental: false, tsBuildInfoFile: undefined, noEmit: true, noUnusedLocals: false, rootDir: undefined, outDir: undefined, declaration: false };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts', '*.mts'] }));
    const { stdout } = spawnSync(tool('tsc'), ['-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

test('every guarantee of docs/security.md names tests that are there', () => {
  const rows = [...readFileSync(join(ROOT, 'docs', 'security.md'), 'utf8').matchAll(/^\| (?!guaranteed|\||---)(.*) \| (`.*`) \|$/gm)];
  const missing = rows.flatMap(([, , tests]) => [...tests!.matchAll(/`([^`]+)`/g)].map(([, name]) => `test/${name}.test.ts`)).filter((file) => !existsSync(join(ROOT, file)));
  expect(rows.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

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
