import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { endLeftOvers, Mark } from '../../lib/local/mark';
import { isAlive } from '../../lib/local/server-file';
import { canLookAtProcesses } from '../support/processes';
import { SageMakerBench, until } from './support/sagemaker-bench';

/** Python that starts a program in a session of its own, which no signal to a group reaches. */
const LEAVES = `import os, subprocess
other = subprocess.Popen(["sleep", "4321"], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print("other", other.pid, "end", flush=True)
`;
const STAYS = 'import time\nwhile True: time.sleep(0.05)\n';
const otherIn = (text: string) => Number(/other (\d+) end/.exec(text)?.[1]);
const isGone = (pid: number) => until(async () => isAlive(pid), (alive) => !alive, 10);

(canLookAtProcesses ? describe : describe.skip)('What a program has started in a session of its own', () => {
  let bench: SageMakerBench;
  beforeEach(async () => { bench = await SageMakerBench.open(); });
  afterEach(() => bench.close());

  test.each([['completed', '', 'Completed'], ['failed', 'raise SystemExit(1)', 'Failed'], ['ended at once', 'os._exit(0)', 'Completed']])('has ended when its job has %s', async (_, last, status) => {
    const job = await bench.train('leaves', LEAVES + last);
    expect(job.TrainingJobStatus).toBe(status);
    expect(isAlive(otherIn(bench.logOf('leaves')))).toBe(false);
  });

  test('has ended when its job is stopped', async () => {
    await bench.call('CreateTrainingJob', await bench.trainingRequest('stopped', LEAVES + STAYS));
    await until(async () => bench.logOf('stopped'), (log) => log.includes('end'));
    const other = otherIn(bench.logOf('stopped'));
    expect(isAlive(other)).toBe(true);
    await bench.call('StopTrainingJob', { TrainingJobName: 'stopped' });
    expect((await bench.jobEnd('stopped')).TrainingJobStatus).toBe('Stopped');
    expect(isAlive(other)).toBe(false);
  });

  test('is left alone with one job when another one ends', async () => {
    await bench.call('CreateTrainingJob', await bench.trainingRequest('runs', LEAVES + STAYS));
    await until(async () => bench.logOf('runs'), (log) => log.includes('end'));
    await bench.train('short', LEAVES);
    expect(isAlive(otherIn(bench.logOf('runs')))).toBe(true);
    await bench.sageMaker.close();
    expect(isAlive(otherIn(bench.logOf('runs')))).toBe(false);
  });

  test('ends with its endpoint', async () => {
    await bench.modelSaying('leaves', 'x', `${LEAVES}def model_fn(folder): return other.pid\ndef predict_fn(data, model): return model\n`);
    await bench.call('CreateEndpoint', { EndpointName: 'leaves', EndpointConfigName: 'leaves' });
    await bench.endpointAtRest('leaves');
    const other = Number(await bench.ask('leaves'));
    expect(isAlive(other)).toBe(true);
    await bench.call('DeleteEndpoint', { EndpointName: 'leaves' });
    await isGone(other);
  });
});

(canLookAtProcesses ? describe : describe.skip)('A mark', () => {
  const started: ChildProcess[] = [];
  const sleeper = (env: NodeJS.ProcessEnv) => {
    const child = spawn('sleep', ['4321'], { env: { PATH: process.env.PATH, ...env }, detached: true, stdio: 'ignore' });
    started.push(child);
    return child;
  };
  const gone = (child: ChildProcess) => until(async () => child.signalCode, (signal) => signal === 'SIGKILL', 10);
  afterEach(() => { started.splice(0).forEach((child) => child.kill('SIGKILL')); });

  test('is not that of another program', async () => {
    const [one, other] = [new Mark(), new Mark()];
    const [first, second] = [sleeper(one.variables), sleeper(other.variables)];
    one.end();
    await gone(first);
    expect(isAlive(second.pid as number)).toBe(true);
  });

  test('stays with what a marked program marks in its turn', async () => {
    const outer = new Mark();
    Object.assign(process.env, outer.variables);
    const inner = sleeper(new Mark().variables);
    delete process.env.CDK_SAGEMAKER_RUN;
    outer.end();
    await gone(inner);
  });

  test('ends what carries it when the process that gave it is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mark-'));
    try {
      const outfile = join(folder, 'mark.js');
      buildSync({ entryPoints: [join(__dirname, '..', '..', 'lib', 'local', 'mark.ts')], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
      const owner = spawn(process.execPath, ['-e', `
        const mark = new (require(process.argv[1]).Mark)();
        const child = require('child_process').spawn('python3', ['-c', process.argv[2]], { env: { ...process.env, ...mark.variables }, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
        mark.endWithThis(-child.pid);
        console.log('program ' + child.pid + ' .');
        setInterval(() => {}, 1000);`, outfile, LEAVES + STAYS], { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      owner.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
      await until(async () => said, (text) => /end/.test(text) && /program \d+ \./.test(text));
      const pids = [otherIn(said), Number(/program (\d+)/.exec(said)?.[1])];
      expect(pids.map(isAlive)).toEqual([true, true]);
      owner.kill('SIGKILL');
      await once(owner, 'exit');
      await Promise.all(pids.map(isGone));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('of a process that is gone is one of a left-over, unless its number was counted elsewhere', async () => {
    const ended = spawn('true', { stdio: 'ignore' });
    await once(ended, 'exit');
    const space = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
    const [left, elsewhere] = [space, '1'].map((each) => sleeper({ CDK_SAGEMAKER_RUN: `${each}-${ended.pid}-1-abcd` })) as [ChildProcess, ChildProcess];
    const own = sleeper(new Mark().variables);
    endLeftOvers();
    await gone(left);
    expect([elsewhere, own].map(({ pid }) => isAlive(pid as number))).toEqual([true, true]);
  });
});
