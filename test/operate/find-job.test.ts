import { JOB_KINDS as HANDLED } from '../../lib/handler/job-kinds';
import { findJob } from '../../lib/operate/find-job';
import { JOB_KINDS } from '../../lib/operate/job-kinds';
import { jobNamePrefix } from '../../lib/template/job-name';
import { clientsWith, type SimulatedJobs } from '../support/simulated-jobs';
import { serviceError } from '../support/simulated-logs';

const nameAt = async (job: string, jobs: SimulatedJobs['TrainingJob'], stack?: string) => (await findJob({ job, stack }, clientsWith({ TrainingJob: jobs }))).name;
const [TRAINING, TUNING, TRANSFORM] = JOB_KINDS;

describe('a job', () => {
  test('is found by the path of its construct, in a stage too, the newest of it', async () => {
    const jobs = { 'prod-digits-train-0123456789-2': ['Prod-Digits', 'TrainA'], 'prod-digits-train-0123456789': ['Prod-Digits', 'TrainA'], 'prod-digits-train-more-0123456789': ['Prod-Digits', 'TrainMoreB'] } as const;
    expect(await nameAt('Prod/Digits/Train', jobs)).toBe('prod-digits-train-0123456789-2');
    expect(await nameAt('Prod/Digits/Train/Resource', jobs)).toBe('prod-digits-train-0123456789-2');
  });

  test('is not found by a path when no stack has it', async () => {
    await expect(nameAt('Digits/Train', { 'digits-train-0123456789': undefined })).rejects.toThrow('there is no job of Digits/Train in eu-west-1: digits-train-0123456789 carries no tags of a stack. ');
    await expect(nameAt('Digits/Train', {})).rejects.toThrow('there is no job of Digits/Train in eu-west-1: no name begins with digits-train-. ');
    await expect(nameAt('arn:aws:sagemaker:eu-west-1:123456789012:model/x', {})).rejects.toThrow('is none of: training job');
  });

  test('is not found in a stack that another one has it of', async () => {
    const jobs = { 'digits-train-aaaaaaaaaa': ['One', 'TrainA'], 'digits-train-bbbbbbbbbb': ['Two', 'TrainA'], 'digits-train-cccccccccc': ['One', 'TrainA'] } as const;
    await expect(nameAt('Digits/Train', jobs, 'Nope')).rejects.toThrow('there is no job of Digits/Train of stack Nope in eu-west-1: such jobs are of the stacks One, Two. ');
  });

  test.each(['Digits/', '/Digits', '/'])('is not found by %s, which names no construct', async (path) => {
    await expect(nameAt(path, {})).rejects.toThrow(`${path} names no construct: a path begins with the stack's and goes on to the job's, for instance Digits/Train`);
  });

  test('is certain: of two owners the stack has to be named', async () => {
    const jobs = { 'digits-train-aaaaaaaaaa': ['One', 'TrainA'], 'digits-train-bbbbbbbbbb': ['Two', 'TrainA'] } as const;
    await expect(nameAt('Digits/Train', jobs)).rejects.toThrow('say which with --stack or by the job\'s name: digits-train-aaaaaaaaaa (stack One, TrainA); digits-train-bbbbbbbbbb (stack Two, TrainA)');
    expect(await nameAt('Digits/Train', jobs, 'Two')).toBe('digits-train-bbbbbbbbbb');
    await expect(nameAt('digits-train-aaaaaaaaaa', jobs, 'One')).rejects.toThrow('--stack goes with a construct\'s path, for instance One/Train; digits-train-aaaaaaaaaa is a name');
  });
});

