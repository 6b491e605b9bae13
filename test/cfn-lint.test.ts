import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lint, testWithLinter } from './support/cfn-lint';

const ROOT = join(__dirname, '..');
const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) => existsSync(join(ROOT, 'examples', name, 'app.ts')));
/** One Region of a partition, or more where they differ. */
const REGIONS = ['us-east-1', 'cn-north-1', 'cn-northwest-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'eusc-de-east-1'];
/** AWS names no account that has SageMaker's images there: an example with one of them is refused, and one with an image of its own is not. */
const WITHOUT_IMAGES = ['eusc-de-east-1'];

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

/** The templates of an example there, or why there are none. */
function synthesized(name: string, region: string): { readonly templates: string[]; readonly refusal?: string } {
  const outdir = join(scratch, region, name);
  const before = { ...process.env };
  Object.assign(process.env, { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: '{}' });
  try {
    jest.isolateModules(() => require(join(copyIn(name, region), 'app')).app.synth());
  } catch (error) {
    return { templates: [], refusal: (error as Error).message };
  } finally {
    process.env = before;
  }
  return { templates: readdirSync(outdir).filter((file) => file.endsWith('.template.json')).map((file) => join(outdir, file)) };
}

/** The rules that a template says are passed over. */
function passedOver(template: string): string[] {
  const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as { readonly Resources: { readonly [id: string]: { readonly Metadata?: { readonly 'cfn-lint'?: { readonly config: { readonly ignore_checks: string[] } } } } } };
  return Object.values(Resources).flatMap(({ Metadata }) => Metadata?.['cfn-lint']?.config.ignore_checks ?? []);
}

describe.each(REGIONS)('the examples in %s', (region) => {
  const made = new Map<string, ReturnType<typeof synthesized>>();
  beforeAll(() => EXAMPLES.forEach((name) => made.set(name, synthesized(name, region))), 240_000);

  test(WITHOUT_IMAGES.includes(region) ? 'are refused by a word about the Region, or synthesize' : 'synthesize', () => {
    const refused = [...made].filter(([, { refusal }]) => refusal !== undefined);
    expect(refused.filter(([, { refusal }]) => !WITHOUT_IMAGES.includes(region) || !/^[^ ]+: algorithm\.framework\.region must be one of .*, got eusc-de-east-1$/.test(refusal!))).toEqual([]);
    expect(made.get('bring-your-own-container')!.templates).not.toEqual([]);
  });

  testWithLinter('are nothing for cfn-lint to report', () => expect(lint([...made.values()].flatMap(({ templates }) => templates), region)).toBe(''), 240_000);

  test('have it pass over nothing but a dependency that CDK says twice', () => {
    const rules = [...made.values()].flatMap(({ templates }) => templates.flatMap(passedOver));
    expect(rules.filter((rule) => rule !== 'W3005')).toEqual([]);
  });
});

/** What it says where there is something to say: otherwise its silence would mean nothing. */
testWithLinter('a type that a Region does not have is found there', () => {
  const template = join(scratch, 'wrong.json');
  writeFileSync(template, JSON.stringify({ Resources: { Hub: { Type: 'AWS::SageMaker::Studio' }, Map: { Type: 'AWS::Location::Map', Properties: { MapName: 'a', Configuration: { Style: 'VectorEsriStreets' } } } } }));
  expect(lint([template], 'us-iso-east-1')).toMatch(/E3006.*AWS::Location::Map.*us-iso-east-1/);
}, 60_000);
