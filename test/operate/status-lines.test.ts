import type { JobView } from '../../lib/operate/job-kind';
import { duration, exitCodeOf, finalLines, metricTable, outcomeLine, progressLine, statusChanges, statusLine } from '../../lib/operate/status-lines';
import { jobView, START } from '../support/job-view';

const MINUTES = 60_000;

describe('a change of status', () => {
  test('is a line in the words of the Python SDK', () => {
    expect(statusLine({ time: START, status: 'Starting', message: 'Preparing the instances for training' })).toBe('2026-01-01 12:00:00 Starting - Preparing the instances for training');
    expect(statusLine({ time: START, status: 'Interrupted', message: '' })).toBe('2026-01-01 12:00:00 Interrupted');
  });

  test('is a further status, or another message of one that was known', () => {
    const starting = { status: 'Starting', message: 'Launching', start: START };
    expect(statusChanges([], [starting], START)).toEqual([{ time: START, status: 'Starting', message: 'Launching' }]);
    expect(statusChanges([starting], [starting], START)).toEqual([]);
    expect(statusChanges([starting], [{ ...starting, message: 'Preparing', end: START + 2 }, { status: 'Training', message: '', start: START + 2 }], START + 1)).toEqual([
      { time: START + 1, status: 'Starting', message: 'Preparing' }, { time: START + 2, status: 'Training', message: '' },
    ]);
  });
});

test.each([[0, '0 s'], [59_400, '59 s'], [60_000, '1 min 00 s'], [192_000, '3 min 12 s'], [7_380_000, '2 h 03 min'], [-5, '0 s']])('%s ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

describe('the progress line', () => {
  const metrics = [{ name: 'loss', last: 0.25, least: 0.25, greatest: 1, count: 4 }];

  test('says status, time, the last value of each metric, and what is billable of all instances', () => {
    expect(progressLine(jobView({ secondaryStatus: 'Training', started: START + MINUTES, instances: 2 }), metrics, START + 3 * MINUTES, 120))
      .toBe('InProgress, Training | 3 min 00 s | loss=0.25 | 240 s billable so far');
  });

  test('says the most for a spot job, and nothing before billing begins', () => {
    expect(progressLine(jobView({ secondaryStatus: 'Starting' }), [], START + 5000, 120)).toBe('InProgress, Starting | 5 s');
    expect(progressLine(jobView({ secondaryStatus: 'Training', started: START, isSpot: true }), [], START + 5000, 120)).toBe('InProgress, Training | 5 s | at most 5 s billable so far');
  });

  test('says of a job without instances of its own how it stands', () => {
    const standing = { texts: ['3 of 9 training jobs: 3 completed', 'best acc=0.5: job-001'], data: {} };
    expect(progressLine(jobView({ instances: undefined, standing }), [], START + 5000, 120)).toBe('InProgress | 5 s | 3 of 9 training jobs: 3 completed | best acc=0.5: job-001');
    expect(finalLines(jobView({ instances: undefined, standing }))).toEqual(standing.texts);
  });

  test('fits on the terminal', () => {
    expect(progressLine(jobView({ secondaryStatus: 'Training' }), metrics, START, 20)).toBe('InProgress, Traini…');
  });
});

describe('the end', () => {
  test('tells seconds of all instances, and what spot has saved, as fit() does', () => {
    expect(finalLines(jobView({ trainingSeconds: 63, billableSeconds: 25, instances: 2, isSpot: true }))).toEqual(['Training seconds: 126', 'Billable seconds: 50', 'Managed Spot Training savings: 60.3%']);
    expect(finalLines(jobView({ trainingSeconds: 63, billableSeconds: 63 }))).toEqual(['Training seconds: 63', 'Billable seconds: 63']);
    expect(finalLines(jobView({ trainingSeconds: 0, billableSeconds: 0, isSpot: true }))).toEqual(['Training seconds: 0', 'Billable seconds: 0']);
  });

  test.each<[Partial<JobView>, string, number]>([
    [{ status: 'Completed', secondaryStatus: 'Completed' }, 'Completed', 0],
    [{ status: 'Failed', secondaryStatus: 'Failed', reason: 'AlgorithmError: no' }, 'Failed: AlgorithmError: no', 1],
    [{ status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded' }, 'Stopped (MaxRuntimeExceeded)', 3],
    [{ status: 'InProgress', secondaryStatus: 'Training' }, 'InProgress (Training)', 0],
  ])('%j is %s and exit code %s', (view, line, code) => {
    expect(outcomeLine(jobView(view))).toBe(line);
    expect(exitCodeOf(jobView(view))).toBe(code);
  });

  test('has a table of the metrics that were shown, and of those that only SageMaker has', () => {
    const metrics = [{ name: 'train:loss', last: 0.25, least: 0.1234567, greatest: 10, count: 12 }];
    expect(metricTable(metrics, [{ name: 'train:loss', value: 9 }, { name: 'acc', value: 0.5 }])).toEqual([
      'Metric      Last  Min       Max  Values',
      'train:loss  0.25  0.123457  10   12',
      'acc         0.5',
    ]);
    expect(metricTable([], [])).toEqual([]);
  });
});
