import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE, ROLE, until } from '../local/support/sagemaker-bench';
import { JobServer } from '../support/job-server';

jest.setTimeout(60_000);

let server: JobServer;
beforeAll(async () => {
  server = await JobServer.open();
  await tune();
  await transform();
});
afterAll(() => server.close());

const owner = (logicalId: string) => [{ Key: 'cdk-sagemaker:stack', Value: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Digits/0a1b' }, { Key: 'cdk-sagemaker:logical-id', Value: logicalId }];
const TUNING = 'digits-tune-0a1b2c3d4e';
const TRANSFORM = 'digits-score-0a1b2c3d4e';

/** The score of a training job is its hyperparameter `x`. */
async function tune(): Promise<void> {
  const { bench } = server;
  const source = await bench.archive('tune/sourcedir.tar.gz', { 'train.py': 'import os\nprint("score=" + os.environ["SM_HP_X"])' });
  await bench.call('CreateHyperParameterTuningJob', {
    HyperParameterTuningJobName: TUNING, Tags: owner('TuneA'),
    HyperParameterTuningJobConfig: {
      Strategy: 'Grid', HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'score' }, ResourceLimits: { MaxParallelTrainingJobs: 2 },
      ParameterRanges: { CategoricalParameterRanges: [{ Name: 'x', Values: ['1', '3', '2'] }] },
    },
    TrainingJobDefinition: {
      RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'score', Regex: 'score=([0-9.]+)' }] },
      StaticHyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: JSON.stringify(source) }, OutputDataConfig: { S3OutputPath: 's3://out/tuned' },
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/' } } }],
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 }, StoppingCondition: { MaxRuntimeInSeconds: 60 },
    },
  });
  await until(() => bench.call('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: TUNING }), (job) => job.HyperParameterTuningJobStatus !== 'InProgress', 50);
}

async function transform(): Promise<void> {
  const { bench } = server;
  await bench.s3.put('data', 'score/a.csv', '1,2\n');
  await bench.modelSaying('upper', 'upper', 'def model_fn(folder):\n    return None\ndef transform_fn(model, data, content_type, accept):\n    print("scoring")\n    return "3", accept\n');
  await bench.call('CreateTransformJob', {
    TransformJobName: TRANSFORM, ModelName: 'upper', Tags: owner('ScoreA'), TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 }, TransformOutput: { S3OutputPath: 's3://out/scores' },
    TransformInput: { ContentType: 'text/csv', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/score/' } } },
  });
  await until(() => bench.call('DescribeTransformJob', { TransformJobName: TRANSFORM }), (job) => job.TransformJobStatus !== 'InProgress', 50);
}

describe('a tuning job of this machine', () => {
  test('is described: how far it is, its best training job, and what it searched', async () => {
    const { code, out } = await server.local('describe', 'Digits/Tune');
    expect(code).toBe(0);
    expect(out).toContain(`tuning job       ${TUNING}\nstatus           Completed\n`);
    expect(out).toContain('\nobjective        Maximize  score\ntraining jobs    3 completed, 0 in progress, 0 failed, 0 stopped\n');
    expect(out).toMatch(/\nbest {13}digits-tune-0a1b2c3d4e-002-[0-9a-f]{8} {2}score {2}3\nbest with {8}x {2}3\n/);
    expect(out).toContain('\nranges           x  one of  1, 3, 2\n');
    expect(out).toContain('\nstack            Digits, TuneA\n');
  });

  test('has the logs of its training jobs, each line with its job', async () => {
    const { code, out, err } = await server.local('logs', `arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/${TUNING}`, '--follow');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').sort()).toEqual([
      expect.stringMatching(/^001-[0-9a-f]{8}\/algo-1 {2}score=1$/), expect.stringMatching(/^002-[0-9a-f]{8}\/algo-1 {2}score=3$/), expect.stringMatching(/^003-[0-9a-f]{8}\/algo-1 {2}score=2$/),
    ]);
    expect(err).toMatch(/3 training jobs: 3 completed\nbest score=3: digits-tune-0a1b2c3d4e-002-[0-9a-f]{8}\nCompleted\n$/);
  });

  test('has its training jobs as a data frame, and as a picture', async () => {
    const { code, out } = await server.local('analytics', TUNING, '--format', 'csv', '--picture', 'scores.svg');
    const [columns, ...rows] = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(columns).toBe('x,TrainingJobName,TrainingJobStatus,FinalObjectiveValue,TrainingStartTime,TrainingEndTime,TrainingElapsedTimeSeconds');
    expect(rows).toEqual([['1', '001'], ['3', '002'], ['2', '003']].map(([x, nth]) => expect.stringMatching(`^${x},${TUNING}-${nth}-[0-9a-f]{8},Completed,${x},[^,]*Z,[^,]*Z,[0-9.]+$`)));
    expect(readFileSync(join(server.bench.folder, 'scores.svg'), 'utf8').match(/<circle[^>]*><title>/g)).toHaveLength(3);
    expect((await server.local('analytics', 'Digits/Tune')).out.match(/-tune-0a1b2c3d4e-\d+/g)).toEqual(['002', '003', '001'].map((nth) => `-tune-0a1b2c3d4e-${nth}`));
  });

  test('has training jobs that are not its own kind', async () => {
    const { out } = await server.local('analytics', TUNING, '--json');
    const [{ TrainingJobName: child }] = JSON.parse(out) as [{ TrainingJobName: string }];
    expect(await server.local('analytics', child)).toMatchObject({ code: 1, err: `${child} is a training job of the tuning job ${TUNING}, this command is about a tuning job\n` });
    expect(await server.local('metrics', child, '--format', 'csv')).toMatchObject({ code: 0, out: 'timestamp,metric_name,value\n0,score,1\n' });
  });
});

describe('a transform job of this machine', () => {
  test('is described: model, input and output', async () => {
    const { code, out } = await server.local('describe', 'Digits/Score');
    expect(code).toBe(0);
    expect(out).toContain(`transform job  ${TRANSFORM}\nstatus         Completed\n`);
    expect(out).toContain('\nmodel          upper\ninstances      1 x ml.m5.large\n');
    expect(out).toContain('\ninput          s3://data/score/\n               text/csv\noutput         s3://out/scores\n');
  });

  test('has a log', async () => {
    const { code, out, err } = await server.local('logs', TRANSFORM, '--follow');
    expect(code).toBe(0);
    expect(out).toContain('scoring');
    expect(err).toMatch(/(^|\n)Completed\n$/);
  });
});
