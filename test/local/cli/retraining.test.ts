import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServerInfo } from '../../../lib/local/server-file';
import { builtCli, runCli } from '../../support/built-cli';
import { canHavePackages } from '../support/python';

const ROOT = join(__dirname, '..', '..', '..');
const possible = canHavePackages('scikit-learn', 'numpy', 'pandas', 'joblib');
const testWithPython = possible ? test : test.skip;
const STACKS = ['BikesLearning', 'BikesServing'];

const folder = mkdtempSync(join(tmpdir(), 'retraining-'));
const [app, state] = [join(folder, 'cdk.out'), join(folder, 'state')];
const cli = (...args: string[]) => runCli(folder, [...args, '--state', state]);

/** Both stacks, with what the deployment has said of each. */
async function deployed(): Promise<{ readonly [stack: string]: any }> {
  const { out, err } = await cli('local', 'deploy', ...STACKS, '--app', app, '--json');
  expect(err).toBe('');
  return Object.fromEntries((JSON.parse(out) as { stackName: string }[]).map((each) => [each.stackName, each]));
}

/** How many days are behind the model that answers. */
async function days(): Promise<number> {
  const { out, code } = await cli('local', 'invoke', 'BikesServing', '--data', '[[20, 0, 1]]', '--content-type', 'application/json');
  expect(code).toBe(0);
  return JSON.parse(out).days as number;
}

async function trained(): Promise<number> {
  const { apiPort } = readServerInfo(state)!;
  const answer = await fetch(`http://127.0.0.1:${apiPort}/`, { method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'SageMaker.ListTrainingJobs' }, body: '{"MaxResults":100}' });
  return ((await answer.json()) as { TrainingJobSummaries: unknown[] }).TrainingJobSummaries.length;
}

async function executions(): Promise<{ readonly status: string; readonly startDate: number }[]> {
  const { out, code } = await cli('local', 'executions', 'BikesLearning', '--json');
  expect(code).toBe(0);
  return (JSON.parse(out) as { executions: { status: string; startDate: number }[] }[])[0]!.executions;
}

/** The run that the readings have started, when it has ended. */
async function ranAfter(write: () => Promise<void>): Promise<string> {
  const before = (await executions()).length;
  await write();
  for (;;) {
    const all = await executions();
    if (all.length > before && all.every(({ status }) => status !== 'RUNNING')) { return all[0]!.status; }
    await new Promise((resolve) => { setTimeout(resolve, 500); });
  }
}

/** As whoever counts bikes writes them: to S3. */
async function write(name: string, hired: (temperature: number, day: number) => number, bucket: string): Promise<void> {
  const rows = Array.from({ length: 100 }, (_, day) => [day % 28, 0, day % 7 >= 5 ? 1 : 0, Math.round(hired(day % 28, day))].join());
  const { s3Port } = readServerInfo(state)!;
  const { status } = await fetch(`http://127.0.0.1:${s3Port}/${bucket}/readings/new/${name}`, { method: 'PUT', body: ['temperature,rain,weekend,hired', ...rows, ''].join('\n') });
  expect(status).toBe(200);
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

testWithPython(`examples/retraining runs here: new readings train again, the gate keeps a bad model away, and a following deployment leaves all as it is${possible ? '' : ' (skipped: scikit-learn is not to be had)'}`, async () => {
  builtCli();
  execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'examples', 'retraining', 'app.ts')], { cwd: ROOT, env: { ...process.env, CDK_OUTDIR: app, CDK_CONTEXT_JSON: '{}' }, stdio: 'pipe' });
  try {
    const { BikesLearning: { outputs: { BucketName: bucket } } } = await deployed();
    expect([await days(), await trained(), await executions()]).toEqual([365, 1, []]);

    // nothing of the weather in it: the metric misses the gate, and nothing moves
    expect(await ranAfter(() => write('noise.csv', (_, day) => (day * 7919) % 2000, bucket))).toBe('FAILED');
    expect([await days(), await trained()]).toEqual([365, 2]);

    // by the weather again, in the place of the noise
    expect(await ranAfter(() => write('noise.csv', (temperature, day) => 200 + 30 * temperature + (day % 7 >= 5 ? 150 : 0), bucket))).toBe('SUCCEEDED');
    expect([await days(), await trained()]).toEqual([465, 3]);

    // a following deployment has nothing to do
    const again = await deployed();
    expect(STACKS.map((stack) => again[stack].ok)).toEqual([true, true]);
    expect([await days(), await trained()]).toEqual([465, 3]);

    // nor does one that changes both stacks
    for (const stack of STACKS) {
      const file = join(app, `${stack}.template.json`);
      const template = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...template, Outputs: { ...template.Outputs, More: { Value: 'more' } } }));
    }
    const changed = await deployed();
    expect(STACKS.map((stack) => changed[stack])).toMatchObject([{ status: 'UPDATE_COMPLETE', outputs: { More: 'more' } }, { status: 'UPDATE_COMPLETE', outputs: { More: 'more' } }]);
    expect([await days(), await trained()]).toEqual([465, 3]);
    expect((await executions()).map(({ status }) => status)).toEqual(['SUCCEEDED', 'FAILED']);
  } finally {
    expect(await cli('local', 'destroy', ...STACKS)).toMatchObject({ code: 0 });
  }
}, 600_000);
