import { ProcessGroup } from '../../../lib/local/process-group';
import { pythonFile } from '../../../lib/local/python-files';
import { processesWith } from '../support/processes';

/** A command under supervision, and what it prints. */
function supervised(...command: string[]) {
  let said = '';
  let heard: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => { heard = resolve; });
  const group = new ProcessGroup(['python3', pythonFile('supervise.py'), ...command], {
    cwd: '/', env: process.env, onOutput: (chunk) => { said += chunk.toString(); heard(); },
  });
  return { group, begun, said: () => said };
}

describe('A supervised command', () => {
  test('ends with its own exit code, or 128 and the number of a signal', async () => {
    expect((await supervised('sh', '-c', 'exit 7').group.end).code).toBe(7);
    expect((await supervised('sh', '-c', 'kill -KILL $$').group.end).code).toBe(137);
  });

  test('is ended when the one who started it is gone, with what it has started itself', async () => {
    const { group, begun } = supervised('sh', '-c', 'sleep 61234 & echo begun; wait');
    await begun;
    group.input.end();
    expect((await group.end).code).toBe(-9);
    expect(processesWith('sleep', '61234')).toEqual([]);
  });

  test('gets the signal to end, and may take its leave', async () => {
    // no shell: one remarks now and then on a child of its own that the signal has ended
    const program = ['import os, signal, time', 'signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"bye\\n"), os._exit(5)))', 'os.write(1, b"begun\\n")', 'time.sleep(60)'];
    const { group, begun, said } = supervised('python3', '-c', program.join('\n'));
    await begun;
    expect((await group.stop(10_000)).code).toBe(5);
    expect(said()).toBe('begun\nbye\n');
  });

  test('that can\'t be started says why', async () => {
    const { group, said } = supervised('/nowhere/serve');
    expect((await group.end).code).toBe(126);
    expect(said()).toBe('exec: /nowhere/serve: No such file or directory\n');
  });
});
