import * as handler from '../../lib/handler/index';
import { jobEvent, jobName, jobProperties, ourTags, outcomeEvent } from '../support/job-events';
import { SimulatedCloud, type Tree } from '../support/simulated-cloud';
import { TUNING } from '../support/tested-kinds';

const A = jobProperties('A');
const B = jobProperties('B');
const [jobA, jobB] = [jobName(A), jobName(B)];

type Metrics = { readonly [metric: string]: number | 'NaN' };

/** A cloud with jobs that ended well, and what they reported. */
function cloudWith(jobs: { readonly [name: string]: Metrics }, stackStatus = 'UPDATE_IN_PROGRESS'): SimulatedCloud {
  const cloud = new SimulatedCloud(handler);
  cloud.stackStatus = stackStatus;
  for (const [name, reported] of Object.entries(jobs)) {
    const metrics = Object.entries(reported).map(([MetricName, Value]) => ({ MetricName, Value, Timestamp: 0 }));
    cloud.jobs.put(name, { request: A.Request as Tree, status: 'Completed', secondary: 'Completed', tags: ourTags(), metrics });
  }
  return cloud;
}

async function answerOf(cloud: SimulatedCloud, event: Tree): Promise<Tree> {
  cloud.deliver(event);
  await cloud.time.run();
  return cloud.answersTo(event)[0]!.parsed;
}

const gated = (name: string, Gates: object[], before?: string) => outcomeEvent(before === undefined ? 'Create' : 'Update', name, before === undefined ? {} : {
  PhysicalResourceId: 'outcome', OldResourceProperties: { JobName: before },
}, { Gates });

beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => {}); });

