import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import { processesWith } from '../support/processes';
import { IMAGE, ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

jest.setTimeout(60_000);

type Answer = Record<string, any>;
let bench: SageMakerBench;
beforeAll(async () => { bench = await SageMakerBench.open(); });
afterAll(async () => {
  await bench.close();
  expect(processesWith(bench.folder)).toEqual([]);
});

/** Its score is its hyperparameter `x`. */
const SCORES = 'import os\nprint("score=" + os.environ["SM_HP_X"])\nopen(os.path.join(os.environ["SM_MODEL_DIR"], "x"), "w").write(os.environ["SM_HP_X"])';
const FOREVER = 'import time\nprint("begun")\nwhile True: time.sleep(0.05)';

async function definition(script: string, more: Answer = {}): Promise<Answer> {
  return {
    RoleArn: ROLE,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'score', Regex: 'score=([0-9.]+)' }] },
    StaticHyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: JSON.stringify(await bench.archive(`tuning/${Math.random()}.tar.gz`, { 'train.py': script })) },
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/' } } }],
    OutputDataConfig: { S3OutputPath: 's3://out/tuned' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
    ...more,
  };
}

const GRID = { CategoricalParameterRanges: [{ Name: 'x', Values: ['1', '3', '2'] }] };
const config = (more: Answer = {}, limits: Answer = {}) => ({
  Strategy: 'Grid',
  HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'score' },
  ParameterRanges: GRID,
  ResourceLimits: { MaxParallelTrainingJobs: 2, ...limits },
  ...more,
});

async function request(name: string, script: string, HyperParameterTuningJobConfig: Answer = config(), more: Answer = {}): Promise<Answer> {
  return { HyperParameterTuningJobName: name, HyperParameterTuningJobConfig, TrainingJobDefinition: await definition(script), ...more };
}

