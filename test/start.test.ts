import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canHaveNpmPackage, ROOT } from './support/packed';

/** A block of the page, in order: a file to write, or commands to type. */
interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that the text before it names last, where it ends with a colon. */
  readonly file?: string;
}

const PAGE = readFileSync(join(ROOT, 'docs', 'start.md'), 'utf8');
const BLOCKS: Block[] = [...PAGE.matchAll(/([^\n]*)\n\n```(\w+)[^\n]*\n([\s\S]*?)```/g)].map(([, before = '', language = '', text = '']) =>
  ({ language, text, file: language === 'sh' ? undefined : /`([^`]+)`:$/.exec(before)?.[1] }));

const online = canHaveNpmPackage('tsx', '4.23.15');
const workshop = mkdtempSync(join(tmpdir(), 'start-'));
const app = join(workshop, 'spots');

afterAll(() => {
  spawnSync('npx', ['cdk-sagemaker', 'local', 'destroy', '--all'], { cwd: app, stdio: 'ignore' });
  rmSync(workshop, { recursive: true, force: true });
});

/** Types in a block where the reader is by then. */
function type(text: string, cwd: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', text], { cwd, encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, NO_COLOR: '1' } });
  if (status !== 0) { throw new Error(`ended with ${String(status)}:\n${text}\n${stdout}${stderr}`); }
  return `${stdout}${stderr}`;
}

/** What has been printed by the block that has these words. */
const printed = new Map<string, string>();
const after = (words: string, nth = 0) => [...printed].filter(([text]) => text.includes(words))[nth]![1];

(online ? describe : describe.skip)('docs/start.md, typed in as it stands', () => {
  beforeAll(() => {
    symlinkSync(ROOT, join(workshop, 'cdk-sagemaker'));
    for (const [index, { language, text, file }] of BLOCKS.entries()) {
      if (language === 'sh') {
        // The clone is this one, and it is built.
        const typed = text.replace(/^git clone .*\n/m, '').replace(/^.*npm run build\)\n/m, '');
        printed.set(`${index} ${text}`, type(typed, printed.size < 2 ? workshop : app));
      } else if (file !== undefined) {
        mkdirSync(dirname(join(app, file)), { recursive: true });
        writeFileSync(join(app, file), text);
      }
    }
  }, 600_000);

  test('trains, and answers what the page says', () => {
    expect(after('local invoke')).toContain('["red", "blue"]');
    expect(after('local invoke')).toContain('Accuracy');
  });

  test('shows the job and its log', () => {
    expect(after('describe')).toContain('Completed');
    expect(after('describe')).toContain('accuracy=1.000');
  });

  test('runs nothing where nothing changed', () => {
    expect(after('local deploy', 1)).toMatch(/no (changes|updates)/i);
  });

  test('plans another run for another hyperparameter, and none for going back', () => {
    expect(after('sed')).toMatch(/retrains[\s\S]*power/);
    expect(after('mv app.ts.bak')).toMatch(/adopts/);
  });
});

test('the page has a block for everything it speaks of', () => {
  expect(BLOCKS.filter(({ language }) => language === 'sh')).toHaveLength(8);
  expect(BLOCKS.flatMap(({ file }) => file ?? [])).toEqual(['src/train.py', 'src/inference.py', 'data/train/spots.csv', 'data/test/spots.csv', 'app.ts', 'cdk.json']);
});
