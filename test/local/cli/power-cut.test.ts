import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../../../lib/local/daemon';
import { isAlive, readServerInfo } from '../../../lib/local/server-file';
import { lockOf, lockState, ownersOf } from '../../../lib/local/state-lock';
import { inAppFolder, thingStack } from '../../support/assembly';
import { builtCli, runLocal } from '../../support/built-cli';
import { canLookAtProcesses, processesOf } from '../../support/processes';

jest.setTimeout(120_000);

const sleep = (milliseconds: number) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const stateOf = (folder: string) => join(folder, '.cdk-sagemaker');

/** Ends the local AWS as a power cut does. */
async function cut(folder: string): Promise<void> {
  const pid = readServerInfo(stateOf(folder))?.pid;
  if (pid === undefined) { return; }
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) { await sleep(20); }
}

const filesBelow = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? (entry as { path?: string }).path ?? '', entry.name));

/** A folder for a state, gone after the test. */
async function inState(work: (state: string) => Promise<void>): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'state-'));
  try { await work(state); } finally { rmSync(state, { recursive: true, force: true }); }
}

describe('after a power cut', () => {
  test.each([
    ['server.json', /server\.json$/], ['a file of the lock', /lock\/[^/]+$/], ['the archive of a function', /objects\/code\.zip$/], ['what S3 knows of an object', /headers\/code\.zip$/],
    ['the log of the local AWS', /server\.log$/], ['what it said in the end', /server\.err$/], ['the unpacked code of a function', /functions\/.*index\.js$/],
  ])('deploy and destroy go on although %s is empty', (_, pattern) => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    expect(await local('deploy')).toMatchObject({ code: 0 });
    await cut(folder);
    const damaged = filesBelow(stateOf(folder)).filter((file) => pattern.test(file));
    expect(damaged).not.toEqual([]);
    damaged.forEach((file) => truncateSync(file));
    write({ App: thingStack({ Name: 'two' }) });
    expect(await local('deploy')).toMatchObject({ code: 0, out: expect.stringContaining('App.Name = two') });
    await cut(folder);
    // The code of a function comes from the app alone; without it destroy can't ask the function.
    filesBelow(stateOf(folder)).filter((file) => pattern.test(file) && !file.includes('objects')).forEach((file) => truncateSync(file));
    expect(await local('destroy')).toMatchObject({ code: 0 });
  }));

  test('what writers had not finished is taken away', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    await local('deploy');
    await cut(folder);
    const state = stateOf(folder);
    const bucket = readdirSync(join(state, 's3'))[0] as string;
    const half = ['server.json.1.partial', 'stacks/App.json.1.partial', 'sagemaker/sagemaker.json.1.partial', `s3/${bucket}/partial/0123`, 's3-uploads/4b1c9f0e-0000-4000-8000-000000000000/partial-1', 'images/x%3A1.partial/context/file', 'functions/partial-0123/index.js', 'assemblies/1-0-0/manifest.json'].map((name) => join(state, name));
    for (const file of half) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, '{"half":');
    }
    expect(await local('deploy')).toMatchObject({ code: 0 });
    expect(half.filter(existsSync)).toEqual([join(state, 'assemblies/1-0-0/manifest.json')]);      // of a command that synthesizes, the next of which takes it
    expect(await local('destroy')).toMatchObject({ code: 0 });
    expect(half.filter(existsSync)).toEqual([]);
  }));

  test.each([
    ['stacks/App.json', '', 'is empty'], ['stacks/App.json', '{"stackName": "App", "ev', 'is damaged'], ['sagemaker/sagemaker.json', '', 'is empty'],
    ['sagemaker/sagemaker.json', '[', 'is damaged'], ['sagemaker/cloudwatch.json', 'null', 'is damaged'],
  ])('%s that says %j is named by every command that needs it, with what can be done', (name, content, how) => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }, { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'm', Namespace: 'n', ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Period: 60, Statistic: 'Sum', Threshold: 1 } }, Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, PrimaryContainer: { Image: 'mine:1', Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: 's3://none/source.tar.gz' } } } } }) });
    expect(await local('deploy')).toMatchObject({ code: 0 });
    await cut(folder);
    const file = join(stateOf(folder), name);
    const before = readFileSync(file);
    writeFileSync(file, content);
    const said = expect.stringMatching(new RegExp(`^(the local AWS could not be started: )?${file} ${how} and says nothing any more: put a copy in its place, or delete it, which forgets [^\n]+\n$`));
    const reading = name.startsWith('stacks') ? [['list'], ['events', 'App'], ['destroy'], ['deploy']] : [['destroy'], ['deploy']];
    for (const args of reading) { expect([args, await local(...args)]).toEqual([args, { code: 1, out: '', err: said }]); }
    writeFileSync(file, before);
    expect(await local('deploy')).toMatchObject({ code: 0 });
    await cut(folder);
    // Or it is deleted, as it says.
    rmSync(file);
    expect(await local('deploy')).toMatchObject({ code: 0 });
    expect(await local('destroy')).toMatchObject({ code: 0 });
  }));
});

