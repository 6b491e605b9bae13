import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) => existsSync(join(ROOT, 'examples', name, 'app.ts')));

const scratch = mkdtempSync(join(tmpdir(), 'examples-'));
// within the package, so that the copies find it as the originals do
const copies = join(ROOT, '.quickstart', `examples-${process.pid}`);
afterAll(() => [scratch, copies].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

let runs = 0;

/** The folder with everything that a synthesis of an app writes; under CDK's strict validation, which takes seconds, if asked. */
function synthesized(folder: string, validation: 'strict' | 'none' = 'none'): string {
  const outdir = join(scratch, `run-${runs++}`);
  const before = { ...process.env };
  Object.assign(process.env, {
    CDK_OUTDIR: outdir, CDK_VALIDATION: String(validation === 'strict'), CDK_CONTEXT_JSON: JSON.stringify({ '@aws-cdk/core:validateAgainstDefaultRules': true }),
  });
  try {
    jest.isolateModules(() => require(join(folder, 'app')).app.synth());
  } finally {
    process.env = before;
  }
  return outdir;
}

function copyOf(name: string, folder: string): string {
  mkdirSync(join(copies, folder), { recursive: true });
  cpSync(join(ROOT, 'examples', name), join(copies, folder, name), { recursive: true });
  return join(copies, folder, name);
}

/** Every file written, by a hash of its bytes. */
function bytesOf(folder: string): { [file: string]: string } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(files.map((file) => [relative(folder, file), createHash('sha256').update(readFileSync(file)).digest('hex')]));
}

describe.each(EXAMPLES)('examples/%s', (name) => {
  const original = join(ROOT, 'examples', name);

  test('synthesizes without findings of the strict validation', () => {
    const report = JSON.parse(readFileSync(join(synthesized(original, 'strict'), 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  }, 120_000);

  test('synthesizes to the same bytes twice and in two folders', () => {
    const bytes = bytesOf(synthesized(original));
    expect(bytesOf(synthesized(original))).toEqual(bytes);
    expect(bytesOf(synthesized(copyOf(name, 'a')))).toEqual(bytes);
    expect(bytesOf(synthesized(copyOf(name, 'another-folder')))).toEqual(bytes);
  }, 120_000);
});

const GENERATED = EXAMPLES.filter((name) => existsSync(join(ROOT, 'examples', name, 'generate.py')));

test.each(GENERATED)('the data of examples/%s are what its generator writes', (name) => {
  const folder = join(scratch, `data-${name}`);
  execFileSync('python3', [join(ROOT, 'examples', name, 'generate.py'), folder]);
  const { 'README.md': _, ...committed } = bytesOf(join(ROOT, 'examples', name, 'data'));
  expect(bytesOf(folder)).toEqual(committed);
});

test('there are examples', () => expect(EXAMPLES).toContain('train-and-deploy'));

/** What the validator does when there is something to find: otherwise its silence would mean nothing. */
test('the strict validation that the examples pass finds a template that is wrong', () => {
  const script = `
    const { App, CfnResource, Stack } = require('aws-cdk-lib/core');
    const app = new App({ outdir: ${JSON.stringify(join(scratch, 'wrong'))} });
    new CfnResource(new Stack(app, 'Wrong'), 'Bucket', { type: 'AWS::S3::Bucket', properties: { Nonsense: true } });
    app.synth();`;
  const env = { ...process.env, CDK_VALIDATION: 'true', CDK_CONTEXT_JSON: JSON.stringify({ '@aws-cdk/core:validateAgainstDefaultRules': true }) };
  expect(() => execFileSync(process.execPath, ['-e', script], { cwd: ROOT, env, stdio: 'pipe' })).toThrow(/Nonsense/);
}, 60_000);
