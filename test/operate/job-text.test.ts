import { jobNameOf, TRAINING_JOB } from '../../lib/operate/job-kinds';
import { clock, descriptionLines, progressLine, summaryLines, transitionLine } from '../../lib/operate/job-text';
import { MetricPicker } from '../../lib/operate/metric-picker';
import { hostOf } from '../../lib/operate/log-reader';
import { at, job } from './job-world';

test.each([[0, '0:00'], [65, '1:05'], [3661, '1:01:01'], [36000, '10:00:00'], [-5, '0:00']])('%d seconds read %s', (seconds, text) => expect(clock(seconds)).toBe(text));

test('a transition says when, what and why', () => {
  expect(transitionLine({ status: 'Starting', start: at(1), message: 'Preparing the instances for training' })).toBe('2026-11-21 06:00:01 Starting - Preparing the instances for training');
  expect(transitionLine({ status: 'Training', start: at(2) })).toBe('2026-11-21 06:00:02 Training');
});

test('a progress line has status, time and the last figures', () => {
  expect(progressLine(job(), at(83).getTime(), new Map([['test:accuracy', 0.91]]))).toBe('Training 1:23  test:accuracy=0.91');
});

describe('The end of a job', () => {
  test('has its figures, its reason and what it cost', () => {
    expect(summaryLines(job({ status: 'Completed', secondaryStatus: 'Completed', finalMetrics: [{ name: 'loss', value: 0.1 }, { name: 'test:accuracy', value: 0.9 }], trainingSeconds: 100, billableSeconds: 30, isSpot: true }), new Map()))
      .toEqual(['loss           0.1', 'test:accuracy  0.9', 'digits: Completed', 'trained 100 s, billed 30 s, 70 % saved by spot capacity']);
    expect(summaryLines(job({ status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded' }), new Map([['loss', 2]]))).toEqual(['loss  2', 'digits: Stopped (MaxRuntimeExceeded)']);
    expect(summaryLines(job({ status: 'Failed', secondaryStatus: 'Failed', reason: 'AlgorithmError: no' }), new Map())).toEqual(['digits: Failed: AlgorithmError: no']);
  });
});

test('a description leaves out what there is not', () => {
  const lines = descriptionLines(job({
    status: 'Completed', secondaryStatus: 'Completed', transitions: [{ status: 'Starting', start: at(0) }],
    document: { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 30 }, HyperParameters: { epochs: '20' }, InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: 's3://b/train' } } }] },
  }), { logGroup: '/g' }, new Map([['cdk-sagemaker:logical-id', 'Train']]));
  expect(lines).toEqual([
    'name       digits', 'ARN        arn:aws:sagemaker:us-east-1:123456789012:training-job/digits', 'status     Completed', 'created    2026-11-21 06:00:00',
    'instances  2 x ml.m5.large, 30 GiB', 'resource   Train', 'logs       /g, streams digits/', '', 'inputs', '  train  s3://b/train', '', 'hyperparameters', '  epochs  20', '', 'history', '  2026-11-21 06:00:00  Starting',
  ]);
});

describe('Metrics in a line', () => {
  test('are every match of the job\'s expressions, the last of which is kept', () => {
    const picker = new MetricPicker([{ name: 'a', regex: 'a=([0-9.]+)' }, { name: 'b', regex: 'b=(?P<value>[0-9]+)' }]);
    expect(picker.pick('a=1 b=2 a=3').map(({ name, value }) => [name, value])).toEqual([['a', 1], ['a', 3], ['b', 2]]);
    expect([...picker.last]).toEqual([['a', 3], ['b', 2]]);
  });

  test('are none for an expression without a group, of another language, or without a number', () => {
    const picker = new MetricPicker([{ name: 'a', regex: 'a=' }, { name: 'b', regex: '(?i)b=(1)' }, { name: 'c', regex: 'c=(.*)' }]);
    expect(picker.pick('a=1 b=1 c=x')).toEqual([]);
  });
});

test('a host is what the stream is called without the job and the time', () => expect(hostOf('digits/algo-2-1700000000', 'digits')).toBe('algo-2'));

test('a job is named by its ARN too, but not by that of something else', () => {
  expect(jobNameOf('arn:aws:sagemaker:us-east-1:123456789012:training-job/digits', TRAINING_JOB)).toBe('digits');
  expect(jobNameOf('digits', TRAINING_JOB)).toBe('digits');
  expect(() => jobNameOf('arn:aws:sagemaker:us-east-1:123456789012:model/digits', TRAINING_JOB)).toThrow('is not the ARN of a training job');
});
