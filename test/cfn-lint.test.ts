import { App, Stack } from 'aws-cdk-lib/core';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lint, testWithLinter } from './support/cfn-lint';
import { everyKind, type Lacking } from './support/every-kind';

const ROOT = join(__dirname, '..');
const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) => existsSync(join(ROOT, 'examples', name, 'app.ts')));

interface Place {
  readonly region: string;
  readonly lacking?: readonly Lacking[];
  /** Types that CloudFormation does not have there, as cfn-lint says when somebody uses them. Of isolated partitions it knows no more than of us-east-1. */
  readonly missing?: readonly string[];
}

/** A Region of each partition. */
const PLACES: Place[] = [
  { region: 'us-east-1' },
  { region: 'cn-north-1', missing: ['AWS::SageMaker::InferenceComponent', 'AWS::SageMaker::ModelPackageGroup'] },
  { region: 'us-gov-west-1', missing: ['AWS::SageMaker::InferenceComponent'] },
  { region: 'us-iso-east-1', lacking: ['monitors', 'rules'] },
  { region: 'us-isob-east-1', lacking: ['monitors', 'rules'] },
  // AWS names no account that has SageMaker's images there
  { region: 'eusc-de-east-1', lacking: ['images', 'rules'] },
];

const PASSED_OVER: readonly { readonly is: RegExp; readonly because: string }[] = [
  { is: /^every-kind: W3010:Avoid hardcoding availability zones/, because: 'CDK names the zones of a VPC in a stack that knows its Region' },
  { is: /^retraining: W3005:'CustomCDKBucketDeployment\w+ServiceRole\w+' dependency already enforced/, because: 'CDK lets the function of its own bucket deployment depend on a role that the function names anyway' },
  { is: /^every-kind: E3002:.*'CoreDumpConfig' was unexpected/, because: 'the member is newer than the schemas of cfn-lint; those of aws-cdk-lib have it' },
];

const scratch = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
// within the package, so that the copies find it as the originals do
const copies = join(ROOT, '.quickstart', `cfn-lint-${process.pid}`);
afterAll(() => [scratch, copies].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The example with another Region in it, as somebody there would write it. */
function copyIn(name: string, region: string): string {
  const folder = join(copies, region, name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true });
  const app = readFileSync(join(folder, 'app.ts'), 'utf8');
  expect(app).toContain('\'us-east-1\'');
  writeFileSync(join(folder, 'app.ts'), app.replaceAll('\'us-east-1\'', `'${region}'`));
  return folder;
}

/** The templates of an app that is made there, or why there are none. */
function synthesized(name: string, region: string, make: () => App): { readonly templates: string[]; readonly refusal?: string } {
  const before = { ...process.env };
  Object.assign(process.env, { CDK_OUTDIR: join(scratch, region, name), CDK_CONTEXT_JSON: '{}' });
  try {
    const { directory } = make().synth();
    return { templates: readdirSync(directory).filter((file) => file.endsWith('.template.json')).map((file) => join(directory, file)) };
  } catch (error) {
    return { templates: [], refusal: (error as Error).message };
  } finally {
    process.env = before;
  }
}

/** The rules that a template says are passed over. */
function passedOver(template: string): string[] {
  const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as { readonly Resources: { readonly [id: string]: { readonly Metadata?: { readonly 'cfn-lint'?: { readonly config: { readonly ignore_checks: string[] } } } } } };
  return Object.values(Resources).flatMap(({ Metadata }) => Metadata?.['cfn-lint']?.config.ignore_checks ?? []);
}

/** What is found, by the app that it is found in. */
function findingsOf(templates: readonly string[], region: string): string[] {
  const lines = lint(templates, region).split('\n').filter((line) => line !== '').map((line) => line.replace(/^.*\/([^/]+)\/[^/]+\.template\.json(:\d+){4}:/, '$1: '));
  return [...new Set(lines)].filter((line) => !PASSED_OVER.some(({ is }) => is.test(line))).sort();
}

describe.each(PLACES)('in $region', ({ region, lacking = [], missing = [] }) => {
  const made = new Map<string, ReturnType<typeof synthesized>>();
  beforeAll(() => {
    EXAMPLES.forEach((name) => made.set(name, synthesized(name, region, () => require(join(copyIn(name, region), 'app')).app)));
    made.set('every-kind', synthesized('every-kind', region, () => {
      const app = new App();
      everyKind(new Stack(app, 'Stack', { env: { account: '123456789012', region } }), lacking);
      return app;
    }));
  }, 600_000);
  const templates = () => [...made.values()].flatMap((each) => each.templates);

  test(lacking.includes('images') ? 'the examples synthesize, or are refused by a word about the Region' : 'the examples synthesize', () => {
    const refusals = [...made].filter(([, { refusal }]) => refusal !== undefined);
    const asTheyShould = new RegExp(`^[^ ]+: algorithm\\.framework\\.region must be one of .*, got ${region}$`);
    expect(refusals.filter(([, { refusal }]) => !lacking.includes('images') || !asTheyShould.test(refusal!))).toEqual([]);
    expect(['bring-your-own-container', 'every-kind'].map((name) => made.get(name)!.templates.length)).toEqual([1, 1]);
  });

  // one run for all, since it takes longer to begin than to look
  testWithLinter('the examples and every kind of construct are nothing for cfn-lint, but for types that CloudFormation does not have there', () => {
    expect(findingsOf(templates(), region)).toEqual(missing.map((type) => `every-kind: E3006:Resource type '${type}' does not exist in '${region}'`));
  }, 600_000);

  test('it is told to pass over nothing but a dependency that CDK says twice', () => expect(templates().flatMap(passedOver).filter((rule) => rule !== 'W3005')).toEqual([]));
});