const describeJob = (name: string): Promise<Answer> => bench.call('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: name });
const ended = (name: string) => until(() => describeJob(name), (job) => /Completed|Failed|Stopped/.test(job.HyperParameterTuningJobStatus), 50);
const childrenOf = async (name: string, more: Answer = {}) => (await bench.call('ListTrainingJobsForHyperParameterTuningJob', { HyperParameterTuningJobName: name, MaxResults: 100, ...more })).TrainingJobSummaries as Answer[];
async function tuned(...input: Parameters<typeof request>): Promise<Answer> {
  await bench.call('CreateHyperParameterTuningJob', await request(...input));
  return ended(input[0]);
}

describe('a tuning job', () => {
  test('tries a grid with real training jobs and knows the best of them', async () => {
    const job = await tuned('Grid', SCORES, config(), { Tags: [{ Key: 'team', Value: 'a' }] });
    expect(job).toMatchObject({
      HyperParameterTuningJobName: 'Grid',
      HyperParameterTuningJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/grid',
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Completed: 3, InProgress: 0, RetryableError: 0, NonRetryableError: 0, Stopped: 0 },
      ObjectiveStatusCounters: { Succeeded: 3, Pending: 0, Failed: 0 },
      BestTrainingJob: {
        TrainingJobStatus: 'Completed', ObjectiveStatus: 'Succeeded', TunedHyperParameters: { x: '3' },
        FinalHyperParameterTuningJobObjectiveMetric: { Type: 'Maximize', MetricName: 'score', Value: 3 }, TrainingStartTime: expect.any(Date), TrainingEndTime: expect.any(Date),
      },
      TrainingJobDefinition: { StaticHyperParameters: { _tuning_objective_metric: 'score' } },
    });
    expect(job.OverallBestTrainingJob).toBeUndefined();
    const children = await childrenOf('Grid');
    expect(children.map(({ TrainingJobName }) => TrainingJobName)).toEqual(['001', '002', '003'].map((nth) => expect.stringMatching(`^Grid-${nth}-[0-9a-f]{8}$`)));
    expect((await childrenOf('Grid', { SortBy: 'FinalObjectiveMetricValue', SortOrder: 'Descending' })).map(({ TunedHyperParameters: { x } }) => x)).toEqual(['3', '2', '1']);

    const best = await bench.call('DescribeTrainingJob', { TrainingJobName: job.BestTrainingJob.TrainingJobName }) as Answer;
    expect(best).toMatchObject({
      TuningJobArn: job.HyperParameterTuningJobArn, HyperParameters: { x: '3', _tuning_objective_metric: 'score', sagemaker_program: '"train.py"' },
      FinalMetricDataList: [{ MetricName: 'score', Value: 3 }], ModelArtifacts: { S3ModelArtifacts: `s3://out/tuned/${best.TrainingJobName}/output/model.tar.gz` },
    });
    expect(await bench.call('ListTags', { ResourceArn: best.TrainingJobArn })).toEqual({ Tags: [{ Key: 'team', Value: 'a' }] });
  });

  test('is minimized as well as maximized', async () => {
    const job = await tuned('least', SCORES, config({ HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'score' } }));
    expect(job.BestTrainingJob).toMatchObject({ TunedHyperParameters: { x: '1' } });
  });

  test('chooses at random, the same with the same seed, and no more than it may', async () => {
    const random = (name: string, Strategy: string) => tuned(name, SCORES, config({
      Strategy, RandomSeed: 11, ParameterRanges: { ContinuousParameterRanges: [{ Name: 'x', MinValue: '1', MaxValue: '2', ScalingType: 'Linear' }] },
    }, { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 3 }));
    const [one, two] = await Promise.all([random('one', 'Random'), random('two', 'Random')]);
    expect(one.TrainingJobStatusCounters.Completed).toBe(3);
    const values = async (name: string) => (await childrenOf(name)).map(({ TunedHyperParameters: { x } }) => Number(x));
    expect(await values('one')).toEqual(await values('two'));
    expect(new Set(await values('one')).size).toBe(3);
    expect(two.BestTrainingJob.FinalHyperParameterTuningJobObjectiveMetric.Value).toBeCloseTo(Math.max(...await values('two')), 12);
    expect(bench.logOf((await childrenOf('one'))[0]!.TrainingJobName)).not.toContain('without');
  });

  test.each([
    ['Bayesian', { TrainingJobEarlyStoppingType: 'Auto', TuningJobCompletionCriteria: { ConvergenceDetected: { CompleteOnConvergence: 'Enabled' } } }, ['strategy Bayesian: values are chosen at random', 'EarlyStoppingType Auto', 'ConvergenceDetected']],
    ['Hyperband', { StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 9 } } }, ['strategy Hyperband: values are chosen at random']],
  ])('says in the logs of its training jobs what of %s is not done', async (Strategy, more, said) => {
    const name = `says-${Strategy}`;
    const job = await tuned(name, SCORES, config({ Strategy, ...more }, { MaxNumberOfTrainingJobs: 1 }));
    expect(job.HyperParameterTuningJobStatus).toBe('Completed');
    const log = bench.logOf(job.BestTrainingJob.TrainingJobName);
    for (const text of said) {
      expect(log).toMatch(new RegExp(`The local SageMaker runs tuning job ${name} without .*${text}`));
      expect(bench.problems.join('\n')).toContain(text);
    }
  });

  test('stops its training jobs when it is stopped, and keeps to how many may run', async () => {
    await bench.call('CreateHyperParameterTuningJob', await request('stopped', FOREVER));
    await until(async () => (await childrenOf('stopped')).filter(({ TrainingJobName }) => bench.logOf(TrainingJobName).includes('begun')), ({ length }) => length === 2);
    expect(await describeJob('stopped')).toMatchObject({ HyperParameterTuningJobStatus: 'InProgress', TrainingJobStatusCounters: { InProgress: 2 }, ObjectiveStatusCounters: { Pending: 2 } });
    await expect(bench.call('DeleteHyperParameterTuningJob', { HyperParameterTuningJobName: 'stopped' })).rejects.toMatchObject({ name: 'ResourceInUse' });
    await bench.call('StopHyperParameterTuningJob', { HyperParameterTuningJobName: 'stopped' });
    expect((await describeJob('stopped')).HyperParameterTuningJobStatus).toBe('Stopping');
    const job = await ended('stopped');
    expect(job).toMatchObject({ HyperParameterTuningJobStatus: 'Stopped', TrainingJobStatusCounters: { Stopped: 2, InProgress: 0 } });
    expect([job.FailureReason, job.BestTrainingJob]).toEqual([undefined, undefined]);
    await expect(bench.call('StopHyperParameterTuningJob', { HyperParameterTuningJobName: 'stopped' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('ends its training jobs when its time is over', async () => {
    await bench.sageMaker.close();
    // An hour in a minute.
    const after = (ms: number, action: () => void) => SYSTEM_CLOCK.after(ms / 60, action);
    bench.reopen({ clock: { ...SYSTEM_CLOCK, after } });
    const TrainingJobDefinition = await definition(FOREVER, { StoppingCondition: { MaxRuntimeInSeconds: 3600 } });
    await bench.call('CreateHyperParameterTuningJob', await request('late', FOREVER, config({}, { MaxRuntimeInSeconds: 120 }), { TrainingJobDefinition }));
    expect(await ended('late')).toMatchObject({ HyperParameterTuningJobStatus: 'Stopped', TrainingJobStatusCounters: { Stopped: 2 } });
    await bench.sageMaker.close();
    bench.reopen();
  });

  test('is complete once a training job has reached the target', async () => {
    const script = `import os, time\nif os.environ["SM_HP_X"] == "1":\n    ${FOREVER.split('\n').join('\n    ')}\n${SCORES}`;
    const job = await tuned('target', script, config({ TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 3 } }));
    expect(job).toMatchObject({ HyperParameterTuningJobStatus: 'Completed', TrainingJobStatusCounters: { Completed: 1, Stopped: 1 }, BestTrainingJob: { TunedHyperParameters: { x: '3' } } });
  });

  test('is complete once it no longer improves', async () => {
    const ParameterRanges = { CategoricalParameterRanges: [{ Name: 'x', Values: ['5', '5.01', '4', '5.02', '9', '10'] }] };
    const job = await tuned('plateau', SCORES, config({ ParameterRanges, TuningJobCompletionCriteria: { BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 3 } } }, { MaxParallelTrainingJobs: 1 }));
    expect(job).toMatchObject({ HyperParameterTuningJobStatus: 'Completed', TrainingJobStatusCounters: { Completed: 4 }, TuningJobCompletionDetails: { NumberOfTrainingJobsObjectiveNotImproving: 3 } });
  });

  test('fails when no training job succeeds, without trying them all', async () => {
    const ParameterRanges = { CategoricalParameterRanges: [{ Name: 'x', Values: ['1', '2', '3', '4', '5', '6', '7', '8'] }] };
    const job = await tuned('hopeless', 'raise ValueError("no")', config({ ParameterRanges }, { MaxParallelTrainingJobs: 1 }));
    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Failed', TrainingJobStatusCounters: { NonRetryableError: 5 },
      FailureReason: 'No training job succeeded after 5 attempts. Please take a look at the training job failures to get more details.',
    });
    expect((await childrenOf('hopeless', { StatusEquals: 'Failed' }))[0]).toMatchObject({ ObjectiveStatus: 'Failed', FailureReason: expect.stringContaining('ValueError: no') });
  });

  test('fails when no training job tells its objective', async () => {
    const job = await tuned('silent', 'print("nothing")');
    expect(job.FailureReason).toMatch(/^No objective metrics found after running 3 training jobs\./);
  });

  test('has several definitions, each with ranges and resources of its own', async () => {
    const objective = { Type: 'Maximize', MetricName: 'score' };
    const TrainingJobDefinitions = [
      await definition(SCORES, { DefinitionName: 'few', TuningObjective: objective, HyperParameterRanges: { CategoricalParameterRanges: [{ Name: 'x', Values: ['1'] }] } }),
      await definition(SCORES, {
        DefinitionName: 'more', TuningObjective: objective, HyperParameterRanges: { CategoricalParameterRanges: [{ Name: 'x', Values: ['7', '8'] }] },
        ResourceConfig: undefined, HyperParameterTuningResourceConfig: { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 1 },
      }),
    ];
    const job = await tuned('several', SCORES, { Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 3 } }, { TrainingJobDefinition: undefined, TrainingJobDefinitions });
    expect(job.BestTrainingJob).toMatchObject({ TrainingJobDefinitionName: 'more', TunedHyperParameters: { x: '8' } });
    expect(await bench.call('DescribeTrainingJob', { TrainingJobName: job.BestTrainingJob.TrainingJobName })).toMatchObject({ ResourceConfig: { InstanceType: 'ml.c5.xlarge' } });
    expect((await childrenOf('several')).map(({ TrainingJobDefinitionName }) => TrainingJobDefinitionName)).toEqual(['few', 'more', 'more']);
  });

  test('starts warm: what a parent has tried is not tried again, and its best may be the best of all', async () => {
    const parent = await request('parent', SCORES);
    await bench.call('CreateHyperParameterTuningJob', parent);
    await ended('parent');
    const WarmStartConfig = { WarmStartType: 'IdenticalDataAndAlgorithm', ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'parent' }] };
    const ParameterRanges = { CategoricalParameterRanges: [{ Name: 'x', Values: ['2', '3', '0'] }] };
    const child = { ...parent, HyperParameterTuningJobName: 'child', HyperParameterTuningJobConfig: config({ ParameterRanges }), WarmStartConfig };
    await bench.call('CreateHyperParameterTuningJob', child);
    const job = await ended('child');
    expect(job).toMatchObject({ BestTrainingJob: { TunedHyperParameters: { x: '0' }, TuningJobName: 'child' }, OverallBestTrainingJob: { TunedHyperParameters: { x: '3' }, TuningJobName: 'parent' } });
    expect(await childrenOf('child')).toHaveLength(1);
    const refused = (more: Answer) => bench.call('CreateHyperParameterTuningJob', { ...child, HyperParameterTuningJobName: 'refused', ...more });
    await expect(refused({ WarmStartConfig: { ...WarmStartConfig, ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'nobody' }] } })).rejects.toMatchObject({ name: 'ResourceNotFound' });
    await expect(refused({ TrainingJobDefinition: { ...parent.TrainingJobDefinition, InputDataConfig: undefined } })).rejects.toThrow('IdenticalDataAndAlgorithm requires');
  });

  test('has a name of its own, in upper and lower case, until it is deleted; its training jobs stay', async () => {
    await tuned('Once', SCORES);
    await expect(tuned('once', SCORES)).rejects.toMatchObject({ name: 'ResourceInUse', message: 'A hyperparameter tuning job with the name, once, already exists. Choose a different name.' });
    const [child] = await childrenOf('Once');
    await bench.call('DeleteHyperParameterTuningJob', { HyperParameterTuningJobName: 'Once' });
    await expect(describeJob('Once')).rejects.toMatchObject({ name: 'ResourceNotFound', message: "Amazon SageMaker can't find a tuning job called Once. Type another name." });
    expect((await bench.call('DescribeTrainingJob', { TrainingJobName: child!.TrainingJobName })).TrainingJobStatus).toBe('Completed');
  });

  test('is listed, and tagged', async () => {
    const listed = await bench.call('ListHyperParameterTuningJobs', { NameContains: 'grid', StatusEquals: 'Completed' });
    expect(listed.HyperParameterTuningJobSummaries).toMatchObject([{ HyperParameterTuningJobName: 'Grid', Strategy: 'Grid', TrainingJobStatusCounters: { Completed: 3 }, ResourceLimits: { MaxParallelTrainingJobs: 2 } }]);
    const ResourceArn = 'arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/grid';
    await bench.call('AddTags', { ResourceArn, Tags: [{ Key: 'new', Value: 'b' }] });
    await bench.call('DeleteTags', { ResourceArn, TagKeys: ['team'] });
    expect(await bench.call('ListTags', { ResourceArn })).toEqual({ Tags: [{ Key: 'new', Value: 'b' }] });
  });

  test('goes on after a restart with what is left to try', async () => {
    const script = `import os, time\nif os.environ["SM_HP_X"] == "1":\n    ${FOREVER.split('\n').join('\n    ')}\n${SCORES}`;
    await bench.call('CreateHyperParameterTuningJob', await request('restarted', script, config({}, { MaxParallelTrainingJobs: 1 })));
    await until(async () => (await childrenOf('restarted')).map(({ TrainingJobName }) => bench.logOf(TrainingJobName)), ([log]) => log?.includes('begun') === true);
    await bench.sageMaker.close();
    bench.reopen();
    expect(await ended('restarted')).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed', TrainingJobStatusCounters: { RetryableError: 1, Completed: 2 }, BestTrainingJob: { TunedHyperParameters: { x: '3' } },
    });
  });
});

