import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AveragesInput, CloudWatch } from '../../lib/operate/cloudwatch';
import { metrics, type MetricsOptions } from '../../lib/operate/job-metrics';
import { START } from '../support/job-view';
import { Paper } from '../support/paper';
import { clientsWith } from '../support/simulated-jobs';
import { serviceError, SimulatedLogs } from '../support/simulated-logs';
import { VirtualClock } from '../support/virtual-clock';

const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const at = (seconds: number) => new Date(START + seconds * SECOND);

/** A job that trained from noon to ten past, with two metrics; CloudWatch has these averages of it, by metric, and its log these lines. */
function bench({ averages = {}, lines = [], job = {}, age = DAY }: { readonly averages?: { readonly [metric: string]: readonly [number, number][] | Error }; readonly lines?: readonly [number, string][]; readonly job?: object; readonly age?: number } = {}) {
  const asked: AveragesInput[] = [];
  const logs = new SimulatedLogs(() => START + age);
  lines.forEach(([second, text]) => logs.put('digits/algo-1-1767268800', START + second * SECOND, text));
  const cloudWatch = {
    async averages(input: AveragesInput) {
      asked.push(input);
      const answer = averages[input.metric] ?? [];
      if (answer instanceof Error) { throw answer; }
      return answer.map(([second, value]) => ({ time: START + second * SECOND, value }));
    },
  } as unknown as CloudWatch;
  const clients = clientsWith({ TransformJob: { score: undefined } }, {
    DescribeTrainingJob: ({ TrainingJobName: name }) => {
      if (name !== 'digits') { throw serviceError('ValidationException', 'Requested resource not found.'); }
      return {
        TrainingJobName: 'digits', TrainingJobArn: 'arn', TrainingJobStatus: 'Completed', CreationTime: at(-60), TrainingStartTime: at(0), TrainingEndTime: at(600),
        AlgorithmSpecification: { MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }, { Name: 'acc', Regex: 'acc=([0-9.]+)' }] },
        FinalMetricDataList: [{ MetricName: 'loss', Value: 0.125 }], ...job,
      };
    },
  }, { cloudWatch, logs: logs.client() });
  const run = async (options: Partial<MetricsOptions> = {}) => {
    const [out, err] = [new Paper(), new Paper()];
    const clock = new VirtualClock();
    await clock.pass(START + age - clock.now());
    const code = await metrics({ job: 'digits', json: false, color: false, metric: [], ...options }, { out, err, clock, clients });
    return { code, out: out.text, err: err.text };
  };
  return { run, asked };
}
const AVERAGES = { loss: [[120, 1], [180, 0.5], [300, 0.25]], acc: [[180, 0.5], [300, 0.75]] } as const satisfies { [metric: string]: [number, number][] };

