import { AWS_PACE, Follower, type FollowOptions } from '../../lib/operate/follow';
import { JobLog } from '../../lib/operate/job-log';
import type { JobView } from '../../lib/operate/job-kind';
import { metricPick } from '../../lib/operate/metrics';
import { Screen } from '../../lib/operate/screen';
import { jobView } from '../support/job-view';
import { Paper } from '../support/paper';
import { serviceError, SimulatedLogs } from '../support/simulated-logs';
import { VirtualClock } from '../support/virtual-clock';

const SECOND = 1000;

/** A job that is made when the test begins. */
function bench(options: { readonly isTTY?: boolean; readonly json?: boolean; readonly tail?: number } = {}) {
  const clock = new VirtualClock();
  const start = clock.now();
  const logs = new SimulatedLogs(() => clock.now());
  const all = new Paper();
  const [out, err] = [new Paper(options.isTTY, all), new Paper(options.isTTY, all)];
  const screen = new Screen({ out, err, json: options.json === true, color: false });
  const steps: { readonly at: number; readonly view: Partial<JobView> }[] = [];
  const describeFaults: (Error | undefined)[] = [];
  const described = () => steps.filter(({ at }) => start + at * SECOND <= clock.now()).reduce<JobView>((view, step) => {
    const message = step.view.secondaryStatus ?? step.view.status;
    const transition = message === undefined ? [] : [{ status: message, message: `${message}.`, start: start + step.at * SECOND }];
    return { ...view, ...step.view, transitions: [...view.transitions, ...transition], modified: start + step.at * SECOND };
  }, jobView({ created: start, modified: start }));
  const pick = metricPick([{ Name: 'loss', Regex: 'loss=([0-9.]+)' }]);
  const follower = (more: Partial<FollowOptions> = {}) => new Follower(described(), {
    describe: async () => { const fault = describeFaults.shift(); if (fault !== undefined) { throw fault; } return described(); },
    log: new JobLog(logs.client(), 'group', 'job/', start), screen, pick, clock, pace: AWS_PACE, tail: options.tail, ...more,
  });
  return {
    clock, logs, out, err, all, screen, describeFaults, follower, start,
    /** From that second on the job is like this. */
    step: (at: number, view: Partial<JobView>) => steps.push({ at, view }),
    line: (at: number, text: string, late = 0, stream = 'algo-1-1767225600') => logs.put(`job/${stream}`, start + at * SECOND, text, late * SECOND),
    follow: () => clock.run(follower().untilEnded()),
  };
}

