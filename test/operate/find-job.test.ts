import { JOB_KINDS as HANDLED } from '../../lib/handler/job-kinds';
import type { Clients } from '../../lib/operate/clients';
import { findJob } from '../../lib/operate/find-job';
import { JOB_KINDS } from '../../lib/operate/job-kinds';
import { serviceError } from '../support/simulated-logs';

interface Call { readonly constructor: { readonly name: string }; readonly input: { readonly [member: string]: string } }

/** A SageMaker with these jobs, the newest first: name -> stack and logical id, or nothing for a job without tags. */
function clientsWith(jobs: { readonly [name: string]: readonly [string, string] | undefined }): Clients {
  const arnOf = (name: string) => `arn:aws:sagemaker:eu-west-1:123456789012:training-job/${name}`;
  const answers: { readonly [command: string]: (input: Call['input']) => object } = {
    DescribeTrainingJobCommand({ TrainingJobName: name }) {
      if (!Object.hasOwn(jobs, name as string)) { throw serviceError('ValidationException', 'Requested resource not found.'); }
      return { TrainingJobName: name, TrainingJobArn: arnOf(name as string), TrainingJobStatus: 'Completed' };
    },
    ListTrainingJobsCommand: ({ NameContains: part }) => ({ TrainingJobSummaries: Object.keys(jobs).filter((name) => name.includes(part as string)).map((name) => ({ TrainingJobName: name, TrainingJobArn: arnOf(name) })) }),
    ListTagsCommand({ ResourceArn: arn }) {
      const owner = jobs[(arn as string).split('/')[1] as string];
      return { Tags: owner === undefined ? [] : [{ Key: 'cdk-sagemaker:stack', Value: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${owner[0]}/0a` }, { Key: 'cdk-sagemaker:logical-id', Value: owner[1] }] };
    },
  };
  return { sageMaker: { send: async ({ constructor, input }: Call) => answers[constructor.name]!(input), config: { region: async () => 'eu-west-1' } }, logs: {} } as unknown as Clients;
}
const nameAt = async (job: string, jobs: Parameters<typeof clientsWith>[0], stack?: string) => (await findJob({ job, stack }, clientsWith(jobs))).name;

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

test('a kind of job is called alike here and by the handler', () => {
  for (const { noun, arnType, logGroup, page } of JOB_KINDS) {
    const handled = Object.values(HANDLED).find((kind) => kind.arnType === arnType)!;
    expect({ noun, logGroup, page: page('x') }).toEqual({ noun: handled.noun, logGroup: handled.logGroup, page: handled.page('x') });
  }
});
