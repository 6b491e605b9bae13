import { followJob, readJob, type JobListener, type JobWorld } from '../../lib/operate/follow-job';
import type { DescribedJob } from '../../lib/operate/job-kinds';
import type { LogLine } from '../../lib/operate/log-reader';
import { at, job } from './job-world';

const fault = (name: string) => Object.assign(new Error(name), { name });
const line = (text: string, time = 0): LogLine => ({ host: 'algo-1', time, text });
const STARTING = { status: 'Starting', start: at(0) };
const TRAINING = { status: 'Training', start: at(1) };

/** What each look finds, in order; the last description holds on. */
function played(descriptions: (DescribedJob | Error)[], lines: (LogLine[] | Error)[]) {
  const told: string[] = [];
  let pauses = 0;
  const take = <T>(list: (T | Error)[], rest: T | undefined): T => {
    const next = list.length > 1 || rest !== undefined ? list.shift() ?? rest : list[0];
    if (next instanceof Error) { throw next; }
    return next as T;
  };
  const world: JobWorld = {
    describe: async () => take(descriptions, undefined),
    lines: async () => take(lines, []),
    sleep: async () => { pauses++; },
  };
  const listener: JobListener = {
    line: ({ text }, metrics) => told.push(`line ${text}${metrics.map(({ name, value }) => ` [${name}=${value}]`).join('')}`),
    transition: ({ status }) => told.push(`status ${status}`),
    looked: () => undefined,
  };
  return { world, listener, told, pauses: () => pauses };
}

const options = { pauseMs: 1, quietLooks: 2 };

describe('Following a job', () => {
  test('tells statuses and lines as they come, each once, and the lines that come after the end', async () => {
    const ended = job({ status: 'Completed', transitions: [STARTING, TRAINING] });
    const { world, listener, told } = played(
      [job({ transitions: [STARTING] }), job({ transitions: [STARTING, TRAINING] }), ended],
      [[], [line('one')], [line('accuracy=0.5')], [], [line('late')], [], []],
    );
    const result = await followJob(world, listener, options);
    expect(told).toEqual(['status Starting', 'status Training', 'line one', 'line accuracy=0.5 [test:accuracy=0.5]', 'line late']);
    expect(result.job).toBe(ended);
    expect([...result.metrics]).toEqual([['test:accuracy', 0.5]]);
  });

  test('asks again when it is throttled or cut off', async () => {
    const { world, listener, told } = played(
      [job(), fault('ThrottlingException'), Object.assign(new Error('x'), { code: 'ECONNRESET' }), job({ status: 'Completed' })],
      [fault('ThrottlingException'), [line('one')], [line('two')], [], []],
    );
    await followJob(world, listener, options);
    expect(told).toEqual(['line one', 'line two']);
  });

  test('ends with what is final: no such job, or no permission', async () => {
    await expect(followJob({ ...played([], []).world, describe: async () => { throw fault('ValidationException'); } }, played([], []).listener, options)).rejects.toThrow('ValidationException');
    const denied = played([job()], [fault('AccessDeniedException')]);
    await expect(followJob(denied.world, denied.listener, options)).rejects.toThrow('AccessDeniedException');
  });

  test('is soon over for a job that has ended', async () => {
    const { world, listener, told, pauses } = played([job({ status: 'Failed' })], [[line('all'), line('of it')]]);
    expect((await followJob(world, listener, options)).job.status).toBe('Failed');
    expect(told).toEqual(['line all', 'line of it']);
    expect(pauses()).toBe(2);
  });

  test('is not done when only what is there now is wanted', async () => {
    const { world, listener, told, pauses } = played([job({ transitions: [STARTING] })], [[line('one')]]);
    await readJob(world, listener);
    expect([told, pauses()]).toEqual([['status Starting', 'line one'], 0]);
  });
});