describe('two commands at once', () => {
  test('on a folder that is not there yet share one local AWS', () => inAppFolder(async ({ folder, write, local }) => {
    write({ One: thingStack({ Name: 'one' }), Two: thingStack({ Name: 'two' }), Three: thingStack({ Name: 'three' }) });
    const all = await Promise.all(['One', 'Two', 'Three'].map((name) => local('deploy', name)));
    expect(all.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0, 0]);
    expect(ownersOf(lockOf(stateOf(folder)))).toEqual([readServerInfo(stateOf(folder))?.pid]);
    expect(await Promise.all([local('destroy', 'One'), local('destroy', 'Two'), local('destroy', 'Three')]).then((ended) => ended.map(({ code, err }) => (code === 0 ? 0 : err)))).toEqual([0, 0, 0]);
    expect(existsSync(lockOf(stateOf(folder)))).toBe(false);
  }));

  test('on one stack: the second is refused, and says why; without the first it goes on with the work', () => inAppFolder(async ({ write, folder, local }) => {
    write({ App: thingStack({ Name: 'one', Delay: 4000 }) });
    const first = local('deploy');
    while (!(await local('events', 'App')).out.includes('Custom::Thing')) { /* not begun yet */ }
    expect(await local('deploy')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^App is in state CREATE_IN_PROGRESS: another command is at work on it\. /) });
    expect(await first).toMatchObject({ code: 0 });

    write({ App: thingStack({ Name: 'two', Delay: 1500 }) });
    expect(await runLocal(folder, ['deploy'], { interruptAfter: /UPDATE_IN_PROGRESS +Custom::Thing/ })).toMatchObject({ code: 130 });
    const next = await local('deploy');
    expect(next.err).toMatch(/^App: UPDATE_IN_PROGRESS goes on, although the command that began it is gone; it is waited for first\n[^]*App: no changes\n/);
    expect(next).toMatchObject({ code: 0, out: expect.stringContaining('App.Name = two') });
  }));

  test('of which one destroys: it is not deployed over, and destroyed once', () => inAppFolder(async ({ write, local }) => {
    write({ App: thingStack({ Name: 'one', Delay: 1500 }) });
    await local('deploy');
    const first = local('destroy');
    while (!(await local('list')).out.includes('DELETE_IN_PROGRESS')) { /* not begun yet */ }
    const [refused, second] = await Promise.all([local('deploy'), local('destroy')]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('App is in state DELETE_IN_PROGRESS: another command is at work on it.') });
    expect(second).toMatchObject({ code: 0 });
    expect(await first).toMatchObject({ code: 0 });
    expect(await local('list', '--json').then(({ out }) => JSON.parse(out) as object)).toEqual({ stacks: [], server: null });
  }));

  test('on different folders know nothing of each other', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    const states = ['a', 'b'].map((name) => join(folder, name));
    expect((await Promise.all(states.map((state) => local('deploy', '--state', state)))).map(({ code }) => code)).toEqual([0, 0]);
    expect((await local('destroy', '--state', states[0] as string)).code).toBe(0);
    expect(JSON.parse((await local('list', '--json', '--state', states[1] as string)).out)).toMatchObject({ stacks: [{ stackName: 'App' }], server: { pid: expect.any(Number) } });
    expect((await local('destroy', '--state', states[1] as string)).code).toBe(0);
  }));
});

