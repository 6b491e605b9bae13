import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analytics } from '../../lib/operate/analytics';
import type { ResultOptions } from '../../lib/operate/results';
import { Paper } from '../support/paper';
import { START } from '../support/job-view';
import { clientsWith } from '../support/simulated-jobs';
import { VirtualClock } from '../support/virtual-clock';

const folder = mkdtempSync(join(tmpdir(), 'analytics-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (seconds: number) => new Date(START + seconds * 1000);
interface Job { readonly value?: number; readonly from?: number; readonly to?: number; readonly status?: string; readonly tried?: Record<string, string>; readonly definition?: string; readonly metric?: string; readonly type?: string }
const summary = (number: number, { value, from, to, status = 'Completed', tried = {}, definition, metric = 'accuracy', type }: Job) => ({
  TrainingJobName: `tune-${String(number).padStart(3, '0')}-0a1b2c3d`, TrainingJobStatus: status, TunedHyperParameters: tried, TrainingJobDefinitionName: definition,
  FinalHyperParameterTuningJobObjectiveMetric: value === undefined ? undefined : { MetricName: metric, Value: value, Type: type },
  TrainingStartTime: from === undefined ? undefined : at(from), TrainingEndTime: to === undefined ? undefined : at(to),
});

/** The command, about a tuning job with these training jobs, two of them a page. */
async function run(jobs: readonly Job[], options: Partial<ResultOptions> & { readonly status?: string; readonly type?: string; readonly job?: string } = {}) {
  const { status = 'Completed', type = 'Maximize', job = 'tune', ...rest } = options;
  const [out, err] = [new Paper(), new Paper()];
  const clients = clientsWith({ TrainingJob: { digits: undefined } }, {
    DescribeHyperParameterTuningJob: () => ({
      HyperParameterTuningJobName: 'tune', HyperParameterTuningJobArn: 'arn:aws:sagemaker:eu-west-1:123456789012:hyper-parameter-tuning-job/tune', HyperParameterTuningJobStatus: status,
      HyperParameterTuningJobConfig: { HyperParameterTuningJobObjective: { Type: type, MetricName: 'accuracy' } },
    }),
    ListTrainingJobsForHyperParameterTuningJob({ NextToken: page }) {
      const first = Number(page ?? 0);
      return { TrainingJobSummaries: jobs.slice(first, first + 2).map((each, index) => summary(first + index + 1, each)), NextToken: first + 2 < jobs.length ? String(first + 2) : undefined };
    },
  });
  const code = await analytics({ job, json: false, color: false, ...rest }, { out, err, clock: new VirtualClock(), clients });
  return { code, out: out.text, err: err.text };
}

const JOBS: Job[] = [
  { value: 0.5, from: 0, to: 60, tried: { rate: '0.1', solver: '"adam"' } },
  { value: 0.75, from: 30, to: 120, tried: { rate: '1e-2', solver: '"sgd"' } },
  { status: 'Failed', from: 60, to: 90, tried: { rate: '9', solver: '"sgd"' } },
  { value: 0.625, from: 120, to: 240.5, tried: { rate: '0.05', solver: '"adam"' } },
];

describe('cdk-sagemaker analytics', () => {
  test('gives the data frame of the Python SDK: its columns, its order, its values', async () => {
    const { code, out, err } = await run(JOBS, { format: 'csv' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe([
      'rate,solver,TrainingJobName,TrainingJobStatus,FinalObjectiveValue,TrainingStartTime,TrainingEndTime,TrainingElapsedTimeSeconds',
      '0.1,"""adam""",tune-001-0a1b2c3d,Completed,0.5,2026-01-01T12:00:00.000Z,2026-01-01T12:01:00.000Z,60',
      '0.01,"""sgd""",tune-002-0a1b2c3d,Completed,0.75,2026-01-01T12:00:30.000Z,2026-01-01T12:02:00.000Z,90',
      '9,"""sgd""",tune-003-0a1b2c3d,Failed,,2026-01-01T12:01:00.000Z,2026-01-01T12:01:30.000Z,30',
      '0.05,"""adam""",tune-004-0a1b2c3d,Completed,0.625,2026-01-01T12:02:00.000Z,2026-01-01T12:04:00.500Z,120.5', '',
    ].join('\n'));
  });

  test('gives people a table, the best first', async () => {
    expect((await run(JOBS)).out).toBe([
      'rate  solver  TrainingJobName    TrainingJobStatus  FinalObjectiveValue  TrainingStartTime    TrainingEndTime      TrainingElapsedTimeSeconds',
      '0.01  sgd     tune-002-0a1b2c3d  Completed          0.75                 2026-01-01 12:00:30  2026-01-01 12:02:00  90',
      '0.05  adam    tune-004-0a1b2c3d  Completed          0.625                2026-01-01 12:02:00  2026-01-01 12:04:00  120.5',
      '0.1   adam    tune-001-0a1b2c3d  Completed          0.5                  2026-01-01 12:00:00  2026-01-01 12:01:00  60',
      '9     sgd     tune-003-0a1b2c3d  Failed                                  2026-01-01 12:01:00  2026-01-01 12:01:30  30', '',
    ].join('\n'));
    const names = (await run(JOBS, { type: 'Minimize' })).out.match(/tune-\d+/g);
    expect(names).toEqual(['tune-001', 'tune-004', 'tune-002', 'tune-003']);
  });

  test('has the definition of each training job where there are several, each with its own objective', async () => {
    const { out } = await run([
      { value: 0.5, definition: 'one', tried: { k: '3' } }, { value: 9, definition: 'two', tried: { depth: '4' }, metric: 'loss', type: 'Minimize' }, { value: 4, definition: 'two', tried: { depth: '5' }, metric: 'loss', type: 'Minimize' },
    ]);
    expect(out.split('\n')[0]).toMatch(/^k +TrainingJobName +TrainingJobStatus +FinalObjectiveValue +TrainingStartTime +TrainingEndTime +TrainingJobDefinitionName +depth$/);
    expect(out.match(/tune-\d+/g)).toEqual(['tune-001', 'tune-003', 'tune-002']);
  });

  test('has null in JSON for what there is not, a value that is no number too', async () => {
    const { out } = await run([{ status: 'InProgress', from: 5, tried: { rate: '1' } }, { value: NaN, tried: { rate: '2' } }], { json: true, status: 'InProgress' });
    expect(JSON.parse(out)).toEqual([
      { rate: 1, TrainingJobName: 'tune-001-0a1b2c3d', TrainingJobStatus: 'InProgress', FinalObjectiveValue: null, TrainingStartTime: '2026-01-01T12:00:05.000Z', TrainingEndTime: null },
      { rate: 2, TrainingJobName: 'tune-002-0a1b2c3d', TrainingJobStatus: 'Completed', FinalObjectiveValue: null, TrainingStartTime: null, TrainingEndTime: null },
    ]);
  });

  test('says that a tuning job goes on', async () => {
    const { code, err } = await run(JOBS, { status: 'InProgress' });
    expect({ code, err }).toEqual({ code: 0, err: 'the tuning job tune goes on (InProgress): this is what there is so far\n' });
  });

  test('writes a file, whose ending says the format, and a picture', async () => {
    const [output, picture] = [join(folder, 'results.csv'), join(folder, 'results.SVG')];
    const { out, err } = await run(JOBS, { output, picture });
    expect({ out, err }).toEqual({ out: '', err: `4 rows written to ${output}\npicture written to ${picture}\n` });
    expect(readFileSync(output, 'utf8')).toBe((await run(JOBS, { format: 'csv' })).out);
    const svg = readFileSync(picture, 'utf8');
    expect(svg.match(/<circle[^>]*><title>/g)).toHaveLength(3);
    expect(svg).toContain('<desc id="chart-description">3 of 4 training jobs ended with a value of the objective. The greatest accuracy is 0.75, of tune-002-0a1b2c3d after 2 min 00 s.</desc>');
    expect(svg).toMatch(/class="steps" d="M[\d.]+ [\d.]+H[\d.]+V[\d.]+H776"/);
    expect(svg).toContain('accuracy, to be maximized');
  });

  test('draws the same picture for the same jobs; as a page it has the table too', async () => {
    const picture = join(folder, 'results.html');
    const drawn = async () => { await run(JOBS, { output: join(folder, 'x.json'), picture }); return readFileSync(picture, 'utf8'); };
    const html = await drawn();
    expect(await drawn()).toBe(html);
    expect(html).toContain('<td>tune-002-0a1b2c3d</td>');
  });

  test('draws no picture of nothing, and says so after the table', async () => {
    const picture = join(folder, 'none.svg');
    await expect(run([{ status: 'Failed', from: 0, to: 1 }], { picture })).rejects.toThrow(`${picture} is not drawn: no training job of tune has ended with a value of its objective`);
    expect(existsSync(picture)).toBe(false);
  });

  test.each<[string, Partial<ResultOptions> & { readonly job?: string; readonly status?: string }, string]>([
    ['an unknown format', { format: 'xlsx' }, '--format must be one of table, csv, json, got xlsx'],
    ['two formats', { format: 'csv', json: true }, '--json is --format json, and --format csv is given too'],
    ['a picture of an unknown kind', { picture: 'x.png' }, '--picture must be a file that ends in .svg or .html, got x.png'],
    ['a file that can not be written', { output: join(folder, 'none', 'x.csv') }, `${join(folder, 'none', 'x.csv')} can't be written: ENOENT`],
  ])('refuses %s', async (_, options, message) => {
    await expect(run(JOBS, options)).rejects.toThrow(message);
  });

  test('says that there are no training jobs, or no tuning job', async () => {
    await expect(run([], { status: 'InProgress' })).rejects.toThrow('the tuning job tune has no training jobs yet; it is InProgress');
    await expect(run([], { status: 'Stopped' })).rejects.toThrow('the tuning job tune has no training jobs; it is Stopped');
    const clients = clientsWith({ TrainingJob: { digits: undefined } });
    const on = (job: string) => analytics({ job, json: false, color: false }, { out: new Paper(), err: new Paper(), clock: new VirtualClock(), clients });
    await expect(on('digits')).rejects.toThrow('digits is a training job, this command is about a tuning job');
    await expect(on('nobody')).rejects.toThrow('there is no tuning job nobody in eu-west-1. ');
  });
});
