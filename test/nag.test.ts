import type { App } from 'aws-cdk-lib/core';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Nag from '../examples/nag';

const EXAMPLES = join(__dirname, '..', 'examples');
const names = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.ts')));

const scratch = mkdtempSync(join(tmpdir(), 'nag-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let runs = 0;

/** Works with a fresh app of an example, and the modules it was made with. */
function withExample<T>(name: string, file: 'app' | 'nag', work: (app: App, nag: typeof Nag) => T): T {
  const before = { ...process.env };
  Object.assign(process.env, { CDK_OUTDIR: join(scratch, `run-${runs++}`), CDK_CONTEXT_JSON: '{}' });
  let result: T;
  try {
    jest.isolateModules(() => { result = work(require(join(EXAMPLES, name, file)).app, require(join(EXAMPLES, 'nag'))); });
  } finally {
    process.env = before;
  }
  return result!;
}

const shown = ({ id, path }: Nag.Finding) => `${path}: ${id}`;
const templates = (folder: string) => readdirSync(folder).filter((file) => file.endsWith('.template.json')).map((file) => readFileSync(join(folder, file), 'utf8'));

describe.each(names)('cdk-nag in examples/%s', (name) => {
  test('finds nothing that is not acknowledged with a reason', () => {
    const { directory, left } = withExample(name, 'nag', (app, nag) => ({ left: nag.findingsIn(app).map(shown), directory: app.synth().directory }));
    expect(left).toEqual([]);
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  }, 120_000);

  test('is answered for each finding by one reason, and each by its own path and rule', () => {
    const several = withExample(name, 'app', (app, nag) => nag.findingsIn(app).filter((finding) => nag.OF_THE_LIBRARY.filter((each) => nag.answers(each, finding)).length !== 1).map(shown));
    expect(several).toEqual([]);
  }, 120_000);

  test('changes nothing in the templates', () => {
    const [plain, checked] = (['app', 'nag'] as const).map((file) => templates(withExample(name, file, (app) => app.synth().directory)));
    expect(plain).not.toEqual([]);
    expect(checked).toEqual(plain);
  }, 120_000);

  test('refuses the synthesis when a reason is missing', () => {
    expect(() => withExample(name, 'app', (app, nag) => nag.checkedByNag(app, nag.OF_THE_LIBRARY.slice(1)).synth())).toThrow(/AwsSolutions-IAM5\[.*:training-job\//);
  }, 120_000);
});

test('no reason is left for what the rules find no more', () => {
  const unused = names.map((name) => withExample(name, 'app', (app, nag) => {
    const findings = nag.findingsIn(app);
    const patterns = nag.OF_THE_LIBRARY.flatMap((each) => each.findings.map((pattern) => ({ ...each, findings: [pattern] })));
    return patterns.filter((pattern) => !findings.some((finding) => nag.answers(pattern, finding))).map((pattern) => `${pattern.at}: ${pattern.findings}`);
  }));
  expect(unused).not.toEqual([]);
  expect(unused[0]!.filter((pattern) => unused.every((each) => each.includes(pattern)))).toEqual([]);
}, 120_000);
