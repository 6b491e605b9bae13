import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import type { JobKindName } from '../../lib/limits/job-kinds';
import { handlerFrom } from '../support/handler-bundle';
import { FAULTS, scenarios, violationsOf } from '../support/matrix';
import type { TestedKind } from '../support/tested-kinds';

const ROOT = join(__dirname, '..', '..');
const GUIDE = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

const SECTION = /## A new kind of job\n[\s\S]*?(?=\n## )/.exec(GUIDE)![0].trimEnd();

/** What the guide adds, by the file that it is added to. */
const BLOCKS = new Map(/```ts\n([\s\S]*?)```/.exec(SECTION)![1]!.split(/^\/\/ (?=lib\/)/m).slice(1).map((block) => {
  const [file, ...code] = block.split('\n');
  return [file!, code.join('\n')] as const;
}));

/** What the guide says, done to a copy of `lib`. */
function addKind(lib: string): void {
  const edit = (file: string, from: string, to: string) => {
    const source = readFileSync(join(lib, file), 'utf8');
    if (!source.includes(from)) { throw new Error(`${file} does not say: ${from}`); }
    writeFileSync(join(lib, file), source.replace(from, to));
  };
  edit('limits/job-kinds.ts', '} as const satisfies', `${BLOCKS.get('lib/limits/job-kinds.ts')}} as const satisfies`);
  edit('handler/job-kinds.ts', 'import type { JobKind }', 'import { autoMLJobV2 } from \'./auto-ml-job-kind\';\nimport type { JobKind }');
  edit('handler/job-kinds.ts', '  TransformJob: transformJob,\n', '  TransformJob: transformJob,\n  AutoMLJobV2: autoMLJobV2,\n');
  writeFileSync(join(lib, 'handler', 'auto-ml-job-kind.ts'), BLOCKS.get('lib/handler/auto-ml-job-kind.ts')!);
  mkdirSync(join(lib, 'request'), { recursive: true });
  writeFileSync(join(lib, 'request', 'auto-ml-job-request.ts'), BLOCKS.get('lib/request/auto-ml-job-request.ts')!);
}

const AUTO_ML: TestedKind = {
  kind: 'AutoMLJobV2' as JobKindName,
  create: 'CreateAutoMLJobV2',
  describe: 'DescribeAutoMLJobV2',
  stop: 'StopAutoMLJob',
  member: 'AutoMLJob',
  arnType: 'automl-job',
  prefix: 'mnist-auto',
  longestName: 32,
  notFound: ['ResourceNotFound', 'Could not find requested job with name'],
  jobArn: 'AutoMLJobArn',
  request: (letter) => ({
    RoleArn: 'arn:aws:iam::123456789012:role/cdk-sagemaker/mnist/role',
    AutoMLJobInputDataConfig: [{ ChannelType: 'training', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://data/${letter}` } } }],
    OutputDataConfig: { S3OutputPath: 's3://models/mnist' },
    AutoMLProblemTypeConfig: { TabularJobConfig: { TargetAttributeName: 'label' } },
  }),
  described: () => ({}),
  attributes: ['Status'],
  derives: false,
};

beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => {}); jest.spyOn(console, 'warn').mockImplementation(() => {}); });

describe('A fourth kind of job, added as CONTRIBUTING says', () => {
  test('is at most 40 lines, words included', () => {
    expect([...BLOCKS.keys()]).toEqual(['lib/limits/job-kinds.ts', 'lib/handler/auto-ml-job-kind.ts', 'lib/request/auto-ml-job-request.ts']);
    expect(SECTION.split('\n').length).toBeLessThanOrEqual(40);
  });

  test('lives as the others do, whatever happens', async () => {
    const chosen = [...scenarios(4)].filter(({ state, fault }) => (FAULTS as readonly string[]).includes(fault) || state === 'absent');
    expect(await violationsOf(handlerFrom(addKind), AUTO_ML, chosen)).toEqual([]);
  }, 300_000);

  test('compiles', () => {
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    const folder = mkdtempSync(join(ROOT, 'dist', 'kind-'));
    try {
      for (const room of ['handler', 'limits']) { cpSync(join(ROOT, 'lib', room), join(folder, 'lib', room), { recursive: true }); }
      addKind(join(folder, 'lib'));
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compilerOptions, incremental: false, tsBuildInfoFile: undefined, noEmit: true }, include: ['lib/**/*.ts'] }));
      execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', folder], { stdio: 'pipe', encoding: 'utf8' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 300_000);
});