describe('a tuning job is refused', () => {
  const integers = (more: Answer) => config({ Strategy: 'Random', ParameterRanges: { IntegerParameterRanges: [{ Name: 'x', MinValue: '1', MaxValue: '2', ...more }] } }, { MaxNumberOfTrainingJobs: 1 });

  test.each<[string, Answer, string]>([
    ['with Autotune', { Autotune: { Mode: 'Enabled' } }, 'Not supported by the local AWS: Autotune'],
    ['with a grid of numbers', { HyperParameterTuningJobConfig: { ...integers({}), Strategy: 'Grid' } }, 'Strategy Grid supports categorical hyperparameters only.'],
    ['with part of a grid', { HyperParameterTuningJobConfig: config({}, { MaxNumberOfTrainingJobs: 2 }) }, 'must be the number of combinations of the grid, 3'],
    ['without a number of training jobs', { HyperParameterTuningJobConfig: config({ Strategy: 'Random' }) }, 'MaxNumberOfTrainingJobs is required'],
    ['with Hyperband and early stopping', { HyperParameterTuningJobConfig: config({ Strategy: 'Hyperband', TrainingJobEarlyStoppingType: 'Auto' }, { MaxNumberOfTrainingJobs: 1 }) }, 'must be Off for strategy Hyperband'],
    ['with a logarithm of 0', { HyperParameterTuningJobConfig: integers({ MinValue: '0', ScalingType: 'Logarithmic' }) }, 'Logarithmic scaling requires values greater than 0'],
    ['with a range the wrong way round', { HyperParameterTuningJobConfig: integers({ MinValue: '3' }) }, 'MinValue must not be greater than MaxValue'],
    ['with fractions of integers', { HyperParameterTuningJobConfig: integers({ MinValue: '0.5' }) }, 'must be integers'],
    ['with a metric that nobody measures', { HyperParameterTuningJobConfig: config({ HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'other' } }) }, 'A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric definitions.'],
    ['without a definition', { TrainingJobDefinition: undefined }, 'exactly one of TrainingJobDefinition and TrainingJobDefinitions'],
    ['with a long name', { HyperParameterTuningJobName: 'x'.repeat(33) }, "at 'hyperParameterTuningJobName' failed to satisfy constraint: Member must have length less than or equal to 32"],
    ['with no parallel training jobs', { HyperParameterTuningJobConfig: config({}, { MaxParallelTrainingJobs: 0 }) }, 'Member must have value greater than or equal to 1'],
  ])('%s', async (_, more, message) => {
    await expect(bench.call('CreateHyperParameterTuningJob', await request('refused', SCORES, config(), more))).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
  });

  test('when its training jobs would be', async () => {
    const TrainingJobDefinition = await definition(SCORES, { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } });
    await expect(bench.call('CreateHyperParameterTuningJob', await request('refused', SCORES, config(), { TrainingJobDefinition }))).rejects.toThrow('2 instances: process mode has one host');
  });
});