describe('A quality gate', () => {
  test.each([
    ['at least what is asked for', { AtLeast: '0.9' }, 0.9, undefined],
    ['less than at least', { AtLeast: '0.9' }, 0.899, 'accuracy is 0.899, and must be at least 0.9'],
    ['at most what is asked for', { AtMost: '0.3' }, 0.3, undefined],
    ['more than at most', { AtMost: '0.3' }, 0.31, 'accuracy is 0.31, and must be at most 0.3'],
    ['between both', { AtLeast: '0.1', AtMost: '1e1' }, 5, undefined],
    ['no number', { AtLeast: '0' }, 'NaN' as const, 'accuracy is NaN, and must be at least 0'],
  ])('for a value that is %s', async (_what, bound, value, missed) => {
    const cloud = cloudWith({ [jobB]: { accuracy: value } });
    const answer = await answerOf(cloud, gated(jobB, [{ Metric: 'accuracy', ...bound }], jobA));
    expect(answer.Status).toBe(missed === undefined ? 'SUCCESS' : 'FAILED');
    if (missed !== undefined) { expect(answer.Reason).toContain(`training job ${jobB} ended well and misses the quality gate: ${missed}. The job is kept`); }
    expect(cloud.jobs.stopped).toEqual([]);
  });

  test('names every bound that is missed', async () => {
    const cloud = cloudWith({ [jobB]: { accuracy: 0.5, loss: 2 } });
    const { Reason } = await answerOf(cloud, gated(jobB, [{ Metric: 'accuracy', AtLeast: '0.9' }, { Metric: 'loss', AtMost: '1' }]));
    expect(Reason).toContain('accuracy is 0.5, and must be at least 0.9; loss is 2, and must be at most 1');
  });

  test('for a metric that was never reported says which were', async () => {
    const { Status, Reason } = await answerOf(cloudWith({ [jobB]: { loss: 2 } }), gated(jobB, [{ Metric: 'accuracy', AtLeast: '0.9' }]));
    expect([Status, Reason]).toEqual(['FAILED', expect.stringContaining("no value of the metric 'accuracy' (it reported loss)")]);
  });

  test.each([
    [{ Metric: 'accuracy', AtLeast: 'high' }, 'Gates[0].AtLeast: must be a number, got "high"'],
    [{ Metric: 'accuracy', AtMost: '' }, 'Gates[0].AtMost: must be a number, got ""'],
    [{ AtMost: '1' }, 'Gates[0].Metric: must be the name of a metric'],
    [{ Metric: 'accuracy' }, 'Gates[0]: must have one of AtLeast, AtMost, MayFallBy, MayRiseBy'],
  ])('that is %j is refused with the path of its member', async (gate, reason) => {
    expect(await answerOf(cloudWith({ [jobB]: { accuracy: 1 } }), gated(jobB, [gate]))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
  });

  describe('that compares with the job before', () => {
    const falls = (by: string) => [{ Metric: 'accuracy', MayFallBy: by }];
    const rises = (by: string) => [{ Metric: 'accuracy', MayRiseBy: by }];

    test.each([
      ['as good', falls('0'), 0.92, 0.92, undefined],
      ['worse by what is allowed, which binary numbers miss by a hair', falls('0.02'), 0.9, 0.92, undefined],
      ['worse by more', falls('0.02'), 0.89, 0.92, `accuracy is 0.89, and must be at least 0.92 - 0.02, for ${jobA} has 0.92`],
      ['better', falls('0'), 0.95, 0.92, undefined],
      ['lower where lower is better', rises('0'), 0.1, 0.2, undefined],
      ['higher by what is allowed', rises('0.1'), 0.3, 0.2, undefined],
      ['higher by more', rises('0.1'), 0.31, 0.2, `accuracy is 0.31, and must be at most 0.2 + 0.1, for ${jobA} has 0.2`],
    ])('lets a job pass or not that is %s', async (_what, gates, value, before, missed) => {
      const answer = await answerOf(cloudWith({ [jobA]: { accuracy: before }, [jobB]: { accuracy: value } }), gated(jobB, gates, jobA));
      expect(answer.Status).toBe(missed === undefined ? 'SUCCESS' : 'FAILED');
      if (missed !== undefined) { expect(answer.Reason).toContain(missed); }
    });

    test('is not judged for the first job, for the same job, and where the job before had no such metric', async () => {
      const cloud = cloudWith({ [jobA]: { loss: 1 }, [jobB]: { accuracy: 0.1 } });
      expect(await answerOf(cloud, gated(jobB, falls('0')))).toMatchObject({ Status: 'SUCCESS' });
      expect(await answerOf(cloud, gated(jobB, falls('0'), jobB))).toMatchObject({ Status: 'SUCCESS' });
      expect(await answerOf(cloud, gated(jobB, falls('0'), jobA))).toMatchObject({ Status: 'SUCCESS' });
    });

    test('says so when the record of the job before is gone', async () => {
      const answer = await answerOf(cloudWith({ [jobB]: { accuracy: 1 } }), gated(jobB, falls('0'), jobA));
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`the record of ${jobA}, the job before, is gone`) });
    });
  });

  test('judges no rollback, whatever the job has reached', async () => {
    const cloud = cloudWith({ [jobA]: { accuracy: 0.1 }, [jobB]: { accuracy: 0.9 } }, 'UPDATE_ROLLBACK_IN_PROGRESS');
    const gates = [{ Metric: 'accuracy', AtLeast: '0.5' }, { Metric: 'accuracy', MayFallBy: '0' }];
    expect(await answerOf(cloud, gated(jobA, gates, jobB))).toMatchObject({ Status: 'SUCCESS', Data: { ModelArtifacts: expect.stringContaining(jobA) } });
  });

  test('is judged for a job that its time limit ended, where that is accepted', async () => {
    const cloud = cloudWith({ [jobB]: { accuracy: 0.1 } });
    cloud.jobs.end(jobB, 'Stopped', 'MaxRuntimeExceeded');
    const event = outcomeEvent('Create', jobB, {}, { AcceptTimeLimit: 'true', Gates: [{ Metric: 'accuracy', AtLeast: '0.5' }] });
    expect(await answerOf(cloud, event)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('must be at least 0.5') });
  });

  test('takes a passing fault of the service for no verdict', async () => {
    const cloud = cloudWith({ [jobA]: { accuracy: 0.9 }, [jobB]: { accuracy: 0.9 } });
    let faults = 4;
    cloud.faults = { before: (operation) => (operation === 'DescribeTrainingJob' && faults-- > 0 ? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) : undefined) };
    expect(await answerOf(cloud, gated(jobB, [{ Metric: 'accuracy', MayFallBy: '0' }], jobA))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('missed, then relaxed: the stack goes back, the job stays, and is taken without another one', async () => {
    const cloud = cloudWith({ [jobA]: { accuracy: 0.95 } });
    expect(await answerOf(cloud, jobEvent('Update', B, { PhysicalResourceId: jobA, OldResourceProperties: A }))).toMatchObject({ PhysicalResourceId: jobB });
    cloud.jobs.end(jobB, 'Completed');
    cloud.jobs.records.get(jobB)!.metrics.push({ MetricName: 'accuracy', Value: 0.8, Timestamp: 0 });
    expect(await answerOf(cloud, gated(jobB, [{ Metric: 'accuracy', AtLeast: '0.9' }], jobA))).toMatchObject({ Status: 'FAILED' });
    cloud.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await answerOf(cloud, jobEvent('Update', A, { PhysicalResourceId: jobB, OldResourceProperties: B }))).toMatchObject({ PhysicalResourceId: jobA });
    expect(await answerOf(cloud, gated(jobA, [{ Metric: 'accuracy', AtLeast: '0.99' }], jobB))).toMatchObject({ Status: 'SUCCESS' });
    cloud.stackStatus = 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    await answerOf(cloud, jobEvent('Delete', B, { PhysicalResourceId: jobB }));
    cloud.stackStatus = 'UPDATE_IN_PROGRESS';
    expect(await answerOf(cloud, jobEvent('Update', B, { PhysicalResourceId: jobA, OldResourceProperties: A }))).toMatchObject({ PhysicalResourceId: jobB });
    expect(await answerOf(cloud, gated(jobB, [{ Metric: 'accuracy', AtLeast: '0.7' }], jobA))).toMatchObject({ Status: 'SUCCESS' });
    expect(cloud.jobs.launched).toEqual([jobB]);
  });
});

