import {
  CreateHyperParameterTuningJobCommand, CreateProcessingJobCommand, CreateTrainingJobCommand, DescribeHyperParameterTuningJobCommand, DescribeTrainingJobCommand, SageMakerClient, StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { LocalSageMaker, Outcome } from '../../../lib/local/testing';
import { ROLE, training, XGBOOST } from './support';

let aws: LocalSageMaker;
let client: SageMakerClient;
beforeAll(async () => {
  aws = await LocalSageMaker.start({ clock: 'virtual', startTime: new Date('2026-01-01T00:00:00Z') });
  client = new SageMakerClient(aws.clientConfig);
  await aws.createBucket('out');
});
afterAll(async () => {
  client.destroy();
  await aws.stop();
});
beforeEach(() => aws.clear());

const create = (name: string, more: object = {}) => client.send(new CreateTrainingJobCommand(training(name, more)));
const describeJob = (name: string) => client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));

describe('A scripted training job', () => {
  test('goes through the states of SageMaker in the time it is given, and leaves its model and its metrics', async () => {
    aws.script('model-*', Outcome.completesAfter({ hours: 2 }, { starting: { minutes: 10 }, artifact: { 'model.txt': 'a model' }, metrics: { 'validation:auc': 0.9 }, log: ['epoch 1'] }));
    await create('model-1', { StoppingCondition: { MaxRuntimeInSeconds: 86_400 } });
    expect(await describeJob('model-1')).toMatchObject({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Starting', CreationTime: new Date('2026-01-01T00:00:00Z') });
    await aws.clock.advance({ hours: 1 });
    expect(await describeJob('model-1')).toMatchObject({ SecondaryStatus: 'Training' });
    await aws.clock.advance({ minutes: 59, seconds: 59 });
    expect(await describeJob('model-1')).toMatchObject({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Uploading' });
    await aws.clock.advance(1);
    const job = await describeJob('model-1');
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed', TrainingStartTime: new Date('2026-01-01T00:10:00Z'), ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/model-1/output/model.tar.gz' },
      FinalMetricDataList: [{ MetricName: 'validation:auc', Value: expect.closeTo(0.9) }],
    });
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual(['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
    expect((await aws.getObject('s3://out/jobs/model-1/output/model.tar.gz')).length).toBeGreaterThan(50);
    expect(aws.logs('model-1')).toEqual(['This job is not run: it was scripted, for the jobs model-*, that it completes after 7200 seconds.', 'epoch 1', 'validation:auc = 0.9']);
  });

  test('fails for the reason it is given', async () => {
    aws.script('broken', Outcome.fails('AlgorithmError: no labels', 30));
    await create('broken');
    await aws.clock.advance(29);
    expect(await aws.job('broken')).toMatchObject({ status: 'InProgress' });
    await aws.clock.advance(1);
    expect(await describeJob('broken')).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: no labels' });
  });

  test('has the time limit of its request, to the second', async () => {
    aws.script('long', Outcome.completesAfter({ hours: 2 }));
    await create('long');
    await aws.clock.advance({ minutes: 59, seconds: 59 });
    expect(await aws.job('long')).toMatchObject({ status: 'InProgress' });
    await aws.clock.advance(1);
    expect(await describeJob('long')).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
    expect(await aws.listObjects('s3://out/jobs/long')).toEqual([]);
  });

  test('can be stopped, however long it would run', async () => {
    aws.script('endless', Outcome.runsUntilStopped());
    await create('endless');
    await client.send(new StopTrainingJobCommand({ TrainingJobName: 'endless' }));
    expect(await aws.waitForJob('endless')).toMatchObject({ status: 'Stopped', secondaryStatus: 'Stopped' });
  });

  test('has the nth outcome as the nth of its name, and the last one from then on', async () => {
    aws.script('again-*', Outcome.fails('AlgorithmError: once'), Outcome.completesAfter(0));
    for (const name of ['again-1', 'again-2', 'again-3']) { await create(name); }
    expect(await Promise.all(['again-1', 'again-2', 'again-3'].map(async (name) => (await aws.waitForJob(name)).status))).toEqual(['Failed', 'Completed', 'Completed']);
  });

  test('is the last one that was scripted for its name', async () => {
    aws.script('*', Outcome.fails('AlgorithmError: all'));
    aws.script('mine', Outcome.completesAfter(0));
    await create('mine');
    expect(await aws.waitForJob('mine')).toMatchObject({ status: 'Completed' });
  });

  test.each<[string, () => unknown, string]>([
    ['a negative time', () => Outcome.completesAfter(-1), '"completesAfter" of completesAfter must be seconds, or parts such as { "hours": 1 }, and not be negative; got -1'],
    ['a time that is none', () => Outcome.completesAfter({ fortnights: 1 } as object), 'must be seconds'],
    ['a reason that is empty', () => Outcome.fails(''), '"fails" of fails must be a text that is not empty'],
    ['a metric that is no number', () => Outcome.completesAfter(1, { metrics: { loss: NaN } }), '"metrics" of completesAfter must have numbers'],
    ['an object that is nowhere', () => Outcome.completesAfter(1, { objects: { 'out/file': '' } }), 'must have s3:// URIs of objects'],
    ['longer starting than all of it', () => Outcome.completesAfter(1, { starting: 2 }), '"starting" of completesAfter must not be longer than all of it'],
    ['an outcome that is none', () => Outcome.fromJson({ succeeds: true }), 'an outcome has one of completesAfter, fails, runsUntilStopped, runs; got {"succeeds":true}'],
    ['a member that is none', () => Outcome.fromJson({ completesAfter: 1, artefact: {} }), 'completesAfter does not know "artefact"'],
    ['no outcome at all', () => aws.script('mine'), 'the script of the jobs mine needs an outcome'],
  ])('is refused for %s', (_what, script, message) => expect(script).toThrow(message));
});

describe('Jobs of other kinds', () => {
  const processing = (name: string) => new CreateProcessingJobCommand({
    ProcessingJobName: name, RoleArn: ROLE, AppSpecification: { ImageUri: XGBOOST }, ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 } },
  });

  test('are scripted too, and leave objects', async () => {
    aws.script('prepare', Outcome.completesAfter(60, { objects: { 's3://out/clean/rows.csv': '1,2\n' } }));
    await client.send(processing('prepare'));
    await aws.clock.advance(60);
    expect(await aws.job('prepare')).toMatchObject({ kind: 'ProcessingJob', status: 'Completed' });
    expect(await aws.getText('s3://out/clean/rows.csv')).toBe('1,2\n');
  });

  test('are refused, as ever, where they are not scripted and can not be run here', async () => {
    await expect(client.send(processing('other'))).rejects.toThrow('Not supported by the local AWS');
    await expect(create('other')).rejects.toThrow('Not supported by the local AWS');
  });

  test('a tuning job has the training jobs that are scripted, and finds the best of them', async () => {
    aws.script('tune-00*', Outcome.completesAfter(600, { metrics: { loss: 0.5 } }), Outcome.completesAfter(600, { metrics: { loss: 0.1 } }), Outcome.fails('AlgorithmError: diverged', 60));
    const { TrainingJobName: _name, ...definition } = training('');
    await client.send(new CreateHyperParameterTuningJobCommand({
      HyperParameterTuningJobName: 'tune',
      HyperParameterTuningJobConfig: {
        Strategy: 'Random', ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 3 }, HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' },
        ParameterRanges: { ContinuousParameterRanges: [{ Name: 'rate', MinValue: '0', MaxValue: '1' }] },
      },
      TrainingJobDefinition: { ...definition, AlgorithmSpecification: { ...definition.AlgorithmSpecification, MetricDefinitions: [{ Name: 'loss', Regex: 'loss = ([0-9.]+)' }] } },
    }));
    await aws.clock.advance(600);
    expect(await aws.waitForJob('tune')).toMatchObject({ status: 'Completed' });
    expect(await client.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: 'tune' }))).toMatchObject({
      BestTrainingJob: { FinalHyperParameterTuningJobObjectiveMetric: { Value: expect.closeTo(0.1) } }, TrainingJobStatusCounters: { Completed: 2, NonRetryableError: 1 },
    });
  });
});
