import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Algorithm, Capacity, ContainerImage, Hyperparameters, Script, TrainingJob } from '../../../lib';
import { isAlive, readServerInfo } from '../../../lib/local/server-file';
import { runLocal } from '../../support/built-cli';

jest.setTimeout(180_000);

const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';
/** Waits for a file of the test. */
const script = (begun: string, goOn: string) => `import os, time
open(${JSON.stringify(begun)}, "a").write("begun\\n")
while not os.path.exists(${JSON.stringify(goOn)}): time.sleep(0.05)
print("done", flush=True)
`;
const sleep = (milliseconds: number) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** An app with a job that waits, deployed until the job runs, and then the local AWS killed. */
async function withKilled(work: (app: { readonly local: (...args: string[]) => ReturnType<typeof runLocal>; readonly synthesize: (size: number) => void; readonly goOn: () => void; readonly killWhile: () => Promise<void> }) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lost-'));
  const [begun, file, state] = [join(folder, 'begun'), join(folder, 'go-on'), join(folder, '.cdk-sagemaker')];
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'train.py'), script(begun, file));
  const local = (...args: string[]) => runLocal(folder, args, { env: { CDK_SAGEMAKER_LOCAL_MODE: 'process' } });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const pid = readServerInfo(state)?.pid;
    if (pid === undefined) { return; }
    process.kill(pid, signal);
    while (isAlive(pid)) { await sleep(20); }
  };
  try {
    await work({
      local,
      synthesize: (size) => {
        const app = new App({ outdir: join(folder, 'cdk.out') });
        const stack = new Stack(app, 'App', { env: { region: 'us-east-1' } });
        const job = new TrainingJob(stack, 'Train', {
          algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE), { script: Script.fromDirectory(join(folder, 'src'), { entryPoint: 'train.py' }) }),
          hyperparameters: Hyperparameters.of({ size }), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
        });
        new CfnOutput(stack, 'Artifact', { value: job.modelArtifacts });
        app.synth();
      },
      goOn: () => writeFileSync(file, ''),
      killWhile: async () => {
        rmSync(begun, { force: true });
        rmSync(file, { force: true });
        const deploying = local('deploy');
        for (let turns = 0; turns < 1500 && !existsSync(begun); turns += 1) { await sleep(20); }
        expect(existsSync(begun)).toBe(true);
        await end('SIGKILL');
        expect(await deploying).toMatchObject({ code: 1 });
      },
    });
  } finally {
    await end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a job that was lost with the local AWS', () => {
  test('is tried again by the next deployment, which ends the creation', () => withKilled(async ({ local, synthesize, goOn, killWhile }) => {
    synthesize(1);
    await killWhile();
    expect((await local('list')).out).toMatch(/^CREATE_IN_PROGRESS +App .*interrupted/);
    expect(JSON.parse((await local('list', '--json')).out)).toMatchObject({ stacks: [{ stackName: 'App', isInterrupted: true }], server: null });
    goOn();
    const { code, out, err } = await local('deploy');
    expect([code, err]).toEqual([0, expect.stringMatching(/CREATE_IN_PROGRESS[^]*App: CREATE_COMPLETE\n/)]);
    expect(err).not.toMatch(/UPDATE_|ROLLBACK/);
    expect(out).toMatch(/^App\.Artifact = s3:.*-2\/output\/model\.tar\.gz$/m);
    expect((await local('list')).out).toMatch(/^CREATE_COMPLETE +App  \([^)]*\)\n$/);
    expect(await local('destroy')).toMatchObject({ code: 0 });
  }));

  test('is tried again by the next deployment of the same update, and is no reason to go back', () => withKilled(async ({ local, synthesize, goOn, killWhile }) => {
    synthesize(1);
    goOn();
    expect(await local('deploy')).toMatchObject({ code: 0 });
    synthesize(2);
    await killWhile();
    goOn();
    expect(await local('deploy')).toMatchObject({ code: 0, err: expect.stringContaining('App: UPDATE_COMPLETE\n'), out: expect.stringMatching(/-2\/output\/model\.tar\.gz$/m) });
    expect(await local('destroy')).toMatchObject({ code: 0 });
  }));

  test('is no reason not to destroy', () => withKilled(async ({ local, synthesize, killWhile }) => {
    synthesize(1);
    await killWhile();
    expect(await local('destroy')).toMatchObject({ code: 0 });
    expect(JSON.parse((await local('list', '--json')).out)).toEqual({ stacks: [], server: null });
  }));
});