describe('The outcome of a tuning job', () => {
  const C = jobProperties('C', {}, TUNING);
  const name = jobName(C);
  const BEST = `${name}-001-0a1b2c3d`;
  const everything = {
    Kind: 'HyperParameterTuningJob', Artifact: undefined,
    Attributes: ['BestTrainingJobName', 'BestHyperparameters', 'ModelArtifacts', 'ObjectiveMetric', 'ObjectiveValue', 'CompletedJobs', 'FailedJobs', 'StoppedJobs', 'TrainingImage', 'BestTrainingJobDefinitionName'],
    Metrics: { 'Metric.loss': 'loss' }, Hyperparameters: { 'Hyperparameter.lr': 'lr', 'Hyperparameter.depth': 'depth' },
  };

  function tuned(hasBest = true, hasRecord = true): SimulatedCloud {
    const cloud = new SimulatedCloud(handler);
    cloud.jobs.put(name, { kind: TUNING, request: C.Request as Tree, status: 'Completed', secondary: 'Completed', tags: ourTags(), metrics: hasBest ? [{ MetricName: 'accuracy', Value: 0.93 }] : [] });
    if (hasRecord) { cloud.jobs.put(BEST, { request: A.Request as Tree, status: 'Completed', secondary: 'Completed', metrics: [{ MetricName: 'loss', Value: 0.2 }] }); }
    return cloud;
  }

  test('tells of the best job, by a second description', async () => {
    expect(await answerOf(tuned(), outcomeEvent('Create', name, {}, everything))).toMatchObject({ Status: 'SUCCESS', Data: {
      'BestTrainingJobName': BEST, 'BestHyperparameters': '{"lr":"0.25"}', 'ModelArtifacts': `s3://models/mnist/${BEST}/output/model.tar.gz`, 'ObjectiveMetric': 'accuracy', 'ObjectiveValue': '0.93',
      'CompletedJobs': '3', 'FailedJobs': '1', 'StoppedJobs': '0', 'TrainingImage': expect.stringContaining('mnist:1.0'), 'BestTrainingJobDefinitionName': '',
      'Metric.loss': '0.2', 'Hyperparameter.lr': '0.25', 'Hyperparameter.depth': '',
    } });
  });

  test('is judged by its objective and by the metrics of its best job', async () => {
    const gates = (accuracy: string, loss: string) => outcomeEvent('Create', name, {}, { ...everything, Gates: [{ Metric: 'accuracy', AtLeast: accuracy }, { Metric: 'loss', AtMost: loss }] });
    expect(await answerOf(tuned(), gates('0.93', '0.2'))).toMatchObject({ Status: 'SUCCESS' });
    expect((await answerOf(tuned(), gates('0.94', '0.1'))).Reason).toContain('accuracy is 0.93, and must be at least 0.94; loss is 0.2, and must be at most 0.1');
  });

  test('says so when no job of it reported the objective, or the record of the best one is gone', async () => {
    expect((await answerOf(tuned(false), outcomeEvent('Create', name, {}, everything))).Reason).toContain('has no BestTrainingJobName: none of its training jobs has ended well and reported a value of the objective');
    expect((await answerOf(tuned(true, false), outcomeEvent('Create', name, {}, everything))).Reason).toContain(`has no ModelArtifacts: the record of its best training job ${BEST} is gone`);
  });

  test('never fails in a rollback', async () => {
    for (const cloud of [tuned(), tuned(false), tuned(true, false), new SimulatedCloud(handler)]) {
      cloud.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
      expect(await answerOf(cloud, outcomeEvent('Update', name, { PhysicalResourceId: 'outcome' }, everything))).toMatchObject({ Status: 'SUCCESS' });
    }
  });
});