describe('a job of any kind', () => {
  const jobs: SimulatedJobs = {
    TrainingJob: { 'both': undefined, 'digits-train-0123456789': ['Digits', 'TrainA'] },
    HyperParameterTuningJob: { both: undefined, 'digits-tune-0123456789': ['Digits', 'TuneA'] },
    TransformJob: { 'digits-score-0123456789': ['Digits', 'ScoreA'] },
  };
  const found = async (job: string, kinds = JOB_KINDS) => {
    const { kind, name } = await findJob({ job, kinds }, clientsWith(jobs));
    return `${kind.noun} ${name}`;
  };

  test.each([
    ['digits-tune-0123456789', 'tuning job digits-tune-0123456789'],
    ['arn:aws:sagemaker:eu-west-1:123456789012:hyper-parameter-tuning-job/digits-tune-0123456789', 'tuning job digits-tune-0123456789'],
    ['Digits/Tune', 'tuning job digits-tune-0123456789'],
    ['digits-score-0123456789', 'transform job digits-score-0123456789'],
    ['arn:aws:sagemaker:eu-west-1:123456789012:transform-job/digits-score-0123456789', 'transform job digits-score-0123456789'],
    ['Digits/Score', 'transform job digits-score-0123456789'],
    ['both', 'training job both'],
  ])('is found by %s', async (job, expected) => {
    expect(await found(job)).toBe(expected);
  });

  test('is found by a path though its name has only room for a part of it', async () => {
    const name = `${jobNamePrefix('My-Research-Digits', 'Find', TUNING!.longestName)}-0123456789`;
    const { kind } = await findJob({ job: 'My-Research-Digits/Find' }, clientsWith({ HyperParameterTuningJob: { [name]: ['My-Research-Digits', 'FindA'] } }));
    expect(kind).toBe(TUNING);
    expect(name.length).toBeLessThanOrEqual(32);
  });

  test('is of the kind that a command is about, and it is said when it is of another', async () => {
    expect(await found('both', [TUNING!])).toBe('tuning job both');
    await expect(found('Digits/Train', [TUNING!])).rejects.toThrow('Digits/Train is a training job, this command is about a tuning job');
    await expect(found('arn:aws:sagemaker:eu-west-1:123456789012:transform-job/digits-score-0123456789', [TRAINING!])).rejects.toThrow('is a transform job, this command is about a training job');
    await expect(found('nobody', [TUNING!])).rejects.toThrow('there is no tuning job nobody in eu-west-1. ');
    const ofTuning = clientsWith({}, { DescribeTrainingJob: () => ({ TrainingJobName: 'tune-001-0a1b2c3d', TuningJobArn: 'arn:aws:sagemaker:eu-west-1:123456789012:hyper-parameter-tuning-job/tune' }) });
    await expect(findJob({ job: 'tune-001-0a1b2c3d', kinds: [TUNING!] }, ofTuning)).rejects.toThrow('tune-001-0a1b2c3d is a training job of the tuning job tune, this command is about a tuning job');
  });

  test('is found by somebody who may not look at other kinds; where it is not found, that is said', async () => {
    const denied = serviceError('AccessDeniedException', 'not authorized to perform: sagemaker:DescribeTrainingJob');
    const clients = clientsWith(jobs, { DescribeTrainingJob: denied, ListTrainingJobs: denied });
    expect((await findJob({ job: 'digits-tune-0123456789' }, clients)).kind).toBe(TUNING);
    expect((await findJob({ job: 'Digits/Score' }, clients)).kind).toBe(TRANSFORM);
    await expect(findJob({ job: 'nobody' }, clients)).rejects.toBe(denied);
    await expect(findJob({ job: 'Digits/Nobody' }, clients)).rejects.toBe(denied);
  });

  test('is not asked for by a name that its kind can not have, nor of a service that does not know its kind', async () => {
    const long = 'a'.repeat(40);
    const unknown = serviceError('UnknownOperationException');
    const clients = clientsWith({}, { DescribeHyperParameterTuningJob: serviceError('ValidationException', 'Member must have length less than or equal to 32'), DescribeTransformJob: unknown, ListTransformJobs: unknown });
    await expect(findJob({ job: long }, clients)).rejects.toThrow(`there is no training job, tuning job or transform job ${long}`);
    await expect(findJob({ job: 'Digits/Nobody' }, clients)).rejects.toThrow('no name begins with digits-nobody-');
  });
});

test('a kind of job is called alike here and by the handler', () => {
  expect(JOB_KINDS).toHaveLength(Object.keys(HANDLED).length);
  for (const { noun, arnType, longestName, logGroup, logStreams, page } of JOB_KINDS) {
    const handled = Object.values(HANDLED).find((kind) => kind.arnType === arnType)!;
    expect({ noun, longestName, logGroup, streams: logStreams('x'), page: page('x') })
      .toEqual({ noun: handled.noun, longestName: handled.longestName, logGroup: handled.logGroup, streams: handled.logStreams('x'), page: handled.page('x') });
  }
});