describe('following a job', () => {
  test('prints its history and its lines in order, and ends with it', async () => {
    const job = bench();
    job.step(0, { secondaryStatus: 'Starting' });
    job.step(30, { secondaryStatus: 'Training' });
    job.line(40, 'loss=0.5');
    job.line(50, 'loss=0.25');
    job.step(60, { status: 'Completed', secondaryStatus: 'Completed', ended: job.start + 60 * SECOND });
    const end = await job.follow();
    expect(end.status).toBe('Completed');
    expect(job.all.lines).toEqual(['2026-01-01 00:00:00 Starting - Starting.', '2026-01-01 00:00:30 Training - Training.', 'loss=0.5', 'loss=0.25', '2026-01-01 00:01:00 Completed - Completed.']);
    expect(job.out.lines).toEqual(['loss=0.5', 'loss=0.25']);
    expect(job.clock.now() - job.start).toBeLessThan(90 * SECOND);
  });

  test('prints what a failing job has written last, though it comes after the end, and no line twice', async () => {
    const job = bench();
    job.line(10, 'fine');
    job.line(19.5, 'Traceback', 8);
    job.line(19.6, 'ValueError', 14);
    job.line(19.4, 'before that', 17);
    job.step(20, { status: 'Failed', secondaryStatus: 'Failed', reason: 'no', ended: job.start + 20 * SECOND });
    await job.follow();
    expect(job.all.lines).toEqual(['fine', '2026-01-01 00:00:20 Failed - Failed.', 'Traceback', 'ValueError', 'before that']);
  });

  test('takes in a stream that appears late, and then says whose each line is', async () => {
    const job = bench();
    job.line(10, 'one');
    job.line(40, 'two', 0, 'algo-2-1767225600');
    job.line(50, 'one again');
    job.step(60, { status: 'Completed', ended: job.start + 60 * SECOND });
    await job.follow();
    expect(job.out.lines.slice(0, 3)).toEqual(['one', 'algo-2  two', 'algo-1  one again']);
  });

  test('says whose the lines are from the first on, where there are several instances', async () => {
    const job = bench();
    job.step(0, { instances: 2 });
    job.line(10, 'one');
    job.step(20, { status: 'Completed', ended: job.start + 20 * SECOND });
    await job.follow();
    expect(job.out.lines[0]).toBe('algo-1  one');
  });

  test('waits, ever longer, while it is throttled, and misses nothing', async () => {
    const job = bench();
    for (let at = 1; at <= 20; at++) { job.line(at, `line ${at}`); }
    job.step(30, { status: 'Completed', ended: job.start + 30 * SECOND });
    for (let fault = 0; fault < 6; fault++) { job.logs.faults.push(serviceError('ThrottlingException', 'Rate exceeded')); }
    job.describeFaults.push(serviceError('ThrottlingException'), serviceError('InternalFailure', 'oh', 500));
    await job.follow();
    expect(job.out.lines.filter((line) => line.startsWith('line'))).toEqual(Array.from({ length: 20 }, (_, index) => `line ${index + 1}`));
    expect(job.err.lines.filter((line) => !line.startsWith('2026'))).toEqual(['ThrottlingException: Rate exceeded; asking again, more slowly']);
  });

  test('reads what is left when the last reading before the end failed', async () => {
    const job = bench();
    job.step(20, { status: 'Stopped', ended: job.start + 20 * SECOND });
    job.line(19, 'last words');
    const follower = job.follower({ pace: { ...AWS_PACE, settled: 0 } });
    const work = follower.untilEnded();
    const fault = serviceError('ServiceUnavailableException', 'later', 503);
    job.clock.after(18 * SECOND, () => job.logs.faults.push(fault, fault, fault));
    await job.clock.run(work);
    expect(job.out.lines).toContain('last words');
  });

  test('prints all of a job that has ended, and ends at once', async () => {
    const job = bench();
    for (let at = 1; at <= 9; at++) { job.line(at, `line ${at}`); }
    job.step(1, { secondaryStatus: 'Training' });
    job.step(20, { status: 'Completed', secondaryStatus: 'Completed', ended: job.start + 20 * SECOND });
    await job.clock.pass(3600 * SECOND);
    const before = job.clock.now();
    await job.follow();
    expect(job.all.lines).toHaveLength(11);
    expect(job.clock.now()).toBe(before);
  });

  test('begins with the last lines when only those are wanted', async () => {
    const job = bench({ tail: 2 });
    for (let at = 1; at <= 9; at++) { job.line(at, `line ${at}`); }
    job.line(25, 'later');
    await job.clock.pass(15 * SECOND);
    job.step(30, { status: 'Completed', ended: job.start + 30 * SECOND });
    await job.follow();
    expect(job.out.lines.slice(0, 3)).toEqual(['line 8', 'line 9', 'later']);
  });

  test('shows the status to somebody who may not read the log', async () => {
    const job = bench();
    job.line(1, 'secret');
    job.step(20, { status: 'Completed', secondaryStatus: 'Completed', ended: job.start + 20 * SECOND });
    for (let call = 0; call < 100; call++) { job.logs.faults.push(serviceError('AccessDeniedException', 'no identity-based policy allows logs:DescribeLogStreams')); }
    expect((await job.follow()).status).toBe('Completed');
    expect(job.all.lines).toEqual(["the log can't be read, only the status is shown: AccessDeniedException: no identity-based policy allows logs:DescribeLogStreams", '2026-01-01 00:00:20 Completed - Completed.']);
  });

  test('gives up at once on what does not pass, and on a service that is away for long', async () => {
    const expired = bench();
    expired.logs.faults.push(undefined, undefined, serviceError('ExpiredTokenException', 'expired'));
    await expect(expired.follow()).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    const away = bench();
    away.logs.faults.push(...Array.from({ length: 1000 }, () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })));
    await expect(away.follow()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(away.clock.now() - away.start).toBeGreaterThan(600 * SECOND);
  });

  test('says on a terminal what the job is doing, in one place', async () => {
    const job = bench({ isTTY: true });
    job.step(0, { secondaryStatus: 'Training', started: job.start });
    job.line(3, 'loss=0.5');
    job.step(10, { status: 'Completed', ended: job.start + 10 * SECOND });
    await job.follow();
    expect(job.err.text).toContain('\r\u001b[KInProgress, Training | 0 s | 0 s billable so far');
    expect(job.err.text).toContain('| loss=0.5 |');
    expect(job.err.text.split('\n')).toHaveLength(3);
  });

  test('asks no more often than an account with many instances may', async () => {
    const job = bench();
    for (let instance = 1; instance <= 20; instance++) { job.line(1, 'x', 0, `algo-${instance}-1767225600`); }
    job.step(100, { status: 'Completed', ended: job.start + 100 * SECOND });
    await job.follow();
    expect(job.logs.calls.filter((call) => call === 'GetLogEvents').length / 100).toBeLessThan(10);
  });
});

