import { Duration, Tags, type Stack } from 'aws-cdk-lib/core';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Algorithm, Capacity, DataSource, Framework, Hyperparameters, Script, TrainingJob } from '../../lib';
import type { JobPlan, JobVerdict } from '../../lib/plan/plan';
import { assemblySide } from '../../lib/plan/assembly-side';
import { planOf } from '../../lib/plan/plan-of';
import { PlanBench } from './support';

/** What a pull request may change of a training job. */
interface Edits {
  readonly tag?: string;
  readonly epochs?: number;
  readonly instanceType?: string;
  readonly isInVpc?: boolean;
  readonly script?: string;
  readonly hasValidation?: boolean;
  readonly minutes?: number;
}

let bench: PlanBench;
const scratch = mkdtempSync(join(tmpdir(), 'edits-'));
beforeAll(async () => { bench = await PlanBench.open(); }, 120_000);
afterAll(async () => {
  await bench.close();
  rmSync(scratch, { recursive: true, force: true });
});

function digits({ tag = 'one', epochs = 20, instanceType = 'ml.m5.large', isInVpc, script = 'print("one")', hasValidation, minutes = 20 }: Edits) {
  const source = join(scratch, 'src');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'train.py'), `${script}\n`);
  return (stack: Stack) => {
    const data = new Bucket(stack, 'Data');
    const job = new TrainingJob(stack, 'Train', {
      algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script: Script.fromDirectory(source, { entryPoint: 'train.py' }) }),
      hyperparameters: Hyperparameters.of({ epochs }),
      inputs: { train: DataSource.fromBucket(data, 'train/'), ...hasValidation ? { validation: DataSource.fromBucket(data, 'validation/') } : {} },
      capacity: Capacity.onDemand({ instanceType }),
      maxRuntime: Duration.minutes(minutes),
      ...isInVpc ? { vpc: new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'inside', subnetType: 'Isolated' as never }] }) } : {},
    });
    Tags.of(job).add('team', tag);
  };
}

/** What a plan says of the job, and how many jobs the deployment then launches. */
async function planned(edits: Edits): Promise<{ job: JobPlan; launched: string[]; told: number }> {
  const stack = bench.stack(digits(edits));
  const { jobs: [job] } = await bench.plan(stack);
  const before = bench.aws.calls('AddTags').length;
  const launched = await bench.deploy(stack);
  const told = bench.aws.calls('AddTags').length - before;
  expect((await bench.plan(stack)).jobs).toMatchObject([{ verdict: 'unchanged' }]);
  return { job: job as JobPlan, launched, told };
}

const counting = ({ changes }: JobPlan) => changes.filter(({ counts }) => counts).map(({ path }) => path);
const others = ({ changes }: JobPlan) => changes.filter(({ counts }) => !counts).map(({ path }) => path);

describe('A pull request with eight edits, one after the other', () => {
  let first: string;

  test('nothing is there: it launches', async () => {
    const { job, launched } = await planned({});
    expect([job.verdict, launched.length]).toEqual(['launches', 1]);
    first = launched[0] as string;
  }, 120_000);

  const cases: [string, Edits, JobVerdict, string[], string[]][] = [
    ['a tag is told to SageMaker', { tag: 'two' }, 'in-place', [], ['Tags.team']],
    ['a hyperparameter trains again', { tag: 'two', epochs: 30 }, 'retrains', ['HyperParameters.epochs'], []],
    ['an instance type trains again', { tag: 'two', epochs: 30, instanceType: 'ml.m5.xlarge' }, 'retrains', ['ResourceConfig.InstanceType'], []],
    ['a VPC trains again', { tag: 'two', epochs: 30, instanceType: 'ml.m5.xlarge', isInVpc: true }, 'retrains', ['VpcConfig.SecurityGroupIds', 'VpcConfig.Subnets'], []],
    ['a line of the script trains again', { tag: 'two', epochs: 30, instanceType: 'ml.m5.xlarge', isInVpc: true, script: 'print("two")' }, 'retrains', ['HyperParameters.sagemaker_submit_directory'], []],
    ['a channel more trains again', { tag: 'two', epochs: 30, instanceType: 'ml.m5.xlarge', isInVpc: true, script: 'print("two")', hasValidation: true }, 'retrains', ['InputDataConfig.validation.ChannelName', 'InputDataConfig.validation.DataSource.S3DataSource.S3DataType', 'InputDataConfig.validation.DataSource.S3DataSource.S3Uri'], ['InputDataConfig.validation.DataSource.S3DataSource.S3DataDistributionType']],
  ];
  test.each(cases)('%s', async (_, edits, verdict, why, besides) => {
    const { job, launched, told } = await planned(edits);
    expect(told).toBe(verdict === 'in-place' ? 1 : 0);
    expect({ verdict: job.verdict, why: counting(job), besides: others(job) }).toEqual({ verdict, why, besides });
    expect(launched).toHaveLength(verdict === 'retrains' ? 1 : 0);
    if (job.newJob !== undefined && verdict === 'retrains') { expect(launched).toEqual([job.newJob]); }
  }, 120_000);

  test('a revert to an older state adopts the job that was trained for it', async () => {
    const { job, launched } = await planned({ tag: 'two' });
    expect(job).toMatchObject({ verdict: 'adopts', newJob: first });
    expect(launched).toEqual([]);
  }, 120_000);

  test('another maximum of runtime changes nothing of a job that has ended', async () => {
    const { job, launched } = await planned({ tag: 'two', minutes: 40 });
    expect(job).toMatchObject({ verdict: 'unchanged', newJob: first, changes: [{ path: 'StoppingCondition.MaxRuntimeInSeconds', old: '1200', new: '2400', counts: false }] });
    expect(launched).toEqual([]);
  }, 120_000);
});

test('compared with the assembly of the base branch each edit alone gets its verdict, without anything being deployed', async () => {
  const base = bench.stack(digits({}));
  const verdicts: JobVerdict[] = [];
  for (const edits of [{ tag: 'two' }, { epochs: 30 }, { instanceType: 'ml.m5.xlarge' }, { isInVpc: true }, { script: 'print("two")' }, { hasValidation: true }, { minutes: 40 }, {}] satisfies Edits[]) {
    const { jobs } = await planOf(bench.stack(digits(edits)), assemblySide(base));
    verdicts.push(...jobs.map(({ verdict }) => verdict));
  }
  expect(verdicts).toEqual(['in-place', 'retrains', 'retrains', 'retrains', 'retrains', 'retrains', 'unchanged', 'unchanged']);
}, 120_000);
