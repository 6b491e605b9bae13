import { CreateHyperParameterTuningJobCommand, CreateTrainingJobCommand, SageMakerClient, type CreateTrainingJobCommandInput } from '@aws-sdk/client-sagemaker';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, Framework, Hyperparameters, OutputLocation, Script, TrainingJob } from 'cdk-sagemaker';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalSageMaker } from '../../lib/local/testing';
import { builtCli, runCli } from '../support/built-cli';
import { folderWith } from '../support/folders';
import { stackClassOf } from '../support/from-job';

jest.setTimeout(120_000);

const TARGET = { account: '000000000000', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::000000000000:role/Training';
let Outcome: (typeof import('../../lib/local/testing'))['Outcome'];
let aws: LocalSageMaker;
let client: SageMakerClient;

beforeAll(async () => {
  const local = require(join(builtCli(), 'local', 'index.js')) as typeof import('../../lib/local/testing');
  ({ Outcome } = local);
  aws = await local.LocalSageMaker.start();
  client = new SageMakerClient(aws.clientConfig);
  for (const bucket of ['models', 'data', 'scores']) { await aws.createBucket(bucket); }
});
afterAll(async () => {
  client.destroy();
  await aws.stop();
});

const launched = () => ['CreateTrainingJob', 'CreateHyperParameterTuningJob', 'CreateTransformJob'].flatMap((operation) => aws.calls(operation)).length;

/** Synthesizes what the command writes. */
async function assemblyOf(...args: string[]): Promise<string> {
  const { code, out, err } = await runCli(folderWith({}), ['from-job', ...args], { env: { ...aws.environment, AWS_REGION: 'us-east-1' } });
  expect({ code, err: err.split('\n').filter((line) => /^[^(]*(rror|must|there is)/.test(line)) }).toEqual({ code: 0, err: [] });
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'adopted-')) });
  const StackClass = stackClassOf(out) as new (app: App, id: string, props: object) => Stack;
  new StackClass(app, 'Moved', { env: TARGET });
  return app.synth().directory;
}

const TRAINING: CreateTrainingJobCommandInput = {
  TrainingJobName: 'by-hand-2024-05-01-10-00-00-000', RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1', TrainingInputMode: 'File' },
  // a slash at the end, which no construct sends, and a key by its id
  OutputDataConfig: { S3OutputPath: 's3://models/jobs/', KmsKeyId: '0f1e2d3c-0000-0000-0000-000000000000' }, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 }, HyperParameters: { objective: 'reg:squarederror', num_round: '50' },
  InputDataConfig: [{ ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/', S3DataDistributionType: 'FullyReplicated' } } }],
};

test('a stack takes a job over, and launches nothing', async () => {
  await aws.putObject('s3://data/train/a.csv', '1,2\n');
  aws.script('by-hand-*', Outcome.completesAfter({ seconds: 0 }, { artifact: { 'model.json': '{}' } }));
  await client.send(new CreateTrainingJobCommand(TRAINING));
  await aws.waitForJob('by-hand-2024-05-01-10-00-00-000');
  const before = launched();
  await aws.deploy(await assemblyOf('by-hand-2024-05-01-10-00-00-000', '--adopt'));
  expect(launched()).toBe(before);
});

test('without --adopt the job is launched once more', async () => {
  const before = launched();
  aws.script('moved-*', Outcome.completesAfter({ seconds: 0 }, { artifact: { 'model.json': '{}' } }));
  await aws.deploy(await assemblyOf('by-hand-2024-05-01-10-00-00-000'));
  expect(launched()).toBe(before + 1);
});

test('a tuning job is taken over, with a framework\'s script and its choices', async () => {
  aws.script('tuned-*', Outcome.completesAfter({ seconds: 0 }, { artifact: { 'model.json': '{}' }, metrics: { loss: 1 } }));
  const { StoppingCondition, ResourceConfig, OutputDataConfig, RoleArn, InputDataConfig } = TRAINING;
  await client.send(new CreateHyperParameterTuningJobCommand({
    HyperParameterTuningJobName: 'tuned-240501-1000',
    HyperParameterTuningJobConfig: {
      Strategy: 'Random', ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 }, HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' },
      ParameterRanges: { CategoricalParameterRanges: [{ Name: 'opt', Values: ['"sgd"', '"adam"'] }] },
    },
    TrainingJobDefinition: {
      StoppingCondition, ResourceConfig, OutputDataConfig, RoleArn, InputDataConfig,
      AlgorithmSpecification: { TrainingImage: '763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1-cpu-py310', TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=(.*)' }] },
      StaticHyperParameters: {
        sagemaker_submit_directory: '"s3://data/sourcedir.tar.gz"', sagemaker_program: '"train.py"', sagemaker_container_log_level: '20', sagemaker_job_name: '"tuned-240501-1000"', sagemaker_region: '"us-east-1"',
        sagemaker_estimator_class_name: '"PyTorch"', sagemaker_estimator_module: '"sagemaker.pytorch.estimator"',
      },
    },
  }));
  await aws.waitForJob('tuned-240501-1000');
  const before = launched();
  await aws.deploy(await assemblyOf('tuned-240501-1000', '--adopt'));
  expect(launched()).toBe(before);
});

test('a job that the library has made itself is taken over, with its framework and its script', async () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'own-')) });
  const stack = new Stack(app, 'Own', { env: TARGET });
  new TrainingJob(stack, 'Train', {
    algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script: Script.fromDirectory(folderWith({ 'train.py': 'pass' }), { entryPoint: 'train.py' }) }), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
    output: OutputLocation.fromBucket(Bucket.fromBucketName(stack, 'Models', 'models'), 'own'), hyperparameters: Hyperparameters.of({ epochs: 2 }),
  });
  aws.script('own-train-*', Outcome.completesAfter({ seconds: 0 }, { artifact: { 'model.json': '{}' } }));
  await aws.deploy(app.synth().directory);
  const before = launched();
  await aws.deploy(await assemblyOf('Own/Train', '--adopt'));
  expect(launched()).toBe(before);
});

test('an endpoint is no construct\'s to take over: it is refused by name', async () => {
  const request = folderWith({ 'endpoint.json': '{"EndpointName": "digits", "EndpointConfigName": "digits-config"}' });
  expect(await runCli(request, ['from-job', '--request', 'endpoint.json', '--adopt', '--json'])).toMatchObject({ code: 1, out: expect.stringMatching(/^\{"ok":false,"message":"--adopt: no construct takes over what CloudFormation makes by itself, as it does the endpoint digits;/) });
});