describe('cdk-sagemaker metrics', () => {
  test('gives the data frame of the Python SDK: each metric from its first value on', async () => {
    const { run, asked } = bench({ averages: AVERAGES });
    expect(await run({ format: 'csv' })).toEqual({ code: 0, err: '', out: 'timestamp,metric_name,value\n0,loss,1\n60,loss,0.5\n180,loss,0.25\n0,acc,0.5\n120,acc,0.75\n' });
    expect(asked).toEqual(['loss', 'acc'].map((metric) => ({ job: 'digits', metric, from: START, to: START + 660 * SECOND, period: 60 })));
  });

  test('gives people a table, and says range and final value of each metric', async () => {
    const { out, err } = await bench({ averages: AVERAGES }).run();
    expect(out).toBe('timestamp  metric_name  value\n0          loss         1\n60         loss         0.5\n180        loss         0.25\n0          acc          0.5\n120        acc          0.75\n');
    expect(err).toBe('Metric  Final  Min   Max   Values\nloss    0.125  0.25  1     3\nacc            0.5   0.75  2\n');
  });

  test('gives only what is wanted, once, and says what has no values', async () => {
    const { run } = bench({ averages: AVERAGES });
    const { out, err } = await run({ metric: ['acc', 'acc', 'other'], json: true });
    expect(JSON.parse(out)).toEqual([{ timestamp: 0, metric_name: 'acc', value: 0.5 }, { timestamp: 120, metric_name: 'acc', value: 0.75 }]);
    expect(err).toBe('there are no values of the metric other\n');
  });

  test('asks for metrics that SageMaker knows though the job does not define them', async () => {
    const { run, asked } = bench({ averages: AVERAGES, job: { AlgorithmSpecification: {} } });
    await run();
    expect(asked.map(({ metric }) => metric)).toEqual(['loss']);
  });

  test('asks for what CloudWatch still has of an old job, and says how long its averages are', async () => {
    const { run, asked } = bench({ averages: AVERAGES, age: 20 * DAY });
    expect((await run({ format: 'csv' })).err).toBe('each value is an average over 300 seconds: CloudWatch has kept nothing shorter of that time\n');
    expect((await run({ format: 'csv', period: '600' })).err).toBe('');
    expect(asked.map(({ period }) => period)).toEqual([300, 300, 600, 600]);
  });

  test('reads the log where that is wanted, and always here: all values with their times', async () => {
    const { run, asked } = bench({ lines: [[1, 'loss=1 acc=0.5'], [1.5, 'nothing'], [3.25, 'loss=0.5'], [65, 'loss=0.25 loss=0.75']] });
    const expected = 'timestamp,metric_name,value\n0,loss,1\n2.25,loss,0.5\n64,loss,0.25\n64,loss,0.75\n0,acc,0.5\n';
    expect((await run({ format: 'csv', fromLog: true })).out).toBe(expected);
    expect((await run({ format: 'csv', localEndpoint: 'http://127.0.0.1:1' })).out).toBe(expected);
    expect((await run({ format: 'csv', fromLog: true, period: '60', metric: ['loss'] })).out).toBe('timestamp,metric_name,value\n0,loss,0.75\n60,loss,0.5\n');
    expect(asked).toEqual([]);
  });

  test('draws a line for each metric, with an axis of its own', async () => {
    const [output, picture] = [join(folder, 'm.json'), join(folder, 'm.svg')];
    const { run } = bench({ averages: AVERAGES });
    expect((await run({ output, picture })).err).toBe(`5 rows written to ${output}\npicture written to ${picture}\n`);
    const svg = readFileSync(picture, 'utf8');
    expect(svg.match(/class="through"/g)).toHaveLength(2);
    expect(svg).toContain('<title id="chart-title">Training job digits</title>\n<desc id="chart-description">loss: 3 values, the last 0.25. acc: 2 values, the last 0.75.</desc>');
    expect(svg).toContain('>minutes since the first value<');
    await run({ output, picture });
    expect(readFileSync(picture, 'utf8')).toBe(svg);
  });

  test('says that a job goes on, and asks up to now', async () => {
    const { run, asked } = bench({ averages: AVERAGES, age: 300 * SECOND, job: { TrainingJobStatus: 'InProgress', TrainingEndTime: undefined } });
    expect((await run({ format: 'csv' })).err).toBe('the training job digits goes on (InProgress): this is what there is so far\n');
    expect(asked[0]!.to).toBe(START + 360 * SECOND);
  });

  test.each<[string, object, Partial<MetricsOptions>, string]>([
    ['no values', {}, {}, 'the training job digits has no values of loss, acc; it is Completed. Final: loss=0.125'],
    ['no values yet', { job: { TrainingJobStatus: 'InProgress', FinalMetricDataList: [] } }, { metric: ['acc'] }, 'the training job digits has no values of acc yet; it is InProgress'],
    ['no metrics', { job: { AlgorithmSpecification: {}, FinalMetricDataList: undefined } }, {}, 'the training job digits has no metrics: its algorithm defines none'],
    ['not begun', { job: { TrainingJobStatus: 'InProgress', TrainingStartTime: undefined } }, {}, 'the training job digits has no metrics: it has not begun to train; it is InProgress'],
    ['no permission', { averages: { loss: serviceError('AccessDenied', 'not authorized to perform: cloudwatch:GetMetricStatistics', 403) } }, {}, 'AccessDenied: not authorized to perform: cloudwatch:GetMetricStatistics. --from-log reads the values from the job\'s log'],
    ['another kind of job', {}, { job: 'score' }, 'score is a transform job, this command is about a training job'],
    ['no such job', {}, { job: 'nobody' }, 'there is no training job nobody in eu-west-1. '],
    ['a period that is no number', {}, { period: 'hour' }, '--period must be a number of seconds, got hour'],
    ['a period of nothing', {}, { period: '0', fromLog: true }, '--period must be a number of seconds, got 0'],
    ['a period that CloudWatch does not have', {}, { period: '90' }, '--period must be a multiple of 60 seconds, as CloudWatch has it, got 90; --from-log takes any'],
    ['an unknown format', {}, { format: 'parquet' }, '--format must be one of table, csv, json, got parquet'],
  ])('says what is the matter: %s', async (_, given, options, message) => {
    await expect(bench(given).run(options)).rejects.toThrow(message);
  });
});