describe('a command that synthesizes', () => {
  (canLookAtProcesses ? test : test.skip).each([['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129], ['SIGKILL', null]] as const)('ends with its app on %s', (signal, exitCode) => inAppFolder(async ({ folder }) => {
    writeFileSync(join(folder, 'app.js'), 'setTimeout(() => undefined, 60000)');
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" app.js` }));
    const child = spawn(process.execPath, [join(builtCli(), 'cli', 'cdk-sagemaker.js'), 'local', 'deploy'], { cwd: folder, stdio: 'ignore' });
    const ended = new Promise((resolve) => { child.once('exit', resolve); });
    const apps = () => processesOf(folder).filter((pid) => { try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').startsWith(`${process.execPath} app.js`); } catch { return false; } });
    while (apps().length < 1) { await sleep(20); }
    child.kill(signal);
    expect(await ended).toBe(exitCode);
    for (const until = Date.now() + 10_000; processesOf(folder).length > 0 && Date.now() < until;) { await sleep(20); }
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(join(stateOf(folder), 'assemblies'))).toBe(signal === 'SIGKILL');
    expect(await runLocal(folder, ['destroy'])).toMatchObject({ code: 0 });
    expect(existsSync(join(stateOf(folder), 'assemblies'))).toBe(false);
  }));
});

describe('the local AWS', () => {
  test('ends by itself when there is nothing in it and nobody asks, and when its folder is deleted', () => inState(async (state) => {
    const daemon = await Daemon.start({ state, runner: 'none', idle: 100, mode: 'process' });
    expect(readServerInfo(state)?.pid).toBe(process.pid);
    await daemon.end;
    expect([existsSync(join(state, 'server.json')), existsSync(lockOf(state))]).toEqual([false, false]);

    const other = await Daemon.start({ state, runner: 'none', mode: 'process' });
    rmSync(state, { recursive: true });
    await other.end;
  }));

  test('is one for a folder', () => inState(async (state) => {
    const release = await lockState(state);
    await expect(Daemon.start({ state, runner: 'none', mode: 'process' })).rejects.toThrow(`the local AWS of ${state} runs already (process ${process.pid})`);
    release();
    const all = await Promise.allSettled([1, 2, 3, 4, 5].map(() => lockState(state)));
    expect(all.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
  }));
});

describe('local deploy --mode', () => {
  test('starts the local AWS anew where it runs in another mode and has nothing to do', () => inAppFolder(async ({ write, folder, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    expect((await local('deploy')).err).toContain('jobs and endpoints run as processes');
    const first = readServerInfo(stateOf(folder))?.pid;
    expect(await local('deploy', '--mode', 'auto')).toMatchObject({ code: 0, err: expect.stringContaining('App: no changes') });
    expect(readServerInfo(stateOf(folder))?.pid).not.toBe(first);
    expect(JSON.parse((await local('list', '--json')).out)).toMatchObject({ server: { runsIn: expect.stringContaining('jobs and endpoints run ') } });

    write({ App: thingStack({ Name: 'two', Delay: 1500 }) });
    const busy = local('deploy');
    while (!(await local('list')).out.includes('UPDATE_IN_PROGRESS')) { /* not begun yet */ }
    expect(await local('deploy', '--mode', 'process')).toMatchObject({ code: 1, err: expect.stringMatching(/^the local AWS of .* is at work in mode auto: /) });
    expect(await busy).toMatchObject({ code: 0 });
  }));
});
