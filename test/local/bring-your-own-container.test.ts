import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inAppFolder } from '../support/assembly';
import { readServerInfo } from '../../lib/local/server-file';
import { describeWithContainers, engineSays, TEST_IMAGE } from './support/containers';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'bring-your-own-container');

const rowsOf = (part: string) => readFileSync(join(EXAMPLE, 'data', part, 'rentals.csv'), 'utf8').trim().split('\n').slice(1);

/** Synthesizes the example into a folder. */
function synthesize(outdir: string): void {
  const before = process.env.CDK_OUTDIR;
  process.env.CDK_OUTDIR = outdir;
  try {
    jest.isolateModules(() => { (require(join(EXAMPLE, 'app')) as { app: { synth(): void } }).app.synth(); });
  } finally {
    if (before === undefined) { delete process.env.CDK_OUTDIR; } else { process.env.CDK_OUTDIR = before; }
  }
}

test('the hours of the example are what its generator writes, and none of the held ones is learned', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rentals-'));
  try {
    execFileSync('python3', [join(EXAMPLE, 'generate.py'), folder]);
    for (const part of ['train', 'validation']) { expect(readFileSync(join(EXAMPLE, 'data', part, 'rentals.csv'), 'utf8')).toBe(readFileSync(join(folder, part, 'rentals.csv'), 'utf8')); }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const learned = new Set(rowsOf('train'));
  expect(rowsOf('validation').filter((row) => learned.has(row))).toEqual([]);
});

test('the programs of the example need nothing but Python, and may be run', () => {
  const folder = join(EXAMPLE, 'container');
  expect(readdirSync(folder).filter((name) => name !== '__pycache__').sort()).toEqual(['Dockerfile', 'rentals.py', 'serve', 'train']);
  expect(['train', 'serve'].map((name) => statSync(join(folder, name)).mode & 0o100)).toEqual([0o100, 0o100]);
  expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).not.toContain('pip');
});

test('the example is deployed without Docker: its own train and serve run, and answer; a broken one says why', () => inAppFolder(async ({ folder, local }) => {
  synthesize(join(folder, 'cdk.out'));
  const deployed = await local('deploy');
  expect(deployed).toMatchObject({ code: 0 });
  expect(deployed.err).toContain('Rentals: 1 image asset(s) are not built: jobs and endpoints follow their Dockerfiles, as processes');
  expect(Number(/Rentals\.Error = (\S+)/.exec(deployed.out)![1])).toBeLessThan(8);

  const held = rowsOf('validation').map((row) => row.split(',').map(Number));
  const file = join(folder, 'hours.csv');
  execFileSync('sh', ['-c', `cat > "$0"`, file], { input: held.map((row) => row.slice(0, 4).join(',')).join('\n') });
  const { rentals } = JSON.parse((await local('invoke', 'Rentals', '--file', file, '--content-type', 'text/csv')).out) as { rentals: number[] };
  expect(Math.sqrt(held.reduce((sum, row, index) => sum + (row[4]! - rentals[index]!) ** 2, 0) / held.length)).toBeLessThan(8);
  const wrong = await local('invoke', 'Rentals', '--file', file, '--content-type', 'image/png');
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toContain('content type must be text/csv or application/json, got image/png');

  expect((await local('deploy')).err).toContain('Rentals: no changes');
  expect(await local('destroy')).toMatchObject({ code: 0 });
}), 180_000);

/** The image from Debian's packages, since the example's own base is in a registry; one that nobody else has built. */
function fromTestImage(outdir: string): void {
  const dockerfile = readdirSync(outdir).map((name) => join(outdir, name, 'Dockerfile')).find((path) => existsSync(path)) as string;
  writeFileSync(dockerfile, readFileSync(dockerfile, 'utf8').replace(/^FROM .*$/m, `FROM ${TEST_IMAGE}\nLABEL of=${outdir}`));
}

async function inContainers(work: () => Promise<void>): Promise<void> {
  const before = process.env.CDK_SAGEMAKER_LOCAL_MODE;
  process.env.CDK_SAGEMAKER_LOCAL_MODE = 'container';
  try {
    await work();
  } finally {
    process.env.CDK_SAGEMAKER_LOCAL_MODE = before;
  }
}

describeWithContainers('The example in containers', () => {
  test('is built, trained and served by docker or podman; killed, it comes back; destroyed, nothing of it is left', () => inContainers(() => inAppFolder(async ({ folder, local }) => {
    synthesize(join(folder, 'cdk.out'));
    fromTestImage(join(folder, 'cdk.out'));
    const hash = createHash('sha256').update(join(realpathSync(folder), '.cdk-sagemaker')).digest('hex').slice(0, 16);
    const names = (...args: string[]) => engineSays(...args).split('\n').filter((name) => name !== '');
    const images = () => names('images', '--format', '{{.Repository}}', '--filter', `label=cdk-sagemaker.local-image=${hash}`);
    const running = () => names('ps', '--all', '--quiet', '--filter', `label=cdk-sagemaker.local=${hash}`);
    const deployed = await local('deploy');
    expect([deployed.code, deployed.err]).toEqual([0, expect.stringContaining('Rentals: 1 image asset(s) are built when jobs and endpoints run them')]);
    expect(Number(/Rentals\.Error = (\S+)/.exec(deployed.out)![1])).toBeLessThan(8);
    expect(images()).toHaveLength(1);

    const file = join(folder, 'hours.csv');
    writeFileSync(file, rowsOf('validation').slice(0, 3).map((row) => row.split(',').slice(0, 4).join(',')).join('\n'));
    const invoke = async () => (JSON.parse((await local('invoke', 'Rentals', '--file', file, '--content-type', 'text/csv')).out) as { rentals: number[] }).rentals;
    const before = await invoke();
    expect([before.length, running().length]).toEqual([3, 1]);

    process.kill(readServerInfo(join(folder, '.cdk-sagemaker'))!.pid, 'SIGKILL');
    expect((await local('deploy')).code).toBe(0);
    expect(await invoke()).toEqual(before);

    expect(await local('destroy')).toMatchObject({ code: 0 });
    expect(images()).toEqual([]);
    expect(running()).toEqual([]);
  })), 240_000);
});