describe('what there is of a job now', () => {
  test('is printed without waiting for what comes', async () => {
    const job = bench();
    job.step(0, { secondaryStatus: 'Training' });
    job.line(1, 'loss=0.5');
    job.line(9, 'later');
    await job.clock.pass(2 * SECOND);
    const before = job.clock.now();
    expect((await job.clock.run(job.follower().now())).status).toBe('InProgress');
    expect(job.all.lines).toEqual(['2026-01-01 00:00:00 Training - Training.', 'loss=0.5']);
    expect(job.clock.now()).toBe(before);
  });

  test('is one JSON document a line where that is wanted', async () => {
    const job = bench({ json: true });
    job.step(0, { status: 'Failed', secondaryStatus: 'Failed', reason: 'no', instances: 2, trainingSeconds: 10, billableSeconds: 4, isSpot: true, ended: job.start });
    job.line(1, 'loss=0.5');
    await job.clock.pass(100 * SECOND);
    const follower = job.follower();
    const end = await job.clock.run(follower.now());
    await job.screen.end(end, follower.metrics.all());
    expect(job.out.lines.map((line) => JSON.parse(line) as object)).toEqual([
      { type: 'status', time: '2026-01-01T00:00:00.000Z', status: 'Failed', message: 'Failed.' },
      { type: 'log', time: '2026-01-01T00:00:01.000Z', stream: 'job/algo-1-1767225600', message: 'loss=0.5', metrics: { loss: 0.5 } },
      { type: 'end', job: 'job', status: 'Failed', secondaryStatus: 'Failed', reason: 'no', trainingSeconds: 20, billableSeconds: 8, spotSavingsPercent: 60, metrics: { loss: 0.5 } },
    ]);
  });
});

test('the values of metrics stand out on a terminal', async () => {
  const out = new Paper(true);
  const screen = new Screen({ out, err: new Paper(), json: false, color: true });
  const message = 'old loss=1\repoch 1 loss=0.5 done\r\n';
  await screen.line({ stream: 's', time: 0, message }, metricPick([{ Name: 'loss', Regex: 'loss=([0-9.]+)' }])(message), undefined);
  expect(out.text).toBe('epoch 1 \u001b[36mloss=0.5\u001b[0m done\n');
});
