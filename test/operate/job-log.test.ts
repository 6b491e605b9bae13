import { JobLog, LAST_LOOK_BACK } from '../../lib/operate/job-log';
import { tuningJob } from '../../lib/operate/tuning-job-kind';
import { serviceError, SimulatedLogs } from '../support/simulated-logs';

const SECOND = 1000;

/** A job's log at a time that the test sets; `read` is what is new. */
function logOf(from = 0) {
  const time = { now: 0 };
  const logs = new SimulatedLogs(() => time.now);
  const log = new JobLog(logs.client(), '/aws/sagemaker/TrainingJobs', 'job/', from);
  const read = async (lookBack?: number) => {
    const texts: string[] = [];
    for await (const lines of log.news(lookBack)) { texts.push(...lines.map(({ message }) => message)); }
    return texts.join(' ');
  };
  return { time, logs, log, read };
}

describe('the log of a job', () => {
  test('is empty before there is a group, or a stream', async () => {
    const { time, logs, log, read } = logOf();
    expect(await read()).toBe('');
    logs.put('other/algo-1-1', 1, 'x');
    time.now = 1;
    expect(await read()).toBe('');
    expect(log.streams).toEqual([]);
  });

  test('is read page by page, from all streams by time, and each line once', async () => {
    const { time, logs, log, read } = logOf();
    for (let at = 1; at <= 10; at++) { logs.put(`job/algo-${1 + at % 3}-1767268800`, at * 10, `l${at}`); }
    logs.put('job-2/algo-1-1767268800', 5, 'of another job');
    time.now = 55;
    expect(await read()).toBe('l1 l2 l3 l4 l5');
    time.now = 1000;
    expect(await read()).toBe('l6 l7 l8 l9 l10');
    expect(await read()).toBe('');
    expect(log.streams).toHaveLength(3);
    expect(logs.calls.filter((call) => call === 'DescribeLogStreams').length).toBeGreaterThan(3);           // its pages have two
  });

  test('has lines that come late and out of order', async () => {
    const { time, logs, read } = logOf();
    logs.put('job/algo-1-1', 100, 'a');
    logs.put('job/algo-1-1', 9000, 'c');
    logs.put('job/algo-1-1', 5000, 'b', 10 * SECOND);
    time.now = 10 * SECOND;
    expect(await read()).toBe('a c');
    time.now = 20 * SECOND;
    expect(await read()).toBe('b');
    logs.put('job/algo-1-1', 60 * SECOND, 'e');
    logs.put('job/algo-1-1', 15 * SECOND, 'd', 50 * SECOND);
    time.now = 60 * SECOND;
    expect(await read()).toBe('e');
    time.now = 70 * SECOND;
    expect(await read()).toBe('');
    expect(await read(LAST_LOOK_BACK)).toBe('d');
    expect(await read(LAST_LOOK_BACK)).toBe('');
  });

  test('has the same line as often as it was written', async () => {
    const { time, logs, read } = logOf();
    logs.put('job/algo-1-1', 10, 'same');
    logs.put('job/algo-1-1', 10, 'same');
    time.now = 10;
    expect(await read()).toBe('same same');
    logs.put('job/algo-1-1', 10, 'same');
    expect(await read()).toBe('same');
    expect(await read()).toBe('');
  });

  test('of a tuning job is that of its training jobs, and of no others with such names', async () => {
    const logs = new SimulatedLogs(() => 100);
    logs.put('tune-001-0a1b2c3d/algo-1-1', 1, 'first');
    logs.put('tune-1000-0a1b2c3d/algo-1-1', 2, 'last');
    logs.put('tune-more-001-0a1b2c3d/algo-1-1', 3, 'of another tuning job');
    logs.put('tune-0123456789/algo-1-1', 4, 'of a training job');
    const log = JobLog.of(tuningJob, 'tune', logs.client(), 0);
    expect((await log.last(10)).map(({ message }) => message)).toEqual(['first', 'last']);
  });

  test('begins where it is wanted', async () => {
    const { time, logs, read } = logOf(50);
    logs.put('job/algo-1-1', 49, 'old');
    logs.put('job/algo-1-1', 50, 'new');
    time.now = 100;
    expect(await read()).toBe('new');
  });

  test('gives what it has read before a fault, and the rest the next time', async () => {
    const { time, logs, log, read } = logOf();
    for (let at = 1; at <= 9; at++) { logs.put('job/algo-1-1', at, `l${at}`); }
    time.now = 100;
    logs.faults.push(undefined, undefined, undefined, undefined, serviceError('ThrottlingException'));
    const texts: string[] = [];
    await expect((async () => { for await (const lines of log.news()) { texts.push(...lines.map(({ message }) => message)); } })()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(texts.join(' ')).toBe('l1 l2 l3 l4 l5 l6');
    expect(await read()).toBe('l7 l8 l9');
  });

  test('goes on when it is asked again long after: no token is kept', async () => {
    const { time, logs, read } = logOf();
    logs.put('job/algo-1-1', 1, 'a');
    time.now = 10;
    expect(await read()).toBe('a');
    time.now = 100 * 3600 * SECOND;
    logs.put('job/algo-1-1', time.now, 'b');
    expect(await read()).toBe('b');
  });

  test('has an end of so many lines, over all streams, after which it goes on', async () => {
    const { time, logs, log, read } = logOf();
    for (let at = 1; at <= 20; at++) { logs.put(`job/algo-${1 + at % 2}-1`, at, `l${at}`); }
    time.now = 20;
    expect((await log.last(5)).map(({ message }) => message).join(' ')).toBe('l16 l17 l18 l19 l20');
    expect(await read()).toBe('');
    logs.put('job/algo-1-1', 30, 'more');
    time.now = 30;
    expect(await read()).toBe('more');
  });

  test('has an end of no lines', async () => {
    const { time, logs, log, read } = logOf();
    logs.put('job/algo-1-1', 1, 'a');
    logs.put('job/algo-1-1', 2, 'b');
    time.now = 2;
    expect(await log.last(0)).toEqual([]);
    expect(await read()).toBe('');
  });

  test('has all lines when there are fewer than wanted', async () => {
    const { time, logs, log, read } = logOf();
    logs.put('job/algo-1-1', 5, 'a');
    logs.put('job/algo-1-1', 3, 'late', 10);
    time.now = 5;
    expect((await log.last(100)).map(({ message }) => message)).toEqual(['a']);
    time.now = 20;
    expect(await read()).toBe('late');
  });
});
